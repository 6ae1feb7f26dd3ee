#include <string.h>

#include "base/utf8.h"
#include "config/config_p.h"
#include "model/column_target.h"

/* The input `fields`: columns of the user's own. */

/* docs.github.com: label names of up to 50 characters are surely accepted. */
#define LABEL_MAX 50

/* Read this many lines at most: more are a mistake. */
#define LINES_MAX 50

#define TARGETS                                                                         \
    "use \"Column name = TARGET\", where TARGET is \"label: NAME/*\" (all "             \
    "labels that begin so; * stands for the value), \"labels: NAME/*\" (the same, for " \
    "several at once), \"label: NAME\" (one label, for a checkbox), \"issue field: "    \
    "NAME\" or \"blocked by\"."

struct entry {
    const char *property;
    struct column_target target;
};

/* What is wrong with a label or a group of labels; NULL: nothing. */
static const char *
label_problem(const struct label_group *group)
{
    size_t length = utf8_length(group->before);

    if (group->after == NULL && strchr(":/", group->before[strlen(group->before) - 1]) != NULL)
        return "this is the beginning of a group. Write a * for the value (label: priority/*), or "
               "the whole name of one label.";
    if (group->after != NULL)
        length += utf8_length(group->after) + 1;
    return length > LABEL_MAX ? "GitHub takes no label of more than 50 characters. Use a shorter "
                                "name."
                              : NULL;
}

static struct column_target
target_of(const struct field_info *info)
{
    return (struct column_target){
        .kind = info->home == HOME_ISSUE_FIELD  ? TARGET_ISSUE_FIELD
                : info->home == HOME_BLOCKED_BY ? TARGET_BLOCKED_BY
                                                : TARGET_LABEL,
        .name = info->parameter,
        .group = info->group,
    };
}

/* Whether a column is allowed beside the others; otherwise adds a problem. */
static bool
fits(struct input_reader *reader, const struct input *input, const char *text,
     const struct entry *entry)
{
    const struct config *config = reader->config;
    enum field same = fields_find(&config->fields, entry->property);
    const char *problem = NULL;

    if (strcmp(entry->property, LINK_PROPERTY) == 0)
        problem = LINK_PROPERTY " holds the number of the issue. Use another column.";
    else if (same != FIELD_NONE && same >= FIELD_BUILTINS)
        problem = "this column has several lines. Use one line for a column.";
    else if (same != FIELD_NONE)
        problem = "a built-in field has this name. Give the column another one in Notion.";
    else if (config->fields.n >= FIELD_BUILTINS + LINES_MAX)
        problem = "there are more than 50 lines. Leave some out.";
    for (enum field f = FIELD_BUILTINS; problem == NULL && f < config->fields.n; f++) {
        struct column_target other = target_of(&config->fields.items[f]);

        if (target_meets(&other, &entry->target))
            problem = entry->target.kind == TARGET_LABEL
                          ? "another line has some of these labels, and a label belongs to one "
                            "column only. Use labels that no other line has."
                          : "another line has this target. Use one line for each.";
    }
    if (problem != NULL)
        problem_say(reader, input->name, text, "%s", problem);
    return problem == NULL;
}

/* What must be known of each kind of target. What its column decides is filled in when the
 * column has been read. */
static struct field_info
info_of(struct arena *arena, const struct entry *entry)
{
    struct field_info info = {
        .name = entry->property,
        .key = target_text(arena, &entry->target),
        .property = entry->property,
        .relation = RELATION_VALUE,
        .is_sealed = true,
        .parameter = entry->target.name,
        .group = entry->target.group,
    };

    switch (entry->target.kind) {
    case TARGET_LABEL:
        /* `setup` makes the first of the types. */
        info.home = info.group.after != NULL ? HOME_LABEL_GROUP : HOME_LABEL;
        info.relation = info.group.after != NULL ? RELATION_VALUE : RELATION_FLAG;
        info.set_by_column = info.group.after != NULL;
        info.types = info.group.after == NULL ? "checkbox"
                     : entry->target.many     ? "multi_select select status number rich_text"
                                              : "select status multi_select number rich_text";
        break;
    case TARGET_ISSUE_FIELD:
        info.home = HOME_ISSUE_FIELD;
        info.set_by_column = true;
        info.after_creating = true;
        info.types = "rich_text number date select status multi_select";
        break;
    case TARGET_BLOCKED_BY:
        info.home = HOME_BLOCKED_BY;
        info.relation = RELATION_LINKS;
        info.is_set = true;
        info.is_sealed = false;
        info.after_creating = true;
        info.types = "relation";
        break;
    }
    return info;
}

void
parse_fields(struct input_reader *reader, const struct input *input, const char *text)
{
    struct config *config = reader->config;
    const char *line;

    while ((line = list_next(reader->arena, &text)) != NULL) {
        struct entry entry = {0};
        enum target_result result = TARGET_NONE;
        const char *problem = NULL;

        /* A target follows the =: names of properties, labels and fields may hold one. */
        for (const char *at = strchr(line, '='); at != NULL && result == TARGET_NONE;
             at = strchr(at + 1, '=')) {
            entry.property = text_trim(reader->arena, line, (size_t)(at - line));
            result = target_read(reader->arena, at + 1, &entry.target);
        }
        if (result != TARGET_OK || *entry.property == '\0')
            problem = TARGETS;
        else if (entry.target.kind == TARGET_LABEL)
            problem = label_problem(&entry.target.group);
        if (problem != NULL) {
            problem_say(reader, input->name, line, "%s", problem);
        } else if (fits(reader, input, line, &entry)) {
            struct field_info info = info_of(reader->arena, &entry);
            enum field field = fields_add(&config->fields, &info);

            config->properties[field] =
                (struct property_choice){.property = entry.property, .given = true};
            config->directions[field] = BOTH_WAYS;
        }
    }
}

void
lane_check(struct input_reader *reader, const struct input *input, const char *line,
           const char *label)
{
    const struct fields *fields = &reader->config->fields;
    const struct column_target lane = {.kind = TARGET_LABEL, .group = {.before = label}};
    const char *problem = label_problem(&lane.group);

    for (enum field f = FIELD_BUILTINS; problem == NULL && f < fields->n; f++) {
        struct column_target other = target_of(&fields->items[f]);

        if (field_set_has(fields->lenses, f) && !reader->config->properties[f].off &&
            target_meets(&other, &lane))
            problem = "a column of `fields` has this label. Use one that belongs to the status "
                      "only.";
    }
    if (problem != NULL)
        problem_say(reader, input->name, line, "%s", problem);
}

bool
config_has_home(const struct config *config, enum home home)
{
    for (enum field f = FIELD_BUILTINS; f < config->fields.n; f++)
        if (config->fields.items[f].home == home && !config->properties[f].off)
            return true;
    return false;
}
