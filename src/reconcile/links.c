#include "reconcile/links.h"

#include <string.h>

static bool
is_live(const struct record *record)
{
    return record != NULL && !record->tombstone && record->page_id != NULL;
}

enum linked
links_page(const struct world *world, bool complete, int64_t number, const char **page)
{
    const struct issue_entry *issue = world_find_issue(world, number);
    const struct page_entry *entry;

    if (issue == NULL || !issue->record_read)
        return complete ? LINK_NONE : LINK_UNREAD;
    if (!is_live(issue->record))
        return issue->links ? LINK_SOON : LINK_NONE;
    entry = world_find_page(world, issue->record->page_id);
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
links_number(const struct world *world, bool complete, const char *page, int64_t *number,
             int64_t *unread)
{
    const struct page_entry *entry = world_find_page(world, page);
    const struct issue_entry *issue;

    *unread = 0;
    if (entry != NULL && entry->links)
        return LINK_SOON;
    if (entry == NULL || (entry->linked == 0 && !entry->index_read))
        return complete ? LINK_NONE : LINK_UNREAD;
    if (entry->linked == 0)
        return LINK_NONE;
    issue = world_find_issue(world, entry->linked);
    if (issue == NULL || !issue->record_read) {
        *unread = entry->linked;
        return complete ? LINK_NONE : LINK_UNREAD;
    }
    *number = links_any(world, page);
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
