#ifndef CLEANUP_CLEANUP_H
#define CLEANUP_CLEANUP_H

#include "gather/context.h"

/*
 * `notion-sync cleanup`: lists what the action made (its comments on both sides, its state, and, if
 * asked to, its columns), asks, and removes it. Issues, pages and their texts stay.
 */

/* Uses the configuration of gather, which must have begun (gather_begin). Without a yes on a
 * terminal or the flag --yes it removes nothing. Returns the exit status (README.md). */
int cleanup_run(struct gather *gather);

#endif
