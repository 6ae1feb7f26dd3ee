#ifndef APPLY_CONTENT_H
#define APPLY_CONTENT_H

#include "apply/job.h"

/* The content of pages: read when a job's turn comes, since decisions about it must rest on what is
 * there, and written. Private to the room. */

/* The rules to decide by at this point: once Notion has refused the dialect, a copy in the arena
 * that leaves texts to a later pass. The shared rules never change while workers read them. */
const struct rules *content_rules(const struct gather *gather, struct arena *arena);

/* Reads the content and decides again. */
MUST_USE bool
look_at_content(struct apply *apply, struct job *job, struct arena *arena, struct err *err);

/* The same outside of jobs, for a dry run, in two steps. Reads the issues of those items that are
 * undecided without their texts, into issues[n]; NULL for the others. */
MUST_USE bool look_at_issues(struct gather *gather, struct item *const *items, size_t n,
                             struct arena *arena, struct issue **issues, struct err *err);
/* Reads the page's content if it is wanted: the item as it would be performed, in *decided. issue:
 * as read by look_at_issues. */
MUST_USE bool look_ahead(struct gather *gather, const struct item *item, const struct issue *issue,
                         struct arena *arena, const struct item **decided, struct err *err);

/* Before a job begins: reads content again that was read too long ago. *page is replaced if that
 * was done. */
MUST_USE bool refresh_content(struct apply *apply, struct arena *arena, const struct page **page,
                              struct err *err);

MUST_USE bool
write_content(struct apply *apply, struct job *job, struct arena *arena, struct err *err);

/* Reads the texts that the plan's first items ask for, and decides those items to the end, so that
 * what they write is known when the lock is taken. What cannot be read now is read when its turn
 * comes. Takes at most that long (ms), half of it for reading. */
#define LOOK_BEFORE_MAX 64
void look_before(struct gather *gather, struct plan *plan, int64_t most);

#endif
