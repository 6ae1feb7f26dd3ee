#include "fuzz.h"

#include "../unit/fields_test.h"
#include "base/json.h"
#include "notion/notion_p.h"

#define SOURCE "11111111-1111-4111-8111-111111111111"

/* Types that each field may have in a database. */
static struct bound
take_bound(struct bytes *bytes)
{
    static const char *const texts[] = {"title",    "rich_text", "status", "select",
                                        "checkbox", "url",       "date",   "number"};
    static const char *const sets[] = {"multi_select", "people", "relation"};
    struct bound bound = {.data_source = SOURCE};

    for (enum field f = 0; f < FIELD_BUILTINS; f++) {
        static char ids[FIELD_BUILTINS][12];
        const char *type = all_fields()->items[f].is_set ? sets[take_below(bytes, 3)]
                                                         : texts[take_below(bytes, 8)];

        snprintf(ids[f], sizeof(ids[f]), f == 0 ? "title" : "b%%3A%u", (unsigned)f);
        bound.fields[f] =
            (struct binding){.id = ids[f], .name = ids[f], .type = f == 0 ? "title" : type};
    }
    bound.github_id = (struct binding){.id = "n", .name = "GitHub ID", .type = "number"};
    return bound;
}

static bool
is_set_type(const char *type)
{
    return strcmp(type, "multi_select") == 0 || strcmp(type, "people") == 0 ||
           strcmp(type, "relation") == 0;
}

static void
check_value(const struct binding *binding, const struct value *value)
{
    if (value->kind == VALUE_ABSENT)
        return;
    CHECK((value->kind == VALUE_SET) == is_set_type(binding->type));
    if (value->kind == VALUE_TEXT)
        CHECK(value->text != NULL && is_utf8(value->text));
    for (size_t i = 0; value->kind == VALUE_SET && i < value->len; i++)
        CHECK(value->items[i] != NULL && is_utf8(value->items[i]));
    if (strcmp(binding->type, "checkbox") == 0)
        CHECK(strcmp(value->text, STATUS_CHECKED) == 0 ||
              strcmp(value->text, STATUS_UNCHECKED) == 0);
}

static void
check_page(const struct bound *bound, struct json_object *json, struct arena *arena)
{
    struct page *page = notion_decode_page(bound, json, arena);

    if (page == NULL)
        return;
    CHECK(is_notion_id(page->id) && page->url != NULL && page->edited_by != NULL);
    CHECK(page->number >= -1 && page->number <= INT64_C(1) << 53);
    for (enum field f = 0; f < FIELD_BUILTINS; f++) {
        struct json_object *entry = notion_entry(json, &bound->fields[f]);

        check_value(&bound->fields[f], value_of(&page->values, f));
        if (entry == NULL)
            CHECK(value_of(&page->values, f)->kind == VALUE_ABSENT);
        if (notion_is_cut(&bound->fields[f], entry))
            CHECK(strcmp(bound->fields[f].type, "multi_select") != 0);
    }
    if (notion_entry(json, &bound->github_id) == NULL)
        CHECK(page->number == -1);
}

static void
check_schema(struct json_object *json, struct arena *arena)
{
    struct schema schema;

    notion_decode_schema(json, arena, &schema);
    CHECK(schema.title != NULL);
    for (size_t i = 0; i < schema.n_properties; i++) {
        const struct property *property = &schema.properties[i];

        CHECK(property->id != NULL && property->name != NULL && property->type != NULL);
        CHECK(schema_find(&schema, property->name) != NULL);
        for (size_t k = 0; k < property->n_options; k++)
            CHECK(property->options[k].name != NULL &&
                  property->options[k].group <= GROUP_COMPLETE);
    }
}

static void
check_refusal(struct json_object *json, const char *what, int status)
{
    struct ask ask = {.method = HTTP_GET, .path = "/v1/x", .what = what, .writes = true};
    struct reply reply = {.status = status, .json = json};
    struct err err;

    if (notion_is_good(&reply))
        return;
    CHECK(!notion_refused(&ask, &reply, &err));
    check_err(&err);
    if (notion_saved(status, json))
        CHECK(status == 503);
}

static void
check_answer(const struct bound *bound, const char *text, struct arena *arena)
{
    static const int statuses[] = {400, 401, 403, 404, 409, 410, 429, 500, 503, 529};
    struct json_object *json;
    struct json_object *results;

    if (!json_read(text, strlen(text), &json, NULL))
        return;
    check_page(bound, json, arena);
    check_schema(json, arena);
    results = json_array(json, "results");
    for (size_t i = 0; i < json_len(results); i++)
        check_page(bound, json_at(results, i), arena);
    for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++)
        check_refusal(json, "reading", statuses[i]);
    json_object_put(json);
}

