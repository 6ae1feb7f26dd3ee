#include "notion_test.h"

#include "base/utf8.h"
#include "fields_test.h"

static struct arena *arena;

static int
set_up(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* The properties that a change of one field, bound to a property of that type, writes. */
static const char *
written(const char *type, struct value value)
{
    struct bound bound = {.fields = {[FIELD_TITLE] = {.id = "p%3A", .name = "P", .type = type}}};
    const struct value *const cell = &value;
    struct page_change change = {.values = {field_set_of(FIELD_TITLE), &cell}};
    struct json_object *json = notion_encode(&bound, &change, arena);
    const char *text = json_write(arena, json);

    json_object_put(json);
    return text;
}

static void
expect(const char *type, struct value value, const char *text)
{
    const char *got = written(type, value);

    if (strcmp(got, text) != 0)
        fail_msg("%s: %s", type, got);
}

static struct value
set_of(const char *const *items, size_t len)
{
    return value_set(items, len);
}

static void
test_values(void **state)
{
    static const char *const ids[] = {"1"};
    static const char *const labels[] = {"bug", "a,b", "", "BUG", "ünï", "ÜNÏ"};

    (void)state;
    expect("title", value_text("T"), "{\"p%3A\":{\"title\":[{\"text\":{\"content\":\"T\"}}]}}");
    expect("title", value_text(""), "{\"p%3A\":{\"title\":[]}}");
    expect("rich_text", value_text("a\n\"b\"/"),
           "{\"p%3A\":{\"rich_text\":[{\"text\":{\"content\":\"a\\n\\\"b\\\"/\"}}]}}");
    expect("status", value_text("Done"), "{\"p%3A\":{\"status\":{\"name\":\"Done\"}}}");
    expect("status", value_text(""), "{\"p%3A\":{\"status\":null}}");
    expect("select", value_text("Issue"), "{\"p%3A\":{\"select\":{\"name\":\"Issue\"}}}");
    expect("checkbox", value_text(STATUS_CHECKED), "{\"p%3A\":{\"checkbox\":true}}");
    expect("checkbox", value_text(STATUS_UNCHECKED), "{\"p%3A\":{\"checkbox\":false}}");
    expect("url", value_text("https://x/1"), "{\"p%3A\":{\"url\":\"https://x/1\"}}");
    expect("url", value_text(""), "{\"p%3A\":{\"url\":null}}");
    expect("select", value_text("a,b"), "{\"p%3A\":{\"select\":{\"name\":\"a，b\"}}}");
    expect("status", value_text("a，b"), "{\"p%3A\":{\"status\":{\"name\":\"a，b\"}}}");
    expect("date", value_text("2026-03-02T09:00:00.000Z"),
           "{\"p%3A\":{\"date\":{\"start\":\"2026-03-02T09:00:00.000Z\"}}}");
    expect("date", value_text(""), "{\"p%3A\":{\"date\":null}}");
    expect("number", value_text("12"), "{\"p%3A\":{\"number\":12}}");
    expect("number", value_text(""), "{\"p%3A\":{\"number\":null}}");
    expect("people", set_of(ids, 1), "{\"p%3A\":{\"people\":[{\"id\":\"1\"}]}}");
    expect("relation", set_of(NULL, 0), "{\"p%3A\":{\"relation\":[]}}");
    expect("multi_select", set_of(NULL, 0), "{\"p%3A\":{\"multi_select\":[]}}");
    expect("multi_select", set_of(labels, COUNT(labels)),
           "{\"p%3A\":{\"multi_select\":[{\"name\":\"bug\"},{\"name\":\"a，b\"},"
           "{\"name\":\"ünï\"}]}}");
}

/* Options that exist are named as they are there. */
static void
test_known_options(void **state)
{
    static const struct option options[] = {
        {"Bug", GROUP_NONE, NULL}, {"v1", GROUP_NONE, NULL}, {"V1", GROUP_NONE, NULL}};
    static const char *const labels[] = {"bug", "V1", "new"};
    const struct value values[FIELD_BUILTINS] = {
        [FIELD_LABELS] = set_of(labels, COUNT(labels)),
        [FIELD_MILESTONE] = value_text("BUG"),
    };
    const struct bound bound = {.fields = {[FIELD_LABELS] = {.id = "lb",
                                                             .type = "multi_select",
                                                             .options = options,
                                                             .n_options = COUNT(options)},
                                           [FIELD_MILESTONE] = {.id = "ms",
                                                                .type = "select",
                                                                .options = options,
                                                                .n_options = COUNT(options)}}};
    const struct page_change change = {.values = values_pack(values, FIELD_BUILTINS, arena)};
    struct json_object *json = notion_encode(&bound, &change, arena);

    (void)state;
    assert_string_equal(
        json_write(arena, json),
        "{\"lb\":{\"multi_select\":[{\"name\":\"Bug\"},{\"name\":\"V1\"},{\"name\":\"new\"}]},"
        "\"ms\":{\"select\":{\"name\":\"Bug\"}}}");
    json_object_put(json);
}

static void
test_what_is_not_written(void **state)
{
    (void)state;
    expect("title", (struct value){0}, "{}");
    expect("title", set_of(NULL, 0), "{}");
    expect("multi_select", value_text("bug"), "{}");
    expect("button", value_text("x"), "{}");
}

static void
test_foreign_text(void **state)
{
    static const struct {
        const char *text, *content;
    } rows[] = {
        {"a\r\nb\tc", "a\\nb\\tc"},
        {"\x01\x1f\x7fz", "z"},
        {"\xff|\xc3(|\xed\xa0\x80",
         "\xef\xbf\xbd|\xef\xbf\xbd(|\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xf0\x9f\x9a\x80", "\xf0\x9f\x9a\x80"},
        {"\x1b[31m", "[31m"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        expect("title", value_text(rows[i].text),
               arena_printf(arena, "{\"p%%3A\":{\"title\":[{\"text\":{\"content\":\"%s\"}}]}}",
                            rows[i].content));
}

/* n times a piece of text. */
static char *
repeat(const char *piece, size_t n)
{
    size_t size = strlen(piece);
    char *text = arena_alloc(arena, n * size + 1);

    for (size_t i = 0; i < n; i++)
        memcpy(text + i * size, piece, size);
    return text;
}

static void
test_long_text(void **state)
{
    static const struct {
        const char *piece;
        size_t n, items, first; /* first: UTF-16 units of the first item */
    } rows[] = {
        {"x", 2000, 1, 2000},
        {"x", 2001, 2, 2000},
        {"\xf0\x9f\x9a\x80", 1000, 1, 2000},
        {"\xf0\x9f\x9a\x80", 1001, 2, 2000},
        {"x\xf0\x9f\x9a\x80", 1000, 2, 1999},
        {"x", 300000, 100, 2000},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *text = repeat(rows[i].piece, rows[i].n);
        struct json_object *json = test_json(written("title", value_text(text)));
        struct json_object *items = json_path(json, "p%3A", "title", NULL);
        size_t at = 0;

        assert_int_equal(json_len(items), rows[i].items);
        for (size_t k = 0; k < json_len(items); k++) {
            const char *content = json_string(json_get(json_at(items, k), "text"), "content");

            assert_true(utf8_length16(content) <= 2000);
            if (k == 0)
                assert_int_equal(utf8_length16(content), rows[i].first);
            assert_memory_equal(text + at, content, strlen(content));
            at += strlen(content);
        }
        assert_int_equal(at, rows[i].items < 100 ? strlen(text) : 200000);
        json_object_put(json);
    }
}

static void
test_long_sets(void **state)
{
    const char *labels[150];
    struct json_object *json;

    (void)state;
    for (size_t i = 0; i < COUNT(labels); i++)
        labels[i] = arena_printf(arena, "label %zu", i);
    json = test_json(written("multi_select", set_of(labels, COUNT(labels))));
    assert_int_equal(json_len(json_path(json, "p%3A", "multi_select", NULL)), 100);
    json_object_put(json);
    labels[0] = repeat("\xf0\x9f\x9a\x80", 51);
    json = test_json(written("multi_select", set_of(labels, 1)));
    assert_string_equal(
        json_string(json_at(json_path(json, "p%3A", "multi_select", NULL), 0), "name"),
        repeat("\xf0\x9f\x9a\x80", 50));
    json_object_put(json);
}

static const char *
numbered(const struct bound *bound, int64_t number)
{
    struct page_change change = {.sets_number = true, .number = number};
    struct json_object *json = notion_encode(bound, &change, arena);
    const char *text = json_write(arena, json);

    json_object_put(json);
    return text;
}

static void
test_number(void **state)
{
    struct page_change none = {0};
    struct json_object *json = notion_encode(&test_bound, &none, arena);

    (void)state;
    assert_string_equal(json_write(arena, json), "{}");
    json_object_put(json);
    assert_string_equal(numbered(&test_bound, 5), "{\"nr\":{\"number\":5}}");
    assert_string_equal(numbered(&test_bound, 0), "{\"nr\":{\"number\":null}}");
    assert_string_equal(numbered(&test_bound, INT64_C(9007199254740991)),
                        "{\"nr\":{\"number\":9007199254740991}}");
    assert_string_equal(numbered(&(struct bound){0}, 5), "{}");
}

static void
test_mask(void **state)
{
    struct page_change change = {.sets_number = true};
    struct json_object *json;

    (void)state;
    put_value(&change.values, FIELD_STATUS, value_text("x"));
    put_value(&change.values, FIELD_STATE, value_text("x"));
    json = notion_encode(&test_bound, &change, arena);
    assert_string_equal(json_write(arena, json),
                        "{\"st%3A\":{\"status\":{\"name\":\"x\"}},\"nr\":{\"number\":null}}");
    json_object_put(json);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_values, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_known_options, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_not_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_foreign_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_long_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_long_sets, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_number, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_mask, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
