#include <string.h>

#include "apply/comment_text.h"
#include "apply/content.h"
#include "apply/create.h"
#include "apply/issue.h"
#include "apply/job.h"
#include "apply/page.h"
#include "apply/quote.h"
#include "base/clock.h"
#include "base/log.h"
#include "reconcile/comment.h"
#include "reconcile/pull.h"

static bool
post(struct apply *apply, struct job *job, enum comment_kind kind, const char *text,
     struct arena *arena, struct err *err)
{
    int64_t number = job->outcome.issue->number;
    char *marker = comment_marker(job->item, kind, arena);
    int64_t id = 0;

    for (int try = 1; id == 0; try++) {
        struct own_comments there = {0};

        if (github_comment(apply->gather->github, number, text, marker, &id, err))
            break;
        if (err->kind != ERR_AMBIGUOUS || try == CREATE_TRIES || !pause_for(LOOK_AFTER, err) ||
            !github_read_own_comments(apply->gather->github, &number, 1, arena, &there, err))
            return false;
        for (size_t i = job->item->n_comments; i < there.len; i++)
            if (there.items[i].counts && strcmp(there.items[i].marker, marker) == 0)
                id = there.items[i].id;
    }
    job->result->comments++;
    job->stale = field_set_or(job->stale, job->item->rules->fields->after_comment);
    if (kind == COMMENT_LINK)
        job->outcome.link_comment = id;
    return true;
}

static const char *
page_title(const struct job *job)
{
    const struct value *title =
        job->outcome.page != NULL ? value_of(&job->outcome.page->values, FIELD_TITLE) : NULL;

    return title != NULL && title->kind == VALUE_TEXT ? title->text : job->item->title;
}

/* The name of a person in Notion, if it may be shown on GitHub; NULL: it may not, or is not
 * known. */
static const char *
name_for_github(struct apply *apply, const char *user, struct arena *arena)
{
    return apply->gather->rules.held_back || *user == '\0'
               ? NULL
               : notion_user_name(apply->gather->notion, user, arena);
}

/* Who wrote the row that the issue was made for. */
static const char *
row_author(struct apply *apply, const struct job *job, struct arena *arena)
{
    const struct item *item = job->item;
    const struct page *page = job->outcome.page != NULL ? job->outcome.page : item->page;
    bool made = item->row == ROW_E1 || (item->issue != NULL && item->issue->marker != NULL &&
                                        strcmp(item->issue->marker, item->page_id) == 0);

    return made && page != NULL ? name_for_github(apply, page->created_by, arena) : NULL;
}

static bool
comment(struct apply *apply, struct job *job, enum comment_kind kind, struct arena *arena,
        struct err *err)
{
    const struct item *item = job->item;
    struct comment_change change = {0};
    const char *text = NULL;

    if (kind == COMMENT_STATUS || kind == COMMENT_MERGED) {
        change.who = name_for_github(apply, item->page->edited_by, arena);
        change.when = item->page->edited_at;
    }
    if ((kind == COMMENT_STATUS || kind == COMMENT_MERGED) && item->fields[FIELD_STATUS].waits)
        return true;
    switch (kind) {
    case COMMENT_LINK:
        text = comment_text_link(arena, job->outcome.issue->is_pull, page_title(job),
                                 job->outcome.page != NULL ? job->outcome.page->url : NULL,
                                 row_author(apply, job, arena), &apply->gather->rules);
        break;
    case COMMENT_STATUS:
    case COMMENT_MERGED:
        if (kind == COMMENT_MERGED && !job->result->merged && !item->issue->pull.merged_by_viewer)
            return true;
        text = item->closer != NULL
                   ? comment_text_closer(arena, item->closer)
                   : comment_text_status(arena, item, &change, kind == COMMENT_MERGED);
        break;
    case COMMENT_CONFLICT:
        return quote_on_github(apply, job, arena, err);
    case COMMENT_REFUSED:
        text = comment_text_refused(arena, item, job->result->refused);
        break;
    case COMMENT_ENDED:
        text = comment_text_ended(arena, item);
        break;
    case COMMENT_VOID:
        text = comment_text_void(arena, item);
        break;
    case COMMENT_ASKED:
        text = comment_text_asked(arena, item);
        break;
    }
    if (post(apply, job, kind, text, arena, err))
        return true;
    /* A conversation that is locked, full or closed to us accepts no comments. */
    if (err->kind != ERR_REFUSED)
        return false;
    log_warning("#%lld: %s", (long long)item->number, err->text);
    item_note(
        job->item,
        "GitHub did not take a comment: is the conversation locked or full, or the token's owner "
        "blocked?",
        arena);
    return true;
}

