#ifndef RECONCILE_CLAIM_H
#define RECONCILE_CLAIM_H

#include "reconcile/world.h"

/*
 * What numbers, records, comments and markers say about which issue and page belong together.
 * pair.c decides what follows from it. Nothing here asks for more than was read. Private to the
 * room.
 */

/*
 * A repository may be linked to several databases, by passes that know nothing of each other: a
 * page that is in another data source, or that this token cannot see at all, may well be another
 * pass's. Without a record, only what was certainly in this database counts.
 */
bool page_is_anothers(const struct world *world, const char *id);

/* The page of this database that the last link comment names, NULL: there is none. *ended: that
 * link was ended. */
const char *
number_last_link(const struct world *world, const struct issue_entry *number, bool *ended);

/* Which of the pages that carry the number of a seen issue is meant: the one that a comment
 * (linked, may be NULL) or marker of ours names, or the only one. NULL: none, or nobody knows. */
struct page_entry *
number_choose(const struct world *world, const struct issue_entry *number, const char *linked);

/* The page that takes over the link of a record that `from` has lost, because it carries the number
 * now. NULL: there is none. */
struct page_entry *number_heir(const struct world *world, const struct issue_entry *number,
                               const struct page_entry *from);

/* The number whose record, living or ended, is about this page; NULL: the page is free. */
const struct issue_entry *entry_link(const struct world *world, const struct page_entry *entry);

/* The oldest own issue whose marker names the page and that belongs to no other page; NULL: there
 * is none. */
const struct issue_entry *
entry_first_claim(const struct world *world, const struct page_entry *entry);

/* A row that a query showed with the number of an issue whose marker names this page: as queries
 * lag, it must be read by its id before the issue counts as taken. NULL: there is none. */
const struct page_entry *entry_rival(const struct page_entry *entry);

#endif
