#ifndef WEBHOOK_SPOOL_H
#define WEBHOOK_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "webhook/event.h"

/*
 * Events that were accepted and not yet dispatched, in an SQLite file that is synced with each
 * transaction (write-ahead log, synchronous=FULL: sqlite.org/wal.html). Two tables:
 *
 *   event  the ids of events that were stored, to know duplicates by, for some days
 *   hint   one row for a repository and page ("" if an event names none): however many events
 *          come while GitHub cannot be reached, it grows no further than the pages concerned
 *
 * Thread-safe: one writer at a time, for which others wait; spool_look does not wait. Failures are
 * ERR_STATE: the file is locked by another process, the disk is full or broken; then nothing of the
 * transaction is kept, and the next one may succeed.
 */
struct spool;

/* Opens or makes the file. NULL with ERR_STATE if that fails or a newer version made it. */
MUST_USE struct spool *spool_open(const char *path, struct err *err);
/* Writes the log back into the file and closes it. NULL is allowed. */
void spool_close(struct spool *spool);

/* One event that is to be stored, for the given repositories. */
struct spool_entry {
    const struct event *event;
    const char *const *repositories;
    size_t n_repositories;
    bool duplicate; /* set by spool_store */
};

/* Stores events received at a time (clock_wall()) in one transaction. Once it returns true, they
 * survive a crash and a power failure. */
MUST_USE bool spool_store(struct spool *spool, struct spool_entry *const *entries, size_t n,
                          int64_t received, struct err *err);

/* The contents of one dispatch. */
struct spool_slice {
    const char *const *pages; /* in the order in which they arrived; none if no event named any */
    size_t n_pages;
    size_t n_hints;  /* rows: the pages, and perhaps the one without a page */
    int64_t through; /* for spool_done */
    bool more;       /* further rows wait */
};

/* The oldest hints of a repository, at most `most`; n_hints 0 if there are none. */
MUST_USE bool spool_take(struct spool *spool, const char *repository, size_t most,
                         struct arena *arena, struct spool_slice *slice, struct err *err);

/* Forgets the hints of a slice, except those that arrived again after it was taken. */
MUST_USE bool
spool_done(struct spool *spool, const char *repository, int64_t through, struct err *err);

/* Forgets ids of events received before a time (clock_wall()), some thousands per call. */
MUST_USE bool spool_prune(struct spool *spool, int64_t before, struct err *err);

/* Forgets the hints of repositories that are not among the given; *n is how many. */
MUST_USE bool spool_keep_only(struct spool *spool, const char *const *repositories,
                              size_t n_repositories, size_t *n, struct err *err);

/* Tests whether the file can be written now: writes and syncs a page. */
MUST_USE bool spool_writable(struct spool *spool, struct err *err);

struct spool_view {
    int64_t depth;  /* hints */
    int64_t oldest; /* when the oldest was received; 0: there is none */
    int64_t events; /* ids remembered */
};

/* Looks at the file over its own connection, without waiting for writers. For one thread. */
MUST_USE bool spool_look(struct spool *spool, struct spool_view *view, struct err *err);

#endif
