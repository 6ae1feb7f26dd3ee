#include "reconcile/moves.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "model/sealed.h"
#include "reconcile/comment.h"
#include "reconcile/own.h"
#include "reconcile/translate.h"

/* What is remembered, even of a page that had no issue yet. */
static const struct record *
remembered(const struct item *item)
{
    return item->known != NULL ? item->known : item->task;
}

/* Whether nothing could be remembered: this pass makes the link, or a person did. A link comment
 * means that a state was lost. */
static bool
is_fresh(const struct item *item, struct arena *arena)
{
    switch (item->row) {
    case ROW_E2_RECOVER:
    case ROW_E3_NEW_PAGE:
    case ROW_E14_TASK:
        return true;
    case ROW_E4_ADOPT:
        return item->stored == NULL && item->rules->link_comments == LINK_COMMENTS_ALL &&
               comment_find(item, COMMENT_LINK, arena) == NULL;
    default:
        return false;
    }
}

static enum stage
stage_before(const struct item *item)
{
    const struct record *record = remembered(item);

    return record_pulls(record)->stage;
}

/* --- columns --- */

/* By address, or by number if the column names pages. */
static struct value
pulls_shown(const struct progress *progress, const struct rules *rules, struct arena *arena)
{
    const char **items = arena_array(arena, progress->n_pulls, sizeof(*items));
    size_t len = 0;

    for (size_t i = 0; i < progress->n_pulls; i++) {
        const struct pull_facts *pull = progress->pulls[i];

        if (!rules->pulls_as_pages)
            items[len++] = pull->url;
        else if (pull->repository == NULL)
            items[len++] = arena_printf(arena, "%lld", (long long)pull->number);
    }
    return value_set(items, len);
}

const char *
moves_stage_shown(enum stage stage)
{
    static const char *const words[STAGE_COUNT] = {
        [STAGE_NONE] = "",
        [STAGE_CLOSED] = "Closed",
        [STAGE_MERGED] = "Merged",
        [STAGE_DRAFT] = "Draft",
        [STAGE_OPEN] = "Open",
        [STAGE_CHANGES_REQUESTED] = "Changes requested",
        [STAGE_APPROVED] = "Approved",
    };

    return words[stage];
}

static struct value
reviewers_shown(const struct progress *progress, struct arena *arena)
{
    const char **names;
    size_t room = 0;
    size_t len = 0;

    for (size_t i = 0; i < progress->n_pulls; i++)
        room += progress->pulls[i]->n_reviewers;
    names = arena_array(arena, room, sizeof(*names));
    for (size_t i = 0; i < progress->n_pulls; i++) {
        const struct pull_facts *pull = progress->pulls[i];

        if (!progress_counts(progress, pull))
            continue;
        if (!pull->knows_reviewers)
            return (struct value){0};
        for (size_t k = 0; k < pull->n_reviewers; k++) {
            const struct value so_far = value_set(names, len);

            if (!value_has(&so_far, pull->reviewers[k]))
                names[len++] = pull->reviewers[k];
        }
    }
    return value_set(names, len);
}

void
moves_show(struct item *item, struct arena *arena)
{
    const struct rules *rules = item->rules;
    const struct progress *progress = item->progress;
    struct issue *issue;
    const char *checks;

    if (progress == NULL || progress->stage == STAGE_UNKNOWN || item->issue == NULL)
        return;
    issue = arena_memdup(arena, item->issue, sizeof(*issue));
    if (rules->on[FIELD_PULLS] && !issue->is_pull)
        values_put(&issue->values, FIELD_PULLS, pulls_shown(progress, rules, arena), arena);
    if (rules->on[FIELD_PR_STATE])
        values_put(&issue->values, FIELD_PR_STATE, value_text(moves_stage_shown(progress->stage)),
                   arena);
    if (rules->on[FIELD_REVIEWERS])
        values_put(&issue->values, FIELD_REVIEWERS, reviewers_shown(progress, arena), arena);
    checks = rules->on[FIELD_CHECKS] ? progress_checks(progress, rules) : NULL;
    if (checks != NULL)
        values_put(&issue->values, FIELD_CHECKS, value_text(checks), arena);
    item->issue = issue;
}

void
moves_begin(struct item *item, const struct pair *pair, struct arena *arena)
{
    if (pair->entry != NULL && (pair->number == NULL || item->record == NULL))
        item->task = pair->entry->seen->task;
    item->progress = progress_of(item->rules, pair->number, pair->entry,
                                 item->record != NULL ? item->record : item->task, arena);
    moves_show(item, arena);
}

/* --- the status --- */

