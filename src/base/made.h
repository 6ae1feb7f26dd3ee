#ifndef BASE_MADE_H
#define BASE_MADE_H

#include <stdint.h>

/* How much was made of a service in one minute of its clock: some allow only so much an hour. */
struct made {
    int64_t minute; /* its start, ms since the epoch */
    int count;
};

/* Minutes that are remembered: an hour and the one that is not over. */
#define MADE_MINUTES 61

#endif
