#ifndef TESTS_STATE_TEST_H
#define TESTS_STATE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/err.h"
#include "fields_test.h"
#include "state/sealing.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define TEST_PAGE  "2f1c8a3e-0b4d-4c5e-9f60-718293a4b5c6"
#define TEST_OTHER "0a1b2c3d-4e5f-4061-8273-8495a6b7c8d9"

/* A failure of that kind whose message holds the text. */
static inline void
test_failed(const struct err *err, enum err_kind kind, const char *text)
{
    assert_int_equal(err->kind, kind);
    if (strstr(err->text, text) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", err->text, text);
}

/* Files that anybody may read whole. */
static inline const struct sealing *
nothing_sealed(void)
{
    static struct sealing sealing;

    sealing.fields = all_fields();
    return &sealing;
}

#endif
