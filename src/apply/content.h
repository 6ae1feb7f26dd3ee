#ifndef APPLY_CONTENT_H
#define APPLY_CONTENT_H

#include "apply/job.h"

/* The content of pages: read when a job's turn comes, since decisions about it must rest on what is
 * there, and written. Private to the room. */

/* Reads the content and decides again. */
MUST_USE bool
look_at_content(struct apply *apply, struct job *job, struct arena *arena, struct err *err);

/* The same outside of a job, for a dry run: the item as it would be performed, in *decided. */
MUST_USE bool look_ahead(struct gather *gather, const struct item *item, struct arena *arena,
                         struct item **decided, struct err *err);

/* Before a job begins: reads content again that was read too long ago. *page is replaced where that
 * was done. */
MUST_USE bool refresh_content(struct apply *apply, const struct item *item, struct arena *arena,
                              const struct page **page, struct err *err);

MUST_USE bool
write_content(struct apply *apply, struct job *job, struct arena *arena, struct err *err);

#endif
