#include "apply/issue.h"

#include <string.h>

#include "apply/parts.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"
#include "model/lens.h"

/* Finds the number of the planned milestone, and makes the milestone if GitHub lacks it. */
static bool
change_milestone(struct gather *gather, struct issue_change *change, struct err *err)
{
    const struct choices *choices = gather->rules.choices;
    const char *title = value_text_of(&change->values, FIELD_MILESTONE);

    if (title == NULL || *title == '\0')
        return true;
    for (size_t i = 0; choices != NULL && i < choices->n_milestones; i++)
        if (strcmp(choices->milestones[i].title, title) == 0) {
            change->milestone = choices->milestones[i].number;
            return true;
        }
    for (int try = 1; !github_make_milestone(gather->github, title, &change->milestone, err); try++)
        if (!pause_to_look(try, err))
            return false;
    return true;
}

/* Values that GitHub drops silently, and why it may. The value is between `before` and `after` if
 * there is an `after`. */
static const struct {
    enum field field;
    bool made; /* only from the request that makes the issue */
    const char *before, *after, *why;
} dropped[] = {
    {FIELD_LABELS, true, "all labels", NULL, "the token needs push access to set them"},
    {FIELD_ASSIGNEES, false, "", " as an assignee",
     "an issue has ten at most, and only people with access to the repository can be assigned"},
    {FIELD_MILESTONE, false, "the milestone", NULL, "the token needs push access to set it"},
    {FIELD_ISSUE_TYPE, false, "the issue type \"", "\"",
     "it must be one of the organization's, and the token needs push access to set it"},
};

/* Notes what GitHub's answer lacks. */
static void
note_dropped(struct job *job, const struct issue_change *change, const struct issue *answer)
{
    for (size_t i = 0; i < sizeof(dropped) / sizeof(*dropped); i++) {
        const struct value *wanted = value_of(&change->values, dropped[i].field);
        const struct value *taken = value_of(&answer->values, dropped[i].field);
        struct value lacks = {0};

        if (wanted->kind != taken->kind || (dropped[i].made && job->item->row != ROW_E1_NEW_ISSUE))
            continue;
        if (wanted->kind == VALUE_SET)
            lacks = value_minus(wanted, taken, job->arena);
        else if (wanted->kind == VALUE_TEXT && utf8_casecmp(wanted->text, taken->text) != 0)
            lacks = value_set(&wanted->text, 1);
        for (size_t k = 0; k < lacks.len; k++)
            job_note(job, "GitHub did not accept %s%s%s: %s", dropped[i].before,
                     dropped[i].after != NULL ? lacks.items[k] : "",
                     dropped[i].after != NULL ? dropped[i].after : "", dropped[i].why);
    }
}

/* What we know of the issue, with the values that GitHub answered. */
static void
issue_answered(struct job *job, const struct issue *answer, struct field_set fields)
{
    const struct fields *all = job->item->rules->fields;
    struct issue *now = arena_memdup(job->arena, job->outcome.issue, sizeof(*now));

    field_set_add(&fields, FIELD_ALL_LABELS);
    values_take(&now->values, &answer->values, field_set_or(fields, all->shown), job->arena);
    if (field_set_has(fields, FIELD_BODY) && answer->body_hash != NULL)
        now->body_hash = answer->body_hash;
    if (answer->updated_at > now->updated_at)
        now->updated_at = answer->updated_at;
    job->outcome.issue = now;
    /* An answer without a time covers the labels only. */
    job->stale = all->after_write;
    if (answer->updated_at != 0)
        job->stale = (struct field_set){{0}};
}

/* Writes some of the planned values, and notes what GitHub answered. */
static bool
write_values(struct parts *parts, const struct values *values, struct err *err)
{
    struct job *job = parts->job;
    const struct item *item = job->item;
    struct issue_change change = {
        .values = *values,
        .labels_read = lens_labels(&job->outcome.issue->values),
        .page_id = item->record != NULL && !item->record->tombstone ? item->record->page_id : NULL};
    struct issue *answer;

    if (!change_milestone(job->gather, &change, err) ||
        !github_update_issue(job->gather->github, job->outcome.issue, &change, job->arena, &answer,
                             err))
        return false;
    issue_answered(job, answer, values->has);
    note_dropped(job, &change, answer);
    if (field_set_has(values->has, FIELD_STATUS) && item->row != ROW_E1_NEW_ISSUE) {
        job->result->closed = status_is_closed(value_text_of(values, FIELD_STATUS));
        job->result->reopened = !job->result->closed;
    }
    job->result->updated_issue =
        job->result->updated_issue ||
        !field_set_is_empty(field_set_minus(values->has, field_set_of(FIELD_STATUS)));
    return true;
}

