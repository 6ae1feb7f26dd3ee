#include "apply/job.h"

#include <stdarg.h>

#include "base/clock.h"
#include "state/record.h"

bool
pause_for(int64_t milliseconds, struct err *err)
{
    return clock_sleep_until(clock_now() + milliseconds) ||
           err_set(err, ERR_STOPPED, "interrupted while waiting");
}

bool
pause_to_look(int try, struct err *err)
{
    return err->kind == ERR_AMBIGUOUS && try < CREATE_TRIES && pause_for(LOOK_AFTER, err);
}

const struct rules *
rules_now(const struct gather *gather, struct arena *arena)
{
    struct rules *rules;

    if (!notion_lacks_dialect(gather->notion))
        return &gather->rules;
    rules = arena_memdup(arena, &gather->rules, sizeof(*rules));
    rules->on[FIELD_BODY] = false;
    return rules;
}

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
    /* The first failure is the most informative. */
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
job_decide(struct job *job, const struct issue *issue, const struct page *page)
{
    size_t changes = item_changes(job->item);

    job->item =
        reconcile_again(job->item, issue, page, rules_now(job->gather, job->arena), job->arena);
    /* Its text may have been left out. */
    job->again = job->again || notion_lacks_dialect(job->gather->notion);
    job->result->refused = job->item->refused;
    job->outcome.issue = issue;
    job->outcome.page = page;
    job->next = 0;
    /* max_changes counted what the plan contained. */
    if (job->item->body.lacks_base ||
        (job->gather->config->max_changes > 0 && item_changes(job->item) > changes))
        job_postpone(job);
}

struct values
job_values(const struct job *job, enum side side, struct field_set wanted)
{
    const struct field_plan *plans = job->item->fields;
    struct value all[FIELD_ROOM] = {{.kind = VALUE_ABSENT}};

    for (enum field f = 0; f < job->item->rules->fields->n; f++)
        if (field_set_has(wanted, f) && plans[f].write[side])
            all[f] = plans[f].value[side];
    return values_pack(all, FIELD_ROOM, job->arena);
}

void
job_note(struct job *job, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    sayings_add(&job->result->notes, arena_vprintf(job->arena, format, args), job->arena);
    va_end(args);
}

/* Writes that follow the failed action did not happen either. */
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

void
job_remember(struct job *job)
{
    const struct record *record;
    bool more = false;

    if (job->finished || job->outcome.page == NULL ||
        (!job->result->created_page && (!job->wrote || job->item->row != ROW_LINKED)))
        return;
    fail_the_rest(job);
    for (size_t i = job->next; i < job->item->n_actions; i++)
        more = more || (job->item->actions[i].kind == ACTION_COMMENT &&
                        job->item->actions[i].comment != COMMENT_LINK);
    /* The next pass posts the rest, because it finds what was announced and done. */
    if (!job->result->created_page && more) {
        record = reconcile_leave(job->item, &job->outcome, job->arena);
        if (record != NULL)
            session_add_file(job->session, state_record_path(job->arena, record->number),
                             record_write(job->arena, record, &job->gather->sealing));
        return;
    }
    record = reconcile_settle(job->item, &job->outcome, job->arena);
    if (record == NULL)
        return;
    job->saved = true;
    session_add(job->session, record, true);
}

/* What the report must not list as written. */
static void
note_missed(struct job *job)
{
    const struct outcome *outcome = &job->outcome;
    struct result *result = job->result;

    if (outcome->issue != NULL)
        result->instead[SIDE_GITHUB] = &outcome->issue->values;
    if (outcome->page != NULL)
        result->instead[SIDE_NOTION] = &outcome->page->values;
    for (enum side s = 0; s < SIDE_COUNT; s++)
        for (enum field f = 0; f < job->item->rules->fields->n; f++)
            if (result->instead[s] != NULL && job->item->fields[f].write[s] &&
                (outcome->failed[s] || field_set_has(outcome->refused[s], f)))
                field_set_add(&result->missed[s], f);
}

void
job_finish(struct job *job)
{
    const struct item *item = job->item;
    struct result *result = job->result;
    const struct record *record;

    job->finished = true;
    if (result->done == DONE_PLANNED)
        result->done = DONE_OK;
    else
        fail_the_rest(job);
    note_missed(job);
    if (result->done == DONE_OK)
        result->conflicts += item_conflicts(item);
    job->outcome.ended = item->ends_link && result->done == DONE_OK;
    /* A merge that this action does not do is tried again as soon as it is allowed. */
    if (item->refused != NULL && result->done == DONE_OK) {
        job->outcome.tried_head = issue_pull(item->issue)->head_sha;
        job->outcome.tried_state = "";
    }
    if (item->row == ROW_E1_NEW_ISSUE && job->outcome.issue == NULL)
        return;
    if (item->row == ROW_E3_NEW_PAGE && job->outcome.page == NULL)
        return;
    if (!item->saves && result->done == DONE_OK && !job->merge_refused)
        return;
    if (result->done == DONE_REMAINING)
        return;
    record = reconcile_settle(item, &job->outcome, job->arena);
    if (record == NULL)
        return;
    job->saved = true;
    session_add(job->session, record, !record->tombstone || item->record == NULL);
}
