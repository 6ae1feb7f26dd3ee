#ifndef RECONCILE_PULL_H
#define RECONCILE_PULL_H

#include "reconcile/plan.h"
#include "reconcile/rules.h"

/* What becomes of a pull request whose page is set to another status. Private to the room. */

/* Whether a page set to a closed status asks for a merge, now or as soon as GitHub can. */
bool pull_merges(const struct rules *rules);

/* Removes from the status's plan what GitHub, pull_request_done or an earlier refusal do not
 * allow. */
void pull_decide(struct item *item, const struct rules *rules, struct arena *arena);

/* Why a pull request is not merged, or armed (arms), regardless of what GitHub would allow; NULL:
 * nothing prevents it. Lives in the arena. */
const char *pull_obstacle(const struct pull *pull, const struct merge_facts *facts, bool arms,
                          struct arena *arena);

/* Whether the page was open when the pull request was read: a query may still show a row as it was
 * before somebody set it to done. */
bool pull_page_is_open(const struct item *item, const struct rules *rules);

/* Whether the record lacks the head or base branch that is seen while the page is open. If that is
 * not proved, the page must be read. */
bool pull_is_news(const struct item *item, const struct rules *rules);

/* Whether GitHub still waits for a merge that we asked for and that nobody wants any more: the page
 * was opened again since, or did not consent to this head. */
bool pull_is_armed_in_vain(const struct item *item, const struct rules *rules);

#endif
