#include "notion/notion.h"

#include <string.h>

#include "base/utf8.h"
#include "notion/notion_p.h"

/* Far more members than a workspace has. */
#define MAX_PAGES 1000

/* Finds a cached user; true if there is one, even if it has no name. */
static bool
recall(struct notion *notion, const char *id, struct arena *arena, const char **name)
{
    bool found = false;

    pthread_mutex_lock(&notion->lock);
    for (size_t i = 0; i < notion->users.len && !found; i++) {
        found = strcmp(notion->users.items[i].id, id) == 0;
        if (found)
            *name = arena_strdup(arena, notion->users.items[i].name);
    }
    pthread_mutex_unlock(&notion->lock);
    return found;
}

const char *
notion_user_name(struct notion *notion, const char *user_id, struct arena *arena)
{
    char id[NOTION_ID_SIZE];
    const char *name = NULL;
    struct reply reply;
    struct ask ask = {.need = NEED_USERS};

    if (!notion_id_parse(user_id, id) || recall(notion, id, arena, &name))
        return name;
    ask.path = arena_printf(arena, "/v1/users/%s", id);
    ask.what = arena_printf(arena, "reading the user %s", id);
    if (!notion_exchange(notion, &ask, &reply, NULL))
        return NULL;
    /* An integration writes on behalf of others, so its name is not used. */
    if (notion_is_good(&reply) && !json_is(reply.json, "type", "bot"))
        name = arena_strdup(arena, json_string(reply.json, "name"));
    if (name != NULL && *name == '\0')
        name = NULL;
    pthread_mutex_lock(&notion->lock);
    vec_push(&notion->users, (struct user){
                                 .id = arena_strdup(notion->arena, id),
                                 .name = arena_strdup(notion->arena, name),
                             });
    pthread_mutex_unlock(&notion->lock);
    notion_reply_release(&reply);
    return name;
}

/* Whom take_people looks for. */
struct seeking {
    struct notion_person *people;
    size_t n;
    struct arena *arena;
    bool told; /* Notion reported an address */
};

static bool
take_people(void *context, struct json_object *results)
{
    struct seeking *seeking = context;

    for (size_t i = 0; i < json_len(results); i++) {
        struct json_object *user = json_at(results, i);
        const char *email = json_string(json_get(user, "person"), "email");
        char id[NOTION_ID_SIZE];

        if (email == NULL || !notion_id_parse(json_string(user, "id"), id))
            continue;
        seeking->told = true;
        for (size_t k = 0; k < seeking->n; k++)
            if (utf8_casecmp(seeking->people[k].email, email) == 0)
                seeking->people[k].id = arena_strdup(seeking->arena, id);
    }
    return true;
}

bool
notion_find_people(struct notion *notion, struct notion_person *people, size_t n,
                   struct arena *arena, struct err *err)
{
    const struct ask ask = {
        .path = "/v1/users?page_size=100",
        .what = "looking up the e-mail addresses of people_map (user ids need none of this)",
        .need = NEED_USERS};
    struct seeking seeking = {people, n, arena, false};
    bool cut;

    if (!notion_list(notion, &ask, MAX_PAGES, take_people, &seeking, &cut, err))
        return false;
    if (seeking.told)
        return true;
    return err_set(err, ERR_ACCESS,
                   "%s: Notion shows no e-mail addresses; the connection needs the capability "
                   "\"Read user information including email addresses\" (notion.so/developers, the "
                   "connection's Configuration), or people_map user ids",
                   ask.what);
}

bool
notion_read_self(struct notion *notion, struct arena *arena, struct notion_self *self,
                 struct err *err)
{
    const struct ask ask = {
        .path = "/v1/users/me", .what = "asking who the token belongs to", .need = NEED_READ};
    struct json_object *bot;
    const char *name;
    struct reply reply;

    if (!notion_ask(notion, &ask, &reply, err))
        return false;
    bot = json_get(reply.json, "bot");
    name = json_string(reply.json, "name");
    *self = (struct notion_self){
        .name = arena_strdup(arena, name != NULL ? name : ""),
        .workspace = arena_strdup(arena, json_string(bot, "workspace_name")),
        .of_user = json_is(json_get(bot, "owner"), "type", "user"),
    };
    notion_reply_release(&reply);
    return true;
}

bool
notion_may_read_users(struct notion *notion, bool *may, struct err *err)
{
    const struct ask ask = {
        .path = "/v1/users?page_size=1", .what = "listing users", .need = NEED_USERS};
    struct reply reply;
    bool known;

    if (!notion_exchange(notion, &ask, &reply, err))
        return false;
    *may = notion_is_good(&reply);
    known = *may || reply.status == 403 || notion_refused(&ask, &reply, err);
    notion_reply_release(&reply);
    return known;
}
