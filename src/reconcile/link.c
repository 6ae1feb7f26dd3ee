#include "reconcile/decide.h"

static bool
row_links(enum row row)
{
    return row == ROW_LINKED || row == ROW_E2_RECOVER || row == ROW_E4_ADOPT ||
           row == ROW_E12_RESUME;
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
reconcile_link(const struct world *world, const struct rules *rules, struct issue_entry *number,
               struct link *link)
{
    struct pair pair;

    if (!pair_number(world, rules, number, NULL, &pair) || !row_links(pair.row) ||
        pair.entry == NULL || pair.entry->page == NULL || number->issue == NULL)
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

/* The plan's list lives in its arena and cannot grow. */
static void
plan_append(struct plan *plan, struct item *item, struct arena *arena)
{
    struct item_list *list = &plan->items;

    if (list->len == list->cap) {
        struct item **items = arena_array(arena, 2 * list->cap + 8, sizeof(struct item *));

        for (size_t i = 0; i < list->len; i++)
            items[i] = list->items[i];
        list->items = items;
        list->cap = 2 * list->cap + 8;
    }
    list->items[list->len++] = item;
}

static struct item *
plan_item(const struct plan *plan, int64_t number)
{
    for (size_t i = 0; i < plan->items.len; i++)
        if (plan->items.items[i]->number == number && row_links(plan->items.items[i]->row))
            return plan->items.items[i];
    return NULL;
}

void
reconcile_attach(struct plan *plan, struct world *world, const struct rules *rules,
                 const struct talk *talk, const struct talk_plan *says, struct arena *arena)
{
    struct issue_entry *number = world_issue(world, talk->number);
    struct item *item = plan_item(plan, talk->number);
    struct pair pair;

    if (!pair_number(world, rules, number, NULL, &pair) || !row_links(pair.row))
        return;
    if (item == NULL) {
        item = item_new(&pair, rules, arena);
        plan_append(plan, item, arena);
    }
    item->talk = talk;
    item->says = says;
}
