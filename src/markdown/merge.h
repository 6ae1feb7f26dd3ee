#ifndef MARKDOWN_MERGE_H
#define MARKDOWN_MERGE_H

#include <stdbool.h>

#include "base/arena.h"
#include "markdown/markdown.h"

/* What a three-way merge came to. Strings live in the arena. */
struct merge_result {
    char *text;
    bool conflict; /* both sides changed the same place, differently */
    char *lost;    /* the losing side's lines of those places, "" without a conflict */
};

/*
 * Three-way merge by lines: what ours and theirs each changed since base, in one text. Where both
 * changed the same or adjoining lines differently, prefer_ours says which is taken; the other's
 * lines are in `lost`. A last line with and without its line break is the same.
 *
 *   merge(b, x, b) = x, merge(b, b, x) = x, merge(b, x, x) = x; without a conflict,
 *   merge(b, x, y) = merge(b, y, x).
 *
 * Time and memory grow with (lines + differences); two texts of which nearly nothing is the same
 * count as one place that was changed.
 */
struct merge_result merge_lines(struct arena *arena, const char *base, const char *ours,
                                const char *theirs, bool prefer_ours);

/*
 * The same for three texts of one dialect, first by blocks: blocks are the same where their normal
 * forms are, and a block that only one side changed is taken from there as it stands. So text that
 * a service writes in another form than the one that was sent takes no part in a conflict. Blocks
 * that both changed are merged by their lines.
 *
 * To bring Notion's edits to an issue: base = to_github(page at the last agreement), theirs =
 * to_github(page now), ours = the text. What only GitHub's text holds (HTML comments,
 * footnotes, alignment) then stays wherever Notion's text did not change. The other way likewise.
 * The context is the one that the texts were translated with.
 */
struct merge_result merge_markdown(struct arena *arena, enum markdown_dialect dialect,
                                   const struct markdown_context *context, const char *base,
                                   const char *ours, const char *theirs, bool prefer_ours);

#endif
