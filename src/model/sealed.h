#ifndef MODEL_SEALED_H
#define MODEL_SEALED_H

#include <stdbool.h>

#include "model/value.h"

/*
 * A text that the state remembers only by its digest, because people who may not see the text can
 * read the state. In memory it is SEALED_MARK with the digest: a text like any other, equal only to
 * itself. record_unseal (reconcile/unseal.h) replaces it with the text if it finds that again.
 * SEALED_LOST: the key of the digest is no longer used, so nobody knows the text.
 */
#define SEALED_MARK   "\001hmac:"
#define SEALED_LOST   SEALED_MARK
#define SEALED_DIGITS 32

/* Whether a text (may be NULL) is a digest, lost or not. */
bool sealed_is(const char *text);

/* Its digits. NULL: the digest is lost. */
const char *sealed_digits(const char *text);

/* Whether nobody knows the value, or a part of it. */
bool value_is_lost(const struct value *value);

#endif
