#include "notion/notion.h"

#include <string.h>

#include "base/clock.h"
#include "notion/notion_p.h"

/* Every whole number below is exact in JSON's doubles. */
#define NUMBER_LIMIT (INT64_C(1) << 53)
#define CUT_AT       25

static char *
decode_string(struct arena *arena, struct json_object *string)
{
    const char *from = json_object_get_string(string);
    size_t length = (size_t)json_object_get_string_len(string);
    char *text = arena_alloc(arena, length + 1);
    char *to = text;

    for (size_t i = 0; i < length; i++)
        if (from[i] != '\0')
            *to++ = from[i];
    return text;
}

static struct json_object *
plain_text(struct json_object *item)
{
    struct json_object *text = json_get(item, "plain_text");

    return text != NULL ? text : json_path(item, "text", "content", NULL);
}

char *
notion_rich_text(struct arena *arena, struct json_object *items)
{
    size_t n = json_len(items);
    size_t size = 0;
    char *whole, *end;

    for (size_t i = 0; i < n; i++) {
        struct json_object *text = plain_text(json_at(items, i));

        if (!json_object_is_type(text, json_type_string))
            return NULL;
        size += (size_t)json_object_get_string_len(text);
    }
    whole = end = arena_alloc(arena, size + 1);
    for (size_t i = 0; i < n; i++) {
        struct json_object *text = plain_text(json_at(items, i));
        const char *from = json_object_get_string(text);
        size_t length = (size_t)json_object_get_string_len(text);

        for (size_t at = 0; at < length; at++)
            if (from[at] != '\0')
                *end++ = from[at];
    }
    return whole;
}

static struct value
decode_text(struct arena *arena, struct json_object *raw)
{
    char *text = json_object_is_type(raw, json_type_array) ? notion_rich_text(arena, raw) : NULL;

    return text != NULL ? value_text(text) : (struct value){0};
}

static struct value
decode_choice(struct arena *arena, struct json_object *raw)
{
    struct json_object *name = json_get(raw, "name");

    if (raw == NULL)
        return value_text("");
    if (!json_object_is_type(name, json_type_string))
        return (struct value){0};
    return value_text(decode_string(arena, name));
}

static struct value
decode_checkbox(struct arena *arena, struct json_object *raw)
{
    (void)arena;
    if (!json_object_is_type(raw, json_type_boolean))
        return (struct value){0};
    return value_text(json_object_get_boolean(raw) ? STATUS_CHECKED : STATUS_UNCHECKED);
}

static struct value
decode_options(struct arena *arena, struct json_object *raw)
{
    size_t n = json_len(raw);
    const char **names = arena_array(arena, n, sizeof(*names));

    if (!json_object_is_type(raw, json_type_array))
        return (struct value){0};
    for (size_t i = 0; i < n; i++) {
        struct json_object *name = json_get(json_at(raw, i), "name");

        /* A set that lacks one would look as if that one had been removed. */
        if (!json_object_is_type(name, json_type_string))
            return (struct value){0};
        names[i] = notion_label_from_option(arena, decode_string(arena, name));
    }
    return value_set(names, n);
}

static struct value
decode_url(struct arena *arena, struct json_object *raw)
{
    if (raw == NULL)
        return value_text("");
    if (!json_object_is_type(raw, json_type_string))
        return (struct value){0};
    return value_text(decode_string(arena, raw));
}

/* Property types and the readers of their values; a value of null is given as NULL. */
static const struct {
    const char *type;
    struct value (*decode)(struct arena *arena, struct json_object *raw);
} decoders[] = {
    {"title", decode_text},        {"rich_text", decode_text},       {"status", decode_choice},
    {"select", decode_choice},     {"multi_select", decode_options}, {"url", decode_url},
    {"checkbox", decode_checkbox},
};

/* Whether entry shows a value, be it null, of the type that was bound. */
static bool
has_type(const struct binding *binding, struct json_object *entry)
{
    const char *type = json_string(entry, "type");

    return json_has(entry, binding->type) && (type == NULL || strcmp(type, binding->type) == 0);
}

/* What a property shows in all rows right after it was added. */
static struct value
decode_missing(const struct binding *binding)
{
    static const char *const sets[] = {"multi_select", "people", "relation"};

    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
        if (strcmp(binding->type, sets[i]) == 0)
            return value_set(NULL, 0);
    return value_text("");
}

