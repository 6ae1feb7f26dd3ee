#include "webhook/event.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/seal.h"

#define TOKEN_MIN 32
/* Limit for the tree of an event. The largest that Notion documents take some hundred KiB. */
#define COST_MAX ((size_t)8 << 20)

/* Events that lead to a pass. Locking a page changes nothing that a pass compares. */
static const struct {
    const char *entity, *changes; /* words between spaces */
} heeded[] = {
    {"page", " created properties_updated content_updated moved deleted undeleted "},
    {"data_source", " created content_updated schema_updated moved deleted undeleted "},
    {"database", " created content_updated schema_updated moved deleted undeleted "},
    {"comment", " created updated deleted "},
};

static bool
is_heeded(struct arena *arena, const char *type)
{
    size_t length = strcspn(type, ".");
    const char *change = arena_printf(arena, " %s ", type[length] != '\0' ? type + length + 1 : "");

    for (size_t i = 0; i < sizeof(heeded) / sizeof(heeded[0]); i++)
        if (strncmp(type, heeded[i].entity, length) == 0 && heeded[i].entity[length] == '\0')
            return strlen(change) > 2 && strstr(heeded[i].changes, change) != NULL;
    return false;
}

static bool
is_plain(const char *text, size_t size)
{
    size_t length = text != NULL ? strlen(text) : 0;

    if (length == 0 || length >= size)
        return false;
    for (; *text != '\0'; text++)
        if (*text <= ' ' || *text > '~')
            return false;
    return true;
}

static bool
is_own(struct json_object *json, const char *own)
{
    struct json_object *authors = json_array(json, "authors");

    if (own == NULL || json_len(authors) == 0)
        return false;
    for (size_t i = 0; i < json_len(authors); i++) {
        const char *id = json_string(json_at(authors, i), "id");
        char read[NOTION_ID_SIZE];

        if (id == NULL || !notion_id_parse(id, read) || strcmp(read, own) != 0)
            return false;
    }
    return true;
}

static void
add_source(struct event *event, const char *text)
{
    char id[NOTION_ID_SIZE];

    if (text == NULL || event->n_sources == EVENT_SOURCES_MAX || !notion_id_parse(text, id))
        return;
    memcpy(event->sources[event->n_sources++], id, sizeof(id));
}

static void
add_page(struct event *event, const char **pages, const char *text, struct arena *arena)
{
    char id[NOTION_ID_SIZE];

    if (text == NULL || event->n_pages == EVENT_PAGES_MAX || !notion_id_parse(text, id))
        return;
    for (size_t i = 0; i < event->n_pages; i++)
        if (strcmp(pages[i], id) == 0)
            return;
    pages[event->n_pages++] = arena_strdup(arena, id);
}

static void
read_pages(struct json_object *json, struct arena *arena, struct event *event)
{
    struct json_object *entity = json_get(json, "entity");
    struct json_object *data = json_get(json, "data");
    struct json_object *blocks = json_array(data, "updated_blocks");
    size_t most = 3 + json_len(blocks);
    const char **pages =
        arena_array(arena, most < EVENT_PAGES_MAX ? most : EVENT_PAGES_MAX, sizeof(*pages));

    event->pages = pages;
    if (json_is(entity, "type", "page"))
        add_page(event, pages, json_string(entity, "id"), arena);
    if (json_is(entity, "type", "comment")) {
        event->from_comment = true;
        add_page(event, pages, json_string(data, "page_id"), arena);
        if (json_is(json_get(data, "parent"), "type", "page"))
            add_page(event, pages, json_string(json_get(data, "parent"), "id"), arena);
    }
    for (size_t i = 0; i < json_len(blocks) && event->n_pages < EVENT_PAGES_MAX; i++)
        if (json_is(json_at(blocks, i), "type", "page"))
            add_page(event, pages, json_string(json_at(blocks, i), "id"), arena);
}

static bool
read_envelope(struct json_object *json, const char *own, struct arena *arena, struct event *event,
              struct err *err)
{
    const char *id = json_string(json, "id");
    const char *type = json_string(json, "type");
    struct json_object *entity = json_get(json, "entity");
    struct json_object *parent = json_path(json, "data", "parent", NULL);

