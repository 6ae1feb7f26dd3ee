#ifndef STATE_LIMITS_H
#define STATE_LIMITS_H

#include <stddef.h>

#include "base/arena.h"
#include "base/made.h"

/* What limits.json says: what was made of GitHub in the last hour. */

char *limits_write(struct arena *arena, const struct made *made, size_t n);

/* Returns the number of entries. A damaged or missing file (text NULL) has none. */
size_t limits_read(const char *text, struct made made[MADE_MINUTES]);

#endif
