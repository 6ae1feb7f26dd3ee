#ifndef RECONCILE_SETS_H
#define RECONCILE_SETS_H

#include "base/arena.h"
#include "model/value.h"

/* Sets without regard to case; results keep the spelling of what they are made from and live in the
 * arena. */

/* set, plus what `now` has and `base` lacks, minus what `base` has and `now` lacks: a side's change
 * applied to the other side. */
struct value sets_apply(struct arena *arena, const struct value *set, const struct value *base,
                        const struct value *now);

#endif
