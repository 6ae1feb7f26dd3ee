#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/arena.h"
#include "markdown/markdown.h"

#define COUNT(of) (sizeof(of) / sizeof((of)[0]))

static const struct markdown_context context = {
    .server_url = "https://github.com", .owner = "octo", .repository = "hello"};

static double
seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The shortest of some runs there and back. */
static double
measure(const char *pattern, size_t size)
{
    struct arena *texts = arena_new();
    char *text = arena_alloc(texts, size + 1);
    double shortest = 1e9;

    for (size_t i = 0; i < size; i++)
        text[i] = pattern[i % strlen(pattern)];
    for (int run = 0; run < 3; run++) {
        struct arena *arena = arena_new();
        double start = seconds(), took;

        markdown_to_notion(arena, text, &context);
        markdown_to_github(arena, text, &context);
        took = seconds() - start;
        shortest = took < shortest ? took : shortest;
        arena_free(arena);
    }
    arena_free(texts);
    return shortest;
}

/* Four times the text takes about four times the time, at most nine; what takes no time is not
 * measured. */
static void
test_time_is_linear(void **state)
{
    static const char *const patterns[] = {
        "> ",
        ">",
        "- ",
        "1. ",
        "* a\n",
        "  - a\n",
        "[",
        "](",
        "![](",
        "[a](",
        "*",
        "*a_ ",
        "*a **a ",
        "`",
        "`a``b```c",
        "~~a",
        "<",
        "<!--",
        "</",
        "<a b=\"",
        "<div>",
        "<b>",
        "<details>",
        "<toggle>\n",
        "</toggle>",
        "<table><tr><td>",
        "| a | b |\n|---|---|\n",
        "|",
        "$",
        "$$\n",
        "&",
        "\\",
        "[^1]",
        "[^1]: a\n",
        "@a",
        "a/b#1 ",
        "www.a.",
        "<sub>1",
        "- a\n\n",
        "```\n",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(patterns); i++) {
        double small = measure(patterns[i], 16384), large = measure(patterns[i], 65536);

        if (large > 0.02 && large > 9 * small)
            fail_msg("%s: %.3f s, then %.3f s", patterns[i], small, large);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time_is_linear),
    };

    return cmocka_run_group_tests_name("markdown_time", tests, NULL, NULL);
}
