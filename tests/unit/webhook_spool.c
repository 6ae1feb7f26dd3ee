#include "webhook/spool.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "webhook/intake.h"
#include "webhook_test.h"

struct fixture {
    char folder[64], path[96];
    struct arena *arena;
    struct spool *spool;
};

static void
open_spool(struct fixture *f)
{
    struct err err = {0};

    f->spool = spool_open(f->path, &err);
    if (f->spool == NULL)
        fail_msg("%s", err.text);
}

static int
setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    if (f == NULL)
        return -1;
    snprintf(f->folder, sizeof(f->folder), "/tmp/notion-sync-spool-XXXXXX");
    if (mkdtemp(f->folder) == NULL)
        return -1;
    snprintf(f->path, sizeof(f->path), "%s/spool.db", f->folder);
    f->arena = arena_new();
    open_spool(f);
    *state = f;
    return 0;
}

static int
teardown(void **state)
{
    struct fixture *f = *state;

    spool_close(f->spool);
    unlink(f->path);
    arena_free(f->arena);
    if (rmdir(f->folder) != 0)
        return -1;
    free(f);
    return 0;
}

/* Stores one event; true where it was new. */
static bool
store(struct fixture *f, const char *id, const char *repository, const char *page, int64_t received)
{
    const struct event event = {.id = id, .pages = &page, .n_pages = page != NULL};
    struct spool_entry entry = {.event = &event, .repositories = &repository, .n_repositories = 1};
    struct spool_entry *entries[] = {&entry};
    struct err err = {0};

    if (!spool_store(f->spool, entries, 1, received, &err))
        fail_msg("%s", err.text);
    return !entry.duplicate;
}

static struct spool_slice
take(struct fixture *f, const char *repository, size_t most)
{
    struct spool_slice slice;
    struct err err = {0};

    if (!spool_take(f->spool, repository, most, f->arena, &slice, &err))
        fail_msg("%s", err.text);
    return slice;
}

static void
expect_pages(struct fixture *f, const char *repository, const char *expected)
{
    struct spool_slice slice = take(f, repository, 100);
    char found[256] = "";

    for (size_t i = 0; i < slice.n_pages; i++)
        strcat(strcat(found, i > 0 ? " " : ""), slice.pages[i]);
    assert_string_equal(found, expected);
}

static void
test_order_and_repetition(void **state)
{
    struct fixture *f = *state;

    assert_true(store(f, "1", "a/b", "p", 10));
    assert_true(store(f, "2", "a/b", "q", 11));
    assert_false(store(f, "2", "a/b", "q", 12));
    assert_true(store(f, "3", "a/c", "p", 13));
    expect_pages(f, "a/b", "p q");
    expect_pages(f, "a/c", "p");
    expect_pages(f, "a/d", "");
    assert_true(store(f, "4", "a/b", "p", 14));
    expect_pages(f, "a/b", "q p");
}

static void
test_what_comes_meanwhile_stays(void **state)
{
    struct fixture *f = *state;
    struct spool_slice slice;

    store(f, "1", "a/b", "p", 10);
    store(f, "2", "a/b", "q", 10);
    store(f, "3", "a/c", "r", 10);
    slice = take(f, "a/b", 100);
    store(f, "4", "a/b", "p", 11);
    assert_true(spool_done(f->spool, "a/b", slice.through, NULL));
    expect_pages(f, "a/b", "p");
    expect_pages(f, "a/c", "r");
}

static void
test_slices(void **state)
{
    struct fixture *f = *state;
    struct spool_slice slice;

    store(f, "1", "a/b", NULL, 10);
    for (int i = 0; i < 5; i++) {
        char id[16];
        char page[16];

        snprintf(id, sizeof(id), "e%d", i);
        snprintf(page, sizeof(page), "p%d", i);
        store(f, id, "a/b", page, 10);
    }
    slice = take(f, "a/b", 3);
    assert_int_equal(slice.n_hints, 3);
    assert_int_equal(slice.n_pages, 2);
    assert_true(slice.more);
    assert_true(spool_done(f->spool, "a/b", slice.through, NULL));
    slice = take(f, "a/b", 3);
    assert_int_equal(slice.n_pages, 3);
    assert_false(slice.more);
}

static void
test_survives(void **state)
{
    struct fixture *f = *state;

    store(f, "1", "a/b", "p", 10);
    spool_close(f->spool);
    open_spool(f);
    assert_false(store(f, "1", "a/b", "q", 11));
    assert_true(store(f, "2", "a/b", "q", 11));
    expect_pages(f, "a/b", "p q");
}

