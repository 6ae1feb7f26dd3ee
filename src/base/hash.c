#include "base/hash.h"

#include <string.h>

#define HASH_PRIME UINT64_C(0x100000001b3)
#define HASH_END   0xff

uint64_t
hash_bytes(uint64_t hash, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ at[i]) * HASH_PRIME;
    return hash;
}

uint64_t
hash_text(uint64_t hash, const char *text)
{
    return hash_bytes(hash, text, strlen(text));
}

uint64_t
hash_item(uint64_t hash, const char *text)
{
    return (hash_text(hash, text) ^ HASH_END) * HASH_PRIME;
}
