#include "notion/notion.h"

#include <string.h>

#include "base/buf.h"
#include "notion/notion_p.h"

/* Lists the data sources to choose from; only by their ids if names must not be shown. */
static bool
fail_several(const struct notion *notion, struct json_object *sources, const char *input,
             struct err *err)
{
    struct buf list;

    buf_init(&list, 700);
    for (size_t i = 0; i < json_len(sources); i++) {
        const char *name = json_string(json_at(sources, i), "name");
        const char *id = json_string(json_at(sources, i), "id");

        if (id == NULL)
            id = "";
        if (notion->hides)
            buf_printf(&list, "%s%.36s", i > 0 ? ", " : "", id);
        else
            buf_printf(&list, "%s%.80s (%.36s)", i > 0 ? ", " : "", name != NULL ? name : "", id);
    }
    err_set(err, ERR_INPUT,
            "the database has %zu data sources; set %s to the id of one of them: %s",
            json_len(sources), input, buf_text(&list));
    buf_release(&list);
    return false;
}

/* Chooses the only data source of a database. */
static bool
take_database(const struct notion *notion, struct json_object *database, const char *input,
              char data_source[NOTION_ID_SIZE], struct err *err)
{
    struct json_object *sources = json_array(database, "data_sources");

    if (notion_in_trash(database))
        return notion_trashed(err);
    if (sources == NULL)
        return notion_no_content("finding the database", err);
    if (json_len(sources) == 0)
        return err_set(
            err, ERR_INPUT,
            "the database has no data source of its own; if it is a linked view, give "
            "the id of the database that it shows, shared with the connection (integration)");
    if (json_len(sources) > 1)
        return fail_several(notion, sources, input, err);
    return notion_check_id(json_string(json_at(sources, 0), "id"), data_source, err);
}

static const char a_page[] = "is no database but a page";
static const char a_block[] = "is no database but a block of a page";

/* The id names neither a database nor a data source: says what else, as far as it can be seen. */
static bool
fail_unknown(struct notion *notion, const char *id, bool is_page, struct err *err)
{
    struct arena *scratch = arena_new();
    const struct ask ask = {.path = arena_printf(scratch, "/v1/blocks/%s", id),
                            .what = "looking what the id names",
                            .need = NEED_READ};
    const char *kind = is_page ? a_page : NULL;
    const char *whose = "";
    struct notion_self self;
    struct reply reply;

    if (!is_page && notion_ask(notion, &ask, &reply, NULL)) {
        if (json_string(reply.json, "type") != NULL)
            kind = json_is(reply.json, "type", "child_page") ? a_page : a_block;
        notion_reply_release(&reply);
    }
    if (kind != NULL) {
        arena_free(scratch);
        return err_set(err, ERR_INPUT,
                       "%s %s; open the database itself as a full page in Notion and copy its link",
                       id, kind);
    }

    /* Often it is the right id with the wrong token: databases of other workspaces are never
     * visible. */
    if (!notion->hides && notion_read_self(notion, scratch, &self, NULL) && self.workspace != NULL)
        whose = arena_printf(scratch, "; the token is that of \"%.60s\" in the workspace \"%.60s\"",
                             self.name, self.workspace);
    err_set(
        err, ERR_NOT_FOUND,
        "Notion knows no database %s, or it is not shared with the connection (integration): "
        "open the database in Notion, ••• → Connections, and add the connection; check too that "
        "the id is the database's, not that of a page or view%s",
        id, whose);
    arena_free(scratch);
    return false;
}

bool
notion_resolve(struct notion *notion, const char *id, const char *input,
               char data_source[NOTION_ID_SIZE], struct err *err)
{
    static const char *const whats[] = {"finding the database", "finding the data source"};
    static const char *const paths[] = {"/v1/databases/%s", "/v1/data_sources/%s"};
    struct arena *scratch = arena_new();
    char tidy[NOTION_ID_SIZE];
    bool done = notion_check_id(id, tidy, err);
    bool goes_on = done;
    bool is_page = false;

    for (int i = 0; goes_on && i < 2; i++) {
        struct ask ask = {.what = whats[i], .need = NEED_READ};
        const char *message;
        struct reply reply;

        ask.path = arena_printf(scratch, paths[i], tidy);
        done = notion_exchange(notion, &ask, &reply, err);
        if (!done)
            break;
        /* Whether there is no such object of this kind; the refusal may mention a page. */
        goes_on = (reply.status == 404 && json_is(reply.json, "code", "object_not_found")) ||
                  (reply.status == 400 && json_is(reply.json, "code", "validation_error"));
        message = reply.status == 400 ? json_string(reply.json, "message") : NULL;
        is_page = is_page || (message != NULL && strcasestr(message, "is a page") != NULL);
        if (!goes_on && !notion_is_good(&reply))
            done = notion_refused(&ask, &reply, err);
        else if (!goes_on && i == 0)
            done = take_database(notion, reply.json, input, data_source, err);
        else if (!goes_on && notion_in_trash(reply.json))
            done = notion_trashed(err);
        else if (!goes_on)
            done = notion_check_id(json_string(reply.json, "id"), data_source, err);
        notion_reply_release(&reply);
    }
    arena_free(scratch);
    /* Two refusals: neither a database nor a data source. */
    return done && goes_on ? fail_unknown(notion, tidy, is_page, err) : done;
}