/* Whether a person chose the page's option since the last look. */
static bool
was_moved(const struct item *item)
{
    const struct field_plan *status = &item->fields[FIELD_STATUS];
    const struct record *record = remembered(item);
    const struct value *base =
        record != NULL ? value_of(&record->base[SIDE_NOTION], FIELD_STATUS) : NULL;

    if (base != NULL && base->kind != VALUE_ABSENT && !value_is_lost(base) &&
        !field_moved(record, FIELD_STATUS, item->rules))
        return !value_equal(base, value_of(&item->page->values, FIELD_STATUS));
    return status->write[SIDE_GITHUB] || status->conflict;
}

/* Whether the pull request is in a repository of the same owner. */
static bool
is_of_owner(const struct pull_facts *pull, const struct rules *rules)
{
    size_t length = strlen(rules->owner);

    return pull->repository == NULL || (strncasecmp(pull->repository, rules->owner, length) == 0 &&
                                        pull->repository[length] == '/');
}

static bool
may_close(const struct item *item)
{
    const struct pull_facts *merged = item->progress->merged;

    return merged != NULL && direction_reaches(item->rules->direction[FIELD_STATUS], SIDE_GITHUB) &&
           item->issue->state_changed_at <= merged->merged_at;
}

/* Whether somebody with write access to this repository merged the task's pull request knowing that
 * it belonged to the task. Its author can change title and description after the merge. */
static bool
is_merged_for(const struct progress *progress, const struct pull_facts *pull)
{
    int64_t changed = pull->described_at;

    for (size_t i = 0; i < progress->n_tasks; i++)
        if (progress->tasks[i] == pull->number)
            changed = pull->retitled_at;
    return pull->repository == NULL && pull->stage == STAGE_MERGED && changed != CHANGE_UNKNOWN &&
           changed < pull->merged_at;
}

/* Whether somebody with write access to its repository opened or merged the finished pull request.
 * Anybody can open a pull request from a fork, and close it. */
static bool
is_vouched(const struct item *item)
{
    const struct progress *progress = item->progress;

    for (size_t i = 0; i < progress->n_pulls; i++) {
        const struct pull_facts *pull = progress->pulls[i];

        if (pull->stage == progress->stage &&
            (is_merged_for(progress, pull) || (!pull->fork && is_of_owner(pull, item->rules))))
            return true;
    }
    return false;
}

/* The option that the page gets. The page may already have it. */
static void
set_option(struct item *item, const char *option)
{
    struct field_plan *status = &item->fields[FIELD_STATUS];
    const struct value value = value_text(option);

    status->value[SIDE_NOTION] = value;
    status->write[SIDE_NOTION] =
        item->page == NULL || !value_equal(&value, value_of(&item->page->values, FIELD_STATUS));
    status->settles = true;
    if (status->row == ROW_F1_SAME || status->row == FIELD_ROW_NONE)
        status->row = ROW_F2_TO_NOTION;
}

/* "#7 is approved": the newest of the pull requests that decide the stage. */
static const char *
stage_told(const struct item *item, struct arena *arena)
{
    const struct progress *progress = item->progress;
    static const char *const words[STAGE_COUNT] = {
        [STAGE_CLOSED] = "was closed without having been merged",
        [STAGE_MERGED] = "was merged",
        [STAGE_DRAFT] = "is a draft",
        [STAGE_OPEN] = "is ready for review",
        [STAGE_CHANGES_REQUESTED] = "got changes requested",
        [STAGE_APPROVED] = "is approved",
    };
    const struct pull_facts *pull = NULL;

    for (size_t i = 0; i < progress->n_pulls; i++)
        if (progress->pulls[i]->stage == progress->stage)
            pull = progress->pulls[i];
    return pull == NULL ? "its pull requests changed"
                        : arena_printf(arena, "pull request %s#%lld %s",
                                       pull->repository != NULL ? pull->repository : "",
                                       (long long)pull->number, words[progress->stage]);
}

static void
tell(struct item *item, enum stage_row row, const char *option, struct arena *arena)
{
    const struct value *now =
        item->page != NULL ? value_of(&item->page->values, FIELD_STATUS) : NULL;
    const char *what = stage_told(item, arena);

    /* A person moved a page, and the new stage has an option. */
    assert(row != ROW_P4_PERSON || (now != NULL && option != NULL));
    if (row == ROW_P4_PERSON && !(now->kind == VALUE_TEXT && strcmp(now->text, option) == 0))
        item_note(item,
                  arena_printf(arena,
                               "%s, but a person gave the page another status since the last run: "
                               "that stays until the pull request changes again",
                               what),
                  arena);
    if (row == ROW_P6_STILL_OPEN)
        item_note(item,
                  arena_printf(arena,
                               "%s: the status for that means closed, but the issue is open, so "
                               "the page keeps the one that it has",
                               what),
                  arena);
    if (row == ROW_P10_UNVOUCHED)
        item_note(item,
                  arena_printf(arena,
                               "%s: the status for that means closed, but the pull request comes "
                               "from a fork or from another owner's repository%s, so the page "
                               "keeps the status that it has",
                               what,
                               item->progress->stage == STAGE_MERGED
                                   ? ", and it was made one of this task after the merge"
                                   : ""),
                  arena);
    if (row == ROW_P9_REOPENED)
        item_note(item,
                  arena_printf(arena,
                               "%s, but the issue was reopened since, or its state is not to be "
                               "changed from here: issue and page stay as they are",
                               what),
                  arena);
}

