#ifndef RECONCILE_FIELDS_H
#define RECONCILE_FIELDS_H

#include "base/arena.h"
#include "reconcile/plan.h"
#include "reconcile/rules.h"

/* The field rows (F1 to F8) of docs/decision-table.md. */

/* Decides every field of an item whose both sides are known (E2, E4, linked). Adds notes about what
 * cannot be expressed. */
void fields_decide(struct item *item, const struct rules *rules, struct arena *arena);

/* Decides the columns that only show GitHub's side. */
void fields_show(struct item *item, const struct rules *rules, struct arena *arena);

/* What a new page is made with from the issue (E3), and a new issue from the page (E1). */
void fields_for_page(struct item *item, const struct rules *rules, struct arena *arena);
void fields_for_issue(struct item *item, const struct rules *rules, struct arena *arena);

/* Whether the item's plan writes any field to the side; of Notion's the properties alone. */
bool fields_write(const struct item *item, enum side side);

/* Whether the field is now carried by a different property than the one that the base comes from.
 * Then nobody changed what differs from the base there. */
bool field_moved(const struct record *record, enum field field, const struct rules *rules);

/* E2: whether the issue still holds of the field what this action made it with, so that the page's
 * value is the only one that a person may have chosen since. */
bool field_is_as_made(const struct item *item, enum field field, const struct rules *rules);

/* Whose value on_conflict lets win. */
enum side fields_winner(const struct item *item, const struct rules *rules);

#endif
