#include "reconcile/pair.h"

#include <string.h>

#include "model/lens.h"
#include "reconcile/claim.h"
#include "reconcile/comment.h"
#include "reconcile/progress.h"
#include "reconcile/translate.h"
#include "reconcile/unseal.h"

/* Notes a want; false, so that the walk ends there. */
static bool
want_number(struct number_list *list, const struct number *number)
{
    if (list != NULL)
        vec_push(list, number->number);
    return false;
}

static bool
want_id(struct id_list *list, const struct sheet *sheet)
{
    if (list != NULL)
        vec_push(list, sheet->id);
    return false;
}

#define WANT(wants, member) ((wants) != NULL ? &(wants)->member : NULL)

static bool
sheet_is_known(const struct sheet *sheet)
{
    return sheet->sight == SIGHT_SEEN || sheet->sight == SIGHT_GONE;
}

static bool
pair_ends(struct pair *pair, enum row row, struct sheet *sheet, const char *because)
{
    pair->row = row;
    pair->sheet = sheet;
    pair->because = because;
    return true;
}

static bool
pair_tells(struct pair *pair, enum row row, struct sheet *sheet, const char *note)
{
    pair->row = row;
    pair->sheet = sheet;
    pair->note = note;
    return true;
}

static const char *
pair_why_gone(const struct sheet *sheet)
{
    return sheet->page != NULL && sheet->page->gone
               ? "its Notion page was moved to the trash or out of the database"
               : "its Notion page does not exist any more, or is not shared with the connection "
                 "any more";
}

static const char *
pair_why_left(const struct sheet *sheet)
{
    const struct page *page = sheet->page;

    if (page->foreign)
        return "its Notion page was given to another repository";
    return page->number == 0 ? "GitHub ID was cleared on its Notion page"
                             : "GitHub ID was changed on its Notion page";
}

/* Whether a query showed a row as it was before the base was taken: its values would look like
 * somebody's edits. */
static bool
row_may_be_old(const struct rules *rules, const struct number *number, const struct sheet *sheet)
{
    const struct record *record = number->record;
    const struct page *page = sheet->page;
    const struct values *base;
    struct arena *scratch;
    bool differs = false;

    if (page->direct || record->page_edited == 0 || page->edited_at > record->page_edited ||
        rules->notion_time - record->page_edited > QUERY_LAG)
        return false;
    scratch = arena_new();
    base = record_unseal(record, rules, NULL, page, scratch)->base;
    FIELD_EACH(f, field_set_and(rules->fields->based, rules->fields->properties))
    differs = differs || (rules->on[f] && !value_equal(value_of(&page->values, f),
                                                       value_of(&base[SIDE_NOTION], f)));

    arena_free(scratch);
    return differs;
}

/* It is there, but archived, or its number cannot be seen in this run. */
static bool
sheet_is_hidden(const struct sheet *sheet)
{
    return sheet->sight == SIGHT_SEEN && (sheet->page->archived || sheet->page->unread);
}

/* Whether a page without a number says nothing about its link: the column is not the one that the
 * number was written to, and is empty because it is new. */
static bool
number_is_unproven(const struct rules *rules, const struct record *kept)
{
    const struct record *record = kept;

    if (record->column == NULL)
        return rules->number_doubt;
    return rules->number_column == NULL || strcmp(record->column, rules->number_column) != 0;
}

static bool
carries_number(const struct rules *rules, const struct number *number, int64_t carried)
{
    return carried == number->number || (carried == 0 && number_is_unproven(rules, number->record));
}

static bool
pair_recorded(struct world *world, const struct rules *rules, struct number *number,
              struct wants *wants, struct pair *pair)
{
    struct sheet *sheet = world_sheet(world, number->record->page_id);
    struct sheet *heir;

