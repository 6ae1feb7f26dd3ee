#ifndef TESTS_TRUTH_H
#define TESTS_TRUTH_H

#include "fuzz.h"

#include "../unit/fields_test.h"
#include "model/status.h"
#include "reconcile/reconcile.h"

#define NUMBERS  6
#define PAGES    6
#define COMMENTS 4

/* Every round of questions teaches something: so many are enough for a world of this size. */
#define ROUNDS 40

static const struct status_option options[] = {
    {"To do", MEANING_OPEN, NULL},
    {"Doing", MEANING_OPEN, NULL},
    {"Done", MEANING_CLOSED, NULL},
    {"Won't do", MEANING_NOT_PLANNED, NULL},
};

static const char *const page_ids[PAGES] = {
    "10000000-0000-4000-8000-000000000001", "20000000-0000-4000-8000-000000000002",
    "30000000-0000-4000-8000-000000000003", "40000000-0000-4000-8000-000000000004",
    "50000000-0000-4000-8000-000000000005", "60000000-0000-4000-8000-000000000006",
};

/* What is true behind what the world has seen of it; NULL: there is no such thing. */
struct truth {
    struct issue *issues[NUMBERS + 1];
    struct page *pages[PAGES];
    struct record *records[NUMBERS + 1];
    struct own_comment comments[NUMBERS + 1][COMMENTS];
    size_t n_comments[NUMBERS + 1];
    struct rules rules;
    struct world *world;
    struct arena *arena;
};

static inline const char *
take_page_id(struct bytes *bytes)
{
    return page_ids[take_below(bytes, PAGES)];
}

static inline struct value
take_value(struct bytes *bytes, enum field field, enum side side, struct arena *arena)
{
    static const char *const texts[] = {"", "a", "b", " ", "A"};
    static const char *const states[] = {STATUS_OPEN, STATUS_CLOSED, STATUS_NOT_PLANNED,
                                         STATUS_DUPLICATE};
    static const char *const names[] = {"To do", "Doing", "Done", "Won't do", "", "Unknown"};
    static const char *const labels[] = {
        "x", "X", "y", "z", "a label that is far longer than the fifty characters of GitHub"};
    const char **items = arena_array(arena, 3, sizeof(*items));

    if (field == FIELD_STATUS)
        return value_text(side == SIDE_GITHUB ? states[take_below(bytes, 4)]
                                              : names[take_below(bytes, 6)]);
    if (!all_fields()->items[field].is_set)
        return value_text(side == SIDE_GITHUB && field == FIELD_TITLE
                              ? texts[1 + take_below(bytes, 2)]
                              : texts[take_below(bytes, 5)]);
    for (size_t i = 0; i < 3; i++)
        items[i] = labels[take_below(bytes, side == SIDE_GITHUB ? 4 : 5)];
    return value_set(items, take_below(bytes, 4));
}

static inline struct issue *
take_issue(struct bytes *bytes, int64_t number, struct arena *arena)
{
    struct issue *issue = arena_alloc(arena, sizeof(*issue));
    unsigned flags = take_byte(bytes);

    if ((flags & 1) != 0)
        return NULL;
    issue->number = number;
    issue->url = "https://github.test/o/r/issues/1";
    issue->author = "ann";
    issue->is_pull = (flags & 2) != 0;
    issue->own = (flags & 4) != 0;
    if (issue->own && (flags & 8) != 0)
        issue->marker = take_page_id(bytes);
    for (enum field f = 0; f < FIELD_BUILTINS; f++)
        values_put(&issue->values, f, take_value(bytes, f, SIDE_GITHUB, arena), arena);
    issue->updated_at = take_byte(bytes) * INT64_C(1000);
    issue->state_changed_at = take_byte(bytes);
    issue->state_by_viewer = issue->state_changed_at % 2 != 0;
    if (issue->is_pull) {
        put_pull(issue, (struct pull){.merged = (flags & 16) != 0,
                                      .draft = (flags & 32) != 0,
                                      .merged_by_viewer = (flags & 80) == 80,
                                      .head_sha = (flags & 128) != 0 ? "aa" : "bb",
                                      .merge_state = take_flag(bytes) ? "CLEAN" : "BLOCKED"});
        if (issue_pull(issue)->merged)
            values_put(&issue->values, FIELD_STATUS, value_text(STATUS_MERGED), arena);
    }
    return issue;
}

static inline struct page *
take_page(struct bytes *bytes, const char *id, struct arena *arena)
{
    struct page *page = arena_alloc(arena, sizeof(*page));
    unsigned flags = take_byte(bytes);

    if ((flags & 1) != 0)
        return NULL;
    page->id = id;
    page->url = "https://www.notion.so/x";
    page->edited_by = "";
    page->number = (int64_t)take_below(bytes, NUMBERS + 3) - 1;
    for (enum field f = 0; f < FIELD_BUILTINS; f++)
        values_put(&page->values, f, take_value(bytes, f, SIDE_NOTION, arena), arena);
    page->edited_at = take_byte(bytes) * INT64_C(1000);
    page->created_at = take_byte(bytes);
    page->gone = (flags & 6) == 6;
    return page;
}

