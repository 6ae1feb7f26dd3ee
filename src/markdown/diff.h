#ifndef MARKDOWN_DIFF_H
#define MARKDOWN_DIFF_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* What two sequences have in common, and the numbers that make texts comparable. */

#define DIFF_NONE SIZE_MAX

/* A longest common subsequence of a and b (E. W. Myers, "An O(ND) Difference Algorithm and Its
 * Variations", 1986): an array of length a_len that holds, for every item of a, the index of its
 * twin in b or DIFF_NONE. Twins are in order. After some thousand differences, everything between
 * the common beginning and the common end is treated as different. */
size_t *
diff_match(struct arena *arena, const uint32_t *a, size_t a_len, const uint32_t *b, size_t b_len);

/* A table that gives equal strings equal numbers. */
struct diff_names;
struct diff_names *diff_names_new(struct arena *arena);
uint32_t diff_name(struct diff_names *names, const char *text, size_t length);

/* The length of the word that a text begins with: letters, digits, and everything but ASCII. */
size_t diff_word(const char *text);

/* A place where a three-way merge has to decide: ranges of base, ours and theirs. */
struct diff_hunk {
    size_t base, base_end, ours, ours_end, theirs, theirs_end;
};

/* Finds the next hunk at or after the three positions in *hunk (start with zeros, continue with the
 * ends). The text before it is the same in all three and starts at the old positions. Returns its
 * length; an empty hunk at the ends of all three is the last. */
size_t diff_next_hunk(const size_t *to_ours, const size_t *to_theirs, size_t base_len,
                      size_t ours_len, size_t theirs_len, struct diff_hunk *hunk);

#endif
