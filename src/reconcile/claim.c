#include "reconcile/claim.h"

#include <string.h>

#include "reconcile/comment.h"

bool
page_is_anothers(const struct world *world, const char *id)
{
    const struct page_entry *entry = world_find_page(world, id);

    return entry != NULL && entry->sight == SIGHT_GONE &&
           (entry->page == NULL || entry->page->elsewhere);
}

const char *
number_last_link(const struct world *world, const struct issue_entry *number, bool *ended)
{
    const char *last = NULL;
    const char *id;

    for (size_t i = 0; i < number->n_comments; i++)
        if (comment_is_link(&number->comments[i], &id) && !page_is_anothers(world, id))
            last = id;
    *ended = last != NULL && comment_says_ended(number->comments, number->n_comments, last);
    return last;
}

const struct page_entry *
number_choose(const struct world *world, const struct issue_entry *number, const char *linked)
{
    const char *names[] = {linked, number->issue->marker};

    for (size_t k = 0; k < 2; k++) {
        const struct page_entry *named = names[k] != NULL ? world_find_page(world, names[k]) : NULL;

        for (size_t i = 0; named != NULL && i < number->pages.len; i++)
            if (number->pages.items[i] == named)
                return named;
    }
    return number->pages.len == 1 ? number->pages.items[0] : NULL;
}

const struct page_entry *
number_heir(const struct world *world, const struct issue_entry *number,
            const struct page_entry *from)
{
    bool ended;
    const char *linked = number_last_link(world, number, &ended);
    const struct page_entry *heir =
        number->sight == SIGHT_SEEN
            ? number_choose(world, number, number->record->tombstone && !ended ? linked : NULL)
            : NULL;

    return heir != from && heir != NULL && !heir->page->archived ? heir : NULL;
}

const struct issue_entry *
entry_link(const struct world *world, const struct page_entry *entry)
{
    const struct issue_entry *linked =
        entry->linked != 0 ? world_find_issue(world, entry->linked) : NULL;

    if (linked == NULL || linked->record == NULL ||
        strcmp(linked->record->page_id, entry->id) != 0 ||
        number_heir(world, linked, entry) != NULL)
        return NULL;
    return linked;
}

/* Whether an issue belongs to another page. Ignores its marker, since a maintainer may have edited
 * that. */
static bool
claim_is_taken(const struct world *world, const struct issue_entry *claim,
               const struct page_entry *entry)
{
    if (claim->record != NULL)
        return strcmp(claim->record->page_id, entry->id) != 0 ||
               number_heir(world, claim, entry) != NULL;
    return claim->pages.len > 0;
}

const struct page_entry *
entry_rival(const struct page_entry *entry)
{
    for (size_t i = 0; i < entry->claims.len; i++) {
        const struct issue_entry *claim = entry->claims.items[i];

        for (size_t k = 0; claim->record == NULL && k < claim->pages.len; k++)
            if (!claim->pages.items[k]->page->direct)
                return claim->pages.items[k];
    }
    return NULL;
}

const struct issue_entry *
entry_first_claim(const struct world *world, const struct page_entry *entry)
{
    const struct issue_entry *first = NULL;

    for (size_t i = 0; i < entry->claims.len; i++) {
        const struct issue_entry *claim = entry->claims.items[i];
        const char *marker = claim->sight == SIGHT_SEEN ? claim->issue->marker : NULL;

        if (marker != NULL && strcmp(marker, entry->id) == 0 &&
            !claim_is_taken(world, claim, entry) &&
            (first == NULL || claim->number < first->number))
            first = claim;
    }
    return first;
}
