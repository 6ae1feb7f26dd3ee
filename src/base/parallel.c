#include "base/parallel.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/arena.h"

struct parallel {
    parallel_work *work;
    void *context;
    size_t n;
    atomic_size_t next;
};

struct parallel_worker {
    struct parallel *parallel;
    size_t index;
    pthread_t thread;
};

static void *
worker_run(void *argument)
{
    const struct parallel_worker *worker = argument;
    struct parallel *parallel = worker->parallel;
    size_t i;

    while ((i = atomic_fetch_add(&parallel->next, 1)) < parallel->n)
        parallel->work(parallel->context, i, worker->index);
    return NULL;
}

void
parallel_for(size_t n, size_t workers, parallel_work *work, void *context)
{
    struct parallel parallel = {.work = work, .context = context, .n = n};
    size_t count = workers < n ? workers : n;
    struct parallel_worker *all = mem_alloc(count * sizeof(*all));
    size_t started = 1;
    sigset_t every;
    sigset_t before;

    sigfillset(&every);
    pthread_sigmask(SIG_BLOCK, &every, &before);
    for (size_t i = 0; i < count; i++)
        all[i] = (struct parallel_worker){.parallel = &parallel, .index = i};
    while (started < count &&
           pthread_create(&all[started].thread, NULL, worker_run, &all[started]) == 0)
        started++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (count > 0)
        worker_run(&all[0]);
    for (size_t i = 1; i < started; i++)
        pthread_join(all[i].thread, NULL);
    free(all);
}
