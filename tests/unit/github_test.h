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
/* HMAC-SHA256 of "42 page=PAGE", keyed as for the token "ntn_test". */
#define TAG "6096ed912a4c618a"
/* The same of "42#7 page=PAGE": in a comment on #7. */
#define TAG_ON_7  "212f02d343bb4c93"
#define MARK_ON_7 "<!-- notion-sync page=" PAGE " tag=" TAG_ON_7 " -->"
#define TAGGED    "<!-- notion-sync page=" PAGE " tag=" TAG " -->"

/* Who reads in these tests. */
static inline const struct identity *
test_reader(const char *viewer)
{
    static struct marker_key key = {.repository = 42};
    static struct identity reader = {.key = &key};

    seal_init(&key.seal, "notion-sync marker", "ntn_test");
    reader.viewer = viewer;
    return &reader;
}

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
