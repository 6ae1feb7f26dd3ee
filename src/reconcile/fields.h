#ifndef RECONCILE_FIELDS_H
#define RECONCILE_FIELDS_H

#include "base/arena.h"
#include "reconcile/plan.h"
#include "reconcile/rules.h"

/* All fields of an item. */

/* Decides every field of an item if both sides are known (E2, E4, linked). Adds notes about what
 * cannot be expressed. */
void fields_decide(struct item *item, struct arena *arena);

/* Decides the columns that only show GitHub's side. */
void fields_show(struct item *item, struct arena *arena);

/* The initial values of a new page, from the issue (E3), and of a new issue, from the page (E1). */
void fields_for_page(struct item *item, struct arena *arena);
void fields_for_issue(struct item *item, struct arena *arena);

/* Whether the item's plan writes any field to the side. In Notion, only properties count. */
bool fields_write(const struct item *item, enum side side);

#endif
