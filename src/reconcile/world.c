#include "reconcile/world.h"

#include <string.h>

#include "base/hash.h"
#include "reconcile/comment.h"

static const struct pulls_seen nothing_seen;

struct world {
    struct arena *arena;
    struct table issue_table, page_table, tasks;
    VEC(struct issue_entry *) issues;
    VEC(struct page_entry *) pages;
    const struct record *record; /* the one kept last */
};

/* Entries of issues, and tasks, begin with their number. */
static uint64_t
number_hash(const void *entry)
{
    return hash_bytes(HASH_START, entry, sizeof(int64_t));
}

static bool
number_equal(const void *a, const void *b)
{
    return *(const int64_t *)a == *(const int64_t *)b;
}

static uint64_t
page_hash(const void *entry)
{
    return hash_text(HASH_START, ((const struct page_entry *)entry)->id);
}

static bool
page_equal(const void *a, const void *b)
{
    return strcmp(((const struct page_entry *)a)->id, ((const struct page_entry *)b)->id) == 0;
}

static const struct table_kind by_number = {number_hash, number_equal};
static const struct table_kind by_id = {page_hash, page_equal};

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
    table_free(&world->issue_table);
    table_free(&world->page_table);
    table_free(&world->tasks);
    vec_free(&world->issues);
    vec_free(&world->pages);
}

struct issue_entry *
world_find_issue(const struct world *world, int64_t number)
{
    const struct issue_entry key = {.number = number};

    return table_find(&world->issue_table, &by_number, &key);
}

struct page_entry *
world_find_page(const struct world *world, const char *id)
{
    const struct page_entry key = {.id = id};

    return table_find(&world->page_table, &by_id, &key);
}

struct issue_entry *
world_issue(struct world *world, int64_t number)
{
    struct issue_entry *entry = world_find_issue(world, number);

    if (entry != NULL)
        return entry;
    entry = arena_array(world->arena, 1, sizeof(*entry));
    entry->number = number;
    entry->seen = &nothing_seen;
    table_add(&world->issue_table, &by_number, entry);
    vec_push(&world->issues, entry);
    return entry;
}

/* id lives as long as the world, or is copied. */
static struct page_entry *
page_entry_of(struct world *world, const char *id, bool copies)
{
    struct page_entry *entry = world_find_page(world, id);

    if (entry != NULL)
        return entry;
    entry = arena_array(world->arena, 1, sizeof(*entry));
    entry->id = copies ? arena_strdup(world->arena, id) : id;
    entry->seen = &nothing_seen;
    table_add(&world->page_table, &by_id, entry);
    vec_push(&world->pages, entry);
    return entry;
}

struct page_entry *
world_page(struct world *world, const char *id)
{
    return page_entry_of(world, id, true);
}

void
world_see_issue(struct world *world, const struct issue *issue)
{
    struct issue_entry *entry = world_issue(world, issue->number);
    struct page_entry *page;

    entry->sight = SIGHT_SEEN;
    entry->issue = issue_pack(issue, world->arena);
    if (issue->marker == NULL)
        return;
    page = world_page(world, issue->marker);
    for (size_t i = 0; i < page->claims.len; i++)
        if (page->claims.items[i] == entry)
            return;
    small_push(&page->claims, world->arena, entry);
}

static void
drop_page(struct page_entry **items, unsigned *len, const struct page_entry *entry)
{
    for (size_t i = 0; i < *len; i++) {
        if (items[i] == entry) {
            items[i] = items[--*len];
            return;
        }
    }
}

/* What a page says is no longer true: it carries no number and shows none. */
static void
page_leave_number(struct world *world, const struct page_entry *entry)
{
    const struct page *page = entry->page;
    struct issue_entry *issue;

    if (page != NULL && page->number > 0) {
        issue = world_issue(world, page->number);
        drop_page(issue->pages.items, &issue->pages.len, entry);
    }
    if (page != NULL && page->named > 0) {
        issue = world_issue(world, page->named);
        drop_page(issue->shown.items, &issue->shown.len, entry);
    }
}

void
world_see_packed_page(struct world *world, const struct page *page)
{
    struct page_entry *entry = page_entry_of(world, page->id, false);

    if (entry->page != NULL && entry->page->direct && !page->direct)
        return;
    page_leave_number(world, entry);
    entry->page = page;
    entry->sight = page->gone ? SIGHT_GONE : SIGHT_SEEN;
    if (page->gone || page->foreign)
        return;
    if (page->task > 0 && !page->archived)
        world_task(world, page->task)->entry = entry;
    if (page->number > 0)
        small_push(&world_issue(world, page->number)->pages, world->arena, entry);
    else if (page->number == 0 && page->named > 0 && !page->archived)
        small_push(&world_issue(world, page->named)->shown, world->arena, entry);
}

