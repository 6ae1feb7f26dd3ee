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
        const char *base, *ours, *theirs, *text;
        bool conflict;
    } rows[] = {
        {"", "", "", "", false},
        {"a\nb\nc", "A\nb\nc", "a\nb\nC", "A\nb\nC", false},
        {"a\nb\nc", "a\nc", "a\nb\nc\nd", "a\nc\nd", false},
        {"a\nb", "x\na\nb", "a\nb\ny", "x\na\nb\ny", false},
        {"a\nb\nc", "a\nB\nc", "a\nB\nc", "a\nB\nc", false},
        {"a\nb\nc", "a\nB\nc", "a\nX\nc", "a\nX\nc", true},
        {"a\nb\nc\nd\ne", "A\nb\nc\nd\nE", "1\nb\nc\nd\n5", "1\nb\nc\nd\n5", true},
        {"a\n", "a", "a\nb", "a\nb", false},
        {"a\r\nb\r\n", "a\nb", "a\r\nB\r\n", "a\nB", false},
        {"a", "", "a", "", false},
        {"a", "", "b", "b", true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_new();
        struct merge_result got =
            merge_texts(arena, MERGE_LINES, rows[i].base, rows[i].ours, rows[i].theirs);

        assert_string_equal(got.text, rows[i].text);
        assert_int_equal(got.conflict, rows[i].conflict);
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
        struct merge_result one = merge_texts(arena, MERGE_LINES, base, x, y);
        struct merge_result two = merge_texts(arena, MERGE_LINES, base, y, x);

        assert_string_equal(merge_texts(arena, MERGE_LINES, base, x, base).text, x);
        assert_string_equal(merge_texts(arena, MERGE_LINES, base, base, x).text, x);
        assert_string_equal(merge_texts(arena, MERGE_LINES, base, x, x).text, x);
        assert_string_equal(merge_texts(arena, MERGE_WORDS, base, x, base).text, x);
        assert_string_equal(merge_texts(arena, MERGE_WORDS, base, base, x).text, x);
        assert_int_equal(one.conflict, two.conflict);
        if (!one.conflict) {
            assert_string_equal(one.text, two.text);
            clean++;
        }
        arena_free(arena);
    }
    assert_true(clean > 1000 && clean < 2900);
}

/* By words: what ours writes in its own way stays beside what theirs changed. */
static void
test_merge_words(void **state)
{
    static const struct {
        const char *base, *ours, *theirs, *text;
    } rows[] = {
        {"See [it](https://x.example).", "See [it][x].", "Do see [it](https://x.example) now.",
         "Do see [it][x] now."},
        {"A\n\n![](u)\n\nB", "A ![](u) B", "A edited\n\n![](u)\n\nB", "A edited ![](u) B"},
        {"First\n\nSecond", "<div>\n<p>First</p>\n<p>Second</p>\n</div>", "The first\n\nSecond",
         "<div>\n<p>The first</p>\n<p>Second</p>\n</div>"},
        {"text", "text <!-- seen -->", "text and more", "text <!-- seen --> and more"},
        {"| 1 | 2 |\n| 3 | 4 |", "|1|2|\n|3|4|", "| 1 | 2 |\n| 3 | 5 |", "|1|2|\n|3|5|"},
        {"- a\n  - b\n  - c", "* a\n  * b\n  * c", "- a\n  - b\n  - d", "* a\n  * b\n  * d"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_new();

        assert_string_equal(
            merge_texts(arena, MERGE_WORDS, rows[i].base, rows[i].ours, rows[i].theirs).text,
            rows[i].text);
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
    got = merge_texts(arena, MERGE_LINES, text[0], text[1], text[2]);
    assert_false(got.conflict);
    assert_non_null(strstr(got.text, "1000x\n1001\n"));
    assert_non_null(strstr(got.text, "1500x\n1501\n"));
    got = merge_texts(arena, MERGE_LINES, text[0], text[1], text[3]);
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
        cmocka_unit_test(test_merge_words),
        cmocka_unit_test(test_merge_long),
    };

    return cmocka_run_group_tests_name("markdown_merge", tests, NULL, NULL);
}
