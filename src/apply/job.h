#ifndef APPLY_JOB_H
#define APPLY_JOB_H

#include "apply/apply.h"

/* Private to the room: one item on its way through the lanes, and what the lanes share. */
struct job {
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

struct lanes;

struct apply {
    struct gather *gather;
    struct session *session;
    struct lanes *lanes;
};

/* A write must not rely on a read older than this (ms). */
#define FRESH_FOR ((int64_t)60 * 1000)

/* Performs the job's next action. Returns false if the pass must stop; what fails for this record
 * alone is noted in the job. */
MUST_USE bool
job_perform(struct apply *apply, struct job *job, struct arena *arena, struct err *err);

/* Before a job begins: reads again what its decision rests on, if that is too old or came from a
 * query (which may lag), and decides again. */
MUST_USE bool
job_refresh(struct apply *apply, struct job *job, struct arena *arena, struct err *err);

/* Decides again on what was read, from the first action on. */
void job_decide(struct apply *apply, struct job *job, const struct issue *issue,
                const struct page *page, struct arena *arena);

/* Ends the job: its record goes to the session. */
void job_finish(struct apply *apply, struct job *job, struct arena *arena);

/* For a job that did not finish: a page that it made is remembered anyway, since queries may not
 * show it yet. What became of a link's writes is remembered too, as far as it is known. */
void job_remember(struct apply *apply, struct job *job, struct arena *arena);

/* Whether it makes something that GitHub limits per hour (github_full_until). */
bool job_posts(const struct item *item);

/* Whether a failure affects more than the current record. A write that is refused for one record
 * says little about the others: lanes_run stops if the same happens to several in a row. */
bool job_stops_pass(const struct err *err);

/* Notes that the record failed; no action follows. */
void job_fail(struct job *job, const struct err *err);

/* Leaves the record to the next pass, since it changed during this pass. */
void job_postpone(struct job *job);

/* Jobs that have not begun and whose issues were read too long ago, this one first: up to max, to
 * be read in one request. */
size_t lanes_stale(struct lanes *lanes, struct job *job, struct job **stale, size_t max);
/* Hands them what was read (NULL: the issue is no longer visible). */
void lanes_refreshed(struct lanes *lanes, struct job **stale, struct issue **issues, size_t n);

#endif
