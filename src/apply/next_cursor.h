#ifndef APPLY_NEXT_CURSOR_H
#define APPLY_NEXT_CURSOR_H

#include "apply/result.h"
#include "gather/gather.h"

/*
 * The time from which the next pass reads: when this one started reading, minus an overlap, since
 * Notion floors times to the minute and its queries lag. It moves only when everything before it
 * was handled, or is named to be looked at again.
 */

/* The cursor after a pass. full: everything was compared. Returns false if it must stay as it was
 * (something was left undone), and then still fills in what is to be looked at again, if there was
 * a cursor before (gather->has_cursor). */
bool next_cursor(const struct gather *gather, bool full, const struct result_list *results,
                 struct arena *arena, struct cursor *cursor);

/* Whether saving it spares the next pass something that this one read in vain. */
bool next_cursor_matters(const struct gather *gather, const struct cursor *cursor);

#endif
