#include "markdown/parser.h"

#include <pthread.h>

#include <cmark-gfm-core-extensions.h>

#include "markdown/cost.h"

static void
attach(cmark_parser *parser, const char *extension)
{
    cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(extension));
}

/* Feeds what would cost too much as text. */
static void
feed(cmark_parser *parser, const char *text, size_t length, struct cost cost)
{
    const char *end = text + length, *from = text;

    for (const char *at = text; (cost.tags || cost.links) && at < end; at++) {
        if (!(cost.tags && cost_is_open(text, at, end)) &&
            !(cost.links && *at == '[' && !cost_is_escaped(text, at)))
            continue;
        cmark_parser_feed(parser, from, (size_t)(at - from));
        cmark_parser_feed(parser, "\\", 1);
        from = at;
    }
    cmark_parser_feed(parser, from, (size_t)(end - from));
}

cmark_node *
parser_run(const char *text, size_t length, int options, bool autolink)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    const struct cost cost = cost_of(text, length);
    cmark_parser *parser;
    cmark_node *root;

    pthread_mutex_lock(&lock);
    cmark_gfm_core_extensions_ensure_registered();
    parser = cmark_parser_new(options);
    if (!cost.tables)
        attach(parser, "table");
    attach(parser, "strikethrough");
    attach(parser, "tasklist");
    if (autolink && !cost.addresses)
        attach(parser, "autolink");
    feed(parser, text, length, cost);
    root = cmark_parser_finish(parser);
    cmark_parser_free(parser);
    pthread_mutex_unlock(&lock);
    return root;
}