    if (sheet_is_hidden(sheet))
        return pair_ends(pair, ROW_E11_HIDDEN, sheet, NULL);
    if (number->sight == SIGHT_HIDDEN)
        return pair_tells(pair, ROW_E11_HIDDEN, sheet, number->hidden);
    if (number->sight == SIGHT_MISSING)
        return want_number(WANT(wants, probes), number);
    /* A query answers for a hundred pages at once; what it does not show is asked for by its id. */
    if (!sheet_is_known(sheet) && !number->looked_up && !rules->pages_complete)
        return want_number(WANT(wants, lookups), number);
    if (!sheet_is_known(sheet))
        return want_id(WANT(wants, pages), sheet);
    if (number->sight == SIGHT_GONE)
        return pair_ends(pair, ROW_E9_ISSUE_GONE, sheet,
                         number->moved_to != NULL
                             ? "its issue was transferred to another repository"
                             : "its issue was deleted on GitHub");
    if (sheet->sight == SIGHT_SEEN && !sheet->page->foreign &&
        carries_number(rules, number, sheet->page->number))
        return row_may_be_old(rules, number, sheet) ? want_id(WANT(wants, pages), sheet)
                                                    : pair_ends(pair, ROW_LINKED, sheet, NULL);
    /* A query may lag behind the number that was just written. */
    if (sheet->sight == SIGHT_SEEN && !sheet->page->direct)
        return want_id(WANT(wants, pages), sheet);
    if (!number->looked_up && !rules->pages_complete)
        return want_number(WANT(wants, lookups), number);
    heir = number_heir(world, number, sheet);
    if (heir != NULL && !heir->page->direct)
        return want_id(WANT(wants, pages), heir);
    if (heir != NULL)
        return pair_ends(pair, ROW_E4_ADOPT, heir, NULL);
    if (sheet->sight == SIGHT_GONE)
        return pair_ends(pair, ROW_E8_PAGE_GONE, sheet, pair_why_gone(sheet));
    return pair_ends(pair, ROW_E10_UNLINK, sheet, pair_why_left(sheet));
}

/* An own issue that carries a page's marker, without a record: created by a pass that died, or
 * copied. */
static bool
pair_marked(struct world *world, const struct rules *rules, struct number *number,
            struct wants *wants, struct pair *pair)
{
    struct sheet *sheet = world_sheet(world, number->issue->marker);

    if (comment_says_ended(number->comments, number->n_comments, sheet->id))
        return true;
    if (!sheet_is_known(sheet))
        return want_id(WANT(wants, pages), sheet);
    if (sheet->sight == SIGHT_GONE)
        return pair_ends(pair, ROW_E8_PAGE_GONE, sheet, pair_why_gone(sheet));
    if (sheet_is_hidden(sheet))
        return pair_ends(pair, ROW_E11_HIDDEN, sheet, NULL);
    if (!sheet->index_read && !rules->records_complete)
        return want_id(WANT(wants, indexes), sheet);
    if (sheet->linked != 0 && !world_number(world, sheet->linked)->record_read)
        return want_number(WANT(wants, details), world_number(world, sheet->linked));
    if (sheet_rival(sheet) != NULL)
        return want_id(WANT(wants, pages), sheet_rival(sheet));
    if (sheet_first_claim(world, sheet) != number || sheet_link(world, sheet) != NULL ||
        sheet->page->number != 0 || sheet->page->foreign)
        return pair_tells(pair, ROW_E7_MARKER_TAKEN, sheet,
                          "this issue carries the marker of a page that belongs to another issue");
    return pair_ends(pair, ROW_E2_RECOVER, sheet, NULL);
}

static bool
has_one_of(const struct value *labels, const struct value *wanted)
{
    for (size_t i = 0; i < wanted->len; i++)
        if (value_has(labels, wanted->items[i]))
            return true;
    return false;
}

static bool
pair_wants_page(const struct rules *rules, const struct number *number)
{
    const struct issue *issue = number->issue;

    if (issue->is_pull && rules->pull_requests != PULLS_ALL)
        return false;
    if (rules->issue_labels.kind == VALUE_SET &&
        !has_one_of(lens_labels(&issue->values), &rules->issue_labels))
        return false;
    if (rules->issue_filter != NULL && !issue_filter_matches(rules->issue_filter, issue))
        return false;
    return rules->create_pages == CREATE_PAGES_ALL ||
           (rules->create_pages == CREATE_PAGES_OPEN &&
            !status_is_closed(value_of(&issue->values, FIELD_STATUS)->text));
}

static bool
pair_by_comment(struct world *world, const struct rules *rules, const char *linked,
                struct wants *wants, struct pair *pair)
{
    struct sheet *sheet = world_sheet(world, linked);

    if (!sheet_is_known(sheet))
        return want_id(WANT(wants, pages), sheet);
    if (sheet->sight == SIGHT_GONE)
        return pair_ends(pair, ROW_E8_PAGE_GONE, sheet, pair_why_gone(sheet));
    if (sheet_is_hidden(sheet))
        return pair_ends(pair, ROW_E11_HIDDEN, sheet, NULL);
    if (rules->number_doubt && sheet->page->number == 0 && !sheet->page->foreign)
        return pair_ends(pair, ROW_E4_ADOPT, sheet, NULL);
    return pair_ends(pair, ROW_E10_UNLINK, sheet, pair_why_left(sheet));
}

