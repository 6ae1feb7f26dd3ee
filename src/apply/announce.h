#ifndef APPLY_ANNOUNCE_H
#define APPLY_ANNOUNCE_H

#include "apply/job.h"
#include "apply/session.h"

/*
 * The state names a run's writes before the run makes them. If a later run finds these writes but
 * no record of their result, it does not mistake them for a person's (reconcile/intent.h). The
 * commit that takes the lock announces the first items, and the commits that renew it announce the
 * others.
 */

/* The most items that one save announces. */
#define ANNOUNCE_MAX 200

/* Announces a plan's first items: the files for session_take. Once they are saved, apply_plan goes
 * on from what they announce. */
struct announced
announce_first(const struct gather *gather, const struct plan *plan, struct arena *arena);

/* Whether the state announces the job's writes. If its first action is a look, these writes are not
 * known yet. */
bool announce_covers(const struct job *job);

/* Announces jobs: at least one, at most ANNOUNCE_MAX. False if the state cannot be saved (the
 * session says why). */
MUST_USE bool announce_jobs(struct job *const *jobs, size_t n);

/* Takes back the announcement of a job that wrote nothing. */
void announce_retract(const struct job *job);

#endif
