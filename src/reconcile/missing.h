#ifndef RECONCILE_MISSING_H
#define RECONCILE_MISSING_H

#include "reconcile/reconcile.h"

/* Private to the room. */

/* Whether something must be read. */
bool is_missing(struct missing *missing);

/* Sorts each list and removes duplicates. */
void missing_tidy(struct missing *missing);

#endif
