#ifndef MODEL_LOGIN_H
#define MODEL_LOGIN_H

#include <stdbool.h>

#include "base/arena.h"

/* Whether a text may be a GitHub login: letters, digits and hyphens; those of managed users end in
 * an underscore and a short code, those of apps in "[bot]". */
bool login_valid(const char *text);

/* The login in "octocat", "@octocat" or "https://github.com/octocat" (of any host), in the arena.
 * NULL: the text is none of these. */
const char *login_read(struct arena *arena, const char *text);

#endif
