#include <string.h>

#include "gather/gather_p.h"

/* Pull requests, insofar as they move tasks. */

/* --- configuration and database --- */

static const struct property *
task_property(const struct schema *schema)
{
    for (size_t i = 0; i < schema->n_properties; i++)
        if (strcmp(schema->properties[i].type, "unique_id") == 0)
            return &schema->properties[i];
    return NULL;
}

static void
bind_stage(struct gather *gather, const struct binding *status, enum stage stage,
           struct buf *problems)
{
    const char *named = gather->config->progress[stage];
    const struct status_map *map = &gather->rules.status;
    const char *option;

    if (named == NULL)
        return;
    option = gather_status_option(gather, status, named, stage_is_over(stage));
    if (option == NULL)
        gather_problem(problems, "progress_map names %s for %s, but the column %s has %s%s",
                       gather_column_name(gather, named, "an option"), stage_name(stage),
                       gather_column_name(gather, status->name, "status"),
                       gather->sealing.words ? "no such option" : "the options ",
                       gather->sealing.words ? ""
                                             : ARENA_NAMES(gather->arena, map->options, map->len));
    else if (!stage_is_over(stage) && status_meaning(map, option) != MEANING_OPEN)
        gather_problem(problems,
                       "progress_map: %s = %s: this status means closed, and only merged and "
                       "closed may name a closed one (its group in Notion, its name, or "
                       "status_map decides what a status means)",
                       stage_name(stage), gather_column_name(gather, option, "an option"));
    gather->rules.progress[stage] = option;
}

static void
bind_tasks(struct gather *gather, const struct schema *schema, struct buf *problems)
{
    const struct property *property = task_property(schema);

    gather->rules.task_prefix = NULL;
    if (!gather->config->task_ids)
        return;
    if (property == NULL)
        gather_problem(problems, "task_ids is on, but the database has no column of type ID "
                                 "(unique_id): add one with a prefix, or turn task_ids off");
    else if (property->prefix == NULL || *property->prefix == '\0')
        gather_problem(problems,
                       "task_ids is on, but the ID column %s has no prefix, and a "
                       "bare number says nothing: give it one in Notion, or turn "
                       "task_ids off",
                       gather_column_name(gather, property->name, "ID"));
    else
        gather->rules.task_prefix = arena_strdup(gather->arena, property->prefix);
}

void
gather_bind_progress(struct gather *gather, const struct schema *schema,
                     const struct binding bindings[FIELD_ROOM], struct buf *problems)
{
    const struct binding *status = &bindings[FIELD_STATUS];

    memset(gather->rules.progress, 0, sizeof(gather->rules.progress));
    bind_tasks(gather, schema, problems);
    if (!gather->config->follows_progress ||
        (status->type == NULL && gather->known.fields[FIELD_STATUS].id != NULL))
        return;
    if (status->type == NULL)
        gather_problem(problems,
                       "progress_map is given, but the database has no column for status");
    else if (strcmp(status->type, "checkbox") == 0)
        gather_problem(problems,
                       "progress_map needs a status with options, but the column "
                       "%s is a checkbox",
                       gather_column_name(gather, status->name, "status"));
    for (enum stage stage = STAGE_FIRST; problems->len == 0 && stage < STAGE_COUNT; stage++)
        bind_stage(gather, status, stage, problems);
}

void
gather_bind_task(struct gather *gather, const struct schema *schema)
{
    const struct property *property = task_property(schema);

    if (gather->rules.task_prefix != NULL)
        notion_bind_task(
            gather->notion,
            &(struct binding){.id = property->id, .name = property->name, .type = property->type});
}

/* --- reading --- */

static void
see_pull(void *context, const struct pull_facts *pull)
{
    const struct gather *gather = context;

    world_list_pull(gather->world, pull);
}

bool
gather_list_progress(struct gather *gather, struct err *err)
{
    if (!gather->rules.follows_pulls)
        return true;
    gather->rules.pulls_listed = true;
    return github_list_progress(gather->github, gather->arena, see_pull, gather, err);
}

static bool
want_links(struct gather *gather, const struct number_list *wanted, struct err *err)
{
    struct progress_facts *facts = arena_array(gather->arena, wanted->len, sizeof(*facts));

    if (wanted->len == 0)
        return true;
    if (!github_read_progress(gather->github, wanted->items, wanted->len, gather->arena, facts,
                              err))
        return false;
    for (size_t i = 0; i < wanted->len; i++)
        world_see_progress(gather->world, wanted->items[i], &facts[i]);
    return true;
}

/* Checks are only a column, so a failure to read them blocks nothing else. */
static bool
want_checks(struct gather *gather, const struct number_list *wanted, struct err *err)
{
    const char **checks = arena_array(gather->arena, wanted->len, sizeof(*checks));
    struct err why;
    bool hidden = false;

    if (wanted->len > 0 && !gather->told_checks &&
        !github_read_checks(gather->github, wanted->items, wanted->len, checks, &why)) {
        if (why.kind == ERR_STOPPED)
            return err_set(err, why.kind, "%s", why.text);
        gather_tell(gather, "the column Checks is left as it is: %s", why.text);
        gather->told_checks = true;
    }
    for (size_t i = 0; i < wanted->len; i++) {
        world_see_checks(gather->world, wanted->items[i], checks[i]);
        hidden = hidden || checks[i] == NULL;
    }
    if (hidden && !gather->told_checks)
        gather_tell(gather, "the column Checks is left as it is: the token may not read checks. "
                            "Add `checks: read` and `statuses: read` to the workflow's "
                            "permissions, or turn the column off (\"checks =\" in property_map)");
    gather->told_checks = gather->told_checks || hidden;
    return true;
}

static bool
want_tasks(struct gather *gather, const struct number_list *wanted, struct err *err)
{
    const struct page_query query = {
        .numbers = wanted->items, .n_numbers = wanted->len, .tasks = true};
    struct page_list pages = {0};
    bool complete;
    bool ok;

    if (wanted->len == 0)
        return true;
    ok = notion_query(gather->notion, &query, gather->arena, &pages, &complete, err) &&
         gather_see_pages(gather, &pages, false, err);
    for (size_t i = 0; ok && i < wanted->len; i++)
        world_task(gather->world, wanted->items[i])->asked = true;
    vec_free(&pages);
    return ok;
}

bool
gather_want_progress(struct gather *gather, const struct missing *missing, struct err *err)
{
    return want_links(gather, &missing->progress, err) &&
           want_checks(gather, &missing->checks, err) && want_tasks(gather, &missing->tasks, err);
}
