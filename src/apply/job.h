#ifndef APPLY_JOB_H
#define APPLY_JOB_H

#include "apply/apply.h"

/* Private to the room: one item on its way through the lanes. */
struct job {
    struct gather *gather;
    struct session *session;
    struct arena *arena; /* of the worker that has it */
    struct item *item;
    size_t next;            /* the action to be performed next */
    struct outcome outcome; /* so far */
    struct result *result;
    /* Read along with another job's, not yet decided on (lanes' lock). */
    const struct issue *fresh_issue;
    /* clock_now() when each side was read (issue_read: lanes' lock). */
    int64_t issue_read, page_read;
    struct field_set stale; /* fields of outcome.issue that changed with what was written since */
    bool merge_refused;
    bool wrote_page;          /* its properties; outcome.page is the answer */
    bool wrote_content;       /* or may have */
    bool finished;            /* job_finish was called */
    bool ended;               /* no action follows, even if the item lists more */
    bool again;               /* to be looked at again in the next pass */
    bool taken;               /* a worker has it (lanes' lock) */
    bool reading;             /* another worker reads its issue along (lanes' lock) */
    bool parked;              /* it waits for the next save (lanes' lock) */
    bool decided;             /* … on what was just read */
    bool wrote;               /* a write was begun, successful or not */
    bool reached[SIDE_COUNT]; /* … of that side */
    bool saved;               /* the session has its record */
    bool made;                /* it has its issue, or makes none (lanes' lock) */
    struct job *behind;       /* next in its lane */
};

/* A write must not rely on a read older than this (ms). */
#define FRESH_FOR ((int64_t)60 * 1000)

/* How often a create is sent, and how long to wait before each look (ms). */
#define CREATE_TRIES 3
#define LOOK_AFTER   ((int64_t)3 * 1000)

/* Waits; ERR_STOPPED if that is interrupted. */
MUST_USE bool pause_for(int64_t milliseconds, struct err *err);

/* A create whose answer was lost is sent again only after a look for what it made. Waits until that
 * must show; false if it is not to be looked for: err says something else, or this was the last
 * try. */
MUST_USE bool pause_to_look(int try, struct err *err);

/* The rules to decide by at this point: once Notion has refused the dialect, a copy in the arena
 * that leaves texts to a later pass. The shared rules never change while workers read them. */
const struct rules *rules_now(const struct gather *gather, struct arena *arena);

/* Decides again on what was read, from the first action on. */
void job_decide(struct job *job, const struct issue *issue, const struct page *page);

/* What the job's item is to write to a side of the wanted fields. */
struct values job_values(const struct job *job, enum side side, struct field_set wanted);

/* Adds a note to its item. */
void job_note(struct job *job, const char *format, ...) PRINTF_LIKE(2, 3);

/* Ends the job: its record goes to the session. */
void job_finish(struct job *job);

/* For a job that did not finish: a page that it made is remembered anyway, since queries may not
 * show it yet. What became of a link's writes is remembered too, as far as it is known. */
void job_remember(struct job *job);

/* Whether it makes something that GitHub limits per hour (github_full_until). */
bool job_posts(const struct item *item);

/* Whether a failure affects more than the current record. A write that is refused for one record
 * says little about the others: lanes_run stops if the same happens to several in a row. */
bool job_stops_pass(const struct err *err);

/* Notes that the record failed; no action follows. */
void job_fail(struct job *job, const struct err *err);

/* Leaves the record to the next pass, since it changed during this pass. */
void job_postpone(struct job *job);

#endif
