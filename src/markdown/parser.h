#ifndef MARKDOWN_PARSER_H
#define MARKDOWN_PARSER_H

#include <stdbool.h>
#include <stddef.h>

/* Its short names would conflict with ours. */
#define CMARK_NO_SHORT_NAMES
#include <cmark-gfm.h>

struct arena;

/* A text's tree, whose nodes live in a separate arena. */
struct parsed {
    cmark_node *root;
    struct arena *arena;
    struct parsed *outer;
};

/*
 * Runs cmark-gfm's parser with GitHub's extensions (table, strikethrough, tasklist, and autolink if
 * asked for). All its instances share the tables of special characters, so only one text is parsed
 * at a time, in all threads. If tables, addresses, declarations, or links would take it too long
 * (cost.h), they are treated as text. So are entities of control characters other than blanks:
 * decoded, they could not be told from the marks of source.h. The caller reads the tree in the same
 * thread and frees it with parser_done, inner trees before outer ones; no part of it is freed
 * separately.
 */
void parser_run(struct parsed *parsed, const char *text, size_t length, int options, bool autolink);
void parser_done(struct parsed *parsed);

#endif
