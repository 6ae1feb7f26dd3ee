#ifndef MODEL_VALUE_H
#define MODEL_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/*
 * The value of one field on one side. Absent (the side has no such thing, or it was not read),
 * empty and filled are kept apart: VALUE_ABSENT takes part in nothing, an empty text or set is a
 * value.
 */
enum value_kind { VALUE_ABSENT, VALUE_TEXT, VALUE_SET };

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

/* A deep copy in the arena. */
struct value value_copy(struct arena *arena, const struct value *value);

/* Empty text, empty set, or absent. */
bool value_is_empty(const struct value *value);

/* Equality on one side: texts byte by byte, sets without regard to order and case (neither service
 * has two labels or options that differ in case only). */
bool value_equal(const struct value *a, const struct value *b);

/* Whether a set holds the item, without regard to case. */
bool value_has(const struct value *set, const char *item);

/* "a, b" or the text, for people. */
char *value_display(struct arena *arena, const struct value *value);

#endif
