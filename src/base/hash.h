#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/*
 * FNV-1a with 64 bits (draft-eastlake-fnv): distinguishes texts, for uses in which nobody gains by
 * making two hash alike. To hash piece by piece, pass the result of the previous piece, and
 * HASH_START at first. Pieces are not kept apart; a caller that needs that adds a byte between
 * them.
 */
#define HASH_START UINT64_C(0xcbf29ce484222325)

uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t length);

/* The same for a string without its NUL. */
uint64_t hash_text(uint64_t hash, const char *text);

/* A string and a byte that UTF-8 never contains, to separate texts that follow each other. */
uint64_t hash_item(uint64_t hash, const char *text);

#endif
