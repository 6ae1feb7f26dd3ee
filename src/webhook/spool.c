#include "webhook/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"

#define SPOOL_VERSION 1
/* How long another process (a backup, a person with the sqlite3 program) may lock the file (ms). */
#define BUSY_TIMEOUT  1000
#define PRUNE_AT_ONCE 5000

static const char schema[] =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE IF NOT EXISTS event (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
    " received INTEGER NOT NULL) STRICT;"
    "CREATE TABLE IF NOT EXISTS hint (repository TEXT NOT NULL, page TEXT NOT NULL,"
    " stamp INTEGER NOT NULL, received INTEGER NOT NULL, PRIMARY KEY (repository, page))"
    " STRICT, WITHOUT ROWID;"
    "CREATE UNIQUE INDEX IF NOT EXISTS hint_order ON hint (repository, stamp);"
    "PRAGMA user_version = 1;"
    "COMMIT;";

enum statement {
    BEGIN,
    COMMIT,
    ROLLBACK,
    ADD_EVENT,
    ADD_HINT,
    TAKE,
    DONE,
    KEEP_ONLY,
    TOUCH,
    PRUNE,
    COUNT_EVENTS,
    STATEMENTS
};

static const char *const texts[STATEMENTS] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [ADD_EVENT] = "INSERT INTO event (id, received) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
    [ADD_HINT] = ("INSERT INTO hint (repository, page, stamp, received) VALUES (?1, ?2, ?3, ?4)"
                  " ON CONFLICT (repository, page) DO UPDATE SET stamp = excluded.stamp"),
    [TAKE] = "SELECT page, stamp FROM hint WHERE repository = ?1 ORDER BY stamp LIMIT ?2",
    [DONE] = "DELETE FROM hint WHERE repository = ?1 AND stamp <= ?2",
    [KEEP_ONLY] = "DELETE FROM hint WHERE repository NOT IN (SELECT value FROM json_each(?1))",
    [TOUCH] = "PRAGMA user_version = 1",
    /* Ids were received in the order of seq, so no index on the time is needed. */
    [PRUNE] = ("DELETE FROM event WHERE seq IN (SELECT seq FROM (SELECT seq, received FROM event"
               " ORDER BY seq LIMIT ?2) WHERE received < ?1)"),
    [COUNT_EVENTS] = "SELECT coalesce(max(seq) - min(seq) + 1, 0) FROM event",
};

struct spool {
    pthread_mutex_t lock;
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENTS];
    int64_t stamp; /* of the newest hint */
    sqlite3 *reader;
    sqlite3_stmt *look_hints, *look_events;
};

static bool
failed(sqlite3 *db, const char *what, struct err *err)
{
    int code = sqlite3_extended_errcode(db);
    const char *cure = "";

    if ((code & 0xff) == SQLITE_FULL || (code & 0xff) == SQLITE_IOERR)
        cure = ": is the disk full or broken?";
    else if ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED)
        cure = ": another process holds the file";
    else if ((code & 0xff) == SQLITE_CANTOPEN || (code & 0xff) == SQLITE_READONLY)
        cure = ": does its folder exist, and may this user write there?";
    else if ((code & 0xff) == SQLITE_NOTADB || (code & 0xff) == SQLITE_CORRUPT)
        cure = ": put another path into SPOOL, or this file out of the way";
    return err_set(err, ERR_STATE, "%s: %s (SQLite %d)%s", what, sqlite3_errmsg(db), code, cure);
}

static bool
connect(const char *path, sqlite3 **db, struct err *err)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX;

    if (sqlite3_open_v2(path, db, flags, NULL) != SQLITE_OK ||
        sqlite3_busy_timeout(*db, BUSY_TIMEOUT) != SQLITE_OK ||
        sqlite3_exec(*db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", NULL, NULL,
                     NULL) != SQLITE_OK)
        return failed(*db, "opening the spool", err);
    return true;
}

/* The single number that a query returns. */
static bool
number(sqlite3 *db, const char *sql, int64_t *value)
{
    sqlite3_stmt *statement = NULL;
    bool ok = sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
              sqlite3_step(statement) == SQLITE_ROW;

    if (ok)
        *value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return ok;
}

