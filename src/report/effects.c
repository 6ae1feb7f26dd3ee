#include "report/report_p.h"

#include "model/notion_id.h"
#include "reconcile/rules.h"

#include <string.h>

#include "model/status.h"

struct value
report_after(const struct result *result, enum side side, enum field field)
{
    return field_set_has(result->missed[side], field) ? *value_of(result->instead[side], field)
                                                      : result->item->fields[field].value[side];
}

bool
report_writes(const struct result *result, enum side side, enum field field)
{
    struct value before, after;

    if (!result->item->fields[field].write[side] || !field_set_has(result->missed[side], field))
        return result->item->fields[field].write[side];
    before = report_before(result, side, field);
    after = report_after(result, side, field);
    return after.kind != VALUE_ABSENT && !value_equal(&before, &after);
}

static bool
writes_beyond_status(const struct result *result)
{
    for (enum field field = 0; field < result->item->rules->fields->n; field++)
        if (field != FIELD_STATUS && report_writes(result, SIDE_GITHUB, field))
            return true;
    return false;
}

static struct effects
effects_planned(const struct result *result)
{
    const struct item *item = result->item;
    const struct field_plan *status = &item->fields[FIELD_STATUS];
    bool writes_status = status->write[SIDE_GITHUB] &&
                         status->value[SIDE_GITHUB].kind == VALUE_TEXT &&
                         !item_acts(item, ACTION_MERGE_PULL);
    struct effects effects = {
        .created_issue = item_acts(item, ACTION_CREATE_ISSUE),
        .created_page = item_acts(item, ACTION_CREATE_PAGE),
        .merged = item_acts(item, ACTION_MERGE_PULL),
        .trashed = item_acts(item, ACTION_TRASH_PAGE),
        .updated_page = item_acts(item, ACTION_WRITE_PAGE) || item_acts(item, ACTION_SHOW_PAGE) ||
                        item_acts(item, ACTION_WRITE_CONTENT) ||
                        item_acts(item, ACTION_CLEAR_NUMBER),
    };

    /* If an issue was just created, its first values and its closing are part of that. */
    if (item_acts(item, ACTION_WRITE_ISSUE) && !effects.created_issue) {
        /* Its status closes or reopens it; anything else updates it. */
        effects.closed = writes_status && status_is_closed(status->value[SIDE_GITHUB].text);
        effects.reopened = writes_status && !effects.closed;
        effects.updated_issue = writes_beyond_status(result) || !writes_status;
    }
    for (size_t i = 0; i < item->n_actions; i++)
        effects.comments += item->actions[i].kind == ACTION_COMMENT;
    for (enum side to = 0; to < SIDE_COUNT && item->says != NULL; to++) {
        effects.said[to] = talk_plan_posts(item->says, to);
        effects.resaid[to] = talk_plan_edits(item->says, to);
    }
    return effects;
}

static struct effects
effects_performed(const struct result *result)
{
    bool changed_state = result->closed || result->reopened || result->merged;

    return (struct effects){
        .created_issue = result->created_issue,
        .created_page = result->created_page,
        .closed = result->closed,
        .reopened = result->reopened,
        .merged = result->merged,
        .trashed = result->trashed,
        .updated_issue = result->updated_issue && (!changed_state || writes_beyond_status(result)),
        .updated_page = result->updated_page,
        .comments = result->comments > 0 ? (size_t)result->comments : 0,
        .said = {(size_t)result->said[SIDE_GITHUB], (size_t)result->said[SIDE_NOTION]},
        .resaid = {(size_t)result->resaid[SIDE_GITHUB], (size_t)result->resaid[SIDE_NOTION]},
    };
}

bool
report_is_fresh(const struct result *result)
{
    return result->done == DONE_OK && result->item->again == AGAIN_FRESH;
}

struct effects
report_effects(const struct result *result)
{
    const struct item *item = result->item;
    struct effects effects =
        result->done == DONE_PLANNED ? effects_planned(result) : effects_performed(result);

    if (result->done != DONE_REMAINING)
        effects.conflicts = item_conflicts(item);
    if (result->done == DONE_PLANNED || result->done == DONE_OK) {
        effects.linked =
            item->row == ROW_E2_RECOVER || item->row == ROW_E4_ADOPT || item->row == ROW_E12_RESUME;
        effects.unlinked = item->unlinks;
    }
    effects.merge_closed = effects.closed && item->closer != NULL;
    effects.updated_issue = effects.updated_issue && !effects.created_issue;
    effects.updated_page = effects.updated_page && !effects.created_page;
    return effects;
}

bool
report_effects_any(const struct effects *effects)
{
    return effects->created_issue || effects->created_page || effects->closed ||
           effects->reopened || effects->merged || effects->trashed || effects->updated_issue ||
           effects->updated_page || effects->linked || effects->unlinked || effects->comments > 0 ||
           effects->said[SIDE_GITHUB] + effects->said[SIDE_NOTION] > 0 ||
           effects->resaid[SIDE_GITHUB] + effects->resaid[SIDE_NOTION] > 0;
}

bool
report_is_pull(const struct result *result)
{
    const struct item *item = result->item;

    if (item->issue != NULL)
        return item->issue->is_pull;
    return item->record != NULL && item->record->is_pull;
}

const char *
report_issue_url(const struct result *result)
{
    if (result->issue_url == NULL && result->item->issue != NULL)
        return result->item->issue->url;
    return result->issue_url;
}

const char *
report_page_url(const struct result *result, struct arena *arena)
{
    const char *url = result->page_url;

    if (url == NULL && result->item->page != NULL)
        url = result->item->page->url;
    return item_is_hidden(result->item) ? notion_bare_url(arena, url) : url;
}

