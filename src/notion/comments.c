#include <string.h>

#include "base/clock.h"
#include "notion/notion_p.h"

/* Requests of 100 comments each for one page. */
#define MAX_PARTS 100

/* Ids that may appear as the author of what this token wrote. */
struct selves {
    char self[NOTION_ID_SIZE], person[NOTION_ID_SIZE];
};

static bool
read_self(struct notion *notion, struct selves *selves, struct err *err)
{
    const struct ask ask = {
        .path = "/v1/users/me", .what = "reading the connection's own user", .need = NEED_USERS};
    struct reply reply;
    bool ok;

    pthread_mutex_lock(&notion->lock);
    memcpy(selves->self, notion->self, sizeof(notion->self));
    memcpy(selves->person, notion->person, sizeof(notion->person));
    pthread_mutex_unlock(&notion->lock);
    if (selves->self[0] != '\0')
        return true;
    if (!notion_ask(notion, &ask, &reply, err))
        return false;
    if (!notion_id_parse(json_string(json_path(reply.json, "bot", "owner", "user", NULL), "id"),
                         selves->person))
        selves->person[0] = '\0';
    ok = notion_id_parse(json_string(reply.json, "id"), selves->self) ||
         err_set(err, ERR_DATA, "%s: Notion's answer is no user", ask.what);
    notion_reply_release(&reply);
    if (!ok)
        return false;
    pthread_mutex_lock(&notion->lock);
    memcpy(notion->self, selves->self, sizeof(notion->self));
    memcpy(notion->person, selves->person, sizeof(notion->person));
    pthread_mutex_unlock(&notion->lock);
    return true;
}

static struct run
decode_run(struct json_object *item, struct arena *arena)
{
    struct json_object *looks = json_get(item, "annotations");
    const char *formula = json_string(json_get(item, "equation"), "expression");
    const char *text = json_string(item, "plain_text");
    const char *link = json_string(item, "href");

    if (text == NULL)
        text = json_string(json_get(item, "text"), "content");
    if (link == NULL)
        link = json_string(json_path(item, "text", "link", NULL), "url");
    if (formula != NULL)
        text = formula;
    return (struct run){
        .text = arena_strdup(arena, text != NULL ? text : ""),
        .link = arena_strdup(arena, link),
        .bold = json_flag(looks, "bold", false),
        .italic = json_flag(looks, "italic", false),
        .strike = json_flag(looks, "strikethrough", false),
        .code = json_flag(looks, "code", false),
        .math = formula != NULL,
    };
}

/* The text, and a note about what only Notion can show. */
static struct runs
decode_runs(struct json_object *json, struct arena *arena)
{
    struct json_object *items = json_array(json, "rich_text");
    size_t attached = json_len(json_array(json, "attachments"));
    struct run *runs = arena_array(arena, json_len(items) + 1, sizeof(*runs));
    size_t n = json_len(items);

    for (size_t i = 0; i < n; i++)
        runs[i] = decode_run(json_at(items, i), arena);
    if (attached > 0 && n > 0) {
        runs[n].text = arena_printf(arena, "\n\n(%zu attachment%s, to be seen in Notion)", attached,
                                    attached == 1 ? "" : "s");
        n++;
    }
    return (struct runs){runs, n};
}

static bool
decode_comment(struct notion *notion, struct json_object *json, const struct selves *selves,
               struct arena *arena, struct remark *remark)
{
    struct json_object *author = json_get(json, "created_by");
    struct json_object *shown = json_get(json, "display_name");
    const char *created = json_string(json, "created_time");
    const char *edited = json_string(json, "last_edited_time");
    const char *shown_type = json_string(shown, "type");
    uint64_t digest = 0;
    char id[NOTION_ID_SIZE];
    char by[NOTION_ID_SIZE];
    bool own = notion_id_parse(json_string(author, "id"), by) &&
               (strcmp(by, selves->self) == 0 || strcmp(by, selves->person) == 0);
    /* "integration" and "custom" are names of comments that programs made. */
    bool by_program =
        json_is(author, "type", "bot") || (shown_type != NULL && strcmp(shown_type, "user") != 0);
    const char *name;

    *remark = (struct remark){0};
    if (!notion_id_parse(json_string(json, "id"), id) || created == NULL ||
        !clock_parse(created, &remark->created_at))
        return false;
    remark->id = arena_strdup(arena, id);
    remark->thread = arena_strdup(arena, json_string(json, "discussion_id"));
    remark->edited = edited != NULL && strcmp(edited, created) != 0;
    remark->text = decode_runs(json, arena);
    for (size_t i = 0; i < remark->text.len; i++) {
        const struct run *run = &remark->text.items[i];
        const char looks[] = {run->bold ? 'b' : '-', run->italic ? 'i' : '-',
                              run->strike ? 's' : '-', run->code ? 'c' : '-', '\0'};

        digest = digest_add(digest_add(digest, run->text), looks);
        digest = digest_add(digest, run->link != NULL ? run->link : "");
    }
    remark->digest = digest_text(arena, digest);
    if (own && remark->text.len > 0 &&
        !copy_header_read(arena, &remark->text.items[0], &remark->copy_of, &remark->part))
        remark->copy_of = NULL;
    remark->own = own;
    remark->apart =
        remark->copy_of == NULL &&
        (by_program || (own && remark->text.len > 0 && quote_header_is(&remark->text.items[0])));
    remark->author = "";
    if (remark->copy_of != NULL || remark->apart)
        return true;
    name = json_string(shown, "resolved_name");
    if (name == NULL)
        name = json_string(author, "name");
    if (name == NULL && json_string(author, "id") != NULL)
        name = notion_user_name(notion, json_string(author, "id"), arena);
    remark->author = arena_strdup(arena, name != NULL ? name : "");
    return true;
}

