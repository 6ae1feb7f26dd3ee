#ifndef MODEL_ISSUE_URL_H
#define MODEL_ISSUE_URL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"

/* Reads the address of an issue or pull request, "https://HOST/owner/name/issues/12" (or "pull",
 * and whatever follows the number). *repository is "owner/name", in the arena. The host is ignored:
 * the address that an API gives can be on a different server than the API. False for any other
 * text, NULL included. */
MUST_USE bool
issue_url_read(struct arena *arena, const char *url, const char **repository, int64_t *number);

#endif
