#ifndef TESTS_UNIT_NOTION_TEST_H
#define TESTS_UNIT_NOTION_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "notion/notion_p.h"

#define COUNT(of) (sizeof(of) / sizeof((of)[0]))
#define SOURCE    "0a1b2c3d-0000-4000-8000-00000000d501"
#define PAGE      "0a1b2c3d-0000-4000-8000-0000000000a1"

static const struct bound test_bound = {
    .data_source = SOURCE,
    .fields =
        {
            [FIELD_TITLE] = {"title", "Name", "title"},
            [FIELD_STATUS] = {"st%3A", "Status", "status"},
            [FIELD_LABELS] = {"lb", "Labels", "multi_select"},
            [FIELD_TYPE] = {"ty", "Type", "select"},
            [FIELD_URL] = {"ur", "GitHub URL", "url"},
        },
    .github_id = {"nr", "GitHub ID", "number"},
};

static inline struct json_object *
test_json(const char *text)
{
    struct json_object *tree;
    struct err err;

    if (!json_read(text, strlen(text), &tree, &err))
        fail_msg("%s: %s", err.text, text);
    return tree;
}

#endif
