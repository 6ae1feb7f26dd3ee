#include "cleanup/cleanup.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/log.h"
#include "base/progress.h"
#include "gather/gather.h"
#include "report/markdown.h"
#include "report/report.h"

#define TEXT_SIZE ((size_t)64 * 1024)
/* List this many numbers of issues. */
#define LISTED ((size_t)50)

/* A comment on a page that the action made. */
struct noted {
    const char *id;
    int64_t number; /* number of the issue that the page is linked to */
};
VEC_TYPE(noted_list, struct noted);

struct findings {
    struct gather *gather;
    struct marked_list on_github;
    struct noted_list in_notion;
    const char *refs[2]; /* of the state */
    size_t n_refs;
    const char *columns[FIELD_ROOM + 1], *column_names[FIELD_ROOM + 1]; /* ids and names */
    size_t n_columns;
    struct sayings notes; /* places that could not be looked at */
    size_t removed;
};

static void
note(struct findings *found, const char *text)
{
    struct arena *arena = found->gather->arena;
    const char **items = arena_array(arena, found->notes.n + 1, sizeof(*items));

    for (size_t i = 0; i < found->notes.n; i++)
        items[i] = found->notes.items[i];
    items[found->notes.n++] = arena_strdup(arena, text);
    found->notes.items = items;
}

/* --- looking --- */

/* Columns that only show what GitHub has, under the names that `setup` gives them, and GitHub
 * ID. A column that people named, or that goes both ways, belongs to them. */
static void
find_columns(struct findings *found, const struct schema *schema)
{
    struct gather *gather = found->gather;
    const struct config *config = gather->config;
    const struct property *number = gather_number_column(gather, schema);

    for (enum field f = 0; f < config->fields.n; f++) {
        const struct field_info *info = &config->fields.items[f];
        const struct property_choice *choice = &config->properties[f];
        const struct property *column;
        enum fit fit;

        if (info->direction != TO_NOTION || info->property == NULL || choice->off || choice->given)
            continue;
        column = gather_column(gather, schema, f, &fit);
        if (column == NULL || fit != FIT_CARRIES || strcmp(column->name, info->property) != 0)
            continue;
        found->columns[found->n_columns] = column->id;
        found->column_names[found->n_columns++] = column->name;
    }
    if (number != NULL) {
        found->columns[found->n_columns] = number->id;
        found->column_names[found->n_columns++] = number->name;
    }
}

/* The action's comments on one page. Comments of people and of other programs stay. */
static bool
look_at_page(struct findings *found, const struct page *page, struct err *err)
{
    struct gather *gather = found->gather;
    const struct remark *remarks;
    size_t n;

    if (!notion_read_comments(gather->notion, page->id, gather->arena, &remarks, &n, err))
        return err->kind == ERR_NOT_FOUND;
    for (size_t i = 0; i < n; i++) {
        const struct noted noted = {.id = remarks[i].id, .number = page->number};
        bool quote = remarks[i].text.len > 0 && quote_header_is(&remarks[i].text.items[0]);

        if (remarks[i].own && (remarks[i].copy_of != NULL || quote))
            vec_push(&found->in_notion, noted);
    }
    progress_step();
    return true;
}

static bool
look_at_pages(struct findings *found, struct err *err)
{
    struct gather *gather = found->gather;
    const struct page_query query = {0};
    struct page_list pages = {0};
    bool complete;
    bool ok = notion_query(gather->notion, &query, gather->arena, &pages, &complete, err);

    if (ok)
        progress_phase("Looking for comments on pages", pages.len);
    for (size_t i = 0; ok && i < pages.len; i++)
        if (pages.items[i]->number > 0 && !pages.items[i]->foreign)
            ok = look_at_page(found, pages.items[i], err);
    vec_free(&pages);
    return ok;
}

/* A problem on Notion's side does not prevent removing things on GitHub's. */
static bool
look_at_notion(struct findings *found, struct err *err)
{
    struct gather *gather = found->gather;
    struct schema schema;

    if (gather_resolve(gather, err) && gather_bind(gather, err) &&
        notion_read_schema(gather->notion, gather->data_source, gather->arena, &schema, err)) {
        if (gather->config->remove_columns)
            find_columns(found, &schema);
        if (look_at_pages(found, err))
            return true;
    }
    if (err_is_stop(err) || err->kind == ERR_STATE)
        return false;
    note(found,
         arena_printf(gather->arena, "comments on pages%s were not looked for: %s",
                      gather->config->remove_columns && found->n_columns == 0 ? " and columns" : "",
                      err->text));
    err_clear(err);
    return true;
}

