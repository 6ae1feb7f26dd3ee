#ifndef TESTS_FIELDS_TEST_H
#define TESTS_FIELDS_TEST_H

#include "base/arena.h"
#include "model/fields.h"
#include "model/snapshot.h"
#include "model/value.h"

/* The built-in fields. */
static inline const struct fields *
all_fields(void)
{
    static struct fields fields;

    if (fields.n == 0)
        fields_init(&fields);
    return &fields;
}

/* Puts a value that may live as long as the program. */
static inline void
put_value(struct values *values, enum field field, struct value value)
{
    static struct arena *arena;

    if (arena == NULL)
        arena = arena_new();
    values_put(values, field, value, arena);
}

/* Makes an issue a pull request with these facts. Copies of the issue keep theirs. */
static inline void
put_pull(struct issue *issue, struct pull pull)
{
    static struct arena *arena;

    if (arena == NULL)
        arena = arena_new();
    issue->is_pull = true;
    issue->pull = arena_memdup(arena, &pull, sizeof(pull));
}

#endif
