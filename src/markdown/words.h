#ifndef MARKDOWN_WORDS_H
#define MARKDOWN_WORDS_H

#include <stdbool.h>

#include "markdown/units.h"

/*
 * Which words a change removed. This includes words of addresses, comments, and attributes, but not
 * the names of tags, the labels of definitions, and the numbers of list items.
 */

/* A text before and after a change, and what the other side shows of it. */
struct words_change {
    const char *text[2], *shown[2];
};

/* The words that the text has lost, but the other side never showed or still shows; without shown
 * texts, all words that it has lost. Free the list with vec_free; the words live in the arena. */
struct keys words_lost(struct arena *arena, const struct words_change *change);

/* The words outside of comments that were removed together with words of `gone`: no remaining word
 * is between them. */
struct keys words_beside(struct arena *arena, const struct words_change *change, const char *gone);

bool words_have(const struct keys *list, const char *word);

#endif
