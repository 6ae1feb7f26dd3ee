#ifndef RECONCILE_ITEM_H
#define RECONCILE_ITEM_H

#include "reconcile/plan.h"

/* What those who decide about an item share. Private to the room. */

/* Whether there is nothing to do, remember or report. */
bool item_is_idle(const struct item *item);

/* Adds an action; comment: of ACTION_COMMENT. */
void item_act(struct item *item, enum action_kind kind, enum comment_kind comment);

#endif
