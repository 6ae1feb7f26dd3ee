#include "state_test.h"

#include "state/cursor.h"

#define IDS           "\"database\":\"" TEST_PAGE "\",\"data_source\":\"" TEST_OTHER "\""
#define TIME          "\"2026-03-11T09:00:00.000Z\""
#define TIMES         "\"github_since\":" TIME ",\"notion_since\":" TIME ",\"last_full\":" TIME
#define GOOD(members) "{\"version\":1," IDS "," TIMES members "}"

static void
assert_numbers(const int64_t *read, size_t n, const int64_t *expected, size_t n_expected)
{
    assert_int_equal(n, n_expected);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(read[i], expected[i]);
}

static void
test_cursor_round_trip(void **state)
{
    static const int64_t again[] = {3, 9007199254740993};
    static const int64_t due[] = {17};
    static const char *const pages[] = {TEST_PAGE, TEST_OTHER};
    static const struct blocked blocked[] = {{7, 2}, {5, 0}};
    static const struct pull_link links[] = {{4, 1}, {4, -12}};
    const struct cursor written = {
        .blocked = blocked,
        .n_blocked = COUNT(blocked),
        .links = links,
        .n_links = COUNT(links),
        .database = TEST_PAGE,
        .data_source = TEST_OTHER,
        .github_watermark = 1773219600123,
        .notion_watermark = 1773219600000,
        .last_full = 0,
        .fingerprint = "0123456789abcdef",
        .numbers = again,
        .n_numbers = COUNT(again),
        .pages = pages,
        .n_pages = COUNT(pages),
        .comments = due,
        .n_comments = COUNT(due),
        .has_comment_rule = true,
        .comment_rule = {"/github", 1773219600456},
    };
    struct arena *arena = arena_new();
    struct cursor read;
    struct err err;

    (void)state;
    assert_true(cursor_read(arena, cursor_write(arena, &written), &read, &err));
    assert_string_equal(read.database, written.database);
    assert_string_equal(read.data_source, written.data_source);
    assert_string_equal(read.fingerprint, written.fingerprint);
    assert_int_equal(read.github_watermark, written.github_watermark);
    assert_int_equal(read.notion_watermark, written.notion_watermark);
    assert_int_equal(read.last_full, written.last_full);
    assert_numbers(read.numbers, read.n_numbers, again, COUNT(again));
    assert_numbers(read.comments, read.n_comments, due, COUNT(due));
    assert_true(read.has_comment_rule);
    assert_string_equal(read.comment_rule.marker, "/github");
    assert_int_equal(read.comment_rule.since, 1773219600456);
    assert_int_equal(read.n_links, COUNT(links));
    assert_memory_equal(read.links, links, sizeof(links));
    assert_int_equal(read.n_pages, COUNT(pages));
    assert_string_equal(read.pages[1], TEST_OTHER);
    assert_int_equal(cursor_blockers(&read, 7), 2);
    assert_int_equal(cursor_blockers(&read, 5), 0);
    assert_int_equal(cursor_blockers(&read, 6), -1);
    arena_free(arena);
}

static void
test_cursor_unreadable(void **state)
{
    static const struct {
        const char *text;
        enum err_kind kind;
        const char *says;
    } cases[] = {
        {"", ERR_DATA, "damaged"},
        {"nonsense", ERR_DATA, "damaged"},
        {GOOD("") "}", ERR_DATA, "damaged"},
        {"{\"version\":1}", ERR_DATA, "damaged"},
        {"{\"version\":1," IDS "}", ERR_DATA, "damaged"},
        {"{\"version\":1," TIMES "}", ERR_DATA, "damaged"},
        {"{\"version\":1," IDS ",\"github_since\":\"yesterday\",\"notion_since\":" TIME
         ",\"last_full\":" TIME "}",
         ERR_DATA, "damaged"},
        {"{\"version\":1," IDS ",\"github_since\":5,\"notion_since\":" TIME ",\"last_full\":" TIME
         "}",
         ERR_DATA, "damaged"},
        {"{\"version\":1,\"database\":\"" TEST_PAGE "\",\"data_source\":\"short\"," TIMES "}",
         ERR_DATA, "damaged"},
        {"{\"version\":1,\"database\":\"" TEST_PAGE "\",\"data_source\":\"" TEST_PAGE "0\"," TIMES
         "}",
         ERR_DATA, "damaged"},
        {"{\"version\":1,\"database\":\"" TEST_PAGE "/\",\"data_source\":\"" TEST_PAGE "\"," TIMES
         "}",
         ERR_DATA, "damaged"},
        {"[]", ERR_STATE, "another version"},
        {"{}", ERR_STATE, "another version"},
        {"{\"version\":3," IDS "," TIMES "}", ERR_STATE, "formats 1 to 2"},
        {"{\"version\":0," IDS "," TIMES "}", ERR_STATE, "state_ref"},
        {"{\"version\":null," IDS "," TIMES "}", ERR_STATE, "delete the state"},
    };
    struct arena *arena = arena_new();

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct cursor cursor;
        struct err err;

        err_clear(&err);
        if (cursor_read(arena, cases[i].text, &cursor, &err))
            fail_msg("read: %s", cases[i].text);
        test_failed(&err, cases[i].kind, cases[i].says);
    }
    arena_free(arena);
}

