#ifndef APPLY_JOB_H
#define APPLY_JOB_H

#include "apply/apply.h"

/* Private to the room: one item on its way through the queues. */
struct job {
    struct gather *gather;
    struct session *session;
    struct arena *arena;                   /* of the worker that has it */
    const struct item *item;               /* as it was decided last */
    size_t next;                           /* the next action */
    struct outcome outcome;                /* so far */
    const struct merge_facts *merge_facts; /* as they were read last; NULL: not yet */
    struct result *result;
    /* Read along with another job's, but no decision yet (queues' lock). */
    const struct issue *fresh_issue;
    /* clock_now() when each side was read (issue_read: queues' lock). */
    int64_t issue_read, page_read;
    struct field_set stale; /* fields of outcome.issue that later writes have changed */
    bool merge_refused;
    bool wrote_page;          /* its properties; outcome.page is the answer */
    bool wrote_content;       /* or may have */
    bool finished;            /* job_finish was called */
    bool ended;               /* no action follows, even if the item lists more */
    bool again;               /* the next pass looks at it again */
    bool taken;               /* a worker has it (queues' lock) */
    bool reading;             /* another worker reads its issue along (queues' lock) */
    bool parked;              /* it waits for the next save (queues' lock) */
    bool decided;             /* … on what was just read */
    bool wrote;               /* a write was begun, whether or not it succeeded */
    bool reached[SIDE_COUNT]; /* … of that side */
    bool saved;               /* the session has its record */
    bool made;                /* it has its issue, or makes none (queues' lock) */
    struct job *behind;       /* next in its queue */
};

/* A write must not rely on a read older than this (ms). */
#define FRESH_FOR ((int64_t)60 * 1000)

/* How often a create is sent, and how long to wait before each look (ms). */
#define CREATE_TRIES 3
#define LOOK_AFTER   ((int64_t)3 * 1000)

/* Waits; ERR_STOPPED if that is interrupted. */
MUST_USE bool pause_for(int64_t milliseconds, struct err *err);

/* After a lost answer to a create, looks for the result before sending it again. Waits until the
 * result must be visible. False if there is no point in looking: err says something else, or this
 * was the last try. */
MUST_USE bool pause_to_look(int try, struct err *err);

/* The rules for decisions at this point. Once Notion has refused the dialect, this is a copy in the
 * arena that leaves texts to a later pass. The shared rules never change while workers read them.
 */
const struct rules *rules_now(const struct gather *gather, struct arena *arena);

/* Decides again on what was read, starting with the first action. */
void job_decide(struct job *job, const struct issue *issue, const struct page *page);

/* What the job's item should write of these fields to a side. */
struct values job_values(const struct job *job, enum side side, struct field_set wanted);

/* Adds a note to its result. */
void job_note(struct job *job, const char *format, ...) PRINTF_LIKE(2, 3);

/* Ends the job: the session gets its record. */
void job_finish(struct job *job);

/* For an unfinished job. The state still remembers a page that it made, since queries may not show
 * it yet, and the known results of a link's writes. */
void job_remember(struct job *job);

/* Whether it makes something that GitHub limits per hour (github_full_until). */
bool job_posts(const struct item *item);

/* Whether a failure affects more than the current record. A refused write to one record says little
 * about the others: queues_run stops if it happens to several in a row. */
bool job_stops_pass(const struct err *err);

/* Notes that the record failed. No action follows. */
void job_fail(struct job *job, const struct err *err);

/* Leaves the record to the next pass, since it changed during this pass. */
void job_postpone(struct job *job);

#endif
