#include "base/seal.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

/* It only fails for lack of memory. */
static void
hmac(const void *key, size_t key_length, const char *text, uint8_t digest[32])
{
    unsigned char full[EVP_MAX_MD_SIZE];
    unsigned size = 0;

    if (key_length > INT_MAX ||
        HMAC(EVP_sha256(), key, (int)key_length, (const unsigned char *)text, strlen(text), full,
             &size) == NULL ||
        size != 32)
        abort();
    memcpy(digest, full, 32);
}

void
seal_init(struct seal *seal, const char *purpose, const char *secret)
{
    hmac(purpose, strlen(purpose), secret, seal->key);
}

void
seal_text(const struct seal *seal, const char *text, char digest[SEAL_SIZE])
{
    static const char hex[] = "0123456789abcdef";
    uint8_t bytes[32];

    hmac(seal->key, sizeof(seal->key), text, bytes);
    for (size_t i = 0; i < sizeof(bytes); i++) {
        digest[2 * i] = hex[bytes[i] >> 4];
        digest[2 * i + 1] = hex[bytes[i] & 15];
    }
    digest[SEAL_SIZE - 1] = '\0';
}

bool
seal_same(const char *a, const char *b, size_t n)
{
    return CRYPTO_memcmp(a, b, n) == 0;
}
