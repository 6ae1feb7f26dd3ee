#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A hash table of entries that live elsewhere: `struct table table = {0};`, table_free at the end.
 * The kind decides which entries are equal. A key is an entry too, but only the parts that the kind
 * reads need to be set. Those parts must not change while an entry is in a table.
 */
struct table {
    void **slots; /* open addressing; NULL: free */
    size_t n_slots, n;
};

struct table_kind {
    uint64_t (*hash)(const void *entry);
    bool (*equal)(const void *a, const void *b);
};

/* The entry that equals the key; NULL: there is none. */
void *table_find(const struct table *table, const struct table_kind *kind, const void *key);

/* Adds an entry that is not equal to any entry of the table. */
void table_add(struct table *table, const struct table_kind *kind, void *entry);

/* Leaves an empty table. The entries are not freed. */
void table_free(struct table *table);

#endif
