#include "model/body.h"

#include <inttypes.h>
#include <string.h>

/* FNV-1a, 64 bits (RFC draft-eastlake-fnv); the length beside it. */
char *
body_hash(struct arena *arena, const char *normal)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    for (const char *at = normal; *at != '\0'; at++)
        hash = (hash ^ (unsigned char)*at) * UINT64_C(1099511628211);
    return arena_printf(arena, "%016" PRIx64 "-%zu", hash, strlen(normal));
}
