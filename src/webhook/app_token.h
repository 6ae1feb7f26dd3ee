#ifndef WEBHOOK_APP_TOKEN_H
#define WEBHOOK_APP_TOKEN_H

#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"

/*
 * The JSON Web Token (RFC 7519, RS256) by which a GitHub App says who it is, valid for nine minutes
 * from now (ms since the epoch) and from a minute before, for clocks that differ. In the arena;
 * NULL with ERR_INPUT if the key (PEM) does not sign. Source: docs.github.com, "Generating a
 * JSON Web Token (JWT) for a GitHub App".
 */
MUST_USE const char *
app_token(struct arena *arena, const char *app_id, const char *pem, int64_t now, struct err *err);

#endif
