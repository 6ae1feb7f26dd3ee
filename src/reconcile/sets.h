#ifndef RECONCILE_SETS_H
#define RECONCILE_SETS_H

#include "base/arena.h"
#include "model/value.h"

/* Sets, compared without regard to case. Results keep the spelling of their sources and live in the
 * arena. */

/* set, plus what `now` has and `base` lacks, minus what `base` has and `now` lacks: applies one
 * side's change to the other. */
struct value sets_apply(struct arena *arena, const struct value *set, const struct value *base,
                        const struct value *now);

#endif