static bool
look(struct findings *found, struct err *err)
{
    struct gather *gather = found->gather;
    const struct github_overview *overview = &gather->overview;
    size_t strange;
    bool held;

    progress_phase("Looking for what the action made", 0);
    if (!gather_open(gather, &held, err))
        return false;
    if (held)
        return err_set(err, ERR_STATE,
                       "a run is at work on this database: disable the workflow, wait until the "
                       "run has ended, and start cleanup again");
    if (overview->state_commit != NULL)
        found->refs[found->n_refs++] = overview->state_ref;
    if (overview->state_other != NULL)
        found->refs[found->n_refs++] = overview->state_other;
    if (!github_list_marked(gather->github, overview->viewer, gather->arena, &found->on_github,
                            &strange, err))
        return false;
    if (strange > 0)
        note(found, arena_printf(
                        gather->arena,
                        "%zu comments by %s have a marker that this Notion token did not make, and "
                        "stay: start cleanup with the Notion token that the workflow used",
                        strange, overview->viewer));
    return look_at_notion(found, err);
}

/* --- reporting --- */

static int
by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void
put_comments(struct buf *out, const char *where, int64_t *numbers, size_t n)
{
    size_t listed = 0;

    if (n == 0)
        return;
    buf_printf(out, "  %zu comment%s %s: ", n, n == 1 ? "" : "s", where);
    qsort(numbers, n, sizeof(*numbers), by_number);
    for (size_t i = 0; i < n && listed < LISTED; i++)
        if (i == 0 || numbers[i] != numbers[i - 1])
            buf_printf(out, "%s#%" PRId64, listed++ > 0 ? ", " : "", numbers[i]);
    buf_str(out, listed == LISTED ? ", …\n" : "\n");
}

static size_t
total(const struct findings *found)
{
    return found->on_github.len + found->in_notion.len + found->n_refs + found->n_columns;
}

static void
describe(struct buf *out, const struct findings *found)
{
    struct arena *arena = arena_new();
    const struct config *config = found->gather->config;
    size_t n = found->on_github.len + found->in_notion.len;
    int64_t *numbers = arena_array(arena, n, sizeof(*numbers));

    buf_printf(out,
               total(found) > 0 ? "What the action made for %s:\n"
                                : "Nothing of the action's is left for %s.\n",
               found->gather->overview.repository);
    for (size_t i = 0; i < found->on_github.len; i++)
        numbers[i] = found->on_github.items[i].number;
    put_comments(out, "on issues and pull requests", numbers, found->on_github.len);
    for (size_t i = 0; i < found->in_notion.len; i++)
        numbers[i] = found->in_notion.items[i].number;
    put_comments(out, "on the pages of", numbers, found->in_notion.len);
    for (size_t i = 0; i < found->n_refs; i++)
        buf_printf(out, "  its state: the ref %s\n", found->refs[i]);
    if (found->n_columns > 0)
        buf_str(out, "  columns of the database, with all their values: ");
    for (size_t i = 0; i < found->n_columns; i++)
        buf_printf(out, "%s%s%s", i > 0 ? ", " : "",
                   gather_hides_name(found->gather, found->column_names[i])
                       ? "(not shown here)"
                       : found->column_names[i],
                   i + 1 == found->n_columns ? "\n" : "");
    for (size_t i = 0; i < found->notes.n; i++)
        buf_printf(out, "  Note: %s\n", found->notes.items[i]);
    if (config->state_folder != NULL)
        buf_printf(out, "  Delete the folder of the state yourself: %s\n", config->state_folder);
    buf_printf(out, "Issues, pages and their texts stay%s.\n",
               config->remove_columns ? "" : "; so do the columns (--columns removes them)");
    arena_free(arena);
}

