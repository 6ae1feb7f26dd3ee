#include "github_test.h"

#define DIGITS "0A1B2C3D4E5F60718293A4B5C6D7E8F9"

static void
test_find(void **state)
{
    static const struct {
        const char *body, *marker;
    } rows[] = {
        {MARK, "page=" PAGE},
        {"Text\n\n" MARK, "page=" PAGE},
        {"Text\r\n\r\n" MARK "\r\n", "page=" PAGE},
        {"Text\n" MARK "  \t\n \n\n", "page=" PAGE},
        {"<!-- notion-sync page=" DIGITS " -->", "page=" DIGITS},
        {TAGGED, "page=" PAGE " tag=" TAG},
        {"<!-- notion-sync status 12 -> done -->", "status 12 -> done"},
        {"<!-- notion-sync page=none -->", "page=none"},
        {"<!-- notion-sync page=0A1B2C3D04E5F060710829304B5C6D7E8F90 -->",
         "page=0A1B2C3D04E5F060710829304B5C6D7E8F90"},
        {"```\ncode\n```\n" MARK, "page=" PAGE},
        {"~~~\n```\n~~~\n" MARK, "page=" PAGE},
        {"```\n````\n" MARK, "page=" PAGE},
        {"``` `not a fence\n" MARK, "page=" PAGE},
        {"    ```\n" MARK, "page=" PAGE},
        {"> ```\n" MARK, "page=" PAGE},

        {NULL, NULL},
        {"", NULL},
        {" \n\t\n", NULL},
        {MARK "\nText", NULL},
        {MARK "\n<!-- other -->", NULL},
        {MARK "\n\xE2\x80\x8B", NULL},
        {"Text " MARK, NULL},
        {MARK " text", NULL},
        {" " MARK, NULL},
        {"    " MARK, NULL},
        {"\t" MARK, NULL},
        {"> " MARK, NULL},
        {"- " MARK, NULL},
        {"```\n" MARK, NULL},
        {"   ~~~~ text\n~~~\n" MARK, NULL},
        {"```\nx\n```\n```\n" MARK, NULL},
        {"```\n``` no end\n" MARK, NULL},
        {"```\n" MARK "\n```", NULL},
        {"<!--notion-sync page=" PAGE " -->", NULL},
        {"<!-- Notion-Sync page=" PAGE " -->", NULL},
        {"<!-- notion-sync  page=" PAGE " -->", NULL},
        {"<!-- notion-sync page=" PAGE "  -->", NULL},
        {"<!-- notion-sync page=" PAGE " --> -->", NULL},
        {"<!-- notion-sync -->", NULL},
        {"<!-- notion-sync  -->", NULL},
        {"<!-- notion-sync page=" PAGE " --", NULL},
        {"<!-- notion-sync a--b -->", NULL},
        {"<!-- notion-sync page=\n" PAGE " -->", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_new();

        test_text(github_find_marker(arena, rows[i].body), rows[i].marker,
                  rows[i].body != NULL ? rows[i].body : "NULL");
        arena_free(arena);
    }
}

static void
test_page(void **state)
{
    static const struct {
        const char *marker, *page;
    } rows[] = {
        {"page=" PAGE, PAGE},
        {"page=" DIGITS, NULL},
        {"page=", NULL},
        {"page=" PAGE "0", NULL},
        {"page=0a1b2c3d4-e5f-6071-8293-a4b5c6d7e8f9", NULL},
        {"page=0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8fg", NULL},
        {"page=0a1b2c3d4e5f-6071-8293-a4b5c6d7e8f90", NULL},
        {"status", NULL},
        {NULL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        test_text(marker_page(rows[i].marker), rows[i].page,
                  rows[i].marker != NULL ? rows[i].marker : "NULL");
}

static void
test_append(void **state)
{
    static const struct {
        const char *body, *text;
    } rows[] = {
        {NULL, MARK},
        {"", MARK},
        {" \r\n", MARK},
        {"Text", "Text\n\n" MARK},
        {"Text\n", "Text\n\n\n" MARK},
        {"````c\ncode", "````c\ncode\n````\n\n" MARK},
        {"<!-- notion-sync page=other -->", "<!-- notion-sync page=other -->\n\n" MARK},
        {"<!-- open", "<!-- open\n\n" MARK},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_new();
        const char *text = marker_append(arena, rows[i].body, "page=" PAGE);

        test_text(text, rows[i].text, "append");
        test_text(github_find_marker(arena, text), "page=" PAGE, text);
        arena_free(arena);
    }
}

/* A body is read without its marker line, and with LF. */
static void
test_strip(void **state)
{
    static const struct {
        const char *body, *text;
    } rows[] = {
        {"", ""},
        {"Text", "Text"},
        {"Text\r\n\r\nMore\r\n", "Text\n\nMore\n"},
        {"Text  \n\n\n" MARK, "Text  \n"},
        {" \r\n", ""},
        {"Text\n\n" MARK, "Text"},
        {"Text\r\n\r\n" MARK "\r\n", "Text"},
        {MARK, ""},
        {"Text " MARK, "Text " MARK},
        {"```\n" MARK "\n```", "```\n" MARK "\n```"},
        {"a\rb", "a\rb"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_new();

        test_text(marker_strip(arena, rows[i].body), rows[i].text, rows[i].body);
        arena_free(arena);
    }
}

/* A tag is right in one repository, in one place and for one text. */
static void
test_tags(void **state)
{
    static const struct {
        const char *marker, *text;
        int64_t number;
        bool right;
    } rows[] = {
        {"page=" PAGE " tag=" TAG, "page=" PAGE, 0, true},
        {"page=" PAGE " tag=" TAG_ON_7, "page=" PAGE, 7, true},
        {"page=" PAGE " tag=" TAG, "page=" PAGE, 7, false},
        {"page=" PAGE " tag=" TAG_ON_7, "page=" PAGE, 0, false},
        {"page=" PAGE " tag=" TAG_ON_7, "page=" PAGE, 77, false},
        {"ended page=" PAGE " tag=" TAG, "ended page=" PAGE, 0, false},
        {"page=" PAGE " tag=0000000000000000", "page=" PAGE, 0, false},
        {"page=" PAGE " tag=" TAG " tag=" TAG, "page=" PAGE " tag=" TAG, 0, false},
        {"page=" PAGE " tag=" TAG "0", "page=" PAGE " tag=" TAG "0", 0, false},
        {"page=" PAGE " tag=", "page=" PAGE " tag=", 0, false},
        {"page=" PAGE, "page=" PAGE, 0, false},
        {" tag=" TAG, " tag=" TAG, 0, false},
        {"x", "x", 0, false},
    };
    struct arena *arena = arena_new();
    const struct marker_key *key = test_reader("me")->key;
    struct marker_key other = *key;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *text;

        if (marker_read(key, rows[i].number, rows[i].marker, arena, &text) != rows[i].right)
            fail_msg("row %zu: %s", i, rows[i].marker);
        test_text(text, rows[i].text, rows[i].marker);
        other.repository = 43;
        assert_false(marker_read(&other, rows[i].number, rows[i].marker, arena, &text));
        other = *key;
        seal_init(&other.seal, "notion-sync marker", "ntn_other");
        assert_false(marker_read(&other, rows[i].number, rows[i].marker, arena, &text));
    }
    test_text(marker_sign(key, 0, "page=" PAGE, arena), "page=" PAGE " tag=" TAG, "body");
    test_text(marker_sign(key, 7, "page=" PAGE, arena), "page=" PAGE " tag=" TAG_ON_7, "comment");
    arena_free(arena);
}

/* Text that came from Notion cannot speak for the action. */
static void
test_defuse(void **state)
{
    struct arena *arena = arena_new();

    (void)state;
    test_text(marker_defuse(arena, "Text"), "Text", "plain");
    test_text(marker_defuse(arena, "Text\n\n" MARK), "Text\n\n " MARK, "marker");
    assert_null(github_find_marker(arena, marker_defuse(arena, MARK "\n \n")));
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),  cmocka_unit_test(test_page), cmocka_unit_test(test_append),
        cmocka_unit_test(test_strip), cmocka_unit_test(test_tags), cmocka_unit_test(test_defuse),
    };

    return cmocka_run_group_tests_name("github: markers", tests, NULL, NULL);
}