    if (!is_plain(id, EVENT_ID_SIZE) || !is_plain(type, EVENT_TYPE_SIZE))
        return err_set(err, ERR_DATA, "neither a handshake nor an event: id or type is missing");
    event->id = arena_strdup(arena, id);
    event->type = arena_strdup(arena, type);
    event->kind = EVENT_IGNORED;
    if (!is_heeded(arena, type))
        return true;
    event->kind = is_own(json, own) ? EVENT_OWN : EVENT_HEEDED;
    /* A page or comment names its parent; a page in a database also the data source. */
    if (json_is(entity, "type", "data_source") || json_is(entity, "type", "database"))
        add_source(event, json_string(entity, "id"));
    add_source(event, json_string(parent, "data_source_id"));
    if (json_is(parent, "type", "data_source") || json_is(parent, "type", "database"))
        add_source(event, json_string(parent, "id"));
    read_pages(json, arena, event);
    return true;
}

static bool
is_token(const char *text)
{
    static const char prefix[] = "secret_";
    size_t length;

    if (strncmp(text, prefix, sizeof(prefix) - 1) != 0 || strlen(text) >= EVENT_TOKEN_SIZE)
        return false;
    text += sizeof(prefix) - 1;
    length = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
    return text[length] == '\0' && length >= TOKEN_MIN;
}

bool
event_read(const char *body, size_t length, const char *own, struct arena *arena,
           struct event *event, struct err *err)
{
    struct json_object *json = NULL;
    const char *token;
    bool ok = true;

    *event = (struct event){0};
    if (!json_read_within(body, length, COST_MAX, &json, err))
        return false;
    token = json_string(json, "verification_token");
    event->kind = EVENT_HANDSHAKE;
    if (token == NULL || json_has(json, "id"))
        ok = read_envelope(json, own, arena, event, err);
    else if (!is_token(token))
        ok = err_set(err, ERR_DATA, "the verification token is not of Notion's form");
    else
        event->token = arena_strdup(arena, token);
    json_object_put(json);
    return ok;
}

#define SCHEME "sha256="

bool
signature_well_formed(const char *header)
{
    size_t digits;

    if (header == NULL || strncmp(header, SCHEME, strlen(SCHEME)) != 0)
        return false;
    header += strlen(SCHEME);
    digits = strspn(header, "0123456789abcdefABCDEF");
    return digits == SEAL_SIZE - 1 && header[digits] == '\0';
}

bool
signature_valid(const char *header, const void *body, size_t length, const char *secret)
{
    char given[SEAL_SIZE - 1];
    char computed[SEAL_SIZE];

    if (!signature_well_formed(header))
        return false;
    for (size_t i = 0; i < sizeof(given); i++)
        given[i] = (char)tolower((unsigned char)header[strlen(SCHEME) + i]);
    seal_bytes(secret, strlen(secret), body, length, computed);
    return seal_same(given, computed, sizeof(given));
}

size_t
route_repository(struct routes *routes, const char *repository)
{
    for (size_t i = 0; i < routes->n_repositories; i++)
        if (strcasecmp(routes->repositories[i], repository) == 0)
            return i;
    routes->repositories[routes->n_repositories] = repository;
    return routes->n_repositories++;
}

static size_t
add_target(size_t *targets, size_t n, size_t target)
{
    for (size_t i = 0; i < n; i++)
        if (targets[i] == target)
            return n;
    targets[n] = target;
    return n + 1;
}

size_t
route_event(const struct routes *routes, const struct event *event, size_t *targets)
{
    size_t n = 0;

    for (size_t i = 0; i < routes->n_items; i++)
        for (size_t k = 0; k < event->n_sources; k++)
            if (strcmp(event->sources[k], routes->items[i].source) == 0)
                n = add_target(targets, n, routes->items[i].target);
    if (n > 0)
        return n;
    if (event->n_sources == 0 && event->n_pages > 0 && event->from_comment &&
        routes->n_repositories <= ROUTE_EVERYWHERE_MAX)
        for (size_t i = 0; i < routes->n_repositories; i++)
            n = add_target(targets, n, i);
    if (n == 0 && routes->has_rest)
        targets[n++] = routes->rest;
    return n;
}
