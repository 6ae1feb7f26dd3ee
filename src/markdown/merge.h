#ifndef MARKDOWN_MERGE_H
#define MARKDOWN_MERGE_H

#include <stdbool.h>

#include "base/arena.h"

enum merge_pieces { MERGE_LINES, MERGE_WORDS };

/* Among words: marks the start of a block that was added, or before which one was removed. Texts
 * have no control characters. */
#define MERGE_APART '\1'

/* The result of a three-way merge. Strings live in the arena. */
struct merge_result {
    char *text;
    bool conflict; /* both sides changed the same place, differently; theirs was taken */
};

/*
 * Three-way merge: combines what ours and theirs each changed since base into one text. In texts
 * merged by lines, line ends become LF, and a line break at the end of the last line makes no
 * difference.
 *
 *   merge(b, x, b) = x, merge(b, b, x) = x, merge(b, x, x) = x; without a conflict,
 *   merge(b, x, y) = merge(b, y, x).
 *
 * Time and memory grow with (pieces + differences); two texts that have almost nothing in common
 * are treated as one changed place.
 */
struct merge_result merge_texts(struct arena *arena, enum merge_pieces by, const char *base,
                                const char *ours, const char *theirs);

#endif
