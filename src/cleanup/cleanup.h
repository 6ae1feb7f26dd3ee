#ifndef CLEANUP_CLEANUP_H
#define CLEANUP_CLEANUP_H

#include "gather/gather.h"

/*
 * `notion-sync cleanup`: lists what the action made (its comments on both sides, its state, and if
 * asked to its columns), asks, and removes it. Issues, pages and their texts stay.
 */

/* Works by the configuration of gather, which must have begun (gather_begin). Without an answer on
 * a terminal or the flag --yes nothing is removed. Returns the exit status (README.md). */
int cleanup_run(struct gather *gather);

#endif
