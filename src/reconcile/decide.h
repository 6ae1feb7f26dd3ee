#ifndef RECONCILE_DECIDE_H
#define RECONCILE_DECIDE_H

#include "reconcile/item.h"
#include "reconcile/pair.h"
#include "reconcile/reconcile.h"

/* Decides what to do about one pair: the actions of its row, in order. Private to the room. */

/* An item with both sides, and nothing decided yet. */
struct item *item_new(const struct pair *pair, const struct rules *rules, const struct plan *plan,
                      struct arena *arena);

/* The item of a pair: its fields are decided and its actions are in order. plan->missing gets what
 * must be read first. */
struct item *item_decide(const struct pair *pair, const struct rules *rules,
                         const struct plan *plan, struct arena *arena);

/* ending.c: adds the link comment, if link_comments asks for one and there is none. Then shows
 * writes to the issue that come after its page, if they change columns of the page. Otherwise the
 * next pass would find these columns wrong. */
void item_end(struct item *item, struct arena *arena);
/* Renews the link comment's marker if the issue is written anyway and the marker's tag was not made
 * with the current key. */
void item_renew_marker(struct item *item);
/* Whether the item ends with the link comment and what follows from it. The other function removes
 * that part, for a later pass. */
bool item_ends_with_link_comment(const struct item *item);
void item_leave_link_comment(struct item *item);

#endif
