#include "markdown/parser.h"

#include <pthread.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmark-gfm-core-extensions.h>

#include "base/arena.h"
#include "base/buf.h"
#include "markdown/cost.h"
#include "markdown/work.h"

/* Stands in an entity that the parser must not read. */
#define CONTROL_MARK "\x01"

/* cmark-gfm allocates and frees each node separately; here all nodes of a text are freed at once.
 * It also allocates while the tree is read, and gives its allocator no context, so each thread
 * remembers its current text. */
static _Thread_local struct parsed *current;

struct allocation {
    size_t size;
    alignas(int64_t) unsigned char data[]; /* as the arena aligns */
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

/* Whether the parser would turn the entity at `at` into a control character other than a blank. */
static bool
is_control(const char *at, const char *end)
{
    char text[16] = "", *after;
    bool hex;
    unsigned long number;

    memcpy(text, at, (size_t)(end - at) < sizeof(text) ? (size_t)(end - at) : sizeof(text) - 1);
    hex = text[2] == 'x' || text[2] == 'X';
    number = strtoul(text + (hex ? 3 : 2), &after, hex ? 16 : 10);
    return text[1] == '#' && *after == ';' && number > 0 && (number < ' ' || number == 0x7f) &&
           strchr("\t\n\r", (int)number) == NULL;
}

/* Feeds what would take too long as text, and entities of control characters with a mark after
 * their "&", so that they stay as they are written. Returns whether there are any of the latter. */
static bool
feed(cmark_parser *parser, const char *text, size_t length, struct cost cost)
{
    const char *end = text + length, *from = text,
               *deep = cost.nesting ? cost_deepest(text, end) : end;
    bool costly = cost.tags || cost.links || cost.nesting, marked = false;

    if (!costly && memchr(text, '&', length) == NULL)
        text = end;
    for (const char *at = text; at < end; at++) {
        bool mark = *at == '&' && is_control(at, end);

        if (cost.nesting && *at == '\n')
            deep = cost_deepest(at + 1, end);
        if (!mark && at != deep && !(cost.tags && cost_is_open(text, at, end)) &&
            !(cost.links && *at == '[' && !cost_is_escaped(text, at)))
            continue;
        cmark_parser_feed(parser, from, (size_t)(at - from) + mark);
        cmark_parser_feed(parser, mark ? CONTROL_MARK : "\\", 1);
        from = at + mark;
        marked |= mark;
    }
    cmark_parser_feed(parser, from, (size_t)(end - from));
    return marked;
}

static void
unmark(cmark_node *node, const char *text, int (*set)(cmark_node *, const char *))
{
    struct buf out;

    if (text == NULL || strstr(text, CONTROL_MARK) == NULL)
        return;
    buf_init(&out, SIZE_MAX / 4);
    for (; *text != '\0'; text++)
        if (*text != CONTROL_MARK[0])
            buf_char(&out, *text);
    set(node, buf_text(&out));
    buf_release(&out);
}

static void
unmark_all(cmark_node *root)
{
    cmark_iter *iter = cmark_iter_new(root);

    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);

        unmark(node, cmark_node_get_literal(node), cmark_node_set_literal);
        unmark(node, cmark_node_get_url(node), cmark_node_set_url);
        unmark(node, cmark_node_get_title(node), cmark_node_set_title);
        unmark(node, cmark_node_get_fence_info(node), cmark_node_set_fence_info);
    }
    cmark_iter_free(iter);
}

void
parser_run(struct parsed *parsed, const char *text, size_t length, int options, bool autolink)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static cmark_mem mem = {piece_new, piece_resize, piece_free};
    struct cost cost;
    cmark_parser *parser;
    bool marked;

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
    marked = feed(parser, text, length, cost);
    parsed->root = cmark_parser_finish(parser);
    if (marked)
        unmark_all(parsed->root);
    cmark_parser_free(parser);
    pthread_mutex_unlock(&lock);
}

void
parser_done(struct parsed *parsed)
{
    current = parsed->outer;
    arena_free(parsed->arena);
}
