#include <string.h>

#include "base/clock.h"
#include "base/vec.h"
#include "notion/notion.h"
#include "notion/notion_p.h"

/* Requests of 100 items each for one value: far more than a property can hold. */
#define MAX_PARTS 100

/* The parts of a value. */
struct parts_of {
    const struct binding *binding;
    struct json_object *items;
};

static bool
take_parts(void *context, struct json_object *results)
{
    const struct parts_of *parts = context;

    for (size_t i = 0; i < json_len(results); i++)
        json_push(parts->items,
                  json_object_get(json_get(json_at(results, i), parts->binding->type)));
    return true;
}

/* Reads one cut value whole. If the page vanished in the meantime, there is no value: the cut one
 * must not be used. */
static bool
read_whole(struct notion *notion, const char *page_id, const struct binding *binding,
           struct arena *arena, struct value *value, struct err *err)
{
    struct parts_of parts = {binding, json_new_array()};
    struct json_object *entry = json_add(json_new_object(), binding->type, parts.items);
    /* Property ids come URL-encoded and are used as they are. */
    const struct ask ask = {
        .path = arena_printf(arena, "/v1/pages/%s/properties/%s?page_size=100", page_id,
                             url_encode(arena, binding->id, "%")),
        .what = notion->hides
                    ? arena_printf(arena, "reading a long value of the page %s", page_id)
                    : arena_printf(arena, "reading \"%s\" of the page %s", binding->name, page_id),
        .need = NEED_READ,
    };
    struct err why;
    bool done = true;

    *value = (struct value){0};
    if (notion_list(notion, &ask, MAX_PARTS, take_parts, &parts, NULL, &why))
        *value = notion_decode_value(binding, entry, arena);
    else if (why.kind != ERR_NOT_FOUND)
        done = err_set(err, why.kind, "%s", why.text);
    json_object_put(entry);
    return done;
}

bool
notion_take_page(struct notion *notion, struct json_object *json, int64_t asked_at,
                 struct arena *arena, struct page **page, struct err *err)
{
    const struct bound *bound = &notion->bound;
    struct page *taken = notion_decode_page(bound, json, arena);

    *page = NULL;
    if (taken == NULL)
        return err_set(err, ERR_DATA, "Notion answered a page without an id");
    if (!json_object_is_type(json_get(json, "properties"), json_type_object))
        return notion_no_content(arena_printf(arena, "reading the page %s", taken->id), err);
    for (enum field field = 0; field < FIELD_ROOM; field++) {
        const struct binding *binding = &bound->fields[field];
        struct value whole;

        if (!notion_is_cut(binding, notion_entry(json, binding)))
            continue;
        if (!read_whole(notion, taken->id, binding, arena, &whole, err))
            return false;
        values_put(&taken->values, field, whole, arena);
    }
    taken->read_at = asked_at;
    *page = taken;
    return true;
}

bool
notion_get_page(struct notion *notion, const char *id, struct arena *arena, struct page **page,
                struct err *err)
{
    int64_t asked_at = clock_now();
    char tidy[NOTION_ID_SIZE];
    struct reply reply;
    struct ask ask = {.need = NEED_READ};
    bool done;

    *page = NULL;
    if (!notion_check_id(id, tidy, err))
        return false;
    ask.path = arena_printf(arena, "/v1/pages/%s", tidy);
    ask.what = arena_printf(arena, "reading the page %s", tidy);
    if (!notion_exchange_only(notion, &ask, &reply, err))
        return false;
    if (notion_is_good(&reply) && reply.json != NULL)
        done = notion_take_page(notion, reply.json, asked_at, arena, page, err);
    else
        done = notion_refused(&ask, &reply, err);
    if (*page != NULL)
        (*page)->direct = true;
    notion_reply_release(&reply);
    return done;
}

/* From here on: requests ask only for the properties of pages that are used, so that a wide board
 * with formulas and rollups costs only as much as its bound columns. Source:
 * developers.notion.com/reference/query-a-data-source, filter_properties; for requests of pages
 * since August 12, 2026. */

static const char *
add_property(struct arena *arena, const char *path, const struct binding *binding, bool by_name)
{
    if (binding->id == NULL)
        return path;
    /* Property ids come URL-encoded and are used as they are. */
    return arena_printf(
        arena, "%s%cfilter_properties=%s", path, strchr(path, '?') != NULL ? '&' : '?',
        by_name ? url_encode(arena, binding->name, "") : url_encode(arena, binding->id, "%"));
}

const char *
notion_only(const struct notion *notion, const char *path, struct arena *arena)
{
    const struct bound *bound = &notion->bound;
    bool by_name = bound->by_name;

    if (bound->shows_all)
        return path;
    path = add_property(arena, path, &bound->github_id, by_name);
    path = add_property(arena, path, &bound->task, by_name);
    for (enum field field = 0; field < FIELD_ROOM; field++)
        path = add_property(arena, path, &bound->fields[field], by_name);
    return path;
}

bool
notion_finds_no_property(const char *message)
{
    return strstr(message, "Could not find property with name or id") != NULL ||
           strstr(message, "filter_properties") != NULL;
}

bool
notion_exchange_only(struct notion *notion, const struct ask *ask, struct reply *reply,
                     struct err *err)
{
    struct arena *scratch = arena_new();
    struct ask first = *ask;
    const char *message;
    bool done;

    first.path = notion_only(notion, ask->path, scratch);
    json_object_get(ask->body);
    done = notion_exchange(notion, &first, reply, err);
    message = done && reply->status == 400 ? json_string(reply->json, "message") : NULL;
    /* The page may have moved to another data source, which has no such properties. */
    if (message != NULL && first.path != ask->path && notion_finds_no_property(message)) {
        notion_reply_release(reply);
        done = notion_exchange(notion, ask, reply, err);
    } else {
        json_object_put(ask->body);
    }
    arena_free(scratch);
    return done;
}
