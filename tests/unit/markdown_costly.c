#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "markdown/cost.h"
#include "markdown/markdown.h"

#define COUNT(of) (sizeof(of) / sizeof((of)[0]))

static const struct markdown_context context = {
    .server_url = "https://github.com", .owner = "octo", .repository = "hello"};

/* What is text because of its cost is the text that was written. */
static void
test_costly_texts_stay(void **state)
{
    static const char *const pieces[] = {"x \\<?", "*\\[a](b", "*\\\\\\[a](b", "x \\<!A "};

    (void)state;
    for (size_t i = 0; i < COUNT(pieces); i++) {
        struct arena *arena = arena_new();
        struct buf text;
        const char *notion;

        buf_init(&text, SIZE_MAX / 4);
        for (int n = 0; n < 9000; n++)
            buf_str(&text, pieces[i]);
        notion = markdown_to_notion(arena, buf_text(&text), &context);
        assert_null(strstr(notion, "\\\\<"));
        for (const char *at = notion; (at = strstr(at, "](")) != NULL; at++)
            assert_int_equal(at[-1], '\\');
        buf_release(&text);
        arena_free(arena);
    }
}

/* What costs the parser nothing is not taken for what does. */
static void
test_long_texts_keep_their_markup(void **state)
{
    struct arena *arena = arena_new();
    struct buf text;
    const char *notion;

    (void)state;
    buf_init(&text, SIZE_MAX / 4);
    for (int i = 0; i < 1500; i++)
        buf_printf(&text, "- **fix:** the [link %d](https://x.org/%d), _as_ said\n", i, i);
    buf_str(&text, "\n| a | b |\n| --- | --- |\n");
    for (int i = 0; i < 1500; i++)
        buf_printf(&text, "| %d | a@b.org and https://x.org/%d |\n", i, i);
    notion = markdown_to_notion(arena, buf_text(&text), &context);
    assert_non_null(strstr(notion, "[link 1499](https://x.org/1499), _as_ said"));
    assert_non_null(strstr(notion, "| 1499 | [a@b.org](mailto:a@b.org) and [https://x.org/1499]"));
    buf_release(&text);
    arena_free(arena);
}

static struct cost
cost_of_many(const char *first, const char *piece, int times)
{
    struct cost cost;
    struct buf text;

    buf_init(&text, SIZE_MAX / 4);
    buf_str(&text, first);
    for (int n = 0; n < times; n++)
        buf_str(&text, piece);
    cost = cost_of(buf_text(&text), strlen(buf_text(&text)));
    buf_release(&text);
    return cost;
}

/* For each ")" at the end of an address the parser goes over the whole address again. */
static void
test_parentheses_after_an_address_are_counted(void **state)
{
    static const char *const starts[] = {"www.x.org", "https://x.org/", "(see http://x.org"};
    static const char *const closing[] = {")", ").", "))?!", ")*_~", ")&amp;", "\\)", "()))"};
    static const char *const cheap[] = {".", ";", "&amp;", "(", ") www.x.org", ")\n"};

    (void)state;
    for (size_t i = 0; i < COUNT(starts); i++) {
        for (size_t k = 0; k < COUNT(closing); k++) {
            assert_true(cost_of_many(starts[i], closing[k], 8000).addresses);
            assert_false(cost_of_many(starts[i], closing[k], 200).addresses);
        }
        for (size_t k = 0; k < COUNT(cheap); k++)
            assert_false(cost_of_many(starts[i], cheap[k], 8000).addresses);
    }
    assert_false(cost_of_many("", ")", 64000).addresses);
    assert_false(cost_of_many("", "(https://x.org/a_(b)) ", 8000).addresses);
}

/* Such an address is text, and so is what follows it. */
static void
test_address_before_many_parentheses_is_text(void **state)
{
    struct arena *arena = arena_new();
    struct buf text;

    (void)state;
    buf_init(&text, SIZE_MAX / 4);
    buf_str(&text, "www.x.org");
    for (int n = 0; n < 8000; n++)
        buf_char(&text, ')');
    assert_null(strstr(markdown_to_notion(arena, buf_text(&text), &context), "]("));
    buf_release(&text);
    arena_free(arena);
}

/* The parsers close code with up to 80 backticks; what needs more is text, and stays that. */
static void
test_long_runs_of_backticks_settle(void **state)
{
    static const char *const rows[] = {
        "<details><summary><code>%s</code></summary>\n\nx\n\n</details>", "` x%sx `",
        "<b>a<code>x%s</code>b</b>", "<code>%s</code> <code>x</code>"};

    (void)state;
    for (size_t i = 0; i < 2 * COUNT(rows); i++) {
        struct arena *arena = arena_new();
        char ticks[82] = "";
        const char *notion, *again;

        memset(ticks, '`', 79 + i % 2);
        notion = markdown_to_notion(arena, arena_printf(arena, rows[i / 2], ticks), &context);
        assert_non_null(strstr(notion, i % 2 == 0 ? ticks : "\\`\\`\\`"));
        again = markdown_to_github(arena, notion, &context);
        assert_string_equal(markdown_to_notion(arena, again, &context), notion);
        arena_free(arena);
    }
}

/* The parsers take backslashes and entities out of a language, too. */
static void
test_languages_settle(void **state)
{
    static const char *const texts[] = {"```a\\\\\\\\\nx\n```", "```a&amp;amp;amp;amp;\nx\n```"};

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct arena *arena = arena_new();
        const char *notion = markdown_to_notion(arena, texts[i], &context);
        const char *again = markdown_to_github(arena, notion, &context);

        assert_string_equal(markdown_to_notion(arena, again, &context), notion);
        assert_string_equal(markdown_normal_github(arena, again),
                            markdown_normal_github(arena, texts[i]));
        arena_free(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_costly_texts_stay),
        cmocka_unit_test(test_long_runs_of_backticks_settle),
        cmocka_unit_test(test_languages_settle),
        cmocka_unit_test(test_long_texts_keep_their_markup),
        cmocka_unit_test(test_parentheses_after_an_address_are_counted),
        cmocka_unit_test(test_address_before_many_parentheses_is_text),
    };

    return cmocka_run_group_tests_name("markdown_costly", tests, NULL, NULL);
}
