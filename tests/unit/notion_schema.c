#include "notion_test.h"

static struct arena *arena;
static struct schema schema;

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

static void
read_schema(const char *text)
{
    struct json_object *json = test_json(text);

    notion_decode_schema(json, arena, &schema);
    json_object_put(json);
}

/* The options of a property as "name:group" words. */
static const char *
options_of(const char *name)
{
    const struct property *property = schema_find(&schema, name);
    const char *text = "";

    assert_non_null(property);
    for (size_t i = 0; i < property->n_options; i++)
        text = arena_printf(arena, "%s%s:%d ", text, property->options[i].name,
                            (int)property->options[i].group);
    return text;
}

#define OPTION(name) "{\"id\":\"" name "\",\"name\":\"" name "\"}"
#define STATUS(groups)                                                                       \
    "{\"properties\":{\"Status\":{\"id\":\"s\",\"type\":\"status\",\"status\":{\"options\":" \
    "[" OPTION("Done") "," OPTION("Review") "," OPTION("New") "," OPTION(                    \
        "Lost") "],\"groups\":[" groups "]}}}}"

static void
test_properties(void **state)
{
    (void)state;
    read_schema(
        "{\"title\":[{\"plain_text\":\"Tasks\"}],\"url\":\"https://app.notion.com/"
        "d\",\"properties\":{"
        "\"Name\":{\"id\":\"title\",\"name\":\"Name\",\"type\":\"title\",\"title\":{}},"
        "\"GitHub ID\":{\"id\":\"nr\",\"type\":\"number\",\"number\":{\"format\":\"number\"}},"
        "\"Labels\":{\"id\":\"lb\",\"type\":\"multi_select\",\"multi_select\":{\"options\":"
        "[" OPTION("b") "," OPTION("a") ",{\"id\":\"x\"},null]}},"
                                        "\"Odd\":{\"id\":\"o\",\"type\":\"unheard_of\"},"
                                        "\"No id\":{\"type\":\"url\",\"url\":{}},\"No "
                                        "type\":{\"id\":\"t\"},\"Null\":null}}");
    assert_string_equal(schema.title, "Tasks");
    assert_string_equal(schema.url, "https://app.notion.com/d");
    assert_int_equal(schema.n_properties, 4);
    assert_string_equal(schema_find(&schema, NULL)->name, "Name");
    assert_string_equal(schema_find(&schema, "GitHub ID")->id, "nr");
    assert_string_equal(schema_find(&schema, "GitHub ID")->type, "number");
    assert_null(schema_find(&schema, "github id"));
    assert_null(schema_find(&schema, "No id"));
    assert_string_equal(options_of("Labels"), "b:0 a:0 ");
    assert_string_equal(options_of("Odd"), "");
}

static void
test_groups(void **state)
{
    (void)state;
    read_schema(STATUS("{\"name\":\"To-do\",\"option_ids\":[\"New\",\"gone\",7]},"
                       "{\"name\":\"In progress\",\"option_ids\":[\"Review\"]},"
                       "{\"name\":\"Complete\",\"option_ids\":[\"Done\",\"New\"]}"));
    assert_string_equal(options_of("Status"), "New:1 Review:2 Done:3 Lost:0 ");
    read_schema(STATUS("{\"name\":\"Complete\",\"option_ids\":[\"Done\"]},"
                       "{\"name\":\"To-do\",\"option_ids\":[\"New\"]},"
                       "{\"name\":\"In progress\",\"option_ids\":[]}"));
    assert_string_equal(options_of("Status"), "Done:3 New:1 Review:0 Lost:0 ");
    read_schema(STATUS("{\"name\":\"Zu erledigen\",\"option_ids\":[\"New\"]},"
                       "{\"option_ids\":[\"Review\"]},"
                       "{\"name\":\"Fertig\",\"option_ids\":[\"Done\"]}"));
    assert_string_equal(options_of("Status"), "New:1 Review:2 Done:3 Lost:0 ");
    read_schema(STATUS("{\"name\":\"Irgendwas\",\"option_ids\":[\"New\"]}"));
    assert_string_equal(options_of("Status"), "New:0 Done:0 Review:0 Lost:0 ");
}

static void
test_hostile(void **state)
{
    static const char *const texts[] = {
        "{}",
        "[]",
        "{\"title\":null,\"url\":7,\"properties\":null}",
        "{\"title\":[7],\"properties\":[]}",
        "{\"properties\":{\"A\":[],\"B\":7,\"C\":{\"id\":{},\"type\":[]}}}",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        read_schema(texts[i]);
        assert_string_equal(schema.title, "");
        assert_null(schema.url);
        assert_int_equal(schema.n_properties, 0);
        assert_null(schema_find(&schema, NULL));
    }
    read_schema("{\"properties\":{\"A\":{\"id\":\"a\",\"type\":\"status\",\"status\":"
                "{\"options\":{},\"groups\":[null,{\"option_ids\":7}]}}}}");
    assert_string_equal(options_of("A"), "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_properties, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_groups, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hostile, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
