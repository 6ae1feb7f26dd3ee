#ifndef APPLY_PAGE_H
#define APPLY_PAGE_H

#include "apply/job.h"

/* Writing to an existing page: the actions of that kind, performed for a job. What Notion answered
 * becomes job->outcome.page. Private to the room. */

/* Writes the planned values, GitHub ID, and the columns that show GitHub's side as it is by now.
 * Postpones the job if its page waited long for its turn and is not as it was when it was decided
 * on. */
MUST_USE bool
write_page(struct apply *apply, struct job *job, struct arena *arena, struct err *err);
/* Writes what Notion refused together (err says why), part by part; number: with GitHub ID; made:
 * the page was just made. */
MUST_USE bool page_in_parts(struct apply *apply, struct job *job, const struct values *values,
                            bool number, bool made, struct arena *arena, struct err *err);
/* Writes what has changed since in the columns that show GitHub's side. */
MUST_USE bool show_page(struct apply *apply, struct job *job, struct arena *arena, struct err *err);
MUST_USE bool
clear_number(struct apply *apply, struct job *job, struct arena *arena, struct err *err);
MUST_USE bool trash_page(struct apply *apply, struct job *job, struct err *err);

#endif
