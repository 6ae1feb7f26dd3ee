#ifndef APPLY_ISSUE_H
#define APPLY_ISSUE_H

#include "apply/job.h"

/* Writing to an issue that exists; private to the room. */
MUST_USE bool
write_issue(struct apply *apply, struct job *job, struct arena *arena, struct err *err);

/* Writes what GitHub refused together (err says why), part by part. made: the issue was just made,
 * so that something was done even if all parts are refused. */
MUST_USE bool issue_in_parts(struct apply *apply, struct job *job, const struct values *values,
                             bool made, struct arena *arena, struct err *err);

#endif
