#ifndef RECONCILE_PULL_H
#define RECONCILE_PULL_H

#include "reconcile/plan.h"
#include "reconcile/rules.h"

/* What becomes of a pull request whose page is set to another status. Private to the room. */

/* Whether a page set to a closed status asks for a merge, now or as soon as GitHub can. */
bool pull_merges(const struct rules *rules);

/* Takes back of the status' plan what GitHub, pull_request_done or an earlier refusal do not
 * allow. */
void pull_decide(struct item *item, const struct rules *rules, struct arena *arena);

/* Whether GitHub still waits for a merge that was asked for by us, and the page was opened again
 * since. */
bool pull_is_armed_in_vain(const struct item *item, const struct rules *rules);

#endif