/* A link that a comment says was ended, and that the state does not know (any more): it is
 * remembered, so that neither end gets a new partner. */
static bool
pair_ended_before(struct world *world, const char *linked, struct wants *wants, struct pair *pair)
{
    struct sheet *sheet = world_sheet(world, linked);

    if (!sheet_is_known(sheet))
        return want_id(WANT(wants, pages), sheet);
    if (sheet->sight == SIGHT_SEEN && sheet->page->number != 0)
        return true;
    return pair_ends(pair, ROW_E10_UNLINK, sheet, NULL);
}

/* Pages carry the number. after_end: of a link that was ended. */
static bool
pair_carried(struct world *world, const struct number *number, const char *linked, bool after_end,
             struct wants *wants, struct pair *pair)
{
    struct sheet *chosen = number_choose(world, number, linked);
    const char *marker = number->issue->marker;

    if (chosen == NULL)
        return pair_tells(pair, ROW_E6_DUPLICATE, NULL, "several pages carry this number");
    if (sheet_is_hidden(chosen))
        return pair_ends(pair, ROW_E11_HIDDEN, chosen, NULL);
    /* A query lags: it may show the number that the page had before its link was ended. */
    if (after_end && !chosen->page->direct)
        return want_id(WANT(wants, pages), chosen);
    /* The page that the issue was made for has no issue now. */
    if (marker != NULL && strcmp(marker, chosen->id) != 0)
        world_sheet(world, marker)->focus = true;
    return pair_ends(pair, ROW_E4_ADOPT, chosen, NULL);
}

/* The link ended because the issue was gone, and here it is: its page is linked to it again, unless
 * that page has another number by now. */
static bool
pair_resumed(struct world *world, const struct number *number, struct wants *wants,
             struct pair *pair)
{
    struct sheet *sheet = world_sheet(world, number->record->page_id);
    struct page page;

    if (!sheet_is_known(sheet) || (sheet->sight == SIGHT_SEEN && !sheet->page->direct))
        return want_id(WANT(wants, pages), sheet);
    if (sheet->sight == SIGHT_GONE)
        return true;
    page = *sheet->page;
    if (page.archived)
        return pair_ends(pair, ROW_E11_HIDDEN, sheet, NULL);
    if (page.foreign || (page.number != 0 && page.number != number->number) ||
        sheet->linked != number->number)
        return true;
    return pair_ends(pair, ROW_E12_RESUME, sheet, NULL);
}

/* Whether the only page with the number is the one that the link was to, or none is. */
static bool
number_may_resume(const struct number *number)
{
    return number->record != NULL && number->record->issue_gone &&
           (number->sheets.len == 0 ||
            (number->sheets.len == 1 &&
             strcmp(number->sheets.items[0]->id, number->record->page_id) == 0));
}

/* Nothing is remembered of the number, but a page without one shows it in GitHub URL: they were
 * linked once, and somebody removed the number. */
static bool
pair_shown(const struct rules *rules, struct number *number, struct wants *wants, struct pair *pair)
{
    if (!number->looked_up && !rules->pages_complete)
        return want_number(WANT(wants, lookups), number);
    return pair_tells(pair, ROW_E13_WAS_LINKED, number->shown.items[0],
                      "GitHub URL shows that this page was linked before: set GitHub ID to link "
                      "it again, or duplicate the page for a new issue");
}

/* An issue that is there and of which no living link is remembered. */
static bool
pair_unrecorded(struct world *world, const struct rules *rules, struct number *number,
                struct wants *wants, struct pair *pair)
{
    const struct issue *issue = number->issue;
    const char *linked;
    bool ended, marked;

    if (number_may_resume(number))
        return pair_resumed(world, number, wants, pair);
    if (number->record != NULL && number->sheets.len == 0)
        return true;
    if (number->record == NULL && issue->named != NULL && issue->marker == NULL)
        pair->note =
            "the text of this issue ends in a marker of this action that is not proved (it "
            "lacks the right tag, or somebody else edited the text since): it counts for "
            "nothing";
    if (issue->comments > 0 && !number->comments_read)
        return want_number(WANT(wants, comments), number);
    linked = number_last_link(world, number, &ended);
    marked = issue->marker != NULL && !page_is_anothers(world, issue->marker);
    if (number->sheets.len > 0)
        return pair_carried(world, number, ended ? NULL : linked, ended || number->record != NULL,
                            wants, pair);
    if (ended)
        return pair_ended_before(world, linked, wants, pair);
    if (linked == NULL && number->record == NULL && number->shown.len > 0)
        return pair_shown(rules, number, wants, pair);
    if (linked == NULL && !marked && !pair_wants_page(rules, number))
        return true;
    if (!number->looked_up && !rules->pages_complete)
        return want_number(WANT(wants, lookups), number);
    if (linked != NULL)
        return pair_by_comment(world, rules, linked, wants, pair);
    return marked ? pair_marked(world, rules, number, wants, pair)
                  : pair_ends(pair, ROW_E3_NEW_PAGE, NULL, NULL);
}

