#ifndef GATHER_GATHER_P_H
#define GATHER_GATHER_P_H

#include "gather/gather.h"

/* Private to the room. */

#define GITHUB_ID "GitHub ID"

/* Puts a record's text into the world: NULL text means that there is none, and so does a damaged one (with a warning), since the rules for
 * a missing base lose nothing. ERR_STATE: a version that is not known. */
MUST_USE bool
gather_see_record(struct gather *gather, int64_t number, const char *text, struct err *err);

/* Puts pages into the world, and into focus where asked. */
void gather_see_pages(struct gather *gather, const struct page_list *pages, bool focus);

/* What `setup` is to add. A field's property gets the name that it is mapped to; the binding reads as empty until it is
 * there. gather_lack_option is false where `setup` adds none. */
void gather_lack_nothing(struct gather *gather);
void gather_lack_github_id(struct gather *gather);
struct binding gather_lack_field(struct gather *gather, enum field field);
MUST_USE bool gather_lack_option(struct gather *gather, const char *option);

/* A status property as Notion makes it. The next call overwrites it. */
const struct property *gather_new_status(const char *name);

#endif
