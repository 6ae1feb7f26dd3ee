#ifndef MODEL_VALUE_H
#define MODEL_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "model/field_set.h"

/*
 * The value of one field on one side. Absent, empty and filled are different. VALUE_ABSENT (the
 * side has no such thing, or nobody read it) takes part in nothing. An empty text or set is a
 * value.
 */
enum value_kind { VALUE_ABSENT, VALUE_TEXT, VALUE_SET };

/* Separates the first and the last day of a range, in the text of a column that shows days. */
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
 * has two labels or options that differ only in case). */
bool value_equal(const struct value *a, const struct value *b);

/* Whether a set holds the item, without regard to case. */
bool value_has(const struct value *set, const char *item);

/* The items of a set that another one lacks, in the arena. Not a set: none. */
struct value value_minus(const struct value *set, const struct value *other, struct arena *arena);

/* "a, b" or the text, for people. */
char *value_display(struct arena *arena, const struct value *value);

/*
 * All values of one thing, by field. It stores only existing ones, so a page takes only the memory
 * that it needs. Copy the struct freely: cells and values never change, and values_put makes new
 * ones.
 */
struct values {
    struct field_set has;
    const struct value *const *cells; /* one a field, in the order of the fields */
};

/* The value of a field; VALUE_ABSENT if there is none. */
const struct value *value_of(const struct values *values, enum field field);

/* Its text, or NULL. */
const char *value_text_of(const struct values *values, enum field field);

/* Puts a value in its place, or removes it if it is VALUE_ABSENT. Borrows the value's text. */
void values_put(struct values *values, enum field field, struct value value, struct arena *arena);

/* Whether both have equal values of the same fields. */
bool values_equal(const struct values *a, const struct values *b);

/* Like values_put for all fields of a set, from the values of another thing. Fields that the other
 * thing lacks stay as they are. */
void values_take(struct values *values, const struct values *from, struct field_set fields,
                 struct arena *arena);

/* The values of some fields alone. */
struct values
values_only(const struct values *values, struct field_set fields, struct arena *arena);

/* Makes values from an array with one place for each of n fields. */
struct values values_pack(const struct value *all, size_t n, struct arena *arena);

/* Copies that live as long as the arena. Byte-identical values are kept once, in the arena's table.
 * NULL for NULL. */
const char *text_intern(const char *text, struct arena *arena);
const struct value *value_intern(const struct value *value, struct arena *arena);
struct values values_intern(const struct values *values, struct arena *arena);

#endif
