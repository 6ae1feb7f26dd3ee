#include <string.h>

#include "notion/notion.h"
#include "notion/notion_p.h"

bool
notion_read_self(struct notion *notion, struct arena *arena, struct notion_self *self,
                 struct err *err)
{
    const struct ask ask = {
        .path = "/v1/users/me", .what = "asking who the token belongs to", .need = NEED_READ};
    struct json_object *bot;
    const char *name, *owner;
    struct reply reply;

    if (!notion_ask(notion, &ask, &reply, err))
        return false;
    bot = json_get(reply.json, "bot");
    name = json_string(reply.json, "name");
    owner = json_string(json_get(bot, "owner"), "type");
    *self = (struct notion_self){
        .name = arena_strdup(arena, name != NULL ? name : ""),
        .workspace = arena_strdup(arena, json_string(bot, "workspace_name")),
        .of_user = owner != NULL && strcmp(owner, "user") == 0,
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
