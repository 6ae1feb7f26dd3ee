#include "reconcile/world.h"

#include <search.h>
#include <string.h>

#include "reconcile/comment.h"

struct world {
    struct arena *arena;
    void *numbers_by_number; /* tsearch trees */
    void *sheets_by_id;
    VEC(struct number *) numbers;
    VEC(struct sheet *) sheets;
    const struct record *record; /* the one kept last */
};

static int
number_order(const void *a, const void *b)
{
    const struct number *x = a;
    const struct number *y = b;

    return (x->number > y->number) - (x->number < y->number);
}

static int
sheet_order(const void *a, const void *b)
{
    const struct sheet *x = a;
    const struct sheet *y = b;

    return strcmp(x->id, y->id);
}

struct world *
world_new(struct arena *arena)
{
    struct world *world = arena_alloc(arena, sizeof(*world));

    world->arena = arena;
    return world;
}

void
world_free(struct world *world)
{
    if (world == NULL)
        return;
    for (size_t i = 0; i < world->numbers.len; i++) {
        tdelete(world->numbers.items[i], &world->numbers_by_number, number_order);
        vec_free(&world->numbers.items[i]->sheets);
        vec_free(&world->numbers.items[i]->shown);
    }
    for (size_t i = 0; i < world->sheets.len; i++) {
        tdelete(world->sheets.items[i], &world->sheets_by_id, sheet_order);
        vec_free(&world->sheets.items[i]->claims);
    }
    vec_free(&world->numbers);
    vec_free(&world->sheets);
}

struct number *
world_find_number(const struct world *world, int64_t number)
{
    const struct number key = {.number = number};
    struct number *const *found = tfind(&key, &world->numbers_by_number, number_order);

    return found != NULL ? *found : NULL;
}

struct sheet *
world_find_sheet(const struct world *world, const char *id)
{
    const struct sheet key = {.id = id};
    struct sheet *const *found = tfind(&key, &world->sheets_by_id, sheet_order);

    return found != NULL ? *found : NULL;
}

struct number *
world_number(struct world *world, int64_t number)
{
    struct number *entry = world_find_number(world, number);

    if (entry != NULL)
        return entry;
    entry = arena_alloc(world->arena, sizeof(*entry));
    entry->number = number;
    if (tsearch(entry, &world->numbers_by_number, number_order) == NULL)
        mem_exhausted(sizeof(*entry));
    vec_push(&world->numbers, entry);
    return entry;
}

struct sheet *
world_sheet(struct world *world, const char *id)
{
    struct sheet *entry = world_find_sheet(world, id);

    if (entry != NULL)
        return entry;
    entry = arena_alloc(world->arena, sizeof(*entry));
    entry->id = arena_share(world->arena, id);
    if (tsearch(entry, &world->sheets_by_id, sheet_order) == NULL)
        mem_exhausted(sizeof(*entry));
    vec_push(&world->sheets, entry);
    return entry;
}

static void
sheet_claim(struct sheet *sheet, struct number *claimant)
{
    for (size_t i = 0; i < sheet->claims.len; i++)
        if (sheet->claims.items[i] == claimant)
            return;
    vec_push(&sheet->claims, claimant);
}

void
world_see_issue(struct world *world, const struct issue *issue)
{
    struct number *entry = world_number(world, issue->number);

    entry->sight = SIGHT_SEEN;
    entry->issue = issue_keep(issue, world->arena);
    if (issue->marker != NULL)
        sheet_claim(world_sheet(world, issue->marker), entry);
}

static void
drop_sheet(struct sheet **items, size_t *len, const struct sheet *sheet)
{
    for (size_t i = 0; i < *len; i++) {
        if (items[i] == sheet) {
            items[i] = items[--*len];
            return;
        }
    }
}

/* What a page says is not so any more: it carries no number, and shows none. */
static void
sheet_leave_number(struct world *world, const struct sheet *sheet)
{
    struct number *entry;
    struct page page;

    if (sheet->page == NULL)
        return;
    page = *sheet->page;
    if (page.number > 0) {
        entry = world_number(world, page.number);
        drop_sheet(entry->sheets.items, &entry->sheets.len, sheet);
    }
    if (page.named > 0) {
        entry = world_number(world, page.named);
        drop_sheet(entry->shown.items, &entry->shown.len, sheet);
    }
}

void
world_see_kept_page(struct world *world, const struct page *kept)
{
    const struct page *page = kept;
    struct sheet *entry = world_sheet(world, page->id);

    if (entry->page != NULL && entry->page->direct && !page->direct)
        return;
    sheet_leave_number(world, entry);
    entry->page = kept;
    entry->sight = page->gone ? SIGHT_GONE : SIGHT_SEEN;
    if (page->gone || page->foreign)
        return;
    if (page->number > 0)
        vec_push(&world_number(world, page->number)->sheets, entry);
    else if (page->number == 0 && page->named > 0 && !page->archived)
        vec_push(&world_number(world, page->named)->shown, entry);
}

void
world_see_page(struct world *world, const struct page *page)
{
    world_see_kept_page(world, page_keep(page, world->arena));
}

void
world_miss_page(struct world *world, const char *id)
{
    struct sheet *entry = world_sheet(world, id);

    sheet_leave_number(world, entry);
    entry->sight = SIGHT_GONE;
}

void
world_see_record(struct world *world, int64_t number, const struct record *record)
{
    struct number *entry = world_number(world, number);

    entry->record_read = true;
    entry->record = entry->pending = NULL;
    if (record == NULL)
        return;
    if (record->page_id == NULL) {
        entry->pending = record_keep(record, world->record, world->arena);
    } else {
        struct sheet *sheet = world_sheet(world, record->page_id);

        entry->record = world->record = record_keep(record, world->record, world->arena);
        /* Of two records that name one page the live one counts. */
        if (sheet->linked == 0 || !record->ended) {
            sheet->linked = number;
            sheet->index_read = true;
        }
    }
}

void
world_see_bodies(struct world *world, int64_t number, const char *const texts[SIDE_COUNT],
                 const char *const next[SIDE_COUNT])
{
    struct number *entry = world_number(world, number);
    struct base_texts *bodies = arena_alloc(world->arena, sizeof(*bodies));

    memcpy(bodies->base, texts, sizeof(bodies->base));
    memcpy(bodies->next, next, sizeof(bodies->next));
    entry->bodies = bodies;
}

void
world_see_comments(struct world *world, int64_t number, const struct own_comment *comments,
                   size_t n)
{
    struct number *entry = world_number(world, number);
    const char *id;

    struct own_comment *kept = arena_memdup(world->arena, comments, n * sizeof(*kept));

    if (entry->record != NULL) {
        const struct record *record = entry->record;

        comments_vouch(kept, n, record);
    }
    entry->comments_read = true;
    entry->comments = kept;
    entry->n_comments = n;
    for (size_t i = 0; i < n; i++)
        if (comment_is_link(&kept[i], &id))
            world_sheet(world, id)->mention = entry;
}

struct number *const *
world_numbers(const struct world *world, size_t *n)
{
    *n = world->numbers.len;
    return world->numbers.items;
}

struct sheet *const *
world_sheets(const struct world *world, size_t *n)
{
    *n = world->sheets.len;
    return world->sheets.items;
}
