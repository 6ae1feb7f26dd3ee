#include "markdown/parser.h"

#include <pthread.h>

#include <cmark-gfm-core-extensions.h>

cmark_node *
parser_run(const char *text, size_t length, int options, bool autolink)
{
    static const char *const extensions[] = {"table", "strikethrough", "tasklist", "autolink"};
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    size_t count = autolink ? 4 : 3;
    cmark_parser *parser;
    cmark_node *root;

    pthread_mutex_lock(&lock);
    cmark_gfm_core_extensions_ensure_registered();
    parser = cmark_parser_new(options);
    for (size_t i = 0; i < count; i++)
        cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(extensions[i]));
    cmark_parser_feed(parser, text, length);
    root = cmark_parser_finish(parser);
    cmark_parser_free(parser);
    pthread_mutex_unlock(&lock);
    return root;
}