static const char *
merge_method(const struct config *config)
{
    switch (config->merge_method) {
    case MERGE_SQUASH:
        return "squash";
    case MERGE_REBASE:
        return "rebase";
    case MERGE_COMMIT:
        break;
    }
    return "merge";
}

/* The page keeps asking for it; the record stores the head and state at which that was tried. */
static void
merge_was_tried(struct job *job)
{
    const struct pull *pull = &job->item->issue->pull;

    job->merge_refused = true;
    job->outcome.tried_head = pull->head_sha;
    job->outcome.tried_state = pull->merge_state != NULL ? pull->merge_state : "UNKNOWN";
}

static bool
merge_refused(struct apply *apply, struct job *job, const char *reason, struct arena *arena,
              struct err *err)
{
    merge_was_tried(job);
    job->again = true;
    job->result->refused = reason;
    return comment_find(job->item, COMMENT_REFUSED, arena) != NULL ||
           comment(apply, job, COMMENT_REFUSED, arena, err);
}

static bool
disarm_pull(struct apply *apply, struct job *job, struct arena *arena, struct err *err)
{
    const char *node = job->item->issue->pull.node_id;

    if (node == NULL)
        return true;
    if (!github_disarm_merge(apply->gather->github, node, err))
        return false;
    job->stale = job->item->rules->fields->after_write;
    item_note(job->item,
              "auto-merge was taken back: the page is open again, or did not ask for what the pull "
              "request is now",
              arena);
    return true;
}

/* Has GitHub merge it when it can. *ready: it can now, so it is merged like any other. */
static bool
arm_pull(struct apply *apply, struct job *job, struct arena *arena, bool *ready, struct err *err)
{
    const struct pull *pull = &job->item->issue->pull;
    const char *refused;

    if (pull->node_id == NULL)
        return err_set(err, ERR_DATA, "GitHub did not give the id of pull request #%lld",
                       (long long)job->item->number);
    if (!github_arm_merge(apply->gather->github, pull->node_id, pull->head_sha,
                          merge_method(apply->gather->config), arena, &refused, ready, err))
        return false;
    if (*ready)
        return true;
    if (refused != NULL)
        return merge_refused(apply, job, refused, arena, err);
    merge_was_tried(job);
    job->stale = job->item->rules->fields->after_write;
    item_note(job->item,
              "GitHub merges the pull request as soon as nothing is in the way (auto-merge)",
              arena);
    return true;
}

/* What was read for the decision is read again if that was too long ago. *refused: why not. */
static bool
merge_is_allowed(struct apply *apply, struct job *job, bool arms, struct arena *arena,
                 const char **refused, struct err *err)
{
    const struct config *config = apply->gather->config;
    const struct merge_ask ask = {config->workflow_ref, config->run_id};
    struct merge_facts *facts;

    if (job->item->merge_facts == NULL ||
        clock_now() - job->item->merge_facts->read_at > FRESH_FOR) {
        facts = arena_alloc(arena, sizeof(*facts));
        if (!github_read_merge_facts(apply->gather->github, job->item->number, &ask, arena, facts,
                                     err))
            return false;
        job->item->merge_facts = facts;
    }
    *refused = pull_obstacle(&job->item->issue->pull, job->item->merge_facts, arms, arena);
    return true;
}

