#ifndef RECONCILE_DECIDE_H
#define RECONCILE_DECIDE_H

#include "reconcile/item.h"
#include "reconcile/pair.h"
#include "reconcile/reconcile.h"

/* What is to be done about one pair: the actions of its row, in order. Private to the room. */

/* An item with both sides, and nothing decided yet. */
struct item *item_new(const struct pair *pair, const struct rules *rules, struct arena *arena);

/* The item of a pair: the fields decided, the actions in order. What must be read before it holds
 * goes into `missing`. */
struct item *item_decide(const struct pair *pair, const struct rules *rules,
                         struct missing *missing, struct arena *arena);

/* ending.c: adds the link comment, if link_comments asks for one and there is none. */
void item_link_comment(struct item *item, const struct rules *rules, struct arena *arena);
/* Adds renewing the link comment's marker, if the issue is written anyway and the marker's tag was
 * not made with the current key. */
void item_renew_marker(struct item *item, const struct rules *rules);
/* Adds showing what was written to the issue after its page, if that changes columns of the page:
 * the next pass must not find them wrong. */
void item_show(struct item *item, const struct rules *rules);

/* Whether the item ends with the link comment and what follows from it; and taking that back, for a
 * later pass. */
bool item_ends_with_link_comment(const struct item *item);
void item_leave_link_comment(struct item *item);

#endif
