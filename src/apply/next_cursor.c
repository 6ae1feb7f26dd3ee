#include "apply/next_cursor.h"

#include <stdlib.h>
#include <string.h>

/* Covers the rounding to minutes, the lag of queries, and a margin (ms). */
#define OVERLAP ((int64_t)5 * 60 * 1000)
/* If more than this is left or failed, reading finds it again, not a list. */
#define AGAIN_NUMBERS_MAX ((size_t)10000)
#define AGAIN_PAGES_MAX   ((size_t)1000)

static int
by_number(const void *a, const void *b)
{
    const int64_t *x = a;
    const int64_t *y = b;

    return (*x > *y) - (*x < *y);
}

/* The numbers of what was not finished, in order. */
static int64_t *
not_done(const struct result_list *results, struct arena *arena, size_t *n)
{
    int64_t *numbers = arena_array(arena, results->len, sizeof(*numbers));

    *n = 0;
    for (size_t i = 0; i < results->len; i++)
        if (results->items[i]->done != DONE_OK && results->items[i]->number > 0)
            numbers[(*n)++] = results->items[i]->number;
    if (*n > 0)
        qsort(numbers, *n, sizeof(*numbers), by_number);
    return numbers;
}

/* Link comments that are due: those of this pass, and those in the previous list that it did not
 * get to. */
static void
comments_due(const struct gather *gather, const struct result_list *results, struct arena *arena,
             struct cursor *cursor)
{
    size_t before = gather->has_cursor ? gather->cursor.n_comments : 0;
    int64_t *due = arena_array(arena, before + results->len, sizeof(*due));
    size_t n_left;
    const int64_t *left = not_done(results, arena, &n_left);
    size_t n = 0;

    for (size_t i = 0; i < before; i++) {
        const struct issue_entry *entry =
            world_find_issue(gather->world, gather->cursor.comments[i]);

        if (entry == NULL || !entry->focus ||
            (n_left > 0 &&
             bsearch(&gather->cursor.comments[i], left, n_left, sizeof(*left), by_number) != NULL))
            due[n++] = gather->cursor.comments[i];
    }
    for (size_t i = 0; i < results->len; i++)
        if (results->items[i]->done == DONE_OK && results->items[i]->number > 0 &&
            results->items[i]->item->again == AGAIN_COMMENT)
            due[n++] = results->items[i]->number;
    if (n > 0)
        qsort(due, n, sizeof(*due), by_number);
    cursor->comments = due;
    cursor->n_comments = n;
}

/* What to look at again: issues by their numbers, pages without one by their ids. */
struct again_lists {
    int64_t *numbers;
    const char **pages;
    size_t n_numbers, n_pages;
};

static void
list_results(const struct result_list *results, bool failed, struct again_lists *lists)
{
    for (size_t i = 0; i < results->len; i++) {
        const struct result *result = results->items[i];
        enum again why = result->item->again;

        if ((result->done != DONE_REMAINING) != failed ||
            (!result->again && (why == AGAIN_NO || why == AGAIN_COMMENT)))
            continue;
        if (result->number > 0)
            lists->numbers[lists->n_numbers++] = result->number;
        else if (result->page_id != NULL)
            lists->pages[lists->n_pages++] = result->page_id;
    }
}

/* Things that an earlier pass listed and this one did not look at. */
static void
list_unseen(const struct gather *gather, struct again_lists *lists)
{
    const struct cursor *before = &gather->cursor;

    for (size_t i = 0; i < before->n_numbers; i++) {
        const struct issue_entry *number = world_find_issue(gather->world, before->numbers[i]);

        if (number == NULL || !number->focus)
            lists->numbers[lists->n_numbers++] = before->numbers[i];
    }
    for (size_t i = 0; i < before->n_pages; i++) {
        const struct page_entry *entry = world_find_page(gather->world, before->pages[i]);

        if (entry == NULL || !entry->focus)
            lists->pages[lists->n_pages++] = before->pages[i];
    }
}