static void
test_view_and_pruning(void **state)
{
    struct fixture *f = *state;
    struct spool_view view;

    assert_true(spool_look(f->spool, &view, NULL));
    assert_int_equal(view.depth + view.oldest + view.events, 0);
    store(f, "1", "a/b", "p", 10);
    store(f, "2", "a/b", "p", 20);
    store(f, "3", "a/b", "q", 30);
    assert_true(spool_look(f->spool, &view, NULL));
    assert_int_equal(view.depth, 2);
    assert_int_equal(view.oldest, 10);
    assert_int_equal(view.events, 3);
    assert_true(spool_prune(f->spool, 20, NULL));
    assert_true(store(f, "1", "a/b", "p", 40));
    assert_false(store(f, "2", "a/b", "p", 40));
    expect_pages(f, "a/b", "q p");
}

static void
test_strangers(void **state)
{
    struct fixture *f = *state;
    const char *kept[] = {"a/b", "a/e"};
    size_t n;

    store(f, "1", "a/b", "p", 10);
    store(f, "2", "a/c", "p", 10);
    store(f, "3", "a/c", "q", 10);
    store(f, "4", "a/d", NULL, 10);
    assert_true(spool_keep_only(f->spool, kept, 2, &n, NULL));
    assert_int_equal(n, 3);
    expect_pages(f, "a/b", "p");
    assert_int_equal(take(f, "a/d", 1).n_hints, 0);
}

static void
test_failures(void **state)
{
    struct fixture *f = *state;
    const char *repository = "a/b";
    const struct event event = {.id = "1"};
    struct spool_entry entry = {.event = &event, .repositories = &repository, .n_repositories = 1};
    struct spool_entry *entries[] = {&entry};
    struct err err = {0};
    sqlite3 *other;

    assert_int_equal(sqlite3_open(f->path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_false(spool_store(f->spool, entries, 1, 10, &err));
    assert_int_equal(err.kind, ERR_STATE);
    assert_non_null(strstr(err.text, "another process holds the file"));
    assert_false(spool_writable(f->spool, &err));
    assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    assert_true(spool_writable(f->spool, &err));
    assert_true(spool_store(f->spool, entries, 1, 10, &err));
    assert_false(entry.duplicate);

    assert_int_equal(sqlite3_exec(other, "PRAGMA user_version = 99", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
    spool_close(f->spool);
    f->spool = spool_open(f->path, &err);
    assert_null(f->spool);
    assert_non_null(strstr(err.text, "newer version"));
}

/* A group is stored whole or not at all. */
static void
test_groups(void **state)
{
    struct fixture *f = *state;
    const char *repository = "a/b";
    const char *page = "p";
    const struct event good = {.id = "1", .pages = &page, .n_pages = 1};
    const struct event bad = {.id = NULL, .pages = &page, .n_pages = 1};
    struct spool_entry first = {.event = &good, .repositories = &repository, .n_repositories = 1};
    struct spool_entry second = {.event = &bad, .repositories = &repository, .n_repositories = 1};
    struct spool_entry *entries[] = {&first, &second};
    struct err err = {0};

    assert_false(spool_store(f->spool, entries, 2, 10, &err));
    expect_pages(f, "a/b", "");
    assert_true(store(f, "1", "a/b", "p", 10));
}

static void
count_done(void *context, struct intake_item *item)
{
    assert_true(item->stored);
    ++*(int *)context;
}

/* Requests that a stopping server still serves hand in after the intake was stopped. */
static void
test_stopped_intake_refuses(void **state)
{
    struct fixture *f = *state;
    const char *repository = "a/b", *page = "p";
    const struct event event = {.id = "1", .pages = &page, .n_pages = 1};
    struct intake_item item = {
        .entry = {.event = &event, .repositories = &repository, .n_repositories = 1}};
    struct intake_item late = item;
    int done = 0;
    struct intake *intake = intake_start(f->spool, count_done, &done);

    assert_true(intake_put(intake, &item));
    intake_stop(intake);
    assert_int_equal(done, 1);
    assert_false(intake_put(intake, &late));
    intake_free(intake);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_order_and_repetition),
        TEST(test_what_comes_meanwhile_stays),
        TEST(test_slices),
        TEST(test_survives),
        TEST(test_view_and_pruning),
        TEST(test_strangers),
        TEST(test_failures),
        TEST(test_groups),
        TEST(test_stopped_intake_refuses),
    };

    return RUN(tests);
}
