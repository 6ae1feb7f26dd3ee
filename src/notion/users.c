#include "notion/notion.h"

#include <string.h>

#include "notion/notion_p.h"

/* Finds a remembered user; true where there is one, be it without a name. */
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
    char id[37];
    const char *name = NULL;
    struct reply reply;
    struct ask ask = {.need = NEED_USERS};

    if (!notion_tidy_id(user_id, id) || recall(notion, id, arena, &name))
        return name;
    ask.path = arena_printf(arena, "/v1/users/%s", id);
    ask.what = arena_printf(arena, "reading the user %s", id);
    if (!notion_exchange(notion, &ask, &reply, NULL))
        return NULL;
    if (notion_is_good(&reply))
        name = arena_strdup(arena, json_string(reply.json, "name"));
    if (name != NULL && *name == '\0')
        name = NULL;
    remember(notion, id, name);
    notion_reply_release(&reply);
    return name;
}
