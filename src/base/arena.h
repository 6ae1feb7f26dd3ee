#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/table.h"

/*
 * Memory with one lifetime: everything allocated from an arena is freed with it. Running out of
 * memory prints a message and aborts, so no caller checks. An arena serves one thread at a time.
 */
struct arena;

/* Makes an arena; free it with arena_free (NULL is allowed there). */
MUST_USE struct arena *arena_new(void);
void arena_free(struct arena *arena);

/* Returns zeroed memory, aligned for any type of the program (8 bytes), that lives as long as the
 * arena. size 0 is allowed. */
void *arena_alloc(struct arena *arena, size_t size);

/* Zeroed array; an overflow of count * size aborts. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* Copies of a string, of its first length bytes, or of memory. arena_strdup(NULL) is NULL. */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t length);
void *arena_memdup(struct arena *arena, const void *memory, size_t size);

/* Frees what was allocated since the mark was made. Nothing may have been added to the arena's
 * table since. */
struct arena_mark {
    void *chunk, *next;
    size_t used, texts, total;
};
struct arena_mark arena_mark(const struct arena *arena);
void arena_rewind(struct arena *arena, struct arena_mark mark);

/* A table that is freed with the arena, for callers that keep equal things only once
 * (model/value.h). */
struct table *arena_table(struct arena *arena);

/* A formatted string. */
char *arena_printf(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
char *arena_vprintf(struct arena *arena, const char *format, va_list args);

/* "a, b": n texts, of which each but the first is that many bytes after the one before. */
char *arena_list(struct arena *arena, const char *const *first, size_t bytes, size_t n);
/* The same of the names of an array's structs. */
#define ARENA_NAMES(arena, items, n) \
    arena_list((arena), (n) > 0 ? &(items)->name : NULL, sizeof(*(items)), (n))

/* Bytes allocated so far, for tests and limits. */
size_t arena_used(const struct arena *arena);

/* Heap memory outside arenas (mem.c). These functions abort with a message if there is none
 * left. */
void *mem_alloc(size_t size);                /* zeroed */
void *mem_resize(void *memory, size_t size); /* like realloc */
char *mem_strdup(const char *text);          /* NULL of NULL */
void mem_free(void *memory);                 /* NULL is allowed */
NO_RETURN void mem_exhausted(size_t size);

#endif
