#include "reconcile/pull.h"

#include "reconcile/item.h"
#include "reconcile/own.h"
#include "reconcile/reconcile.h"

#include <string.h>

/* Whether both are known, and the same. */
static bool
same(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* A merge that GitHub refused is tried again when the head or the merge state has changed. */
static bool
merge_was_tried(const struct item *item)
{
    const struct pull_record *known = record_pulls(item->record);
    const struct pull *pull = issue_pull(item->issue);

    return same(known->tried_head, pull->head_sha) && same(known->tried_state, pull->merge_state);
}

/* A value that is not written to GitHub overwrites nothing there. */
static void
pull_status_stays(struct item *item)
{
    struct field_plan *plan = &item->fields[FIELD_STATUS];

    plan->write[SIDE_GITHUB] = plan->conflict = false;
    plan->value[SIDE_GITHUB] = *value_of(&item->issue->values, FIELD_STATUS);
    lane_leave(item);
}

bool
pull_merges(const struct rules *rules)
{
    return rules->pull_request_done == PULL_DONE_MERGE ||
           rules->pull_request_done == PULL_DONE_AUTO_MERGE;
}

/* Whether somebody set the page to Done when the pull request was what it is now. */
static bool
consents(const struct item *item)
{
    const struct pull_record *known = record_pulls(item->record);
    const struct pull *pull = issue_pull(item->issue);

    return same(known->head, pull->head_sha) && same(known->base_branch, pull->base);
}

bool
pull_is_armed_in_vain(const struct item *item)
{
    const struct rules *rules = item->rules;
    const struct value *option = value_of(&item->page->values, FIELD_STATUS);
    /* If nobody wants the merge any more, the record of our request shows that the token's owner
     * did not ask by hand. */
    bool ours = item->issue->is_pull && issue_pull(item->issue)->armed_by_viewer &&
                !issue_pull(item->issue)->merged &&
                (rules->pull_request_done == PULL_DONE_AUTO_MERGE ||
                 record_pulls(item->record)->tried_head != NULL);

    return ours && rules->on[FIELD_STATUS] &&
           direction_reaches(rules->direction[FIELD_STATUS], SIDE_GITHUB) &&
           option->kind == VALUE_TEXT &&
           (!consents(item) || status_meaning(&rules->status, option->text) == MEANING_OPEN);
}

/* The page's status when both sides last agreed. NULL: nothing is known of this column, so it is
 * not known that anybody set it. */
static const char *
agreed_option(const struct item *item)
{
    const struct value *base =
        item->known != NULL ? value_of(&item->known->base[SIDE_NOTION], FIELD_STATUS) : NULL;

    return base != NULL && base->kind == VALUE_TEXT &&
                   !field_moved(item->known, FIELD_STATUS, item->rules)
               ? base->text
               : NULL;
}

static const char *
why_void(const struct item *item)
{
    const struct pull_record *known = record_pulls(item->record);

    if (item->record != NULL && agreed_option(item) == NULL)
        return "nothing is remembered of its page's status, so nobody may have set it";
    if (known->head == NULL || known->base_branch == NULL)
        return "no run has seen what it consists of while its page was open";
    return same(known->head, issue_pull(item->issue)->head_sha)
               ? "it goes to another branch since the page was set to done"
               : "commits were pushed that no run has seen while its page was open";
}

/* The page's previous option, else the first open one. */
static const char *
option_before(const struct item *item)
{
    const char *base = agreed_option(item);
    const char *before = base != NULL && item->known != NULL ? item->known->open_option : NULL;

    if (base != NULL && *base != '\0' && status_meaning(&item->rules->status, base) == MEANING_OPEN)
        before = base;
    return status_option_for(&item->rules->status, STATUS_OPEN, before);
}

/* Sets the page back, so that a run can see it if somebody sets the page to Done again. */
static void
pull_void(struct item *item)
{
    struct field_plan *plan = &item->fields[FIELD_STATUS];
    const char *option = option_before(item);

    pull_status_stays(item);
    item->voided = why_void(item);
    plan->row = ROW_F2_TO_NOTION;
    plan->settles = option != NULL;
    plan->write[SIDE_NOTION] = option != NULL;
    if (option != NULL)
        plan->value[SIDE_NOTION] = value_text(option);
}

const char *
pull_obstacle(const struct pull *pull, const struct merge_facts *facts, bool arms,
              struct arena *arena)
{
    const char *state = pull->merge_state;

    if (pull->draft)
        return "it is a draft";
    if (!same(facts->head, pull->head_sha))
        return "its head moved in this very moment";
    if (facts->changes_requested)
        return "a review asks for changes";
    if ((facts->fork || !facts->author_writes) && !facts->approved)
        return arena_printf(
            arena,
            "%s: it needs an approving review of its newest commit by somebody who "
            "may write to the repository",
            facts->fork ? "it comes from a fork"
                        : "its author may not write to the repository, as far as GitHub shows");
    if (facts->checks == CHECKS_FAIL || (facts->checks == CHECKS_RUN && !arms))
        return arena_printf(arena, "the check \"%s\" %s",
                            facts->check != NULL ? facts->check : "(unnamed)",
                            facts->checks == CHECKS_FAIL ? "fails" : "still runs");
    if (facts->checks == CHECKS_HIDDEN && !arms &&
        (state == NULL || (strcmp(state, "CLEAN") != 0 && strcmp(state, "HAS_HOOKS") != 0)))
        return arena_printf(arena,
                            "the token may not read its checks (`checks: read` and `statuses: "
                            "read`), and GitHub says %s",
                            state != NULL ? state : "nothing of it");
    return NULL;
}

/* Whether the page asks for a merge that may be due, even if this pass has only just linked both
 * sides. */
static bool
pull_wishes_merge(const struct item *item)
{
    const struct field_plan *plan = &item->fields[FIELD_STATUS];
    const struct value *option = value_of(&item->page->values, FIELD_STATUS);

    if (issue_pull(item->issue)->merged || !pull_merges(item->rules) || item->asks ||
        !direction_reaches(item->rules->direction[FIELD_STATUS], SIDE_GITHUB) ||
        status_is_closed(value_of(&item->issue->values, FIELD_STATUS)->text) ||
        option->kind != VALUE_TEXT ||
        status_meaning(&item->rules->status, option->text) == MEANING_OPEN)
        return false;
    return plan->write[SIDE_GITHUB] ||
           (plan->write[SIDE_NOTION] && plan->conflict && item->row == ROW_E4_ADOPT);
}

/* Why a requested merge cannot happen now. */
static void
pull_decide_merge(struct item *item, struct arena *arena)
{
    bool arms = item->rules->pull_request_done == PULL_DONE_AUTO_MERGE;
    const char *tried = record_pulls(item->record)->tried_head;
    const char *why;

    if (!consents(item) || agreed_option(item) == NULL) {
        pull_void(item);
        return;
    }
    if (arms && issue_pull(item->issue)->armed) {
        pull_status_stays(item);
        item->fields[FIELD_STATUS].settles = false;
        return;
    }
    if (merge_was_tried(item)) {
        pull_status_stays(item);
        item->fields[FIELD_STATUS].settles = false;
        item->again = AGAIN_MERGE;
        item_note(item, "not merged: GitHub refused it, and nothing has changed since", arena);
        return;
    }
    if (item->merge_facts == NULL && item_missing(item) != NULL)
        vec_push(&item_missing(item)->merges, item->number);
    if (item->merge_facts == NULL)
        return;
    why = pull_obstacle(issue_pull(item->issue), item->merge_facts, arms, arena);
    if (why == NULL)
        return;
    pull_status_stays(item);
    item->fields[FIELD_STATUS].settles = false;
    item->again = AGAIN_MERGE;
    /* Reported once for each head. */
    if (same(tried, issue_pull(item->issue)->head_sha))
        item_note(item, arena_printf(arena, "not merged: %s", why), arena);
    else
        item->refused = why;
}

/* Whether both sides agreed that the page is done and the pull request open. They agree on that
 * only if Done does nothing, so nobody has asked for anything since. */
static bool
pull_was_done_before(const struct item *item)
{
    const struct rules *rules = item->rules;
    const struct field_plan *plan = &item->fields[FIELD_STATUS];
    const char *base = agreed_option(item);

    return plan->row == ROW_F1_SAME && rules->pull_request_done != PULL_DONE_NONE && base != NULL &&
           direction_reaches(rules->direction[FIELD_STATUS], SIDE_GITHUB) &&
           !status_is_closed(value_of(&item->issue->values, FIELD_STATUS)->text) && *base != '\0' &&
           status_meaning(&rules->status, base) != MEANING_OPEN;
}

/* Notion's wish for the status of a pull request, within the limits of consent, reviews, checks and
 * pull_request_done. */
void
pull_decide(struct item *item, struct arena *arena)
{
    const struct field_plan *plan = &item->fields[FIELD_STATUS];

    if (pull_wishes_merge(item)) {
        pull_decide_merge(item, arena);
    } else if (plan->write[SIDE_GITHUB] && issue_pull(item->issue)->merged) {
        pull_status_stays(item);
        item_note(item, "a merged pull request cannot be reopened", arena);
    } else if (plan->write[SIDE_GITHUB] && status_is_closed(plan->value[SIDE_GITHUB].text) &&
               item->rules->pull_request_done == PULL_DONE_NONE) {
        pull_status_stays(item);
    } else if (pull_was_done_before(item)) {
        item_note(item,
                  "its page was done before `pull_request_done` allowed to merge or close it, so "
                  "it stays open: to have it merged or closed, set the page to another status, "
                  "and to done again after the next run",
                  arena);
    }
}

bool
pull_page_is_open(const struct item *item)
{
    const struct value *option = value_of(&item->page->values, FIELD_STATUS);

    return option->kind == VALUE_TEXT &&
           status_meaning(&item->rules->status, option->text) == MEANING_OPEN &&
           (item->page->direct || item->issue->updated_at + QUERY_LAG <= item->rules->notion_time);
}

/* A push is worth remembering even by itself, as long as the page is open. */
bool
pull_is_news(const struct item *item)
{
    const struct value *option = value_of(&item->page->values, FIELD_STATUS);

    if (!item->issue->is_pull || !item->rules->on[FIELD_STATUS] || option->kind != VALUE_TEXT ||
        issue_pull(item->issue)->head_sha == NULL || issue_pull(item->issue)->base == NULL ||
        issue_pull(item->issue)->merged || consents(item) ||
        status_meaning(&item->rules->status, option->text) != MEANING_OPEN)
        return false;
    if (pull_page_is_open(item))
        return true;
    if (item_missing(item) != NULL)
        vec_push(&item_missing(item)->pages, item->page_id);
    return false;
}
