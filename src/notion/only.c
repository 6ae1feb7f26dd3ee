#include "notion/notion.h"

#include <string.h>

#include "notion/notion_p.h"

/* Asks only for the properties of pages that are used, so that a wide board with formulas and
 * rollups costs only as much as its bound columns. Source:
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
