#ifndef APPLY_APPLY_H
#define APPLY_APPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "apply/result.h"
#include "apply/session.h"
#include "gather/gather.h"

/*
 * Performing a plan. Each item's actions go in order; items go side by side: Notion's writes
 * several at a time, GitHub's one after the other, each side in its own lane, so that neither waits
 * for the other.
 */

/* Performs the plan under the session and returns one result for each item (those of dry runs are
 * made by apply_pretend). Strings of the results live in the gather's arenas. Never fails as a
 * whole: what could not be done is in the results; *stopped says why it ended early (ERR_NONE: it
 * did not). */
void apply_plan(struct gather *gather, struct session *session, const struct plan *plan,
                struct result_list *results, struct err *stopped);

/* The results of a dry run: everything is planned, nothing is done. */
void apply_pretend(struct gather *gather, const struct plan *plan, struct result_list *results);

/* Whether nothing of the plan can be done now, since GitHub's hourly limit is reached: then the
 * results say that everything remains. */
MUST_USE bool
apply_must_wait(struct gather *gather, const struct plan *plan, struct result_list *results);

/* The results of a plan that writes nothing. */
void apply_nothing(struct gather *gather, const struct plan *plan, struct result_list *results);

#endif
