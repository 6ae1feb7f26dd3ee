#ifndef RECONCILE_FIELDS_P_H
#define RECONCILE_FIELDS_P_H

#include "reconcile/fields.h"
#include "reconcile/translate.h"

/* Shared by fields.c, which decides, and fields_set.c, which knows sets. */

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

/* Whether the field's changes go to that side. */
bool field_goes(const struct field_view *see, enum side to);

/* F7: the side that on_conflict names wins, or the only side that the field goes from. Returns
 * false if the other side cannot express its value. */
bool field_conflict(const struct field_view *see, struct field_plan *plan);

/* Whether the base holds labels that label_ignore covers now. Then the base must be saved again
 * without them, or else removing one in the meantime would later look like a wish. */
bool set_is_outdated(const struct field_view *see);

/* The elements that take part become what the other side says. The others stay. */
void set_copy(const struct field_view *see, enum side to, struct field_plan *plan);

/* F2, F3, F5, F8 of sets: applies each side's change to the other, element by element, in the
 * directions of the field. Without a base, every element counts as added. Returns the same as
 * field_conflict. */
bool set_merge(const struct field_view *see, enum field_row row, struct field_plan *plan);

#endif
