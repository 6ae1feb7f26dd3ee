#include "apply/issue.h"

#include <string.h>

#include "apply/create.h"
#include "apply/parts.h"
#include "base/clock.h"

/* What is known of the issue, with the values that GitHub answered. */
static void
issue_answered(struct job *job, const struct issue *answer, unsigned fields, struct arena *arena)
{
    struct issue *now = arena_memdup(arena, job->outcome.issue, sizeof(*now));

    for (unsigned f = 0; f < FIELD_COUNT; f++)
        if (((fields & 1U << f) != 0 || field_table[f].direction == TO_NOTION) &&
            answer->values[f].kind != VALUE_ABSENT)
            now->values[f] = answer->values[f];
    if ((fields & 1U << FIELD_BODY) != 0 && answer->body_hash != NULL)
        now->body_hash = answer->body_hash;
    if (answer->updated_at > now->updated_at)
        now->updated_at = answer->updated_at;
    job->outcome.issue = now;
    /* An answer without a time tells of the labels only. */
    job->stale = answer->updated_at != 0 ? 0 : FIELDS_AFTER_WRITE;
}

/* An issue whose text is to be replaced must still be as it was when that was decided. */
static bool
issue_is_still(struct apply *apply, const struct job *job, unsigned fields, struct arena *arena,
               bool *still, struct err *err)
{
    const struct issue *before = job->outcome.issue;
    struct issue *now = NULL;
    struct github_batch batch = {.numbers = &before->number, .n_numbers = 1, .issues = &now};

    *still = true;
    if ((fields & 1U << FIELD_BODY) == 0 || clock_now() - before->read_at <= FRESH_FOR)
        return true;
    if (!github_read_batch(apply->gather->github, &batch, arena, err))
        return false;
    *still =
        now != NULL && now->body_hash != NULL && strcmp(now->body_hash, before->body_hash) == 0;
    return true;
}

/* What the creating request cannot carry. */
static unsigned
after_creating(const struct item *item)
{
    bool closed = item->fields[FIELD_STATUS].write[SIDE_GITHUB] &&
                  status_is_closed(item->fields[FIELD_STATUS].value[SIDE_GITHUB].text);

    return (closed ? 1U << FIELD_STATUS : 0) | FIELDS_AFTER_CREATING;
}

/* Writes some of the planned values, and notes what GitHub answered. */
static bool
write_values(struct apply *apply, struct job *job, unsigned fields, const struct value *values,
             struct arena *arena, struct err *err)
{
    const struct item *item = job->item;
    struct issue_change change = {
        .fields = fields,
        .values = values,
        .labels_read = &job->outcome.issue->values[FIELD_LABELS],
        .page_id = item->record != NULL && !item->record->ended ? item->record->page_id : NULL};
    struct issue *answer;

    if (!change_milestone(apply, &change, err) ||
        !github_update_issue(apply->gather->github, job->outcome.issue, &change, arena, &answer,
                             err))
        return false;
    issue_answered(job, answer, fields, arena);
    tell_not_taken(job->item, &change, answer, arena);
    if (fields & 1U << FIELD_STATUS && item->row != ROW_E1) {
        job->result->closed = status_is_closed(values[FIELD_STATUS].text);
        job->result->reopened = !job->result->closed;
    }
    job->result->updated_issue =
        job->result->updated_issue || (fields & ~(1U << FIELD_STATUS)) != 0;
    return true;
}

static bool
write_issue_part(struct parts *parts, unsigned fields, const struct value *values, struct err *err)
{
    return write_values(parts->apply, parts->job, fields, values, parts->arena, err);
}

bool
issue_in_parts(struct apply *apply, struct job *job, unsigned fields, const struct value *values,
               bool made, struct arena *arena, struct err *err)
{
    struct parts parts = {.side = SIDE_GITHUB,
                          .job = job,
                          .rules = &apply->gather->rules,
                          .arena = arena,
                          .wanted = values,
                          .write = write_issue_part,
                          .apply = apply,
                          .taken = made};

    return parts_write(&parts, fields, err);
}

bool
write_issue(struct apply *apply, struct job *job, struct arena *arena, struct err *err)
{
    const struct item *item = job->item;
    bool merges = item_acts(item, ACTION_MERGE_PULL);
    struct value values[FIELD_COUNT];
    unsigned fields = planned_values(item, SIDE_GITHUB,
                                     item->row == ROW_E1 ? after_creating(item)
                                     : merges            ? ~(1U << FIELD_STATUS)
                                                         : ~0U,
                                     values);
    bool still;

    if (fields == 0)
        return true;
    if (!issue_is_still(apply, job, fields, arena, &still, err))
        return false;
    if (!still) {
        job_postpone(job);
        return true;
    }
    return write_values(apply, job, fields, values, arena, err) ||
           (parts_may_help(SIDE_GITHUB, err) &&
            issue_in_parts(apply, job, fields, values, false, arena, err));
}
