#ifndef APPLY_QUEUES_H
#define APPLY_QUEUES_H

#include "apply/job.h"

/*
 * The queues of jobs: one queue for GitHub with one worker, since its writes run one at a time, and
 * one queue for Notion with several. A job waits in the queue of its next action.
 */

/* Runs all jobs to their end, or until the pass must stop. Returns why it stopped (ERR_NONE: it did
 * not). */
struct err queues_run(struct gather *gather, struct session *session, struct job *jobs, size_t n);

#endif
