#ifndef RECONCILE_MISSING_H
#define RECONCILE_MISSING_H

#include "reconcile/reconcile.h"

/* Private to the room. */

/* Whether something must be read. */
bool is_missing(const struct missing *missing);

/* Sorts each list, and keeps what it has several times once. */
void missing_tidy(struct missing *missing);

#endif
