#ifndef RECONCILE_MARKED_H
#define RECONCILE_MARKED_H

#include <stdbool.h>

#include "base/arena.h"
#include "model/runs.h"

/* Whether a text begins with the word, in any case and even if its letters have different
 * formatting. White space or the end must follow the word. *rest: the text without the word and the
 * white space around it, in the arena. */
bool marked_read(const struct runs *text, const char *word, struct arena *arena, struct runs *rest);

#endif
