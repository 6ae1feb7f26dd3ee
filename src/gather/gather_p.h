#ifndef GATHER_GATHER_P_H
#define GATHER_GATHER_P_H

#include "gather/gather.h"

/* Private to the room. */

/* Puts a record's text into the world: NULL text means that there is none, and so does a damaged one (with a warning), since the rules for
 * a missing base lose nothing. ERR_STATE: a version that is not known. */
MUST_USE bool
gather_see_record(struct gather *gather, int64_t number, const char *text, struct err *err);

/* Puts pages into the world, and into focus where asked. */
void gather_see_pages(struct gather *gather, const struct page_list *pages, bool focus);

#endif
