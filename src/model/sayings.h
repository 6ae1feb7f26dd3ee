#ifndef MODEL_SAYINGS_H
#define MODEL_SAYINGS_H

#include <stddef.h>

/* A pass's messages about the whole, besides those about records. */
struct sayings {
    const char *const *items;
    size_t n;
};

struct arena;

/* Both lists as one, in the arena. */
struct sayings sayings_join(struct arena *arena, struct sayings a, struct sayings b);

#endif
