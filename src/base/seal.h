#ifndef BASE_SEAL_H
#define BASE_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Keyed digests: without the secret one can neither make a digest nor find out which text it is of.
 * HMAC-SHA256 by libcrypto.
 */
struct seal {
    uint8_t key[32];
};

/* HMAC-SHA256(purpose, secret) becomes the key, so one secret has a different key for each
 * purpose. */
void seal_init(struct seal *seal, const char *purpose, const char *secret);

/* The text's digest under the key, in lower-case hex digits. */
#define SEAL_SIZE 65
void seal_text(const struct seal *seal, const char *text, char digest[SEAL_SIZE]);

/* HMAC-SHA256 of any bytes under any key, in the same form. */
void seal_bytes(const void *key, size_t key_length, const void *bytes, size_t length,
                char digest[SEAL_SIZE]);

/* Whether the first n bytes are the same. The time that it takes does not show where they
 * differ. */
bool seal_same(const char *a, const char *b, size_t n);

#endif
