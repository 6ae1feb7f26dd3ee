#ifndef APPLY_LOOK_H
#define APPLY_LOOK_H

#include "apply/job.h"

/* Reads what decisions depend on: the content of pages when a job's turn comes, and anything whose
 * last read is too old. Private to the room, except for look_before. */

/* Reads the content and decides again. */
MUST_USE bool look_at_content(struct job *job, struct err *err);

/* The same outside of jobs, for a dry run, in two steps. The first reads the issues of items that
 * are undecided because their texts are missing, into issues[n]; NULL for the others. */
MUST_USE bool look_at_issues(struct gather *gather, const struct item *const *items, size_t n,
                             struct arena *arena, struct issue **issues, struct err *err);
/* Reads the page's content if it is wanted, and puts the item as it would be performed into
 * *decided. issue: as look_at_issues read it. */
MUST_USE bool look_ahead(struct gather *gather, const struct item *item, const struct issue *issue,
                         struct arena *arena, const struct item **decided, struct err *err);

/* Before a job begins: reads its page and that page's content again if they are too old or came
 * from a query (which may lag), and decides again. */
MUST_USE bool job_refresh(struct job *job, struct err *err);

/* Whether the content's last read is too old to overwrite the content. */
bool content_is_stale(const struct content *content);
/* A copy of the page with its content as it is now. */
MUST_USE bool read_content(struct gather *gather, const struct page *page, struct arena *arena,
                           struct page **read, struct err *err);

/* Reads the texts that the plan's first items ask for, and decides these items completely, so that
 * their writes are known when the lock is taken. A text that cannot be read now is read when its
 * job's turn comes. Takes at most that long (ms), half of it for reading. */
#define LOOK_BEFORE_MAX 64
void look_before(struct gather *gather, struct plan *plan, int64_t most);

#endif
