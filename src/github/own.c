#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "github/github_p.h"
#include "model/lens.h"

/* The configuration's own fields: how to read them from an answer, and how to write them. Several
 * of them are parts of an issue's labels. */

/* "12" for issues of the same repository, "owner/name#12" for others. */
static struct value
blockers_of(struct json_object *node, const struct issue *issue, struct arena *arena)
{
    struct json_object *connection = json_get(node, "blockedBy");
    struct json_object *nodes = json_array(connection, "nodes");
    const char **items = arena_array(arena, json_len(nodes), sizeof(*items));
    size_t n = 0;

    if (nodes == NULL || json_int(connection, "totalCount", -1) != (int64_t)json_len(nodes))
        return (struct value){0};
    for (size_t i = 0; i < json_len(nodes); i++) {
        items[n] =
            decode_reference(json_at(nodes, i), value_of(&issue->values, FIELD_REPOSITORY), arena);
        /* One that GitHub hides must not look as if somebody had removed it. */
        if (items[n++] == NULL)
            return (struct value){0};
    }
    return value_set(items, n);
}

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
            return blockers_of(node, issue, arena);
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

/* The repository's labels, read once. */
static bool
read_labels_once(struct github *github, struct err *err)
{
    struct choices choices;

    if (github->knows_labels)
        return true;
    if (!github_read_choices(github, true, github->arena, &choices, err))
        return false;
    for (size_t i = 0; i < choices.n_labels; i++)
        vec_push(&github->repository_labels, choices.labels[i]);
    github->knows_labels = true;
    return true;
}

static const char *
color_of(const struct field_info *info, const char *value)
{
    for (size_t i = 0; i < info->n_colors; i++)
        if (utf8_casecmp(info->colors[i].option, value) == 0)
            return info->colors[i].color;
    return NULL;
}

/* The field that a label belongs to, NULL: none. */
static const struct field_info *
owner_of(const struct github *github, const char *label)
{
    FIELD_EACH(f, github->selected.claims)
    if (lens_shows(&github->known->items[f], label))
        return &github->known->items[f];
    return NULL;
}

/* A label as the repository spells it; one that it lacks is made. */
static bool
spell(struct github *github, const struct field_info *info, struct arena *arena, const char **label,
      struct err *err)
{
    const char *value =
        info->home == HOME_LABEL_GROUP ? label_group_value(arena, &info->group, *label) : *label;

    if (!read_labels_once(github, err))
        return false;
    for (size_t i = 0; i < github->repository_labels.len; i++)
        if (label_same(github->repository_labels.items[i], *label)) {
            *label = github->repository_labels.items[i];
            return true;
        }
    return github_make_label(github, *label, color_of(info, value),
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
        const struct field_info *info = there ? NULL : owner_of(github, labels->items[i]);

        items[i] = labels->items[i];
        if (info != NULL && !spell(github, info, arena, &items[i], err))
            return false;
    }
    *labels = value_set(items, labels->len);
    return true;
}

bool
own_write_apart(struct github *github, const struct issue *read, const struct values *values,
                struct arena *arena, struct issue *issue, struct err *err)
{
    for (enum field f = FIELD_BUILTINS; github->known != NULL && f < github->known->n; f++) {
        const struct field_info *info = &github->known->items[f];
        struct value answered = *value_of(values, f);

        if (!field_set_has(values->has, f))
            continue;
        if (info->home == HOME_ISSUE_FIELD &&
            !github_write_issue_field(github, read->number, info->issue_field, value_of(values, f),
                                      arena, &answered, err))
            return false;
        if (info->home == HOME_BLOCKED_BY &&
            !dependencies_write(github, read->number, value_of(&read->values, f), &answered, err))
            return false;
        if (info->home == HOME_ISSUE_FIELD || info->home == HOME_BLOCKED_BY)
            values_put(&issue->values, f, answered, arena);
    }
    return true;
}
