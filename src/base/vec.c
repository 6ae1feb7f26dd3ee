#include "base/vec.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"

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
