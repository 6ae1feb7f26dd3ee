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

static void
remember(struct notion *notion, const char *id, const char *name)
{
    pthread_mutex_lock(&notion->lock);
    vec_push(&notion->users, (struct user){
                                 .id = arena_strdup(notion->arena, id),
                                 .name = arena_strdup(notion->arena, name),
                             });
    pthread_mutex_unlock(&notion->lock);
}

const char *
notion_user_name(struct notion *notion, const char *user_id, struct arena *arena)
{
    char id[NOTION_ID_SIZE];
    const char *name = NULL;
    const char *type;
    struct reply reply;
    struct ask ask = {.need = NEED_USERS};

    if (!notion_id_parse(user_id, id) || recall(notion, id, arena, &name))
        return name;
    ask.path = arena_printf(arena, "/v1/users/%s", id);
    ask.what = arena_printf(arena, "reading the user %s", id);
    if (!notion_exchange(notion, &ask, &reply, NULL))
        return NULL;
    if (notion_is_good(&reply))
        name = arena_strdup(arena, json_string(reply.json, "name"));
    type = notion_is_good(&reply) ? json_string(reply.json, "type") : NULL;
    /* An integration writes on behalf of others, so its name is not used. */
    if (name != NULL && (*name == '\0' || (type != NULL && strcmp(type, "bot") == 0)))
        name = NULL;
    remember(notion, id, name);
    notion_reply_release(&reply);
    return name;
}

/* Returns whether Notion reported any address at all. */
static bool
match_people(struct json_object *results, struct notion_person *people, size_t n,
             struct arena *arena)
{
    bool told = false;

    for (size_t i = 0; i < json_len(results); i++) {
        struct json_object *user = json_at(results, i);
        const char *email = json_string(json_get(user, "person"), "email");
        char id[NOTION_ID_SIZE];

        if (email == NULL || !notion_id_parse(json_string(user, "id"), id))
            continue;
        told = true;
        for (size_t k = 0; k < n; k++)
            if (utf8_casecmp(people[k].email, email) == 0)
                people[k].id = arena_strdup(arena, id);
    }
    return told;
}

bool
notion_find_people(struct notion *notion, struct notion_person *people, size_t n,
                   struct arena *arena, struct err *err)
{
    struct ask ask = {
        .path = "/v1/users?page_size=100",
        .what = "looking up the e-mail addresses of people_map (user ids need none of this)",
        .need = NEED_USERS};
    bool told = false;

    for (int page = 0; ask.path != NULL && page < MAX_PAGES; page++) {
        struct reply reply;
        const char *cursor;
        bool goes_on;

        if (!notion_ask(notion, &ask, &reply, err))
            return false;
        told = match_people(json_array(reply.json, "results"), people, n, arena) || told;
        goes_on = notion_next_cursor(reply.json, &cursor);
        ask.path = cursor != NULL ? arena_printf(arena, "/v1/users?page_size=100&start_cursor=%s",
                                                 url_encode(arena, cursor, "%"))
                                  : NULL;
        notion_reply_release(&reply);
        if (!goes_on)
            return err_set(err, ERR_DATA, "%s: Notion's list has more, but no cursor to it",
                           ask.what);
    }
    if (told)
        return true;
    return err_set(err, ERR_ACCESS,
                   "%s: Notion shows no e-mail addresses; the connection needs the capability "
                   "\"Read user information including email addresses\" (notion.so/developers, the "
                   "connection's Configuration), or people_map user ids",
                   ask.what);
}