/* The result of take_comments. */
struct commenting {
    struct notion *notion;
    const char *page_id;
    struct selves selves;
    struct arena *arena;
    VEC(struct remark) list;
};

static bool
take_comments(void *context, struct json_object *results)
{
    struct commenting *commenting = context;

    for (size_t i = 0; i < json_len(results); i++) {
        struct json_object *parent = json_get(json_at(results, i), "parent");
        char id[NOTION_ID_SIZE];
        struct remark remark;

        /* One on a block belongs to the block. */
        if (parent != NULL && (!notion_id_parse(json_string(parent, "page_id"), id) ||
                               strcmp(id, commenting->page_id) != 0))
            continue;
        if (!decode_comment(commenting->notion, json_at(results, i), &commenting->selves,
                            commenting->arena, &remark))
            return false;
        vec_push(&commenting->list, remark);
    }
    return true;
}

bool
notion_read_comments(struct notion *notion, const char *page_id, struct arena *arena,
                     const struct remark **remarks, size_t *n, struct err *err)
{
    char id[NOTION_ID_SIZE];
    struct commenting c = {.notion = notion, .page_id = id, .arena = arena};
    struct ask ask = {.need = NEED_READ_COMMENTS};
    bool ok = notion_check_id(page_id, id, err) && read_self(notion, &c.selves, err);

    if (ok) {
        ask.path = arena_printf(arena, "/v1/comments?block_id=%s&page_size=100", id);
        ask.what = arena_printf(arena, "reading the comments of the page %s", id);
        ok = notion_list(notion, &ask, MAX_PARTS, take_comments, &c, NULL, err);
    }
    *n = ok ? c.list.len : 0;
    *remarks = ok ? arena_memdup(arena, c.list.items, c.list.len * sizeof(*c.list.items)) : NULL;
    vec_free(&c.list);
    return ok;
}

static struct json_object *
encode_runs(const struct runs *runs)
{
    struct arena *scratch = arena_new();
    struct json_object *items = json_new_array();

    for (size_t i = 0; i < runs->len; i++) {
        const struct run *run = &runs->items[i];
        struct json_object *text = json_new_object();
        struct json_object *item = json_add_string(json_new_object(), "type", "text");
        struct json_object *looks = json_new_object();

        json_add_string(text, "content", notion_clean(scratch, run->text));
        if (run->link != NULL)
            json_add(text, "link", json_add_string(json_new_object(), "url", run->link));
        json_add_bool(looks, "bold", run->bold);
        json_add_bool(looks, "italic", run->italic);
        json_add_bool(looks, "strikethrough", run->strike);
        json_add_bool(looks, "code", run->code);
        json_add(item, "text", text);
        json_push(items, json_add(item, "annotations", looks));
    }
    arena_free(scratch);
    return items;
}

bool
notion_post_comment(struct notion *notion, const char *page_id, const char *thread,
                    const struct runs *text, struct arena *arena, const char **id,
                    const char **in_thread, struct err *err)
{
    struct json_object *body = json_new_object();
    struct reply reply;
    struct ask ask = {
        .method = HTTP_POST,
        .path = "/v1/comments",
        .body = body,
        .what = arena_printf(arena, "commenting on the page %s", page_id),
        .need = NEED_INSERT_COMMENTS,
        .safety = RETRY_LOOK_FIRST,
        .writes = true,
    };
    char tidy[NOTION_ID_SIZE];
    const char *given;
    bool done;

    if (thread != NULL)
        json_add_string(body, "discussion_id", thread);
    else
        json_add(body, "parent", json_add_string(json_new_object(), "page_id", page_id));
    json_add(body, "rich_text", encode_runs(text));
    if (!notion_exchange(notion, &ask, &reply, err))
        return false;
    given = notion_saved(reply.status, reply.json)
                ? json_string(json_get(reply.json, "additional_data"), "committed_resource_id")
                : json_string(reply.json, "id");
    if (!notion_was_done(&reply)) {
        done = notion_refused(&ask, &reply, err);
    } else if (!notion_id_parse(given, tidy)) {
        done = err_set(err, ERR_AMBIGUOUS, "%s: Notion does not say as which comment", ask.what);
    } else {
        *id = arena_strdup(arena, tidy);
        *in_thread = arena_strdup(arena, json_string(reply.json, "discussion_id"));
        done = true;
    }
    notion_reply_release(&reply);
    return done;
}

/* A write to one comment; body is taken. */
static bool
write_comment(struct notion *notion, enum http_method method, const char *id,
              struct json_object *body, const char *does, struct err *err)
{
    struct arena *scratch = arena_new();
    struct reply reply;
    struct ask ask = {
        .method = method,
        .path = arena_printf(scratch, "/v1/comments/%s", id),
        .body = body,
        .what = arena_printf(scratch, "%s the comment %s", does, id),
        .need = NEED_INSERT_COMMENTS,
        .writes = true,
    };
    bool done = notion_exchange(notion, &ask, &reply, err);

    if (done) {
        done = notion_was_done(&reply) || notion_refused(&ask, &reply, err);
        notion_reply_release(&reply);
    }
    arena_free(scratch);
    return done;
}

bool
notion_edit_comment(struct notion *notion, const char *id, const struct runs *text, struct err *err)
{
    struct json_object *body = json_add(json_new_object(), "rich_text", encode_runs(text));

    return write_comment(notion, HTTP_PATCH, id, body, "writing", err);
}

bool
notion_delete_comment(struct notion *notion, const char *id, struct err *err)
{
    struct err why;

    if (write_comment(notion, HTTP_DELETE, id, NULL, "deleting", &why))
        return true;
    return why.kind == ERR_NOT_FOUND || err_set(err, why.kind, "%s", why.text);
}
