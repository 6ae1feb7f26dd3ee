#include "markdown/parser.h"

#include <pthread.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmark-gfm-core-extensions.h>

#include "base/arena.h"
#include "markdown/cost.h"
#include "markdown/work.h"

/* cmark-gfm allocates and frees each node separately; here all nodes of a text are freed at once.
 * It also allocates while the tree is read, and gives its allocator no context, so each thread
 * remembers its current text. */
static _Thread_local struct parsed *current;

struct allocation {
    size_t size;
    alignas(max_align_t) unsigned char data[];
};

static void *
piece_new(size_t count, size_t size)
{
    struct allocation *piece;

    if (size != 0 && count > (SIZE_MAX - sizeof(*piece)) / size)
        mem_exhausted(SIZE_MAX);
    piece = arena_alloc(current->arena, sizeof(*piece) + count * size);
    piece->size = count * size;
    return piece->data;
}

static void *
piece_resize(void *data, size_t size)
{
    const struct allocation *piece;
    void *moved;

    if (data == NULL)
        return piece_new(1, size);
    piece = (const struct allocation *)((unsigned char *)data - offsetof(struct allocation, data));
    if (size <= piece->size)
        return data;
    moved = piece_new(1, size);
    return memcpy(moved, data, piece->size);
}

static void
piece_free(void *data)
{
    (void)data;
}

static void
attach(cmark_parser *parser, const char *extension)
{
    cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(extension));
}

/* Feeds what would take too long as text. */
static void
feed(cmark_parser *parser, const char *text, size_t length, struct cost cost)
{
    const char *end = text + length, *from = text,
               *deep = cost.nesting ? cost_deepest(text, end) : end;

    for (const char *at = text; (cost.tags || cost.links || cost.nesting) && at < end; at++) {
        if (cost.nesting && *at == '\n')
            deep = cost_deepest(at + 1, end);
        if (at != deep && !(cost.tags && cost_is_open(text, at, end)) &&
            !(cost.links && *at == '[' && !cost_is_escaped(text, at)))
            continue;
        cmark_parser_feed(parser, from, (size_t)(at - from));
        cmark_parser_feed(parser, "\\", 1);
        from = at;
    }
    cmark_parser_feed(parser, from, (size_t)(end - from));
}

void
parser_run(struct parsed *parsed, const char *text, size_t length, int options, bool autolink)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static cmark_mem mem = {piece_new, piece_resize, piece_free};
    struct cost cost;
    cmark_parser *parser;

    work_add(length);
    if (work_is_spent())
        length = 0;
    cost = cost_of(text, length);

    *parsed = (struct parsed){.arena = arena_new(), .outer = current};
    current = parsed;
    pthread_mutex_lock(&lock);
    cmark_gfm_core_extensions_ensure_registered();
    parser = cmark_parser_new_with_mem(options, &mem);
    if (!cost.tables)
        attach(parser, "table");
    attach(parser, "strikethrough");
    attach(parser, "tasklist");
    if (autolink && !cost.addresses)
        attach(parser, "autolink");
    feed(parser, text, length, cost);
    parsed->root = cmark_parser_finish(parser);
    cmark_parser_free(parser);
    pthread_mutex_unlock(&lock);
}

void
parser_done(struct parsed *parsed)
{
    current = parsed->outer;
    arena_free(parsed->arena);
}
