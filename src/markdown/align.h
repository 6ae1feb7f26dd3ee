#ifndef MARKDOWN_ALIGN_H
#define MARKDOWN_ALIGN_H

#include "markdown/units.h"

/*
 * Which units of GitHub's text correspond to which of Notion's. Both sequences of units are cut
 * into the same number of slots: slots 1, 3, 5… are groups, the smallest parts that say the same on
 * both sides; slots 0, 2, 4… are around them and hold what the other side does not show.
 *
 * bounds[k] is the first unit of slot k; bounds[slots] is the number of units.
 */
struct slots {
    size_t len;
    size_t *bounds[2]; /* by dialect; live in the arena */
};

/* units: by dialect, with translations. */
struct slots align_units(struct arena *arena, struct units *units[2]);

/* The same slots in a later text of one side: units added beside a group are in the slot beside it,
 * units added within a group are in the group. If both texts are the same object, so are the
 * bounds. */
size_t *align_later(struct arena *arena, const struct units *base, const struct units *now,
                    const size_t *bounds, size_t slots);

/* Which changed units of one text correspond to which of another: the pairs, in order, that share
 * the most words. Returns, for each of a_len units from a on, the index among the b_len units from
 * b on, or SIZE_MAX for none: it shares no word, or one is code and the other is not. If there are
 * too many units, or the texts are too long for the allowed work, returns no pairs at all. */
size_t *align_pairs(struct arena *arena, const struct unit *a, size_t a_len, const struct unit *b,
                    size_t b_len);

/* How many blocks Notion shows of units of GitHub's text. */
size_t align_count(const struct units *units, const size_t *bounds);

/* Whether units of two versions of GitHub's text, from bounds[0] to bounds[1], say the same to
 * Notion. Ignores the numbers of footnotes, which depend on the rest of the text. */
bool align_same(const struct units *a, const size_t *a_bounds, const struct units *b,
                const size_t *b_bounds);

/* Whether they say the same in their own dialect. */
bool align_equal(const struct units *a, const size_t *a_bounds, const struct units *b,
                 const size_t *b_bounds);

/* Whether a text has a unit that says this in its own dialect. */
bool align_has(const struct units *units, const char *key);

/* Whether these units of GitHub's text and of Notion's say the same, as far as each can. old:
 * Notion's text before it was written again; NULL: it was not. New units there must match exactly,
 * unless they hold what GitHub's Markdown cannot carry. */
bool align_agree(const struct units *github, const size_t *bounds, struct units *notion,
                 const size_t *notion_bounds, const struct units *old);

#endif
