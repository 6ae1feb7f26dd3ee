#ifndef MARKDOWN_LANGUAGE_H
#define MARKDOWN_LANGUAGE_H

#include "base/arena.h"

/* The name of a code block's language that both services use: Notion writes full names for the
 * short ones that people write ("ts": "typescript"). Lower case; "" and plain text are "". */
const char *language_name(struct arena *arena, const char *name);

#endif
