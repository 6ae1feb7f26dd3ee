#include "base/log.h"
#include "gather/gather_p.h"
#include "state/record.h"

/* For each minute that a pass may last, it reads this much of what earlier passes left. One request
 * gets fifty issues, or one page. */
#define AGAIN_NUMBERS ((size_t)500)
#define AGAIN_PAGES   ((size_t)60)

/* *record is NULL if there is none, or a damaged one. */
static bool
read_record(struct gather *gather, int64_t number, const char *text, struct arena *arena,
            struct record **record, struct err *err)
{
    struct err damage;

    *record = NULL;
    if (text == NULL || record_read(arena, text, number, &gather->sealing, record, &damage))
        return true;
    *record = NULL;
    if (damage.kind != ERR_DATA)
        return err_set(err, damage.kind, "%s", damage.text);
    log_warning("%s: it is made again from both sides", damage.text);
    return true;
}

bool
gather_see_record(struct gather *gather, int64_t number, const char *text, struct err *err)
{
    struct arena *scratch = arena_new();
    struct record *record;
    bool ok = read_record(gather, number, text, scratch, &record, err);

    if (ok)
        world_see_record(gather->world, number, record);
    arena_free(scratch);
    return ok;
}

bool
gather_see_task(struct gather *gather, const char *page_id, const char *text, struct err *err)
{
    struct arena *scratch = arena_new();
    struct record *record;
    bool ok = read_record(gather, page_key(page_id), text, scratch, &record, err);

    if (ok)
        world_see_task(gather->world, page_id, record);
    arena_free(scratch);
    return ok;
}

static void
focus_touched(struct gather *gather, const struct touched_list *touched)
{
    for (size_t i = 0; i < touched->len; i++) {
        const struct touched *one = &touched->items[i];
        bool moves = one->is_pull && gather->config->follows_progress;
        bool focus = !one->is_pull || gather->config->pull_requests != PULLS_NONE;
        int64_t before = gather->has_cursor ? cursor_blockers(&gather->cursor, one->number) : -1;

        /* GitHub does not report an issue as changed if only its blockers changed. */
        if (before >= 0 && one->blockers >= 0 && before != one->blockers)
            world_issue(gather->world, one->number)->focus = true;
        if (one->updated_at < gather->cursor.github_watermark || !(focus || moves))
            continue;
        world_issue(gather->world, one->number)->focus |= focus;
        world_issue(gather->world, one->number)->touched |= moves;
        if (gather->oldest_issue == 0 || one->updated_at < gather->oldest_issue)
            gather->oldest_issue = one->updated_at;
    }
}

/* The overview shows the newest changes. If the cursor is further back, this lists the rest. */
static bool
list_touched(struct gather *gather, bool pulls, struct err *err)
{
    int64_t reaches = pulls ? gather->overview.pulls_since : gather->overview.issues_since;
    struct touched_list list = {0};
    bool ok;

    if (reaches <= gather->cursor.github_watermark ||
        (pulls && gather->config->pull_requests == PULLS_NONE && !gather->config->follows_progress))
        return true;
    ok = github_list_touched(gather->github, pulls, gather->cursor.github_watermark, &list, err);
    if (ok)
        focus_touched(gather, &list);
    vec_free(&list);
    return ok;
}

void
gather_turns(struct gather *gather)
{
    const struct cursor *cursor = &gather->cursor;

    for (size_t i = 0; gather->has_cursor && i < cursor->n_numbers; i++) {
        struct issue_entry *number = world_find_issue(gather->world, cursor->numbers[i]);

        if (number != NULL)
            number->turn = (unsigned)i + 1;
    }
    for (size_t i = 0; gather->has_cursor && i < cursor->n_pages; i++) {
        struct page_entry *entry = world_find_page(gather->world, cursor->pages[i]);

        if (entry != NULL)
            entry->turn = (unsigned)i + 1;
    }
}

/* Takes as much of what earlier passes left as there is time to read. Due comments stay in
 * ascending order. */
static void
focus_again(struct gather *gather)
{
    const struct cursor *cursor = &gather->cursor;
    size_t minutes = (size_t)gather->config->max_runtime;

    for (size_t i = 0; i < cursor->n_numbers && i < AGAIN_NUMBERS * minutes; i++)
        world_issue(gather->world, cursor->numbers[i])->focus = true;
    for (size_t i = 0; i < cursor->n_pages && i < AGAIN_PAGES * minutes; i++)
        world_page(gather->world, cursor->pages[i])->focus = true;
    gather_turns(gather);
    for (size_t i = 0; i < cursor->n_comments && i < PLAN_LINK_COMMENTS; i++)
        world_issue(gather->world, cursor->comments[cursor->n_comments - 1 - i])->focus = true;
}

/* Asks Notion for edits since the cursor. One row is enough to know that there are any. */
static bool
list_edited(struct gather *gather, int max_pages, struct page_list *pages, struct err *err)
{
    const struct page_query query = {.edited_since = gather->cursor.notion_watermark,
                                     .max_pages = max_pages};
    int64_t before = http_server_time(notion_service(gather->notion));
    bool complete;

    if (!notion_query(gather->notion, &query, gather->arena, pages, &complete, err))
        return false;
    /* Edits during a long listing belong to the next pass, so the time before the listing counts.
     * If nothing was asked before, the listing was a single request, and the time of its answer
     * counts. */
    if (gather->notion_time == 0)
        gather->notion_time =
            before != 0 ? before : http_server_time(notion_service(gather->notion));
    gather->rules.notion_time = gather->notion_time;
    if (!complete && max_pages == 0)
        log_warning(
            "Notion did not list everything that was edited: the next full run finds the rest");
    return true;
}

static bool
see_edited(struct gather *gather, struct err *err)
{
    struct page_list pages = {0};
    bool ok = list_edited(gather, 0, &pages, err);

    for (size_t i = 0; ok && i < pages.len; i++) {
        int64_t edited_at = pages.items[i]->edited_at;

        if (gather->oldest_page == 0 || edited_at < gather->oldest_page)
            gather->oldest_page = edited_at;
    }
    ok = ok && gather_see_pages(gather, &pages, true, err);
    vec_free(&pages);
    return ok;
}

bool
gather_changes(struct gather *gather, struct err *err)
{
    struct page_list first = {0};
    bool ok;

    focus_touched(gather, &gather->overview.touched);
    if (!list_touched(gather, false, err) || !list_touched(gather, true, err))
        return false;
    focus_again(gather);
    if (world_is_empty(gather->world)) {
        /* Most passes end here, without reading the schema. Only a changed page needs it. */
        ok = list_edited(gather, 1, &first, err);
        if (!ok || first.len == 0) {
            vec_free(&first);
            return ok;
        }
        vec_free(&first);
    }
    return gather_bind(gather, err) && see_edited(gather, err);
}