bool
report_hides(const struct result *result, enum field field)
{
    return item_is_secret(result->item, field) && result->item->rules->is_public;
}

struct value
report_before(const struct result *result, enum side side, enum field field)
{
    const struct item *item = result->item;

    if (side == SIDE_GITHUB && item->issue != NULL)
        return *value_of(&item->issue->values, field);
    if (side == SIDE_NOTION && item->page != NULL)
        return *value_of(&(item->untyped != NULL ? item->untyped : item->page)->values, field);
    return (struct value){0};
}

bool
report_in_conflict(const struct result *result, enum field field)
{
    return result->item->fields[field].conflict && result->done != DONE_REMAINING;
}

static void
count_result(struct report_counts *counts, const struct result *result)
{
    struct effects effects = report_effects(result);

    counts->issues_created += effects.created_issue;
    counts->issues_updated += effects.updated_issue;
    counts->issues_closed += effects.closed;
    counts->issues_reopened += effects.reopened;
    counts->pull_requests_merged += effects.merged;
    counts->pages_created += effects.created_page;
    counts->pages_updated += effects.updated_page;
    counts->pages_trashed += effects.trashed;
    counts->comments_created +=
        effects.comments + effects.said[SIDE_GITHUB] + effects.said[SIDE_NOTION];
    counts->conflicts += effects.conflicts;
    counts->failures += result->done == DONE_FAILED;
    counts->remaining += result->done == DONE_REMAINING || report_is_fresh(result);
    effects.linked = effects.unlinked = false;
    if (result->done == DONE_PLANNED)
        counts->planned += result->item->n_actions > 0 || result->item->says != NULL;
    else
        counts->changed = counts->changed || report_effects_any(&effects);
}

bool
report_stopped(const struct pass_report *report)
{
    return report->err.kind == ERR_STOPPED && report->results.len > 0;
}

#define COUNT(member) offsetof(struct report_counts, member), #member
const struct count_kind count_kinds[] = {
    {COUNT(issues_created), true, "Issues created", "issue", "created"},
    {COUNT(issues_updated), true, "Issues and pull requests updated", "issue", "updated"},
    {COUNT(issues_closed), true, "Issues and pull requests closed", "issue", "closed"},
    {COUNT(issues_reopened), true, "Issues and pull requests reopened", "issue", "reopened"},
    {COUNT(pull_requests_merged), true, "Pull requests merged", "pull request", "merged"},
    {COUNT(pages_created), true, "Pages created", "page", "created"},
    {COUNT(pages_updated), true, "Pages updated", "page", "updated"},
    {COUNT(pages_trashed), false, "Pages moved to the trash", "page", "moved to the trash"},
    {COUNT(comments_created), true, "Comments posted", "comment", "posted"},
    {COUNT(conflicts), true, "Conflicts", "conflict", NULL},
    {COUNT(failures), true, "Failures", "failure", NULL},
    {COUNT(remaining), true, "Left for the next run", NULL, NULL},
    {COUNT(comments_waiting), false, "Link comments left for later runs", NULL, NULL},
    {COUNT(planned), false, NULL, NULL, NULL},
    {COUNT(in_step), false, "Compared and in sync", NULL, NULL},
};
const size_t n_count_kinds = sizeof(count_kinds) / sizeof(*count_kinds);

size_t
count_of(const struct report_counts *counts, const struct count_kind *kind)
{
    return *(const size_t *)((const char *)counts + kind->offset);
}

struct report_counts
report_count(const struct pass_report *report)
{
    struct report_counts counts = {
        .failures = report->err.kind != ERR_NONE && !report_stopped(report),
        .comments_waiting = report->comments_waiting,
        .in_step = report->in_step,
    };

    for (size_t i = 0; i < report->results.len; i++)
        count_result(&counts, report->results.items[i]);
    if (report->waits && counts.remaining == 0)
        counts.remaining = 1;
    return counts;
}

int
report_exit_status(const struct pass_report *report)
{
    bool failed = false;
    bool done = false;
    bool denied = true; /* everything that failed did so because access is missing */

    for (size_t i = 0; i < report->results.len; i++) {
        const struct result *result = report->results.items[i];

        failed = failed || result->done == DONE_FAILED;
        denied = denied && (result->done != DONE_FAILED || result->err.kind == ERR_ACCESS);
        done = done || result->done == DONE_OK || result->created_issue || result->created_page ||
               result->updated_issue || result->updated_page || result->closed ||
               result->reopened || result->merged || result->trashed || result->comments > 0 ||
               result->said[SIDE_GITHUB] + result->said[SIDE_NOTION] > 0;
    }
    if (report->err.kind != ERR_NONE && report->err.kind != ERR_WAIT &&
        (report->err.kind != ERR_STOPPED || report->results.len == 0))
        return done ? EXIT_SOME_FAILED : EXIT_NOTHING_DONE;
    if (!failed)
        return EXIT_DONE;
    return denied && !done ? EXIT_NOTHING_DONE : EXIT_SOME_FAILED;
}

bool
report_is_told(const struct pass_report *report)
{
    for (size_t i = 0; i < report->results.len; i++) {
        const struct result *result = report->results.items[i];
        size_t length = strlen(report->err.text);
        size_t tail = strlen(result->err.text);

        /* The message of the error that stopped the run only has more text in front. */
        if (result->done == DONE_FAILED && tail <= length &&
            strcmp(report->err.text + length - tail, result->err.text) == 0)
            return true;
    }
    return false;
}
