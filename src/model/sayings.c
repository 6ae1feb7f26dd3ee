#include "model/sayings.h"

#include "base/arena.h"

struct sayings
sayings_join(struct arena *arena, struct sayings a, struct sayings b)
{
    const char **items = arena_array(arena, a.n + b.n, sizeof(*items));

    for (size_t i = 0; i < a.n + b.n; i++)
        items[i] = i < a.n ? a.items[i] : b.items[i - a.n];
    return (struct sayings){items, a.n + b.n};
}