/* Entries of lists that cannot be what they should be are left out, the others kept. */
static void
test_cursor_hostile_lists(void **state)
{
    static const char *const texts[] = {
        GOOD(""),
        GOOD(",\"again\":null,\"again_pages\":5,\"comments_due\":{}"),
        GOOD(",\"again\":[-1,0,\"7\",7,null,[7],1.5],\"again_pages\":[\"x\",null,\"" TEST_PAGE
             "\",3],\"comments_due\":[{}]"),
    };
    static const size_t kept[] = {0, 0, 1};
    struct arena *arena = arena_new();

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct cursor cursor;
        struct err err;

        assert_true(cursor_read(arena, texts[i], &cursor, &err));
        assert_int_equal(cursor.n_numbers, kept[i]);
        assert_int_equal(cursor.n_pages, kept[i]);
        assert_int_equal(cursor.n_comments, 0);
        if (kept[i] > 0) {
            assert_int_equal(cursor.numbers[0], 7);
            assert_string_equal(cursor.pages[0], TEST_PAGE);
        }
    }
    arena_free(arena);
}

static void
test_lock_round_trip(void **state)
{
    const struct lease written = {.run_id = "1234567890",
                                  .host = "runner-7",
                                  .attempt = 2,
                                  .time = 1773219600123,
                                  .released = true};
    struct arena *arena = arena_new();
    struct lease read = lease_read(arena, lease_write(arena, &written));

    (void)state;
    assert_string_equal(read.run_id, written.run_id);
    assert_string_equal(read.host, written.host);
    assert_int_equal(read.attempt, written.attempt);
    assert_int_equal(read.time, written.time);
    assert_true(read.released);
    assert_true(lease_is_dead(&read, "other", 1, written.time));
    assert_false(
        lease_read(arena, lease_write(arena, &(struct lease){.run_id = "1", .host = ""})).released);
    arena_free(arena);
}

/* A lock that nobody can read must not hold up every pass for ever. */
static void
test_damaged_locks_are_dead(void **state)
{
    static const char *const texts[] = {
        "",
        "{",
        "[]",
        "{}",
        "{\"run\":\"1\"}",
        "{\"time\":" TIME "}",
        "{\"run\":1,\"time\":" TIME "}",
        "{\"run\":\"1\",\"time\":\"soon\"}",
    };
    struct arena *arena = arena_new();

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct lease lock = lease_read(arena, texts[i]);

        assert_int_equal(lock.time, 0);
        assert_string_equal(lock.run_id, "");
        assert_string_equal(lock.host, "");
        assert_true(lease_is_dead(&lock, "9", 1, 1773219600123));
    }
    arena_free(arena);
}

static void
test_lock_is_dead(void **state)
{
    static const struct {
        const char *run;
        int64_t attempt, age;
        bool dead;
    } cases[] = {
        {"other", 1, 0, false},
        {"other", 1, LEASE_LIFE, false},
        {"other", 1, LEASE_LIFE + 1, true},
        {"other", 9, 0, false},
        {"mine", 1, 0, true},  /* an earlier attempt of the same run */
        {"mine", 2, 0, false}, /* this very attempt, or one of its other jobs */
        {"mine", 3, 0, false}, /* a later attempt */
        {"mine", 3, LEASE_LIFE + 1, true},
        {"other", 1, -60000, false},  /* server clocks that disagree */
        {"other", 1, -3600000, true}, /* damage */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const int64_t now = 1773219600123;
        const struct lease lock = {.run_id = cases[i].run,
                                   .host = "",
                                   .attempt = cases[i].attempt,
                                   .time = now - cases[i].age};

        if (lease_is_dead(&lock, "mine", 2, now) != cases[i].dead)
            fail_msg("case %zu", i);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cursor_round_trip),      cmocka_unit_test(test_cursor_unreadable),
        cmocka_unit_test(test_cursor_hostile_lists),   cmocka_unit_test(test_lock_round_trip),
        cmocka_unit_test(test_damaged_locks_are_dead), cmocka_unit_test(test_lock_is_dead),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
