#ifndef RECONCILE_LINKS_H
#define RECONCILE_LINKS_H

#include <stdint.h>

#include "reconcile/reconcile.h"

/*
 * Issues and pages that others name (as a parent, or as what a pull request closes), in the other
 * side's terms. Only what is linked has such terms. Private to the room.
 */
enum linked {
    LINK_NONE,   /* it is not linked */
    LINK_UNREAD, /* not known: its record must be read first */
    LINK_SOON,   /* this very pass links it */
    LINK_KNOWN,
};

/* The page of an issue or pull request; one that is known to be gone is LINK_NONE. */
enum linked links_page(const struct world *world, bool complete, int64_t number, const char **page);

/* Of pages that are to be named again on another page, those that were not read yet: Notion does
 * not accept a page that is no longer in the database, and no listing of edits shows one that
 * left. */
void links_unseen(const struct world *world, const struct value *named, const struct value *before,
                  struct id_list *pages);

/* The issue of a page; a pull request is LINK_NONE. *unread: the number whose record is missing, 0:
 * it is the page's note. complete, here and above: all records were read. */
enum linked links_number(const struct world *world, bool complete, const char *page,
                         int64_t *number, int64_t *unread);

/* The issue or pull request that a page is linked to, as far as is known by now; 0: none. */
int64_t links_any(const struct world *world, const char *page);

#endif
