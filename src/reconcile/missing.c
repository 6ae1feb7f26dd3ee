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

void
lead_to_issue(const struct world *world, int64_t number, struct missing *missing)
{
    const struct issue_entry *entry = world_find_issue(world, number);

    if (entry == NULL || !entry->focus)
        vec_push(&missing->issues_in_focus, number);
}

#define NUMBER_LISTS 10
#define ID_LISTS     3

/* The lists that may name something several times. The focus is not a question. */
struct question_lists {
    struct number_list *numbers[NUMBER_LISTS];
    struct id_list *ids[ID_LISTS];
};

static struct question_lists
lists_of(struct missing *missing)
{
    return (struct question_lists){{&missing->details, &missing->lookups, &missing->comments,
                                    &missing->bodies, &missing->merges, &missing->progress,
                                    &missing->checks, &missing->tasks, &missing->changes,
                                    &missing->probes},
                                   {&missing->pages, &missing->matches, &missing->indexes}};
}

bool
is_missing(struct missing *missing)
{
    const struct question_lists lists = lists_of(missing);
    size_t n = missing->choices;

    for (size_t k = 0; k < NUMBER_LISTS; k++)
        n += lists.numbers[k]->len;
    for (size_t k = 0; k < ID_LISTS; k++)
        n += lists.ids[k]->len;
    return n > 0;
}

void
missing_tidy(struct missing *missing)
{
    const struct question_lists lists = lists_of(missing);

    for (size_t k = 0; k < NUMBER_LISTS; k++) {
        struct number_list *list = lists.numbers[k];
        size_t kept = 0;

        if (list->len > 0)
            qsort(list->items, list->len, sizeof(int64_t), by_number);
        for (size_t i = 0; i < list->len; i++)
            if (i == 0 || list->items[i] != list->items[kept - 1])
                list->items[kept++] = list->items[i];
        list->len = kept;
    }
    for (size_t k = 0; k < ID_LISTS; k++) {
        struct id_list *list = lists.ids[k];
        size_t kept = 0;

        if (list->len > 0)
            qsort(list->items, list->len, sizeof(char *), by_id);
        for (size_t i = 0; i < list->len; i++)
            if (i == 0 || strcmp(list->items[i], list->items[kept - 1]) != 0)
                list->items[kept++] = list->items[i];
        list->len = kept;
    }
}

void
missing_free(struct missing *missing)
{
    const struct question_lists lists = lists_of(missing);

    for (size_t i = 0; i < NUMBER_LISTS; i++)
        vec_free(lists.numbers[i]);
    for (size_t i = 0; i < ID_LISTS; i++)
        vec_free(lists.ids[i]);
    vec_free(&missing->issues_in_focus);
    vec_free(&missing->pages_in_focus);
    vec_free(&missing->named);
}
