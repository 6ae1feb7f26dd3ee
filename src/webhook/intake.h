#ifndef WEBHOOK_INTAKE_H
#define WEBHOOK_INTAKE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"
#include "webhook/spool.h"

/*
 * Group commit: one thread stores the events that arrived while it was storing the last group. So
 * many events share one sync of the disk, and none is answered before it.
 */
struct intake;

struct intake_item {
    struct intake_item *next; /* the intake's own */
    struct spool_entry entry;
    const size_t *targets; /* the entry's repositories, for the dispatcher */
    void *owner;
    bool stored; /* the answer */
};

/* Called on the intake's thread for each item once its group is stored or failed. */
typedef void intake_done(void *context, struct intake_item *item);

/* Starts the thread; spool must outlive it. Aborts if the thread cannot be started. */
MUST_USE struct intake *intake_start(struct spool *spool, intake_done *done, void *context);

/* Hands in an item, which must stay valid until `done` was called for it. Returns false if too
 * many wait or the intake is stopping: then `done` is never called. Thread-safe. */
MUST_USE bool intake_put(struct intake *intake, struct intake_item *item);

/* Stores the items that were handed in and ends the thread. From then on intake_put returns
 * false: it may be called until intake_free. */
void intake_stop(struct intake *intake);

/* Frees a stopped intake. NULL is allowed. */
void intake_free(struct intake *intake);

/* Whether the last group could not be stored. Thread-safe. */
MUST_USE bool intake_failing(struct intake *intake);
/* Tests whether storing works again. For one thread other than the intake's. */
void intake_probe(struct intake *intake);

#endif
