#include "model/body.h"

#include <inttypes.h>
#include <string.h>

#include "base/hash.h"

char *
body_hash(struct arena *arena, const char *normal)
{
    return arena_printf(arena, "%016" PRIx64 "-%zu", hash_text(HASH_START, normal), strlen(normal));
}
