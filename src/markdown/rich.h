#ifndef MARKDOWN_RICH_H
#define MARKDOWN_RICH_H

#include "base/arena.h"
#include "model/runs.h"

/*
 * Comments: GitHub's Markdown to runs and back. A modest translation, since comments in Notion have
 * no blocks: what stands in blocks on GitHub becomes lines.
 */

/*
 * GitHub Flavored Markdown (github.github.com/gfm) as runs: headings bold, lists with bullets and
 * numbers, quotes with "> ", code in its own look, images as links, tables with " | ". HTML is left
 * out, what stands between its tags stays. markdown may be NULL. Safe to call from several threads.
 */
struct runs rich_from_markdown(struct arena *arena, const char *markdown);

/*
 * Runs as Markdown that shows just that text: all that could have a meaning is escaped, so that it
 * makes no HTML, no heading, no list and no table, and it mentions nobody (a word joiner parts "@"
 * from a name). URLs stay links; a link goes to http, https and mailto only.
 */
char *rich_to_markdown(struct arena *arena, const struct runs *runs);

#endif
