/* That the time of a text grows with its length, whatever it is made of. `make bench`. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
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
measure(const char *text)
{
    double shortest = 1e9;

    for (int run = 0; run < 3; run++) {
        struct arena *arena = arena_new();
        double start = seconds(), took;

        markdown_to_notion(arena, text, &context);
        markdown_to_github(arena, text, &context);
        took = seconds() - start;
        shortest = took < shortest ? took : shortest;
        arena_free(arena);
    }
    return shortest;
}

static double
measure_pattern(const void *data, size_t size)
{
    const char *pattern = data;
    struct arena *arena = arena_new();
    char *text = arena_alloc(arena, size + 1);
    double took;

    for (size_t i = 0; i < size; i++)
        text[i] = pattern[i % strlen(pattern)];
    took = measure(text);
    arena_free(arena);
    return took;
}

static double
measure_halves(const void *data, size_t size)
{
    const char *const *halves = data;
    struct arena *arena = arena_new();
    char *text = arena_alloc(arena, size + 1);
    double took;

    for (size_t i = 0; i < size; i++)
        text[i] = halves[i >= size / 2][(i % (size / 2)) % strlen(halves[i >= size / 2])];
    took = measure(text);
    arena_free(arena);
    return took;
}

/* Four times the text takes about four times the time, at most nine; what takes no time is not
 * measured. What was slow once is measured again: other programs run. */
static bool
is_linear(double (*measure_size)(const void *data, size_t size), const void *data)
{
    double small = 0, large = 0;

    for (int attempt = 0; attempt < 4; attempt++) {
        small = measure_size(data, 16384);
        large = measure_size(data, 65536);
        if (large <= 0.02 || large <= 9 * small)
            return true;
    }
    printf("%.3f s, then %.3f s\n", small, large);
    return false;
}

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
    "\\@a",
    "_www.a.",
    "x <?",
    "x \\<?",
    "x <!A ",
    "*[^1]",
    "_[a](b)",
    "[^1]: ",
    "|-|-|\n[a]: b\n",
    "<b></p>",
    "<column>a</column>",
    "<mention url=\"a\">",
    "<mention url=\"a\">b</mention>",
};

static void
test_time_is_linear(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(patterns); i++)
        if (!is_linear(measure_pattern, patterns[i]))
            fail_msg("%s", patterns[i]);
}

/* What is repeated twice: half of a text is one thing, half another. */
static void
test_halves_are_linear(void **state)
{
    static const char *const halves[][2] = {
        {" ", "<p />"},
        {"[^1]: ", "~"},
        {"*", "[a](b)"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(halves); i++)
        if (!is_linear(measure_halves, halves[i]))
            fail_msg("%s, %s", halves[i][0], halves[i][1]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time_is_linear),
        cmocka_unit_test(test_halves_are_linear),
    };

    return cmocka_run_group_tests_name("markdown_time", tests, NULL, NULL);
}
