#include "apply/next_cursor.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define MINUTE  ((int64_t)60 * 1000)
#define OVERLAP (5 * MINUTE)
#define NOW     ((int64_t)1800000000000)

/* A pass that read at NOW, after one that came to a cursor ten minutes before. */
struct fixture {
    struct arena *arena;
    struct config config;
    struct gather gather;
    struct item items[3];
    struct result results[3];
    struct result_list list;
};

static int
begin(void **state)
{
    struct fixture *f = mem_alloc(sizeof(*f));

    f->arena = arena_new();
    f->config = (struct config){.database = "d", .fingerprint = "now"};
    f->gather = (struct gather){
        .config = &f->config,
        .world = world_new(f->arena),
        .has_cursor = true,
        .cursor = {.github_watermark = NOW - 10 * MINUTE - OVERLAP,
                   .notion_watermark = NOW - 10 * MINUTE - OVERLAP,
                   .last_full = 7,
                   .fingerprint = "before"},
        .github_time = NOW,
        .notion_time = NOW + 1000,
    };
    for (size_t i = 0; i < 3; i++) {
        f->results[i] =
            (struct result){.item = &f->items[i], .done = DONE_OK, .number = (int64_t)i + 1};
        vec_push(&f->list, &f->results[i]);
    }
    *state = f;
    return 0;
}

static int
end(void **state)
{
    struct fixture *f = *state;

    vec_free(&f->list);
    world_free(f->gather.world);
    arena_free(f->arena);
    mem_free(f);
    return 0;
}

/* Notion's times are floored to the minute and its queries lag: each side is read again from before
 * this pass began to read it. */
static void
test_moves(void **state)
{
    struct fixture *f = *state;
    struct cursor cursor;

    assert_true(next_cursor(&f->gather, false, &f->list, f->arena, &cursor));
    assert_int_equal(cursor.github_watermark, NOW - OVERLAP);
    assert_int_equal(cursor.notion_watermark, NOW + 1000 - OVERLAP);
    assert_int_equal(cursor.last_full, 7);
    assert_string_equal(cursor.fingerprint, "now");
    assert_int_equal(cursor.n_numbers, 0);
    assert_true(next_cursor(&f->gather, true, &f->list, f->arena, &cursor));
    assert_int_equal(cursor.last_full, NOW);
}

static void
test_names_what_failed(void **state)
{
    struct fixture *f = *state;
    struct cursor cursor;

    f->results[0].again = true;
    f->items[2].again = AGAIN_MERGE;
    f->results[1] = (struct result){.item = &f->items[1], .again = true, .page_id = "p"};
    assert_true(next_cursor(&f->gather, false, &f->list, f->arena, &cursor));
    assert_int_equal(cursor.n_numbers, 2);
    assert_int_equal(cursor.numbers[0], 1);
    assert_int_equal(cursor.numbers[1], 3);
    assert_int_equal(cursor.n_pages, 1);
    assert_string_equal(cursor.pages[0], "p");
}

/* What no pass came to goes first, what fails each time last. */
static void
test_order(void **state)
{
    static const int64_t before[] = {40, 3, 41};
    static const char *const pages[] = {"q", "p"};
    struct fixture *f = *state;
    struct cursor cursor;

    f->gather.cursor.numbers = before;
    f->gather.cursor.n_numbers = 3;
    f->gather.cursor.pages = pages;
    f->gather.cursor.n_pages = 2;
    world_issue(f->gather.world, 3)->focus = true;
    world_issue(f->gather.world, 40)->focus = true;
    world_page(f->gather.world, "p")->focus = true;
    f->results[0].again = true;
    f->results[0].done = DONE_FAILED;
    f->results[2].again = true;
    f->results[2].done = DONE_REMAINING;
    assert_true(next_cursor(&f->gather, false, &f->list, f->arena, &cursor));
    assert_int_equal(cursor.notion_watermark, NOW + 1000 - OVERLAP);
    assert_int_equal(cursor.n_numbers, 3);
    assert_int_equal(cursor.numbers[0], 41);
    assert_int_equal(cursor.numbers[1], 3);
    assert_int_equal(cursor.numbers[2], 1);
    assert_int_equal(cursor.n_pages, 1);
    assert_string_equal(cursor.pages[0], "q");
    /* A full pass has looked at everything. */
    assert_true(next_cursor(&f->gather, true, &f->list, f->arena, &cursor));
    assert_int_equal(cursor.n_numbers, 2);
    assert_int_equal(cursor.n_pages, 0);
}

/* A list that would grow without end is dropped: everything since is read again, and what was
 * listed before stays so. */
static void
test_too_many(void **state)
{
    static const int64_t before[] = {40, 41};
    struct fixture *f = *state;
    struct cursor cursor;

    f->gather.cursor.numbers = before;
    f->gather.cursor.n_numbers = 2;
    f->results[0].again = true;
    while (f->list.len < 10002)
        vec_push(&f->list, &f->results[0]);
    assert_true(next_cursor(&f->gather, true, &f->list, f->arena, &cursor));
    assert_int_equal(cursor.n_numbers, 10000);
    vec_push(&f->list, &f->results[0]);
    assert_false(next_cursor(&f->gather, true, &f->list, f->arena, &cursor));
    assert_int_equal(cursor.notion_watermark, NOW - 10 * MINUTE - OVERLAP);
    assert_int_equal(cursor.github_watermark, NOW - 10 * MINUTE - OVERLAP);
    assert_int_equal(cursor.last_full, 7);
    assert_string_equal(cursor.fingerprint, "before");
    assert_int_equal(cursor.n_numbers, 2);
    assert_int_equal(cursor.numbers[1], 41);
}

/* Saving is worth a write only if the next pass would look at something for nothing. */
static void
test_matters(void **state)
{
    struct fixture *f = *state;
    struct cursor cursor;

    assert_true(next_cursor(&f->gather, false, &f->list, f->arena, &cursor));
    assert_false(next_cursor_matters(&f->gather, &cursor));
    f->gather.oldest_page = cursor.notion_watermark;
    assert_false(next_cursor_matters(&f->gather, &cursor));
    f->gather.oldest_page--;
    assert_true(next_cursor_matters(&f->gather, &cursor));
    f->gather.oldest_page = 0;
    f->results[0].again = true;
    assert_true(next_cursor(&f->gather, false, &f->list, f->arena, &cursor));
    assert_true(next_cursor_matters(&f->gather, &cursor));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_moves, begin, end),
        cmocka_unit_test_setup_teardown(test_names_what_failed, begin, end),
        cmocka_unit_test_setup_teardown(test_order, begin, end),
        cmocka_unit_test_setup_teardown(test_too_many, begin, end),
        cmocka_unit_test_setup_teardown(test_matters, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
