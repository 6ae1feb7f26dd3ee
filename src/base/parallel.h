#ifndef BASE_PARALLEL_H
#define BASE_PARALLEL_H

#include <stddef.h>

/* One piece of work, number index, done by worker 0 .. workers-1 (each worker does one piece at
 * a time). */
typedef void parallel_work(void *context, size_t index, size_t worker);

/* Does n pieces of work on up to `workers` threads and returns when all are done. Signals are left
 * to the calling thread. */
void parallel_for(size_t n, size_t workers, parallel_work *work, void *context);

#endif
