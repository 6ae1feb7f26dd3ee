#include "base/table.h"

#include "base/arena.h"

/* The slot of that entry, or the free slot where it belongs. */
static void **
slot_of(const struct table *table, const struct table_kind *kind, const void *key)
{
    size_t at = (size_t)kind->hash(key) & (table->n_slots - 1);

    while (table->slots[at] != NULL && !kind->equal(table->slots[at], key))
        at = (at + 1) & (table->n_slots - 1);
    return &table->slots[at];
}

void *
table_find(const struct table *table, const struct table_kind *kind, const void *key)
{
    return table->n > 0 ? *slot_of(table, kind, key) : NULL;
}

void
table_add(struct table *table, const struct table_kind *kind, void *entry)
{
    if (4 * table->n >= 3 * table->n_slots) {
        const struct table before = *table;

        table->n_slots = before.n_slots > 0 ? 2 * before.n_slots : 64;
        table->slots = mem_alloc(table->n_slots * sizeof(*table->slots));
        for (size_t i = 0; i < before.n_slots; i++)
            if (before.slots[i] != NULL)
                *slot_of(table, kind, before.slots[i]) = before.slots[i];
        mem_free(before.slots);
    }
    *slot_of(table, kind, entry) = entry;
    table->n++;
}

void
table_free(struct table *table)
{
    mem_free(table->slots);
    *table = (struct table){0};
}
