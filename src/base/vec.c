#include "base/vec.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *
vec_room(void *items, size_t len, size_t *cap, size_t size)
{
    if (len < *cap)
        return items;
    if (*cap > SIZE_MAX / 2 / size)
        mem_exhausted(SIZE_MAX);
    *cap = *cap > 0 ? *cap * 2 : 2;
    return mem_resize(items, *cap * size);
}

void
vec_release(void *items)
{
    free(items);
}

void *
small_room(void *items, unsigned len, unsigned *cap, size_t size, struct arena *arena)
{
    void *larger;

    if (len < *cap)
        return items;
    if (*cap > UINT_MAX / 2)
        mem_exhausted(SIZE_MAX);
    *cap = *cap > 0 ? *cap * 2 : 1;
    larger = arena_array(arena, *cap, size);
    if (len > 0)
        memcpy(larger, items, len * size);
    return larger;
}
