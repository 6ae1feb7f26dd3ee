#include "state/conversation.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "model/notion_id.h"

static const char *const side_names[SIDE_COUNT] = {"github", "notion"};

static struct json_object *
carried_to_json(const struct carried *carried, bool words)
{
    struct json_object *json = json_new_object();

    json_add_string(json, "from", side_names[carried->from]);
    json_add_string(json, "id", carried->id);
    json_add(json, "copies", json_new_texts(carried->copies, carried->n_copies));
    json_put_flag(json, "alone", carried->alone);
    return json_add_string(json, "text",
                           words || carried->from == SIDE_GITHUB ? carried->digest : NULL);
}

char *
carried_write(struct arena *arena, int64_t number, const struct carried *carried, size_t n,
              const struct sealing *sealing)
{
    struct json_object *json = json_new_object();
    struct json_object *list = json_new_array();

    for (size_t i = 0; i < n; i++)
        json_push(list, carried_to_json(&carried[i], sealing == NULL || !sealing->words));
    json_add_int(json, "version", STATE_VERSION);
    json_add_int(json, "number", number);
    json_add(json, "comments", list);
    return json_finish_file(arena, json);
}

/* GitHub's are numbers; both go into URLs. */
static bool
id_is_valid(enum side side, const char *id)
{
    if (side == SIDE_NOTION)
        return notion_id_is_tidy(id);
    return *id != '\0' && *id != '0' && strlen(id) < 20 && strspn(id, "0123456789") == strlen(id);
}

static bool
carried_from_json(struct arena *arena, struct json_object *json, struct carried *carried)
{
    const char *from = json_string(json, "from");
    const char *id = json_string(json, "id");
    struct json_object *list = json_array(json, "copies");
    const char **copies = arena_array(arena, json_len(list), sizeof(*copies));
    enum side to;

    if (from == NULL || id == NULL || list == NULL)
        return false;
    carried->from = strcmp(from, side_names[SIDE_NOTION]) == 0 ? SIDE_NOTION : SIDE_GITHUB;
    to = side_other(carried->from);
    if (strcmp(from, side_names[carried->from]) != 0 || !id_is_valid(carried->from, id))
        return false;
    for (size_t i = 0; i < json_len(list); i++) {
        if (json_string_at(list, i) == NULL || !id_is_valid(to, json_string_at(list, i)))
            return false;
        copies[i] = arena_strdup(arena, json_string_at(list, i));
    }
    carried->id = arena_strdup(arena, id);
    carried->copies = copies;
    carried->n_copies = json_len(list);
    carried->alone = json_flag(json, "alone", false);
    carried->digest = json_copy(arena, json, "text");
    return true;
}

bool
carried_read(struct arena *arena, const char *text, int64_t number, const struct carried **carried,
             size_t *n, struct err *err)
{
    struct json_object *json = NULL;
    bool ok = json_read(text, strlen(text), &json, NULL);
    bool known = !ok || state_version_known(json);
    struct json_object *list = json_array(json, "comments");
    struct carried *items = arena_array(arena, json_len(list), sizeof(*items));

    ok = ok && list != NULL && json_int(json, "number", 0) == number;
    for (size_t i = 0; ok && i < json_len(list); i++)
        ok = carried_from_json(arena, json_at(list, i), &items[i]);
    if (ok && known) {
        *carried = items;
        *n = json_len(list);
    }
    json_object_put(json);
    if (!known)
        return err_set(err, ERR_STATE,
                       "the state's comments of #%" PRId64
                       " have an unknown version: use the version of the action that wrote them, "
                       "or delete the state to begin again",
                       number);
    return ok || err_set(err, ERR_DATA, "the state's comments of #%" PRId64 " are damaged", number);
}
