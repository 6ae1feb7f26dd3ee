#ifndef MODEL_SEALED_H
#define MODEL_SEALED_H

#include <stdbool.h>

#include "model/value.h"

/*
 * A text that is remembered by its digest only, because the state can be read by people who may not
 * see the text. In memory it is SEALED_MARK with the digest: a text like any other, and equal to
 * none but itself. record_unseal (reconcile/unseal.h) puts the texts that it finds again in its
 * place. SEALED_LOST: the digest is of a key that is not used any more, so nobody knows the text.
 */
#define SEALED_MARK   "\001hmac:"
#define SEALED_LOST   SEALED_MARK
#define SEALED_DIGITS 32

/* Whether a text (may be NULL) is a digest, be it lost or not. */
bool sealed_is(const char *text);

/* Its digits; NULL: it is lost. */
const char *sealed_digits(const char *text);

/* Whether nobody knows the value, or a part of it. */
bool value_is_lost(const struct value *value);

#endif