bool
pair_number(struct world *world, const struct rules *rules, struct number *number,
            struct wants *wants, struct pair *pair)
{
    *pair = (struct pair){.number = number};
    if (!number->record_read || number->sight == SIGHT_UNREAD)
        return want_number(WANT(wants, details), number);
    if (number->sight == SIGHT_SEEN && number->issue->is_pull &&
        rules->pull_requests == PULLS_NONE) {
        if (number->sheets.len > 0)
            pair->note = "GitHub ID is the number of a pull request, and `pull_requests` is none";
        return true;
    }
    if (number->record != NULL && !number->record->ended)
        return pair_recorded(world, rules, number, wants, pair);
    if (number->sight != SIGHT_SEEN) {
        if (number->sheets.len > 0 && !sheet_is_hidden(number->sheets.items[0]))
            return pair_tells(
                pair, ROW_E5_NO_ISSUE, number->sheets.items[0],
                "GitHub ID is the number of no issue or pull request of the repository");
        if (number->record == NULL && number->shown.len > 0)
            return pair_shown(rules, number, wants, pair);
        return true;
    }
    return pair_unrecorded(world, rules, number, wants, pair);
}

/* The state may be lost, but an own comment on an issue that no page carries any more still names
 * the link. */
static bool
sheet_was_linked(const struct sheet *sheet)
{
    return sheet->mention != NULL && sheet->mention->record == NULL &&
           sheet->mention->sheets.len == 0;
}

/* Whether GitHub URL shows that the page was linked to an issue that no other page has: then that
 * issue's own row decides what becomes of the page. False with *known false: that must be read. */
static bool
sheet_shows_link(struct world *world, const struct rules *rules, const struct sheet *sheet,
                 struct wants *wants, bool *known)
{
    struct number *shown;

    *known = true;
    if (sheet->page->named == 0)
        return false;
    shown = world_number(world, sheet->page->named);
    if (!shown->record_read || shown->sight == SIGHT_UNREAD)
        return *known = want_number(WANT(wants, details), shown);
    if (shown->record != NULL || shown->sheets.len > 0)
        return false;
    if (!shown->looked_up && !rules->pages_complete)
        return *known = want_number(WANT(wants, lookups), shown);
    shown->focus = true;
    return true;
}

/* Without a status a page is open. */
static bool
pair_wants_issue(const struct rules *rules, const struct sheet *sheet)
{
    const struct page *page = sheet->page;
    const struct value *status = value_of(&page->values, FIELD_STATUS);

    if (rules->create_issues != CREATE_ISSUES_OPEN)
        return rules->create_issues == CREATE_ISSUES_ALL;
    return !rules->on[FIELD_STATUS] || status->kind != VALUE_TEXT ||
           status_meaning(&rules->status, status->text) == MEANING_OPEN;
}

/* Whether pull requests belong to a page that has no issue, or did. */
static bool
sheet_has_task(const struct rules *rules, const struct sheet *sheet)
{
    return rules->task_prefix != NULL && (sheet->seen->pulls.len > 0 || sheet->seen->task != NULL);
}

/* Whether their stage differs from the one that the page remembers: that comes first, and the page
 * may be done then. */
static bool
task_moves(const struct rules *rules, const struct sheet *sheet)
{
    struct arena *scratch = arena_new();
    const struct record *task = sheet->seen->task;
    const struct progress *progress = progress_of(rules, NULL, sheet, task, scratch);
    bool moves = progress != NULL && progress->stage != STAGE_UNKNOWN &&
                 progress->stage != (task != NULL ? task->stage : STAGE_NONE);

    arena_free(scratch);
    return moves;
}

/* A page without a number that gets none now, or not before its pull requests were taken into
 * account. */
