#include "notion/notion.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "notion/notion_p.h"

/* Limits of a request: developers.notion.com/reference/request-limits. The unit of "characters" is
 * not documented; UTF-16 units are the smallest that it can be. */
#define TEXT_UNITS 2000
#define NAME_UNITS 100
#define ITEMS      100

char *
notion_clean(struct arena *arena, const char *text)
{
    const char *end = text + strlen(text);
    char *out = arena_alloc(arena, 3 * strlen(text) + 1);
    char *to = out;
    uint32_t point;

    while (utf8_next(&text, end, &point))
        if ((point >= 0x20 && point != 0x7f) || point == '\n' || point == '\t')
            to += utf8_put(to, point);
    return out;
}

/* Bytes of the longest beginning of text that has at most so many UTF-16 units. */
static size_t
units_length(const char *text, int units)
{
    const char *at = text;
    const char *end = text + strlen(text);
    const char *fits = text;
    uint32_t point;

    while (utf8_next(&at, end, &point) && (units -= point > 0xffff ? 2 : 1) >= 0)
        fits = at;
    return (size_t)(fits - text);
}

static struct json_object *
encode_text(const struct value *value, struct arena *arena)
{
    const char *rest = notion_clean(arena, value->text);
    struct json_object *items = json_new_array();

    for (int i = 0; i < ITEMS && *rest != '\0'; i++) {
        size_t length = units_length(rest, TEXT_UNITS);
        struct json_object *item = json_new_object();
        struct json_object *text = json_new_object();

        json_add_string(text, "content", arena_strndup(arena, rest, length));
        json_push(items, json_add(item, "text", text));
        rest += length;
    }
    return items;
}

static struct json_object *
encode_name(const char *text, struct arena *arena)
{
    const char *name = notion_clean(arena, text);

    name = arena_strndup(arena, name, units_length(name, NAME_UNITS));
    return *name != '\0' ? json_add_string(json_new_object(), "name", name) : NULL;
}

static struct json_object *
encode_select(const struct value *value, struct arena *arena)
{
    return encode_name(notion_option_from_label(arena, value->text), arena);
}

static struct json_object *
encode_status(const struct value *value, struct arena *arena)
{
    return encode_name(value->text, arena);
}

static bool
has_name(struct json_object *options, const char *name)
{
    for (size_t i = 0; i < json_len(options); i++)
        if (utf8_casecmp(json_string(json_at(options, i), "name"), name) == 0)
            return true;
    return false;
}

static struct json_object *
encode_options(const struct value *value, struct arena *arena)
{
    struct json_object *options = json_new_array();

    for (size_t i = 0; i < value->len && json_len(options) < ITEMS; i++) {
        struct json_object *option =
            encode_name(notion_option_from_label(arena, value->items[i]), arena);

        if (option != NULL && !has_name(options, json_string(option, "name")))
            json_push(options, option);
        else
            json_object_put(option);
    }
    return options;
}

static struct json_object *
encode_url(const struct value *value, struct arena *arena)
{
    return *value->text != '\0' ? json_new_text(notion_clean(arena, value->text)) : NULL;
}

static struct json_object *
encode_checkbox(const struct value *value, struct arena *arena)
{
    (void)arena;
    return json_object_new_boolean(strcmp(value->text, STATUS_CHECKED) == 0);
}

/* A day, or a moment in UTC. */
static struct json_object *
encode_date(const struct value *value, struct arena *arena)
{
    return *value->text != '\0'
               ? json_add_string(json_new_object(), "start", notion_clean(arena, value->text))
               : NULL;
}

static struct json_object *
encode_amount(const struct value *value, struct arena *arena)
{
    char *end;
    long long amount = strtoll(value->text, &end, 10);

    (void)arena;
    return end != value->text && *end == '\0' ? json_object_new_int64(amount) : NULL;
}

static struct json_object *
encode_ids(const struct value *value, struct arena *arena)
{
    struct json_object *list = json_new_array();

    (void)arena;
    for (size_t i = 0; i < value->len && i < ITEMS; i++)
        json_push(list, json_add_string(json_new_object(), "id", value->items[i]));
    return list;
}

/* Property types, the kind of value that each takes, and its writer; NULL is written as null. */
static const struct encoder {
    const char *type;
    enum value_kind kind;
    struct json_object *(*encode)(const struct value *value, struct arena *arena);
} encoders[] = {
    {"title", VALUE_TEXT, encode_text},        {"rich_text", VALUE_TEXT, encode_text},
    {"status", VALUE_TEXT, encode_status},     {"select", VALUE_TEXT, encode_select},
    {"checkbox", VALUE_TEXT, encode_checkbox}, {"multi_select", VALUE_SET, encode_options},
    {"url", VALUE_TEXT, encode_url},           {"date", VALUE_TEXT, encode_date},
    {"number", VALUE_TEXT, encode_amount},     {"people", VALUE_SET, encode_ids},
    {"relation", VALUE_SET, encode_ids},
};

/* The option as it is called where it exists: one in the very letters, else one in others. */
static void
name_known(const struct binding *binding, struct json_object *option)
{
    const char *name = json_string(option, "name");
    const char *known = NULL;

    for (size_t i = 0; name != NULL && i < binding->n_options; i++) {
        const char *other = binding->options[i].name;

        if (strcmp(other, name) == 0)
            return;
        if (known == NULL && utf8_casecmp(other, name) == 0)
            known = other;
    }
    if (known != NULL)
        json_add_string(option, "name", known);
}

static void
encode_field(struct json_object *properties, const struct binding *binding,
             const struct value *value, struct arena *arena)
{
    for (size_t i = 0; i < sizeof(encoders) / sizeof(encoders[0]); i++) {
        const struct encoder *encoder = &encoders[i];
        struct json_object *encoded;

        if (strcmp(encoder->type, binding->type) != 0 || encoder->kind != value->kind)
            continue;
        encoded = binding->verbatim ? encode_status(value, arena) : encoder->encode(value, arena);
        name_known(binding, encoded);
        for (size_t k = 0; k < json_len(encoded); k++)
            name_known(binding, json_at(encoded, k));
        json_add(properties, binding->id, json_add(json_new_object(), binding->type, encoded));
    }
}

struct json_object *
notion_encode(const struct bound *bound, const struct page_change *change, struct arena *arena)
{
    struct json_object *properties = json_new_object();

    for (enum field field = 0; field < FIELD_COUNT; field++)
        if ((change->fields & 1u << field) != 0 && bound->fields[field].id != NULL)
            encode_field(properties, &bound->fields[field], &change->values[field], arena);
    if (change->sets_number && bound->github_id.id != NULL) {
        struct json_object *number = json_new_object();

        if (change->number > 0)
            json_add_int(number, "number", change->number);
        else
            json_add(number, "number", NULL);
        json_add(properties, bound->github_id.id, number);
    }
    return properties;
}
