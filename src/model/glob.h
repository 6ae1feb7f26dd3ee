#ifndef MODEL_GLOB_H
#define MODEL_GLOB_H

#include <stdbool.h>

/*
 * Globs for names, without regard to case: "*" stands for any characters or none, slashes too, "?"
 * for one, "\" takes the special meaning from the next character.
 */

#define GLOB_MAX 100

/* Whether the text is a valid glob: not empty, no "\" at its end, and GLOB_MAX characters at most.
 * The other functions accept only valid globs. */
bool glob_valid(const char *glob);

bool glob_matches(const char *glob, const char *text);

/* Whether some text matches both. */
bool glob_meets(const char *a, const char *b);

#endif
