#include "notion_test.h"

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

/* A value as one word: "absent", the text in quotes, or the set in brackets. */
static const char *
show(const struct value *value)
{
    if (value->kind == VALUE_ABSENT)
        return "absent";
    if (value->kind == VALUE_TEXT)
        return arena_printf(arena, "'%s'", value->text);
    return arena_printf(arena, "[%s]", value_display(arena, value));
}

static const struct {
    const char *type, *entry, *value;
} value_rows[] = {
    {"title", "{'type':'title','title':[]}", "''"},
    {"title", "{'title':[{'plain_text':'one '},{'plain_text':'two'}]}", "'one two'"},
    {"title", "{'title':[{'text':{'content':'written'}}]}", "'written'"},
    {"title", "{'title':[{'plain_text':'a','text':{'content':'b'}}]}", "'a'"},
    {"title", "{'title':[{'plain_text':'a\\u0000b'}]}", "'ab'"},
    {"title", "{'title':[{'plain_text':7}]}", "absent"},
    {"title", "{'title':[{'plain_text':'a'},{'type':'mention'}]}", "absent"},
    {"title", "{'title':[null]}", "absent"},
    {"title", "{'title':null}", "absent"},
    {"title", "{'title':{}}", "absent"},
    {"title", "{'type':'rich_text','title':[]}", "absent"},
    {"title", "{}", "absent"},
    {"title", "[]", "absent"},
    {"title", "null", "absent"},
    {"rich_text", "{'rich_text':[{'plain_text':'x'}]}", "'x'"},
    {"status", "{'status':{'id':'1','name':'In progress'}}", "'In progress'"},
    {"status", "{'status':{'name':'In\\u0000 progress'}}", "'In progress'"},
    {"status", "{'status':null}", "''"},
    {"status", "{'status':{}}", "absent"},
    {"status", "{'status':'Done'}", "absent"},
    {"status", "{'status':{'name':null}}", "absent"},
    {"select", "{'select':{'name':'Issue'}}", "'Issue'"},
    {"select", "{'select':null}", "''"},
    {"select", "{'select':[{'name':'Issue'}]}", "absent"},
    {"checkbox", "{'checkbox':true}", "'checked'"},
    {"checkbox", "{'checkbox':false}", "'unchecked'"},
    {"checkbox", "{'checkbox':null}", "absent"},
    {"checkbox", "{'checkbox':1}", "absent"},
    {"multi_select", "{'multi_select':[]}", "[]"},
    {"multi_select", "{'multi_select':[{'name':'bug'},{'name':'a，b'}]}", "[bug, a,b]"},
    {"multi_select", "{'multi_select':[{'name':'bug'},{}]}", "absent"},
    {"multi_select", "{'multi_select':null}", "absent"},
    {"multi_select", "{'multi_select':'bug'}", "absent"},
    {"url", "{'url':'https://github.com/o/r/issues/1'}", "'https://github.com/o/r/issues/1'"},
    {"url", "{'url':null}", "''"},
    {"url", "{'url':1}", "absent"},
    {"select", "{'select':{'name':'a，b'}}", "'a,b'"},
    {"status", "{'status':{'name':'a，b'}}", "'a，b'"},
    {"date", "{'date':null}", "''"},
    {"date", "{'date':{'start':'2026-03-02'}}", "'2026-03-02'"},
    {"date", "{'date':{'start':'2026-03-02T10:00:59+01:00'}}", "'2026-03-02T09:00:00.000Z'"},
    {"date", "{'date':{'start':'2026-03-02T09:00','time_zone':'Europe/Oslo'}}",
     "'2026-03-02T09:00'"},
    {"date", "{'date':{'start':null}}", "absent"},
    {"date", "{'date':'2026-03-02'}", "absent"},
    {"number", "{'number':12}", "'12'"},
    {"number", "{'number':-1.5}", "'-1.5'"},
    {"number", "{'number':null}", "''"},
    {"number", "{'number':'12'}", "absent"},
    {"people", "{'people':[]}", "[]"},
    {"people", "{'people':[{'object':'user','id':'11111111111141118111111111111111'}]}",
     "[11111111-1111-4111-8111-111111111111]"},
    {"people", "{'people':[{'object':'user'}]}", "absent"},
    {"people", "{'people':null}", "absent"},
    {"links", "{'rich_text':[]}", "[]"},
    {"links", "{'rich_text':[{'plain_text':'by hand','text':{'content':'by hand'}}]}", "[]"},
    {"links",
     "{'rich_text':[{'plain_text':'#7','text':{'content':'#7','link':{'url':'u/7'}}},"
     "{'plain_text':', ','text':{'content':', ','link':null}},"
     "{'plain_text':'#8','text':{'content':'#8','link':{'url':'u/8'}}}]}",
     "[u/7, u/8]"},
    {"links", "{'rich_text':null}", "absent"},
    {"relation", "{'relation':[{'id':'11111111-1111-4111-8111-111111111111'}]}",
     "[11111111-1111-4111-8111-111111111111]"},
    {"button", "{'type':'button','button':{}}", "absent"},
    {"formula", "{'type':'formula','formula':{'string':'x'}}", "absent"},
};

