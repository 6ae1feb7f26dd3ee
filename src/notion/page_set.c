#include "notion/notion_p.h"

#include <stdlib.h>
#include <string.h>

static size_t
hash(const char *id)
{
    size_t sum = 2166136261u;

    for (; *id != '\0'; id++)
        sum = (sum ^ (unsigned char)*id) * 16777619u;
    return sum;
}

/* The slot of the page with that id, or the free one where it belongs. */
static size_t *
find(const struct page_set *set, const struct page_list *list, const char *id)
{
    size_t at = hash(id) & (set->n_slots - 1);

    while (set->slots[at] != 0 && strcmp(list->items[set->slots[at] - 1]->id, id) != 0)
        at = (at + 1) & (set->n_slots - 1);
    return &set->slots[at];
}

static void
grow(struct page_set *set, const struct page_list *list)
{
    struct page_set larger = {.n_slots = set->n_slots > 0 ? 2 * set->n_slots : 256};

    larger.slots = mem_alloc(larger.n_slots * sizeof(*larger.slots));
    for (size_t i = 0; i < set->n_slots; i++)
        if (set->slots[i] != 0)
            *find(&larger, list, list->items[set->slots[i] - 1]->id) = set->slots[i];
    larger.used = set->used;
    page_set_release(set);
    *set = larger;
}

void
page_set_put(struct page_set *set, struct page_list *list, const struct page *page)
{
    size_t *slot;

    if (2 * set->used >= set->n_slots)
        grow(set, list);
    slot = find(set, list, page->id);
    if (*slot != 0) {
        list->items[*slot - 1] = page;
        return;
    }
    vec_push(list, page);
    *slot = list->len;
    set->used++;
}

void
page_set_release(struct page_set *set)
{
    free(set->slots);
    *set = (struct page_set){0};
}
