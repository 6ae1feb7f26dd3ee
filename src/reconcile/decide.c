#include "reconcile/decide.h"

#include <string.h>

#include "reconcile/body.h"
#include "reconcile/comment.h"
#include "reconcile/fields.h"
#include "reconcile/intent.h"
#include "reconcile/links.h"
#include "reconcile/moves.h"
#include "reconcile/own.h"
#include "reconcile/pull.h"
#include "reconcile/translate.h"
#include "reconcile/unseal.h"

#define MINUTE ((int64_t)60 * 1000)

/* Adds a comment unless it is already there. */
static void
say(struct item *item, enum comment_kind kind, struct arena *arena)
{
    if (comment_find(item, kind, arena) == NULL)
        item_act(item, ACTION_COMMENT, kind);
}

static const char *
item_name(const struct item *item)
{
    const struct value *title =
        item->page != NULL ? value_of(&item->page->values, FIELD_TITLE) : NULL;

    /* If several pages have the same number, each gets its own name. */
    if (item->row != ROW_E6_DUPLICATE && item->issue != NULL &&
        value_of(&item->issue->values, FIELD_TITLE)->kind == VALUE_TEXT)
        title = value_of(&item->issue->values, FIELD_TITLE);
    else if (item_is_hidden(item))
        return "";
    return title != NULL && title->kind == VALUE_TEXT ? title->text : "";
}

struct item *
item_new(const struct pair *pair, const struct rules *rules, const struct plan *plan,
         struct arena *arena)
{
    struct item *item = arena_alloc(arena, sizeof(*item));
    const struct issue_entry *number = pair->number;
    struct issue *issue;

    item->row = pair->row;
    item->rules = rules;
    item->plan = plan;
    item->fields = arena_array(arena, rules->fields->n, sizeof(*item->fields));
    item->doubts = arena_array(arena, rules->fields->n, sizeof(*item->doubts));
    if (number != NULL) {
        item->number = number->number;
        item->issue = number->sight == SIGHT_SEEN ? number->issue : NULL;
        item->record = item->known = number->record;
        item->stored = item->record != NULL ? item->record : number->pending;
        item->changed_at = number->changed_at;
        item->merge_facts = number->merge_facts;
        item->comments = number->comments;
        item->n_comments = number->n_comments;
        item->comments_read = number->comments_read;
        item->body.base_read = number->bodies != NULL;
        if (number->bodies != NULL) {
            memcpy(item->body.base, number->bodies->base, sizeof(item->body.base));
            memcpy(item->body.next, number->bodies->next, sizeof(item->body.next));
        }
    }
    if (pair->entry != NULL) {
        item->page_id = pair->entry->id;
        item->page = pair->entry->page;
        item->body.page_named = pair->entry->named;
        item->met_at = pair->entry->met_at;
    }
    item->because = pair->because;
    item->told = pair->note;
    item->later = pair->later;
    moves_begin(item, pair, arena);
    if (item->row == ROW_E14_TASK) {
        item->record = item->known = item->stored = item->task;
        /* A placeholder for an issue says only that it is open. */
        issue = arena_alloc(arena, sizeof(*issue));
        values_put(&issue->values, FIELD_STATUS, value_text(STATUS_OPEN), arena);
        item->issue = issue;
        moves_show(item, arena);
    }
    if (item->told != NULL)
        item_note(item, item->told, arena);
    item->title = item_name(item);
    return item;
}

/* The column that shows GitHub's state follows what this pass does to the issue. */
static void
item_state_after(struct item *item, bool merges)
{
    struct field_plan *state = &item->fields[FIELD_STATE];
    const char *after;

    if (!item->rules->on[FIELD_STATE] || !item->fields[FIELD_STATUS].write[SIDE_GITHUB])
        return;
    after = !status_is_closed(item->fields[FIELD_STATUS].value[SIDE_GITHUB].text)
                ? issue_pull(item->issue)->draft ? "Draft" : "Open"
            : merges ? "Merged"
                     : "Closed";
    state->value[SIDE_NOTION] = value_text(after);
    state->write[SIDE_NOTION] =
        !value_equal(&state->value[SIDE_NOTION], value_of(&item->page->values, FIELD_STATE));
}

