#include "apply/session.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "state/columns.h"
#include "state/record.h"

/* A lock lives ten minutes (LEASE_LIFE). Renewing it every two leaves room for slow answers. */
#define RENEW_EVERY ((int64_t)2 * 60 * 1000)
/* With more unsaved records than this, the session saves at once, so that the last save never takes
 * long. */
#define RENEW_AFTER  400
#define RENEW_MARGIN ((int64_t)60 * 1000)

static const char *
session_lock_text(const struct session *session, bool released, struct arena *arena)
{
    char host[128] = "";
    struct lease lock = {
        .run_id = session->config->run_id,
        .attempt = session->config->run_attempt,
        .host = host,
        .time = http_server_time(session->clock),
        .released = released,
    };

    if (gethostname(host, sizeof(host) - 1) != 0)
        host[0] = '\0';
    return lease_write(arena, &lock);
}

int64_t
session_until(const struct session *session)
{
    int64_t until = session->saved_at + LEASE_LIFE - RENEW_MARGIN;

    return until < session->deadline ? until : session->deadline;
}

/* No request may outlive the lock, so the pass must not wait for later answers. The lock holds the
 * time when its save began, however long the save took. */
static void
session_locked(struct session *session, int64_t since)
{
    session->saved_at = since;
    http_set_deadline(session->http, session_until(session));
}

/* The cursor and columns.json, if they need saving. */
static void
add_whole(struct store_file *files, size_t *n, const struct cursor *cursor, const char *columns,
          struct arena *arena)
{
    if (cursor != NULL)
        files[(*n)++] = (struct store_file){STATE_CURSOR, cursor_write(arena, cursor)};
    if (columns != NULL)
        files[(*n)++] = (struct store_file){STATE_COLUMNS, columns};
}

enum session_result
session_take(struct session *session, const struct config *config, const struct sealing *sealing,
             struct store *store, const struct cursor *outdated, const char *columns,
             const struct store_file *announced, size_t n_announced, struct http *http,
             struct http_service *clock, int64_t deadline, struct err *err)
{
    struct arena *scratch = arena_new();
    struct store_file *files = arena_array(scratch, n_announced + 3, sizeof(*files));
    size_t n = n_announced;
    bool ok;

    *session = (struct session){.config = config,
                                .sealing = sealing,
                                .store = store,
                                .http = http,
                                .clock = clock,
                                .deadline = deadline};
    pthread_mutex_init(&session->lock, NULL);
    session_locked(session, clock_now());
    memcpy(files, announced, n_announced * sizeof(*files));
    add_whole(files, &n, outdated, columns, scratch);
    files[n++] = (struct store_file){STATE_LOCK, session_lock_text(session, false, scratch)};
    ok = store_save(store, files, n, "Take the lock", err);
    arena_free(scratch);
    if (ok)
        return SESSION_TAKEN;
    http_set_deadline(http, deadline);
    pthread_mutex_destroy(&session->lock);
    return err->kind == ERR_CONFLICT ? SESSION_BEATEN : SESSION_FAILED;
}

bool
session_restart(struct session *session, const char *columns, struct err *err)
{
    struct arena *scratch = arena_new();
    const struct store_file files[] = {{STATE_COLUMNS, columns},
                                       {STATE_LOCK, session_lock_text(session, false, scratch)}};
    bool ok = store_restart(session->store, files, 2, "Begin a new history", err);

    arena_free(scratch);
    return ok;
}

void
session_add(struct session *session, const struct record *record, bool note)
{
    pthread_mutex_lock(&session->lock);
    vec_push(&session->unsaved, (struct unsaved){.record = record, .note = note});
    pthread_mutex_unlock(&session->lock);
}

void
session_add_file(struct session *session, const char *path, const char *text)
{
    pthread_mutex_lock(&session->lock);
    vec_push(&session->unsaved, (struct unsaved){.file = {path, text}});
    pthread_mutex_unlock(&session->lock);
}

void
session_doubt(struct session *session)
{
    pthread_mutex_lock(&session->lock);
    session->unsure = true;
    pthread_mutex_unlock(&session->lock);
}

