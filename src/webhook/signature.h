#ifndef WEBHOOK_SIGNATURE_H
#define WEBHOOK_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

/*
 * Whether a request comes from who knows the secret: the header X-Notion-Signature is "sha256=" and
 * the HMAC-SHA256 of the raw body in hex, keyed with the subscription's verification token. The
 * comparison takes the same time wherever the two differ. header may be NULL (absent).
 * Source: developers.notion.com/reference/webhooks, "Validating event payloads".
 */
MUST_USE bool
signature_valid(const char *header, const void *body, size_t length, const char *secret);

/* Whether the header, which may be NULL, could be a signature of anything. */
MUST_USE bool signature_well_formed(const char *header);

#endif