/* What the next pass looks at again: first what this one did not get to, then what failed, so that
 * repeated failures delay nothing else. Returns false if that is too much. */
static bool
look_again(const struct gather *gather, bool full, const struct result_list *results,
           struct arena *arena, struct cursor *cursor)
{
    const struct cursor *before = &gather->cursor;
    struct again_lists lists = {
        .numbers = arena_array(arena, before->n_numbers + results->len, sizeof(int64_t)),
        .pages = arena_array(arena, before->n_pages + results->len, sizeof(const char *)),
    };

    if (gather->has_cursor && !full)
        list_unseen(gather, &lists);
    list_results(results, false, &lists);
    list_results(results, true, &lists);
    if (lists.n_numbers > AGAIN_NUMBERS_MAX || lists.n_pages > AGAIN_PAGES_MAX)
        return false;
    cursor->numbers = lists.numbers;
    cursor->n_numbers = lists.n_numbers;
    cursor->pages = lists.pages;
    cursor->n_pages = lists.n_pages;
    return true;
}

static void
note_blockers(const struct gather *gather, struct arena *arena, struct cursor *cursor)
{
    const struct touched_list *touched = &gather->overview.touched;
    struct blocked *blocked = arena_array(arena, touched->len, sizeof(*blocked));
    size_t n = 0;

    for (size_t i = 0; i < touched->len; i++) {
        const struct touched *one = &touched->items[i];

        if (one->blockers >= 0)
            blocked[n++] = (struct blocked){one->number, one->blockers};
    }
    cursor->blocked = blocked;
    cursor->n_blocked = n;
}

bool
next_cursor(const struct gather *gather, bool full, const struct result_list *results,
            struct arena *arena, struct cursor *cursor)
{
    *cursor = gather->has_cursor ? gather->cursor : (struct cursor){0};
    comments_due(gather, results, arena, cursor);
    cursor->comments_since = gather->comments_since;
    cursor->has_comment_rule = gather->comments_since != 0;
    cursor->comment_rule = gather->comment_rule;
    if (!look_again(gather, full, results, arena, cursor))
        return false;
    cursor->database = gather->config->database;
    cursor->data_source = gather->data_source;
    cursor->fingerprint = gather->config->fingerprint;
    cursor->github_watermark = gather->github_time - OVERLAP;
    cursor->notion_watermark = gather->notion_time - OVERLAP;
    cursor->comments_from = gather->comments_from;
    note_blockers(gather, arena, cursor);
    if (gather->bound)
        cursor->links =
            reconcile_pull_links(gather->world, &gather->rules, arena, &cursor->n_links);
    if (full)
        cursor->last_full = gather->github_time;
    return true;
}

bool
next_cursor_matters(const struct gather *gather, const struct cursor *cursor)
{
    if (cursor->n_numbers != gather->cursor.n_numbers ||
        cursor->n_pages != gather->cursor.n_pages ||
        cursor->n_comments != gather->cursor.n_comments ||
        cursor->comments_since != gather->cursor.comments_since ||
        cursor->comments_from != gather->cursor.comments_from ||
        cursor->has_comment_rule != gather->cursor.has_comment_rule ||
        cursor->comment_rule.since != gather->cursor.comment_rule.since ||
        cursor->n_links != gather->cursor.n_links ||
        (cursor->n_links > 0 && memcmp(cursor->links, gather->cursor.links,
                                       cursor->n_links * sizeof(*cursor->links)) != 0))
        return true;
    for (size_t i = 0; i < cursor->n_blocked; i++) {
        int64_t before = cursor_blockers(&gather->cursor, cursor->blocked[i].number);

        if (before >= 0 && before != cursor->blocked[i].blockers)
            return true;
    }
    return (gather->oldest_issue != 0 && gather->oldest_issue < cursor->github_watermark) ||
           (gather->oldest_page != 0 && gather->oldest_page < cursor->notion_watermark);
}
