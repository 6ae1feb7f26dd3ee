#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "base/utf8.h"
#include "github/github_p.h"
#include "model/lens.h"

/* The configuration's own fields: how to read them from an answer, and how to write them. Several
 * of them are parts of an issue's labels. */

static struct value
decode_field(const struct field_info *info, struct json_object *node, bool rest,
             const struct issue *issue, struct arena *arena)
{
    switch (info->home) {
    case HOME_ISSUE_FIELD:
        if (issue->is_pull || info->issue_field == NULL)
            break;
        return rest ? decode_rest_issue_field(node, info->issue_field, arena)
                    : decode_issue_field(node, info->issue_field, arena);
    case HOME_BLOCKED_BY:
        if (!issue->is_pull && !rest)
            return decode_references(json_get(node, "blockedBy"),
                                     value_of(&issue->values, FIELD_REPOSITORY), true, arena);
        break;
    default:
        break;
    }
    return (struct value){0};
}

void
decode_own(const struct github *github, struct json_object *node, bool rest, struct arena *arena,
           struct issue *issue)
{
    struct value all[FIELD_ROOM] = {{.kind = VALUE_ABSENT}};
    struct values own;

    if (!github->selected.issue_fields && !github->selected.blocked_by)
        return;
    for (enum field f = FIELD_BUILTINS; f < github->known->n; f++)
        if (field_set_has(github->selected.fields, f))
            all[f] = decode_field(&github->known->items[f], node, rest, issue, arena);
    own = values_pack(all, github->known->n, arena);
    values_take(&issue->values, &own, FIELDS_ALL, arena);
}

/* The colors of Notion's options, in the form that GitHub's labels use. */
static const struct {
    const char *name, *hex;
} colors[] = {
    {"gray", "9b9a97"},   {"brown", "a27763"}, {"orange", "d9730d"},
    {"yellow", "dfab01"}, {"green", "4d9a6a"}, {"blue", "337ea9"},
    {"purple", "9065b0"}, {"pink", "c14c8a"},  {"red", "d44c47"},
};

/* For labels whose option has no color. */
#define PLAIN "6e7781"

bool
github_make_label(struct github *github, const char *name, const char *color,
                  const char *description, struct err *err)
{
    struct arena *arena = arena_new();
    struct rest_request request = {
        .method = HTTP_POST,
        .path = rest_path(github, arena, "/labels"),
        .what = "making a label",
        .safety = RETRY_SAFE,
    };
    struct http_answer answer;
    const char *hex = PLAIN;
    char reason[REASON_SIZE];
    bool there = false;
    bool ok = true;

    for (size_t i = 0; i < github->repository_labels.len; i++)
        there = there || utf8_casecmp(github->repository_labels.items[i], name) == 0;
    for (size_t i = 0; color != NULL && i < sizeof(colors) / sizeof(colors[0]); i++)
        if (strcmp(colors[i].name, color) == 0)
            hex = colors[i].hex;
    if (!there) {
        request.body = json_add_string(json_new_object(), "name", name);
        json_add_string(request.body, "color", hex);
        json_add_string(request.body, "description", description);
        ok = rest_call(github, &request, &answer, err);
        if (ok) {
            /* Any other problem shows when the label is written, because that also makes it. */
            if (answer.status >= 300 && answer.status != 422) {
                rest_reason(&answer, reason);
                log_debug("the label \"%s\" was not made: %s", name, reason);
            }
            http_answer_release(&answer);
            vec_push(&github->repository_labels, arena_strdup(github->arena, name));
        }
    }
    arena_free(arena);
    return ok;
}

/* Whether a label stands for the same: in a group its value does, as the column has it. */
static bool
is_spelling(const struct field_info *info, const char *label, const char *value,
            struct arena *arena)
{
    const char *its;

    if (info->home != HOME_LABEL_GROUP)
        return label_same(label, value);
    its = label_group_value(arena, &info->group, label);
    return its != NULL && utf8_casecmp(its, value) == 0;
}

/* A label as the repository spells it; one that it lacks is made. */
static bool
spell(struct github *github, const struct field_info *info, struct arena *arena, const char **label,
      struct err *err)
{
    const char *value =
        info->home == HOME_LABEL_GROUP ? label_group_value(arena, &info->group, *label) : *label;
    const char *color = NULL;
    struct choices choices;

    if (!github->knows_labels) {
        if (!github_read_choices(github, true, github->arena, &choices, err))
            return false;
        for (size_t i = 0; i < choices.n_labels; i++)
            vec_push(&github->repository_labels, choices.labels[i]);
        github->knows_labels = true;
    }
    for (size_t i = 0; i < github->repository_labels.len; i++)
        if (is_spelling(info, github->repository_labels.items[i], value, arena)) {
            *label = github->repository_labels.items[i];
            return true;
        }
    for (size_t i = 0; color == NULL && i < info->n_colors; i++)
        if (utf8_casecmp(info->colors[i].option, value) == 0)
            color = info->colors[i].color;
    return github_make_label(github, *label, color,
                             arena_printf(arena, "From the column %.60s in Notion", info->name),
                             err);
}

bool
own_spell(struct github *github, const struct value *read, struct value *labels,
          struct arena *arena, struct err *err)
{
    const char **items;

    if (labels->kind != VALUE_SET || field_set_is_empty(github->selected.claims))
        return true;
    items = arena_array(arena, labels->len, sizeof(*items));
    for (size_t i = 0; i < labels->len; i++) {
        bool there = read != NULL && read->kind == VALUE_SET && value_has(read, labels->items[i]);

        items[i] = labels->items[i];
        FIELD_EACH(f, github->selected.claims)
        if (!there && lens_shows(&github->known->items[f], labels->items[i])) {
            there = true;
            if (!spell(github, &github->known->items[f], arena, &items[i], err))
                return false;
        }
    }
    *labels = value_set(items, labels->len);
    return true;
}
