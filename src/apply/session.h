#ifndef APPLY_SESSION_H
#define APPLY_SESSION_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/vec.h"
#include "config/config.h"
#include "http/http.h"
#include "model/snapshot.h"
#include "reconcile/rules.h"
#include "state/cursor.h"
#include "state/sealing.h"
#include "state/store.h"

/*
 * The time during which a pass holds the lock of the state: it is taken before the first write,
 * renewed with every save of the records done so far, and released by the last save. Thread-safe
 * once taken.
 */
struct unsaved {
    const struct record *record; /* NULL: a file of another kind */
    bool note;                   /* with the note that leads from its page to it */
    struct store_file file;
};

struct session {
    const struct config *config;
    const struct sealing *sealing; /* what the files must not say */
    struct store *store;
    struct http *http;
    struct http_service *clock; /* whose Date headers are the time */
    int64_t deadline;           /* of the pass, by clock_now() */
    int64_t saved_at;           /* clock_now() of the last save */
    pthread_mutex_t lock;
    VEC(struct unsaved) unsaved;
    bool unsure;    /* a page may have been made by a request whose answer did not come */
    struct err err; /* why saving failed; it is not tried again */
};

enum session_result { SESSION_TAKEN, SESSION_BEATEN, SESSION_FAILED };

/* Takes the lock. outdated: a cursor of an earlier version is written again along with it, so that
 * an older program stops from then on; columns: columns.json, so that it is known before anything
 * is written; NULL: there is none. announced: what else is saved with it. SESSION_BEATEN: somebody
 * else saved since the state was read (err says so): read again. */
MUST_USE enum session_result
session_take(struct session *session, const struct config *config, const struct sealing *sealing,
             struct store *store, const struct cursor *outdated, const char *columns,
             const struct store_file *announced, size_t n_announced, struct http *http,
             struct http_service *clock, int64_t deadline, struct err *err);

/* Begins the history of the state again, with this columns.json and what was saved last. */
MUST_USE bool session_restart(struct session *session, const char *columns, struct err *err);

/* Hands over a record (it must live until the session ends) for the next save; note: also that its
 * page leads to it. */
void session_add(struct session *session, const struct record *record, bool note);

/* The same for another file of the state; path and text must live until the session ends. */
void session_add_file(struct session *session, const char *path, const char *text);

/* Notes that a page may have been made although no answer says so: the next pass waits until it
 * must be listed. */
void session_doubt(struct session *session);

/* Saves and renews the lock if that is due. Returns false if the lock is lost or the state cannot
 * be saved: then nothing more must be written. */
MUST_USE bool session_renew(struct session *session);

/* The same before each step: also false after a signal and when the time is up, which work on texts
 * may take without any request that would look at the deadline. */
MUST_USE bool session_goes_on(struct session *session, struct err *err);

/* Saves these files at once, with the records done so far, and renews the lock. Returns false as
 * session_renew does. */
MUST_USE bool session_announce(struct session *session, const struct store_file *files, size_t n);

/* clock_now() up to which what is left may be saved: the lock lives, and the pass may last. */
int64_t session_until(const struct session *session);

/* Saves what is left, the cursor and columns.json (NULL: as they were), and releases the lock; if
 * there is a doubt, lock.json stays as a released one. */
MUST_USE bool session_finish(struct session *session, const struct cursor *cursor,
                             const char *columns, struct err *err);

/* Saves a cursor, columns.json, or both (NULL: as it was) without having held the lock: for passes
 * that had nothing else to write. Losing the race to another pass is not a failure. */
MUST_USE bool session_move_cursor(struct store *store, const struct cursor *cursor,
                                  const char *columns, struct err *err);

#endif
