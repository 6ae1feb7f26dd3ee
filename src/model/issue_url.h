#ifndef MODEL_ISSUE_URL_H
#define MODEL_ISSUE_URL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"

/* Reads the address of an issue or pull request, "https://HOST/owner/name/issues/12" (or "pull",
 * and anything after the number). *repository is "owner/name", in the arena. Ignores the host,
 * since an API may give an address on a different server than its own. False for any other text,
 * including NULL. */
MUST_USE bool
issue_url_read(struct arena *arena, const char *url, const char **repository, int64_t *number);

#endif
