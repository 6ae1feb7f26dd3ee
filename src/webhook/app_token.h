#ifndef WEBHOOK_APP_TOKEN_H
#define WEBHOOK_APP_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"

/* By libcrypto. (Keep this apart from code that uses base/err.h: it shares a name with OpenSSL's
 * headers.) */

/* Whether the text is an RSA private key in PEM form that needs no passphrase. */
MUST_USE bool app_key_valid(const char *pem);

/*
 * The JSON Web Token (RFC 7519, RS256) by which a GitHub App identifies itself, valid for nine
 * minutes from now (ms since the epoch) and from a minute before, for clocks that differ. app_id:
 * letters, digits, ".", "-" and "_". In the arena; NULL if the key (PEM) does not sign. Source:
 * docs.github.com, "Generating a JSON Web Token (JWT) for a GitHub App".
 */
MUST_USE const char *
app_token(struct arena *arena, const char *app_id, const char *pem, int64_t now);

#endif
