#include "notion/notion.h"

#include <ctype.h>
#include <stdlib.h>

#include "notion/notion_p.h"

/* Plans allow 3 or 10 requests a second: more parallel requests would only wait for each other. */
#define IN_FLIGHT  6
#define MAX_ANSWER ((size_t)64 << 20)

struct notion *
notion_new(struct http *http, const char *api_url, const char *token, struct err *err)
{
    static const char *const headers[] = {
        "Notion-Version: 2026-03-11",
        "Content-Type: application/json",
        "Accept: application/json",
        NULL,
    };
    struct arena *arena = arena_new();
    struct http_service_config config = {
        .name = "Notion",
        .base_url = api_url,
        .authorization = arena_printf(arena, "Bearer %s", token),
        .headers = headers,
        .max_in_flight = IN_FLIGHT,
        .classify = notion_classify,
    };
    struct http_service *service = http_service_new(http, &config, err);
    struct notion *notion;

    arena_free(arena);
    if (service == NULL)
        return NULL;
    notion = mem_alloc(sizeof(*notion));
    notion->service = service;
    notion->arena = arena_new();
    pthread_mutex_init(&notion->lock, NULL);
    return notion;
}

void
notion_free(struct notion *notion)
{
    if (notion == NULL)
        return;
    vec_free(&notion->users);
    vec_free(&notion->bound.former);
    pthread_mutex_destroy(&notion->lock);
    arena_free(notion->arena);
    free(notion);
}

struct http_service *
notion_service(struct notion *notion)
{
    return notion->service;
}

static struct binding
binding_copy(struct arena *arena, const struct binding *from)
{
    struct option *options = arena_array(arena, from->n_options, sizeof(*options));
    struct binding copy = *from;

    for (size_t i = 0; i < from->n_options; i++)
        options[i] =
            (struct option){arena_strdup(arena, from->options[i].name), from->options[i].group,
                            arena_strdup(arena, from->options[i].color)};
    copy.id = arena_strdup(arena, from->id);
    copy.name = arena_strdup(arena, from->name);
    copy.type = arena_strdup(arena, from->type);
    copy.options = options;
    return copy;
}

void
notion_bind(struct notion *notion, const char *data_source, const struct binding fields[FIELD_ROOM],
            const struct binding *github_id)
{
    struct bound *bound = &notion->bound;
    bool by_name = bound->by_name;
    bool shows_all = bound->shows_all;

    vec_free(&bound->former);
    *bound = (struct bound){.by_name = by_name, .shows_all = shows_all};
    if (!notion_id_parse(data_source, bound->data_source))
        bound->data_source[0] = '\0';
    for (enum field field = 0; field < FIELD_ROOM; field++)
        bound->fields[field] = binding_copy(notion->arena, &fields[field]);
    if (github_id != NULL)
        bound->github_id = binding_copy(notion->arena, github_id);
}

void
notion_bind_task(struct notion *notion, const struct binding *task)
{
    notion->bound.task = binding_copy(notion->arena, task);
}

void
notion_bind_repository(struct notion *notion, const char *name, bool queryable)
{
    notion->bound.repository = arena_strdup(notion->arena, name);
    notion->bound.repository_queryable = queryable;
}

void
notion_also_repository(struct notion *notion, const char *name)
{
    const char *copy = arena_strdup(notion->arena, name);

    vec_push(&notion->bound.former, copy);
}

void
notion_hide_quotes(struct notion *notion, bool hides)
{
    notion->hides = hides;
}

bool
notion_exchange(struct notion *notion, const struct ask *ask, struct reply *reply, struct err *err)
{
    struct arena *scratch = arena_new();
    struct http_answer answer;
    struct http_request request = {
        .method = ask->method,
        .path = ask->path,
        .body = ask->body != NULL ? json_write(scratch, ask->body) : NULL,
        .what = ask->what,
        .safety = ask->safety,
        .writes = ask->writes,
        .max_answer = MAX_ANSWER,
    };
    bool answered = http_call(notion->service, &request, &answer, err);

    json_object_put(ask->body);
    *reply = (struct reply){0};
    if (!answered) {
        arena_free(scratch);
        return false;
    }
    reply->status = answer.status;
    if (!json_read(answer.body.data, answer.body.len, &reply->json, NULL) ||
        !json_object_is_type(reply->json, json_type_object)) {
        json_object_put(reply->json);
        reply->json = NULL;
    }
    if (notion->hides && !notion_is_good(reply) && json_string(reply->json, "message") != NULL)
        json_add_string(reply->json, "message",
                        notion_unquoted(json_string(reply->json, "message"), scratch));
    arena_free(scratch);
    http_answer_release(&answer);
    return true;
}

bool
notion_ask(struct notion *notion, const struct ask *ask, struct reply *reply, struct err *err)
{
    if (!notion_exchange(notion, ask, reply, err))
        return false;
    if (notion_is_good(reply) && reply->json != NULL)
        return true;
    notion_refused(ask, reply, err);
    notion_reply_release(reply);
    return false;
}

bool
notion_list(struct notion *notion, const struct ask *ask, size_t most,
            bool (*take)(void *context, struct json_object *results), void *context, bool *cut,
            struct err *err)
{
    struct arena *scratch = arena_new();
    struct ask next = *ask;
    const char *cursor = "";
    bool ok = true;

    for (size_t part = 0; ok && cursor != NULL && part < most; part++) {
        struct json_object *results;
        struct reply reply;

        json_object_get(ask->body);
        ok = notion_ask(notion, &next, &reply, err);
        if (!ok)
            break;
        results = json_array(reply.json, "results");
        ok = (results != NULL && take(context, results) &&
              notion_next_cursor(reply.json, &cursor)) ||
             err_set(err, ERR_DATA, "%s: Notion's answer is no list", ask->what);
        if (ok && cursor != NULL && ask->body != NULL)
            json_add_string(ask->body, "start_cursor", cursor);
        else if (ok && cursor != NULL)
            next.path = arena_printf(scratch, "%s&start_cursor=%s", ask->path,
                                     url_encode(scratch, cursor, "%"));
        cursor = arena_strdup(scratch, cursor);
        notion_reply_release(&reply);
    }
    json_object_put(ask->body);
    if (cut != NULL)
        *cut = ok && cursor != NULL;
    else if (ok && cursor != NULL)
        ok = err_set(err, ERR_DATA, "%s: Notion's list does not end", ask->what);
    arena_free(scratch);
    return ok;
}

bool
notion_is_good(const struct reply *reply)
{
    return reply->status >= 200 && reply->status < 300;
}

bool
notion_was_done(const struct reply *reply)
{
    return notion_is_good(reply) || notion_saved(reply->status, reply->json);
}

bool
notion_next_cursor(struct json_object *answer, const char **cursor)
{
    const char *next = json_string(answer, "next_cursor");
    bool more = json_flag(answer, "has_more", next != NULL);

    *cursor = more ? next : NULL;
    return !more || next != NULL;
}

void
notion_reply_release(struct reply *reply)
{
    json_object_put(reply->json);
    *reply = (struct reply){0};
}

bool
notion_check_id(const char *text, char id[NOTION_ID_SIZE], struct err *err)
{
    if (notion_id_parse(text, id))
        return true;
    return err_set(err, ERR_DATA, "\"%.60s\" is not an id of Notion", text != NULL ? text : "");
}
