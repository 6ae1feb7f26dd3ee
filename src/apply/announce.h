#ifndef APPLY_ANNOUNCE_H
#define APPLY_ANNOUNCE_H

#include "apply/job.h"
#include "apply/session.h"

/*
 * What a run is about to write is in the state before it writes: then a later run that finds the
 * writes, but no record of their result, does not mistake them for a person's (reconcile/intent.h).
 * The commit that takes the lock announces the first items, those that renew it the others.
 */

/* The most items that one save announces. */
#define ANNOUNCE_MAX 200

/* The first items of a plan, as files for session_take; *n: how many files. announce_taken: they
 * are saved. */
struct store_file *announce_first(const struct gather *gather, const struct plan *plan,
                                  struct arena *arena, size_t *n);
void announce_taken(const struct plan *plan);

/* Whether the state announces what the job is about to write. If its first action is a look, that
 * is not known yet. */
bool announce_covers(const struct job *job);

/* Announces the jobs, at least one and at most ANNOUNCE_MAX. False if the state cannot be saved
 * (the session says why). */
MUST_USE bool announce_jobs(struct job *const *jobs, size_t n);

/* Takes back what was announced of a job that wrote nothing. */
void announce_retract(const struct job *job);

#endif