/* The files of the unsaved records; extra: room for more. */
static struct store_file *
session_files(const struct session *session, size_t extra, struct arena *arena, size_t *n)
{
    struct store_file *files = arena_array(arena, 3 * session->unsaved.len + extra, sizeof(*files));

    *n = 0;
    for (size_t i = 0; i < session->unsaved.len; i++) {
        const struct record *record = session->unsaved.items[i].record;
        const struct base_texts *texts = record != NULL ? record->body.texts : NULL;

        if (record == NULL) {
            files[(*n)++] = session->unsaved.items[i].file;
            continue;
        }
        files[(*n)++] = (struct store_file){state_path_of(arena, record),
                                            record_write(arena, record, session->sealing)};
        if (texts != NULL && texts->base[SIDE_GITHUB] != NULL && texts->base[SIDE_NOTION] != NULL)
            files[(*n)++] =
                (struct store_file){state_bodies_path(arena, record->number),
                                    bodies_write(arena, record->number, texts, session->sealing)};
        if (session->unsaved.items[i].note && record->number > 0)
            files[(*n)++] = (struct store_file){state_page_path(arena, record->page_id),
                                                page_note_write(arena, record->number)};
    }
    return files;
}

static bool
session_save(struct session *session, const struct store_file *more, size_t n_more,
             const struct cursor *cursor, const char *columns, bool finish, struct err *err)
{
    struct arena *scratch = arena_new();
    size_t n;
    struct store_file *files = session_files(session, n_more + 4, scratch, &n);
    struct made made[MADE_MINUTES];
    size_t n_made = http_made(session->clock, made);
    const char *message =
        arena_printf(scratch, "%s: %zu record%s", finish ? "Run done" : "Run at work",
                     session->unsaved.len, session->unsaved.len == 1 ? "" : "s");
    bool ok;

    if (n_more > 0)
        memcpy(files + n, more, n_more * sizeof(*files));
    n += n_more;
    add_whole(files, &n, cursor, columns, scratch);
    files[n++] = (struct store_file){STATE_LOCK, finish && !session->unsure
                                                     ? NULL
                                                     : session_lock_text(session, finish, scratch)};
    if (n_made > 0)
        files[n++] = (struct store_file){STATE_LIMITS, limits_write(scratch, made, n_made)};
    ok = store_save(session->store, files, n, message, err);
    arena_free(scratch);
    if (ok)
        session->unsaved.len = 0;
    return ok;
}

/* Saves and renews the lock, unless an earlier save failed. The caller holds the lock. */
static void
session_save_and_renew(struct session *session, const struct store_file *more, size_t n_more)
{
    int64_t since = clock_now();

    if (session->err.kind != ERR_NONE)
        return;
    if (session_save(session, more, n_more, NULL, NULL, false, &session->err))
        session_locked(session, since);
    else if (session->err.kind == ERR_CONFLICT)
        (void)err_set(&session->err, ERR_STATE,
                      "another run has taken over the lock: this one stops here");
}

bool
session_renew(struct session *session)
{
    bool ok;

    pthread_mutex_lock(&session->lock);
    if (clock_now() - session->saved_at >= RENEW_EVERY || session->unsaved.len >= RENEW_AFTER)
        session_save_and_renew(session, NULL, 0);
    ok = session->err.kind == ERR_NONE;
    pthread_mutex_unlock(&session->lock);
    return ok;
}

bool
session_goes_on(struct session *session, struct err *err)
{
    if (!session_renew(session))
        return err_set(err, session->err.kind, "%s", session->err.text);
    if (clock_interrupted())
        return err_set(err, ERR_STOPPED, "interrupted");
    return clock_now() < session->deadline ||
           err_set(err, ERR_STOPPED, "the time for this run is up");
}

bool
session_announce(struct session *session, const struct store_file *files, size_t n)
{
    bool ok;

    pthread_mutex_lock(&session->lock);
    session_save_and_renew(session, files, n);
    ok = session->err.kind == ERR_NONE;
    pthread_mutex_unlock(&session->lock);
    return ok;
}

bool
session_finish(struct session *session, const struct cursor *cursor, const char *columns,
               struct err *err)
{
    bool ok = session->err.kind == ERR_NONE || err_is_stop(&session->err);

    if (ok)
        ok = session_save(session, NULL, 0, cursor, columns, true, err);
    else
        (void)err_set(err, session->err.kind, "%s", session->err.text);
    vec_free(&session->unsaved);
    pthread_mutex_destroy(&session->lock);
    return ok;
}

bool
session_move_cursor(struct store *store, const struct cursor *cursor, const char *columns,
                    struct err *err)
{
    struct arena *scratch = arena_new();
    struct store_file files[2];
    size_t n = 0;
    bool ok;

    add_whole(files, &n, cursor, columns, scratch);
    ok = n == 0 ||
         store_save(store, files, n, cursor != NULL ? "Move the cursor" : "Note the columns", err);
    arena_free(scratch);
    if (!ok && err->kind == ERR_CONFLICT) {
        log_debug("another run moved the cursor first");
        return true;
    }
    return ok;
}
