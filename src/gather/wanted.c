#include "base/clock.h"
#include "base/log.h"
#include "base/parallel.h"
#include "base/progress.h"
#include "gather/gather_p.h"
#include "state/record.h"

#define NUMBERS_A_REQUEST 50
#define FILES_A_REQUEST   100
/* The most rounds of reading in one pass. Each round answers every question of the one before. */
#define ROUNDS_MAX 32
/* A row that nobody has edited for this long is finished (ms). Notion's times are whole minutes. */
#define RIPE_AFTER ((int64_t)2 * 60 * 1000)

static bool
see_details(struct gather *gather, const int64_t *numbers, size_t n, struct issue *const *issues,
            const struct store_file *records, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        struct issue_entry *entry = world_issue(gather->world, numbers[i]);

        if (issues[i] != NULL)
            world_see_issue(gather->world, issues[i]);
        else if (entry->sight == SIGHT_UNREAD)
            entry->sight = SIGHT_MISSING;
        if (!entry->record_read && !gather_see_record(gather, numbers[i], records[i].text, err))
            return false;
    }
    return true;
}

/* One request for up to 50 numbers with their records, and as many page notes as fit. */
static bool
read_details(struct gather *gather, const int64_t *numbers, size_t n, const char *const *pages,
             size_t n_pages, struct err *err)
{
    struct issue **issues = arena_array(gather->arena, n, sizeof(struct issue *));
    struct store_file *files = arena_array(gather->arena, n + n_pages, sizeof(*files));
    const char *commit = gather->store->commit;
    struct github_batch batch = {.numbers = numbers,
                                 .n_numbers = n,
                                 .issues = issues,
                                 .files = files,
                                 .n_files = n + n_pages,
                                 .commit = commit};

    for (size_t i = 0; i < n + n_pages; i++)
        files[i].path = i < n ? state_record_path(gather->arena, numbers[i])
                              : state_page_path(gather->arena, pages[i - n]);
    if (!github_read_batch(gather->github, &batch, gather->arena, err))
        return false;
    if (commit == NULL && !store_load(gather->store, files, n + n_pages, gather->arena, err))
        return false;
    for (size_t i = 0; i < n_pages; i++) {
        struct page_entry *entry = world_page(gather->world, pages[i]);

        entry->index_read = true;
        if (entry->linked == 0)
            entry->linked = page_note_read(files[n + i].text);
        if (entry->linked == 0 && !gather_see_task(gather, pages[i], files[n + i].text, err))
            return false;
    }
    return see_details(gather, numbers, n, issues, files, err);
}

static bool
want_details(struct gather *gather, const struct missing *missing, struct err *err)
{
    size_t number = 0;
    size_t page = 0;

    while (number < missing->details.len || page < missing->indexes.len) {
        size_t n = missing->details.len - number;
        size_t n_pages = missing->indexes.len - page;

        n = n < NUMBERS_A_REQUEST ? n : NUMBERS_A_REQUEST;
        n_pages = n_pages < FILES_A_REQUEST - n ? n_pages : FILES_A_REQUEST - n;
        if (!read_details(gather, n > 0 ? missing->details.items + number : NULL, n,
                          n_pages > 0 ? missing->indexes.items + page : NULL, n_pages, err))
            return false;
        number += n;
        page += n_pages;
    }
    return true;
}

static bool
want_comments(struct gather *gather, const struct number_list *wanted, struct err *err)
{
    struct own_comments *lists = arena_array(gather->arena, wanted->len, sizeof(*lists));

    if (wanted->len == 0)
        return true;
    if (!github_read_own_comments(gather->github, wanted->items, wanted->len, gather->arena, lists,
                                  err))
        return false;
    for (size_t i = 0; i < wanted->len; i++)
        world_see_comments(gather->world, wanted->items[i], lists[i].items, lists[i].len);
    return true;
}

