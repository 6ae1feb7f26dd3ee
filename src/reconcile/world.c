#include "reconcile/world.h"

#include <search.h>
#include <string.h>

#include "reconcile/comment.h"

static const struct pulls_seen nothing_seen;

struct world {
    struct arena *arena;
    void *numbers_by_number; /* tsearch trees */
    void *sheets_by_id;
    void *tasks;
    VEC(struct task *) all_tasks;
    VEC(struct pulls_seen *) all_seen;
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
task_order(const void *a, const void *b)
{
    const struct task *x = a;
    const struct task *y = b;

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
    for (size_t i = 0; i < world->all_tasks.len; i++)
        tdelete(world->all_tasks.items[i], &world->tasks, task_order);
    for (size_t i = 0; i < world->all_seen.len; i++)
        vec_free(&world->all_seen.items[i]->pulls);
    vec_free(&world->all_tasks);
    vec_free(&world->all_seen);
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
    entry->seen = &nothing_seen;
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
    entry->seen = &nothing_seen;
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
    if (page->task > 0 && !page->archived)
        world_task(world, page->task)->sheet = entry;
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

struct task *
world_task(struct world *world, int64_t number)
{
    const struct task key = {.number = number};
    struct task *const *found = tfind(&key, &world->tasks, task_order);
    struct task *entry;

    if (found != NULL)
        return *found;
    entry = arena_alloc(world->arena, sizeof(*entry));
    entry->number = number;
    if (tsearch(entry, &world->tasks, task_order) == NULL)
        mem_exhausted(sizeof(*entry));
    vec_push(&world->all_tasks, entry);
    return entry;
}

/* The entry's own, from the first thing that is seen on. */
static struct pulls_seen *
own_seen(struct world *world, const struct pulls_seen **seen)
{
    if (*seen == &nothing_seen) {
        struct pulls_seen *own = arena_alloc(world->arena, sizeof(*own));

        vec_push(&world->all_seen, own);
        *seen = own;
        return own;
    }
    return (struct pulls_seen *)*seen;
}

void
world_see_task(struct world *world, const char *page_id, const struct record *record)
{
    if (record != NULL)
        own_seen(world, &world_sheet(world, page_id)->seen)->task =
            record_keep(record, NULL, world->arena);
}

void
world_name_task(struct world *world, struct sheet *sheet, const struct pull_facts *pull)
{
    struct pulls_seen *seen = own_seen(world, &sheet->seen);

    for (size_t i = 0; i < seen->pulls.len; i++)
        if (seen->pulls.items[i] == pull)
            return;
    vec_push(&seen->pulls, pull);
}

void
world_see_progress(struct world *world, int64_t number, const struct progress_facts *facts)
{
    struct number *entry = world_number(world, number);
    struct pulls_seen *seen;

    entry->progress_read = true;
    if (!facts->is_pull && facts->complete && facts->n_linked == 0)
        return;
    seen = own_seen(world, &entry->seen);
    seen->pull = facts->is_pull ? &facts->pull : NULL;
    seen->cut = !facts->is_pull && !facts->complete;
    for (size_t i = 0; i < facts->n_linked; i++)
        vec_push(&seen->pulls, &facts->linked[i]);
}

void
world_list_pull(struct world *world, const struct pull_facts *pull)
{
    struct number *entry = world_number(world, pull->number);

    entry->progress_read = true;
    own_seen(world, &entry->seen)->pull = pull;
    for (size_t i = 0; i < pull->n_closes; i++)
        vec_push(&own_seen(world, &world_number(world, pull->closes[i])->seen)->pulls, pull);
}

void
world_see_checks(struct world *world, int64_t number, const char *checks)
{
    struct pulls_seen *seen = own_seen(world, &world_number(world, number)->seen);

    seen->checks_read = true;
    seen->checks = checks;
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