static bool
field_rebases(const struct item *item, enum field field, const struct terms *terms)
{
    const struct field_plan *plan = &item->fields[field];

    if (!plan->settles)
        return false;
    for (enum side s = 0; s < SIDE_COUNT; s++) {
        struct value counted = translate_counted(terms, field, s, &plan->value[s]);

        if (item->known == NULL || !value_equal(&counted, value_of(&item->known->base[s], field)))
            return true;
    }
    return false;
}

static bool
item_rebases(const struct item *item, struct arena *arena)
{
    const struct terms terms = {item->rules, arena, NULL, item};

    FIELD_EACH(f, item->rules->fields->based)
    if (field_rebases(item, f, &terms))
        return true;
    /* The record also keeps when the content was read. */
    return item->page->content.hash != NULL;
}

/* Whether the issue itself is written. A merge writes the status in another way. */
static bool
item_writes_issue(const struct item *item, bool merges)
{
    for (enum field f = 0; f < item->rules->fields->n; f++)
        if (item->fields[f].write[SIDE_GITHUB] && (f != FIELD_STATUS || !merges))
            return true;
    return false;
}

/* An unaccounted change of state on GitHub in the minute of the page's last edit. We cannot know
 * which came first, so we ask a person. */
static bool
item_is_unsure(const struct item *item)
{
    const struct record *record = item->record;
    int64_t changed = item->issue->state_changed_at;

    if (record == NULL || item->row != ROW_LINKED)
        return false;
    if (record->asked != 0 && record->asked == item->page->edited_at)
        return true;
    return changed > record->state_seen && changed - changed % MINUTE == item->page->edited_at;
}

static void
item_confirm(struct item *item, struct arena *arena)
{
    struct field_plan *status = &item->fields[FIELD_STATUS];

    if (!status->write[SIDE_GITHUB] || !item_is_unsure(item))
        return;
    status->write[SIDE_GITHUB] = status->conflict = status->settles = false;
    status->value[SIDE_GITHUB] = *value_of(&item->issue->values, FIELD_STATUS);
    lane_leave(item);
    item->asks = true;
    item_note(item,
              "the page's status was changed in the same minute as the state on GitHub, so nobody "
              "can know which came first: to sync it, edit the page once more",
              arena);
}

/* What comes before the writes: the losing values, and comments on what is written and what is not.
 */
static void
item_explain(struct item *item, bool merges, struct arena *arena)
{
    const struct field_plan *status = &item->fields[FIELD_STATUS];

    if (!field_set_is_empty(item_quotes(item, SIDE_GITHUB)))
        say(item, COMMENT_CONFLICT, arena);
    if (!field_set_is_empty(item_quotes(item, SIDE_NOTION)))
        item_act(item, ACTION_QUOTE, 0);
    if (item->asks && item->record->asked != item->page->edited_at)
        say(item, COMMENT_ASKED, arena);
    if (item->voided != NULL)
        say(item, COMMENT_VOID, arena);
    if (item->refused != NULL)
        say(item, COMMENT_REFUSED, arena);
    /* An issue that is adopted only now is closed from the start. That needs no comment. */
    if (status->write[SIDE_GITHUB] && !merges &&
        (item->row != ROW_E2_RECOVER || !status_is_closed(status->value[SIDE_GITHUB].text)))
        say(item, COMMENT_STATUS, arena);
}

