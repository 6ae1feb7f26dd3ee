#ifndef RECONCILE_FIELDS_P_H
#define RECONCILE_FIELDS_P_H

#include "reconcile/fields.h"
#include "reconcile/translate.h"

/* What fields.c, which decides, and fields_set.c, which knows sets, share. */

/* What a decision about one field rests on. */
struct field_view {
    enum field field;
    const struct value *now[SIDE_COUNT], *base[SIDE_COUNT]; /* as far as they take part */
    const struct value *whole[SIDE_COUNT];                  /* as read */
    const struct item *item;
    const struct rules *rules;
    struct arena *arena;
    struct terms terms;
};

/* Whether the field's changes go to that side. */
bool field_goes(const struct field_view *see, enum side to);

/* F7: the side that on_conflict names wins, or the one from which the field goes. Returns false if
 * its value cannot be expressed on the other. */
bool field_conflict(const struct field_view *see, struct field_plan *plan);

/* Whether the base holds labels that label_ignore covers (by now). Then the base must be remembered
 * again without them, or removing one in the meantime would later look like a wish. */
bool set_is_outdated(const struct field_view *see);

/* The elements that take part become what the other side says; the others stay. */
void set_copy(const struct field_view *see, enum side to, struct field_plan *plan);

/* F2, F3, F5, F8 of sets: each side's change is applied to the other, element by element, as far as
 * the field goes there. Without a base, every element counts as added. Returns what field_conflict
 * does. */
bool set_merge(const struct field_view *see, enum field_row row, struct field_plan *plan);

#endif
