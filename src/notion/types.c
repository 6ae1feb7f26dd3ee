#include "notion/notion.h"

#include <string.h>

#include "base/clock.h"
#include "base/decimal.h"
#include "base/utf8.h"
#include "notion/notion_p.h"

/* Notion's types of properties: how each is read, written and made. Everything about a type is in
 * its row of the table at the end. */

#define MINUTE ((int64_t)60 * 1000)

/* Limits of a request: developers.notion.com/reference/request-limits. The unit of "characters" is
 * not documented; UTF-16 units are the smallest that it can be. */
#define TEXT_UNITS 2000
#define NAME_UNITS 100
#define ITEMS      100

static struct value
decode_text(struct arena *arena, struct json_object *raw)
{
    char *text = json_object_is_type(raw, json_type_array) ? notion_rich_text(arena, raw) : NULL;

    return text != NULL ? value_text(text) : (struct value){0};
}

/* null is empty, and anything else but a text absent. */
static struct value
decode_string(struct arena *arena, struct json_object *raw, struct json_object *string)
{
    if (raw == NULL)
        return value_text("");
    if (!json_object_is_type(string, json_type_string))
        return (struct value){0};
    return value_text(notion_string(arena, string));
}

static struct value
decode_status(struct arena *arena, struct json_object *raw)
{
    return decode_string(arena, raw, json_get(raw, "name"));
}

/* The name of something on GitHub. */
static struct value
decode_select(struct arena *arena, struct json_object *raw)
{
    struct value name = decode_status(arena, raw);

    return name.kind == VALUE_TEXT ? value_text(notion_label_from_option(arena, name.text)) : name;
}

/* Whole minutes in UTC, as they are written; a day stays a day, and the end of a range is
 * ignored. */
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

/* The day that a person sees there, regardless of the time and its offset, and the last day of a
 * range. */
static struct value
decode_day(struct arena *arena, struct json_object *raw)
{
    struct json_object *start = json_get(raw, "start");
    struct json_object *end = json_get(raw, "end");
    const char *day;

    if (!json_object_is_type(start, json_type_string))
        return decode_date(arena, raw);
    day = notion_string(arena, start);
    day = arena_strndup(arena, day, strcspn(day, "T"));
    if (json_object_is_type(end, json_type_string)) {
        const char *last = notion_string(arena, end);

        day = arena_printf(arena, "%s" VALUE_RANGE "%.*s", day, (int)strcspn(last, "T"), last);
    }
    return value_text(day);
}

static struct value
decode_amount(struct arena *arena, struct json_object *raw)
{
    const char *text = raw != NULL ? json_number_text(raw, arena) : "";

    return text != NULL ? value_text(text) : (struct value){0};
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

        /* If the set lacked this id, it would look as if somebody had removed it. */
        if (!json_object_is_type(name, json_type_string))
            return (struct value){0};
        names[i] = notion_label_from_option(arena, notion_string(arena, name));
    }
    return value_set(names, n);
}

/* The addresses of the links in a text. */
static struct value
decode_links(struct arena *arena, struct json_object *raw)
{
    size_t n = json_len(raw);
    const char **urls = arena_array(arena, n, sizeof(*urls));
    size_t len = 0;

    if (!json_object_is_type(raw, json_type_array))
        return (struct value){0};
    for (size_t i = 0; i < n; i++) {
        struct json_object *url = json_path(json_at(raw, i), "text", "link", "url", NULL);

        if (json_object_is_type(url, json_type_string))
            urls[len++] = notion_string(arena, url);
    }
    return value_set(urls, len);
}

static struct value
decode_url(struct arena *arena, struct json_object *raw)
{
    return decode_string(arena, raw, raw);
}

/* The length in bytes of the longest beginning of text that has at most this many UTF-16 units. */
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

