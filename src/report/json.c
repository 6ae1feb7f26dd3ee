#include "report/report_p.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/json.h"
#include "reconcile/rules.h"
#include "reconcile/shown.h"

/* docs/report.md documents the format. */
#define REPORT_VERSION 1

static struct json_object *
add_size(struct json_object *object, const char *key, size_t value)
{
    return json_add_int(object, key, (int64_t)value);
}

static struct json_object *
add_time(struct json_object *object, const char *key, int64_t time)
{
    return time == 0 ? json_add(object, key, NULL) : json_add_time(object, key, time);
}

static struct json_object *
add_known(struct json_object *object, const char *key, int64_t value)
{
    return value < 0 ? json_add(object, key, NULL) : json_add_int(object, key, value);
}

static struct json_object *
new_error(const struct err *err)
{
    struct json_object *json;

    if (err->kind == ERR_NONE)
        return NULL;
    json = json_new_object();
    json_add_string(json, "kind", report_error_name(err->kind));
    return json_add_string(json, "message", err->text);
}

static struct json_object *
new_value(const struct value *value)
{
    if (value->kind == VALUE_ABSENT)
        return NULL;
    if (value->kind == VALUE_TEXT)
        return json_new_text(value->text);
    return json_new_texts(value->items, value->len);
}

static struct json_object *
new_field(const struct result *result, enum field field)
{
    static const char *const sides[SIDE_COUNT] = {"github", "notion"};
    const struct field_plan *plan = &result->item->fields[field];
    struct json_object *json = json_new_object();
    struct json_object *writes = json_new_array();
    struct json_object *before = json_new_object();
    struct json_object *after = json_new_object();
    struct arena *scratch = arena_new();

    for (enum side side = 0; side < SIDE_COUNT; side++) {
        struct value value = report_before(result, side, field);
        struct value then = report_after(result, side, field);

        if (report_writes(result, side, field))
            json_push(writes, json_new_text(sides[side]));
        value = shown_labels(result->item, field, side, &value, scratch);
        then = shown_labels(result->item, field, side, &then, scratch);
        json_add(before, sides[side], new_value(&value));
        json_add(after, sides[side], new_value(&then));
    }
    arena_free(scratch);
    json_add_string(json, "field", result->item->rules->fields->items[field].name);
    json_add_string(json, "row", report_field_row_name(plan->row));
    json_add(json, "writes", writes);
    json_add(json, "before", before);
    json_add(json, "after", after);
    json_add_bool(json, "settles", plan->settles);
    json_add_bool(json, "conflict", plan->conflict);
    json_add_string(json, "lost", plan->lost);
    json_add_bool(json, "stays", plan->stays);
    return json_add_string(json, "winner", plan->conflict ? sides[plan->winner] : NULL);
}

static struct json_object *
new_effects(const struct result *result)
{
    struct effects effects = report_effects(result);
    struct json_object *json = json_new_object();

    json_add_bool(json, "issue_created", effects.created_issue);
    json_add_bool(json, "issue_updated", effects.updated_issue);
    json_add_bool(json, "issue_closed", effects.closed);
    json_add_bool(json, "issue_reopened", effects.reopened);
    json_add_bool(json, "pull_request_merged", effects.merged);
    json_add_bool(json, "page_created", effects.created_page);
    json_add_bool(json, "page_updated", effects.updated_page);
    json_add_bool(json, "page_trashed", effects.trashed);
    json_add_bool(json, "linked", effects.linked);
    json_add_bool(json, "unlinked", effects.unlinked);
    add_size(json, "comments", effects.comments);
    add_size(json, "comments_to_github", effects.said[SIDE_GITHUB]);
    add_size(json, "comments_to_notion", effects.said[SIDE_NOTION]);
    add_size(json, "copies_updated", effects.resaid[SIDE_GITHUB] + effects.resaid[SIDE_NOTION]);
    return add_size(json, "conflicts", effects.conflicts);
}

static void
add_lists(struct json_object *json, const struct result *result)
{
    const struct item *item = result->item;
    struct json_object *fields = json_new_array();
    struct json_object *actions = json_new_array();
    struct arena *scratch = arena_new();
    const struct sayings notes = sayings_join(scratch, item->notes, result->notes);

    for (enum field field = 0; field < item->rules->fields->n; field++)
        if (item->fields[field].row > ROW_F1_SAME)
            json_push(fields, new_field(result, field));
    for (size_t i = 0; i < item->n_actions; i++)
        json_push(actions, json_new_text(report_action_name(item->actions[i].kind)));
    json_add(json, "actions", actions);
    json_add(json, "fields", fields);
    json_add(json, "notes", json_new_texts(notes.items, notes.n));
    arena_free(scratch);
}

