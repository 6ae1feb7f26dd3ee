#ifndef APPLY_PAGE_H
#define APPLY_PAGE_H

#include "apply/job.h"

/* Writes a job's page: an existing one, or a new one. After a lost answer to a create, looks for
 * the page before sending it again. Notion's answer becomes job->outcome.page. Private to the room.
 */

MUST_USE bool create_page(struct job *job, struct err *err);

/* Writes the planned values, GitHub ID, and the columns that show GitHub's current side. Postpones
 * the job if its page waited long for its turn and has changed since the decision. */
MUST_USE bool write_page(struct job *job, struct err *err);
/* Writes the columns that show GitHub's side if they have changed since. */
MUST_USE bool show_page(struct job *job, struct err *err);
MUST_USE bool clear_number(struct job *job, struct err *err);
/* Writes the content that the item wants. */
MUST_USE bool write_content(struct job *job, struct err *err);
MUST_USE bool trash_page(struct job *job, struct err *err);

#endif
