#ifndef WEBHOOK_INTAKE_H
#define WEBHOOK_INTAKE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"
#include "webhook/spool.h"

/*
 * Group commit: one thread stores what came while it was storing the last group, so that many
 * events share one sync of the disk and none is answered before it.
 */
struct intake;

struct intake_item {
    struct intake_item *next; /* the intake's own */
    struct spool_entry entry;
    const size_t *targets; /* of the entry's repositories, for who dispatches them */
    void *owner;
    bool stored; /* the answer */
};

/* Called on the intake's thread for each item once its group is stored or failed. */
typedef void intake_done(void *context, struct intake_item *item);

/* Starts the thread; spool must outlive it. Aborts if no thread can be made. */
MUST_USE struct intake *intake_start(struct spool *spool, intake_done *done, void *context);

/* Hands an item in, which must stay until `done` was called for it. False if too many wait or
 * the intake is being stopped: then it never will be. Thread-safe. */
MUST_USE bool intake_put(struct intake *intake, struct intake_item *item);

/* Stores what was handed in and ends the thread. From then on intake_put returns false: it may be
 * called until intake_free. */
void intake_stop(struct intake *intake);

/* Frees a stopped intake. NULL is allowed. */
void intake_free(struct intake *intake);

/* Whether the last group could not be stored. Thread-safe. */
MUST_USE bool intake_failing(struct intake *intake);
/* Tries whether storing works again; for one other thread. */
void intake_probe(struct intake *intake);

#endif
