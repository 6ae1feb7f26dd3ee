#ifndef RECONCILE_CLAIM_H
#define RECONCILE_CLAIM_H

#include "reconcile/world.h"

/*
 * Tells from numbers, records, comments and markers which issue and page belong together. pair.c
 * decides what follows. Nothing here asks for more reading. Private to the room.
 */

/*
 * A repository may be linked to several databases, by passes that do not know each other. A page in
 * another data source, or one that this token cannot see, may belong to another pass. Without a
 * record, only a page that was certainly in this database counts.
 */
bool page_is_anothers(const struct world *world, const char *id);

/* The page of this database that the last link comment names, or NULL. *ended: that link ended. */
const char *
number_last_link(const struct world *world, const struct issue_entry *number, bool *ended);

/* Several pages may carry the number of a seen issue. Returns the page that our comment (linked,
 * may be NULL) or our marker names, or the only page. NULL: there is none, or it cannot be known.
 */
const struct page_entry *
number_choose(const struct world *world, const struct issue_entry *number, const char *linked);

/* The page that takes over a record's link because it now carries the number that `from` lost, or
 * NULL. */
const struct page_entry *number_heir(const struct world *world, const struct issue_entry *number,
                                     const struct page_entry *from);

/* The number whose record, active or ended, is about this page. NULL: the page is free. */
const struct issue_entry *entry_link(const struct world *world, const struct page_entry *entry);

/* The oldest of our own issues whose marker names the page and that belongs to no other page, or
 * NULL. */
const struct issue_entry *
entry_first_claim(const struct world *world, const struct page_entry *entry);

/* A row that a query showed with the number of an issue whose marker names this page. Queries lag,
 * so the row must be read by its id before the issue counts as taken. NULL: there is none. */
const struct page_entry *entry_rival(const struct page_entry *entry);

#endif
