#ifndef APPLY_CREATE_H
#define APPLY_CREATE_H

#include "apply/job.h"

/* Creating on either side. A create whose answer was lost is sent again only after a look for what
 * it made. Private to the room. */

/* How often a create is sent, and how long to wait before each look (ms). */
#define CREATE_TRIES 3
#define LOOK_AFTER   ((int64_t)3 * 1000)

MUST_USE bool
create_issue(struct apply *apply, struct job *job, struct arena *arena, struct err *err);
MUST_USE bool
create_page(struct apply *apply, struct job *job, struct arena *arena, struct err *err);

/* Waits; ERR_STOPPED if that is interrupted. */
MUST_USE bool pause_for(int64_t milliseconds, struct err *err);

/* Finds the number of the milestone that an issue is to have, and makes one that GitHub lacks.
 * ERR_REFUSED: GitHub refuses to make it. */
MUST_USE bool change_milestone(struct apply *apply, struct issue_change *change, struct err *err);

/* GitHub silently leaves out what it does not accept: notes on the item what its answer lacks. */
void tell_not_taken(struct item *item, const struct issue_change *change,
                    const struct issue *answer, struct arena *arena);

/* What is to be written to a side of the wanted fields. */
struct values planned_values(const struct item *item, enum side side, struct field_set wanted,
                             struct arena *arena);

#endif
