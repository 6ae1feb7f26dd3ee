#include "apply/look.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/parallel.h"

bool
read_content(struct gather *gather, const struct page *page, struct arena *arena,
             struct page **read, struct err *err)
{
    struct value text = {0};

    *read = arena_memdup(arena, page, sizeof(*page));
    if (!notion_read_content(gather->notion, page->id, arena, &text, &(*read)->content, err))
        return false;
    values_put(&(*read)->values, FIELD_BODY, text, arena);
    return true;
}

bool
look_at_content(struct job *job, struct err *err)
{
    struct page *page;

    if (!notion_lacks_dialect(job->gather->notion) &&
        read_content(job->gather, job->item->page, job->arena, &page, err)) {
        job_decide(job, job->item->issue, page);
        return true;
    }
    if (notion_lacks_dialect(job->gather->notion)) {
        job_decide(job, job->item->issue, job->item->page);
        return true;
    }
    if (err->kind != ERR_NOT_FOUND)
        return false;
    job_postpone(job);
    return true;
}

bool
look_at_issues(struct gather *gather, const struct item *const *items, size_t n,
               struct arena *arena, struct issue **issues, struct err *err)
{
    int64_t *numbers = arena_array(arena, n, sizeof(*numbers));
    struct issue **read = arena_array(arena, n, sizeof(struct issue *));
    struct github_batch batch = {.numbers = numbers, .issues = read};
    size_t taken = 0;

