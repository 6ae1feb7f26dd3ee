#ifndef RECONCILE_MISSING_H
#define RECONCILE_MISSING_H

#include "reconcile/reconcile.h"

/* Private to the room. */

/* Whether something must be read. */
bool is_missing(struct missing *missing);

/* A decision depends on one about that number, which comes into focus if it is not yet. */
void lead_to_issue(const struct world *world, int64_t number, struct missing *missing);

/* Sorts each list and removes duplicates. */
void missing_tidy(struct missing *missing);

#endif
