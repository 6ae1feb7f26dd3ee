#ifndef APPLY_COMMENT_H
#define APPLY_COMMENT_H

#include "apply/job.h"

/* What the action says about a job, on GitHub or on the page. Private to the room. */

/* Posts a comment on GitHub, unless there is no reason for it any more. A conversation that accepts
 * none is noted and no failure. What loses a conflict is kept before anything is written over it:
 * if not there, then on the page. */
MUST_USE bool comment_post(struct job *job, enum comment_kind kind, struct err *err);

/* Keeps what lost and must not appear on GitHub on the page. The fields wait if that accepts no
 * comment: nothing is overwritten. */
MUST_USE bool comment_quote(struct job *job, struct err *err);

#endif
