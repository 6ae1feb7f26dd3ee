#ifndef RECONCILE_ITEM_H
#define RECONCILE_ITEM_H

#include "reconcile/plan.h"

/* Shared by the files that decide about an item. Private to the room. */

/* Whether the item has nothing to do, remember or report. */
bool item_is_idle(const struct item *item);

/* While its plan is made, the place to note what must be read first; else NULL, and for no item. */
struct missing *item_missing(const struct item *item);

/* The field whose write brings the field to that side: Notion shows a lane by the status. */
enum field item_carrier(const struct item *item, enum field field, enum side side);
/* Whether the item's plan writes the field to that side. */
bool item_writes(const struct item *item, enum field field, enum side side);

/* The side that wins under on_conflict. */
enum side item_winner(const struct item *item);

/* Whether a different property now carries the field than the one behind the base. Then nobody
 * changed what differs from the base there. */
bool field_moved(const struct record *record, enum field field, const struct rules *rules);

/* A copy of the item with fields of its own. */
struct item *item_copy(const struct item *item, struct arena *arena);

/* Adds an action; comment: of ACTION_COMMENT. */
void item_act(struct item *item, enum action_kind kind, enum comment_kind comment);

#endif
