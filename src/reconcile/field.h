#ifndef RECONCILE_FIELD_H
#define RECONCILE_FIELD_H

#include "reconcile/item.h"
#include "reconcile/translate.h"

/* One field of a pair: the rows F1 to F9 of docs/decision-table.md. Private to the room. */

/* The facts behind a decision about one field. */
struct field_view {
    enum field field;
    const struct value *now[SIDE_COUNT], *base[SIDE_COUNT]; /* only the parts that take part */
    const struct value *whole[SIDE_COUNT];                  /* as read */
    const struct item *item;
    const struct rules *rules;
    struct arena *arena;
    struct terms terms;
};

/* Decides, and adds notes about what cannot be expressed. */
void field_decide(const struct field_view *see, struct item *item, struct field_plan *plan);

/* Why GitHub's value names none for the column, for people. NULL: it does. */
const char *field_unclear(const struct rules *rules, enum field field, const struct value *github,
                          struct arena *arena);

/* E2: whether the issue still holds the value that this action gave the field. Then only the page's
 * value can be a person's choice since. */
bool field_is_as_made(const struct item *item, enum field field);

#endif
