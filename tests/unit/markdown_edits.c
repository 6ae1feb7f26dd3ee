#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "markdown/markdown.h"

#define COUNT(of) (sizeof(of) / sizeof((of)[0]))

/* Applies edits as Notion does: one after the other, each where its text occurs once. */
static const char *
apply(struct arena *arena, const char *text, const struct markdown_edit *edits, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *at = strstr(text, edits[i].old_text);

        assert_non_null(at);
        assert_null(strstr(at + 1, edits[i].old_text));
        text = arena_printf(arena, "%.*s%s%s", (int)(at - text), text, edits[i].new_text,
                            at + strlen(edits[i].old_text));
    }
    return text;
}

static void
test_edits(void **state)
{
    static const struct {
        const char *now, *wanted;
        size_t n;
        const char *old_text, *new_text; /* of the first edit, NULL: whatever */
    } rows[] = {
        {"a\n\nb", "a\n\nb", 0, NULL, NULL},
        {"* a\n\n__b__", "- a\n\n**b**", 0, NULL, NULL}, /* other marks, same text */
        {"one\n\ntwo\n\nthree", "one\n\n2\n\nthree", 1, "two", "2"},
        {"one\n\ntwo\n\nthree", "one\n\nthree", 1, NULL, NULL},
        {"one\n\nthree", "one\n\ntwo\n\nthree", 1, NULL, NULL},
        {"one", "one\n\ntwo", 1, "one", "one\n\ntwo"},
        {"two", "one\n\ntwo", 1, "two", "one\n\ntwo"},
        {"same\n\nx\n\nsame\n\ny", "same\n\nx\n\nsame!\n\ny", 1, NULL, NULL},
        {"- [ ] a\n- [ ] b\n- [ ] c", "- [ ] a\n- [x] b\n- [ ] c", 1, "- [ ] b", "- [x] b"},
        {"- a\n- b", "- a\n\ntext", 1, NULL, NULL},
        {"```\none\ntwo\n```", "```\none\n2\n```", 1, "two", "2"},
        {"a\n\nb\n\nc\n\nd\n\ne", "A\n\nb\n\nc\n\nd\n\nE", 2, "a", "A"},
        {"<span color=\"red\">a</span>\n\nb", "<span color=\"red\">a</span>\n\nB", 1, "b", "B"},
        {"<toggle>T\n\nold\n</toggle>", "<toggle>T\n\nnew\n</toggle>", 1, "old", "new"},
        {"| a | b |\n| --- | --- |\n| 1 | 2 |", "| a | b |\n| --- | --- |\n| 1 | 3 |", 1,
         "| 1 | 2 |", "| 1 | 3 |"},
        {"- [x] a\n\n  b\n\n1. c\n\n   d", "1. c\n\n   e\n\n- [x] a\n\n  f", 2, NULL, NULL},
        {"x\n\n<unknown url=\"u\" />\n\ny", "X\n\n<unknown url=\"u\" />\n\nY", 2, "x", "X"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_new();
        const struct markdown_edit *edits = NULL;
        size_t n = 99;
        const char *result;

        assert_true(markdown_edits(arena, rows[i].now, rows[i].wanted, &edits, &n));
        assert_int_equal(n, rows[i].n);
        if (rows[i].old_text != NULL) {
            assert_string_equal(edits[0].old_text, rows[i].old_text);
            assert_string_equal(edits[0].new_text, rows[i].new_text);
        }
        result = apply(arena, rows[i].now, edits, n);
        assert_string_equal(markdown_normal_notion(arena, result),
                            markdown_normal_notion(arena, rows[i].wanted));
        arena_free(arena);
    }
}

static void
test_edits_that_would_lose(void **state)
{
    static const char *const rows[][2] = {
        {"a <span color=\"red\">b</span>", "a c"},
        {"a\n\n<unknown url=\"u\" />", "a"},
        {"<page url=\"u\">P</page>", "[P](u)"},
        {"<callout icon=\"x\" color=\"gray_background\">a</callout>", "> b"},
        {"![a](https://prod-files-secure.s3.us-west-2.amazonaws.com/f?X-Amz-Signature=1)", "b"},
        {"<mention url=\"user://1\">P</mention> did", "P did it"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_new();
        const struct markdown_edit *edits;
        size_t n;

        assert_false(markdown_edits(arena, rows[i][0], rows[i][1], &edits, &n));
        arena_free(arena);
    }
}

static void
test_empty_page(void **state)
{
    struct arena *arena = arena_new();
    const struct markdown_edit *edits;
    size_t n;

    (void)state;
    assert_true(markdown_edits(arena, "", "text", &edits, &n));
    assert_int_equal(n, 1);
    assert_string_equal(edits[0].old_text, "");
    assert_string_equal(edits[0].new_text, "text");
    arena_free(arena);
}

/* More changes than one request takes become fewer, and larger. */
static void
test_many_edits(void **state)
{
    struct arena *arena = arena_new();
    const struct markdown_edit *edits;
    const char *now = "", *wanted = "";
    size_t n;

    (void)state;
    for (int i = 0; i < 250; i++) {
        now = arena_printf(arena, "%skept %d\n\nold %d\n\n", now, i, i);
        wanted = arena_printf(arena, "%skept %d\n\nnew %d\n\n", wanted, i, i);
    }
    assert_true(markdown_edits(arena, now, wanted, &edits, &n));
    assert_true(n > 50 && n <= 100);
    assert_string_equal(markdown_normal_notion(arena, apply(arena, now, edits, n)),
                        markdown_normal_notion(arena, wanted));
    arena_free(arena);
}

static void
test_plain(void **state)
{
    static const struct {
        const char *text;
        bool plain;
    } rows[] = {
        {"", true},
        {"# a\n\n- b\n\n`<page>` \\<page> **c**", true},
        {"<toggle heading=\"2\">a\n\nb\n</toggle>", true},
        {"<callout icon=\"💡\" color=\"green_background\">a</callout>", true},
        {"<callout icon=\"💡\">a</callout>", false},
        {"<quote>a\n\nb\n</quote>", true},
        {"<u>a</u> <b>b</b>", true},
        {"a <span color=\"red\">b</span>", false},
        {"<p color=\"red\">b</p>", false},
        {"<date start=\"2026-01-31\" />", false},
        {"<table-of-contents />", false},
        {"<something-new>x</something-new>", false},
        {"![a](https://x.org/a.png)", true},
        {"![a](https://x.s3.amazonaws.com/a.png?X-Amz-Signature=1)", false},
        {"<table header-row=\"true\">\n<tr>\n<td>a</td>\n</tr>\n</table>", true},
        {"<table header-row=\"false\">\n<tr>\n<td>a</td>\n</tr>\n</table>", true},
        {"<table header-row=\"true\" header-column=\"true\">\n<tr>\n<td>a</td>\n</tr>\n</table>",
         false},
        {"<columns>\n<column>\n\na\n\n</column>\n</columns>", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        if (markdown_is_plain(rows[i].text) != rows[i].plain)
            fail_msg("%s", rows[i].text);
}

static void
test_normal_forms(void **state)
{
    static const struct {
        bool notion;
        const char *a, *b;
        bool same;
    } rows[] = {
        {false, "a\r\nb\r\n", "a\nb", true},
        {false, "* a\n* b", "- a\n\n- b", true},
        {false, "__a__ *b*", "**a** _b_", true},
        {false, "a\n\n<!-- notion-sync page=1 -->", "a", true},
        {false, "a\n\n<!-- other -->", "a", false},
        {false, "```ts\nx\n```", "```typescript\nx\n```", true},
        {false, "# a\n## b", "a\n===\n\nb\n---", true},
        {false, "a  \nb", "a\nb", true},
        {false, "a b", "a  c", false},
        {false, "- [ ] a", "- [x] a", false},
        {false, "3. a", "1. a", false},
        {true, "3. a\n7. b", "1. a\n2. b", true},
        {true, "![a](https://x.s3.amazonaws.com/f?X-Amz-Signature=1)",
         "![a](https://x.s3.amazonaws.com/f?X-Amz-Signature=2)", true},
        {true, "<file source=\"https://prod-files-secure.s3.x.com/f?X-Amz-Signature=1\" />",
         "<file source=\"https://prod-files-secure.s3.x.com/f?X-Amz-Signature=2\" />", true},
        {true, "<p color=\"red\">a</p>", "a", false},
        {true, "<p>a</p>", "a", true},
        {true, "&lt;u&gt;", "\\<u>", true},
        {true, "|a|b|\n|-|-|\n|c|d|", "| a | b |\n| --- | --- |\n| c | d |", true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_new();
        const char *a = rows[i].notion ? markdown_normal_notion(arena, rows[i].a)
                                       : markdown_normal_github(arena, rows[i].a);
        const char *b = rows[i].notion ? markdown_normal_notion(arena, rows[i].b)
                                       : markdown_normal_github(arena, rows[i].b);

        if ((strcmp(a, b) == 0) != rows[i].same)
            fail_msg("%s / %s: %s / %s", rows[i].a, rows[i].b, a, b);
        arena_free(arena);
    }
}

static void
test_cut(void **state)
{
    struct arena *arena = arena_new();
    const char *text = "one\n\n😀😀\n\n- a\n- b\n\n```\nlong code\n```";
    const char *rest = "https://x.org/r";
    bool cut;

    (void)state;
    for (size_t max = 60; max < 100; max++) {
        const char *part = markdown_cut_notion(arena, text, max, rest, &cut);

        assert_true(strlen(part) <= max);
        assert_int_equal(cut, strlen(text) > max);
        part = markdown_cut_github(arena, text, max - 20, rest, &cut);
        assert_int_equal(cut, utf8_length16(text) > max - 20);
        assert_true(!cut || strstr(part, rest) != NULL);
        assert_true(!cut || utf8_length16(part) <= max - 20 ||
                    strcmp(part, "… [the rest is in Notion](https://x.org/r)") == 0);
    }
    assert_string_equal(markdown_cut_github(arena, text, 55, rest, &cut), text);
    assert_false(cut);
    assert_string_equal(markdown_cut_notion(arena, "one\n\ntwo two two two", 12, NULL, &cut),
                        "one\n\n…");
    assert_true(cut);
    arena_free(arena);
}

/* What is no Markdown of anybody: NUL is the end, the rest becomes text. */
static void
test_bytes(void **state)
{
    static const char *const rows[] = {
        "\xff\xfe",
        "a\xed\xa0\x80"
        "b",
        "\xc0\xaf",
        "\x01\x02"
        "5\x03\x7f",
        "a\r\rb\r\n",
        "\t\v\f",
        "\xef\xbb\xbf# a",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_new();
        const char *text = markdown_to_notion(arena, rows[i], NULL);

        assert_null(strpbrk(text, "\x01\x02\x03\x7f\r"));
        assert_null(strstr(text, "\xff"));
        assert_null(strstr(text, "\xed\xa0"));
        assert_null(strpbrk(markdown_to_github(arena, rows[i], NULL), "\x01\x02\x03\x7f\r"));
        arena_free(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edits),      cmocka_unit_test(test_edits_that_would_lose),
        cmocka_unit_test(test_empty_page), cmocka_unit_test(test_many_edits),
        cmocka_unit_test(test_plain),      cmocka_unit_test(test_normal_forms),
        cmocka_unit_test(test_cut),        cmocka_unit_test(test_bytes),
    };

    return cmocka_run_group_tests_name("markdown_edits", tests, NULL, NULL);
}
