#ifndef RECONCILE_NEWBORN_H
#define RECONCILE_NEWBORN_H

#include "reconcile/plan.h"
#include "reconcile/rules.h"

/*
 * What an issue is given besides what its page says: new_issue_labels, and new_issue_type if the
 * page names no type (row E1). The page shows it as if somebody had set it on GitHub.
 */

/* Adds it to what fields_for_issue planned. */
void newborn_give(struct item *item, const struct rules *rules, struct arena *arena);

/* After the issue was made, before the page is written: it shows what GitHub accepted of it,
 * according to the issue in GitHub's answer. */
void newborn_take(struct item *item, const struct issue *answer, struct arena *arena);

#endif
