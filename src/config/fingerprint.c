#include <inttypes.h>

#include "config/config_p.h"

/* FNV-1a, 64 bits. */
#define FNV_BASIS UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

/* Each text with the zero behind it, so that no two lists of texts look alike; an absent one as a
 * byte that no text holds. */
static uint64_t
hash_text(uint64_t hash, const char *text)
{
    if (text == NULL)
        return (hash ^ 0xff) * FNV_PRIME;
    do
        hash = (hash ^ (unsigned char)*text) * FNV_PRIME;
    while (*text++ != '\0');
    return hash;
}

const char *
config_fingerprint(const struct reader *reader)
{
    const struct config *config = reader->config;
    uint64_t hash = FNV_BASIS;

    hash = hash_text(hash, config->database);
    hash = hash_text(hash, config->owner);
    hash = hash_text(hash, config->repository);
    for (size_t i = 0; i < input_count; i++)
        if (input_table[i].compared) {
            hash = hash_text(hash, input_table[i].name);
            hash = hash_text(hash, input_text(reader, &input_table[i]));
        }
    for (size_t f = 0; f < FIELD_COUNT; f++) {
        hash = hash_text(hash, field_table[f].name);
        hash = hash_text(hash, config->properties[f].property);
    }
    for (size_t i = 0; i < config->n_statuses; i++) {
        hash = hash_text(hash, config->statuses[i].option);
        hash = hash_text(hash, config->statuses[i].state);
    }
    return arena_printf(reader->arena, "%016" PRIx64, hash);
}
