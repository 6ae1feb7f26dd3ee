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
    struct page_entry *const *pages = world_pages(world, &n);
    struct issue_entry *const *numbers;

    for (size_t i = 0; i < n; i++)
        focused += pages[i]->focus;
    numbers = world_issues(world, &n);
    for (size_t i = 0; i < n; i++)
        focused += numbers[i]->focus;
    return focused;
}

static void
wants_walk(struct world *world, const struct rules *rules, struct missing *missing)
{
    struct page_entry *const *pages;
    struct issue_entry *const *numbers;
    struct pair pair;
    size_t n;

    progress_walk(world, rules, missing);
    /* Pages first: they put the numbers that they are linked to into focus. */
    pages = world_pages(world, &n);
    for (size_t i = 0; i < n; i++, pages = world_pages(world, &n))
        if (pages[i]->focus && pair_page(world, rules, pages[i], missing, &pair))
            item_wants(rules, &pair, missing);
    numbers = world_issues(world, &n);
    for (size_t i = 0; i < n; i++, numbers = world_issues(world, &n)) {
        if (!numbers[i]->focus || !pair_number(world, rules, numbers[i], missing, &pair))
            continue;
        item_wants(rules, &pair, missing);
        if (numbers[i]->bodies == NULL && body_is_open(rules, &pair))
            vec_push(&missing->bodies, numbers[i]->number);
    }
}

bool
reconcile_wants(struct world *world, const struct rules *rules, struct missing *missing)
{
    size_t focused;

    *missing = (struct missing){0};
    /* A number can bring into focus the page that has lost it to another, a pull request its
     * tasks. */
    do {
        focused = count_focused(world);
        wants_walk(world, rules, missing);
    } while (count_focused(world) > focused);
    numbers_unique(&missing->details);
    numbers_unique(&missing->lookups);
    numbers_unique(&missing->comments);
    numbers_unique(&missing->bodies);
    numbers_unique(&missing->progress);
    numbers_unique(&missing->checks);
    numbers_unique(&missing->tasks);
    numbers_unique(&missing->changes);
    numbers_unique(&missing->merges);
    numbers_unique(&missing->probes);
    ids_unique(&missing->pages);
    ids_unique(&missing->matches);
    ids_unique(&missing->indexes);
    return missing->choices || missing->details.len + missing->lookups.len + missing->comments.len +
                                       missing->bodies.len + missing->progress.len +
                                       missing->checks.len + missing->tasks.len +
                                       missing->changes.len + missing->merges.len +
                                       missing->probes.len + missing->pages.len +
                                       missing->matches.len + missing->indexes.len >
                                   0;
}

void
wants_free(struct missing *missing)
{
    vec_free(&missing->details);
    vec_free(&missing->lookups);
    vec_free(&missing->comments);
    vec_free(&missing->bodies);
    vec_free(&missing->progress);
    vec_free(&missing->checks);
    vec_free(&missing->tasks);
    vec_free(&missing->changes);
    vec_free(&missing->merges);
    vec_free(&missing->probes);
    vec_free(&missing->pages);
    vec_free(&missing->matches);
    vec_free(&missing->indexes);
}
