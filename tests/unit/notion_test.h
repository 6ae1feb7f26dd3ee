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
            [FIELD_TITLE] = {.id = "title", .name = "Name", .type = "title"},
            [FIELD_STATUS] = {.id = "st%3A", .name = "Status", .type = "status"},
            [FIELD_LABELS] = {.id = "lb", .name = "Labels", .type = "multi_select"},
            [FIELD_TYPE] = {.id = "ty", .name = "Type", .type = "select"},
            [FIELD_URL] = {.id = "ur", .name = "GitHub URL", .type = "url"},
        },
    .github_id = {.id = "nr", .name = "GitHub ID", .type = "number"},
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
