#include "reconcile/pair.h"

#include <string.h>

#include "model/lens.h"
#include "reconcile/claim.h"
#include "reconcile/comment.h"
#include "reconcile/missing.h"
#include "reconcile/progress.h"
#include "reconcile/translate.h"
#include "reconcile/unseal.h"

/* A decision in progress. */
struct pairing {
    const struct world *world;
    const struct rules *rules;
    struct missing *missing;
    struct pair *pair;
};

/* Notes what is missing. Returns false, so that the walk ends there. */
static bool
want_number(struct number_list *list, int64_t number)
{
    vec_push(list, number);
    return false;
}

static bool
want_id(struct id_list *list, const struct page_entry *entry)
{
    vec_push(list, entry->id);
    return false;
}

/* Whether we have read the record of the number that the page is remembered with. */
static bool
link_is_read(const struct world *world, const struct page_entry *entry)
{
    const struct issue_entry *linked = world_find_issue(world, entry->linked);

    return entry->linked == 0 || (linked != NULL && linked->record_read);
}

static bool
entry_is_known(const struct page_entry *entry)
{
    return entry->sight == SIGHT_SEEN || entry->sight == SIGHT_GONE;
}

static bool
pair_ends(const struct pairing *see, enum row row, const struct page_entry *entry,
          const char *because)
{
    see->pair->row = row;
    see->pair->entry = entry;
    see->pair->because = because;
    return true;
}

static bool
pair_tells(const struct pairing *see, enum row row, const struct page_entry *entry,
           const char *note)
{
    see->pair->note = note;
    return pair_ends(see, row, entry, NULL);
}

static const char *
pair_why_gone(const struct page_entry *entry)
{
    return entry->page != NULL && entry->page->gone
               ? "its Notion page was moved to the trash or out of the database"
               : "its Notion page does not exist any more, or is not shared with the connection "
                 "any more";
}

static const char *
pair_why_left(const struct page_entry *entry)
{
    const struct page *page = entry->page;

    if (page->foreign)
        return "its Notion page was given to another repository";
    return page->number == 0 ? "GitHub ID was cleared on its Notion page"
                             : "GitHub ID was changed on its Notion page";
}

/* Whether a query showed a row as it was before the base was taken. Its old values would look like
 * somebody's edits. */
