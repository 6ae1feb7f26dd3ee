#ifndef APPLY_ISSUE_H
#define APPLY_ISSUE_H

#include "apply/job.h"

/* Writes a job's issue: an existing one, or a new one. After a lost answer to a create, looks for
 * the issue before sending it again. Private to the room. */
MUST_USE bool write_issue(struct job *job, struct err *err);
MUST_USE bool create_issue(struct job *job, struct err *err);

#endif