/* E2, E4 and existing links: both sides exist. */
static void
item_link(struct item *item, struct arena *arena)
{
    struct field_plan *status = &item->fields[FIELD_STATUS];
    bool merges, news;

    if (item->row == ROW_E4_ADOPT || item->row == ROW_E2_RECOVER) {
        /* The number's link to another page. */
        item->unlinks = item->record != NULL && !item->record->tombstone &&
                        strcmp(item->record->page_id, item->page_id) != 0;
        item->record = NULL;
    }
    intent_resolve(item, arena);
    fields_decide(item, arena);
    body_decide(item, arena);
    if (item->body.looks_page)
        item_act(item, ACTION_LOOK, 0);
    item_confirm(item, arena);
    moves_decide(item, arena);
    if (item->issue->is_pull)
        pull_decide(item, arena);
    merges = item->issue->is_pull && status->write[SIDE_GITHUB] &&
             status_is_closed(status->value[SIDE_GITHUB].text) && pull_merges(item->rules);
    item_state_after(item, merges && item->rules->pull_request_done == PULL_DONE_MERGE);
    item_explain(item, merges, arena);
    /* Closing cancels auto-merge by itself. */
    if (pull_is_armed_in_vain(item))
        item_act(item, ACTION_DISARM_PULL, 0);
    if (item_writes_issue(item, merges))
        item_act(item, ACTION_WRITE_ISSUE, 0);
    if (merges) {
        item_act(item, ACTION_MERGE_PULL, 0);
        say(item, COMMENT_MERGED, arena);
    } else if (issue_pull(item->issue)->merged_by_viewer &&
               (status->row == ROW_F4_AGREE ||
                (status->row == ROW_F1_SAME && item->stored != NULL &&
                 item->stored->n_intents > 0))) {
        /* A pass merged it but died before recording that. */
        say(item, COMMENT_MERGED, arena);
    }
    item_renew_marker(item);
    if (fields_write(item, SIDE_NOTION) || item->page->number != item->number)
        item_act(item, ACTION_WRITE_PAGE, 0);
    if (item->fields[FIELD_BODY].write[SIDE_NOTION])
        item_act(item, ACTION_WRITE_CONTENT, 0);
    item_end(item, arena);
    /* Asks this even if there is something else to save. The page may need to be read first. */
    news = pull_is_news(item);
    item->saves = news || moves_is_news(item) || item->n_actions > 0 || item->row != ROW_LINKED ||
                  item_rebases(item, arena) || item->stored->n_intents > 0 ||
                  item->link_comment != item->record->link_comment;
}

static void
item_create_issue(struct item *item, struct arena *arena)
{
    const struct rules *rules = item->rules;
    const struct field_plan *status = &item->fields[FIELD_STATUS];
    int64_t edited_at = item->page->edited_at;
    bool more;

    item->fresh = rules->ripe_before != 0 && (edited_at > rules->ripe_before ||
                                              (item->met_at != 0 && edited_at != item->met_at));
    if (item->fresh && rules->leaves_fresh) {
        item->again = AGAIN_FRESH;
        return;
    }
    body_for_issue(item, arena);
    fields_for_issue(item, arena);
    item->stage_fresh = true;
    if (item->body.looks_page)
        item_act(item, ACTION_LOOK, 0);
    item_act(item, ACTION_CREATE_ISSUE, 0);
    more = status->write[SIDE_GITHUB] && status_is_closed(status->value[SIDE_GITHUB].text);
    FIELD_EACH(f, item->rules->fields->after_creating)
    more = more || (item->fields[f].write[SIDE_GITHUB] &&
                    !value_is_empty(&item->fields[f].value[SIDE_GITHUB]));
    if (more)
        item_act(item, ACTION_WRITE_ISSUE, 0);
    item_act(item, ACTION_WRITE_PAGE, 0);
    item_end(item, arena);
    item->saves = true;
}

/* A page without an issue: its pull requests set its status and show in its columns. */
static void
item_alone(struct item *item, struct arena *arena)
{
    struct field_plan *status = &item->fields[FIELD_STATUS];

    intent_resolve(item, arena);
    fields_show(item, arena);
    if (item->rules->on[FIELD_STATUS])
        *status = (struct field_plan){.row = ROW_F1_SAME,
                                      .value = {*value_of(&item->issue->values, FIELD_STATUS),
                                                *value_of(&item->page->values, FIELD_STATUS)},
                                      .settles = true};
    moves_decide(item, arena);
    if (fields_write(item, SIDE_NOTION))
        item_act(item, ACTION_WRITE_PAGE, 0);
    item->saves = item->n_actions > 0 || moves_is_news(item) || item_rebases(item, arena) ||
                  (item->stored != NULL && item->stored->n_intents > 0);
    if (item->later)
        item->again = AGAIN_LINK;
}

