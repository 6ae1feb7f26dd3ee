#include "model/runs.h"

#include <string.h>

#include "base/arena.h"

char *
runs_text(const struct runs *runs, struct arena *arena)
{
    size_t size = 0;
    char *text;
    char *end;

    for (size_t i = 0; i < runs->len; i++)
        size += strlen(runs->items[i].text);
    text = end = arena_alloc(arena, size + 1);
    for (size_t i = 0; i < runs->len; i++)
        end = stpcpy(end, runs->items[i].text);
    return text;
}