static struct json_object *
new_result(const struct result *result)
{
    const struct item *item = result->item;
    struct json_object *json = json_new_object();
    int64_t number = result->number > 0 ? result->number : item->number;

    json_add_string(json, "row", report_row_name(item->row));
    json_add_string(json, "done", report_done_name(result->done));
    add_known(json, "number", number > 0 ? number : -1);
    json_add_bool(json, "pull_request", report_is_pull(result));
    json_add_string(json, "title", item->title);
    json_add_string(json, "issue_url", report_issue_url(result));
    json_add_string(json, "page_id", result->page_id != NULL ? result->page_id : item->page_id);
    json_add_string(json, "page_url",
                    result->page_url != NULL || result->item->page == NULL
                        ? result->page_url
                        : result->item->page->url);
    json_add(json, "effects", new_effects(result));
    add_lists(json, result);
    json_add_string(json, "because", item->because);
    json_add_string(json, "refused", result->refused);
    return json_add(json, "error", result->done == DONE_FAILED ? new_error(&result->err) : NULL);
}

static struct json_object *
new_counts(const struct pass_report *report)
{
    struct report_counts counts = report_count(report);
    struct json_object *json = json_new_object();

    for (size_t i = 0; i < n_count_kinds; i++)
        add_size(json, count_kinds[i].name, count_of(&counts, &count_kinds[i]));
    return json_add_bool(json, "changed", counts.changed);
}

static struct json_object *
new_requests(const struct http_stats *stats)
{
    struct json_object *json = json_new_object();

    json_add_int(json, "requests", stats->requests);
    json_add_int(json, "writes", stats->writes);
    json_add_int(json, "retries", stats->retries);
    json_add_int(json, "rate_limited", stats->rate_limited);
    json_add_int(json, "waited_ms", stats->waited);
    add_known(json, "limit", stats->requests > 0 ? stats->limit : -1);
    add_known(json, "remaining", stats->requests > 0 ? stats->remaining : -1);
    return add_known(json, "reset", stats->requests > 0 ? stats->reset : -1);
}

static struct json_object *
new_head(const struct pass_report *report)
{
    struct json_object *json = json_new_object();
    struct json_object *database = json_new_object();
    struct json_object *services = json_new_object();

    json_add_string(database, "id", report->config->database);
    json_add_string(database, "title", report->database_title);
    json_add_string(database, "url", report->database_url);
    json_add(services, "github_rest", new_requests(&report->github_rest));
    json_add(services, "github_graphql", new_requests(&report->github_graphql));
    json_add(services, "notion", new_requests(&report->notion));
    json_add_int(json, "version", REPORT_VERSION);
    json_add_string(json, "program", "notion-sync " NOTION_SYNC_VERSION);
    json_add_string(json, "repository", report->repository);
    json_add(json, "database", database);
    json_add_string(json, "run_id", report->config->run_id);
    json_add_int(json, "run_attempt", report->config->run_attempt);
    json_add_bool(json, "dry_run", report->config->dry_run);
    json_add_bool(json, "full", report->full);
    json_add_string(json, "why_full", report->why_full);
    json_add_bool(json, "quiet", report->quiet);
    json_add_string(json, "notice", report->notice);
    json_add(json, "warnings", json_new_texts(report->warnings.items, report->warnings.n));
    json_add(json, "news", json_new_texts(report->news.items, report->news.n));
    json_add(json, "problems", json_new_texts(report->problems.items, report->problems.n));
    add_time(json, "started", report->started);
    add_time(json, "ended", report->ended);
    json_add_int(json, "exit_status", report->exit_status);
    json_add(json, "error", new_error(&report->err));
    json_add(json, "counts", new_counts(report));
    return json_add(json, "services", services);
}

static void
print_tree(FILE *out, struct json_object *tree, size_t without)
{
    size_t length;
    const char *text =
        json_object_to_json_string_length(tree, JSON_C_TO_STRING_NOSLASHESCAPE, &length);

    if (text == NULL)
        mem_exhausted(0);
    fwrite(text, 1, length - without, out);
    json_object_put(tree);
}

/* A tree of 100,000 results would take more memory than the whole pass may use. So only the list
 * is written here, as the last member of the head. */
void
report_json_print(FILE *out, const struct pass_report *report)
{
    print_tree(out, new_head(report), 1);
    fputs(",\"results\":[", out);
    for (size_t i = 0; i < report->results.len; i++) {
        fputs(i > 0 ? ",\n" : "\n", out);
        print_tree(out, new_result(report->results.items[i]), 0);
    }
    fputs("]}\n", out);
}

char *
report_json(struct arena *arena, const struct pass_report *report)
{
    char *memory = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&memory, &size);
    char *text;

    if (out == NULL)
        mem_exhausted(0);
    report_json_print(out, report);
    if (fclose(out) != 0)
        mem_exhausted(size);
    text = arena_strndup(arena, memory, size);
    free(memory);
    return text;
}
