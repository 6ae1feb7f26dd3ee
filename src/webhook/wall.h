#ifndef WEBHOOK_WALL_H
#define WEBHOOK_WALL_H

#include <stdint.h>

#include "base/clock.h"

/* Milliseconds since the epoch by this machine's clock: for what outlives the process (ages in the
 * spool) and for the claims of a GitHub App. It may jump; waiting goes by clock_now(). */
int64_t wall_now(void);

#endif
