#ifndef BASE_MADE_H
#define BASE_MADE_H

#include <stdint.h>

/* How much was made on a service in one minute of its clock. Some services limit that by the
 * hour. */
struct made {
    int64_t minute; /* its start, ms since the epoch */
    int count;
};

/* How many minutes are remembered: an hour and the minute that is not over. */
#define MADE_MINUTES 61

#endif
