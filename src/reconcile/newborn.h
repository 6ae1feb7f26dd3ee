#ifndef RECONCILE_NEWBORN_H
#define RECONCILE_NEWBORN_H

#include "reconcile/plan.h"
#include "reconcile/rules.h"

/*
 * The values that an issue gets besides those of its page: new_issue_labels, and new_issue_type if
 * the page names no type (row E1). The page shows them as if somebody had set them on GitHub.
 */

/* Adds these values to the plan of fields_for_issue. */
void newborn_give(struct item *item, struct arena *arena);

/* After the issue is made and before the page is written: the item whose page shows what GitHub
 * accepted of these values, according to the issue in GitHub's answer. */
const struct item *
newborn_take(const struct item *item, const struct issue *answer, struct arena *arena);

#endif
