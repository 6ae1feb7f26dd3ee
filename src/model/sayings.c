#include "model/sayings.h"

#include <string.h>

#include "base/arena.h"

struct sayings
sayings_join(struct arena *arena, struct sayings a, struct sayings b)
{
    const char **items = arena_array(arena, a.n + b.n, sizeof(*items));

    for (size_t i = 0; i < a.n + b.n; i++)
        items[i] = i < a.n ? a.items[i] : b.items[i - a.n];
    return (struct sayings){items, a.n + b.n};
}

void
sayings_add(struct sayings *sayings, const char *text, struct arena *arena)
{
    for (size_t i = 0; i < sayings->n; i++)
        if (strcmp(sayings->items[i], text) == 0)
            return;
    *sayings = sayings_join(arena, *sayings, (struct sayings){&text, 1});
}
