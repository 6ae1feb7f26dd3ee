#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "notion/notion.h"
#include "notion/notion_p.h"

/* The page after a write, from an answer that says it was done. id: the page, if known. */
static bool
take_written(struct notion *notion, const struct ask *ask, const struct reply *reply,
             const char *id, int64_t asked_at, struct arena *arena, struct page **page,
             struct err *err)
{
    struct json_object *details = json_get(reply->json, "additional_data");
    bool saved = notion_saved(reply->status, reply->json);

    if (saved || json_get(reply->json, "properties") == NULL) {
        /* An answer with a page but without its properties: Notion sends this if the page may not
         * be read, and perhaps in other cases. One of another kind, such as a task, names none. */
        if (id == NULL && saved)
            id = json_string(details, "committed_resource_id");
        else if (id == NULL && json_is(reply->json, "object", "page"))
            id = json_string(reply->json, "id");
        if (id == NULL)
            return err_set(err, ERR_DATA, "%s: Notion saved it, but does not say as which page",
                           ask->what);
        return notion_get_page(notion, id, arena, page, err);
    }
    if (!notion_take_page(notion, reply->json, asked_at, arena, page, err))
        return false;
    (*page)->direct = true;
    return true;
}

bool
notion_create_page(struct notion *notion, const struct page_change *change, struct arena *arena,
                   struct page **page, struct err *err)
{
    int64_t asked_at = clock_now();
    struct json_object *parent = json_new_object();
    struct json_object *body = json_new_object();
    struct reply reply;
    struct err why;
    bool done;
    struct ask ask = {
        .method = HTTP_POST,
        .path = "/v1/pages",
        .body = body,
        .what = arena_printf(arena, "creating the page for #%lld", (long long)change->number),
        .need = NEED_INSERT,
        .safety = RETRY_LOOK_FIRST,
        .writes = true,
    };

    *page = NULL;
    json_add_string(parent, "type", "data_source_id");
    json_add_string(parent, "data_source_id", notion->bound.data_source);
    json_add(body, "parent", parent);
    json_add(body, "properties", notion_encode(&notion->bound, change, arena));
    if (change->markdown != NULL && !notion->no_dialect) {
        json_add_string(body, "markdown", change->markdown);
        json_add_string(body, "markdown_version", NOTION_MARKDOWN);
    }
    if (!notion_exchange_only(notion, &ask, &reply, err))
        return false;
    if (!notion_was_done(&reply)) {
        bool had_dialect = !notion->no_dialect;

        notion_refused(&ask, &reply, err);
        notion_reply_release(&reply);
        return change->markdown != NULL && had_dialect && notion_refuses_dialect(notion, err) &&
               notion_create_page(notion, change, arena, page, err);
    }
    done = take_written(notion, &ask, &reply, NULL, asked_at, arena, page, &why);
    notion_reply_release(&reply);
    /* The page exists even if something is wrong with the answer, so no failure may suggest
     * creating it again. A more general failure shows again when the page is looked up. */
    if (!done)
        err_set(err, ERR_AMBIGUOUS, "%s", why.text);
    return done;
}

bool
notion_update_page(struct notion *notion, const char *id, const struct page_change *change,
                   struct arena *arena, struct page **page, struct err *err)
{
    int64_t asked_at = clock_now();
    char tidy[NOTION_ID_SIZE];
    struct reply reply;
    struct ask ask = {.method = HTTP_PATCH, .need = NEED_UPDATE, .writes = true};
    bool done;

    *page = NULL;
    if (!notion_check_id(id, tidy, err))
        return false;
    ask.path = arena_printf(arena, "/v1/pages/%s", tidy);
    ask.what = arena_printf(arena, "updating the page %s", tidy);
    ask.body = json_new_object();
    json_add(ask.body, "properties", notion_encode(&notion->bound, change, arena));
    if (!notion_exchange_only(notion, &ask, &reply, err))
        return false;
    if (notion_was_done(&reply))
        done = take_written(notion, &ask, &reply, tidy, asked_at, arena, page, err);
    else
        done = notion_refused(&ask, &reply, err);
    notion_reply_release(&reply);
    return done;
}

bool
notion_trash_page(struct notion *notion, const char *id, struct err *err)
{
    struct arena *scratch = arena_new();
    struct ask ask = {.method = HTTP_PATCH, .need = NEED_UPDATE, .writes = true};
    char tidy[NOTION_ID_SIZE];
    struct reply reply;
    struct page *page;
    bool done = notion_check_id(id, tidy, err);

    if (done) {
        ask.path = arena_printf(scratch, "/v1/pages/%s", tidy);
        ask.what = arena_printf(scratch, "moving the page %s to the trash", tidy);
        ask.body = json_add_bool(json_new_object(), "in_trash", true);
        done = notion_exchange(notion, &ask, &reply, err);
    }
    if (done) {
        /* If it could not be moved, it may be gone already. */
        done = notion_was_done(&reply) ||
               (reply.status == 400 && notion_get_page(notion, tidy, scratch, &page, NULL) &&
                page->gone) ||
               notion_refused(&ask, &reply, err);
        notion_reply_release(&reply);
    }
    arena_free(scratch);
    return done;
}

/* The existing option's name: one that is exactly the same, otherwise one that differs in case. */
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
    const struct property_type *type = binding_type(binding);
    struct json_object *encoded;

    if (type->encode == NULL || type->kind != value->kind)
        return;
    encoded = type->encode(value, arena);
    name_known(binding, encoded);
    for (size_t k = 0; k < json_len(encoded); k++)
        name_known(binding, json_at(encoded, k));
    json_add(properties, binding->id, json_add(json_new_object(), binding->type, encoded));
}

struct json_object *
notion_encode(const struct bound *bound, const struct page_change *change, struct arena *arena)
{
    struct json_object *properties = json_new_object();

    FIELD_EACH(field, change->values.has)
    if (bound->fields[field].id != NULL)
        encode_field(properties, &bound->fields[field], value_of(&change->values, field), arena);
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
