#include <string.h>

#include "gather/gather_p.h"

/* Facts that are needed before the configuration's own fields can be bound: the organization's
 * issue fields, whether the server knows dependencies, and what the columns of these fields decide.
 */

static const char *const types_of[] = {
    [ISSUE_FIELD_TEXT] = "rich_text select",
    [ISSUE_FIELD_NUMBER] = "number",
    [ISSUE_FIELD_DATE] = "date",
    [ISSUE_FIELD_SELECT] = "select status rich_text",
    [ISSUE_FIELD_MULTI_SELECT] = "multi_select",
};

/* Asks once per pass. */
static bool
read_what_is_there(struct gather *gather, struct err *err)
{
    if (gather->knows_own)
        return true;
    if (config_has_home(gather->config, HOME_ISSUE_FIELD) &&
        !github_read_issue_fields(gather->github, gather->arena, &gather->issue_fields, err))
        return false;
    if (config_has_home(gather->config, HOME_BLOCKED_BY) &&
        !github_knows_dependencies(gather->github, &gather->has_dependencies, err))
        return false;
    gather->knows_own = true;
    return true;
}

static void
leave_alone(struct gather *gather, enum field field, const char *why)
{
    gather->left_alone[field] = true;
    gather_warn(
        gather, "the column %s is not synced (%s): %s",
        gather_column_name(gather, gather->config->properties[field].property, "of a field"),
        fields_key(&gather->fields, field), why);
}

static void
find_issue_field(struct gather *gather, enum field field, struct buf *problems)
{
    struct field_info *info = &gather->fields.items[field];

    if (gather->issue_fields.problem != NULL) {
        leave_alone(gather, field, gather->issue_fields.problem);
        return;
    }
    info->issue_field = issue_field_find(&gather->issue_fields, info->parameter);
    if (info->issue_field == NULL)
        gather_problem(
            problems,
            "`fields` names the issue field \"%s\", but the organization "
            "has no such field (it has: %s)",
            info->parameter,
            ARENA_NAMES(gather->arena, gather->issue_fields.items, gather->issue_fields.n));
    else if (info->issue_field->type == ISSUE_FIELD_OTHER)
        leave_alone(gather, field, "this version does not know the type of the issue field");
    else
        info->types = types_of[info->issue_field->type];
}

bool
gather_own(struct gather *gather, struct buf *problems, struct err *err)
{
    gather->fields = gather->config->fields;
    memset(gather->left_alone, 0, sizeof(gather->left_alone));
    if (!read_what_is_there(gather, err))
        return false;
    for (enum field f = FIELD_BUILTINS; f < gather->fields.n; f++) {
        if (gather->config->properties[f].off)
            continue;
        if (gather->fields.items[f].home == HOME_ISSUE_FIELD)
            find_issue_field(gather, f, problems);
        else if (gather->fields.items[f].home == HOME_BLOCKED_BY && !gather->has_dependencies)
            leave_alone(gather, f,
                        "this server does not know dependencies between issues, or the token may "
                        "not read them (GitHub Enterprise Server has them from 3.19 on)");
    }
    return true;
}

void
gather_own_column(struct gather *gather, enum field field, const struct binding *binding)
{
    struct field_info *info = &gather->fields.items[field];
    struct label_color *colors;

    info->is_number = info->relation == RELATION_VALUE && binding->type != NULL &&
                      strcmp(binding->type, "number") == 0;
    info->has_options = binding->type != NULL && notion_makes_options(binding->type);
    if (info->set_by_column)
        info->is_set = binding->type != NULL && strcmp(binding->type, "multi_select") == 0;
    if (info->home != HOME_LABEL_GROUP || binding->n_options == 0)
        return;
    colors = arena_array(gather->arena, binding->n_options, sizeof(*colors));
    for (size_t i = 0; i < binding->n_options; i++)
        colors[i] = (struct label_color){binding->options[i].name, binding->options[i].color};
    info->colors = colors;
    info->n_colors = binding->n_options;
}
