#ifndef MARKDOWN_RICH_H
#define MARKDOWN_RICH_H

#include "base/arena.h"
#include "model/runs.h"

/*
 * Comments: GitHub's Markdown to runs and back. A simple translation, because comments in Notion
 * have no blocks: blocks on GitHub become lines.
 */

/*
 * GitHub Flavored Markdown (github.github.com/gfm) as runs: headings bold, lists with bullets and
 * numbers, quotes with "> ", code in its own look, images as links, tables with " | ". HTML tags
 * are left out; the text between them stays. markdown may be NULL. Safe to call from several
 * threads.
 */
struct runs rich_from_markdown(struct arena *arena, const char *markdown);

/*
 * Runs as Markdown that shows exactly that text: everything that could have a meaning is escaped,
 * so that there is no HTML, heading, list, or table, and nobody is mentioned (a word joiner
 * separates "@" from a name). URLs stay links; a link goes to http, https and mailto only.
 */
char *rich_to_markdown(struct arena *arena, const struct runs *runs);

#endif
