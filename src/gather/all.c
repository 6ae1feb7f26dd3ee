#include <pthread.h>

#include "gather/gather_p.h"
#include "state/record.h"

/* Notion's listing runs in parallel with GitHub's. */
struct notion_side {
    struct gather *gather;
    struct page_list pages;
    bool complete, ok;
    struct err err;
};

static void *
list_pages(void *argument)
{
    struct notion_side *side = argument;
    const struct page_query everything = {0};
    const struct page_query unlinked = {.unnumbered = true};
    const struct page_query archived = {.archived = true};
    struct notion *notion = side->gather->notion;
    struct arena *arena = side->gather->lanes[0];
    bool complete = false;

    side->ok = notion_query(notion, &everything, arena, &side->pages, &side->complete, &side->err);
    /* Pages that the listing did not show: linked ones are looked up by their numbers, and a query
     * finds the others. */
    if (side->ok && !side->complete && side->gather->rules.create_issues != CREATE_ISSUES_NONE)
        side->ok = notion_query(notion, &unlinked, arena, &side->pages, &complete, &side->err);
    /* Archived rows keep their links, and only this query shows them. */
    side->ok =
        side->ok && notion_query(notion, &archived, arena, &side->pages, &complete, &side->err);
    side->complete = side->complete && complete;
    return NULL;
}

static bool
see_folder_records(struct gather *gather, struct err *err)
{
    const char *const *paths;
    struct store_file *files;
    size_t n;

    if (!store_folder_records(gather->store, gather->arena, &paths, &n, err))
        return false;
    files = arena_array(gather->arena, n, sizeof(*files));
    for (size_t i = 0; i < n; i++)
        files[i].path = paths[i];
    if (!store_load(gather->store, files, n, gather->arena, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (state_path_number(files[i].path) != 0 &&
            !gather_see_record(gather, state_path_number(files[i].path), files[i].text, err))
            return false;
    return true;
}

static bool
see_git_records(void *context, const struct state_folder *folder, struct err *err)
{
    for (size_t i = 0; i < folder->n_files; i++) {
        int64_t number = state_path_number(folder->files[i].path);

        if (number != 0 && !gather_see_record(context, number, folder->files[i].text, err))
            return false;
    }
    return true;
}

static void
see_issue(void *context, const struct issue *issue)
{
    const struct gather *gather = context;

    world_see_issue(gather->world, issue);
}

static bool
list_issues(struct gather *gather, struct err *err)
{
    const struct github_overview *overview = &gather->overview;
    const struct state_folders state = {.commit = overview->state_commit,
                                        .paths = overview->folders,
                                        .n_paths = overview->n_folders,
                                        .see = see_git_records,
                                        .context = gather};

    if (!github_list_all(gather->github, false, &state, see_issue, gather, err))
        return false;
    if (gather->config->pull_requests == PULLS_ALL &&
        !github_list_all(gather->github, true, NULL, see_issue, gather, err))
        return false;
    return gather->config->state_folder == NULL || see_folder_records(gather, err);
}

/* Decides about everything seen and everything remembered. */
static void
focus_all(struct gather *gather)
{
    struct issue_entry *const *numbers;
    size_t n;

    numbers = world_issues(gather->world, &n);
    for (size_t i = 0; i < n; i++) {
        numbers[i]->focus = true;
        if (!numbers[i]->record_read)
            world_see_record(gather->world, numbers[i]->number, NULL);
    }
    gather->rules.records_complete = true;
}

/* Asks the filter even if no page waits for it, so that a wrong filter is reported at once. */
static bool
match_all(struct gather *gather, struct err *err)
{
    struct page_entry *const *pages;
    size_t n;

    if (!gather->rules.pages_filtered)
        return true;
    if (!gather_matches(gather, 0, err))
        return false;
    pages = world_pages(gather->world, &n);
    for (size_t i = 0; i < n; i++)
        pages[i]->filter_asked = pages[i]->sight == SIGHT_SEEN;
    return true;
}

bool
gather_all(struct gather *gather, struct err *err)
{
    struct notion_side side = {.gather = gather};
    pthread_t thread;
    bool threaded;
    bool ok;

    if (!gather_bind(gather, err))
        return false;
    gather->notion_time = gather->rules.notion_time =
        http_server_time(notion_service(gather->notion));
    threaded = pthread_create(&thread, NULL, list_pages, &side) == 0;
    ok = list_issues(gather, err);
    if (threaded)
        pthread_join(thread, NULL);
    else
        list_pages(&side);
    if (ok && !side.ok)
        ok = err_set(err, side.err.kind, "%s", side.err.text);
    ok = ok && gather_see_pages(gather, &side.pages, true, err);
    if (ok) {
        focus_all(gather);
        gather_turns(gather);
        gather->rules.pages_complete = side.complete;
        ok = gather_list_progress(gather, err) && match_all(gather, err);
    }
    vec_free(&side.pages);
    return ok;
}
