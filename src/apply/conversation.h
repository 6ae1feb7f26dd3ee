#ifndef APPLY_CONVERSATION_H
#define APPLY_CONVERSATION_H

#include "apply/job.h"

/*
 * Carries comments over, after the items: each conversation in order, several in parallel. Private
 * to the room.
 */

/* Performs the conversations of the jobs that were done. If the pass must stop (*stopped says so,
 * before or afterwards), the next pass handles the others. */
void conversations_run(struct job *jobs, size_t n, struct err *stopped);

#endif
