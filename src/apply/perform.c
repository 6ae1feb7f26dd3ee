#include "apply/perform.h"

#include "apply/comment.h"
#include "apply/issue.h"
#include "apply/look.h"
#include "apply/page.h"
#include "base/clock.h"
#include "base/log.h"
#include "reconcile/comment.h"
#include "reconcile/pull.h"

static const char *const merge_methods[] = {
    [MERGE_SQUASH] = "squash", [MERGE_REBASE] = "rebase", [MERGE_COMMIT] = "merge"};

/* The page keeps asking for the merge. The record stores the head and state of this attempt. */
static void
merge_was_tried(struct job *job)
{
    const struct pull *pull = issue_pull(job->item->issue);

    job->merge_refused = true;
    job->outcome.tried_head = pull->head_sha;
    job->outcome.tried_state = pull->merge_state != NULL ? pull->merge_state : "UNKNOWN";
}

static bool
merge_refused(struct job *job, const char *reason, struct err *err)
{
    merge_was_tried(job);
    job->again = true;
    job->result->refused = reason;
    return comment_find(job->item, COMMENT_REFUSED, job->arena) != NULL ||
           comment_post(job, COMMENT_REFUSED, err);
}

static bool
disarm_pull(struct job *job, struct err *err)
{
    const char *node = issue_pull(job->item->issue)->node_id;

    if (node == NULL)
        return true;
    if (!github_disarm_merge(job->gather->github, node, err))
        return false;
    job->stale = job->item->rules->fields->after_write;
    job_note(job,
             "auto-merge was taken back: the page is open again, or did not ask for what the pull "
             "request is now");
    return true;
}

/* Has GitHub merge it as soon as it can. *ready: it can now, so it is merged like any other. */
static bool
arm_pull(struct job *job, bool *ready, struct err *err)
{
    const struct pull *pull = issue_pull(job->item->issue);
    const char *refused;

    if (pull->node_id == NULL)
        return err_set(err, ERR_DATA, "GitHub did not give the id of pull request #%lld",
                       (long long)job->item->number);
    if (!github_arm_merge(job->gather->github, pull->node_id, pull->head_sha,
                          merge_methods[job->gather->config->merge_method], job->arena, &refused,
                          ready, err))
        return false;
    if (*ready)
        return true;
    if (refused != NULL)
        return merge_refused(job, refused, err);
    merge_was_tried(job);
    job->stale = job->item->rules->fields->after_write;
    job_note(job, "GitHub merges the pull request as soon as nothing is in the way (auto-merge)");
    return true;
}

/* Whether nothing blocks the merge, by facts whose read is recent enough. Reports what blocks it;
 * the wish remains. */
static bool
merge_is_allowed(struct job *job, bool arms, bool *allowed, struct err *err)
{
    const struct config *config = job->gather->config;
    const struct merge_ask ask = {config->workflow_ref, config->run_id};
    struct merge_facts *facts;
    const char *refused;

    if (job->merge_facts == NULL || clock_now() - job->merge_facts->read_at > FRESH_FOR) {
        facts = arena_alloc(job->arena, sizeof(*facts));
        if (!github_read_merge_facts(job->gather->github, job->item->number, &ask, job->arena,
                                     facts, err))
            return false;
        job->merge_facts = facts;
    }
    refused = pull_obstacle(issue_pull(job->item->issue), job->merge_facts, arms, job->arena);
    *allowed = refused == NULL;
    return *allowed || merge_refused(job, refused, err);
}

static bool
merge_pull(struct job *job, struct err *err)
{
    const char *head = issue_pull(job->item->issue)->head_sha;
    bool arms = job->gather->config->pull_request_done == PULL_DONE_AUTO_MERGE;
    const char *refused;
    struct issue *now;
    bool goes_on;

    if (job->item->fields[FIELD_STATUS].waits)
        return true;
    if (head == NULL)
        return err_set(err, ERR_DATA, "GitHub did not give the head of pull request #%lld",
                       (long long)job->item->number);
    if (!merge_is_allowed(job, arms, &goes_on, err) ||
        (goes_on && arms && !arm_pull(job, &goes_on, err)) ||
        (goes_on && arms && !merge_is_allowed(job, false, &goes_on, err)))
        return false;
    if (!goes_on)
        return true;
    if (!github_merge(job->gather->github, job->item->number, head,
                      merge_methods[job->gather->config->merge_method], job->arena, &refused, err))
        return false;
    if (refused != NULL)
        return merge_refused(job, refused, err);
    now = arena_memdup(job->arena, job->outcome.issue, sizeof(*now));
    values_put(&now->values, FIELD_STATUS, value_text(STATUS_MERGED), job->arena);
    values_put(&now->values, FIELD_STATE, value_text("Merged"), job->arena);
    job->outcome.issue = now;
    job->stale = job->item->rules->fields->after_write;
    job->result->merged = true;
    return true;
}

/* A comment that cannot be renewed still counts, by the record alone. */
static bool
renew_marker(struct job *job, struct err *err)
{
    const struct item *item = job->item;

    if (github_renew_marker(job->gather->github, item->number, item->record->link_comment,
                            comment_marker(item, item->page_id, COMMENT_LINK, job->arena), err)) {
        job->outcome.renewed = true;
        return true;
    }
    if (job_stops_pass(err))
        return false;
    log_debug("%s", err->text);
    err_clear(err);
    return true;
}

/* All but the comments, whose texts differ. */
static bool (*const steps[ACTION_KINDS])(struct job *job, struct err *err) = {
    [ACTION_LOOK] = look_at_content,        [ACTION_CREATE_ISSUE] = create_issue,
    [ACTION_CREATE_PAGE] = create_page,     [ACTION_WRITE_ISSUE] = write_issue,
    [ACTION_MERGE_PULL] = merge_pull,       [ACTION_QUOTE] = comment_quote,
    [ACTION_RENEW_MARKER] = renew_marker,   [ACTION_DISARM_PULL] = disarm_pull,
    [ACTION_WRITE_PAGE] = write_page,       [ACTION_SHOW_PAGE] = show_page,
    [ACTION_WRITE_CONTENT] = write_content, [ACTION_CLEAR_NUMBER] = clear_number,
    [ACTION_TRASH_PAGE] = trash_page,
};

bool
job_perform(struct job *job, struct err *err)
{
    const struct action *action = &job->item->actions[job->next++];
    enum side side = action_side(action->kind);
    bool writes = action->kind != ACTION_LOOK && action->kind != ACTION_COMMENT;
    bool done = action->kind == ACTION_COMMENT ? comment_post(job, action->comment, err)
                                               : steps[action->kind](job, err);

    job->wrote = job->wrote || writes;
    /* A page's properties take one request, or several of which the first ones were answered. */
    job->reached[side] =
        job->reached[side] ||
        (writes && (done || action->kind != ACTION_WRITE_PAGE || !err->undone || job->wrote_page));
    if (done)
        return true;
    job->outcome.failed[side] = true;
    if (job_stops_pass(err))
        return false;
    job_fail(job, err);
    /* A failed write to one side does not block the other side's fields. */
    if (job->item->row == ROW_LINKED &&
        (action->kind == ACTION_LOOK || action->kind == ACTION_WRITE_ISSUE ||
         action->kind == ACTION_MERGE_PULL))
        job->ended = false;
    return true;
}
