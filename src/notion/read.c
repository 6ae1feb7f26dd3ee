#include "notion/notion.h"

#include <string.h>

#include "base/clock.h"
#include "base/vec.h"
#include "notion/notion_p.h"

/* Requests of 100 items each for one value: far more than a property can hold. */
#define MAX_PARTS 100

/* Moves the parts of one answer to items and sets the path of the next request; NULL after the
 * last. */
static bool
take_parts(struct json_object *answer, const struct binding *binding, const char *base,
           struct arena *arena, struct json_object *items, const char **next)
{
    struct json_object *results = json_array(answer, "results");
    const char *cursor;

    *next = NULL;
    if (results == NULL || !notion_next_cursor(answer, &cursor))
        return false;
    for (size_t i = 0; i < json_len(results); i++)
        json_push(items, json_object_get(json_get(json_at(results, i), binding->type)));
    if (cursor != NULL)
        *next = arena_printf(arena, "%s&start_cursor=%s", base, url_encode(arena, cursor, "%"));
    return true;
}

/* Reads all parts of a property's text into items. */
static bool
read_parts(struct notion *notion, const char *page_id, const struct binding *binding,
           struct arena *arena, struct json_object *items, struct err *err)
{
    /* Property ids come URL-encoded and are used as they are. */
    const char *base = arena_printf(arena, "/v1/pages/%s/properties/%s?page_size=100", page_id,
                                    url_encode(arena, binding->id, "%"));
    struct ask ask = {
        .path = base,
        .what = notion->hides
                    ? arena_printf(arena, "reading a long value of the page %s", page_id)
                    : arena_printf(arena, "reading \"%s\" of the page %s", binding->name, page_id),
        .need = NEED_READ,
    };

    for (int part = 0; part < MAX_PARTS; part++) {
        struct reply reply;
        const char *next;
        bool taken;

        if (!notion_ask(notion, &ask, &reply, err))
            return false;
        taken = take_parts(reply.json, binding, base, arena, items, &next);
        notion_reply_release(&reply);
        if (!taken)
            return err_set(err, ERR_DATA, "%s: Notion's answer is no list", ask.what);
        if (next == NULL)
            return true;
        ask.path = next;
    }
    return err_set(err, ERR_DATA, "%s: Notion's list does not end", ask.what);
}

/* Reads one cut value whole. If the page vanished in the meantime, there is no value: the cut one
 * must not be used. */
static bool
read_whole(struct notion *notion, const char *page_id, const struct binding *binding,
           struct arena *arena, struct value *value, struct err *err)
{
    struct json_object *items = json_new_array();
    struct json_object *entry = json_new_object();
    struct err why;
    bool done = true;

    json_add(entry, binding->type, items);
    *value = (struct value){0};
    if (read_parts(notion, page_id, binding, arena, items, &why))
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
