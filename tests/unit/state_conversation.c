/* comments/<n / 100>/<n>.json: written and read back, and what is damaged. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "state/conversation.h"

#define NOTION_ID "4dc5fc5f-4ccb-8482-bd99-b595d04d2b5f"

static void
test_path(void **state)
{
    struct arena *arena = arena_new();

    (void)state;
    assert_string_equal(state_comments_path(arena, 7), "comments/0/7.json");
    assert_string_equal(state_comments_path(arena, 1234), "comments/12/1234.json");
    arena_free(arena);
}

static void
test_round_trip(void **state)
{
    static const char *const in_notion[] = {NOTION_ID};
    static const char *const on_github[] = {"2670000005", "2670000006"};
    static const struct carried carried[] = {
        {SIDE_GITHUB, "2670000007", in_notion, 1, "0333a12a43ddba51", false},
        {SIDE_NOTION, NOTION_ID, on_github, 2, NULL, true},
        {SIDE_GITHUB, "1", NULL, 0, "x", false},
    };
    struct arena *arena = arena_new();
    const char *text = carried_write(arena, 7, carried, 3, NULL);
    const struct carried *back;
    struct err err;
    size_t n;

    (void)state;
    if (!carried_read(arena, text, 7, &back, &n, &err))
        fail_msg("%s", err.text);
    assert_int_equal(n, 3);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(back[i].from, carried[i].from);
        assert_string_equal(back[i].id, carried[i].id);
        assert_int_equal(back[i].n_copies, carried[i].n_copies);
        assert_int_equal(back[i].alone, carried[i].alone);
        for (size_t k = 0; k < back[i].n_copies; k++)
            assert_string_equal(back[i].copies[k], carried[i].copies[k]);
    }
    assert_string_equal(back[0].digest, "0333a12a43ddba51");
    assert_null(back[1].digest);
    assert_false(carried_read(arena, text, 8, &back, &n, &err));
    assert_int_equal(err.kind, ERR_DATA);
    arena_free(arena);
}

#define FILE_OF(comments) "{\"version\":1,\"number\":7,\"comments\":" comments "}"
#define GITHUB(id, copies) \
    FILE_OF("[{\"from\":\"github\",\"id\":" id ",\"copies\":" copies ",\"text\":\"x\"}]")

/* Ids go into addresses: what isn't one is not believed. */
static void
test_damage(void **state)
{
    static const char *const cases[] = {
        "",
        "[]",
        "{\"version\":1,\"number\":7}",
        FILE_OF("{}"),
        FILE_OF("[1]"),
        FILE_OF("[{\"from\":\"x\",\"id\":\"1\",\"copies\":[]}]"),
        GITHUB("1", "[]"),
        GITHUB("\"\"", "[]"),
        GITHUB("\"01\"", "[]"),
        GITHUB("\"1/../2\"", "[]"),
        GITHUB("\"12345678901234567890\"", "[]"),
        GITHUB("\"1\"", "null"),
        GITHUB("\"1\"", "[1]"),
        GITHUB("\"1\"", "[\"1\"]"),
        GITHUB("\"1\"", "[\"../" NOTION_ID "\"]"),
        FILE_OF("[{\"from\":\"notion\",\"id\":\"1\",\"copies\":[]}]"),
    };
    struct arena *arena = arena_new();

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct carried *carried;
        struct err err;
        size_t n;

        if (carried_read(arena, cases[i], 7, &carried, &n, &err))
            fail_msg("taken: %s", cases[i]);
        if (i != 1)
            assert_int_equal(err.kind, ERR_DATA);
    }
    arena_free(arena);
}

static void
test_other_version(void **state)
{
    struct arena *arena = arena_new();
    const struct carried *carried;
    struct err err;
    size_t n;

    (void)state;
    assert_false(
        carried_read(arena, "{\"version\":3,\"number\":7,\"comments\":[]}", 7, &carried, &n, &err));
    assert_int_equal(err.kind, ERR_STATE);
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_path),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_other_version),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