static void
item_page_gone(struct item *item, struct arena *arena)
{
    bool open = item->issue != NULL &&
                !status_is_closed(value_of(&item->issue->values, FIELD_STATUS)->text);

    /* A bare 404 from Notion may also mean that the page is no longer shared. */
    item->page_gone = item->page_gone || (item->page != NULL && item->page->gone);
    item->page = NULL;
    say(item, COMMENT_ENDED, arena);
    if (item->rules->on_page_deleted == PAGE_DELETED_CLOSE && open && !item->page_gone) {
        item_note(
            item,
            "Notion does not say whether the page was deleted or only is not shared any more: "
            "the issue stays open",
            arena);
    } else if (item->rules->on_page_deleted == PAGE_DELETED_CLOSE && open) {
        struct field_plan *status = &item->fields[FIELD_STATUS];

        status->write[SIDE_GITHUB] = true;
        status->value[SIDE_GITHUB] = value_text(STATUS_NOT_PLANNED);
        item_act(item, ACTION_WRITE_ISSUE, 0);
    }
    item->ends_link = item->saves = item->unlinks = true;
}

static void
item_issue_gone(struct item *item)
{
    bool there = item->page != NULL && !item->page->gone && !item->page->foreign &&
                 item->page->number == item->number;
    bool trash = item->rules->on_issue_deleted == ISSUE_DELETED_TRASH;

    if (there)
        item_act(item, trash ? ACTION_TRASH_PAGE : ACTION_CLEAR_NUMBER, 0);
    item->ends_link = item->saves = item->unlinks = true;
}

/* A comment that looks like ours but is not certainly ours decides nothing. It is reported. */
static void
item_note_unproved(struct item *item, struct arena *arena)
{
    size_t n = comments_unproved(item, arena);

    if (n > 0)
        item_note(item,
                  arena_printf(arena,
                               "%zu comment%s here carr%s a marker of this action without "
                               "the right tag: not made by this action, or with another "
                               "Notion token. What the marker says counts for nothing",
                               n, n == 1 ? "" : "s", n == 1 ? "ies" : "y"),
                  arena);
}

/* The current values of both sides turn their digests back into texts. */
static void
item_unseal(struct item *item, struct arena *arena)
{
    const struct rules *rules = item->rules;
    bool linked = item->stored == item->record;

    item->record = item->known = record_unseal(item->record, rules, item->issue, item->page, arena);
    item->stored =
        linked ? item->record : record_unseal(item->stored, rules, item->issue, item->page, arena);
    item->task = record_unseal(item->task, rules, NULL, item->page, arena);
}

static void
item_build(struct item *item, struct arena *arena)
{
    item_unseal(item, arena);
    switch (item->row) {
    case ROW_E1_NEW_ISSUE:
        item_create_issue(item, arena);
        break;
    case ROW_E3_NEW_PAGE:
        body_for_page(item, arena);
        fields_for_page(item, arena);
        moves_decide(item, arena);
        item_act(item, ACTION_CREATE_PAGE, 0);
        /* The label of the status that the page's pull requests give it. */
        if (item_writes_issue(item, false))
            item_act(item, ACTION_WRITE_ISSUE, 0);
        item_end(item, arena);
        item->saves = true;
        break;
    case ROW_E2_RECOVER:
    case ROW_E4_ADOPT:
    case ROW_E12_RESUME:
    case ROW_LINKED:
        item_link(item, arena);
        break;
    case ROW_E8_PAGE_GONE:
        item_page_gone(item, arena);
        break;
    case ROW_E9_ISSUE_GONE:
        item_issue_gone(item);
        break;
    case ROW_E13_WAS_LINKED:
        /* This does not end a link. It only records again that the link ended. */
        item->ends_link = item->saves = true;
        break;
    case ROW_E10_UNLINK:
        say(item, COMMENT_ENDED, arena);
        item->ends_link = item->saves = true;
        /* No reason: the link ended earlier, and this records it again. */
        item->unlinks = item->because != NULL;
        break;
    case ROW_E14_TASK:
        item_alone(item, arena);
        break;
    case ROW_E11_HIDDEN:
        /* Edits on the page of a hidden issue are carried over once the issue is visible again. */
        if (item->notes.n > 0 && item->page != NULL && !item->page->gone &&
            item->page->edited_at > item->record->page_edited)
            item->again = AGAIN_SIGHT;
        break;
    default:
        break;
    }
    if (item->waits && item->again == AGAIN_NO)
        item->again = AGAIN_LINK;
    item_note_unproved(item, arena);
}

