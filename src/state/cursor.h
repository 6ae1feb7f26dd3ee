#ifndef STATE_CURSOR_H
#define STATE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/made.h"
#include "model/progress.h"

/* The contents of cursor.json, lock.json and limits.json. Times are ms since the epoch by the
 * services' clocks. */

/* Which comments of pages go to GitHub, and since when. */
struct comment_rule {
    const char *marker; /* those that begin with it, and replies; "": all; NULL: none */
    int64_t since;      /* 0: from the start */
};

/* How many issues blocked an issue when a pass read it. */
struct blocked {
    int64_t number, blockers;
};

struct cursor {
    bool outdated; /* read from a file of an earlier version */
    /* The id in notion_database, and the data source that it was resolved to. */
    const char *database, *data_source;
    int64_t github_watermark, notion_watermark; /* everything before was handled */
    int64_t last_full;       /* when the last pass that compared everything started */
    const char *fingerprint; /* of the configuration then */
    const int64_t *numbers;  /* look at these again: they failed, or GitHub refused to merge them */
    size_t n_numbers;
    const char *const *pages; /* pages without an issue that failed */
    size_t n_pages;
    const int64_t *comments; /* issues whose link comment is due */
    size_t n_comments;
    int64_t comments_since; /* when the pass began to follow conversations, 0: not followed */
    bool has_comment_rule;  /* else the state does not say */
    struct comment_rule comment_rule;
    const struct blocked *blocked; /* the newest issues: GitHub does not report an issue as changed
                                      if only this did */
    size_t n_blocked;
    const struct pull_link *links; /* of pull requests (reconcile_pull_links) */
    size_t n_links;
    int64_t comments_from; /* the next full pass reads comments of pages below this number, 0: from
                              the newest */
};

/* cursor.json as text, and back. ERR_STATE: an unknown version (the message says what to do);
 * ERR_DATA: damaged. */
char *cursor_write(struct arena *arena, const struct cursor *cursor);
MUST_USE bool
cursor_read(struct arena *arena, const char *text, struct cursor *cursor, struct err *err);

/* How many issues blocked that issue then, -1: not known. */
int64_t cursor_blockers(const struct cursor *cursor, int64_t number);

/* Whether it names a time in the future, by the services' clocks. If so, it is damaged. */
bool cursor_is_ahead(const struct cursor *cursor, int64_t now);

struct lease {
    const char *run_id, *host;
    int64_t attempt;
    int64_t time;  /* when it was taken, renewed or released */
    bool released; /* nobody holds it: it only says that pages may have been made then that no query
                      shows yet */
};

char *lease_write(struct arena *arena, const struct lease *lock);
/* A damaged lock counts as one that nobody renews: its time is 0. */
struct lease lease_read(struct arena *arena, const char *text);

/* A lock that nobody has renewed for this long is dead. */
#define LEASE_LIFE ((int64_t)10 * 60 * 1000)

/* Whether a lock is dead for a run: released, too old, dated in the future, or of an earlier
 * attempt of the same run. now: server time. */
bool lease_is_dead(const struct lease *lock, const char *run_id, int64_t attempt, int64_t now);

/* What was made on GitHub in the last hour. Reading returns the number of entries. A damaged or
 * missing file (text NULL) has none. */
char *limits_write(struct arena *arena, const struct made *made, size_t n);
size_t limits_read(const char *text, struct made made[MADE_MINUTES]);

#endif
