#ifndef APPLY_PERFORM_H
#define APPLY_PERFORM_H

#include "apply/job.h"

/* Performs the job's next action. Returns false if the pass must stop. A failure of this record
 * alone is noted in the job. Private to the room. */
MUST_USE bool job_perform(struct job *job, struct err *err);

#endif
