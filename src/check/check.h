#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

#include <stdbool.h>

#include "base/attr.h"
#include "gather/context.h"

/*
 * `notion-sync check`: finds out whether a pass could do its work, and shows what it would do. It
 * writes to neither side. The results go to standard output as tables, and to the job summary; each
 * problem goes to the log, with a way to fix it.
 */

/* Looks at both sides with the configuration of gather, which must have begun (gather_begin)
 * with dry_run set. Returns whether a pass could do its work. */
MUST_USE bool check_run(struct gather *gather);

/* The same for inputs that are not valid: shows what is wrong with them, and reads nothing. */
void check_refused(struct arena *arena, const struct config *config, struct sayings problems);

#endif
