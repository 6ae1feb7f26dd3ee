#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

NO_RETURN void
mem_exhausted(size_t size)
{
    fprintf(stderr, "notion-sync: out of memory (%zu bytes wanted)\n", size);
    abort();
}

void *
mem_alloc(size_t size)
{
    void *memory = calloc(1, size > 0 ? size : 1);

    if (memory == NULL)
        mem_exhausted(size);
    return memory;
}

void *
mem_resize(void *memory, size_t size)
{
    void *moved = realloc(memory, size > 0 ? size : 1);

    if (moved == NULL)
        mem_exhausted(size);
    return moved;
}

char *
mem_strdup(const char *text)
{
    return text != NULL ? memcpy(mem_alloc(strlen(text) + 1), text, strlen(text) + 1) : NULL;
}

void
mem_free(void *memory)
{
    free(memory);
}
