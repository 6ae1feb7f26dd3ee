#include "markdown/markdown.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include "base/utf8.h"
#include "markdown/merge.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;

static char *
rewrite(struct arena *arena, const char *text)
{
    static const char *const extensions[] = {"table", "strikethrough", "tasklist"};
    cmark_parser *parser;
    cmark_node *root;
    char *printed, *copy;
    size_t length;

    pthread_once(&once, cmark_gfm_core_extensions_ensure_registered);
    parser = cmark_parser_new(CMARK_OPT_VALIDATE_UTF8);
    for (size_t i = 0; i < sizeof(extensions) / sizeof(extensions[0]); i++)
        cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(extensions[i]));
    cmark_parser_feed(parser, text, strlen(text));
    root = cmark_parser_finish(parser);
    printed = cmark_render_commonmark(root, CMARK_OPT_DEFAULT, 0);
    length = strlen(printed);
    copy = arena_strndup(arena, printed, length > 0 ? length - 1 : 0);
    free(printed);
    cmark_node_free(root);
    cmark_parser_free(parser);
    return copy;
}

char *
markdown_to_notion(struct arena *arena, const char *github, const struct markdown_context *context)
{
    (void)context;
    return rewrite(arena, github);
}

char *
markdown_to_github(struct arena *arena, const char *notion, const struct markdown_context *context)
{
    (void)context;
    return rewrite(arena, notion);
}

char *
markdown_normal_github(struct arena *arena, const char *text)
{
    return rewrite(arena, text);
}

char *
markdown_normal_notion(struct arena *arena, const char *text)
{
    return rewrite(arena, text);
}

bool
markdown_is_plain(const char *notion)
{
    return strchr(notion, '<') == NULL;
}

bool
markdown_edits(struct arena *arena, const char *now, const char *wanted,
               const struct markdown_edit **edits, size_t *n)
{
    struct markdown_edit *edit = arena_alloc(arena, sizeof(*edit));

    if (!markdown_is_plain(now))
        return false;
    *edit = (struct markdown_edit){now, wanted};
    *edits = edit;
    *n = strcmp(now, wanted) == 0 ? 0 : 1;
    return true;
}

static char *
cut(struct arena *arena, const char *text, size_t max, const char *rest_url, bool *was_cut)
{
    char *copy;

    *was_cut = strlen(text) > max;
    if (!*was_cut)
        return arena_strdup(arena, text);
    copy = arena_strndup(arena, text, max - (rest_url != NULL ? strlen(rest_url) + 10 : 0));
    utf8_cut(copy, strlen(copy));
    return rest_url == NULL ? copy : arena_printf(arena, "%s\n\n[…](%s)", copy, rest_url);
}

char *
markdown_cut_github(struct arena *arena, const char *text, size_t max_chars, const char *rest_url,
                    bool *was_cut)
{
    return cut(arena, text, max_chars, rest_url, was_cut);
}

char *
markdown_cut_notion(struct arena *arena, const char *text, size_t max_bytes, const char *rest_url,
                    bool *was_cut)
{
    return cut(arena, text, max_bytes, rest_url, was_cut);
}

struct merge_result
merge_markdown(struct arena *arena, enum markdown_dialect dialect,
               const struct markdown_context *context, const char *base, const char *ours,
               const char *theirs, bool prefer_ours)
{
    (void)dialect;
    (void)context;
    return merge_lines(arena, base, ours, theirs, prefer_ours);
}