/* A status that only goes to Notion has no base of its own that could hold a person's choice. */
static void
yield(struct item *item, struct arena *arena)
{
    const struct terms terms = {item->rules, arena, NULL, item};
    struct field_plan *status = &item->fields[FIELD_STATUS];

    if (status->row == ROW_F9_ONE_WAY && item->issue != NULL &&
        translate_same(&terms, FIELD_STATUS, value_of(&item->issue->values, FIELD_STATUS),
                       value_of(&item->page->values, FIELD_STATUS)))
        status->settles = true;
}

void
moves_decide(struct item *item, struct arena *arena)
{
    const struct rules *rules = item->rules;
    const struct progress *progress = item->progress;
    struct field_plan *status = &item->fields[FIELD_STATUS];
    const char *option = progress != NULL ? rules->progress[progress->stage] : NULL;
    struct stage_look look;

    item->stage_row = ROW_P1_UNCHANGED;
    item->closer = NULL;
    if (progress == NULL || !rules->on[FIELD_STATUS] || item->asks)
        return;
    look = (struct stage_look){
        .before = stage_before(item),
        .now = progress->stage,
        .fresh = is_fresh(item, arena),
        .mapped = option != NULL,
        .done = option != NULL && status_meaning(&rules->status, option) != MEANING_OPEN,
        .moved = item->page != NULL && (was_moved(item) || lane_was_moved(item)),
        .vouched = is_vouched(item),
        .has_issue = item->row != ROW_E14_TASK,
        .is_closed = status_is_closed(value_of(&item->issue->values, FIELD_STATUS)->text),
        .may_close = may_close(item),
    };
    item->stage_fresh = look.fresh;
    item->stage_row = stage_decide(&look);
    tell(item, item->stage_row, option, arena);
    if (item->stage_row == ROW_P7_SET || item->stage_row == ROW_P8_SET_AND_CLOSE) {
        set_option(item, option);
        lane_follow(item, option);
    } else if (item->page != NULL) {
        yield(item, arena);
    }
    if (item->stage_row == ROW_P8_SET_AND_CLOSE) {
        status->write[SIDE_GITHUB] = true;
        status->value[SIDE_GITHUB] = value_text(STATUS_CLOSED);
        item->closer = progress->merged;
    }
}

enum stage
moves_target(const struct item *item)
{
    return item->stage_row == ROW_P7_SET || item->stage_row == ROW_P8_SET_AND_CLOSE
               ? item->progress->stage
               : STAGE_UNKNOWN;
}

/* --- what is remembered --- */

static enum stage
stage_after(const struct item *item, bool done)
{
    enum stage before = stage_before(item);

    if (item->progress == NULL)
        return before;
    if (item->stage_fresh && before == STAGE_UNKNOWN && item->progress->stage != STAGE_UNKNOWN)
        before = STAGE_NONE;
    if (!stage_is_noted(item->stage_row))
        return before;
    return (item->stage_row == ROW_P7_SET || item->stage_row == ROW_P8_SET_AND_CLOSE) && !done
               ? before
               : item->progress->stage;
}

bool
moves_is_news(const struct item *item)
{
    const struct pull_record *stored =
        record_pulls(item->record != NULL ? item->record : item->task);
    const struct progress *progress = item->progress;
    size_t n = stored->n_numbers;

    if (progress == NULL)
        return false;
    return stage_after(item, true) != stored->stage ||
           (progress->stage != STAGE_UNKNOWN &&
            (n != progress->n_tasks || (n > 0 && memcmp(stored->numbers, progress->tasks,
                                                        n * sizeof(*stored->numbers)) != 0)));
}

void
moves_settle(struct record *record, const struct item *item, bool done, struct arena *arena)
{
    struct pull_record *own = record_own_pulls(record, arena);
    const struct progress *progress = item->progress;

    own->stage = stage_after(item, done);
    if (progress == NULL || progress->stage == STAGE_UNKNOWN)
        return;
    own->numbers =
        arena_memdup(arena, progress->tasks, progress->n_tasks * sizeof(*progress->tasks));
    own->n_numbers = (unsigned)progress->n_tasks;
}
