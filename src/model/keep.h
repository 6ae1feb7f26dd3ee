#ifndef MODEL_KEEP_H
#define MODEL_KEEP_H

#include "base/arena.h"
#include "model/snapshot.h"

/*
 * Copies of snapshots in little room, for the many that a full pass holds at once: without their
 * absent fields, and with texts shared that are equal, as most are on both sides. They live as long
 * as the arena, whatever becomes of the original.
 */
struct kept_issue;
struct kept_page;
struct kept_record;

const struct kept_issue *keep_issue(struct arena *arena, const struct issue *issue);
const struct kept_page *keep_page(struct arena *arena, const struct page *page);
const struct kept_record *keep_record(struct arena *arena, const struct record *record);

/* The snapshot again; its texts are those of the copy. */
struct issue kept_issue(const struct kept_issue *kept);
struct page kept_page(const struct kept_page *kept);
struct record kept_record(const struct kept_record *kept);

/* The same, made in the arena; NULL for NULL. */
struct issue *kept_issue_in(struct arena *arena, const struct kept_issue *kept);
struct page *kept_page_in(struct arena *arena, const struct kept_page *kept);
struct record *kept_record_in(struct arena *arena, const struct kept_record *kept);

#endif
