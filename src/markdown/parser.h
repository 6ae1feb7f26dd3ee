#ifndef MARKDOWN_PARSER_H
#define MARKDOWN_PARSER_H

#include <stdbool.h>
#include <stddef.h>

/* Its short names would be ours. */
#define CMARK_NO_SHORT_NAMES
#include <cmark-gfm.h>

struct arena;

/* A text's tree, whose nodes lie in an arena of its own. */
struct parsed {
    cmark_node *root;
    struct arena *arena;
    struct parsed *outer;
};

/*
 * cmark-gfm's parser with GitHub's extensions (table, strikethrough, tasklist, and autolink where
 * asked for). It keeps which characters are special in tables that all its instances share: one
 * text is parsed at a time, whichever thread asks. Where it would take too long for tables,
 * addresses, declarations or links (cost.h), those are text. The caller reads the tree in the same
 * thread and ends it with parser_done, inner ones before outer ones; nothing of it is freed by
 * itself.
 */
void parser_run(struct parsed *parsed, const char *text, size_t length, int options, bool autolink);
void parser_done(struct parsed *parsed);

#endif
