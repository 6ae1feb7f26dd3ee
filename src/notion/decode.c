#include "notion/notion.h"

#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "model/issue_url.h"
#include "notion/notion_p.h"

#define CUT_AT 25

/* Every whole number below is exact in JSON's doubles. */
#define NUMBER_LIMIT (INT64_C(1) << 53)

/* Whether entry shows a value of the bound type, which may be null. */
static bool
has_type(const struct binding *binding, struct json_object *entry)
{
    const char *type = json_string(entry, "type");

    return json_has(entry, binding->type) && (type == NULL || strcmp(type, binding->type) == 0);
}

struct value
notion_decode_value(const struct binding *binding, struct json_object *entry, struct arena *arena)
{
    const struct property_type *type;
    struct value value;

    if (binding->type == NULL)
        return (struct value){0};
    type = binding_type(binding);
    /* The value of a property in all pages right after it was added. */
    if (binding->id == NULL)
        return type->kind == VALUE_SET ? value_set(NULL, 0) : value_text("");
    if (type->decode == NULL || !has_type(binding, entry))
        return (struct value){0};
    value = type->decode(arena, json_get(entry, binding->type));
    if (binding->lanes != NULL && value.kind == VALUE_TEXT)
        value = value_text(arena_strdup(arena, status_lane(binding->lanes, value.text)));
    return value;
}

bool
notion_is_cut(const struct binding *binding, struct json_object *entry)
{
    return binding->id != NULL && binding_type(binding)->is_list && has_type(binding, entry) &&
           (json_flag(entry, "has_more", false) ||
            json_len(json_get(entry, binding->type)) >= CUT_AT);
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
        if (json_is(entry, "id", binding->id))
            return entry;
    }
    return NULL;
}

/* A page whose GitHub ID cannot be read must not look like one without a GitHub ID: that would get
 * an issue. */
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
decode_is_elsewhere(const struct bound *bound, struct json_object *json)
{
    const char *parent = json_string(json_get(json, "parent"), "data_source_id");
    char id[NOTION_ID_SIZE];

    return bound->data_source[0] != '\0' && parent != NULL && notion_id_parse(parent, id) &&
           strcmp(id, bound->data_source) != 0;
}

/* GitHub ignores case in the names of owners and repositories. */
static bool
is_repository(const struct bound *bound, const char *name)
{
    if (utf8_casecmp(name, bound->repository) == 0)
        return true;
    for (size_t i = 0; i < bound->former.len; i++)
        if (utf8_casecmp(name, bound->former.items[i]) == 0)
            return true;
    return false;
}

bool
notion_is_repository(const struct notion *notion, const char *name)
{
    return notion->bound.repository != NULL && is_repository(&notion->bound, name);
}

static const char *
decode_member(struct arena *arena, struct json_object *object, const char *key)
{
    struct json_object *string = json_get(object, key);

    return json_object_is_type(string, json_type_string) ? notion_string(arena, string) : "";
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
    struct json_object *parent = json_get(json, "parent");
    struct value all[FIELD_ROOM];
    struct json_object *task;
    const char *repository, *url;
    int64_t number;
    struct page *page;
    char id[NOTION_ID_SIZE];

    if (!notion_id_parse(json_string(json, "id"), id))
        return NULL;
    page = arena_alloc(arena, sizeof(*page));
    page->id = arena_strdup(arena, id);
    page->url = decode_member(arena, json, "url");
    page->number = decode_number(&bound->github_id, notion_entry(json, &bound->github_id));
    task = notion_entry(json, &bound->task);
    if (bound->task.id != NULL && has_type(&bound->task, task))
        page->task = json_int(json_get(task, bound->task.type), "number", 0);
    page->unread = bound->github_id.id != NULL && notion_entry(json, &bound->github_id) == NULL;
    for (enum field field = 0; field < FIELD_ROOM; field++)
        all[field] = notion_decode_value(&bound->fields[field],
                                         notion_entry(json, &bound->fields[field]), arena);
    page->values = values_pack(all, FIELD_ROOM, arena);
    page->created_at = decode_time(json, "created_time");
    page->edited_at = decode_time(json, "last_edited_time");
    page->edited_by = decode_member(arena, json_get(json, "last_edited_by"), "id");
    page->created_by = decode_member(arena, json_get(json, "created_by"), "id");
    page->elsewhere = decode_is_elsewhere(bound, json);
    page->gone = notion_in_trash(json) || page->elsewhere;
    /* The older form names the database, which says nothing about the data source. */
    if (bound->data_source[0] != '\0' && json_string(parent, "data_source_id") == NULL)
        page->gone = page->gone || json_is(parent, "type", "page_id") ||
                     json_is(parent, "type", "block_id") || json_is(parent, "type", "workspace");
    page->archived = !page->gone && json_flag(json, "is_archived", false);
    repository = value_text_of(&page->values, FIELD_REPOSITORY);
    page->foreign = bound->repository != NULL && repository != NULL && *repository != '\0' &&
                    !is_repository(bound, repository);
    /* Which repository's issue the page shows. */
    url = value_text_of(&page->values, FIELD_URL);
    if (bound->repository != NULL && !page->foreign && url != NULL &&
        issue_url_read(arena, url, &repository, &number)) {
        page->foreign = page->foreign_by_url = !is_repository(bound, repository);
        page->named = page->foreign ? 0 : number;
    }
    return page;
}
