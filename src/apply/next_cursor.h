#ifndef APPLY_NEXT_CURSOR_H
#define APPLY_NEXT_CURSOR_H

#include "apply/result.h"
#include "gather/context.h"

/*
 * The time from which the next pass reads: when this one started reading, minus an overlap, since
 * Notion floors times to the minute and its queries lag. It advances only if everything before it
 * was handled, or is listed to be looked at again.
 */

/* The cursor after a pass. full: the pass compared everything. Returns false if the cursor must
 * stay as it was (something was left undone). It then still fills in what to look at again, if
 * there was a cursor before (gather->has_cursor). */
bool next_cursor(const struct gather *gather, bool full, const struct result_list *results,
                 struct arena *arena, struct cursor *cursor);

/* Whether saving it saves the next pass a read that was useless in this one. */
bool next_cursor_matters(const struct gather *gather, const struct cursor *cursor);

#endif
