#include "notion/notion.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "notion/notion_p.h"

/* Values of properties, as Notion shows them, to the model's. */

#define CUT_AT 25
#define MINUTE ((int64_t)60 * 1000)

char *
notion_string(struct arena *arena, struct json_object *string)
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
decode_status(struct arena *arena, struct json_object *raw)
{
    struct json_object *name = json_get(raw, "name");

    if (raw == NULL)
        return value_text("");
    if (!json_object_is_type(name, json_type_string))
        return (struct value){0};
    return value_text(notion_string(arena, name));
}

/* The name of one of GitHub's things. */
static struct value
decode_select(struct arena *arena, struct json_object *raw)
{
    struct value name = decode_status(arena, raw);

    return name.kind == VALUE_TEXT ? value_text(notion_label_from_option(arena, name.text)) : name;
}

/* Whole minutes in UTC, as they are written; a day stays a day, whatever the end of a range. */
static struct value
decode_date(struct arena *arena, struct json_object *raw)
{
    struct json_object *start = json_get(raw, "start");
    char text[CLOCK_TEXT_SIZE];
    int64_t time;

    if (raw == NULL)
        return value_text("");
    if (!json_object_is_type(start, json_type_string))
        return (struct value){0};
    if (!clock_parse(json_object_get_string(start), &time))
        return value_text(notion_string(arena, start));
    clock_format(time - time % MINUTE, text);
    return value_text(arena_strdup(arena, text));
}

static struct value
decode_amount(struct arena *arena, struct json_object *raw)
{
    if (raw == NULL)
        return value_text("");
    if (json_object_is_type(raw, json_type_int))
        return value_text(arena_printf(arena, "%" PRId64, json_object_get_int64(raw)));
    if (json_object_is_type(raw, json_type_double))
        return value_text(arena_printf(arena, "%.17g", json_object_get_double(raw)));
    return (struct value){0};
}

/* People and related pages: a set of ids. */
static struct value
decode_ids(struct arena *arena, struct json_object *raw)
{
    size_t n = json_len(raw);
    const char **ids = arena_array(arena, n, sizeof(*ids));
    char id[NOTION_ID_SIZE];

    if (!json_object_is_type(raw, json_type_array))
        return (struct value){0};
    for (size_t i = 0; i < n; i++) {
        if (!notion_id_parse(json_string(json_at(raw, i), "id"), id))
            return (struct value){0};
        ids[i] = arena_strdup(arena, id);
    }
    return value_set(ids, n);
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
        names[i] = notion_label_from_option(arena, notion_string(arena, name));
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
    return value_text(notion_string(arena, raw));
}

/* Property types and the readers of their values; a value of null is given as NULL. */
static const struct {
    const char *type;
    struct value (*decode)(struct arena *arena, struct json_object *raw);
} decoders[] = {
    {"title", decode_text},           {"rich_text", decode_text},
    {"status", decode_status},        {"select", decode_select},
    {"multi_select", decode_options}, {"url", decode_url},
    {"checkbox", decode_checkbox},    {"date", decode_date},
    {"number", decode_amount},        {"people", decode_ids},
    {"relation", decode_ids},
};

bool
notion_has_type(const struct binding *binding, struct json_object *entry)
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
    if (!notion_has_type(binding, entry))
        return (struct value){0};
    if (binding->verbatim)
        return decode_status(arena, json_get(entry, binding->type));
    for (size_t i = 0; i < sizeof(decoders) / sizeof(decoders[0]); i++)
        if (strcmp(decoders[i].type, binding->type) == 0)
            return decoders[i].decode(arena, json_get(entry, binding->type));
    return (struct value){0};
}

bool
notion_is_cut(const struct binding *binding, struct json_object *entry)
{
    static const char *const lists[] = {"title", "rich_text", "people", "relation"};

    if (binding->id == NULL || !notion_has_type(binding, entry))
        return false;
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        if (strcmp(binding->type, lists[i]) == 0)
            return json_flag(entry, "has_more", false) ||
                   json_len(json_get(entry, binding->type)) >= CUT_AT;
    return false;
}
