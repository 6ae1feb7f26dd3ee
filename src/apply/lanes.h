#ifndef APPLY_LANES_H
#define APPLY_LANES_H

#include "apply/job.h"

/*
 * The queues of jobs: one lane for GitHub with one worker, since its writes run one at a time, and
 * one lane for Notion with several. A job waits in the lane of its next action.
 */

/* Runs all jobs to their end, or until the pass must stop. Returns why it stopped (ERR_NONE: it did
 * not). */
struct err lanes_run(struct gather *gather, struct session *session, struct job *jobs, size_t n);

#endif
