#ifndef RECONCILE_ITEM_H
#define RECONCILE_ITEM_H

#include "reconcile/pair.h"
#include "reconcile/reconcile.h"

/* What is to be done about one pair: the actions of its row, in order. Private to the room. */

/* An item with both sides, and nothing decided yet. */
struct item *item_new(const struct pair *pair, const struct rules *rules, struct arena *arena);

/* Decides the fields and adds the actions, as the item's row asks. */
void item_build(struct item *item, const struct rules *rules, struct arena *arena);

/* Whether there is nothing to do, remember or report. */
bool item_is_idle(const struct item *item);

/* Adds an action; comment: of ACTION_COMMENT. */
void item_act(struct item *item, enum action_kind kind, enum comment_kind comment);

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

/* Notes what the plan for the pair rests on and nobody has read yet: the comments that are there,
 * if it makes some, and the names and links that its values mention. */
void item_wants(const struct rules *rules, const struct pair *pair, struct missing *missing);

#endif
