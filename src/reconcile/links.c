#include "reconcile/links.h"

#include <string.h>

/* The number's record; false if there is none, or its link was ended. */
static bool
is_live(const struct number *entry, struct record *record)
{
    if (entry->record == NULL)
        return false;
    *record = *entry->record;
    return !record->ended && record->page_id != NULL;
}

enum linked
links_page(const struct world *world, bool complete, int64_t number, const char **page)
{
    const struct number *entry = world_find_number(world, number);
    const struct sheet *sheet;
    struct record record;

    if (entry == NULL || !entry->record_read)
        return complete ? LINK_NONE : LINK_UNREAD;
    if (!is_live(entry, &record))
        return entry->links ? LINK_SOON : LINK_NONE;
    sheet = world_find_sheet(world, record.page_id);
    if (sheet != NULL && sheet->sight == SIGHT_GONE)
        return LINK_NONE;
    *page = record.page_id;
    return LINK_KNOWN;
}

void
links_unseen(const struct world *world, const struct value *named, const struct value *before,
             struct id_list *pages)
{
    for (size_t i = 0; i < named->len; i++) {
        const struct sheet *sheet = world_find_sheet(world, named->items[i]);

        if (sheet != NULL && !value_has(before, named->items[i]) &&
            (sheet->sight == SIGHT_UNREAD || sheet->sight == SIGHT_MISSING))
            vec_push(pages, sheet->id);
    }
}

enum linked
links_number(const struct world *world, bool complete, const char *page, int64_t *number,
             int64_t *unread)
{
    const struct sheet *sheet = world_find_sheet(world, page);
    const struct number *entry;
    struct record record;

    *unread = 0;
    if (sheet != NULL && sheet->links)
        return LINK_SOON;
    if (sheet == NULL || (sheet->linked == 0 && !sheet->index_read))
        return complete ? LINK_NONE : LINK_UNREAD;
    if (sheet->linked == 0)
        return LINK_NONE;
    entry = world_find_number(world, sheet->linked);
    if (entry == NULL || !entry->record_read) {
        *unread = sheet->linked;
        return complete ? LINK_NONE : LINK_UNREAD;
    }
    if (!is_live(entry, &record) || record.is_pull || strcmp(record.page_id, page) != 0)
        return LINK_NONE;
    *number = entry->number;
    return LINK_KNOWN;
}

int64_t
links_any(const struct world *world, const char *page)
{
    const struct sheet *sheet = world_find_sheet(world, page);
    const struct number *entry =
        sheet != NULL && sheet->linked != 0 ? world_find_number(world, sheet->linked) : NULL;
    struct record record;

    if (entry == NULL || !is_live(entry, &record) || strcmp(record.page_id, page) != 0)
        return 0;
    return entry->number;
}