static inline struct record *
take_record(struct bytes *bytes, int64_t number, struct arena *arena)
{
    struct record *record = arena_alloc(arena, sizeof(*record));
    unsigned flags = take_byte(bytes);
    unsigned fields;

    if ((flags & 1) != 0)
        return NULL;
    record->number = number;
    record->page_id = take_page_id(bytes);
    record->is_pull = (flags & 2) != 0;
    record->tombstone = (flags & 12) == 12;
    record->link_comment = (flags & 16) != 0 ? 77 : 0;
    record->open_option = (flags & 32) != 0 ? "Doing" : NULL;
    if ((flags & 64) != 0)
        *record_own_pulls(record, arena) =
            (struct pull_record){.tried_head = "aa", .tried_state = "BLOCKED"};
    fields = take_byte(bytes);
    FIELD_EACH(f, all_fields()->based)
    for (enum side side = 0; (fields & 1U << f) != 0 && side < SIDE_COUNT; side++)
        values_put(&record->base[side], f, take_value(bytes, f, side, arena), arena);
    return record;
}

static inline void
take_comments(struct bytes *bytes, struct truth *truth, size_t number)
{
    static const char *const words[] = {"page=", "ended page=", "closed page=", "unlinked page="};

    truth->n_comments[number] = take_below(bytes, COMMENTS + 1);
    for (size_t i = 0; i < truth->n_comments[number]; i++)
        truth->comments[number][i] = (struct own_comment){
            .id = (int64_t)i + 1,
            .marker = arena_printf(truth->arena, "%s%s", words[take_below(bytes, 4)],
                                   take_page_id(bytes)),
            .created_at = take_byte(bytes),
            .edited = take_below(bytes, 8) == 1,
        };
    if (truth->issues[number] != NULL)
        truth->issues[number]->comments = (int)truth->n_comments[number];
}

static inline void
take_rules(struct bytes *bytes, struct rules *rules)
{
    unsigned off = take_byte(bytes);

    rules->fields = all_fields();
    rules->create_issues = (enum create_issues)take_below(bytes, 3);
    rules->create_pages = (enum create_pages)take_below(bytes, 3);
    rules->pull_requests = (enum pulls)take_below(bytes, 3);
    rules->link_comments = (enum link_comments)take_below(bytes, 3);
    rules->on_conflict = (enum policy)take_below(bytes, 3);
    rules->pull_request_done = (enum pull_done)take_below(bytes, 3);
    rules->on_page_deleted = (enum page_deleted)take_below(bytes, 2);
    rules->on_issue_deleted = (enum issue_deleted)take_below(bytes, 2);
    for (enum field f = 0; f < FIELD_BUILTINS; f++)
        rules->on[f] = f == FIELD_TITLE || (off & 1U << f) == 0;
    rules->status = (struct status_map){options, take_below(bytes, 5)};
    rules->pages_complete = take_flag(bytes);
    rules->records_complete = take_flag(bytes);
    FIELD_EACH(f, all_fields()->based)
    rules->direction[f] = (enum direction)take_below(bytes, 3);
}

static inline void
see_page(struct truth *truth, size_t i, bool direct)
{
    struct page *page = arena_memdup(truth->arena, truth->pages[i], sizeof(*page));

    page->direct = direct;
    world_see_page(truth->world, page);
}

static inline void
see_details(struct truth *truth, int64_t number)
{
    struct issue_entry *entry = world_issue(truth->world, number);
    bool known = number > 0 && number <= NUMBERS;

    world_see_record(truth->world, number, known ? truth->records[number] : NULL);
    if (known && truth->issues[number] != NULL)
        world_see_issue(truth->world, truth->issues[number]);
    else if (entry->sight == SIGHT_UNREAD)
        entry->sight = SIGHT_MISSING;
}

/* The listings of a pass: all, or what the input chooses. */
static inline void
see_listings(struct truth *truth, struct bytes *bytes)
{
    unsigned numbers = take_byte(bytes);
    unsigned pages = take_byte(bytes);

    for (int64_t n = 1; n <= NUMBERS; n++) {
        if (truth->rules.records_complete)
            world_see_record(truth->world, n, truth->records[n]);
        if ((numbers & 1U << n) == 0)
            continue;
        see_details(truth, n);
        world_issue(truth->world, n)->focus = true;
    }
    for (size_t i = 0; i < PAGES; i++) {
        if (truth->pages[i] == NULL || truth->pages[i]->gone)
            continue;
        if (!truth->rules.pages_complete && (pages & 1U << i) == 0)
            continue;
        see_page(truth, i, false);
        world_page(truth->world, page_ids[i])->focus = true;
    }
}

