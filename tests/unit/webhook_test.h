#ifndef TESTS_UNIT_WEBHOOK_TEST_H
#define TESTS_UNIT_WEBHOOK_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/err.h"

#define COUNT(of) (sizeof(of) / sizeof((of)[0]))

#define RUN(tests) cmocka_run_group_tests(tests, NULL, NULL)

static inline int
arena_setup(void **state)
{
    *state = arena_new();
    return 0;
}

static inline int
arena_teardown(void **state)
{
    arena_free(*state);
    return 0;
}

#define WITH_ARENA(name) cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)

#endif