static void
print_json(const struct findings *found, const char *end, int status)
{
    struct json_object *json = json_new_object();

    json_add_string(json, "program", "notion-sync " NOTION_SYNC_VERSION);
    json_add_string(json, "command", "cleanup");
    json_add_bool(json, "dry_run", found->gather->config->dry_run);
    json_add_int(json, "comments_on_github", (int64_t)found->on_github.len);
    json_add_int(json, "comments_in_notion", (int64_t)found->in_notion.len);
    json_add_int(json, "state_refs", (int64_t)found->n_refs);
    json_add_int(json, "columns", (int64_t)found->n_columns);
    json_add_int(json, "removed", (int64_t)found->removed);
    json_add_int(json, "exit_status", status);
    json_add_string(json, "message", end);
    puts(json_finish(found->gather->arena, json));
    fflush(stdout);
}

/* --- asking and removing --- */

/* The state goes last, because a second try starts from it. */
static bool
remove_all(struct findings *found, struct err *err)
{
    struct gather *gather = found->gather;

    progress_phase("Removing", total(found));
    for (size_t i = 0; i < found->in_notion.len; i++, found->removed++, progress_step())
        if (!notion_delete_comment(gather->notion, found->in_notion.items[i].id, err))
            return false;
    for (size_t i = 0; i < found->on_github.len; i++, found->removed++, progress_step())
        if (!github_delete_copy(gather->github, found->on_github.items[i].id, err))
            return false;
    if (found->n_columns > 0 &&
        !notion_remove_properties(gather->notion, gather->data_source, found->columns,
                                  found->n_columns, gather->arena, err))
        return false;
    found->removed += found->n_columns;
    for (size_t i = 0; i < found->n_refs; i++, found->removed++)
        if (!github_delete_ref(gather->github, found->refs[i], err))
            return false;
    return true;
}

/* Removes what was found, if the user wants that. Returns the exit status; *end: how it ended. */
static int
settle(struct findings *found, const char **end)
{
    struct arena *arena = found->gather->arena;
    struct err err = {0};
    char answer[16];

    if (total(found) == 0) {
        *end = "Nothing to remove.";
        return EXIT_DONE;
    }
    if (found->gather->config->dry_run) {
        *end = "Dry run: nothing was removed.";
        return EXIT_DONE;
    }
    if (!found->gather->config->yes && !(isatty(STDIN_FILENO) && isatty(STDERR_FILENO))) {
        *end = "Nothing was removed: add --yes to remove all of this.";
        return EXIT_NOTHING_DONE;
    }
    if (!found->gather->config->yes) {
        fputs("Remove all of this? It cannot be undone. Type \"yes\": ", stderr);
        fflush(stderr);
        if (fgets(answer, sizeof(answer), stdin) == NULL || strcmp(answer, "yes\n") != 0) {
            *end = "Nothing was removed.";
            return EXIT_NOTHING_DONE;
        }
    }
    if (remove_all(found, &err)) {
        *end = arena_printf(arena, "Removed %zu of %zu.", found->removed, total(found));
        return EXIT_DONE;
    }
    *end = arena_printf(arena, "Removed %zu of %zu; start cleanup again for the rest: %s",
                        found->removed, total(found), err.text);
    return found->removed > 0 ? EXIT_SOME_FAILED : EXIT_NOTHING_DONE;
}

int
cleanup_run(struct gather *gather)
{
    const struct config *config = gather->config;
    struct findings found = {.gather = gather};
    struct err err = {0};
    const char *end = err.text;
    int status = EXIT_NOTHING_DONE;
    bool looked = look(&found, &err);
    struct buf text, markdown;

    progress_hide();
    buf_init(&text, TEXT_SIZE);
    if (looked) {
        describe(&text, &found);
        if (!config->json)
            fputs(buf_text(&text), stdout);
        fflush(stdout);
        status = settle(&found, &end);
    }
    progress_stop();
    if (config->json)
        print_json(&found, end, status);
    if (status != EXIT_DONE && (!looked || config->in_actions || config->json))
        log_error("%s", end);
    else if (!config->json)
        puts(end);
    fflush(stdout);
    if (looked && config->summary_file != NULL) {
        struct value shown;

        buf_printf(&text, "%s\n", end);
        shown = value_text(buf_text(&text));
        buf_init(&markdown, 2 * TEXT_SIZE);
        buf_str(&markdown, "## Notion sync: cleanup\n");
        report_fence(&markdown, &shown, 0);
        report_add_summary(config->summary_file, buf_text(&markdown));
        buf_release(&markdown);
    }
    buf_release(&text);
    vec_free(&found.on_github);
    vec_free(&found.in_notion);
    return status;
}
