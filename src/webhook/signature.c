#include "webhook/signature.h"

#include <ctype.h>
#include <string.h>

#include "base/seal.h"

#define SCHEME "sha256="

bool
signature_well_formed(const char *header)
{
    size_t digits;

    if (header == NULL || strncmp(header, SCHEME, strlen(SCHEME)) != 0)
        return false;
    header += strlen(SCHEME);
    digits = strspn(header, "0123456789abcdefABCDEF");
    return digits == SEAL_SIZE - 1 && header[digits] == '\0';
}

bool
signature_valid(const char *header, const void *body, size_t length, const char *secret)
{
    char given[SEAL_SIZE - 1];
    char computed[SEAL_SIZE];

    if (!signature_well_formed(header))
        return false;
    for (size_t i = 0; i < sizeof(given); i++)
        given[i] = (char)tolower((unsigned char)header[strlen(SCHEME) + i]);
    seal_bytes(secret, strlen(secret), body, length, computed);
    return seal_same(given, computed, sizeof(given));
}
