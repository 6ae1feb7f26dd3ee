#ifndef MARKDOWN_MERGE_H
#define MARKDOWN_MERGE_H

#include <stdbool.h>

#include "base/arena.h"

enum merge_pieces { MERGE_LINES, MERGE_WORDS };

/* Among words: stands before a block that came in, or before which one went. Texts have no control
 * characters. */
#define MERGE_APART '\1'

/* What a three-way merge came to. Strings live in the arena. */
struct merge_result {
    char *text;
    bool conflict; /* both sides changed the same place, differently; theirs was taken */
};

/*
 * Three-way merge: what ours and theirs each changed since base, in one text. Of texts merged by
 * lines, line ends come out as LF, and a last line with and without its line break is the same.
 *
 *   merge(b, x, b) = x, merge(b, b, x) = x, merge(b, x, x) = x; without a conflict,
 *   merge(b, x, y) = merge(b, y, x).
 *
 * Time and memory grow with (pieces + differences); two texts of which nearly nothing is the same
 * count as one place that was changed.
 */
struct merge_result merge_texts(struct arena *arena, enum merge_pieces by, const char *base,
                                const char *ours, const char *theirs);

#endif
