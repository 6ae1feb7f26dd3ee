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
 * The time during which a pass holds the state's lock. The session takes it before the first write,
 * renews it with every save of finished records, and releases it with the last save. Thread-safe
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
    struct http_service *clock; /* the Date headers of its answers are the time */
    int64_t deadline;           /* of the pass, by clock_now() */
    int64_t saved_at;           /* clock_now() of the last save */
    pthread_mutex_t lock;
    VEC(struct unsaved) unsaved;
    bool unsure;    /* a request without an answer may have made a page */
    struct err err; /* why saving failed; nobody tries again */
};

enum session_result { SESSION_TAKEN, SESSION_BEATEN, SESSION_FAILED };

/* Takes the lock. outdated: also rewrites a cursor of an earlier version, so that an older program
 * stops from then on. columns: columns.json, so that it is known before anything is written; NULL:
 * none. announced: other files to save along. SESSION_BEATEN: somebody else has saved since the
 * state was read (err says so), so read it again. */
MUST_USE enum session_result
session_take(struct session *session, const struct config *config, const struct sealing *sealing,
             struct store *store, const struct cursor *outdated, const char *columns,
             const struct store_file *announced, size_t n_announced, struct http *http,
             struct http_service *clock, int64_t deadline, struct err *err);

/* Starts the state's history over, with this columns.json and what was last saved. */
MUST_USE bool session_restart(struct session *session, const char *columns, struct err *err);

/* Hands over a record (it must live until the session ends) for the next save; note: also saves
 * that its page leads to it. */
void session_add(struct session *session, const struct record *record, bool note);

/* The same for another file of the state; path and text must live until the session ends. */
void session_add_file(struct session *session, const char *path, const char *text);

/* Notes that a page may have been made although no answer confirms it. The next pass waits until
 * that page must be listed. */
void session_doubt(struct session *session);

/* Saves and renews the lock if that is due. Returns false if the lock is lost or the state cannot
 * be saved. Nothing more may be written then. */
MUST_USE bool session_renew(struct session *session);

/* The same before each step. Also false after a signal and when the time is up: work on texts can
 * use up the time without any request that would check the deadline. */
MUST_USE bool session_goes_on(struct session *session, struct err *err);

/* Saves these files at once, with the finished records, and renews the lock. Returns false as
 * session_renew does. */
MUST_USE bool session_announce(struct session *session, const struct store_file *files, size_t n);

/* The clock_now() until which the rest may be saved: the lock is valid, and the pass may last that
 * long. */
int64_t session_until(const struct session *session);

/* Saves the rest, the cursor and columns.json (NULL: unchanged), and releases the lock. In doubt,
 * lock.json stays as a released one. */
MUST_USE bool session_finish(struct session *session, const struct cursor *cursor,
                             const char *columns, struct err *err);

/* Saves a cursor, columns.json, or both (NULL: unchanged) without having held the lock, for passes
 * that had nothing else to write. Losing the race to another pass is not a failure. */
MUST_USE bool session_move_cursor(struct store *store, const struct cursor *cursor,
                                  const char *columns, struct err *err);

#endif