/* The base's texts. They are long, so they are read only if a body needs comparing. */
static bool
want_bodies(struct gather *gather, const struct number_list *wanted, struct err *err)
{
    struct store_file *files = arena_array(gather->arena, wanted->len, sizeof(*files));

    for (size_t i = 0; i < wanted->len; i++)
        files[i].path = state_bodies_path(gather->arena, wanted->items[i]);
    if (wanted->len > 0 && !store_load(gather->store, files, wanted->len, gather->arena, err))
        return false;
    for (size_t i = 0; i < wanted->len; i++) {
        const struct base_texts texts = bodies_read(gather->arena, files[i].text, wanted->items[i]);

        world_see_bodies(gather->world, wanted->items[i], &texts);
    }
    return true;
}

static bool
want_merges(struct gather *gather, const struct number_list *wanted, struct err *err)
{
    const struct merge_ask ask = {gather->config->workflow_ref, gather->config->run_id};

    for (size_t i = 0; i < wanted->len; i++) {
        struct merge_facts *facts = arena_alloc(gather->arena, sizeof(*facts));

        if (!github_read_merge_facts(gather->github, wanted->items[i], &ask, gather->arena, facts,
                                     err))
            return false;
        world_issue(gather->world, wanted->items[i])->merge_facts = facts;
    }
    return true;
}

/* If GitHub does not say, what we know of the whole issue must do. */
static bool
want_changes(struct gather *gather, const struct number_list *wanted, struct err *err)
{
    int64_t(*changed)[FIELD_BUILTINS] = arena_array(gather->arena, wanted->len, sizeof(*changed));

    if (wanted->len == 0)
        return true;
    if (!github_read_changes(gather->github, wanted->items, wanted->len, changed, err)) {
        if (err->kind >= ERR_STOPPED)
            return false;
        log_warning("%s: what an earlier run left is judged with care", err->text);
    }
    for (size_t i = 0; i < wanted->len; i++)
        world_issue(gather->world, wanted->items[i])->changed_at = changed[i];
    return true;
}

static bool
look_up(struct gather *gather, const struct number_list *wanted, bool archived, struct err *err)
{
    const struct page_query query = {
        .numbers = wanted->items, .n_numbers = wanted->len, .archived = archived};
    struct page_list pages = {0};
    bool complete;
    bool ok;

    /* In a database without the property, no page has any number. */
    if (wanted->len == 0 || gather->lacks_github_id)
        return true;
    ok = notion_query(gather->notion, &query, gather->arena, &pages, &complete, err);
    /* A lookup that ended early proves nothing about the numbers that it did not reach. */
    if (ok && !complete)
        ok =
            err_set(err, ERR_DATA, "Notion lists only a part of the pages with certain GitHub IDs");
    ok = ok && gather_see_pages(gather, &pages, false, err);
    vec_free(&pages);
    return ok;
}

/* A number without a page may belong to an archived page that the state does not know (yet, or any
 * more). Linked pages are requested by their ids. */
static bool
want_lookups(struct gather *gather, const struct number_list *wanted, struct err *err)
{
    struct number_list unclaimed = {0};
    bool ok = look_up(gather, wanted, false, err);

    for (size_t i = 0; ok && i < wanted->len; i++) {
        const struct issue_entry *entry = world_issue(gather->world, wanted->items[i]);

        if (entry->pages.len == 0 && (entry->record == NULL || entry->record->tombstone))
            vec_push(&unclaimed, wanted->items[i]);
    }
    ok = ok && look_up(gather, &unclaimed, true, err);
    vec_free(&unclaimed);
    for (size_t i = 0; ok && i < wanted->len; i++)
        world_issue(gather->world, wanted->items[i])->looked_up = true;
    return ok;
}

