#include "base/arena.h"

#include <pthread.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define CHUNK_SIZE ((size_t)16 * 1024)
/* No type of the program needs more. */
#define ALIGN alignof(int64_t)

/* Texts fill a chunk from its end, so that no room is lost between what must be aligned. */
struct chunk {
    struct chunk *next;
    size_t size, used, texts; /* bytes from the beginning, and from the end */
    alignas(ALIGN) unsigned char data[];
};

/* Chunks of CHUNK_SIZE that arenas gave back, zeroed. With musl, getting and returning one costs
 * a system call each. A sanitizer gets all of them back, so that it notices uses after the free. */
static struct {
    pthread_mutex_t lock;
    struct chunk *chunks;
    size_t n;
} kept = {.lock = PTHREAD_MUTEX_INITIALIZER};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define KEPT_MAX 0
#else
#define KEPT_MAX 256
#endif

struct arena {
    struct chunk *chunks;
    size_t used;
    struct table table;
};

struct arena *
arena_new(void)
{
    return mem_alloc(sizeof(struct arena));
}

static struct chunk *
chunk_again(void)
{
    struct chunk *chunk;

    pthread_mutex_lock(&kept.lock);
    chunk = kept.chunks;
    if (chunk != NULL) {
        kept.chunks = chunk->next;
        kept.n--;
    }
    pthread_mutex_unlock(&kept.lock);
    return chunk;
}

/* Zeroes what was allocated since so many bytes were used. */
static void
chunk_rewind(struct chunk *chunk, size_t used, size_t texts)
{
    memset(chunk->data + used, 0, chunk->used - used);
    memset(chunk->data + chunk->size - chunk->texts, 0, chunk->texts - texts);
    chunk->used = used;
    chunk->texts = texts;
}

/* Whether the chunk is kept. */
static bool
chunk_keep(struct chunk *chunk)
{
    bool keep = chunk->size == CHUNK_SIZE;

    if (!keep)
        return false;
    chunk_rewind(chunk, 0, 0);
    pthread_mutex_lock(&kept.lock);
    keep = kept.n != KEPT_MAX; /* which may be 0 */
    if (keep) {
        chunk->next = kept.chunks;
        kept.chunks = chunk;
        kept.n++;
    }
    pthread_mutex_unlock(&kept.lock);
    return keep;
}

/* Gives back the chunks newer than that one. */
static void
chunks_free(struct chunk **chunks, const struct chunk *until)
{
    while (*chunks != until) {
        struct chunk *chunk = *chunks;

        *chunks = chunk->next;
        if (!chunk_keep(chunk))
            mem_free(chunk);
    }
}

struct arena_mark
arena_mark(const struct arena *arena)
{
    struct chunk *chunk = arena->chunks;

    if (chunk == NULL)
        return (struct arena_mark){0};
    return (struct arena_mark){chunk, chunk->next, chunk->used, chunk->texts, arena->used};
}

void
arena_rewind(struct arena *arena, struct arena_mark mark)
{
    struct chunk *chunk = mark.chunk;

    chunks_free(&arena->chunks, chunk);
    if (chunk != NULL) {
        chunks_free(&chunk->next, mark.next);
        chunk_rewind(chunk, mark.used, mark.texts);
    }
    arena->used = mark.total;
}

void
arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    chunks_free(&arena->chunks, NULL);
    table_free(&arena->table);
    mem_free(arena);
}

static struct chunk *
arena_grow(struct arena *arena, size_t size)
{
    size_t room = size > CHUNK_SIZE / 4 ? size : CHUNK_SIZE;
    struct chunk *chunk;

    if (room > SIZE_MAX - sizeof(*chunk))
        mem_exhausted(size);
    chunk = room == CHUNK_SIZE ? chunk_again() : NULL;
    if (chunk == NULL)
        chunk = mem_alloc(sizeof(*chunk) + room);
    chunk->size = room;
    if (arena->chunks != NULL && room == size) {
        /* A chunk made for one large piece is full at once, so the open one stays in front. */
        chunk->next = arena->chunks->next;
        arena->chunks->next = chunk;
    } else {
        chunk->next = arena->chunks;
        arena->chunks = chunk;
    }
    return chunk;
}

static size_t
chunk_room(const struct chunk *chunk)
{
    return chunk != NULL ? chunk->size - chunk->texts - chunk->used : 0;
}

/* Returns size bytes, aligned for any type. */
static void *
arena_take(struct arena *arena, size_t size)
{
    struct chunk *chunk = arena->chunks;
    void *taken;

    if (size > SIZE_MAX - ALIGN)
        mem_exhausted(size);
    size = (size + ALIGN - 1) & ~(ALIGN - 1);
    if (chunk_room(chunk) < size || chunk == NULL)
        chunk = arena_grow(arena, size);
    taken = chunk->data + chunk->used;
    chunk->used += size;
    arena->used += size;
    return taken;
}

/* The same for a text. */
static char *
arena_take_text(struct arena *arena, size_t size)
{
    struct chunk *chunk = arena->chunks;

    if (chunk_room(chunk) < size || chunk == NULL)
        chunk = arena_grow(arena, size);
    chunk->texts += size;
    arena->used += size;
    return (char *)chunk->data + chunk->size - chunk->texts;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
    return arena_take(arena, size);
}

void *
arena_array(struct arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        mem_exhausted(SIZE_MAX);
    return arena_take(arena, count * size);
}

void *
arena_memdup(struct arena *arena, const void *memory, size_t size)
{
    void *copy = arena_alloc(arena, size);

    if (size > 0)
        memcpy(copy, memory, size);
    return copy;
}

char *
arena_strndup(struct arena *arena, const char *text, size_t length)
{
    char *copy;

    if (length == SIZE_MAX)
        mem_exhausted(length);
    copy = arena_take_text(arena, length + 1);
    memcpy(copy, text, length);
    return copy;
}

char *
arena_strdup(struct arena *arena, const char *text)
{
    return text != NULL ? arena_strndup(arena, text, strlen(text)) : NULL;
}

struct table *
arena_table(struct arena *arena)
{
    return &arena->table;
}

char *
arena_vprintf(struct arena *arena, const char *format, va_list args)
{
    va_list again;
    char *text, brief[256];
    int length;

    va_copy(again, args);
    length = vsnprintf(brief, sizeof(brief), format, again);
    va_end(again);
    if (length < 0)
        mem_exhausted(0);
    if ((size_t)length < sizeof(brief))
        return arena_strndup(arena, brief, (size_t)length);
    text = arena_take_text(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, args);
    return text;
}

char *
arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}

char *
arena_list(struct arena *arena, const char *const *first, size_t bytes, size_t n)
{
    char *list = arena_strdup(arena, "");

    for (size_t i = 0; i < n; i++) {
        const char *text = *(const char *const *)((const char *)first + i * bytes);

        list = arena_printf(arena, "%s%s%s", list, i > 0 ? ", " : "", text);
    }
    return list;
}

size_t
arena_used(const struct arena *arena)
{
    return arena->used;
}