    for (size_t i = 0; i < n; i++) {
        issues[i] = NULL;
        if (items[i]->body.looks_issue)
            numbers[batch.n_numbers++] = items[i]->number;
    }
    if (batch.n_numbers > 0 && !github_read_batch(gather->github, &batch, arena, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (items[i]->body.looks_issue)
            issues[i] = read[taken++];
    return true;
}

bool
look_ahead(struct gather *gather, const struct item *item, const struct issue *issue,
           struct arena *arena, const struct item **decided, struct err *err)
{
    const struct page *page = item->page;
    struct page *read;

    if (item->body.looks_page && !notion_lacks_dialect(gather->notion)) {
        if (read_content(gather, page, arena, &read, err))
            page = read;
        else if (!notion_lacks_dialect(gather->notion))
            return false;
    }
    *decided = reconcile_again(item, issue != NULL ? issue : item->issue, page,
                               rules_now(gather, arena), arena);
    return true;
}

bool
content_is_stale(const struct content *content)
{
    return content->hash != NULL && clock_now() - content->seen_at > FRESH_FOR;
}

/* A query's answer may be out of date: an apparent edit may be the page from before our own last
 * write. */
static bool
page_is_stale(const struct job *job)
{
    const struct item *item = job->item;
    bool rests = item->row == ROW_E4_ADOPT || item->row == ROW_E10_UNLINK;

    if (item->page == NULL || (item->n_actions == 1 && item->actions[0].kind == ACTION_LOOK))
        return false;
    /* Somebody may have edited the page while the pass waited for it. */
    if (item->row == ROW_E1_NEW_ISSUE && item->met_at != 0 && job->page_read == item->page->read_at)
        return true;
    /* The link comment of an existing link needs only the page's name, and a look at the content
     * needs only its id. Everything else depends on what the page says. */
    for (size_t i = 0; i < item->n_actions; i++)
        rests =
            rests ||
            (item->actions[i].kind != ACTION_LOOK && item->actions[i].kind != ACTION_SHOW_PAGE &&
             (item->actions[i].kind != ACTION_COMMENT || item->actions[i].comment != COMMENT_LINK));
    return clock_now() - job->page_read > FRESH_FOR || (!item->page->direct && rests);
}

/* The facts behind the row must still hold. If not, the next pass finds out what happened. */
static bool
row_still_holds(const struct item *item, const struct page *page)
{
    if (page == NULL)
        return true;
    if (page->archived)
        return false;
    switch (item->row) {
    case ROW_E1_NEW_ISSUE:
    case ROW_E2_RECOVER:
    case ROW_E14_TASK:
        return !page->gone && !page->foreign && page->number == 0;
    case ROW_E12_RESUME:
        return !page->gone && !page->foreign && (page->number == 0 || page->number == item->number);
    case ROW_E4_ADOPT:
    case ROW_LINKED:
        /* If the column was made again, the number must still be filled in. */
        return !page->gone && !page->foreign &&
               (page->number == item->number ||
                (page->number == 0 && item->page != NULL && item->page->number == 0));
    case ROW_E10_UNLINK:
        if (page->unread)
            return false;
        return page->gone || page->foreign || page->number != item->number;
    default:
        return true;
    }
}

/* Reads the page and its content again if the last read is too old. */
static bool
refresh_page(struct job *job, const struct page **page, struct err *err)
{
    const struct page *before = job->item->page;
    struct page *now;

    *page = before;
    if (page_is_stale(job)) {
        if (!notion_get_page(job->gather->notion, job->item->page_id, job->arena, &now, err))
            return false;
        job->page_read = clock_now();
        now->content = before->content;
        /* Nobody has edited the page since its content was read. The next pass finds an edit in
         * that very minute, and a write to a page is compared with it block by block. */
        if (now->edited_at == before->edited_at && strcmp(now->edited_by, before->edited_by) == 0)
            now->content.seen_at = clock_now();
        values_put(&now->values, FIELD_BODY, *value_of(&before->values, FIELD_BODY), job->arena);
        *page = now;
    }
    if (*page == NULL || !content_is_stale(&(*page)->content))
        return true;
    if (!read_content(job->gather, *page, job->arena, &now, err))
        return false;
    *page = now;
    return true;
}

bool
job_refresh(struct job *job, struct err *err)
{
    const struct item *before = job->item;
    const struct issue *issue = job->fresh_issue != NULL ? job->fresh_issue : before->issue;
    const struct page *page;

    if (!refresh_page(job, &page, err)) {
        if (err->kind != ERR_NOT_FOUND)
            return false;
        job_postpone(job);
    } else if (job->ended || !row_still_holds(before, page)) {
        job_postpone(job);
    } else if (issue != before->issue || page != before->page) {
        job_decide(job, issue, page);
    }
    return true;
}

/* Contents that are read before the lock is taken, several at a time. */
struct looking {
    struct gather *gather;
    const struct item **items;
    struct page **pages; /* NULL if there is no need to read it */
    bool *read;
    int64_t until;
};

static void
look_early(void *context, size_t index, size_t worker)
{
    struct looking *looking = context;
    const struct item *item = looking->items[index];
    struct err err;

    looking->pages[index] = NULL;
    looking->read[index] = clock_now() < looking->until;
    if (looking->read[index] && item->body.looks_page &&
        !read_content(looking->gather, item->page, looking->gather->lanes[worker],
                      &looking->pages[index], &err)) {
        log_debug("#%lld: %s: its text is read later", (long long)item->number, err.text);
        looking->read[index] = false;
    }
}

void
look_before(struct gather *gather, struct plan *plan, int64_t most)
{
    const struct item *items[LOOK_BEFORE_MAX];
    struct issue *issues[LOOK_BEFORE_MAX];
    struct page *pages[LOOK_BEFORE_MAX];
    size_t places[LOOK_BEFORE_MAX];
    bool read[LOOK_BEFORE_MAX];
    int64_t start = clock_now();
    struct looking looking = {gather, items, pages, read, start + most / 2};
    struct err err;
    size_t n = 0;

    for (size_t i = 0; i < plan->items.len && n < LOOK_BEFORE_MAX; i++)
        if (plan->items.items[i]->body.looks_page || plan->items.items[i]->body.looks_issue) {
            places[n] = i;
            items[n++] = plan->items.items[i];
        }
    if (n == 0 || !look_at_issues(gather, items, n, gather->arena, issues, &err))
        return;
    parallel_for(n, GATHER_LANES, look_early, &looking);
    for (size_t i = 0; i < n; i++) {
        const struct item *again;

        if (!read[i] || clock_now() >= start + most ||
            (issues[i] == NULL && items[i]->body.looks_issue))
            continue;
        again = reconcile_again(items[i], issues[i] != NULL ? issues[i] : items[i]->issue,
                                pages[i] != NULL ? pages[i] : items[i]->page, &gather->rules,
                                gather->arena);
        if (!again->body.lacks_base)
            plan->items.items[places[i]] = again;
    }
}