struct value
notion_decode_value(const struct binding *binding, struct json_object *entry, struct arena *arena)
{
    if (binding->id == NULL)
        return binding->type != NULL ? decode_missing(binding) : (struct value){0};
    if (!has_type(binding, entry))
        return (struct value){0};
    for (size_t i = 0; i < sizeof(decoders) / sizeof(decoders[0]); i++)
        if (strcmp(decoders[i].type, binding->type) == 0)
            return decoders[i].decode(arena, json_get(entry, binding->type));
    return (struct value){0};
}

bool
notion_is_cut(const struct binding *binding, struct json_object *entry)
{
    if (binding->id == NULL || !has_type(binding, entry))
        return false;
    if (strcmp(binding->type, "title") != 0 && strcmp(binding->type, "rich_text") != 0)
        return false;
    return json_flag(entry, "has_more", false) ||
           json_len(json_get(entry, binding->type)) >= CUT_AT;
}

struct json_object *
notion_entry(struct json_object *page, const struct binding *binding)
{
    struct json_object *properties = json_get(page, "properties");
    struct json_object_iterator at, end;

    if (binding->id == NULL || !json_object_is_type(properties, json_type_object))
        return NULL;
    at = json_object_iter_begin(properties);
    end = json_object_iter_end(properties);
    for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at)) {
        struct json_object *entry = json_object_iter_peek_value(&at);
        const char *id = json_string(entry, "id");

        if (id != NULL && strcmp(id, binding->id) == 0)
            return entry;
    }
    return NULL;
}

/* A row whose GitHub ID cannot be read must not pass for one without: that gets an issue. */
static int64_t
decode_number(const struct binding *binding, struct json_object *entry)
{
    struct json_object *raw = json_get(entry, "number");

    if (binding->id == NULL)
        return 0;
    if (!has_type(binding, entry) || strcmp(binding->type, "number") != 0)
        return -1;
    if (raw == NULL)
        return 0;
    if (json_object_is_type(raw, json_type_int)) {
        int64_t number = json_object_get_int64(raw);

        return number > 0 && number < NUMBER_LIMIT ? number : -1;
    }
    if (json_object_is_type(raw, json_type_double)) {
        double number = json_object_get_double(raw);

        if (number >= 1 && number < (double)NUMBER_LIMIT && number == (double)(int64_t)number)
            return (int64_t)number;
    }
    return -1;
}

static bool
decode_is_gone(const struct bound *bound, struct json_object *json)
{
    const char *parent = json_string(json_get(json, "parent"), "data_source_id");
    const char *type = json_string(json_get(json, "parent"), "type");
    char id[37];

    if (notion_in_trash(json))
        return true;
    if (bound->data_source[0] == '\0')
        return false;
    if (parent != NULL)
        return notion_tidy_id(parent, id) && strcmp(id, bound->data_source) != 0;
    /* The older form names the database, which says nothing about the data source. */
    return type != NULL && (strcmp(type, "page_id") == 0 || strcmp(type, "block_id") == 0 ||
                            strcmp(type, "workspace") == 0);
}

static const char *
decode_member(struct arena *arena, struct json_object *object, const char *key)
{
    struct json_object *string = json_get(object, key);

    return json_object_is_type(string, json_type_string) ? decode_string(arena, string) : "";
}

static int64_t
decode_time(struct json_object *json, const char *key)
{
    const char *text = json_string(json, key);
    int64_t time;

    return text != NULL && clock_parse(text, &time) ? time : 0;
}

struct page *
notion_decode_page(const struct bound *bound, struct json_object *json, struct arena *arena)
{
    struct page *page;
    char id[37];

    if (!notion_tidy_id(json_string(json, "id"), id))
        return NULL;
    page = arena_alloc(arena, sizeof(*page));
    page->id = arena_strdup(arena, id);
    page->url = decode_member(arena, json, "url");
    page->number = decode_number(&bound->github_id, notion_entry(json, &bound->github_id));
    for (enum field field = 0; field < FIELD_COUNT; field++)
        page->values[field] = notion_decode_value(&bound->fields[field],
                                                  notion_entry(json, &bound->fields[field]), arena);
    page->created_at = decode_time(json, "created_time");
    page->edited_at = decode_time(json, "last_edited_time");
    page->edited_by = decode_member(arena, json_get(json, "last_edited_by"), "id");
    page->gone = decode_is_gone(bound, json);
    return page;
}