static bool
row_may_be_old(const struct rules *rules, const struct issue_entry *number,
               const struct page_entry *entry)
{
    const struct record *record = number->record;
    const struct page *page = entry->page;
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

/* The page exists but is archived, or its number is not visible in this run. */
static bool
entry_is_hidden(const struct page_entry *entry)
{
    return entry->sight == SIGHT_SEEN && (entry->page->archived || entry->page->unread);
}

/* Whether a page without a number says nothing about its link: the number was written to a
 * different column, and this one is empty because it is new. */
static bool
number_is_unproven(const struct rules *rules, const struct record *record)
{
    if (record->column == NULL)
        return rules->number_doubt;
    return rules->number_column == NULL || strcmp(record->column, rules->number_column) != 0;
}

static bool
pair_recorded(const struct pairing *see, const struct issue_entry *number)
{
    const struct page_entry *entry = world_find_page(see->world, number->record->page_id);
    const struct page_entry *heir;

    if (entry_is_hidden(entry))
        return pair_ends(see, ROW_E11_HIDDEN, entry, NULL);
    if (number->sight == SIGHT_HIDDEN)
        return pair_tells(see, ROW_E11_HIDDEN, entry, number->hidden);
    if (number->sight == SIGHT_MISSING)
        return want_number(&see->missing->probes, number->number);
    /* One query answers for a hundred pages. Pages that it does not show are requested by their
     * ids. */
    if (!entry_is_known(entry) && !number->looked_up && !see->rules->pages_complete)
        return want_number(&see->missing->lookups, number->number);
    if (!entry_is_known(entry))
        return want_id(&see->missing->pages, entry);
    if (number->sight == SIGHT_GONE)
        return pair_ends(see, ROW_E9_ISSUE_GONE, entry,
                         number->moved_to != NULL
                             ? "its issue was transferred to another repository"
                             : "its issue was deleted on GitHub");
    if (entry->sight == SIGHT_SEEN && !entry->page->foreign &&
        (entry->page->number == number->number ||
         (entry->page->number == 0 && number_is_unproven(see->rules, number->record))))
        return row_may_be_old(see->rules, number, entry) ? want_id(&see->missing->pages, entry)
                                                         : pair_ends(see, ROW_LINKED, entry, NULL);
    /* A query may lag behind the number that was just written. */
    if (entry->sight == SIGHT_SEEN && !entry->page->direct)
        return want_id(&see->missing->pages, entry);
    if (!number->looked_up && !see->rules->pages_complete)
        return want_number(&see->missing->lookups, number->number);
    heir = number_heir(see->world, number, entry);
    if (heir != NULL && !heir->page->direct)
        return want_id(&see->missing->pages, heir);
    if (heir != NULL)
        return pair_ends(see, ROW_E4_ADOPT, heir, NULL);
    if (entry->sight == SIGHT_GONE)
        return pair_ends(see, ROW_E8_PAGE_GONE, entry, pair_why_gone(entry));
    return pair_ends(see, ROW_E10_UNLINK, entry, pair_why_left(entry));
}

static bool
pair_wants_page(const struct rules *rules, const struct issue_entry *number)
{
    const struct issue *issue = number->issue;
    bool labeled = rules->issue_labels.kind != VALUE_SET;

    for (size_t i = 0; i < rules->issue_labels.len; i++)
        labeled = labeled || value_has(lens_labels(&issue->values), rules->issue_labels.items[i]);
    if (!labeled || (issue->is_pull && rules->pull_requests != PULLS_ALL))
        return false;
    if (rules->issue_filter != NULL && !issue_filter_matches(rules->issue_filter, issue))
        return false;
    return rules->create_pages == CREATE_PAGES_ALL ||
           (rules->create_pages == CREATE_PAGES_OPEN &&
            !status_is_closed(value_of(&issue->values, FIELD_STATUS)->text));
}

/* The link is not on record, but our own comment names its page (commented), or our own issue
 * carries the page's marker: a pass created it and died, or somebody copied the marker. */
static bool
pair_named(const struct pairing *see, const struct issue_entry *number,
           const struct page_entry *entry, bool commented)
{
    if (!commented && comment_says_ended(number->comments, number->n_comments, entry->id))
        return true;
    if (!entry_is_known(entry))
        return want_id(&see->missing->pages, entry);
    if (entry->sight == SIGHT_GONE)
        return pair_ends(see, ROW_E8_PAGE_GONE, entry, pair_why_gone(entry));
    if (entry_is_hidden(entry))
        return pair_ends(see, ROW_E11_HIDDEN, entry, NULL);
    if (commented)
        return see->rules->number_doubt && entry->page->number == 0 && !entry->page->foreign
                   ? pair_ends(see, ROW_E4_ADOPT, entry, NULL)
                   : pair_ends(see, ROW_E10_UNLINK, entry, pair_why_left(entry));
    if (!entry->index_read && !see->rules->records_complete)
        return want_id(&see->missing->indexes, entry);
    if (!link_is_read(see->world, entry))
        return want_number(&see->missing->details, entry->linked);
    if (entry_rival(entry) != NULL)
        return want_id(&see->missing->pages, entry_rival(entry));
    if (entry_first_claim(see->world, entry) != number || entry_link(see->world, entry) != NULL ||
        entry->page->number != 0 || entry->page->foreign)
        return pair_tells(see, ROW_E7_MARKER_TAKEN, entry,
                          "this issue carries the marker of a page that belongs to another issue");
    return pair_ends(see, ROW_E2_RECOVER, entry, NULL);
}

/* A comment says that the link ended, and the state does not know the link (any more). The pass
 * remembers the ended link, so that neither end gets a new partner. */
static bool
pair_ended_before(const struct pairing *see, const char *linked)
{
    const struct page_entry *entry = world_find_page(see->world, linked);

    if (!entry_is_known(entry))
        return want_id(&see->missing->pages, entry);
    if (entry->sight == SIGHT_SEEN && entry->page->number != 0)
        return true;
    return pair_ends(see, ROW_E10_UNLINK, entry, NULL);
}

/* Pages carry the number. after_end: the number's link was ended. */
static bool
pair_carried(const struct pairing *see, const struct issue_entry *number, const char *linked,
             bool after_end)
{
    const struct page_entry *chosen = number_choose(see->world, number, linked);
    const char *marker = number->issue->marker;

    if (chosen == NULL)
        return pair_tells(see, ROW_E6_DUPLICATE, NULL, "several pages carry this number");
    if (entry_is_hidden(chosen))
        return pair_ends(see, ROW_E11_HIDDEN, chosen, NULL);
    /* Queries lag: this one may show the number that the page had before its link ended. */
    if (after_end && !chosen->page->direct)
        return want_id(&see->missing->pages, chosen);
    /* The page in the issue's marker has no issue now. */
    if (marker != NULL && strcmp(marker, chosen->id) != 0)
        (void)want_id(&see->missing->pages_in_focus, world_find_page(see->world, marker));
    return pair_ends(see, ROW_E4_ADOPT, chosen, NULL);
}

/* The link ended because the issue was gone, and now the issue is back. Its page is linked to it
 * again, unless that page has another number by now. */
static bool
pair_resumed(const struct pairing *see, const struct issue_entry *number)
{
    const struct page_entry *entry = world_find_page(see->world, number->record->page_id);
    const struct page *page = entry->page;

    if (!entry_is_known(entry) || (entry->sight == SIGHT_SEEN && !entry->page->direct))
        return want_id(&see->missing->pages, entry);
    if (entry->sight == SIGHT_GONE)
        return true;
    if (page->archived)
        return pair_ends(see, ROW_E11_HIDDEN, entry, NULL);
    if (page->foreign || (page->number != 0 && page->number != number->number) ||
        entry->linked != number->number)
        return true;
    return pair_ends(see, ROW_E12_RESUME, entry, NULL);
}

/* Whether the only page with the number is the page of that link, or no page has the number. */
static bool
number_may_resume(const struct issue_entry *number)
{
    return number->record != NULL && number->record->issue_gone &&
           (number->pages.len == 0 ||
            (number->pages.len == 1 &&
             strcmp(number->pages.items[0]->id, number->record->page_id) == 0));
}

/* Nothing is remembered of the number, but a page without a number shows it in GitHub URL: they
 * were linked once, and somebody removed the number. */
static bool
pair_shown(const struct pairing *see, const struct issue_entry *number)
{
    if (!number->looked_up && !see->rules->pages_complete)
        return want_number(&see->missing->lookups, number->number);
    return pair_tells(see, ROW_E13_WAS_LINKED, number->shown.items[0],
                      "GitHub URL shows that this page was linked before: set GitHub ID to link "
                      "it again, or duplicate the page for a new issue");
}

/* An issue that exists and has no active link on record. */
static bool
pair_unrecorded(const struct pairing *see, const struct issue_entry *number)
{
    const struct issue *issue = number->issue;
    const char *linked;
    bool ended, marked;

    if (number_may_resume(number))
        return pair_resumed(see, number);
    if (number->record != NULL && number->pages.len == 0)
        return true;
    if (number->record == NULL && issue->named != NULL && issue->marker == NULL)
        see->pair->note =
            "the text of this issue ends in a marker of this action that is not proved (it "
            "lacks the right tag, or somebody else edited the text since): it counts for "
            "nothing";
    if (issue->comments > 0 && !number->comments_read)
        return want_number(&see->missing->comments, number->number);
    linked = number_last_link(see->world, number, &ended);
    marked = issue->marker != NULL && !page_is_anothers(see->world, issue->marker);
    if (number->pages.len > 0)
        return pair_carried(see, number, ended ? NULL : linked, ended || number->record != NULL);
    if (ended)
        return pair_ended_before(see, linked);
    if (linked == NULL && number->record == NULL && number->shown.len > 0)
        return pair_shown(see, number);
    if (linked == NULL && !marked && !pair_wants_page(see->rules, number))
        return true;
    if (!number->looked_up && !see->rules->pages_complete)
        return want_number(&see->missing->lookups, number->number);
    if (linked == NULL && !marked)
        return pair_ends(see, ROW_E3_NEW_PAGE, NULL, NULL);
    return pair_named(see, number,
                      world_find_page(see->world, linked != NULL ? linked : issue->marker),
                      linked != NULL);
}

bool
pair_number(const struct world *world, const struct rules *rules, const struct issue_entry *number,
            struct missing *missing, struct pair *pair)
{
    const struct pairing pairing = {world, rules, missing, pair};
    const struct pairing *see = &pairing;

    *pair = (struct pair){.number = number};
    if (!number->record_read || number->sight == SIGHT_UNREAD)
        return want_number(&see->missing->details, number->number);
    if (number->sight == SIGHT_SEEN && number->issue->is_pull &&
        see->rules->pull_requests == PULLS_NONE) {
        if (number->pages.len > 0)
            see->pair->note =
                "GitHub ID is the number of a pull request, and `pull_requests` is none";
        return true;
    }
    if (number->record != NULL && !number->record->tombstone)
        return pair_recorded(see, number);
    if (number->sight != SIGHT_SEEN) {
        if (number->pages.len > 0 && !entry_is_hidden(number->pages.items[0]))
            return pair_tells(
                see, ROW_E5_NO_ISSUE, number->pages.items[0],
                "GitHub ID is the number of no issue or pull request of the repository");
        if (number->record == NULL && number->shown.len > 0)
            return pair_shown(see, number);
        return true;
    }
    return pair_unrecorded(see, number);
}

/* Whether GitHub URL shows that the page was linked to an issue that no other page has. If so, that
 * issue's own row decides about the page. False with *known false: read that first. */
static bool
entry_shows_link(const struct pairing *see, const struct page_entry *entry, bool *known)
{
    const struct issue_entry *shown;

    *known = true;
    if (entry->page->named == 0)
        return false;
    shown = world_find_issue(see->world, entry->page->named);
    if (!shown->record_read || shown->sight == SIGHT_UNREAD)
        return *known = want_number(&see->missing->details, shown->number);
    if (shown->record != NULL || shown->pages.len > 0)
        return false;
    if (!shown->looked_up && !see->rules->pages_complete)
        return *known = want_number(&see->missing->lookups, shown->number);
    lead_to_issue(see->world, shown->number, see->missing);
    return true;
}

/* Without a status a page is open. */
static bool
pair_wants_issue(const struct rules *rules, const struct page_entry *entry)
{
    const struct page *page = entry->page;
    const struct value *status = value_of(&page->values, FIELD_STATUS);

    if (rules->create_issues != CREATE_ISSUES_OPEN)
        return rules->create_issues == CREATE_ISSUES_ALL;
    return !rules->on[FIELD_STATUS] || status->kind != VALUE_TEXT ||
           status_meaning(&rules->status, status->text) == MEANING_OPEN;
}

/* Whether pull requests belong, or did belong, to a page that has no issue. */
static bool
entry_has_task(const struct rules *rules, const struct page_entry *entry)
{
    return rules->task_prefix != NULL && (entry->seen->pulls.len > 0 || entry->seen->task != NULL);
}

/* Whether their stage differs from the one that the page remembers. That comes first, and the page
 * may be done then. */
static bool
task_moves(const struct rules *rules, const struct page_entry *entry)
{
    struct arena *scratch = arena_new();
    const struct record *task = entry->seen->task;
    const struct progress *progress = progress_of(rules, NULL, entry, task, scratch);
    bool moves = progress != NULL && progress->stage != STAGE_UNKNOWN &&
                 progress->stage != (task != NULL ? record_pulls(task)->stage : STAGE_NONE);

    arena_free(scratch);
    return moves;
}

/* A page without a number that gets no number now, or not before its pull requests are taken into
 * account. */
static bool
pair_alone(const struct pairing *see, const struct page_entry *entry, bool later)
{
    if (!entry_has_task(see->rules, entry))
        return true;
    if (!entry->index_read)
        return want_id(&see->missing->indexes, entry);
    see->pair->later = later;
    return pair_ends(see, ROW_E14_TASK, entry, NULL);
}

/* A page that no issue belongs to, now or before: it gets a new one, unless the inputs leave it
 * alone. */
static bool
pair_unlinked(const struct pairing *see, const struct page_entry *entry)
{
    if (!pair_wants_issue(see->rules, entry) ||
        translate_title_is_blank(value_of(&entry->page->values, FIELD_TITLE)))
        return pair_alone(see, entry, false);
    if (see->rules->pages_filtered && !entry->filter_asked)
        return want_id(&see->missing->matches, entry);
    if (see->rules->pages_filtered && !entry->matches)
        return pair_alone(see, entry, false);
    if (see->rules->held_back) {
        see->pair->held_back = true;
        return pair_alone(see, entry, false);
    }
    if (entry_has_task(see->rules, entry) && (!entry->index_read || task_moves(see->rules, entry)))
        return pair_alone(see, entry, true);
    return pair_ends(see, ROW_E1_NEW_ISSUE, entry, NULL);
}

/* A page without a number: was it linked before, does its issue already exist, or is it new? */
static bool
pair_unnumbered(const struct pairing *see, const struct page_entry *entry)
{
    const struct issue_entry *linked = entry_link(see->world, entry);
    const struct issue_entry *claim = entry_first_claim(see->world, entry);
    bool known;
    const struct issue_entry *number =
        entry->linked != 0 ? world_find_issue(see->world, entry->linked) : NULL;

    if (number != NULL && number->record != NULL && !number->record->tombstone &&
        strcmp(number->record->page_id, entry->id) == 0 &&
        number_is_unproven(see->rules, number->record))
        return true;
    if (entry_rival(entry) != NULL)
        return want_id(&see->missing->pages, entry_rival(entry));
    /* The decision about the number handles this. */
    if (linked != NULL && linked->sight == SIGHT_SEEN && linked->record->issue_gone)
        return true;
    if (linked != NULL && linked->record->tombstone &&
        linked->record->told == entry->page->edited_at)
        return true;
    /* The state may be lost. But an own comment still names the link, on an issue whose number no
     * page carries any more. */
    if ((linked != NULL && linked->record->tombstone) ||
        (linked == NULL && claim == NULL && entry->mention != NULL &&
         entry->mention->record == NULL && entry->mention->pages.len == 0))
        return pair_tells(see, ROW_NONE, entry,
                          "the link of this page was ended; for a new issue duplicate the page, "
                          "or set GitHub ID to link one");
    if (linked != NULL || entry_shows_link(see, entry, &known))
        return true;
    if (!known)
        return false;
    if (claim != NULL) {
        lead_to_issue(see->world, claim->number, see->missing);
        return true;
    }
    return pair_unlinked(see, entry);
}

/* Whether the record of the page's own number names the page, so that nobody needs to ask for an
 * older link. False with *known false: nobody has read the record yet. */
static bool
entry_is_recorded(const struct pairing *see, const struct page_entry *entry, bool *known)
{
    const struct issue_entry *number;

    *known = true;
    if (entry->sight != SIGHT_SEEN || entry->page->number <= 0)
        return false;
    lead_to_issue(see->world, entry->page->number, see->missing);
    number = world_find_issue(see->world, entry->page->number);
    *known = number != NULL && number->record_read;
    return *known && number->record != NULL && strcmp(number->record->page_id, entry->id) == 0;
}

bool
pair_page(const struct world *world, const struct rules *rules, const struct page_entry *entry,
          struct missing *missing, struct pair *pair)
{
    const struct pairing pairing = {world, rules, missing, pair};
    const struct pairing *see = &pairing;
    bool known;

    *pair = (struct pair){.entry = entry};
    if (!entry_is_known(entry))
        return want_id(&see->missing->pages, entry);
    if (entry_is_recorded(see, entry, &known))
        return true;
    if (!known)
        return want_number(&see->missing->details, entry->page->number);
    if (!entry->index_read && !see->rules->records_complete)
        return want_id(&see->missing->indexes, entry);
    if (entry->linked != 0)
        lead_to_issue(see->world, entry->linked, see->missing);
    if (entry->sight == SIGHT_GONE || entry->page->foreign || entry_is_hidden(entry) ||
        entry->page->number > 0)
        return true;
    if (entry->page->unread)
        return true;
    if (entry->page->number < 0)
        return pair_tells(see, ROW_E5_NO_ISSUE, entry, "GitHub ID is not a whole positive number");
    if (!link_is_read(see->world, entry))
        return want_number(&see->missing->details, entry->linked);
    return pair_unnumbered(see, entry);
}
