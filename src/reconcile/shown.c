#include "reconcile/shown.h"

#include <string.h>

#include "reconcile/links.h"
#include "reconcile/translate.h"

static bool
is_number(const char *text)
{
    return text[0] != '\0' && strspn(text, "0123456789") == strlen(text);
}

static const char *
issue_shown(const struct rules *rules, enum side side, const char *text, struct arena *arena)
{
    int64_t number;

    if (side == SIDE_GITHUB)
        return is_number(text) ? arena_printf(arena, "#%s", text) : text;
    number = rules != NULL && rules->world != NULL ? links_any(rules->world, text) : 0;
    return number > 0 ? arena_printf(arena, "#%lld", (long long)number) : text;
}

static const char *
person_shown(const struct rules *rules, enum side side, const char *text)
{
    const char *login = rules != NULL && side == SIDE_NOTION ? translate_login(rules, text) : NULL;

    return login != NULL ? login : text;
}

struct value
shown_labels(const struct item *item, const struct value *labels, struct arena *arena)
{
    const char **items;
    size_t len = 0;

    if (labels->kind != VALUE_SET || item->rules == NULL || item->rules->n_ignored_labels == 0)
        return *labels;
    items = arena_array(arena, labels->len, sizeof(*items));
    for (size_t i = 0; i < labels->len; i++)
        if (!translate_is_ignored(item->rules, FIELD_LABELS, labels->items[i]))
            items[len++] = labels->items[i];
    return value_set(items, len);
}

struct value
shown_value(const struct item *item, enum field field, enum side side, const struct value *value,
            struct arena *arena)
{
    enum relation relation =
        item->rules != NULL ? item->rules->fields->items[field].relation : RELATION_IDENTITY;
    bool people = relation == RELATION_PEOPLE || relation == RELATION_REVIEWERS;
    const char **items;

    if (field == FIELD_LABELS)
        return shown_labels(item, value, arena);
    if (value->kind != VALUE_SET || !(people || relation == RELATION_LINKS))
        return *value;
    items = arena_array(arena, value->len, sizeof(*items));
    for (size_t i = 0; i < value->len; i++)
        items[i] = people ? person_shown(item->rules, side, value->items[i])
                          : issue_shown(item->rules, side, value->items[i], arena);
    return value_set(items, value->len);
}
