#ifndef TESTS_UNIT_GITHUB_TEST_H
#define TESTS_UNIT_GITHUB_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "github/github_p.h"

#define COUNT(of) (sizeof(of) / sizeof((of)[0]))
#define PAGE      "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
#define MARK      "<!-- notion-sync page=" PAGE " -->"

static inline struct json_object *
test_json(const char *text)
{
    struct json_object *tree;
    struct err err;

    if (!json_read(text, strlen(text), &tree, &err))
        fail_msg("%s: %s", err.text, text);
    return tree;
}

static inline void
test_text(const char *seen, const char *wanted, const char *where)
{
    if (seen == NULL || wanted == NULL ? seen != wanted : strcmp(seen, wanted) != 0)
        fail_msg("%s: %s instead of %s", where, seen != NULL ? seen : "NULL",
                 wanted != NULL ? wanted : "NULL");
}

#endif
