#include "reconcile/decide.h"

#include <string.h>

static bool
row_links(enum row row)
{
    return row == ROW_LINKED || row == ROW_E2_RECOVER || row == ROW_E4_ADOPT ||
           row == ROW_E12_RESUME;
}

/* The pair of a number, if this pass sees its link. */
static bool
pair_linked(const struct world *world, const struct rules *rules, const struct issue_entry *number,
            struct pair *pair)
{
    struct missing missing = {0};
    bool known = pair_number(world, rules, number, &missing, pair);

    missing_free(&missing);
    return known && row_links(pair->row);
}

int64_t
reconcile_link_time(const struct rules *rules, const struct issue *issue, const struct page *page)
{
    int64_t time = rules->links_since;

    if (!rules->dates_links)
        return 0;
    if (issue->created_at > time)
        time = issue->created_at;
    return page->created_at > time ? page->created_at : time;
}

bool
reconcile_link(const struct world *world, const struct rules *rules,
               const struct issue_entry *number, struct link *link)
{
    struct pair pair = {0};

    if (!pair_linked(world, rules, number, &pair) || pair.entry == NULL ||
        pair.entry->page == NULL || number->issue == NULL)
        return false;
    *link = (struct link){
        .page_id = pair.entry->id,
        .page_url = pair.entry->page->url,
        .since = pair.row == ROW_LINKED
                     ? number->record->linked_at
                     : reconcile_link_time(rules, number->issue, pair.entry->page),
    };
    return true;
}

void
reconcile_attach(struct plan *plan, const struct world *world, const struct rules *rules,
                 const struct talk *talk, const struct talk_plan *says, struct arena *arena)
{
    struct item_list *list = &plan->items;
    size_t at = 0;
    struct pair pair = {0};
    struct item *item;

    if (!pair_linked(world, rules, world_find_issue(world, talk->number), &pair))
        return;
    while (at < list->len &&
           (list->items[at]->number != talk->number || !row_links(list->items[at]->row)))
        at++;
    item = at < list->len ? arena_memdup(arena, list->items[at], sizeof(*item))
                          : item_new(&pair, rules, plan, arena);
    item->talk = talk;
    item->says = says;
    /* The plan's list lives in its arena and cannot grow there. */
    if (at == list->cap) {
        const struct item **items = arena_array(arena, 2 * at + 8, sizeof(struct item *));

        if (at > 0)
            memcpy(items, list->items, at * sizeof(struct item *));
        list->items = items;
        list->cap = 2 * at + 8;
    }
    if (at == list->len)
        list->len++;
    list->items[at] = item;
}
