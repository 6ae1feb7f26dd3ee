#include "reconcile/reconcile.h"

#include <stdlib.h>
#include <string.h>

#include "reconcile/body.h"
#include "reconcile/item.h"
#include "reconcile/progress.h"

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

static void
numbers_unique(struct number_list *list)
{
    size_t kept = 0;

    if (list->len > 0)
        qsort(list->items, list->len, sizeof(*list->items), by_number);
    for (size_t i = 0; i < list->len; i++)
        if (i == 0 || list->items[i] != list->items[kept - 1])
            list->items[kept++] = list->items[i];
    list->len = kept;
}

static void
ids_unique(struct id_list *list)
{
    size_t kept = 0;

    if (list->len > 0)
        qsort(list->items, list->len, sizeof(*list->items), by_id);
    for (size_t i = 0; i < list->len; i++)
        if (i == 0 || strcmp(list->items[i], list->items[kept - 1]) != 0)
            list->items[kept++] = list->items[i];
    list->len = kept;
}

static size_t
count_focused(const struct world *world)
{
    size_t n;
    size_t focused = 0;
    struct sheet *const *sheets = world_sheets(world, &n);
    struct number *const *numbers;

    for (size_t i = 0; i < n; i++)
        focused += sheets[i]->focus;
    numbers = world_numbers(world, &n);
    for (size_t i = 0; i < n; i++)
        focused += numbers[i]->focus;
    return focused;
}

static void
wants_walk(struct world *world, const struct rules *rules, struct wants *wants)
{
    struct sheet *const *sheets;
    struct number *const *numbers;
    struct pair pair;
    size_t n;

    progress_walk(world, rules, wants);
    /* Pages first: they put the numbers that they are linked to into focus. */
    sheets = world_sheets(world, &n);
    for (size_t i = 0; i < n; i++, sheets = world_sheets(world, &n))
        if (sheets[i]->focus && pair_sheet(world, rules, sheets[i], wants, &pair))
            item_wants(rules, &pair, wants);
    numbers = world_numbers(world, &n);
    for (size_t i = 0; i < n; i++, numbers = world_numbers(world, &n)) {
        if (!numbers[i]->focus || !pair_number(world, rules, numbers[i], wants, &pair))
            continue;
        item_wants(rules, &pair, wants);
        if (numbers[i]->bodies == NULL && body_is_open(rules, &pair))
            vec_push(&wants->bodies, numbers[i]->number);
    }
}

bool
reconcile_wants(struct world *world, const struct rules *rules, struct wants *wants)
{
    size_t focused;

    *wants = (struct wants){0};
    /* A number can bring into focus the page that has lost it to another, a pull request its
     * tasks. */
    do {
        focused = count_focused(world);
        wants_walk(world, rules, wants);
    } while (count_focused(world) > focused);
    numbers_unique(&wants->details);
    numbers_unique(&wants->lookups);
    numbers_unique(&wants->comments);
    numbers_unique(&wants->bodies);
    numbers_unique(&wants->progress);
    numbers_unique(&wants->checks);
    numbers_unique(&wants->tasks);
    numbers_unique(&wants->changes);
    numbers_unique(&wants->merges);
    numbers_unique(&wants->probes);
    ids_unique(&wants->pages);
    ids_unique(&wants->matches);
    ids_unique(&wants->indexes);
    return wants->choices || wants->details.len + wants->lookups.len + wants->comments.len +
                                     wants->bodies.len + wants->progress.len + wants->checks.len +
                                     wants->tasks.len + wants->changes.len + wants->merges.len +
                                     wants->probes.len + wants->pages.len + wants->matches.len +
                                     wants->indexes.len >
                                 0;
}

void
wants_free(struct wants *wants)
{
    vec_free(&wants->details);
    vec_free(&wants->lookups);
    vec_free(&wants->comments);
    vec_free(&wants->bodies);
    vec_free(&wants->progress);
    vec_free(&wants->checks);
    vec_free(&wants->tasks);
    vec_free(&wants->changes);
    vec_free(&wants->merges);
    vec_free(&wants->probes);
    vec_free(&wants->pages);
    vec_free(&wants->matches);
    vec_free(&wants->indexes);
}