static bool
pair_alone(const struct rules *rules, struct sheet *sheet, bool later, struct wants *wants,
           struct pair *pair)
{
    if (!sheet_has_task(rules, sheet))
        return true;
    if (!sheet->index_read)
        return want_id(WANT(wants, indexes), sheet);
    pair->later = later;
    return pair_ends(pair, ROW_E14_TASK, sheet, NULL);
}

/* A page without a number: was it linked before, is there an issue for it already, or is it new? */
static bool
pair_unnumbered(struct world *world, const struct rules *rules, struct sheet *sheet,
                struct wants *wants, struct pair *pair)
{
    const struct number *linked = sheet_link(world, sheet);
    const struct number *claim = sheet_first_claim(world, sheet);
    bool known;
    const struct number *number =
        sheet->linked != 0 ? world_find_number(world, sheet->linked) : NULL;

    if (number != NULL && number->record != NULL && !number->record->ended &&
        strcmp(number->record->page_id, sheet->id) == 0 &&
        number_is_unproven(rules, number->record))
        return true;
    if (sheet_rival(sheet) != NULL)
        return want_id(WANT(wants, pages), sheet_rival(sheet));
    /* The decision about the number handles this. */
    if (linked != NULL && linked->sight == SIGHT_SEEN && linked->record->issue_gone)
        return true;
    if (linked != NULL && linked->record->ended && linked->record->told == sheet->page->edited_at)
        return true;
    if ((linked != NULL && linked->record->ended) ||
        (linked == NULL && claim == NULL && sheet_was_linked(sheet)))
        return pair_tells(pair, ROW_NONE, sheet,
                          "the link of this page was ended; for a new issue duplicate the page, "
                          "or set GitHub ID to link one");
    if (linked != NULL || sheet_shows_link(world, rules, sheet, wants, &known))
        return true;
    if (!known)
        return false;
    if (claim != NULL) {
        world_number(world, claim->number)->focus = true;
        return true;
    }
    if (!pair_wants_issue(rules, sheet) ||
        translate_title_is_blank(value_of(&sheet->page->values, FIELD_TITLE)))
        return pair_alone(rules, sheet, false, wants, pair);
    if (rules->pages_filtered && !sheet->filter_asked)
        return want_id(WANT(wants, matches), sheet);
    if (rules->pages_filtered && !sheet->matches)
        return pair_alone(rules, sheet, false, wants, pair);
    if (rules->held_back) {
        pair->held_back = true;
        return pair_alone(rules, sheet, false, wants, pair);
    }
    if (sheet_has_task(rules, sheet) && (!sheet->index_read || task_moves(rules, sheet)))
        return pair_alone(rules, sheet, true, wants, pair);
    return pair_ends(pair, ROW_E1_NEW_ISSUE, sheet, NULL);
}

/* Whether the record of the page's own number names it, so that there is no need to ask for an
 * older link. False with *known false: the record was not read yet. */
static bool
sheet_is_recorded(struct world *world, const struct sheet *sheet, bool *known)
{
    struct number *number;

    *known = true;
    if (sheet->sight != SIGHT_SEEN || sheet->page->number <= 0)
        return false;
    number = world_number(world, sheet->page->number);
    number->focus = true;
    *known = number->record_read;
    return number->record != NULL && strcmp(number->record->page_id, sheet->id) == 0;
}

bool
pair_sheet(struct world *world, const struct rules *rules, struct sheet *sheet, struct wants *wants,
           struct pair *pair)
{
    bool known;

    *pair = (struct pair){.sheet = sheet};
    if (!sheet_is_known(sheet))
        return want_id(WANT(wants, pages), sheet);
    if (sheet_is_recorded(world, sheet, &known))
        return true;
    if (!known)
        return want_number(WANT(wants, details), world_number(world, sheet->page->number));
    if (!sheet->index_read && !rules->records_complete)
        return want_id(WANT(wants, indexes), sheet);
    if (sheet->linked != 0)
        world_number(world, sheet->linked)->focus = true;
    if (sheet->sight == SIGHT_GONE || sheet->page->foreign || sheet_is_hidden(sheet) ||
        sheet->page->number > 0)
        return true;
    if (sheet->page->unread)
        return true;
    if (sheet->page->number < 0)
        return pair_tells(pair, ROW_E5_NO_ISSUE, sheet, "GitHub ID is not a whole positive number");
    if (sheet->linked != 0 && !world_number(world, sheet->linked)->record_read)
        return want_number(WANT(wants, details), world_number(world, sheet->linked));
    return pair_unnumbered(world, rules, sheet, wants, pair);
}
