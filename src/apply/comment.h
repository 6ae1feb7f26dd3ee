#ifndef APPLY_COMMENT_H
#define APPLY_COMMENT_H

#include "apply/job.h"

/* The action's comments about a job, on GitHub or on the page. Private to the room. */

/* Posts a comment on GitHub, unless its reason is gone. A conversation that accepts no comment gets
 * a note and is not a failure. A conflict's losing value is kept before anything overwrites it: on
 * GitHub, or else on the page. */
MUST_USE bool comment_post(struct job *job, enum comment_kind kind, struct err *err);

/* Keeps on the page the losing values that must not appear on GitHub. If the page accepts no
 * comment, the fields wait and nothing is overwritten. */
MUST_USE bool comment_quote(struct job *job, struct err *err);

#endif