static void
test_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(value_rows); i++) {
        bool links = strcmp(value_rows[i].type, "links") == 0;
        const struct binding binding = {.id = "id",
                                        .name = "P",
                                        .type = links ? "rich_text" : value_rows[i].type,
                                        .links = links};
        char *text = arena_strdup(arena, value_rows[i].entry);
        struct json_object *entry;
        struct value value;

        for (char *c = text; *c != '\0'; c++)
            if (*c == '\'')
                *c = '"';
        entry = test_json(text);
        value = notion_decode_value(&binding, entry, arena);
        if (strcmp(show(&value), value_rows[i].value) != 0)
            fail_msg("%s %s: %s", value_rows[i].type, value_rows[i].entry, show(&value));
        json_object_put(entry);
    }
}

static void
test_value_without_property(void **state)
{
    const struct binding unbound = {.id = NULL};
    struct json_object *entry = test_json("{\"title\":[]}");
    struct value value = notion_decode_value(&unbound, entry, arena);

    (void)state;
    assert_int_equal(value.kind, VALUE_ABSENT);
    value = notion_decode_value(&test_bound.fields[FIELD_TITLE], NULL, arena);
    assert_int_equal(value.kind, VALUE_ABSENT);
    json_object_put(entry);
}

static struct page *
page_from(const struct bound *bound, const char *text)
{
    struct json_object *json = test_json(text);
    struct page *page = notion_decode_page(bound, json, arena);

    json_object_put(json);
    return page;
}

static void
test_number(void **state)
{
    static const struct {
        const char *entry;
        int64_t number;
    } rows[] = {
        {"{\"id\":\"nr\",\"type\":\"number\",\"number\":12}", 12},
        {"{\"id\":\"nr\",\"number\":12.0}", 12},
        {"{\"id\":\"nr\",\"number\":1.2e1}", 12},
        {"{\"id\":\"nr\",\"number\":9007199254740991}", INT64_C(9007199254740991)},
        {"{\"id\":\"nr\",\"number\":null}", 0},
        {"{\"id\":\"nr\",\"number\":0}", -1},
        {"{\"id\":\"nr\",\"number\":-3}", -1},
        {"{\"id\":\"nr\",\"number\":1.5}", -1},
        {"{\"id\":\"nr\",\"number\":0.0}", -1},
        {"{\"id\":\"nr\",\"number\":9007199254740992}", -1},
        {"{\"id\":\"nr\",\"number\":9007199254740992.0}", -1},
        {"{\"id\":\"nr\",\"number\":1e300}", -1},
        {"{\"id\":\"nr\",\"number\":1e999}", -1},
        {"{\"id\":\"nr\",\"number\":99999999999999999999999999}", -1},
        {"{\"id\":\"nr\",\"number\":\"12\"}", -1},
        {"{\"id\":\"nr\",\"type\":\"rich_text\",\"rich_text\":[]}", -1},
        {"{\"id\":\"nr\"}", -1},
        {"{\"id\":\"another\",\"number\":12}", -1},
        {"null", -1},
    };
    struct bound unbound = test_bound;

    (void)state;
    unbound.github_id.id = NULL;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *text = arena_printf(
            arena, "{\"id\":\"" PAGE "\",\"properties\":{\"GitHub ID\":%s}}", rows[i].entry);

        if (page_from(&test_bound, text)->number != rows[i].number)
            fail_msg("%s", rows[i].entry);
        assert_int_equal(page_from(&unbound, text)->number, 0);
    }
}

static void
test_page(void **state)
{
    struct page *page = page_from(
        &test_bound, "{\"object\":\"page\",\"id\":\"0A1B2C3D000040008000 0000000000A1\"}");

    (void)state;
    assert_null(page);
    page = page_from(
        &test_bound,
        "{\"object\":\"page\",\"id\":\"0A1B2C3D0000400080000000000000A1\","
        "\"url\":\"https://app.notion.com/p/x\",\"created_time\":\"2026-03-02T09:00:00.000Z\","
        "\"last_edited_time\":\"2026-03-02T09:01:00.000Z\",\"in_trash\":false,"
        "\"last_edited_by\":{\"object\":\"user\",\"id\":\"u1\"},\"properties\":{"
        "\"Renamed\":{\"id\":\"title\",\"type\":\"title\",\"title\":[{\"plain_text\":\"T\"}]},"
        "\"Status\":{\"id\":\"st%3A\",\"type\":\"status\",\"status\":{\"name\":\"Done\"}},"
        "\"Name\":{\"id\":\"zz\",\"type\":\"rich_text\",\"rich_text\":[]},"
        "\"GitHub ID\":{\"id\":\"nr\",\"type\":\"number\",\"number\":5}}}");
    assert_string_equal(page->id, PAGE);
    assert_string_equal(page->url, "https://app.notion.com/p/x");
    assert_string_equal(page->edited_by, "u1");
    assert_int_equal(page->created_at, INT64_C(1772442000000));
    assert_int_equal(page->edited_at, INT64_C(1772442060000));
    assert_int_equal(page->number, 5);
    assert_false(page->gone || page->direct);
    assert_string_equal(value_of(&page->values, FIELD_TITLE)->text, "T");
    assert_string_equal(value_of(&page->values, FIELD_STATUS)->text, "Done");
    assert_int_equal(value_of(&page->values, FIELD_LABELS)->kind, VALUE_ABSENT);
    assert_int_equal(value_of(&page->values, FIELD_STATE)->kind, VALUE_ABSENT);
}

