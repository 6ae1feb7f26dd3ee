#include "reconcile/missing.h"

#include <stdlib.h>
#include <string.h>

static int
by_number(const void *a, const void *b)
{
    const int64_t *x = a;
    const int64_t *y = b;

    return (*x > *y) - (*x < *y);
}

static int
by_id(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

#define NUMBER_LISTS 10
#define ID_LISTS     3

/* The lists that may name something several times. The focus is not a question. */
static void
lists_of(struct missing *missing, struct number_list *numbers[NUMBER_LISTS],
         struct id_list *ids[ID_LISTS])
{
    struct number_list *const all[NUMBER_LISTS] = {
        &missing->details, &missing->lookups,  &missing->comments, &missing->bodies,
        &missing->merges,  &missing->progress, &missing->checks,   &missing->tasks,
        &missing->changes, &missing->probes};
    struct id_list *const pages[ID_LISTS] = {&missing->pages, &missing->matches, &missing->indexes};

    memcpy(numbers, all, sizeof(all));
    memcpy(ids, pages, sizeof(pages));
}

bool
is_missing(const struct missing *missing)
{
    return missing->choices || missing->details.len > 0 || missing->lookups.len > 0 ||
           missing->comments.len > 0 || missing->bodies.len > 0 || missing->merges.len > 0 ||
           missing->progress.len > 0 || missing->checks.len > 0 || missing->tasks.len > 0 ||
           missing->changes.len > 0 || missing->probes.len > 0 || missing->pages.len > 0 ||
           missing->matches.len > 0 || missing->indexes.len > 0;
}

void
missing_tidy(struct missing *missing)
{
    struct number_list *numbers[NUMBER_LISTS];
    struct id_list *ids[ID_LISTS];

    lists_of(missing, numbers, ids);
    for (size_t k = 0; k < NUMBER_LISTS; k++) {
        size_t kept = 0;

        if (numbers[k]->len > 0)
            qsort(numbers[k]->items, numbers[k]->len, sizeof(int64_t), by_number);
        for (size_t i = 0; i < numbers[k]->len; i++)
            if (i == 0 || numbers[k]->items[i] != numbers[k]->items[kept - 1])
                numbers[k]->items[kept++] = numbers[k]->items[i];
        numbers[k]->len = kept;
    }
    for (size_t k = 0; k < ID_LISTS; k++) {
        size_t kept = 0;

        if (ids[k]->len > 0)
            qsort(ids[k]->items, ids[k]->len, sizeof(char *), by_id);
        for (size_t i = 0; i < ids[k]->len; i++)
            if (i == 0 || strcmp(ids[k]->items[i], ids[k]->items[kept - 1]) != 0)
                ids[k]->items[kept++] = ids[k]->items[i];
        ids[k]->len = kept;
    }
}

void
missing_free(struct missing *missing)
{
    struct number_list *numbers[NUMBER_LISTS];
    struct id_list *ids[ID_LISTS];

    lists_of(missing, numbers, ids);
    for (size_t i = 0; i < NUMBER_LISTS; i++)
        vec_free(numbers[i]);
    for (size_t i = 0; i < ID_LISTS; i++)
        vec_free(ids[i]);
    vec_free(&missing->issues_in_focus);
    vec_free(&missing->pages_in_focus);
}
