#ifndef MARKDOWN_WORDS_H
#define MARKDOWN_WORDS_H

#include <stdbool.h>

#include "markdown/units.h"

/*
 * Which words a change took away. The words of addresses, comments and attributes count; the names
 * of tags, the labels of definitions and the numbers of list items do not.
 */

/* A text before and after a change, and what the other side shows of it. */
struct words_change {
    const char *text[2], *shown[2];
    bool parts; /* a word that is part of another one is there: tags may stand within words */
};

/* The words that the text has lost, but the other side never showed or still shows; without shown
 * texts, all that it has lost. Free the list with vec_free; the words live in the arena. */
struct keys words_lost(struct arena *arena, const struct words_change *change);

/* The words outside of comments that went together with words of `gone`: what no word that stayed
 * separates from them. */
struct keys words_beside(struct arena *arena, const struct words_change *change, const char *gone);

bool words_have(const struct keys *list, const char *word);

#endif
