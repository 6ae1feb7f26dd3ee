#ifndef RECONCILE_FIELDS_H
#define RECONCILE_FIELDS_H

#include "base/arena.h"
#include "reconcile/plan.h"
#include "reconcile/rules.h"

/* The field rows (F1 to F8) of docs/decision-table.md. */

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

/* Whether a different property now carries the field than the one behind the base. Then nobody
 * changed what differs from the base there. */
bool field_moved(const struct record *record, enum field field, const struct rules *rules);

/* E2: whether the issue still holds the value that this action gave the field. Then only the page's
 * value can be a person's choice since. */
bool field_is_as_made(const struct item *item, enum field field);

/* The side that wins under on_conflict. */
enum side fields_winner(const struct item *item);

#endif
