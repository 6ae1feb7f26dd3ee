#ifndef WEBHOOK_RSA_H
#define WEBHOOK_RSA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"

/* Signing with a private key, by libcrypto. (Apart from who uses base/err.h: OpenSSL's headers and
 * it have a name in common.) */

/* Whether the text is an RSA private key in PEM form that needs no passphrase. */
MUST_USE bool rsa_key_valid(const char *pem);

/* RSASSA-PKCS1-v1_5 with SHA-256 (RS256 of RFC 7518, 3.3) over the text, in the arena; *size bytes.
 * NULL if the key cannot do it. */
MUST_USE unsigned char *
rsa_sign(struct arena *arena, const char *pem, const char *text, size_t *size);

#endif
