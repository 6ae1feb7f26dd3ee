#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"

#define COUNT(of) (sizeof(of) / sizeof((of)[0]))

static void
test_read(void **state)
{
    static const struct {
        const char *text;
        bool json;
    } rows[] = {
        {"{}", true},
        {" {\"a\":[1,2.5,null,true,\"x\"]} \r\n", true},
        {"[]", true},
        {"12", true},
        {"-0.5e3", true},
        {"\"x\"", true},
        {"null", true},
        {"true", true},
        {"{\"a\":\"\\u00e9\\ud83d\\ude00\"}", true},
        {"{\"a\":\"\xc3\xa9 \xe2\x80\x9cquoted\xe2\x80\x9d \xf0\x9f\x98\x80\"}", true},
        {"{\"\xc3\xa9\":1}", true},
        {"{\"a\":\"\\ud800\"}", true},
        {"{\"a\":\"\\u0000\"}", true},
        {"[100000000000000000000]", true},
        {"100000000000000000000 ", true},
        {"[1, 'x']", false},
        {"[1] /* x */", false},
        {"12 x", false},
        {"12x", false},
        {"[-01]", false},
        {"1e", false},
        {"NaN", false},
        {"[nan]", false},
        {"Infinity", false},
        {"-Infinity", false},
        {"[TRUE]", false},
        {"[Null, false]", false},
        {"[null,true,false]", true},
        {"1e+", false},
        {"1.", false},
        {"-", false},
        {"[1e, 2]", false},
        {"{\"a\":1.}", false},
        {"", false},
        {" ", false},
        {"{", false},
        {"{\"a\":1", false},
        {"{\"a\":[1,", false},
        {"\"x", false},
        {"nul", false},
        {"{}x", false},
        {"{}{}", false},
        {"{\"a\":1,}", false},
        {"[1,]", false},
        {"{a:1}", false},
        {"/* x */{}", false},
        {"[01]", false},
        {"['a']", false},
        {"<html>", false},
        {"{\"a\":\"\xff\"}", false},
        {"{\"a\":\"\xe2\x82\"}", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json_object *tree = NULL;
        struct err err = {0};

        if (json_read(rows[i].text, strlen(rows[i].text), &tree, &err) != rows[i].json)
            fail_msg("%s: %s", rows[i].text, err.text);
        assert_int_equal(err.kind, rows[i].json ? ERR_NONE : ERR_DATA);
        assert_true(rows[i].json || tree == NULL);
        json_object_put(tree);
    }
}

static void
test_read_depth(void **state)
{
    char text[256];
    struct json_object *tree;

    (void)state;
    memset(text, '[', 100);
    memset(text + 100, ']', 100);
    assert_false(json_read(text, 200, &tree, NULL));
    assert_null(tree);
    assert_true(json_read(text + 70, 60, &tree, NULL));
    json_object_put(tree);
}

/* Many small values in a row, the commas between them included. */
static char *
many(const char *value, size_t n)
{
    size_t length = strlen(value);
    char *text = malloc(n * (length + 1) + 2);
    char *at = text;

    *at++ = '[';
    for (size_t i = 0; i < n; i++) {
        memcpy(at, value, length);
        at += length;
        *at++ = i + 1 < n ? ',' : ']';
    }
    *at = '\0';
    return text;
}

static void
test_read_cost(void **state)
{
    static const char *const values[] = {"{}",   "[]",     "1",         "null",
                                         "\"\"", "[[{}]]", "{\"a\":1}", "\"\\\"{\""};

    (void)state;
    for (size_t i = 0; i < COUNT(values); i++) {
        char *text = many(values[i], 10000);
        struct json_object *tree;
        struct err err = {0};

        assert_false(json_read_within(text, strlen(text), 1000 * 1000, &tree, &err));
        assert_int_equal(err.kind, ERR_DATA);
        assert_null(tree);
        assert_true(json_read(text, strlen(text), &tree, NULL));
        json_object_put(tree);
        free(text);
    }
}

/* What strings hold is no value, however it looks. */
static void
test_read_cost_text(void **state)
{
    char *text = many("{", 10000);
    struct json_object *tree;

    (void)state;
    text[0] = text[strlen(text) - 1] = '"';
    assert_true(json_read_within(text, strlen(text), 1000, &tree, NULL));
    json_object_put(tree);
    free(text);
}

/* An integer that int64_t does not hold is a double, at any place. */
static void
test_read_wide(void **state)
{
    static const struct {
        const char *text;
        int64_t integer; /* 0: a double */
        double real;
    } rows[] = {
        {"9223372036854775807", INT64_MAX, 0},
        {"-9223372036854775808", INT64_MIN, 0},
        {"999999999999999999", 999999999999999999, 0},
        {"9223372036854775808", 0, 9223372036854775808.0},
        {"-9223372036854775809", 0, -9223372036854775808.0},
        {"18446744073709551615", 0, 18446744073709551616.0},
        {"18446744073709551616", 0, 18446744073709551616.0},
        {"100000000000000000000", 0, 1e20},
        {"-100000000000000000000", 0, -1e20},
        {"100000000000000000000.5", 0, 1e20},
        {"100000000000000000000e2", 0, 1e22},
        {"1e20", 0, 1e20},
        {"1E+20", 0, 1e20},
    };
    static const char *const around[] = {"%s", " %s ", "[%s]", "[1, %s, \"100000000000000000000\"]",
                                         "{\"a\\\"\": \"\", \"b\":%s}"};

    (void)state;
    for (size_t i = 0; i < COUNT(rows) * COUNT(around); i++) {
        const char *number = rows[i / COUNT(around)].text, *form = around[i % COUNT(around)];
        int64_t integer = rows[i / COUNT(around)].integer;
        struct json_object *tree, *value;
        struct err err = {0};
        char text[96];
        const char *slot = strstr(form, "%s");

        snprintf(text, sizeof(text), "%.*s%s%s", (int)(slot - form), form, number, slot + 2);
        if (!json_read(text, strlen(text), &tree, &err))
            fail_msg("%s: %s", text, err.text);
        value = json_object_is_type(tree, json_type_array)    ? json_at(tree, json_len(tree) / 2)
                : json_object_is_type(tree, json_type_object) ? json_get(tree, "b")
                                                              : tree;
        if (integer != 0) {
            assert_true(json_object_is_type(value, json_type_int));
            assert_true(json_object_get_int64(value) == integer);
        } else {
            assert_true(json_object_is_type(value, json_type_double));
            assert_true(json_object_get_double(value) == rows[i / COUNT(around)].real);
        }
        json_object_put(tree);
    }
}

static void
test_read_nul(void **state)
{
    static const char text[] =
        "[\"a\\u0000b\", \"\\\\u0000\", \"\\u0000\\u0000\", \"\\\"\\u0000\", 1]";
    struct json_object *tree;

    (void)state;
    assert_true(json_read(text, strlen(text), &tree, NULL));
    assert_string_equal(json_object_get_string(json_at(tree, 0)), "ab");
    assert_string_equal(json_object_get_string(json_at(tree, 1)), "\\u0000");
    assert_string_equal(json_object_get_string(json_at(tree, 2)), "");
    assert_string_equal(json_object_get_string(json_at(tree, 3)), "\"");
    json_object_put(tree);
}

static void
test_read_length(void **state)
{
    struct json_object *tree;

    (void)state;
    assert_true(json_read("[1]]]]", 3, &tree, NULL));
    assert_int_equal(json_len(tree), 1);
    json_object_put(tree);
    assert_false(json_read("[1]\0[", 5, &tree, NULL));
}

static void
test_access(void **state)
{
    static const char text[] =
        "{\"null\":null,\"empty\":\"\",\"text\":\"x\",\"int\":7,\"big\":4294967296,"
        "\"real\":1.5,\"yes\":true,\"no\":false,\"list\":[1,null],"
        "\"deep\":{\"a\":{\"b\":\"c\"}}}";
    struct json_object *tree;

    (void)state;
    assert_true(json_read(text, strlen(text), &tree, NULL));
    assert_false(json_has(tree, "absent"));
    assert_true(json_has(tree, "null"));
    assert_true(json_has(tree, "empty"));
    assert_false(json_has(NULL, "x"));
    assert_false(json_has(json_get(tree, "list"), "x"));
    assert_null(json_get(tree, "absent"));
    assert_null(json_get(tree, "null"));
    assert_null(json_get(json_get(tree, "text"), "x"));
    assert_null(json_string(tree, "absent"));
    assert_null(json_string(tree, "null"));
    assert_null(json_string(tree, "int"));
    assert_string_equal(json_string(tree, "empty"), "");
    assert_string_equal(json_string(tree, "text"), "x");
    assert_int_equal(json_int(tree, "int", -1), 7);
    assert_int_equal(json_int(tree, "big", -1), INT64_C(4294967296));
    assert_int_equal(json_int(tree, "null", -1), -1);
    assert_int_equal(json_int(tree, "text", -1), -1);
    assert_int_equal(json_int(tree, "real", -1), -1);
    assert_int_equal(json_int(tree, "yes", -1), -1);
    assert_true(json_flag(tree, "yes", false));
    assert_false(json_flag(tree, "no", true));
    assert_true(json_flag(tree, "int", true));
    assert_true(json_flag(tree, "null", true));
    assert_int_equal(json_len(json_array(tree, "list")), 2);
    assert_null(json_array(tree, "deep"));
    assert_null(json_at(json_array(tree, "list"), 1));
    assert_null(json_at(json_array(tree, "list"), 2));
    assert_null(json_at(NULL, 0));
    assert_int_equal(json_len(json_get(tree, "deep")), 0);
    assert_string_equal(json_string(json_path(tree, "deep", "a", NULL), "b"), "c");
    assert_null(json_path(tree, "deep", "x", "b", NULL));
    assert_null(json_path(tree, "null", "x", NULL));
    json_object_put(tree);
}

static void
test_build(void **state)
{
    struct arena *arena = arena_new();
    struct json_object *tree = json_new_object();
    struct json_object *list =
        json_push(json_push(json_new_array(), json_new_text("a/\"\n")), NULL);

    (void)state;
    json_add(json_add_string(json_add_string(tree, "x", "y"), "none", NULL), "list", list);
    json_add_bool(json_add_int(tree, "n", INT64_C(-9007199254740993)), "b", false);
    assert_string_equal(json_write(arena, tree),
                        "{\"x\":\"y\",\"none\":null,\"list\":[\"a/\\\"\\n\",null],"
                        "\"n\":-9007199254740993,\"b\":false}");
    assert_non_null(strstr(json_finish_file(arena, tree), "\n  \"x\":"));
    arena_free(arena);
}

static void
test_text_is_utf8(void **state)
{
    static const char *const rows[][2] = {
        {"plain, \xc3\xa9, \xf0\x9f\x98\x80", "plain, \xc3\xa9, \xf0\x9f\x98\x80"},
        {"\xff", "\xef\xbf\xbd"},
        {"a\xc3", "a\xef\xbf\xbd"},
        {"\xef\xbf\xbd kept \xed\xa0\x80",
         "\xef\xbf\xbd kept \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct json_object *text = json_new_text(rows[i][0]);

        assert_string_equal(json_object_get_string(text), rows[i][1]);
        json_object_put(text);
    }
    assert_null(json_new_text(NULL));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),        cmocka_unit_test(test_read_depth),
        cmocka_unit_test(test_read_cost),   cmocka_unit_test(test_read_cost_text),
        cmocka_unit_test(test_read_length), cmocka_unit_test(test_read_wide),
        cmocka_unit_test(test_read_nul),    cmocka_unit_test(test_access),
        cmocka_unit_test(test_build),       cmocka_unit_test(test_text_is_utf8),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
