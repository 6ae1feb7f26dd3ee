#ifndef MODEL_ISSUE_URL_H
#define MODEL_ISSUE_URL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"

/* Reads the address of an issue or pull request, "https://HOST/owner/name/issues/12" (or "pull",
 * and whatever follows the number). *repository is "owner/name", in the arena. The host is not
 * looked at: the address that an API gives need not be on the server that it was asked at. False
 * for any other text, NULL included. */
MUST_USE bool
issue_url_read(struct arena *arena, const char *url, const char **repository, int64_t *number);

#endif
