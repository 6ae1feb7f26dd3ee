#ifndef MODEL_VALUE_H
#define MODEL_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "model/field_set.h"

/*
 * The value of one field on one side. Absent (the side has no such thing, or it was not read),
 * empty and filled are kept apart: VALUE_ABSENT takes part in nothing, an empty text or set is a
 * value.
 */
enum value_kind { VALUE_ABSENT, VALUE_TEXT, VALUE_SET };

/* Between the first and the last day of a range, in the text of a column that shows days. */
#define VALUE_RANGE " to "

struct value {
    union {
        const char *text;         /* VALUE_TEXT: never NULL, "" is empty */
        const char *const *items; /* VALUE_SET: in the order in which the side gave them */
    };
    unsigned len; /* VALUE_SET: how many items */
    enum value_kind kind;
};

/* Values that borrow text and items. */
struct value value_text(const char *text);
struct value value_set(const char *const *items, size_t len);
/* The text, VALUE_ABSENT for NULL. */
struct value value_maybe(const char *text);

/* A deep copy in the arena. */
struct value value_copy(struct arena *arena, const struct value *value);

/* Empty text, empty set, or absent. */
bool value_is_empty(const struct value *value);

/* Equality on one side: texts byte by byte, sets without regard to order and case (neither service
 * has two labels or options that differ in case only). */
bool value_equal(const struct value *a, const struct value *b);

/* Whether a set holds the item, without regard to case. */
bool value_has(const struct value *set, const char *item);

/* The items of a set that another one lacks, in the arena; of no set there are none. */
struct value value_minus(const struct value *set, const struct value *other, struct arena *arena);

/* "a, b" or the text, for people. */
char *value_display(struct arena *arena, const struct value *value);

/*
 * The values that one thing has, by field: as many as there are, so the memory for a page depends
 * on what it holds. Copy the struct freely: cells and values never change, values_put makes new
 * ones.
 */
struct values {
    struct field_set has;
    const struct value *const *cells; /* one a field, in the order of the fields */
};

/* The value of a field; VALUE_ABSENT if there is none. */
const struct value *value_of(const struct values *values, enum field field);

/* Its text; NULL: it has none. */
const char *value_text_of(const struct values *values, enum field field);

/* Puts a value in its place, or takes it away if it is VALUE_ABSENT. Borrows the value's text. */
void values_put(struct values *values, enum field field, struct value value, struct arena *arena);

/* Whether both have equal values of the same fields. */
bool values_equal(const struct values *a, const struct values *b);

/* The same as values_put for the fields of a set, from the values of another thing; what that one
 * lacks stays as it is. */
void values_take(struct values *values, const struct values *from, struct field_set fields,
                 struct arena *arena);

/* The values of some fields alone. */
struct values
values_only(const struct values *values, struct field_set fields, struct arena *arena);

/* Out of an array with a place for each of n fields. */
struct values values_pack(const struct value *all, size_t n, struct arena *arena);

/* Copies that live as long as the arena. Values that are equal to the byte are kept once, in its
 * table. NULL for NULL. */
const char *text_keep(const char *text, struct arena *arena);
const struct value *value_keep(const struct value *value, struct arena *arena);
struct values values_keep(const struct values *values, struct arena *arena);

#endif
