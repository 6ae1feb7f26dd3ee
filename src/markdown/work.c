#include "markdown/work.h"

#include <stdint.h>

/* To merge two edited texts of the longest issue, each is read about twenty times to check that the
 * result says what it should. */
#define TIMES      64
#define LENGTH_MIN ((size_t)16 * 1024)
/* A few seconds. */
#define MOST ((size_t)32 * 1024 * 1024)

static _Thread_local struct {
    bool bounded;
    size_t done, most;
} work;

void
work_begin(size_t length)
{
    work.bounded = true;
    work.done = 0;
    if (length > WORK_LENGTH_MAX)
        work.done = 1, work.most = 0;
    else
        work.most = (length + LENGTH_MIN) > MOST / TIMES ? MOST : (length + LENGTH_MIN) * TIMES;
}

bool
work_end(void)
{
    bool sufficed = !work_is_spent();

    work.bounded = false;
    return sufficed;
}

void
work_add(size_t bytes)
{
    work.done = bytes > SIZE_MAX - work.done ? SIZE_MAX : work.done + bytes;
}

bool
work_is_spent(void)
{
    return work.bounded && work.done > work.most;
}