/* Whether the decision needs the times at which the issue's fields changed. They may show what came
 * of earlier runs' intents, or of the issue that an earlier run made. */
static bool
needs_changes(const struct item *item, const struct issue_entry *number)
{
    if (number->changed_at != NULL)
        return false;
    if (item->stored == NULL)
        return item->row == ROW_E2_RECOVER;
    for (size_t i = 0; i < item->stored->n_intents; i++)
        if (!field_set_is_empty(item->stored->intents[i].writes[SIDE_GITHUB]) &&
            item->issue->updated_at > item->stored->intents[i].issue_updated)
            return true;
    return false;
}

/* Notes what the item depends on and nobody has read yet, besides the names and links in its
 * values: existing comments, if it makes some, and the pages that it names. */
static void
item_look_further(const struct item *item, const struct pair *pair, struct missing *missing)
{
    const struct rules *rules = item->rules;
    static const struct value none;
    const struct issue_entry *number = pair->number;

    FIELD_EACH(f, rules->fields->links)
    if (rules->world != NULL && item->fields[f].write[SIDE_NOTION])
        links_unseen(rules->world, &item->fields[f].value[SIDE_NOTION],
                     item->page != NULL ? value_of(&item->page->values, f) : &none,
                     &missing->pages);
    if (number == NULL)
        return;
    if (number->bodies == NULL && body_is_open(rules, pair))
        vec_push(&missing->bodies, number->number);
    if (number->sight != SIGHT_SEEN)
        return;
    if (!number->comments_read && number->issue->comments > 0 &&
        (item_acts(item, ACTION_COMMENT) || item_acts(item, ACTION_MERGE_PULL) ||
         body_may_conflict(item)))
        vec_push(&missing->comments, number->number);
    if (needs_changes(item, number))
        vec_push(&missing->changes, number->number);
}

struct item *
item_decide(const struct pair *pair, const struct rules *rules, const struct plan *plan,
            struct arena *arena)
{
    struct item *item = item_new(pair, rules, plan, arena);

    item_build(item, arena);
    if (pair->row != ROW_NONE)
        item_look_further(item, pair, plan->missing);
    return item;
}

const struct item *
reconcile_again(const struct item *item, const struct issue *issue, const struct page *page,
                const struct rules *rules, struct arena *arena)
{
    struct item *again = arena_memdup(arena, item, sizeof(*item));

    again->rules = rules;
    again->issue = issue;
    again->page = page;
    again->n_actions = 0;
    again->saves = again->ends_link = again->unlinks = false;
    again->notes = (struct sayings){0};
    again->again = AGAIN_NO;
    again->body = (struct body_plan){.page_named = item->body.page_named,
                                     .base_read = item->body.base_read,
                                     .base = {item->body.base[0], item->body.base[1]},
                                     .next = {item->body.next[0], item->body.next[1]}};
    again->waits = again->asks = false;
    again->refused = again->voided = NULL;
    if (again->told != NULL)
        item_note(again, again->told, arena);
    again->fields = arena_array(arena, rules->fields->n, sizeof(*again->fields));
    again->doubts = arena_array(arena, rules->fields->n, sizeof(*again->doubts));
    moves_show(again, arena);
    again->title = item_name(again);
    item_build(again, arena);
    /* This pass's comments were counted when it was planned. */
    if (item_ends_with_link_comment(again) && !item_ends_with_link_comment(item))
        item_leave_link_comment(again);
    return again;
}
