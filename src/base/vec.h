#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stddef.h>

#include "base/arena.h"

/*
 * Growing arrays of any type: `VEC(struct page *) pages = {0};` then vec_push(&pages, page),
 * pages.items[i], pages.len, and vec_free(&pages), which frees the array but not what its items
 * point at.
 */
#define VEC(type)        \
    struct {             \
        type *items;     \
        size_t len, cap; \
    }

/* A named list type, so that it can be passed to functions: VEC_TYPE(page_list, struct page *); */
#define VEC_TYPE(name, type) \
    struct name {            \
        type *items;         \
        size_t len, cap;     \
    }

#define vec_push(vec, ...)                                                                  \
    ((vec)->items = vec_room((vec)->items, (vec)->len, &(vec)->cap, sizeof(*(vec)->items)), \
     (vec)->items[(vec)->len++] = (__VA_ARGS__))

#define vec_free(vec) \
    (vec_release((vec)->items), (vec)->items = NULL, (vec)->len = 0, (vec)->cap = 0)

/* Moves the items into an array of an arena, NULL if there are none; frees the list. */
#define vec_take(vec, arena, array, n)                                                       \
    ((n) = (vec)->len,                                                                       \
     (array) = (vec)->len > 0                                                                \
                   ? arena_memdup((arena), (vec)->items, (vec)->len * sizeof(*(vec)->items)) \
                   : NULL,                                                                   \
     vec_free(vec))

/* The same in less room, in an arena: SMALL_VEC(struct page *) pages = {0}; small_push(&pages,
 * arena, page). When the list grows, its old array stays in the arena, so use it for short
 * lists. */
#define SMALL_VEC(type)    \
    struct {               \
        type *items;       \
        unsigned len, cap; \
    }

#define small_push(list, arena, ...)                                                            \
    ((list)->items =                                                                            \
         small_room((list)->items, (list)->len, &(list)->cap, sizeof(*(list)->items), (arena)), \
     (list)->items[(list)->len++] = (__VA_ARGS__))

/* Room for one more item of size bytes: returns the array, moved if it had to grow, and updates
 * *cap. */
void *vec_room(void *items, size_t len, size_t *cap, size_t size);
void vec_release(void *items);
void *small_room(void *items, unsigned len, unsigned *cap, size_t size, struct arena *arena);

#endif