/* What was written, as Notion would answer it. */
static struct json_object *
echo(const struct bound *bound, struct json_object *properties)
{
    struct json_object *page = json_add_string(json_new_object(), "id", SOURCE);
    struct json_object *entries = json_new_object();

    for (enum field f = 0; f < FIELD_BUILTINS; f++) {
        struct json_object *entry = json_get(properties, bound->fields[f].id);

        if (entry == NULL)
            continue;
        json_add_string(entry, "id", bound->fields[f].id);
        json_add(entries, bound->fields[f].id, json_object_get(entry));
    }
    return json_add(page, "properties", entries);
}

static void
check_written(const struct binding *binding, const struct value *sent, const struct value *got)
{
    CHECK(got->kind == sent->kind);
    check_value(binding, got);
    if (got->kind == VALUE_TEXT)
        for (const char *c = got->text; *c != '\0'; c++)
            CHECK((unsigned char)*c >= 0x20 || *c == '\n' || *c == '\t');
    CHECK(got->kind == VALUE_TEXT || got->len <= 100);
    if (got->kind == VALUE_TEXT && strcmp(binding->type, "title") == 0 && is_utf8(sent->text) &&
        strpbrk(sent->text, "\1\2\3\4\5\6\7\b\v\f\r\16\17\20\21\22\23\24\25\26\27\30\31\32\33\34"
                            "\35\36\37\177") == NULL)
        CHECK(strcmp(got->text, sent->text) == 0);
}

/* Limits of developers.notion.com/reference/request-limits. */
static void
check_limits(struct json_object *entry)
{
    struct json_object *items = json_get(entry, "title");

    if (items == NULL)
        items = json_get(entry, "rich_text");
    CHECK(json_len(items) <= 100);
    for (size_t i = 0; i < json_len(items); i++) {
        struct json_object *text = json_path(json_at(items, i), "text", "content", NULL);
        const char *content = json_object_get_string(text);

        CHECK(content != NULL && *content != '\0' && utf8_length16(content) <= 2000);
        CHECK(is_utf8(content));
    }
    items = json_get(entry, "multi_select");
    for (size_t i = 0; i < json_len(items); i++) {
        const char *name = json_string(json_at(items, i), "name");

        CHECK(name != NULL && *name != '\0' && strchr(name, ',') == NULL);
        CHECK(utf8_length16(name) <= 100);
    }
}

static void
check_write(const struct bound *bound, struct bytes *bytes, struct arena *arena)
{
    struct value values[FIELD_BUILTINS];
    struct page_change change = {.sets_number = true, .number = 12};
    struct json_object *properties;
    struct json_object *json;
    struct page *page;

    for (enum field f = 0; f < FIELD_BUILTINS; f++) {
        const char **items = arena_array(arena, 3, sizeof(*items));

        for (size_t i = 0; i < 3; i++)
            items[i] =
                strcmp(bound->fields[f].type, "multi_select") != 0 && all_fields()->items[f].is_set
                    ? SOURCE
                    : take_text(bytes, arena);
        values[f] = all_fields()->items[f].is_set ? value_set(items, 3) : value_text(items[0]);
    }
    change.values = values_pack(values, FIELD_BUILTINS, arena);
    properties = notion_encode(bound, &change, arena);
    CHECK(json_int(json_get(properties, "n"), "number", 0) == 12);
    for (enum field f = 0; f < FIELD_BUILTINS; f++)
        check_limits(json_get(properties, bound->fields[f].id));
    json = echo(bound, properties);
    page = notion_decode_page(bound, json, arena);
    CHECK(page != NULL);
    for (enum field f = 0; f < FIELD_BUILTINS; f++)
        check_written(&bound->fields[f], &values[f], value_of(&page->values, f));
    json_object_put(json);
    json_object_put(properties);
}

/* No two labels become one option. */
static void
check_options(struct bytes *bytes, struct arena *arena)
{
    const char *a = take_text(bytes, arena);
    const char *b = take_text(bytes, arena);
    const char *option = notion_option_from_label(arena, a);

    CHECK(strchr(option, ',') == NULL);
    CHECK(strcmp(notion_label_from_option(arena, option), a) == 0);
    if (strcmp(a, b) != 0)
        CHECK(strcmp(option, notion_option_from_label(arena, b)) != 0);
    (void)notion_label_from_option(arena, b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct bytes bytes = {data, size};
    struct bound bound = take_bound(&bytes);

    if (bytes.left > 0 && (*bytes.at == '{' || *bytes.at == '[')) {
        check_answer(&bound, take_rest(&bytes, arena), arena);
    } else {
        check_options(&bytes, arena);
        check_write(&bound, &bytes, arena);
    }
    arena_free(arena);
    return 0;
}
