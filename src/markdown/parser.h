#ifndef MARKDOWN_PARSER_H
#define MARKDOWN_PARSER_H

#include <stdbool.h>
#include <stddef.h>

/* Its short names would be ours. */
#define CMARK_NO_SHORT_NAMES
#include <cmark-gfm.h>

/*
 * cmark-gfm's parser with GitHub's extensions (table, strikethrough, tasklist, and autolink where
 * asked for). It keeps which characters are special in tables that all its instances share: one
 * text is parsed at a time, whichever thread asks. Where it would take too long for tables,
 * addresses, declarations or links (cost.h), those are text. The caller frees the tree
 * (cmark_node_free).
 */
cmark_node *parser_run(const char *text, size_t length, int options, bool autolink);

#endif
