#include "reconcile/claim.h"

#include <string.h>

#include "reconcile/comment.h"

bool
page_is_anothers(const struct world *world, const char *id)
{
    const struct sheet *sheet = world_find_sheet(world, id);

    return sheet != NULL && sheet->sight == SIGHT_GONE &&
           (sheet->page == NULL || sheet->page->elsewhere);
}

const char *
number_last_link(const struct world *world, const struct number *number, bool *ended)
{
    const char *last = NULL;
    const char *id;

    for (size_t i = 0; i < number->n_comments; i++)
        if (comment_is_link(&number->comments[i], &id) && !page_is_anothers(world, id))
            last = id;
    *ended = last != NULL && comment_says_ended(number->comments, number->n_comments, last);
    return last;
}

/* The page that the last link comment names, if that link was not ended. */
static const char *
number_linked_by_comment(const struct world *world, const struct number *number)
{
    bool ended;
    const char *last = number_last_link(world, number, &ended);

    return ended ? NULL : last;
}

struct sheet *
number_choose(struct world *world, const struct number *number, const char *linked)
{
    const char *names[] = {linked, number->issue->marker};

    for (size_t k = 0; k < 2; k++) {
        struct sheet *named = names[k] != NULL ? world_find_sheet(world, names[k]) : NULL;

        for (size_t i = 0; named != NULL && i < number->sheets.len; i++)
            if (number->sheets.items[i] == named)
                return named;
    }
    return number->sheets.len == 1 ? number->sheets.items[0] : NULL;
}

struct sheet *
number_heir(struct world *world, const struct number *number, const struct sheet *from)
{
    const char *linked = number->record->ended ? number_linked_by_comment(world, number) : NULL;
    struct sheet *heir = number->sight == SIGHT_SEEN ? number_choose(world, number, linked) : NULL;

    return heir != from && heir != NULL && !heir->page->archived ? heir : NULL;
}

const struct number *
sheet_link(struct world *world, const struct sheet *sheet)
{
    const struct number *linked =
        sheet->linked != 0 ? world_find_number(world, sheet->linked) : NULL;

    if (linked == NULL || linked->record == NULL ||
        strcmp(linked->record->page_id, sheet->id) != 0 ||
        number_heir(world, linked, sheet) != NULL)
        return NULL;
    return linked;
}

/* Whether an issue belongs to another page, regardless of its marker: a maintainer may have edited
 * that. */
static bool
claim_is_taken(struct world *world, const struct number *claim, const struct sheet *sheet)
{
    if (claim->record != NULL)
        return strcmp(claim->record->page_id, sheet->id) != 0 ||
               number_heir(world, claim, sheet) != NULL;
    return claim->sheets.len > 0;
}

const struct sheet *
sheet_rival(const struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->claims.len; i++) {
        const struct number *claim = sheet->claims.items[i];

        for (size_t k = 0; claim->record == NULL && k < claim->sheets.len; k++)
            if (!claim->sheets.items[k]->page->direct)
                return claim->sheets.items[k];
    }
    return NULL;
}

const struct number *
sheet_first_claim(struct world *world, const struct sheet *sheet)
{
    const struct number *first = NULL;

    for (size_t i = 0; i < sheet->claims.len; i++) {
        const struct number *claim = sheet->claims.items[i];
        const char *marker = claim->sight == SIGHT_SEEN ? claim->issue->marker : NULL;

        if (marker != NULL && strcmp(marker, sheet->id) == 0 &&
            !claim_is_taken(world, claim, sheet) &&
            (first == NULL || claim->number < first->number))
            first = claim;
    }
    return first;
}
