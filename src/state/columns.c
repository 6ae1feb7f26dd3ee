#include "state/columns.h"

#include <string.h>

#include "base/json.h"
#include "state/record.h"

#define NUMBER_KEY "GitHub ID"

static void
add_column(struct json_object *json, const char *key, const struct column *column)
{
    struct json_object *entry;

    if (column->id == NULL)
        return;
    entry = json_new_object();
    json_add_string(entry, "id", column->id);
    json_add_string(entry, "name", column->name);
    if (column->asked != NULL)
        json_add_string(entry, "asked", column->asked);
    if (column->gone)
        json_add_bool(entry, "gone", true);
    json_add(json, key, entry);
}

static void
get_column(struct arena *arena, struct json_object *entry, struct column *column)
{
    if (json_string(entry, "id") == NULL || json_string(entry, "name") == NULL)
        return;
    *column = (struct column){
        .id = arena_strdup(arena, json_string(entry, "id")),
        .name = arena_strdup(arena, json_string(entry, "name")),
        .asked = arena_strdup(arena, json_string(entry, "asked")),
        .gone = json_flag(entry, "gone", false),
    };
}

char *
columns_write(struct arena *arena, const struct columns *columns)
{
    struct json_object *json = json_new_object();
    struct json_object *list = json_new_object();
    char *text;

    json_add_int(json, "version", STATE_VERSION);
    add_column(list, NUMBER_KEY, &columns->number);
    for (enum field f = 0; f < FIELD_COUNT; f++)
        add_column(list, field_table[f].name, &columns->fields[f]);
    json_add(json, "columns", list);
    if (columns->replaced)
        json_add_bool(json, "replaced", true);
    if (columns->compare)
        json_add_bool(json, "compare", true);
    text = arena_printf(arena, "%s\n", json_write_pretty(arena, json));
    json_object_put(json);
    return text;
}

bool
columns_read(struct arena *arena, const char *text, struct columns *columns, struct err *err)
{
    struct json_object *json;
    struct json_object *list;
    bool known;

    *columns = (struct columns){0};
    if (text == NULL || !json_read(text, strlen(text), &json, NULL))
        return true;
    known = state_version_known(json_int(json, "version", 0));
    list = json_get(json, "columns");
    if (known) {
        get_column(arena, json_get(list, NUMBER_KEY), &columns->number);
        for (enum field f = 0; f < FIELD_COUNT; f++)
            get_column(arena, json_get(list, field_table[f].name), &columns->fields[f]);
        columns->replaced = json_flag(json, "replaced", false);
        columns->compare = json_flag(json, "compare", false);
    }
    json_object_put(json);
    return known || err_set(err, ERR_STATE,
                            "the state's " STATE_COLUMNS
                            " has an unknown version: use the version of the action that wrote "
                            "it, or delete the state to start anew");
}
