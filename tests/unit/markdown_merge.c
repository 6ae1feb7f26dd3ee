#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "markdown/merge.h"

#define COUNT(of) (sizeof(of) / sizeof((of)[0]))

static void
test_merge_lines(void **state)
{
    static const struct {
        const char *base, *ours, *theirs, *text, *lost;
    } rows[] = {
        {"", "", "", "", ""},
        {"a\nb\nc", "A\nb\nc", "a\nb\nC", "A\nb\nC", ""},
        {"a\nb\nc", "a\nc", "a\nb\nc\nd", "a\nc\nd", ""},
        {"a\nb", "x\na\nb", "a\nb\ny", "x\na\nb\ny", ""},
        {"a\nb\nc", "a\nB\nc", "a\nB\nc", "a\nB\nc", ""},
        {"a\nb\nc", "a\nB\nc", "a\nX\nc", "a\nB\nc", "X"},
        {"a\nb\nc\nd\ne", "A\nb\nc\nd\nE", "1\nb\nc\nd\n5", "A\nb\nc\nd\nE", "1\n\n5"},
        {"a\n", "a", "a\nb", "a\nb", ""},
        {"a\r\nb\r\n", "a\nb", "a\r\nB\r\n", "a\nB", ""},
        {"a", "", "a", "", ""},
        {"a", "", "b", "", "b"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_new();
        struct merge_result got =
            merge_lines(arena, rows[i].base, rows[i].ours, rows[i].theirs, true);

        assert_string_equal(got.text, rows[i].text);
        assert_string_equal(got.lost, rows[i].lost);
        assert_int_equal(got.conflict, rows[i].lost[0] != '\0');
        arena_free(arena);
    }
}

static uint32_t
draw(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525 + 1013904223;
    return (*seed >> 8) % below;
}

/* Lines of few kinds, so that the same ones come more than once. */
static const char *
random_text(struct arena *arena, uint32_t *seed)
{
    size_t lines = draw(seed, 12);
    char *text = arena_alloc(arena, 2 * lines + 1);

    for (size_t i = 0; i < lines; i++) {
        text[2 * i] = (char)('a' + draw(seed, 9));
        text[2 * i + 1] = i + 1 < lines ? '\n' : '\0';
    }
    return text;
}

/* The text with some lines left out, changed or added. */
static const char *
random_edit(struct arena *arena, uint32_t *seed, const char *text)
{
    char *copy = arena_alloc(arena, 2 * strlen(text) + 5);
    char *to = copy;

    for (const char *at = text; *at != '\0'; at++) {
        uint32_t what = *at == '\n' ? 9 : draw(seed, 12);

        if (*at == '\n' || what == 0)
            continue;
        if (to > copy)
            *to++ = '\n';
        *to++ = (char)(what == 1 ? 'a' + (int)draw(seed, 12) : *at);
        if (what == 2) {
            *to++ = '\n';
            *to++ = (char)('a' + (int)draw(seed, 12));
        }
    }
    return copy;
}

static void
test_merge_properties(void **state)
{
    uint32_t seed = 1;
    int clean = 0;

    (void)state;
    for (int i = 0; i < 3000; i++) {
        struct arena *arena = arena_new();
        const char *base = random_text(arena, &seed);
        const char *x = random_edit(arena, &seed, base);
        const char *y = random_edit(arena, &seed, base);
        struct merge_result one = merge_lines(arena, base, x, y, true);
        struct merge_result two = merge_lines(arena, base, y, x, false);

        assert_string_equal(merge_lines(arena, base, x, base, false).text, x);
        assert_string_equal(merge_lines(arena, base, base, x, true).text, x);
        assert_string_equal(merge_lines(arena, base, x, x, true).text, x);
        assert_int_equal(one.conflict, two.conflict);
        assert_string_equal(one.text, two.text);
        assert_string_equal(one.lost, two.lost);
        if (!one.conflict) {
            assert_string_equal(merge_lines(arena, base, y, x, true).text, one.text);
            clean++;
        }
        arena_free(arena);
    }
    assert_true(clean > 1000 && clean < 2900);
}

/* What theirs leaves of a block is written as ours has it, where that says what theirs does. */
static void
test_merge_keeps_the_form(void **state)
{
    static const struct {
        enum markdown_dialect dialect;
        const char *base, *ours, *theirs, *text;
    } rows[] = {
        {MARKDOWN_GITHUB, "| A | B |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |",
         "|A|B|\n|:--|--:|\n|1|2|\n|3|4|", "| A | B |\n| --- | --- |\n| 1 | 5 |\n| 3 | 4 |",
         "|A|B|\n|:--|--:|\n| 1 | 5 |\n|3|4|"},
        {MARKDOWN_GITHUB, "- a\n  - b\n  - c", "* a\n  * b\n  * c", "- a\n  - b\n  - d",
         "* a\n  * b\n  - d"},
        {MARKDOWN_GITHUB, "> a\n> b", ">a\n>b", "> c", "> c"},
        {MARKDOWN_GITHUB, "```c\na\nb\n```", "~~~~ c\na\nb\n~~~~", "```c\na\n~~~~\n```",
         "```c\na\n~~~~\n```"},
        {MARKDOWN_NOTION, "<toggle>T\n\n- [ ] a\n- b\n</toggle>",
         "<toggle color=\"red\">\nT\n\n- [ ] a\n- b\n</toggle>",
         "<toggle>T\n\n- [x] a\n- b\n</toggle>",
         "<toggle color=\"red\">\nT\n\n- [x] a\n- b\n</toggle>"},
        {MARKDOWN_NOTION, "<quote>\xF0\x9F\x92\xA1 T\n\n- a\n- b\n</quote>",
         "<callout icon=\"\xF0\x9F\x92\xA1\" color=\"gray_bg\">\nT\n\n- a\n- b\n</callout>",
         "<quote>\xF0\x9F\x92\xA1 T\n\n- a\n- c\n</quote>",
         "<callout icon=\"\xF0\x9F\x92\xA1\" color=\"gray_bg\">\nT\n\n- a\n- c\n</callout>"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena *arena = arena_new();
        struct merge_result got = merge_markdown(arena, rows[i].dialect, NULL, rows[i].base,
                                                 rows[i].ours, rows[i].theirs, true);

        assert_string_equal(got.text, rows[i].text);
        assert_false(got.conflict);
        arena_free(arena);
    }
}

/* Edits far from each other in a long text, and texts that have nothing in common. */
static void
test_merge_long(void **state)
{
    enum { LINES = 20000 };
    struct arena *arena = arena_new();
    char *text[4];
    struct merge_result got;

    (void)state;
    for (int t = 0; t < 4; t++) {
        char *at = text[t] = arena_alloc(arena, LINES * 8 + 1);

        for (int i = 0; i < LINES; i++)
            at += sprintf(at, "%d%s\n", i,
                          t == 3 || (t == 1 && i % 1000 == 0) || (t == 2 && i % 1000 == 500) ? "x"
                                                                                             : "");
    }
    got = merge_lines(arena, text[0], text[1], text[2], true);
    assert_false(got.conflict);
    assert_non_null(strstr(got.text, "1000x\n1001\n"));
    assert_non_null(strstr(got.text, "1500x\n1501\n"));
    got = merge_lines(arena, text[0], text[1], text[3], false);
    assert_true(got.conflict);
    assert_int_equal(strlen(got.text) + 1, strlen(text[3]));
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_merge_lines),
        cmocka_unit_test(test_merge_properties),
        cmocka_unit_test(test_merge_keeps_the_form),
        cmocka_unit_test(test_merge_long),
    };

    return cmocka_run_group_tests_name("markdown_merge", tests, NULL, NULL);
}
