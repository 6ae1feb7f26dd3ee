#include "apply/issue.h"

#include <string.h>

#include "apply/create.h"
#include "apply/parts.h"
#include "base/clock.h"
#include "model/lens.h"

/* What is known of the issue, with the values that GitHub answered. */
static void
issue_answered(struct job *job, const struct issue *answer, struct field_set fields,
               struct arena *arena)
{
    const struct fields *all = job->item->rules->fields;
    struct issue *now = arena_memdup(arena, job->outcome.issue, sizeof(*now));

    field_set_add(&fields, FIELD_ALL_LABELS);
    values_take(&now->values, &answer->values, field_set_or(fields, all->shown), arena);
    if (field_set_has(fields, FIELD_BODY) && answer->body_hash != NULL)
        now->body_hash = answer->body_hash;
    if (answer->updated_at > now->updated_at)
        now->updated_at = answer->updated_at;
    job->outcome.issue = now;
    /* An answer without a time covers the labels only. */
    job->stale = answer->updated_at != 0 ? (struct field_set){{0}} : all->after_write;
}

/* An issue whose text is to be replaced must still be as it was when that was decided. */
static bool
issue_is_still(struct apply *apply, const struct job *job, struct field_set fields,
               struct arena *arena, bool *still, struct err *err)
{
    const struct issue *before = job->outcome.issue;
    struct issue *now = NULL;
    struct github_batch batch = {.numbers = &before->number, .n_numbers = 1, .issues = &now};

    *still = true;
    if (!field_set_has(fields, FIELD_BODY) || clock_now() - before->read_at <= FRESH_FOR)
        return true;
    if (!github_read_batch(apply->gather->github, &batch, arena, err))
        return false;
    *still =
        now != NULL && now->body_hash != NULL && strcmp(now->body_hash, before->body_hash) == 0;
    return true;
}

/* What the creating request cannot carry. */
static struct field_set
after_creating(const struct item *item)
{
    bool closed = item->fields[FIELD_STATUS].write[SIDE_GITHUB] &&
                  status_is_closed(item->fields[FIELD_STATUS].value[SIDE_GITHUB].text);

    return closed ? field_set_or(field_set_of(FIELD_STATUS), item->rules->fields->after_creating)
                  : item->rules->fields->after_creating;
}

/* Writes some of the planned values, and notes what GitHub answered. */
static bool
write_values(struct apply *apply, struct job *job, const struct values *values, struct arena *arena,
             struct err *err)
{
    const struct item *item = job->item;
    struct issue_change change = {
        .values = *values,
        .labels_read = lens_labels(&job->outcome.issue->values),
        .page_id = item->record != NULL && !item->record->ended ? item->record->page_id : NULL};
    struct issue *answer;

    if (!change_milestone(apply, &change, err) ||
        !github_update_issue(apply->gather->github, job->outcome.issue, &change, arena, &answer,
                             err))
        return false;
    issue_answered(job, answer, values->has, arena);
    tell_not_taken(job->item, &change, answer, arena);
    if (field_set_has(values->has, FIELD_STATUS) && item->row != ROW_E1) {
        job->result->closed = status_is_closed(value_text_of(values, FIELD_STATUS));
        job->result->reopened = !job->result->closed;
    }
    job->result->updated_issue =
        job->result->updated_issue ||
        !field_set_is_empty(field_set_minus(values->has, field_set_of(FIELD_STATUS)));
    return true;
}

static bool
write_issue_part(struct parts *parts, const struct values *values, struct err *err)
{
    return write_values(parts->apply, parts->job, values, parts->arena, err);
}

bool
issue_in_parts(struct apply *apply, struct job *job, const struct values *values, bool made,
               struct arena *arena, struct err *err)
{
    struct parts parts = {.side = SIDE_GITHUB,
                          .job = job,
                          .rules = &apply->gather->rules,
                          .arena = arena,
                          .wanted = *values,
                          .write = write_issue_part,
                          .apply = apply,
                          .taken = made};

    return parts_write(&parts, err);
}

bool
write_issue(struct apply *apply, struct job *job, struct arena *arena, struct err *err)
{
    const struct item *item = job->item;
    bool merges = item_acts(item, ACTION_MERGE_PULL);
    const struct values values =
        planned_values(item, SIDE_GITHUB,
                       item->row == ROW_E1 ? after_creating(item)
                       : merges            ? field_set_minus(FIELDS_ALL, field_set_of(FIELD_STATUS))
                                           : FIELDS_ALL,
                       arena);
    bool still;

    if (field_set_is_empty(values.has))
        return true;
    if (!issue_is_still(apply, job, values.has, arena, &still, err))
        return false;
    if (!still) {
        job_postpone(job);
        return true;
    }
    return write_values(apply, job, &values, arena, err) ||
           (parts_may_help(SIDE_GITHUB, err) &&
            issue_in_parts(apply, job, &values, false, arena, err));
}
