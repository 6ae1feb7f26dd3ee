#ifndef RECONCILE_MOVES_H
#define RECONCILE_MOVES_H

#include "reconcile/item.h"
#include "reconcile/pair.h"
#include "reconcile/progress.h"

/* What the stage of its pull requests does to an item. Private to the room. */

/* What belongs to the pair, and what is remembered of a page that had no issue; the columns that
 * show it follow. */
void moves_begin(struct item *item, const struct pair *pair, const struct rules *rules,
                 struct arena *arena);

/* Puts what the columns about pull requests show into the item's issue. */
void moves_show(struct item *item, const struct rules *rules, struct arena *arena);

/* After the fields were decided: a change of stage sets the status, and may close the issue. */
void moves_decide(struct item *item, const struct rules *rules, struct arena *arena);

/* How the column PR State names a stage. */
const char *moves_stage_shown(enum stage stage);

/* The stage that the status shows once it is written as planned; STAGE_UNKNOWN: as before. */
enum stage moves_target(const struct item *item);

/* What the record remembers afterwards; done: what was to be written of the status was. */
void moves_settle(struct record *record, const struct item *item, bool done, struct arena *arena);

/* Whether what the record remembers changes. */
bool moves_is_news(const struct item *item);

#endif
