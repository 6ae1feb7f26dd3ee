#include <inttypes.h>

#include <string.h>

#include "base/hash.h"
#include "config/config_p.h"

/* Each text with the zero behind it, so that no two lists of texts look alike; an absent one as a
 * byte that no text holds. */
static uint64_t
hash_choice(uint64_t hash, const char *text)
{
    return text != NULL ? hash_bytes(hash, text, strlen(text) + 1) : hash_item(hash, "");
}

const char *
config_fingerprint(const struct input_reader *reader)
{
    const struct config *config = reader->config;
    uint64_t hash = HASH_START;

    hash = hash_choice(hash, config->database);
    hash = hash_choice(hash, config->owner);
    hash = hash_choice(hash, config->repository);
    for (size_t i = 0; i < input_count; i++)
        if (input_table[i].compared) {
            hash = hash_choice(hash, input_table[i].name);
            hash = hash_choice(hash, input_text(reader, &input_table[i]));
        }
    for (enum field f = 0; f < config->fields.n; f++) {
        hash = hash_choice(hash, config->fields.items[f].name);
        hash = hash_choice(hash, config->properties[f].property);
    }
    for (size_t i = 0; i < config->n_statuses; i++) {
        hash = hash_choice(hash, config->statuses[i].option);
        hash = hash_choice(hash, config->statuses[i].state);
        hash = hash_choice(hash, config->statuses[i].label);
    }
    return arena_printf(reader->arena, "%016" PRIx64, hash);
}
