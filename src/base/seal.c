#include "base/seal.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

/* It only fails for lack of memory. */
static void
hmac(const void *key, size_t key_length, const void *bytes, size_t length, uint8_t digest[32])
{
    unsigned char full[EVP_MAX_MD_SIZE];
    unsigned size = 0;

    if (key_length > INT_MAX ||
        HMAC(EVP_sha256(), key, (int)key_length, bytes, length, full, &size) == NULL || size != 32)
        abort();
    memcpy(digest, full, 32);
}

void
seal_init(struct seal *seal, const char *purpose, const char *secret)
{
    hmac(purpose, strlen(purpose), secret, strlen(secret), seal->key);
}

void
seal_bytes(const void *key, size_t key_length, const void *bytes, size_t length,
           char digest[SEAL_SIZE])
{
    static const char hex[] = "0123456789abcdef";
    uint8_t made[32];

    hmac(key, key_length, bytes, length, made);
    for (size_t i = 0; i < sizeof(made); i++) {
        digest[2 * i] = hex[made[i] >> 4];
        digest[2 * i + 1] = hex[made[i] & 15];
    }
    digest[SEAL_SIZE - 1] = '\0';
}

void
seal_text(const struct seal *seal, const char *text, char digest[SEAL_SIZE])
{
    seal_bytes(seal->key, sizeof(seal->key), text, strlen(text), digest);
}

bool
seal_same(const char *a, const char *b, size_t n)
{
    return CRYPTO_memcmp(a, b, n) == 0;
}
