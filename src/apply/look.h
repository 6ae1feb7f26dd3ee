#ifndef APPLY_LOOK_H
#define APPLY_LOOK_H

#include "apply/job.h"

/* Reading what decisions rest on: the content of pages when a job's turn comes, and what was read
 * too long ago. Private to the room, but for look_before. */

/* Reads the content and decides again. */
MUST_USE bool look_at_content(struct job *job, struct err *err);

/* The same outside of jobs, for a dry run, in two steps. Reads the issues of those items that are
 * undecided without their texts, into issues[n]; NULL for the others. */
MUST_USE bool look_at_issues(struct gather *gather, struct item *const *items, size_t n,
                             struct arena *arena, struct issue **issues, struct err *err);
/* Reads the page's content if it is wanted: the item as it would be performed, in *decided. issue:
 * as read by look_at_issues. */
MUST_USE bool look_ahead(struct gather *gather, const struct item *item, const struct issue *issue,
                         struct arena *arena, const struct item **decided, struct err *err);

/* Before a job begins: reads its page and that page's content again if they are too old, or came
 * from a query (which may lag), and decides again. */
MUST_USE bool job_refresh(struct job *job, struct err *err);

/* Whether content was read too long ago to be written over. */
bool content_is_stale(const struct content *content);
/* A copy of the page with its content as it is now. */
MUST_USE bool read_content(struct gather *gather, const struct page *page, struct arena *arena,
                           struct page **read, struct err *err);

/* Reads the texts that the plan's first items ask for, and decides those items to the end, so that
 * what they write is known when the lock is taken. What cannot be read now is read when its turn
 * comes. Takes at most that long (ms), half of it for reading. */
#define LOOK_BEFORE_MAX 64
void look_before(struct gather *gather, struct plan *plan, int64_t most);

#endif
