#include "apply/job.h"

#include <string.h>

#include "apply/content.h"
#include "base/clock.h"
#include "state/record.h"

/* Issues that are read along with one whose time has come. */
#define REFRESH_MAX 50

bool
job_stops_pass(const struct err *err)
{
    return err->kind >= ERR_STOPPED && err->kind != ERR_ACCESS;
}

bool
job_posts(const struct item *item)
{
    for (size_t i = 0; i < item->n_actions; i++)
        if (item->actions[i].kind == ACTION_CREATE_ISSUE ||
            item->actions[i].kind == ACTION_COMMENT || item->actions[i].kind == ACTION_MERGE_PULL)
            return true;
    return false;
}

void
job_fail(struct job *job, const struct err *err)
{
    /* The first failure says the most. */
    if (job->result->done != DONE_FAILED)
        job->result->err = *err;
    job->result->done = DONE_FAILED;
    job->again = true;
    job->ended = true;
}

void
job_postpone(struct job *job)
{
    job->result->done = DONE_REMAINING;
    job->again = true;
    job->ended = true;
}

void
job_decide(struct apply *apply, struct job *job, const struct issue *issue, const struct page *page,
           struct arena *arena)
{
    size_t changes = item_changes(job->item);

    job->item = reconcile_again(job->item, issue, page, content_rules(apply->gather, arena), arena);
    /* Its text may have been left out. */
    job->again = job->again || notion_lacks_dialect(apply->gather->notion);
    job->result->item = job->item;
    job->result->refused = job->item->refused;
    job->outcome.issue = issue;
    job->outcome.page = page;
    job->next = 0;
    /* max_changes counted what the plan held. */
    if (job->item->body.lacks_base ||
        (apply->gather->config->max_changes > 0 && item_changes(job->item) > changes))
        job_postpone(job);
}

/* The link comment of an existing link needs only the page's name, and a look at the content only
 * its id; everything else is done because of what the page says. */
static bool
rests_on_page(const struct item *item)
{
    for (size_t i = 0; i < item->n_actions; i++)
        if (item->actions[i].kind != ACTION_LOOK && item->actions[i].kind != ACTION_SHOW_PAGE &&
            (item->actions[i].kind != ACTION_COMMENT || item->actions[i].comment != COMMENT_LINK))
            return true;
    return item->row == ROW_E4 || item->row == ROW_E10;
}

/* A query's answer may be older than it looks: what it shows as an edit may be what was there
 * before our own last write. */
static bool
page_is_stale(const struct job *job)
{
    const struct item *item = job->item;

    if (item->page == NULL || (item->n_actions == 1 && item->actions[0].kind == ACTION_LOOK))
        return false;
    /* A page that was waited for may have been edited in the meantime. */
    if (item->row == ROW_E1 && item->met_at != 0 && job->page_read == item->page->read_at)
        return true;
    return clock_now() - job->page_read > FRESH_FOR || (!item->page->direct && rests_on_page(item));
}

static bool
refresh_issues(struct apply *apply, struct job *job, struct arena *arena, struct err *err)
{
    struct job *stale[REFRESH_MAX];
    int64_t numbers[REFRESH_MAX];
    struct issue *issues[REFRESH_MAX];
    size_t n = lanes_stale(apply->lanes, job, stale, REFRESH_MAX);
    struct github_batch batch = {.numbers = numbers, .n_numbers = n, .issues = issues};

    if (n == 0)
        return true;
    for (size_t i = 0; i < n; i++)
        numbers[i] = stale[i]->item->number;
    if (!github_read_batch(apply->gather->github, &batch, arena, err))
        return false;
    lanes_refreshed(apply->lanes, stale, issues, n);
    return true;
}

/* What the row rests on must still hold; else the next pass finds out what has become of it. */
static bool
row_still_holds(const struct item *item, const struct page *page)
{
    if (page == NULL)
        return true;
    if (page->archived)
        return false;
    switch (item->row) {
    case ROW_E1:
    case ROW_E2:
    case ROW_E14:
        return !page->gone && !page->foreign && page->number == 0;
    case ROW_E12:
        return !page->gone && !page->foreign && (page->number == 0 || page->number == item->number);
    case ROW_E4:
    case ROW_LINKED:
        /* If the column was made again, the number is yet to be filled in. */
        return !page->gone && !page->foreign &&
               (page->number == item->number ||
                (page->number == 0 && item->page != NULL && item->page->number == 0));
    case ROW_E10:
        if (page->unread)
            return false;
        return page->gone || page->foreign || page->number != item->number;
    default:
        return true;
    }
}