static void
test_hostile_pages(void **state)
{
    static const char *const rest[] = {
        "",
        ",\"properties\":null",
        ",\"properties\":[]",
        ",\"properties\":\"x\"",
        ",\"properties\":{\"Name\":null,\"Status\":[],\"Labels\":7}",
        ",\"properties\":{\"Name\":{\"id\":null},\"Status\":{\"id\":{}},\"Labels\":{\"id\":7}}",
        ",\"properties\":{\"Name\":{\"id\":\"title\",\"type\":7,\"title\":\"x\"}}",
        ",\"created_time\":\"soon\",\"last_edited_time\":7,\"url\":{},\"last_edited_by\":[]",
        ",\"parent\":null,\"in_trash\":\"yes\",\"archived\":null",
        ",\"parent\":{\"type\":\"data_source_id\",\"data_source_id\":\"x\"}",
        ",\"parent\":{\"type\":\"data_source_id\",\"data_source_id\":null}",
    };
    static const char *const ids[] = {
        "{}", "{\"id\":null}", "{\"id\":7}", "{\"id\":\"\"}", "{\"id\":\"../users/me\"}", "[]", "7",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(ids); i++)
        assert_null(page_from(&test_bound, ids[i]));
    for (size_t i = 0; i < COUNT(rest); i++) {
        struct page *page =
            page_from(&test_bound, arena_printf(arena, "{\"id\":\"" PAGE "\"%s}", rest[i]));

        assert_non_null(page);
        assert_int_equal(page->number, -1);
        assert_int_equal(page->created_at, 0);
        assert_int_equal(page->edited_at, 0);
        assert_string_equal(page->url, "");
        assert_string_equal(page->edited_by, "");
        assert_false(page->gone);
        for (enum field field = 0; field < FIELD_BUILTINS; field++)
            assert_int_equal(value_of(&page->values, field)->kind, VALUE_ABSENT);
    }
}

static void
test_gone(void **state)
{
    static const struct {
        const char *rest;
        bool gone;
    } rows[] = {
        {"\"in_trash\":true", true},
        {"\"archived\":true", true},
        {"\"is_archived\":true", false},
        {"\"in_trash\":false,\"archived\":false,\"is_archived\":false", false},
        {"\"parent\":{\"type\":\"data_source_id\",\"data_source_id\":\"" SOURCE "\"}", false},
        {"\"parent\":{\"type\":\"data_source_id\",\"data_source_id\":"
         "\"0A1B2C3D00004000800000000000D501\"}",
         false},
        {"\"parent\":{\"type\":\"data_source_id\",\"data_source_id\":\"" PAGE "\"}", true},
        {"\"parent\":{\"type\":\"database_id\",\"database_id\":\"" PAGE "\"}", false},
        {"\"parent\":{\"type\":\"page_id\",\"page_id\":\"" PAGE "\"}", true},
        {"\"parent\":{\"type\":\"block_id\",\"block_id\":\"" PAGE "\"}", true},
        {"\"parent\":{\"type\":\"workspace\",\"workspace\":true}", true},
        {"\"parent\":{\"type\":\"unheard_of\"}", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *text = arena_printf(arena, "{\"id\":\"" PAGE "\",%s}", rows[i].rest);

        if (page_from(&test_bound, text)->gone != rows[i].gone)
            fail_msg("%s", rows[i].rest);
        assert_int_equal(page_from(&test_bound, text)->archived,
                         strstr(rows[i].rest, "is_archived\":true") != NULL);
    }
    assert_false(
        page_from(&(struct bound){0}, "{\"id\":\"" PAGE "\",\"parent\":{\"type\":\"workspace\"}}")
            ->gone);
}

static void
test_cut(void **state)
{
    struct json_object *entry = test_json("{\"type\":\"title\",\"title\":[]}");
    struct json_object *items = json_get(entry, "title");
    const struct binding *title = &test_bound.fields[FIELD_TITLE];

    (void)state;
    for (int i = 0; i < 24; i++)
        json_push(items, json_add_string(json_new_object(), "plain_text", "x"));
    assert_false(notion_is_cut(title, entry));
    json_push(items, json_add_string(json_new_object(), "plain_text", "x"));
    assert_true(notion_is_cut(title, entry));
    assert_false(notion_is_cut(&test_bound.fields[FIELD_LABELS], entry));
    json_object_put(entry);
    entry = test_json("{\"type\":\"title\",\"title\":[],\"has_more\":true}");
    assert_true(notion_is_cut(title, entry));
    json_object_put(entry);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_values, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_value_without_property, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_number, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_page, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hostile_pages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_gone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cut, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