static inline void
answer_number(struct truth *truth, const struct missing *missing)
{
    for (size_t i = 0; i < missing->details.len; i++)
        see_details(truth, missing->details.items[i]);
    for (size_t i = 0; i < missing->lookups.len; i++) {
        int64_t number = missing->lookups.items[i];

        for (size_t k = 0; k < PAGES; k++)
            if (truth->pages[k] != NULL && !truth->pages[k]->gone &&
                truth->pages[k]->number == number)
                see_page(truth, k, false);
        world_issue(truth->world, number)->looked_up = true;
    }
    for (size_t i = 0; i < missing->comments.len; i++) {
        struct issue_entry *entry = world_issue(truth->world, missing->comments.items[i]);

        CHECK(entry->number > 0 && entry->number <= NUMBERS);
        entry->comments_read = true;
        entry->comments = truth->comments[entry->number];
        entry->n_comments = (unsigned)truth->n_comments[entry->number];
    }
    for (size_t i = 0; i < missing->probes.len; i++) {
        struct issue_entry *entry = world_issue(truth->world, missing->probes.items[i]);

        CHECK(entry->sight == SIGHT_MISSING);
        entry->sight = SIGHT_GONE;
    }
}

/* When each field last changed: when the issue did, or, for every other issue, not known. */
static inline const int64_t *
changed_at(const struct truth *truth, int64_t number)
{
    int64_t *changed = arena_array(truth->arena, FIELD_BUILTINS, sizeof(*changed));

    for (enum field f = 0; f < FIELD_BUILTINS; f++)
        changed[f] = number % 2 == 0 ? CHANGE_UNKNOWN : truth->issues[number]->updated_at;
    return changed;
}

static inline const struct merge_facts *
merge_facts(const struct truth *truth, int64_t number)
{
    struct merge_facts *facts = arena_alloc(truth->arena, sizeof(*facts));

    *facts = (struct merge_facts){
        .head = issue_pull(truth->issues[number])->head_sha,
        .author = "ann",
        .author_writes = number % 3 != 0,
        .approved = number % 2 == 0,
    };
    return facts;
}

static inline void
answer_details(struct truth *truth, const struct missing *missing)
{
    for (size_t i = 0; i < missing->changes.len; i++) {
        int64_t number = missing->changes.items[i];

        world_issue(truth->world, number)->changed_at = changed_at(truth, number);
    }
    for (size_t i = 0; i < missing->merges.len; i++) {
        int64_t number = missing->merges.items[i];

        world_issue(truth->world, number)->merge_facts = merge_facts(truth, number);
    }
}

static inline void
answer_pages(struct truth *truth, const struct missing *missing)
{
    for (size_t i = 0; i < missing->pages.len; i++) {
        size_t k = (size_t)(missing->pages.items[i][0] - '1');

        if (truth->pages[k] != NULL)
            see_page(truth, k, true);
        else
            world_miss_page(truth->world, missing->pages.items[i]);
    }
    for (size_t i = 0; i < missing->indexes.len; i++) {
        struct page_entry *page = world_page(truth->world, missing->indexes.items[i]);

        page->index_read = true;
        for (int64_t n = 1; n <= NUMBERS && page->linked == 0; n++)
            if (truth->records[n] != NULL && strcmp(truth->records[n]->page_id, page->id) == 0)
                page->linked = n;
    }
}

static inline void
ask(struct truth *truth)
{
    static const char *const types[] = {"a", "B"};
    static const struct milestone milestones[] = {{"A", 1}, {"x", 2}};
    static const struct choices choices = {
        .milestones = milestones, .n_milestones = 2, .types = types, .n_types = 2};
    struct missing missing;
    int rounds = 0;

    while (reconcile_plan(truth->world, &truth->rules, &missing, truth->arena) == NULL) {
        CHECK(++rounds < ROUNDS);
        answer_number(truth, &missing);
        answer_details(truth, &missing);
        answer_pages(truth, &missing);
        if (missing.choices)
            truth->rules.choices = &choices;
        missing_free(&missing);
    }
    missing_free(&missing);
}

/* A page is in one living link at most: what is saved names it once. */
static inline void
end_second_link(struct truth *truth, int64_t number)
{
    for (int64_t n = 1; n < number && truth->records[number] != NULL; n++)
        if (truth->records[n] != NULL && !truth->records[n]->tombstone &&
            strcmp(truth->records[n]->page_id, truth->records[number]->page_id) == 0)
            truth->records[number]->tombstone = true;
}

/* Makes a small world of choices, and reads it as a pass does until nothing more is wanted. */
static inline void
truth_make(struct truth *truth, struct bytes *bytes)
{
    *truth = (struct truth){.arena = arena_new()};
    truth->world = world_new(truth->arena);
    take_rules(bytes, &truth->rules);
    for (int64_t n = 1; n <= NUMBERS; n++) {
        truth->issues[n] = take_issue(bytes, n, truth->arena);
        truth->records[n] = take_record(bytes, n, truth->arena);
        end_second_link(truth, n);
        take_comments(bytes, truth, (size_t)n);
    }
    for (size_t i = 0; i < PAGES; i++)
        truth->pages[i] = take_page(bytes, page_ids[i], truth->arena);
    see_listings(truth, bytes);
    ask(truth);
}

static inline void
truth_free(struct truth *truth)
{
    world_free(truth->world);
    arena_free(truth->arena);
}

#endif
