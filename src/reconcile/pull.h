#ifndef RECONCILE_PULL_H
#define RECONCILE_PULL_H

#include "reconcile/plan.h"
#include "reconcile/rules.h"

/* What happens to a pull request whose page gets another status. Private to the room. */

/* Whether a page set to a closed status asks for a merge, now or as soon as GitHub can. */
bool pull_merges(const struct rules *rules);

/* Removes from the status's plan whatever GitHub, pull_request_done or an earlier refusal does not
 * allow. */
void pull_decide(struct item *item, struct arena *arena);

/* Why a pull request is not merged, or not armed (arms), whatever GitHub would allow. NULL: nothing
 * prevents it. Lives in the arena. */
const char *pull_obstacle(const struct pull *pull, const struct merge_facts *facts, bool arms,
                          struct arena *arena);

/* Whether the page was open when we read the pull request. A query may still show a row as it was
 * before somebody set it to done. */
bool pull_page_is_open(const struct item *item);

/* Whether the record lacks the head or base branch that this pass sees while the page is open. If
 * the page is not proved to be open, read it first. */
bool pull_is_news(const struct item *item);

/* Whether GitHub still waits for a merge that we requested and nobody wants any more: somebody
 * opened the page again, or the page did not consent to this head. */
bool pull_is_armed_in_vain(const struct item *item);

#endif
