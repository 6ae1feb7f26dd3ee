#ifndef APPLY_PAGE_H
#define APPLY_PAGE_H

#include "apply/job.h"

/* Writing a job's page: one that exists, or a new one. A create whose answer was lost is sent again
 * only after a look for what it made. What Notion answered becomes job->outcome.page. Private to
 * the room. */

MUST_USE bool create_page(struct job *job, struct err *err);

/* Writes the planned values, GitHub ID, and the columns that show GitHub's side as it is by now.
 * Postpones the job if its page waited long for its turn and is not as it was when it was decided
 * on. */
MUST_USE bool write_page(struct job *job, struct err *err);
/* Writes what has changed since in the columns that show GitHub's side. */
MUST_USE bool show_page(struct job *job, struct err *err);
MUST_USE bool clear_number(struct job *job, struct err *err);
/* Writes the content that the item wants. */
MUST_USE bool write_content(struct job *job, struct err *err);
MUST_USE bool trash_page(struct job *job, struct err *err);

#endif