static bool
merge_pull(struct apply *apply, struct job *job, struct arena *arena, struct err *err)
{
    const char *head = job->item->issue->pull.head_sha;
    bool arms = apply->gather->config->pull_request_done == PULL_DONE_AUTO_MERGE;
    const char *refused;
    struct issue *now;

    if (head == NULL)
        return err_set(err, ERR_DATA, "GitHub did not give the head of pull request #%lld",
                       (long long)job->item->number);
    if (!merge_is_allowed(apply, job, arms, arena, &refused, err))
        return false;
    if (refused != NULL)
        return merge_refused(apply, job, refused, arena, err);
    if (apply->gather->config->pull_request_done == PULL_DONE_AUTO_MERGE) {
        bool ready = false;

        if (!arm_pull(apply, job, arena, &ready, err))
            return false;
        if (!ready)
            return true;
        if (!merge_is_allowed(apply, job, false, arena, &refused, err))
            return false;
        if (refused != NULL)
            return merge_refused(apply, job, refused, arena, err);
    }
    if (!github_merge(apply->gather->github, job->item->number, head,
                      merge_method(apply->gather->config), arena, &refused, err))
        return false;
    if (refused != NULL)
        return merge_refused(apply, job, refused, arena, err);
    now = arena_memdup(arena, job->outcome.issue, sizeof(*now));
    values_put(&now->values, FIELD_STATUS, value_text(STATUS_MERGED), arena);
    values_put(&now->values, FIELD_STATE, value_text("Merged"), arena);
    job->outcome.issue = now;
    job->stale = job->item->rules->fields->after_write;
    job->result->merged = true;
    return true;
}

/* A comment that cannot be renewed still counts, by the record alone. */
static bool
renew_marker(struct apply *apply, struct job *job, struct arena *arena, struct err *err)
{
    const struct item *item = job->item;

    if (github_renew_marker(apply->gather->github, item->number, item->record->link_comment,
                            comment_marker(item, COMMENT_LINK, arena), err)) {
        job->outcome.renewed = true;
        return true;
    }
    if (err->kind >= ERR_STOPPED && err->kind != ERR_ACCESS)
        return false;
    log_debug("%s", err->text);
    err_clear(err);
    return true;
}

static bool
perform(struct apply *apply, struct job *job, const struct action *action, struct arena *arena,
        struct err *err)
{
    switch (action->kind) {
    case ACTION_LOOK:
        return look_at_content(apply, job, arena, err);
    case ACTION_CREATE_ISSUE:
        return create_issue(apply, job, arena, err);
    case ACTION_CREATE_PAGE:
        return create_page(apply, job, arena, err);
    case ACTION_COMMENT:
        return comment(apply, job, action->comment, arena, err);
    case ACTION_WRITE_ISSUE:
        return write_issue(apply, job, arena, err);
    case ACTION_MERGE_PULL:
        return job->item->fields[FIELD_STATUS].waits || merge_pull(apply, job, arena, err);
    case ACTION_QUOTE:
        return quote_on_page(apply, job, item_quotes(job->item, SIDE_NOTION), arena, err);
    case ACTION_RENEW_MARKER:
        return renew_marker(apply, job, arena, err);
    case ACTION_DISARM_PULL:
        return disarm_pull(apply, job, arena, err);
    case ACTION_WRITE_PAGE:
        return write_page(apply, job, arena, err);
    case ACTION_SHOW_PAGE:
        return show_page(apply, job, arena, err);
    case ACTION_WRITE_CONTENT:
        return job->item->fields[FIELD_BODY].waits || write_content(apply, job, arena, err);
    case ACTION_CLEAR_NUMBER:
        return clear_number(apply, job, arena, err);
    case ACTION_TRASH_PAGE:
        return trash_page(apply, job, err);
    case ACTION_KINDS:
        break;
    }
    return true;
}

/* A write to one side that failed does not keep the other side's fields from being written. */
static bool
goes_on_after(const struct action *action)
{
    return action->kind == ACTION_LOOK || action->kind == ACTION_WRITE_ISSUE ||
           action->kind == ACTION_MERGE_PULL;
}

bool
job_perform(struct apply *apply, struct job *job, struct arena *arena, struct err *err)
{
    const struct action *action = &job->item->actions[job->next++];
    enum side side = action_side(action->kind);
    bool writes = action->kind != ACTION_LOOK && action->kind != ACTION_COMMENT;
    bool done = perform(apply, job, action, arena, err);

    job->wrote = job->wrote || writes;
    /* A page's properties are one request, or several of which the first ones were answered. */
    job->reached[side] =
        job->reached[side] ||
        (writes && (done || action->kind != ACTION_WRITE_PAGE || !err->undone || job->wrote_page));
    if (done)
        return true;
    job->outcome.failed[side] = true;
    if (job_stops_pass(err))
        return false;
    job_fail(job, err);
    if (goes_on_after(action) && job->item->row == ROW_LINKED)
        job->ended = false;
    return true;
}
