#ifndef RECONCILE_MOVES_H
#define RECONCILE_MOVES_H

#include "reconcile/item.h"
#include "reconcile/pair.h"
#include "reconcile/progress.h"

/* What the stage of its pull requests does to an item. Private to the room. */

/* What belongs to the pair, and what is remembered of a page that had no issue. The columns that
 * show it follow. */
void moves_begin(struct item *item, const struct pair *pair, struct arena *arena);

/* Puts the values of the pull request columns into the item's issue. */
void moves_show(struct item *item, struct arena *arena);

/* Runs after the fields are decided: a change of stage sets the status, and may close the issue. */
void moves_decide(struct item *item, struct arena *arena);

/* The name of a stage in the column PR State. */
const char *moves_stage_shown(enum stage stage);

/* The stage that the status shows after the planned write. STAGE_UNKNOWN: as before. */
enum stage moves_target(const struct item *item);

/* What the record remembers afterwards. done: the planned write of the status was done. */
void moves_settle(struct record *record, const struct item *item, bool done, struct arena *arena);

/* Whether the record's memory of the stage changes. */
bool moves_is_news(const struct item *item);

#endif
