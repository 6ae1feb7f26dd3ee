#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_costly_texts_stay),
        cmocka_unit_test(test_long_texts_keep_their_markup),
    };

    return cmocka_run_group_tests_name("markdown_costly", tests, NULL, NULL);
}
