#ifndef TESTS_CONFIG_TEST_H
#define TESTS_CONFIG_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "config/config.h"

#define TEST_ID      "2f1c8a3e-0b4d-4c5e-9f60-718293a4b5c6"
#define TEST_ID_BARE "2f1c8a3e0b4d4c5e9f60718293a4b5c6"
#define TEST_NOTION  "a-token-of-notion"
#define TEST_GITHUB  "a-token-of-github"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct reading {
    struct arena *arena;
    struct config config;
    const struct config_problem *problems;
    size_t n_problems;
    enum config_result result;
};

/* An environment that holds what is required and nothing else. */
static inline int
test_environment(void **state)
{
    (void)state;
    clearenv();
    setenv("INPUT_NOTION_TOKEN", TEST_NOTION, 1);
    setenv("INPUT_GITHUB_TOKEN", TEST_GITHUB, 1);
    setenv("INPUT_NOTION_DATABASE", TEST_ID, 1);
    setenv("GITHUB_REPOSITORY", "octo/hello", 1);
    return 0;
}

/* Reads the environment and up to five flags; ends at the first NULL. */
static inline struct reading
test_read(const char *a, const char *b, const char *c, const char *d, const char *e)
{
    const char *flags[] = {a, b, c, d, e};
    struct reading reading = {.arena = arena_new()};
    char *argv[COUNT(flags) + 2] = {arena_strdup(reading.arena, "notion-sync")};
    int argc = 1;

    for (size_t i = 0; i < COUNT(flags) && flags[i] != NULL; i++)
        argv[argc++] = arena_strdup(reading.arena, flags[i]);
    reading.result = config_read(reading.arena, argc, argv, &reading.config, &reading.problems,
                                 &reading.n_problems);
    return reading;
}

static inline struct reading
test_read_environment(void)
{
    return test_read(NULL, NULL, NULL, NULL, NULL);
}

static inline struct reading
test_read_input(const char *variable, const char *value)
{
    setenv(variable, value, 1);
    return test_read_environment();
}

static inline void
test_release(struct reading *reading)
{
    arena_free(reading->arena);
}

/* Exactly one problem, of that input; given NULL: nothing is shown of it. */
static inline void
test_one_problem(const struct reading *reading, const char *input, const char *given,
                 const char *allowed)
{
    assert_int_equal(reading->result, CONFIG_BAD);
    assert_int_equal(reading->n_problems, 1);
    assert_string_equal(reading->problems[0].input, input);
    if (given == NULL)
        assert_null(reading->problems[0].given);
    else
        assert_string_equal(reading->problems[0].given, given);
    if (strstr(reading->problems[0].message, allowed) == NULL)
        fail_msg("%s: \"%s\" lacks \"%s\"", input, reading->problems[0].message, allowed);
}

/* No text of any problem holds the secret. */
static inline void
test_nothing_shows(const struct reading *reading, const char *secret)
{
    assert_true(reading->n_problems > 0);
    for (size_t i = 0; i < reading->n_problems; i++) {
        const struct config_problem *problem = &reading->problems[i];

        assert_null(strstr(problem->input, secret));
        assert_null(strstr(problem->message, secret));
        if (problem->given != NULL)
            assert_null(strstr(problem->given, secret));
    }
}

#endif
