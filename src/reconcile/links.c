#include "reconcile/links.h"

#include <stdlib.h>
#include <string.h>

static int
by_address(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t)(*(const void *const *)a);
    uintptr_t y = (uintptr_t)(*(const void *const *)b);

    return (x > y) - (x < y);
}

void
links_begin(struct plan *plan, const struct pair *pairs, size_t n, struct arena *arena)
{
    VEC(const void *) links = {0};

    for (size_t i = 0; i < n; i++) {
        enum row row = pairs[i].row;

        if (row != ROW_E1_NEW_ISSUE && row != ROW_E2_RECOVER && row != ROW_E3_NEW_PAGE &&
            row != ROW_E4_ADOPT && row != ROW_E12_RESUME)
            continue;
        if (pairs[i].number != NULL)
            vec_push(&links, pairs[i].number);
        if (pairs[i].entry != NULL)
            vec_push(&links, pairs[i].entry);
    }
    if (links.len > 0)
        qsort(links.items, links.len, sizeof(*links.items), by_address);
    vec_take(&links, arena, plan->links, plan->n_links);
}

static bool
links_soon(const struct item *item, const void *entry)
{
    const struct plan *plan = item != NULL ? item->plan : NULL;

    return plan != NULL && plan->n_links > 0 &&
           bsearch(&entry, plan->links, plan->n_links, sizeof(entry), by_address) != NULL;
}

static bool
is_live(const struct record *record)
{
    return record != NULL && !record->tombstone && record->page_id != NULL;
}

enum linked
links_page(const struct rules *rules, const struct item *item, int64_t number, const char **page)
{
    const struct issue_entry *issue = world_find_issue(rules->world, number);
    const struct page_entry *entry;

    if (issue == NULL || !issue->record_read)
        return rules->records_complete ? LINK_NONE : LINK_UNREAD;
    if (!is_live(issue->record))
        return links_soon(item, issue) ? LINK_SOON : LINK_NONE;
    entry = world_find_page(rules->world, issue->record->page_id);
    if (entry != NULL && entry->sight == SIGHT_GONE)
        return LINK_NONE;
    *page = issue->record->page_id;
    return LINK_KNOWN;
}

void
links_unseen(const struct world *world, const struct value *named, const struct value *before,
             struct id_list *pages)
{
    for (size_t i = 0; i < named->len; i++) {
        const struct page_entry *entry = world_find_page(world, named->items[i]);

        if (entry != NULL && !value_has(before, named->items[i]) &&
            (entry->sight == SIGHT_UNREAD || entry->sight == SIGHT_MISSING))
            vec_push(pages, entry->id);
    }
}

enum linked
links_number(const struct rules *rules, const struct item *item, const char *page, int64_t *number,
             int64_t *unread)
{
    const struct page_entry *entry = world_find_page(rules->world, page);
    const struct issue_entry *issue;

    *unread = 0;
    if (entry != NULL && links_soon(item, entry))
        return LINK_SOON;
    if (entry == NULL || (entry->linked == 0 && !entry->index_read))
        return rules->records_complete ? LINK_NONE : LINK_UNREAD;
    if (entry->linked == 0)
        return LINK_NONE;
    issue = world_find_issue(rules->world, entry->linked);
    if (issue == NULL || !issue->record_read) {
        *unread = entry->linked;
        return rules->records_complete ? LINK_NONE : LINK_UNREAD;
    }
    *number = links_any(rules->world, page);
    return *number == 0 || issue->record->is_pull ? LINK_NONE : LINK_KNOWN;
}

int64_t
links_any(const struct world *world, const char *page)
{
    const struct page_entry *entry = world_find_page(world, page);
    const struct issue_entry *issue =
        entry != NULL && entry->linked != 0 ? world_find_issue(world, entry->linked) : NULL;

    return issue != NULL && is_live(issue->record) && strcmp(issue->record->page_id, page) == 0
               ? issue->number
               : 0;
}
