#include "notion/notion.h"

#include <string.h>

#include "base/utf8.h"
#include "notion/notion_p.h"

/* A status group by its name; if the name is unknown, by its place among the three. */
static enum group
group_of(const char *name, size_t place, size_t n_groups)
{
    static const struct {
        const char *name;
        enum group group;
    } names[] = {
        {"to-do", GROUP_TODO},
        {"to do", GROUP_TODO},
        {"todo", GROUP_TODO},
        {"complete", GROUP_COMPLETE},
        {"completed", GROUP_COMPLETE},
        {"done", GROUP_COMPLETE},
        {"in progress", GROUP_IN_PROGRESS},
    };
    static const enum group places[] = {GROUP_TODO, GROUP_IN_PROGRESS, GROUP_COMPLETE};

    for (size_t i = 0; name != NULL && i < sizeof(names) / sizeof(names[0]); i++)
        if (utf8_casecmp(name, names[i].name) == 0)
            return names[i].group;
    return n_groups == 3 ? places[place] : GROUP_NONE;
}

struct options {
    struct json_object *list;
    bool *taken; /* by a group */
    struct option *items;
    size_t len;
};

static void
add_option(struct options *options, size_t i, enum group group, struct arena *arena)
{
    const char *name = json_string(json_at(options->list, i), "name");

    if (options->taken[i] || name == NULL)
        return;
    options->taken[i] = true;
    options->items[options->len].name = arena_strdup(arena, name);
    options->items[options->len].color = json_copy(arena, json_at(options->list, i), "color");
    options->items[options->len++].group = group;
}

static void
decode_options(struct json_object *config, struct arena *arena, struct property *property)
{
    struct json_object *groups = json_array(config, "groups");
    struct options options = {.list = json_array(config, "options")};
    size_t n = json_len(options.list);

    options.taken = arena_array(arena, n, sizeof(*options.taken));
    options.items = arena_array(arena, n, sizeof(*options.items));
    for (size_t i = 0; i < json_len(groups); i++) {
        struct json_object *ids = json_array(json_at(groups, i), "option_ids");
        enum group group = group_of(json_string(json_at(groups, i), "name"), i, json_len(groups));

        for (size_t k = 0; k < json_len(ids); k++)
            for (size_t at = 0; at < n; at++)
                if (json_object_is_type(json_at(ids, k), json_type_string) &&
                    json_is(json_at(options.list, at), "id",
                            json_object_get_string(json_at(ids, k))))
                    add_option(&options, at, group, arena);
    }
    for (size_t i = 0; i < n; i++)
        add_option(&options, i, GROUP_NONE, arena);
    property->options = options.items;
    property->n_options = options.len;
}

void
notion_decode_schema(struct json_object *json, struct arena *arena, struct schema *schema)
{
    struct json_object *properties = json_get(json, "properties");
    struct property *items;
    struct json_object_iterator at, end;

    *schema = (struct schema){
        .title = notion_rich_text(arena, json_array(json, "title")),
        .url = arena_strdup(arena, json_string(json, "url")),
    };
    if (schema->title == NULL)
        schema->title = "";
    if (!json_object_is_type(properties, json_type_object))
        return;
    items = arena_array(arena, (size_t)json_object_object_length(properties), sizeof(*items));
    at = json_object_iter_begin(properties);
    end = json_object_iter_end(properties);
    for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at)) {
        struct json_object *property = json_object_iter_peek_value(&at);
        const char *id = json_string(property, "id");
        const char *type = json_string(property, "type");

        if (id == NULL || type == NULL)
            continue;
        items[schema->n_properties] = (struct property){
            .id = arena_strdup(arena, id),
            .name = arena_strdup(arena, json_object_iter_peek_name(&at)),
            .type = arena_strdup(arena, type),
            .prefix = json_copy(arena, json_get(property, "unique_id"), "prefix"),
        };
        decode_options(json_get(property, type), arena, &items[schema->n_properties++]);
    }
    schema->properties = items;
}

bool
notion_read_schema(struct notion *notion, const char *data_source, struct arena *arena,
                   struct schema *schema, struct err *err)
{
    char id[NOTION_ID_SIZE];
    struct reply reply;
    struct ask ask = {.what = "reading the database's columns", .need = NEED_READ};
    bool done = false;

    *schema = (struct schema){0};
    if (!notion_check_id(data_source, id, err))
        return false;
    ask.path = arena_printf(arena, "/v1/data_sources/%s", id);
    if (!notion_ask(notion, &ask, &reply, err))
        return false;
    if (notion_in_trash(reply.json))
        notion_trashed(err);
    else if (!json_object_is_type(json_get(reply.json, "properties"), json_type_object))
        notion_no_content(ask.what, err);
    else
        done = true;
    if (done)
        notion_decode_schema(reply.json, arena, schema);
    notion_reply_release(&reply);
    return done;
}

const struct property *
schema_find(const struct schema *schema, const char *name)
{
    for (size_t i = 0; i < schema->n_properties; i++) {
        const struct property *property = &schema->properties[i];

        if (name != NULL ? strcmp(property->name, name) == 0 : strcmp(property->type, "title") == 0)
            return property;
    }
    return NULL;
}

const struct option *
property_option(const struct property *property, const char *name)
{
    for (size_t i = 0; i < property->n_options; i++)
        if (strcmp(property->options[i].name, name) == 0)
            return &property->options[i];
    return NULL;
}
