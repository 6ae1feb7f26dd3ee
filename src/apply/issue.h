#ifndef APPLY_ISSUE_H
#define APPLY_ISSUE_H

#include "apply/job.h"

/* Writing a job's issue: one that exists, or a new one. A create whose answer was lost is sent
 * again only after a look for what it made. Private to the room. */
MUST_USE bool write_issue(struct job *job, struct err *err);
MUST_USE bool create_issue(struct job *job, struct err *err);

#endif
