#include "webhook/wall.h"

#include <time.h>

int64_t
wall_now(void)
{
    struct timespec now;

    if (clock_is_virtual())
        return clock_now();
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
