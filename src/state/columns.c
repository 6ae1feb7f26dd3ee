#include "state/columns.h"

#include <string.h>

#include "base/json.h"
#include "state/record.h"

#define NUMBER_KEY "GitHub ID"

const char *
column_digest(const struct sealing *sealing, const char *name, struct arena *arena)
{
    return sealing_text(sealing, 0, FIELD_TITLE, name, arena);
}

static void
add_name(struct json_object *entry, const char *key, const char *name,
         const struct sealing *sealing, struct arena *arena)
{
    json_add(entry, key,
             sealing_to_json(sealing->words ? column_digest(sealing, name, arena) : name));
}

static void
add_column(struct json_object *json, const char *key, const struct column *column,
           const struct sealing *sealing, struct arena *arena)
{
    struct json_object *entry;

    if (column->id == NULL)
        return;
    entry = json_new_object();
    json_add_string(entry, "id", column->id);
    add_name(entry, "name", column->name, sealing, arena);
    if (column->asked != NULL)
        add_name(entry, "asked", column->asked, sealing, arena);
    json_put_flag(entry, "gone", column->gone);
    json_add(json, key, entry);
}

static void
get_column(struct arena *arena, struct json_object *entry, bool same_key, struct column *column)
{
    const char *name = sealing_from_json(json_get(entry, "name"), same_key, arena);

    if (json_string(entry, "id") == NULL || name == NULL)
        return;
    *column = (struct column){
        .id = json_copy(arena, entry, "id"),
        .name = name,
        .asked = sealing_from_json(json_get(entry, "asked"), same_key, arena),
        .gone = json_flag(entry, "gone", false),
    };
}

#define WORDS_NAME "columns"

static void
get_sealed(struct json_object *json, struct columns *columns, const struct fields *fields)
{
    struct json_object *list = json_array(json, "sealed");

    for (size_t i = 0; i < json_len(list); i++) {
        const char *name = json_string_at(list, i) != NULL ? json_string_at(list, i) : "";
        enum field field = fields_of_key(fields, name);

        if (field != FIELD_NONE)
            field_set_add(&columns->sealed, field);
        columns->words = columns->words || strcmp(name, WORDS_NAME) == 0;
    }
    (void)!json_time(json, "restarted", &columns->restarted);
}

char *
columns_write(struct arena *arena, const struct columns *columns, const struct sealing *sealing)
{
    struct json_object *json = json_new_object();
    struct json_object *list = json_new_object();
    struct json_object *sealed = json_new_array();
    const struct fields *fields = sealing->fields;

    json_add_int(json, "version", STATE_VERSION);
    add_column(list, NUMBER_KEY, &columns->number, sealing, arena);
    for (enum field f = 0; f < fields->n; f++)
        add_column(list, fields_key(fields, f), &columns->fields[f], sealing, arena);
    json_add(json, "columns", list);
    json_put_flag(json, "replaced", columns->replaced);
    json_put_flag(json, "compare", columns->compare);
    json_put_flag(json, "no_comments", columns->no_comments);
    json_put_flag(json, "no_closed", columns->no_closed);
    json_put_flag(json, "no_open", columns->no_open);
    FIELD_EACH(f, columns->sealed)
    json_push(sealed, json_new_text(fields_key(fields, f)));
    if (columns->words)
        json_push(sealed, json_new_text(WORDS_NAME));
    json_put(json, "sealed", sealed);
    json_put_time(json, "restarted", columns->restarted);
    if (!field_set_is_empty(columns->sealed) || columns->words)
        sealing_add_key(sealing, json);
    return json_finish_file(arena, json);
}

bool
columns_read(struct arena *arena, const char *text, const struct sealing *sealing,
             struct columns *columns, struct err *err)
{
    struct json_object *json;
    struct json_object *list;
    const struct fields *fields = sealing->fields;
    bool known;

    *columns = (struct columns){0};
    if (text == NULL || !json_read(text, strlen(text), &json, NULL))
        return true;
    known = state_version_known(json);
    list = json_get(json, "columns");
    if (known) {
        bool same_key = sealing_is_key(sealing, json);

        get_column(arena, json_get(list, NUMBER_KEY), same_key, &columns->number);
        for (enum field f = 0; f < fields->n; f++)
            get_column(arena, json_get(list, fields_key(fields, f)), same_key, &columns->fields[f]);
        get_sealed(json, columns, fields);
        columns->replaced = json_flag(json, "replaced", false);
        columns->compare = json_flag(json, "compare", false);
        columns->no_comments = json_flag(json, "no_comments", false);
        columns->no_closed = json_flag(json, "no_closed", false);
        columns->no_open = json_flag(json, "no_open", false);
    }
    json_object_put(json);
    return known || err_set(err, ERR_STATE,
                            "the state's " STATE_COLUMNS
                            " has an unknown version: use the version of the action that wrote "
                            "it, or delete the state to begin again");
}
