#ifndef RECONCILE_CONVERSATION_H
#define RECONCILE_CONVERSATION_H

#include "base/arena.h"
#include "base/vec.h"
#include "model/conversation.h"

/*
 * Which comments are carried over, and how the copies look: the rows C1 to C9 of
 * docs/decision-table.md. Pure.
 */

/* One comment to be posted, or written again, on the other side. */
struct say {
    enum side to;
    const struct remark *remark;
    size_t entry; /* in the plan's carried */
};

struct talk_plan {
    struct carried *carried; /* as remembered, plus an entry for each new comment */
    size_t n_carried;
    struct say *says; /* in the order in which they were said */
    size_t n_says;
    bool wants[SIDE_COUNT]; /* read the side's comments before deciding more */
};

/* Decides. Everything lives in the arena or in the talk. */
struct talk_plan conversation_plan(const struct talk *talk, struct arena *arena);

/* The own copy of a part of a comment among those that a side shows. Of two, the older. NULL if
 * there is none. */
const struct remark *
conversation_copy(const struct talk *talk, enum side side, const char *id, int part);

/* How many comments would be posted on a side, and how many written again there. */
size_t talk_plan_posts(const struct talk_plan *plan, enum side to);
size_t talk_plan_edits(const struct talk_plan *plan, enum side to);

/*
 * A comment in the other side's form: the author, a link to the original, then the text. It has at
 * least one part, and as many as that side's limits require. Notion: 100 texts of 2,000 UTF-16
 * units (developers.notion.com/reference/request-limits). GitHub: 65,536 characters, including
 * markers.
 */
struct runs *
conversation_parts(const struct talk *talk, const struct say *say, struct arena *arena, size_t *n);

#endif