/* "#7, #12", each with its link. */
static struct json_object *
encode_links(const struct value *value, struct arena *arena)
{
    struct json_object *items = json_new_array();

    for (size_t i = 0; i < value->len && i < ITEMS / 2; i++) {
        const char *url = notion_clean(arena, value->items[i]);
        const char *slash = strrchr(url, '/');
        struct json_object *item = json_new_object();
        struct json_object *text = json_new_object();

        if (i > 0)
            json_push(items, json_add(json_new_object(), "text",
                                      json_add_string(json_new_object(), "content", ", ")));
        json_add_string(text, "content",
                        arena_printf(arena, "#%s", slash != NULL ? slash + 1 : url));
        json_add(text, "link", json_add_string(json_new_object(), "url", url));
        json_push(items, json_add(item, "text", text));
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

static struct json_object *
encode_options(const struct value *value, struct arena *arena)
{
    struct json_object *options = json_new_array();

    for (size_t i = 0; i < value->len && json_len(options) < ITEMS; i++) {
        struct json_object *option =
            encode_name(notion_option_from_label(arena, value->items[i]), arena);
        bool twice = option == NULL;

        for (size_t k = 0; k < json_len(options) && !twice; k++)
            twice = utf8_casecmp(json_string(json_at(options, k), "name"),
                                 json_string(option, "name")) == 0;
        if (!twice)
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

/* A day, a range of days, or a moment in UTC. */
static struct json_object *
encode_date(const struct value *value, struct arena *arena)
{
    const char *text = notion_clean(arena, value->text);
    const char *range = strstr(text, VALUE_RANGE);
    size_t length = range != NULL ? (size_t)(range - text) : strlen(text);
    struct json_object *date;

    if (*text == '\0')
        return NULL;
    date = json_add_string(json_new_object(), "start", arena_strndup(arena, text, length));
    return range != NULL ? json_add_string(date, "end", range + strlen(VALUE_RANGE)) : date;
}

static struct json_object *
encode_amount(const struct value *value, struct arena *arena)
{
    double amount;

    (void)arena;
    return decimal_read(value->text, &amount) ? json_new_number(amount) : NULL;
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

static struct json_object *
configure_options(const struct new_property *property, const char *data_source)
{
    struct json_object *config = json_new_object();
    struct json_object *options;

    (void)data_source;
    if (property->n_options == 0)
        return config;
    options = json_new_array();
    for (size_t i = 0; i < property->n_options; i++)
        json_push(options, json_add_string(json_new_object(), "name", property->options[i]));
    return json_add(config, "options", options);
}

static struct json_object *
configure_number(const struct new_property *property, const char *data_source)
{
    (void)property;
    (void)data_source;
    return json_add_string(json_new_object(), "format", "number");
}

/* To the data source itself. */
static struct json_object *
configure_relation(const struct new_property *property, const char *data_source)
{
    struct json_object *config = json_new_object();

    (void)property;
    json_add_string(config, "data_source_id", data_source);
    json_add_string(config, "type", "single_property");
    return json_add(config, "single_property", json_new_object());
}

#define READ_AND_WRITTEN(value_kind, codec) \
    .kind = VALUE_##value_kind, .decode = decode_##codec, .encode = encode_##codec

static const struct property_type types[] = {
    {.name = "title", READ_AND_WRITTEN(TEXT, text), .is_list = true},
    {.name = "rich_text", READ_AND_WRITTEN(TEXT, text), .is_list = true},
    {.name = "status", READ_AND_WRITTEN(TEXT, status)},
    {.name = "select",
     READ_AND_WRITTEN(TEXT, select),
     .configure = configure_options,
     .makes_options = true},
    {.name = "multi_select",
     READ_AND_WRITTEN(SET, options),
     .configure = configure_options,
     .makes_options = true},
    {.name = "url", READ_AND_WRITTEN(TEXT, url)},
    {.name = "checkbox", READ_AND_WRITTEN(TEXT, checkbox)},
    {.name = "date", READ_AND_WRITTEN(TEXT, date)},
    {.name = "number", READ_AND_WRITTEN(TEXT, amount), .configure = configure_number},
    {.name = "people", READ_AND_WRITTEN(SET, ids), .is_list = true},
    {.name = "relation",
     READ_AND_WRITTEN(SET, ids),
     .configure = configure_relation,
     .is_list = true},
    {.name = "created_time", .is_computed = true},
    {.name = "last_edited_time", .is_computed = true},
    {.name = "created_by", .is_computed = true},
    {.name = "last_edited_by", .is_computed = true},
    {.name = "formula", .is_computed = true},
    {.name = "rollup", .is_computed = true},
    {.name = "unique_id", .is_computed = true},
    {.name = "button", .is_computed = true},
    {.name = "verification", .is_computed = true},
};

/* A text whose links are its values. */
static const struct property_type links = {
    .name = "rich_text", READ_AND_WRITTEN(SET, links), .is_list = true};

/* A date of which only the day counts. */
static const struct property_type days = {
    .name = "date", .kind = VALUE_TEXT, .decode = decode_day, .encode = encode_date};

const struct property_type *
property_type_find(const char *name)
{
    static const struct property_type other;

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (strcmp(types[i].name, name) == 0)
            return &types[i];
    return &other;
}

const struct property_type *
binding_type(const struct binding *binding)
{
    return binding->links  ? &links
           : binding->days ? &days
                           : property_type_find(binding->verbatim ? "status" : binding->type);
}

bool
notion_is_computed(const char *type)
{
    return property_type_find(type)->is_computed;
}

bool
notion_makes_options(const char *type)
{
    return property_type_find(type)->makes_options;
}