/* The fields that this request writes, without those of the create request or the merge. */
static struct field_set
written_fields(const struct item *item)
{
    struct field_set status = field_set_of(FIELD_STATUS);
    bool closed = item->fields[FIELD_STATUS].write[SIDE_GITHUB] &&
                  status_is_closed(item->fields[FIELD_STATUS].value[SIDE_GITHUB].text);

    if (item->row != ROW_E1_NEW_ISSUE)
        return item_acts(item, ACTION_MERGE_PULL) ? field_set_minus(FIELDS_ALL, status)
                                                  : FIELDS_ALL;
    return closed ? field_set_or(status, item->rules->fields->after_creating)
                  : item->rules->fields->after_creating;
}

bool
write_issue(struct job *job, struct err *err)
{
    const struct issue *before = job->outcome.issue;
    struct parts parts = {.side = SIDE_GITHUB,
                          .job = job,
                          .wanted = job_values(job, SIDE_GITHUB, written_fields(job->item)),
                          .write = write_values};
    struct issue *now;

    if (field_set_is_empty(parts.wanted.has))
        return true;
    /* An issue whose text will be replaced must not have changed since the decision. */
    if (field_set_has(parts.wanted.has, FIELD_BODY) && clock_now() - before->read_at > FRESH_FOR) {
        if (!github_read_issue(job->gather->github, before->number, job->arena, &now, err))
            return false;
        if (now == NULL || now->body_hash == NULL ||
            strcmp(now->body_hash, before->body_hash) != 0) {
            job_postpone(job);
            return true;
        }
    }
    return parts_write(&parts, err);
}

/* Sends the create. After a lost answer, looks for the issue before sending it again. */
static bool
create_issue_once(struct job *job, struct issue_change *change, struct issue **issue,
                  struct err *err)
{
    struct github *github = job->gather->github;
    int64_t since = http_server_time(github_graphql_service(github)) - FRESH_FOR;

    if (!change_milestone(job->gather, change, err))
        return false;
    for (int try = 1;; try++) {
        *issue = NULL;
        if (github_create_issue(github, job->item->page_id, change, job->arena, issue, err))
            return true;
        if (err->kind != ERR_AMBIGUOUS || try == CREATE_TRIES)
            return false;
        log_info("looking whether the issue was created although the answer was lost");
        for (int look = 0; look < 2 && *issue == NULL; look++)
            if (!pause_for(LOOK_AFTER, err) ||
                !github_find_created(github, job->item->page_id, since, job->arena, issue, err))
                return false;
        if (*issue != NULL)
            return true;
    }
}

bool
create_issue(struct job *job, struct err *err)
{
    const struct field_set later =
        field_set_or(field_set_of(FIELD_STATUS), job->gather->rules.fields->after_creating);
    const struct values values = job_values(job, SIDE_GITHUB, field_set_minus(FIELDS_ALL, later));
    struct issue_change change = {.values = values};
    struct issue *issue;
    struct err why;
    /* What GitHub refused together with the rest. The issue counts as something that was taken. */
    struct parts rest = {.side = SIDE_GITHUB, .job = job, .write = write_values, .taken = true};

    if (!create_issue_once(job, &change, &issue, err)) {
        rest.wanted = values_only(&values, field_set_minus(FIELDS_ALL, FIELDS_MAKING), job->arena);
        if (field_set_is_empty(rest.wanted.has) || !parts_may_help(SIDE_GITHUB, err))
            return false;
        /* A refused value does not keep the issue from being made. */
        why = *err;
        change.values = values_only(&values, FIELDS_MAKING, job->arena);
        if (!create_issue_once(job, &change, &issue, err))
            return false;
    }
    job->outcome.issue = issue;
    job->result->number = issue->number;
    job->result->issue_url = issue->url;
    job->result->created_issue = true;
    note_dropped(job, &change, issue);
    if (field_set_is_empty(rest.wanted.has))
        return true;
    *err = why;
    return parts_split(&rest, err);
}