static bool
want_probes(struct gather *gather, const struct number_list *wanted, struct err *err)
{
    struct github_probe *probes = arena_array(gather->arena, wanted->len, sizeof(*probes));
    size_t n = 0;

    for (size_t i = 0; i < wanted->len; i++) {
        struct issue_entry *entry = world_issue(gather->world, wanted->items[i]);
        bool is_pull = entry->record->is_pull;

        if (!is_pull && !gather->overview.has_issues) {
            entry->sight = SIGHT_HIDDEN;
            entry->hidden = GITHUB_NO_ISSUES;
            continue;
        }
        probes[n++] = (struct github_probe){.number = entry->number,
                                            .is_pull = is_pull,
                                            .told_deleted = entry->number == gather->deleted};
    }
    if (n > 0 && !github_probe(gather->github, probes, n, gather->arena, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct issue_entry *entry = world_issue(gather->world, probes[i].number);

        entry->sight = probes[i].presence == PRESENCE_HIDDEN ? SIGHT_HIDDEN : SIGHT_GONE;
        entry->hidden = probes[i].why;
        entry->moved_to = probes[i].moved_to;
    }
    return true;
}

/* Reads pages by their ids, several at a time. */
struct page_reading {
    struct gather *gather;
    const char *const *ids;
    struct page **pages;
    struct err *errs;
};

static void
read_page(void *context, size_t index, size_t worker)
{
    struct page_reading *reading = context;

    if (!notion_get_page(reading->gather->notion, reading->ids[index],
                         reading->gather->lanes[worker], &reading->pages[index],
                         &reading->errs[index]))
        reading->pages[index] = NULL;
}

/* page: NULL if it could not be read; why gives the reason. */
static bool
see_page(struct gather *gather, const char *id, struct page *page, const struct err *why,
         struct err *err)
{
    if (page == NULL && why->kind != ERR_NOT_FOUND)
        return err_set(err, why->kind, "%s", why->text);
    if (page == NULL) {
        world_miss_page(gather->world, id);
        return true;
    }
    if (!gather_check_foreign(gather, page, err))
        return false;
    world_see_page(gather->world, page);
    return true;
}

/* Pages share the fate of their database. We believe that they are gone only while we can read the
 * database. */
static bool
database_is_there(struct gather *gather, struct err *err)
{
    struct arena *scratch = arena_new();
    struct schema schema;
    bool ok = notion_read_schema(gather->notion, gather->data_source, scratch, &schema, err);

    arena_free(scratch);
    return ok || err_context(err, "pages are gone from Notion, and so is more");
}

static bool
want_pages(struct gather *gather, const struct id_list *wanted, struct err *err)
{
    struct page_reading reading = {
        .gather = gather,
        .ids = wanted->items,
        .pages = arena_array(gather->arena, wanted->len, sizeof(struct page *)),
        .errs = mem_alloc(wanted->len * sizeof(struct err)),
    };
    bool ok = true;
    bool gone = false;

    parallel_for(wanted->len, GATHER_LANES, read_page, &reading);
    for (size_t i = 0; ok && i < wanted->len; i++) {
        ok = see_page(gather, wanted->items[i], reading.pages[i], &reading.errs[i], err);
        gone = gone || reading.pages[i] == NULL || reading.pages[i]->gone;
    }
    mem_free(reading.errs);
    return ok && (!gone || database_is_there(gather, err));
}

bool
gather_matches(struct gather *gather, int64_t edited_since, struct err *err)
{
    const struct page_query query = {
        .filter = gather->config->notion_filter, .unnumbered = true, .edited_since = edited_since};
    struct page_list pages = {0};
    bool complete;
    bool ok = notion_query(gather->notion, &query, gather->arena, &pages, &complete, err);

    if (!ok && err->kind == ERR_REFUSED) {
        const char *words = arena_strdup(gather->arena, err->text);

        (void)err_set(err, ERR_INPUT, "notion_filter does not fit the database: %s", words);
    }
    if (ok && !complete)
        log_warning("Notion lists only a part of the pages that match notion_filter: the others "
                    "become issues when they are edited");
    for (size_t i = 0; ok && i < pages.len; i++)
        world_page(gather->world, pages.items[i]->id)->matches = true;
    vec_free(&pages);
    return ok;
}

/* Notion cannot be asked about particular pages, so the question goes back to the oldest of their
 * edits. */
static bool
want_matches(struct gather *gather, const struct id_list *wanted, struct err *err)
{
    int64_t since = INT64_MAX;

    for (size_t i = 0; i < wanted->len; i++) {
        int64_t edited = world_page(gather->world, wanted->items[i])->page->edited_at;

        since = edited < since ? edited : since;
    }
    if (wanted->len > 0 && !gather_matches(gather, since, err))
        return false;
    for (size_t i = 0; i < wanted->len; i++)
        world_page(gather->world, wanted->items[i])->filter_asked = true;
    return true;
}

static bool
want_choices(struct gather *gather, bool wanted, struct err *err)
{
    struct choices *choices;

    if (!wanted)
        return true;
    choices = arena_alloc(gather->arena, sizeof(*choices));
    if (!github_read_choices(gather->github, gather->rules.held_back, gather->arena, choices, err))
        return false;
    gather->rules.choices = choices;
    return true;
}

static bool
read_missing(struct gather *gather, const struct missing *missing, struct err *err)
{
    return want_details(gather, missing, err) && want_comments(gather, &missing->comments, err) &&
           want_bodies(gather, &missing->bodies, err) &&
           want_changes(gather, &missing->changes, err) &&
           want_merges(gather, &missing->merges, err) &&
           gather_want_progress(gather, missing, err) &&
           want_lookups(gather, &missing->lookups, err) &&
           want_probes(gather, &missing->probes, err) && want_pages(gather, &missing->pages, err) &&
           want_matches(gather, &missing->matches, err) &&
           want_choices(gather, missing->choices, err);
}

bool
gather_plan(struct gather *gather, struct plan **plan, struct err *err)
{
    for (int round = 0; round < ROUNDS_MAX; round++) {
        struct missing missing;
        bool ok;

        /* After the wait, this decides which rows are left to the next pass. */
        if (!gather->rules.leaves_fresh)
            gather->rules.ripe_before =
                http_server_time(notion_service(gather->notion)) - RIPE_AFTER;
        *plan = reconcile_plan(gather->world, &gather->rules, &missing, gather->arena);
        ok = *plan != NULL || read_missing(gather, &missing, err);
        missing_free(&missing);
        if (!ok || *plan != NULL)
            return ok;
    }
    return err_set(err, ERR_DATA, "both sides keep changing while they are read: try again later");
}

bool
gather_ripen(struct gather *gather, const struct plan *plan, int64_t deadline, bool *waits,
             struct err *err)
{
    int64_t newest = 0;
    bool slept;
    int64_t wait;
    size_t n = 0;

    for (size_t i = 0; i < plan->items.len; i++) {
        const struct item *item = plan->items.items[i];

        if (!item->fresh)
            continue;
        n++;
        world_page(gather->world, item->page_id)->met_at = item->page->edited_at;
        newest = item->page->edited_at > newest ? item->page->edited_at : newest;
    }
    *waits = n > 0;
    gather->rules.leaves_fresh = true;
    wait = newest - gather->rules.ripe_before;
    wait = wait < RIPE_AFTER ? wait : RIPE_AFTER;
    if (n == 0 || clock_now() + wait >= deadline)
        return true;
    log_info("%zu new page%s may still be edited by somebody: waiting %lld seconds", n,
             n == 1 ? "" : "s", (long long)(wait + 999) / 1000);
    gather->rules.ripe_before += wait;
    progress_wait("until nobody edits the new pages any more");
    slept = clock_sleep_until(clock_now() + wait);
    progress_wait(NULL);
    return slept || err_set(err, ERR_STOPPED, "interrupted while the run waited for new pages");
}
