#include "webhook/signature.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdint.h>
#include <string.h>

#define DIGEST_SIZE 32

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool
read_header(const char *header, uint8_t digest[DIGEST_SIZE])
{
    static const char scheme[] = "sha256=";

    if (header == NULL || strncmp(header, scheme, sizeof(scheme) - 1) != 0)
        return false;
    header += sizeof(scheme) - 1;
    for (size_t i = 0; i < DIGEST_SIZE; i++, header += 2) {
        int high = hex_digit(header[0]);
        int low = high < 0 ? -1 : hex_digit(header[1]);

        if (low < 0)
            return false;
        digest[i] = (uint8_t)(high << 4 | low);
    }
    return *header == '\0';
}

bool
signature_valid(const char *header, const void *body, size_t length, const char *secret)
{
    uint8_t given[DIGEST_SIZE];
    uint8_t computed[EVP_MAX_MD_SIZE];
    unsigned size = 0;

    if (!read_header(header, given) || strlen(secret) > INT_MAX)
        return false;
    return HMAC(EVP_sha256(), secret, (int)strlen(secret), body, length, computed, &size) != NULL &&
           size == DIGEST_SIZE && CRYPTO_memcmp(given, computed, DIGEST_SIZE) == 0;
}

bool
signature_well_formed(const char *header)
{
    uint8_t digest[DIGEST_SIZE];

    return read_header(header, digest);
}