static bool
refresh_page(struct apply *apply, struct job *job, struct arena *arena, const struct page **page,
             struct err *err)
{
    struct page *now;

    *page = job->item->page;
    if (!page_is_stale(job))
        return true;
    if (!notion_get_page(apply->gather->notion, job->item->page_id, arena, &now, err))
        return false;
    job->page_read = clock_now();
    now->content = job->item->page->content;
    /* Not edited since the content was read: an edit in that very minute is found by the next pass,
     * and what is written to a page is compared with it block by block. */
    if (now->edited_at == job->item->page->edited_at &&
        strcmp(now->edited_by, job->item->page->edited_by) == 0)
        now->content.seen_at = clock_now();
    values_put(&now->values, FIELD_BODY, *value_of(&job->item->page->values, FIELD_BODY), arena);
    *page = now;
    return true;
}

bool
job_refresh(struct apply *apply, struct job *job, struct arena *arena, struct err *err)
{
    const struct item *before = job->item;
    const struct issue *issue;
    const struct page *page;

    if (!refresh_issues(apply, job, arena, err))
        return false;
    issue = job->fresh_issue != NULL ? job->fresh_issue : before->issue;
    if (!refresh_page(apply, job, arena, &page, err) ||
        !refresh_content(apply, arena, &page, err)) {
        if (err->kind != ERR_NOT_FOUND)
            return false;
        job_postpone(job);
        return true;
    }
    if (job->ended || !row_still_holds(before, page)) {
        job_postpone(job);
        return true;
    }
    if (issue == before->issue && page == before->page)
        return true;
    job_decide(apply, job, issue, page, arena);
    return true;
}

/* What was to be written after the action that failed was not written either. */
static void
fail_the_rest(struct job *job)
{
    for (size_t i = job->next; i < job->item->n_actions; i++) {
        enum action_kind kind = job->item->actions[i].kind;

        if (kind != ACTION_COMMENT && kind != ACTION_QUOTE && kind != ACTION_RENEW_MARKER)
            job->outcome.failed[action_side(kind)] = true;
    }
    for (enum side s = 0; s < SIDE_COUNT; s++)
        job->outcome.untouched[s] = job->outcome.failed[s] && !job->reached[s];
    job->outcome.content_untouched = job->outcome.failed[SIDE_NOTION] && !job->wrote_content;
}

/* The next pass posts what is still to be posted, because it finds what was announced and done. */
static bool
has_more_to_say(const struct job *job)
{
    for (size_t i = job->next; i < job->item->n_actions; i++)
        if (job->item->actions[i].kind == ACTION_COMMENT &&
            job->item->actions[i].comment != COMMENT_LINK)
            return true;
    return false;
}

void
job_remember(struct apply *apply, struct job *job, struct arena *arena)
{
    const struct record *record;

    if (job->finished || job->outcome.page == NULL ||
        (!job->result->created_page && (!job->wrote || job->item->row != ROW_LINKED)))
        return;
    fail_the_rest(job);
    if (!job->result->created_page && has_more_to_say(job)) {
        record = reconcile_leave(job->item, &job->outcome, arena);
        if (record != NULL)
            session_add_file(apply->session, state_record_path(arena, record->number),
                             record_write(arena, record, &apply->gather->sealing));
        return;
    }
    record = reconcile_settle(job->item, &job->outcome, &apply->gather->rules, arena);
    if (record == NULL)
        return;
    job->saved = true;
    session_add(apply->session, record, true);
}

void
job_finish(struct apply *apply, struct job *job, struct arena *arena)
{
    const struct item *item = job->item;
    struct result *result = job->result;
    const struct record *record;

    job->finished = true;
    if (result->done == DONE_PLANNED)
        result->done = DONE_OK;
    else
        fail_the_rest(job);
    if (result->done == DONE_OK)
        result->conflicts += item_conflicts(item);
    job->outcome.ended = item->ends_link && result->done == DONE_OK;
    /* What this action does not merge is tried again as soon as that is allowed. */
    if (item->refused != NULL && result->done == DONE_OK) {
        job->outcome.tried_head = item->issue->pull.head_sha;
        job->outcome.tried_state = "";
    }
    if (item->row == ROW_E1 && job->outcome.issue == NULL)
        return;
    if (item->row == ROW_E3 && job->outcome.page == NULL)
        return;
    if (!item->saves && result->done == DONE_OK && !job->merge_refused)
        return;
    if (result->done == DONE_REMAINING)
        return;
    record = reconcile_settle(item, &job->outcome, &apply->gather->rules, arena);
    if (record == NULL)
        return;
    job->saved = true;
    session_add(apply->session, record, !record->ended || item->record == NULL);
}