static bool
prepare(struct spool *spool, struct err *err)
{
    int64_t version = 0;

    if (!number(spool->db, "PRAGMA user_version", &version))
        return failed(spool->db, "reading the spool", err);
    if (version > SPOOL_VERSION)
        return err_set(err, ERR_STATE, "the spool was made by a newer version: use that one");
    if (sqlite3_exec(spool->db, schema, NULL, NULL, NULL) != SQLITE_OK ||
        !number(spool->db, "SELECT coalesce(max(stamp), 0) FROM hint", &spool->stamp))
        return failed(spool->db, "preparing the spool", err);
    for (enum statement i = 0; i < STATEMENTS; i++)
        if (sqlite3_prepare_v3(spool->db, texts[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &spool->statements[i], NULL) != SQLITE_OK)
            return failed(spool->db, "preparing the spool", err);
    if (sqlite3_prepare_v2(spool->reader, "SELECT count(*), coalesce(min(received), 0) FROM hint",
                           -1, &spool->look_hints, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(spool->reader, texts[COUNT_EVENTS], -1, &spool->look_events, NULL) !=
            SQLITE_OK)
        return failed(spool->reader, "preparing the spool", err);
    return true;
}

struct spool *
spool_open(const char *path, struct err *err)
{
    struct spool *spool = mem_alloc(sizeof(*spool));
    /* Only its owner may read it; SQLite gives its log the same mode. */
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && fchmod(fd, 0600) == 0;

    pthread_mutex_init(&spool->lock, NULL);
    if (!ok)
        err_set(err, ERR_STATE,
                "opening the spool: %s: does its folder exist, and may this user write there?",
                strerror(errno));
    if (fd >= 0)
        close(fd);
    if (ok && connect(path, &spool->db, err) && connect(path, &spool->reader, err) &&
        prepare(spool, err))
        return spool;
    err_context(err, "%s", path);
    spool_close(spool);
    return NULL;
}

void
spool_close(struct spool *spool)
{
    if (spool == NULL)
        return;
    sqlite3_finalize(spool->look_hints);
    sqlite3_finalize(spool->look_events);
    sqlite3_close(spool->reader);
    for (enum statement i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(spool->statements[i]);
    /* The last connection that closes writes the log back. */
    sqlite3_close(spool->db);
    pthread_mutex_destroy(&spool->lock);
    mem_free(spool);
}

/* Runs a statement that returns no rows; its parameters are already bound. */
static bool
run(struct spool *spool, enum statement which)
{
    sqlite3_stmt *statement = spool->statements[which];
    bool ok = sqlite3_step(statement) == SQLITE_DONE;

    /* The reset keeps the error of the step for sqlite3_errmsg. */
    sqlite3_reset(statement);
    return ok;
}

static void
bind_text(struct spool *spool, enum statement which, int place, const char *text)
{
    sqlite3_bind_text(spool->statements[which], place, text, -1, SQLITE_STATIC);
}

static void
bind_number(struct spool *spool, enum statement which, int place, int64_t value)
{
    sqlite3_bind_int64(spool->statements[which], place, value);
}

static bool
add_hint(struct spool *spool, const char *repository, const char *page, int64_t received)
{
    bind_text(spool, ADD_HINT, 1, repository);
    bind_text(spool, ADD_HINT, 2, page);
    bind_number(spool, ADD_HINT, 3, ++spool->stamp);
    bind_number(spool, ADD_HINT, 4, received);
    return run(spool, ADD_HINT);
}

static bool
add_entry(struct spool *spool, struct spool_entry *entry, int64_t received)
{
    const struct event *event = entry->event;

    bind_text(spool, ADD_EVENT, 1, event->id);
    bind_number(spool, ADD_EVENT, 2, received);
    if (!run(spool, ADD_EVENT))
        return false;
    entry->duplicate = sqlite3_changes(spool->db) == 0;
    for (size_t i = 0; !entry->duplicate && i < entry->n_repositories; i++) {
        if (event->n_pages == 0 && !add_hint(spool, entry->repositories[i], "", received))
            return false;
        for (size_t j = 0; j < event->n_pages; j++)
            if (!add_hint(spool, entry->repositories[i], event->pages[j], received))
                return false;
    }
    return true;
}

/* Ends a transaction. If something failed, none stays open. */
static bool
end(struct spool *spool, bool ok, const char *what, struct err *err)
{
    ok = ok && run(spool, COMMIT);
    if (!ok) {
        failed(spool->db, what, err);
        if (!sqlite3_get_autocommit(spool->db))
            (void)run(spool, ROLLBACK);
    }
    return ok;
}

bool
spool_store(struct spool *spool, struct spool_entry *const *entries, size_t n, int64_t received,
            struct err *err)
{
    bool ok;

    pthread_mutex_lock(&spool->lock);
    ok = run(spool, BEGIN);
    for (size_t i = 0; ok && i < n; i++)
        ok = add_entry(spool, entries[i], received);
    ok = end(spool, ok, "storing events", err);
    pthread_mutex_unlock(&spool->lock);
    return ok;
}

bool
spool_take(struct spool *spool, const char *repository, size_t most, struct arena *arena,
           struct spool_slice *slice, struct err *err)
{
    sqlite3_stmt *rows = spool->statements[TAKE];
    const char **pages = arena_array(arena, most, sizeof(*pages));
    int code;

    *slice = (struct spool_slice){.pages = pages};
    pthread_mutex_lock(&spool->lock);
    bind_text(spool, TAKE, 1, repository);
    bind_number(spool, TAKE, 2, (int64_t)most + 1);
    while ((code = sqlite3_step(rows)) == SQLITE_ROW) {
        const char *page = (const char *)sqlite3_column_text(rows, 0);

        if (slice->n_hints == most) {
            slice->more = true;
            continue;
        }
        slice->n_hints++;
        slice->through = sqlite3_column_int64(rows, 1);
        if (page != NULL && *page != '\0')
            pages[slice->n_pages++] = arena_strdup(arena, page);
    }
    sqlite3_reset(rows);
    if (code != SQLITE_DONE)
        failed(spool->db, "reading the spool", err);
    pthread_mutex_unlock(&spool->lock);
    return code == SQLITE_DONE;
}

/* Runs a transaction of one statement, whose parameters are already bound, and releases the
 * lock. *n: how many rows it changed. */
static bool
run_alone(struct spool *spool, enum statement which, const char *what, size_t *n, struct err *err)
{
    bool ok = run(spool, BEGIN) && run(spool, which);

    if (n != NULL)
        *n = ok ? (size_t)sqlite3_changes(spool->db) : 0;
    ok = end(spool, ok, what, err);
    pthread_mutex_unlock(&spool->lock);
    return ok;
}

bool
spool_done(struct spool *spool, const char *repository, int64_t through, struct err *err)
{
    pthread_mutex_lock(&spool->lock);
    bind_text(spool, DONE, 1, repository);
    bind_number(spool, DONE, 2, through);
    return run_alone(spool, DONE, "noting a dispatch", NULL, err);
}

bool
spool_prune(struct spool *spool, int64_t before, struct err *err)
{
    pthread_mutex_lock(&spool->lock);
    bind_number(spool, PRUNE, 1, before);
    bind_number(spool, PRUNE, 2, PRUNE_AT_ONCE);
    return run_alone(spool, PRUNE, "forgetting old events", NULL, err);
}

bool
spool_keep_only(struct spool *spool, const char *const *repositories, size_t n_repositories,
                size_t *n, struct err *err)
{
    struct arena *arena = arena_new();
    bool ok;

    pthread_mutex_lock(&spool->lock);
    bind_text(spool, KEEP_ONLY, 1,
              json_finish(arena, json_new_texts(repositories, n_repositories)));
    ok = run_alone(spool, KEEP_ONLY, "looking through the spool", n, err);
    arena_free(arena);
    return ok;
}

bool
spool_writable(struct spool *spool, struct err *err)
{
    pthread_mutex_lock(&spool->lock);
    return run_alone(spool, TOUCH, "trying the spool", NULL, err);
}

bool
spool_look(struct spool *spool, struct spool_view *view, struct err *err)
{
    bool ok = sqlite3_step(spool->look_hints) == SQLITE_ROW &&
              sqlite3_step(spool->look_events) == SQLITE_ROW;

    if (ok)
        *view = (struct spool_view){.depth = sqlite3_column_int64(spool->look_hints, 0),
                                    .oldest = sqlite3_column_int64(spool->look_hints, 1),
                                    .events = sqlite3_column_int64(spool->look_events, 0)};
    else
        failed(spool->reader, "looking at the spool", err);
    sqlite3_reset(spool->look_hints);
    sqlite3_reset(spool->look_events);
    return ok;
}
