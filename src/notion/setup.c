#include <string.h>

#include "base/log.h"
#include "base/utf8.h"
#include "notion/notion.h"
#include "notion/notion_p.h"

/* Sends `properties` (taken); *schema is what Notion answers, or what a read finds after a lost
 * answer. */
static bool
patch_schema(struct notion *notion, const char *data_source, struct json_object *properties,
             const char *what, struct arena *arena, struct schema *schema, struct err *err)
{
    struct ask ask = {
        .method = HTTP_PATCH,
        .body = json_add(json_new_object(), "properties", properties),
        .what = what,
        .path = arena_printf(arena, "/v1/data_sources/%s", data_source),
        .need = NEED_UPDATE,
        .writes = true,
    };
    struct reply reply;
    bool done, saved;

    if (!notion_exchange(notion, &ask, &reply, err))
        return false;
    saved = notion_saved(reply.status, reply.json);
    done = saved || notion_is_good(&reply) || notion_refused(&ask, &reply, err);
    if (done && !saved)
        notion_decode_schema(reply.json, arena, schema);
    notion_reply_release(&reply);
    return done && (!saved || notion_read_schema(notion, data_source, arena, schema, err));
}

bool
notion_add_properties(struct notion *notion, const char *data_source,
                      const struct new_property *added, size_t n, struct arena *arena,
                      struct schema *schema, struct err *err)
{
    struct json_object *properties;
    const char *names = "";
    char id[NOTION_ID_SIZE];

    *schema = (struct schema){0};
    if (!notion_check_id(data_source, id, err))
        return false;
    properties = json_new_object();
    for (size_t i = 0; i < n; i++) {
        const struct property_type *type = property_type_find(added[i].type);
        struct json_object *config =
            type->configure != NULL ? type->configure(&added[i], id) : json_new_object();

        json_add(properties, added[i].name, json_add(json_new_object(), added[i].type, config));
        names = arena_printf(arena, "%s%s\"%s\"", names, i > 0 ? ", " : "", added[i].name);
    }
    if (!patch_schema(notion, id, properties,
                      arena_printf(arena, "creating the column%s %s", n == 1 ? "" : "s",
                                   notion->hides ? "that the database lacks" : names),
                      arena, schema, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct property *property = schema_find(schema, added[i].name);

        if (property == NULL || strcmp(property->type, added[i].type) != 0)
            return err_set(err, ERR_DATA,
                           "Notion did not create the column \"%s\"; add it to the database "
                           "(type %s)",
                           added[i].name, added[i].type);
    }
    return true;
}

bool
notion_remove_properties(struct notion *notion, const char *data_source, const char *const *ids,
                         size_t n, struct arena *arena, struct err *err)
{
    struct json_object *properties;
    struct schema schema = {0};
    char id[NOTION_ID_SIZE];

    if (!notion_check_id(data_source, id, err))
        return false;
    properties = json_new_object();
    for (size_t i = 0; i < n; i++)
        json_add(properties, ids[i], NULL);
    return patch_schema(notion, id, properties, "deleting columns of the database", arena, &schema,
                        err);
}

/* The current options and the missing ones, in the form of a request. */
static struct json_object *
extended_options(struct json_object *now, const struct option *added, size_t n, bool groups,
                 size_t *n_added)
{
    static const char *const kept[] = {"id", "name", "color", "description"};
    static const char *const names[] = {
        [GROUP_TODO] = "To-do", [GROUP_IN_PROGRESS] = "In progress", [GROUP_COMPLETE] = "Complete"};
    struct json_object *options = json_new_array();

    *n_added = 0;
    for (size_t i = 0; i < json_len(now); i++) {
        struct json_object *option = json_new_object();

        for (size_t k = 0; k < sizeof(kept) / sizeof(kept[0]); k++)
            if (json_string(json_at(now, i), kept[k]) != NULL)
                json_add_string(option, kept[k], json_string(json_at(now, i), kept[k]));
        json_push(options, option);
    }
    for (size_t i = 0; i < n; i++) {
        struct json_object *option;
        bool there = false;

        for (size_t k = 0; k < json_len(now); k++) {
            const char *known = json_string(json_at(now, k), "name");

            there = there || (known != NULL && utf8_casecmp(known, added[i].name) == 0);
        }
        if (there)
            continue;
        option = json_add_string(json_new_object(), "name", added[i].name);
        json_push(options,
                  groups ? json_add_string(option, "group", names[added[i].group]) : option);
        ++*n_added;
    }
    return options;
}

/* One try, with or without groups. */
static bool
add_options(struct notion *notion, const char *data_source, const char *property,
            struct json_object *now, const struct option *added, size_t n, bool groups,
            struct arena *scratch, struct err *err)
{
    struct json_object *config = json_new_object();
    const struct property *changed;
    struct schema schema = {0};
    size_t n_added;

    json_add(
        config, "status",
        json_add(json_new_object(), "options", extended_options(now, added, n, groups, &n_added)));
    if (n_added == 0) {
        json_object_put(config);
        return true;
    }
    if (!patch_schema(notion, data_source, json_add(json_new_object(), property, config),
                      notion->hides ? "adding options to the status"
                                    : arena_printf(scratch, "adding options to \"%s\"", property),
                      scratch, &schema, err))
        return false;
    changed = notion->hides ? NULL : schema_find(&schema, property);
    for (size_t i = 0; changed != NULL && i < n; i++) {
        const struct option *option = property_option(changed, added[i].name);

        if (option != NULL && option->group != added[i].group)
            log_notice("Notion put the new option \"%s\" of \"%s\" into another group than its "
                       "meaning asks for: move it there by hand",
                       added[i].name, property);
    }
    return true;
}

bool
notion_add_status_options(struct notion *notion, const char *data_source, const char *property,
                          const struct option *added, size_t n, struct err *err)
{
    struct arena *scratch = arena_new();
    struct json_object *now;
    struct reply reply;
    char id[NOTION_ID_SIZE];
    struct ask ask = {.what = "reading the database's columns", .need = NEED_READ};
    bool done = notion_check_id(data_source, id, err);

    ask.path = arena_printf(scratch, "/v1/data_sources/%s", id);
    done = done && notion_ask(notion, &ask, &reply, err);
    if (done) {
        now = json_path(reply.json, "properties", property, "status", "options", NULL);
        done = add_options(notion, id, property, now, added, n, true, scratch, err);
        if (!done && err->kind == ERR_REFUSED)
            done = add_options(notion, id, property, now, added, n, false, scratch, err);
        if (!done && err->kind == ERR_REFUSED)
            (void)err_set(err, ERR_INPUT,
                          "status_map names options that \"%.80s\" lacks, and Notion does not let "
                          "the connection add them (%s): add them in Notion, at the column's "
                          "options",
                          notion->hides ? "Status" : property,
                          arena_strndup(scratch, err->text, (size_t)err_reason_length(err)));
        notion_reply_release(&reply);
    }
    arena_free(scratch);
    return done;
}
