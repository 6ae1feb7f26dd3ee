#ifndef MODEL_FIELD_SET_H
#define MODEL_FIELD_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/field.h"

/* A set of fields. A plain value: copy it, compare it with field_set_equal. */
struct field_set {
    uint64_t words[FIELD_ROOM / 64];
};

/* A constant set of built-in fields: FIELD_SET(FIELD_BIT(FIELD_URL) | FIELD_BIT(FIELD_TYPE)). */
#define FIELD_BIT(field) (UINT64_C(1) << (field))
#define FIELD_SET(bits)  ((struct field_set){{(bits)}})
#define FIELDS_ALL       ((struct field_set){{UINT64_MAX, UINT64_MAX}})

static inline bool
field_set_has(struct field_set set, enum field field)
{
    return (set.words[field / 64] >> field % 64 & 1) != 0;
}

static inline void
field_set_add(struct field_set *set, enum field field)
{
    set->words[field / 64] |= UINT64_C(1) << field % 64;
}

static inline void
field_set_remove(struct field_set *set, enum field field)
{
    set->words[field / 64] &= ~(UINT64_C(1) << field % 64);
}

static inline struct field_set
field_set_of(enum field field)
{
    struct field_set set = {0};

    field_set_add(&set, field);
    return set;
}

/* The union, the intersection, and the first without the second. */
static inline struct field_set
field_set_or(struct field_set a, struct field_set b)
{
    for (size_t i = 0; i < FIELD_ROOM / 64; i++)
        a.words[i] |= b.words[i];
    return a;
}

static inline struct field_set
field_set_and(struct field_set a, struct field_set b)
{
    for (size_t i = 0; i < FIELD_ROOM / 64; i++)
        a.words[i] &= b.words[i];
    return a;
}

static inline struct field_set
field_set_minus(struct field_set a, struct field_set b)
{
    for (size_t i = 0; i < FIELD_ROOM / 64; i++)
        a.words[i] &= ~b.words[i];
    return a;
}

static inline size_t
field_set_len(struct field_set set)
{
    size_t len = 0;

    for (size_t i = 0; i < FIELD_ROOM / 64; i++)
        len += (size_t)__builtin_popcountll(set.words[i]);
    return len;
}

/* How many fields of the set come before this one. */
static inline size_t
field_set_rank(struct field_set set, enum field field)
{
    size_t rank = 0;

    for (size_t i = 0; i < field / 64; i++)
        rank += (size_t)__builtin_popcountll(set.words[i]);
    return rank +
           (size_t)__builtin_popcountll(set.words[field / 64] & ((UINT64_C(1) << field % 64) - 1));
}

static inline bool
field_set_is_empty(struct field_set set)
{
    return field_set_len(set) == 0;
}

static inline bool
field_set_equal(struct field_set a, struct field_set b)
{
    return field_set_is_empty(field_set_minus(a, b)) && field_set_is_empty(field_set_minus(b, a));
}

/* The first field of the set from `from` on. FIELD_ROOM: none. */
static inline enum field
field_set_next(struct field_set set, unsigned from)
{
    for (; from < FIELD_ROOM; from++)
        if (set.words[from / 64] >> from % 64 == 0)
            from |= 63;
        else if ((set.words[from / 64] >> from % 64 & 1) != 0)
            return (enum field)from;
    return (enum field)FIELD_ROOM;
}

/* Loops over a set's fields, in the order of the fields. */
/* f is declared here. NOLINTBEGIN(bugprone-macro-parentheses) */
#define FIELD_EACH(f, set)                                                    \
    for (enum field f = field_set_next((set), 0); (unsigned)(f) < FIELD_ROOM; \
         f = field_set_next((set), (unsigned)(f) + 1))
/* NOLINTEND(bugprone-macro-parentheses) */

#endif