void
world_see_page(struct world *world, const struct page *page)
{
    world_see_packed_page(world, page_pack(page, world->arena));
}

void
world_miss_page(struct world *world, const char *id)
{
    struct page_entry *entry = world_page(world, id);

    page_leave_number(world, entry);
    entry->sight = SIGHT_GONE;
}

/* The record's copy names the page by its entry's id. */
static const struct record *
record_pack_of(struct world *world, const struct page_entry *entry, const struct record *record)
{
    struct record named = *record;

    named.page_id = entry->id;
    return record_pack(&named, world->record, world->arena);
}

void
world_see_record(struct world *world, int64_t number, const struct record *record)
{
    struct issue_entry *entry = world_issue(world, number);
    struct page_entry *page;

    entry->record_read = true;
    entry->record = entry->pending = NULL;
    if (record == NULL)
        return;
    if (record->page_id == NULL) {
        entry->pending = record_pack(record, world->record, world->arena);
        return;
    }
    page = world_page(world, record->page_id);
    entry->record = world->record = record_pack_of(world, page, record);
    /* If two records name one page, the active one counts. */
    if (page->linked == 0 || !record->tombstone) {
        page->linked = number;
        page->index_read = true;
    }
}

void
world_see_bodies(struct world *world, int64_t number, const struct base_texts *texts)
{
    world_issue(world, number)->bodies = arena_memdup(world->arena, texts, sizeof(*texts));
}

const struct task *
world_find_task(const struct world *world, int64_t number)
{
    const struct task key = {.number = number};

    return table_find(&world->tasks, &by_number, &key);
}

struct task *
world_task(struct world *world, int64_t number)
{
    struct task *entry = (struct task *)world_find_task(world, number);

    if (entry != NULL)
        return entry;
    entry = arena_alloc(world->arena, sizeof(*entry));
    entry->number = number;
    table_add(&world->tasks, &by_number, entry);
    return entry;
}

/* The entry's own struct, made when something is first seen. */
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
    struct page_entry *entry;

    if (record == NULL)
        return;
    entry = world_page(world, page_id);
    own_seen(world, &entry->seen)->task = record_pack_of(world, entry, record);
}

bool
world_name_task(struct world *world, const char *page_id, const struct pull_facts *pull)
{
    struct pulls_seen *seen = own_seen(world, &world_page(world, page_id)->seen);

    for (size_t i = 0; i < seen->pulls.len; i++)
        if (seen->pulls.items[i] == pull)
            return false;
    small_push(&seen->pulls, world->arena, pull);
    return true;
}

void
world_see_progress(struct world *world, int64_t number, const struct progress_facts *facts)
{
    struct issue_entry *entry = world_issue(world, number);
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
    struct issue_entry *entry = world_issue(world, pull->number);

    entry->progress_read = true;
    own_seen(world, &entry->seen)->pull = pull;
    for (size_t i = 0; i < pull->n_closes; i++)
        small_push(&own_seen(world, &world_issue(world, pull->closes[i])->seen)->pulls,
                   world->arena, pull);
}

void
world_see_checks(struct world *world, int64_t number, const char *checks)
{
    struct pulls_seen *seen = own_seen(world, &world_issue(world, number)->seen);

    seen->checks_read = true;
    seen->checks = checks;
}

void
world_see_comments(struct world *world, int64_t number, const struct own_comment *comments,
                   size_t n)
{
    struct issue_entry *entry = world_issue(world, number);
    struct own_comment *kept = arena_memdup(world->arena, comments, n * sizeof(*kept));
    const char *id;

    if (entry->record != NULL)
        comments_vouch(kept, n, entry->record);
    entry->comments_read = true;
    entry->comments = kept;
    entry->n_comments = (unsigned)n;
    for (size_t i = 0; i < n; i++)
        if (comment_is_link(&kept[i], &id))
            world_page(world, id)->mention = entry;
}

bool
world_is_empty(const struct world *world)
{
    return world->issues.len + world->pages.len == 0;
}

struct issue_entry *const *
world_issues(const struct world *world, size_t *n)
{
    *n = world->issues.len;
    return world->issues.items;
}

struct page_entry *const *
world_pages(const struct world *world, size_t *n)
{
    *n = world->pages.len;
    return world->pages.items;
}
