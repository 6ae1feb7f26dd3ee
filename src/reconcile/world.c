#include "reconcile/world.h"

#include <string.h>

#include "base/hash.h"
#include "reconcile/comment.h"

static const struct pulls_seen nothing_seen;

struct world {
    struct arena *arena;
    struct table by_number, by_id, tasks;
    VEC(struct number *) numbers;
    VEC(struct sheet *) sheets;
    const struct record *record; /* the one kept last */
};

static uint64_t
number_hash(const void *entry)
{
    const struct number *number = entry;

    return hash_bytes(HASH_START, &number->number, sizeof(number->number));
}

static bool
number_equal(const void *a, const void *b)
{
    const struct number *x = a;
    const struct number *y = b;

    return x->number == y->number;
}

static uint64_t
task_hash(const void *entry)
{
    const struct task *task = entry;

    return hash_bytes(HASH_START, &task->number, sizeof(task->number));
}

static bool
task_equal(const void *a, const void *b)
{
    const struct task *x = a;
    const struct task *y = b;

    return x->number == y->number;
}

static uint64_t
sheet_hash(const void *entry)
{
    const struct sheet *sheet = entry;

    return hash_text(HASH_START, sheet->id);
}

static bool
sheet_equal(const void *a, const void *b)
{
    const struct sheet *x = a;
    const struct sheet *y = b;

    return strcmp(x->id, y->id) == 0;
}

static const struct table_kind numbers_kind = {number_hash, number_equal};
static const struct table_kind sheets_kind = {sheet_hash, sheet_equal};
static const struct table_kind tasks_kind = {task_hash, task_equal};

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
    table_free(&world->by_number);
    table_free(&world->by_id);
    table_free(&world->tasks);
    vec_free(&world->numbers);
    vec_free(&world->sheets);
}

struct number *
world_find_number(const struct world *world, int64_t number)
{
    const struct number key = {.number = number};

    return table_find(&world->by_number, &numbers_kind, &key);
}

struct sheet *
world_find_sheet(const struct world *world, const char *id)
{
    const struct sheet key = {.id = id};

    return table_find(&world->by_id, &sheets_kind, &key);
}

struct number *
world_number(struct world *world, int64_t number)
{
    struct number *entry = world_find_number(world, number);

    if (entry != NULL)
        return entry;
    entry = arena_array(world->arena, 1, sizeof(*entry));
    entry->number = number;
    entry->seen = &nothing_seen;
    table_add(&world->by_number, &numbers_kind, entry);
    vec_push(&world->numbers, entry);
    return entry;
}

struct sheet *
world_sheet(struct world *world, const char *id)
{
    struct sheet *entry = world_find_sheet(world, id);

    if (entry != NULL)
        return entry;
    entry = arena_array(world->arena, 1, sizeof(*entry));
    entry->id = arena_strdup(world->arena, id);
    entry->seen = &nothing_seen;
    table_add(&world->by_id, &sheets_kind, entry);
    vec_push(&world->sheets, entry);
    return entry;
}

static void
sheet_claim(struct world *world, struct sheet *sheet, struct number *claimant)
{
    for (size_t i = 0; i < sheet->claims.len; i++)
        if (sheet->claims.items[i] == claimant)
            return;
    small_push(&sheet->claims, world->arena, claimant);
}

void
world_see_issue(struct world *world, const struct issue *issue)
{
    struct number *entry = world_number(world, issue->number);

    entry->sight = SIGHT_SEEN;
    entry->issue = issue_keep(issue, world->arena);
    if (issue->marker != NULL)
        sheet_claim(world, world_sheet(world, issue->marker), entry);
}

static void
drop_sheet(struct sheet **items, unsigned *len, const struct sheet *sheet)
{
    for (size_t i = 0; i < *len; i++) {
        if (items[i] == sheet) {
            items[i] = items[--*len];
            return;
        }
    }
}

/* What a page says is no longer true: it carries no number, and shows none. */
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
        small_push(&world_number(world, page->number)->sheets, world->arena, entry);
    else if (page->number == 0 && page->named > 0 && !page->archived)
        small_push(&world_number(world, page->named)->shown, world->arena, entry);
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

/* The record's copy names the page by its entry's id. */
static const struct record *
record_keep_of(struct world *world, const struct sheet *sheet, const struct record *record)
{
    struct record named = *record;

    named.page_id = sheet->id;
    return record_keep(&named, world->record, world->arena);
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

        entry->record = world->record = record_keep_of(world, sheet, record);
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
    struct task *entry = table_find(&world->tasks, &tasks_kind, &key);

    if (entry != NULL)
        return entry;
    entry = arena_alloc(world->arena, sizeof(*entry));
    entry->number = number;
    table_add(&world->tasks, &tasks_kind, entry);
    return entry;
}

/* The entry's own, from the first thing that is seen on. */
static struct pulls_seen *
own_seen(struct world *world, const struct pulls_seen **seen)
{
    if (*seen == &nothing_seen) {
        struct pulls_seen *own = arena_alloc(world->arena, sizeof(*own));

        *seen = own;
        return own;
    }
    return (struct pulls_seen *)*seen;
}

void
world_see_task(struct world *world, const char *page_id, const struct record *record)
{
    struct sheet *sheet;

    if (record == NULL)
        return;
    sheet = world_sheet(world, page_id);
    own_seen(world, &sheet->seen)->task = record_keep_of(world, sheet, record);
}

void
world_name_task(struct world *world, struct sheet *sheet, const struct pull_facts *pull)
{
    struct pulls_seen *seen = own_seen(world, &sheet->seen);

    for (size_t i = 0; i < seen->pulls.len; i++)
        if (seen->pulls.items[i] == pull)
            return;
    small_push(&seen->pulls, world->arena, pull);
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
        small_push(&seen->pulls, world->arena, &facts->linked[i]);
}

void
world_list_pull(struct world *world, const struct pull_facts *pull)
{
    struct number *entry = world_number(world, pull->number);

    entry->progress_read = true;
    own_seen(world, &entry->seen)->pull = pull;
    for (size_t i = 0; i < pull->n_closes; i++)
        small_push(&own_seen(world, &world_number(world, pull->closes[i])->seen)->pulls,
                   world->arena, pull);
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
    entry->n_comments = (unsigned)n;
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
