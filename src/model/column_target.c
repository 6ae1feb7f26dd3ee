#include "model/column_target.h"

#include <string.h>
#include <strings.h>

#include "base/utf8.h"

static const struct {
    const char *word;
    bool named;
} kinds[] = {
    [TARGET_LABEL] = {"label", true},
    [TARGET_ISSUE_FIELD] = {"issue field", true},
    [TARGET_BLOCKED_BY] = {"blocked by", false},
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static const char *
skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

/* The text after a kind's word. NULL if the text does not begin with that word. */
static const char *
behind(const char *text, const char *word, bool named)
{
    const char *rest = text;

    if (strncasecmp(text, word, strlen(word)) != 0)
        return NULL;
    rest = skip_blanks(rest + strlen(word));
    if (named)
        return *rest == ':' ? skip_blanks(rest + 1) : NULL;
    return *rest == '\0' ? rest : NULL;
}

enum target_result
target_read(struct arena *arena, const char *text, struct column_target *target)
{
    const char *name = NULL;
    size_t kind = 0;
    bool many;

    text = skip_blanks(text);
    while (kind < KINDS && (name = behind(text, kinds[kind].word, kinds[kind].named)) == NULL)
        kind++;
    many = name == NULL && (name = behind(text, "labels", true)) != NULL;
    if (name == NULL)
        return TARGET_NONE;
    kind = many ? TARGET_LABEL : kind;
    *target = (struct column_target){.kind = (enum target_kind)kind, .many = many};
    if (!kinds[kind].named)
        return TARGET_OK;
    target->name = arena_strdup(arena, name);
    if (*name == '\0' || (kind == TARGET_LABEL && !label_group_read(arena, name, &target->group)))
        return TARGET_BAD;
    if (many && target->group.after == NULL)
        return TARGET_BAD;
    return TARGET_OK;
}

const char *
target_text(struct arena *arena, const struct column_target *target)
{
    const char *word = kinds[target->kind].word;

    return target->name != NULL ? arena_printf(arena, "%s: %s", word, target->name) : word;
}

bool
target_meets(const struct column_target *a, const struct column_target *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case TARGET_LABEL:
        return label_groups_meet(&a->group, &b->group);
    case TARGET_ISSUE_FIELD:
        return utf8_casecmp(a->name, b->name) == 0;
    case TARGET_BLOCKED_BY:
        break;
    }
    return true;
}
