#include "state/record.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "model/notion_id.h"
#include "model/sealed.h"

bool
state_version_known(struct json_object *file)
{
    int64_t version = json_int(file, "version", 0);

    return version >= 1 && version <= STATE_VERSION;
}

struct json_object *
numbers_to_json(const int64_t *numbers, size_t n)
{
    struct json_object *array = json_new_array();

    for (size_t i = 0; i < n; i++)
        json_push(array, json_object_new_int64(numbers[i]));
    return array;
}

const int64_t *
numbers_from_json(struct arena *arena, struct json_object *array, size_t *n)
{
    int64_t *numbers = arena_array(arena, json_len(array), sizeof(*numbers));

    *n = 0;
    for (size_t i = 0; i < json_len(array); i++)
        if (json_object_is_type(json_at(array, i), json_type_int) &&
            json_object_get_int64(json_at(array, i)) > 0)
            numbers[(*n)++] = json_object_get_int64(json_at(array, i));
    return numbers;
}

char *
state_path(struct arena *arena, const char *folder, int64_t number)
{
    return arena_printf(arena, "%s/%" PRId64 "/%" PRId64 ".json", folder, number / STATE_PER_FOLDER,
                        number);
}

char *
state_page_path(struct arena *arena, const char *page_id)
{
    return arena_printf(arena, "pages/%.2s/%s.json", page_id, page_id);
}

char *
state_path_of(struct arena *arena, const struct record *record)
{
    return record->number > 0 ? state_record_path(arena, record->number)
                              : state_page_path(arena, record->page_id);
}

/* Reads a positive decimal number without leading zeros, and the text that must follow it. */
static bool
path_number(const char **path, const char *follows, int64_t *number)
{
    char *end;

    if (**path < '0' || **path > '9' || ((*path)[0] == '0' && (*path)[1] != *follows))
        return false;
    errno = 0;
    *number = strtoll(*path, &end, 10);
    if (errno != 0 || strncmp(end, follows, strlen(follows)) != 0)
        return false;
    *path = end + strlen(follows);
    return true;
}

int64_t
state_number(const char *path, const char *folder_name)
{
    size_t length = strlen(folder_name);
    int64_t folder, number;

    if (strncmp(path, folder_name, length) != 0 || path[length] != '/')
        return 0;
    path += length + 1;
    if (!path_number(&path, "/", &folder) || !path_number(&path, ".json", &number) || *path != '\0')
        return 0;
    return folder == number / STATE_PER_FOLDER ? number : 0;
}

/* What writing a file needs. */
struct record_writer {
    const struct sealing *sealing;
    struct arena *arena;
    int64_t number;
    bool sealed; /* something was sealed */
};

static struct json_object *
text_to_json(struct record_writer *to, enum side side, enum field field, const char *text)
{
    bool told =
        side == SIDE_NOTION || (to->sealing->both && field != FIELD_STATUS && field != FIELD_BODY);

    /* Runs that list records never reach those of pages alone. These are sealed from the start. */
    if (told && (to->number < 0 || field_set_has(to->sealing->sealed, field)))
        text = sealing_text(to->sealing, to->number, field, text, to->arena);
    to->sealed = to->sealed || sealed_is(text);
    return sealing_to_json(text);
}

static struct json_object *
value_to_json(struct record_writer *to, enum side side, enum field field, const struct value *value)
{
    struct json_object *array;

    if (value->kind == VALUE_TEXT)
        return text_to_json(to, side, field, value->text);
    array = json_new_array();
    for (size_t i = 0; i < value->len; i++)
        json_push(array, text_to_json(to, side, field, value->items[i]));
    return array;
}

/* What reading a file needs. */
struct record_reader {
    const struct fields *fields;
    struct arena *arena;
    bool same_key; /* its digests can be compared */
};

static bool
value_from_json(const struct record_reader *from, struct json_object *json, enum field field,
                struct values *values)
{
    const char **items;
    size_t len = json_len(json);

    if (!from->fields->items[field].is_set &&
        !(from->fields->items[field].set_by_column && json_object_is_type(json, json_type_array))) {
        const char *text = sealing_from_json(json, from->same_key, from->arena);

        if (text != NULL)
            values_put(values, field, value_text(text), from->arena);
        return text != NULL;
    }
    if (!json_object_is_type(json, json_type_array))
        return false;
    items = arena_array(from->arena, len, sizeof(*items));
    for (size_t i = 0; i < len; i++) {
        items[i] = sealing_from_json(json_at(json, i), from->same_key, from->arena);
        if (items[i] == NULL)
            return false;
    }
    values_put(values, field, value_set(items, len), from->arena);
    return true;
}

static const char *const side_keys[SIDE_COUNT] = {"github", "notion"};

/* The values of the field on the sides that have one. */
static struct json_object *
sides_to_json(struct record_writer *to, enum field field, const struct values *values)
{
    struct json_object *both = json_new_object();

    for (enum side s = 0; s < SIDE_COUNT; s++)
        if (field_set_has(values[s].has, field))
            json_add(both, side_keys[s], value_to_json(to, s, field, value_of(&values[s], field)));
    return both;
}

static struct json_object *
fields_to_json(struct record_writer *to, const struct record *record)
{
    struct json_object *json = json_new_object();

    FIELD_EACH(f, field_set_and(record->base[SIDE_GITHUB].has, record->base[SIDE_NOTION].has))
    {
        struct json_object *both = sides_to_json(to, f, record->base);

        json_put_string(both, "property", record_property(record, f));
        json_add(json, fields_key(to->sealing->fields, f), both);
    }
    return json;
}

static int64_t
get_time(struct json_object *json, const char *key)
{
    int64_t time;

    (void)!json_time(json, key, &time);
    return time;
}

static void
stage_to_json(struct json_object *json, enum stage stage)
{
    json_put_string(json, "stage", stage != STAGE_UNKNOWN ? stage_name(stage) : NULL);
}

/* An unknown one counts as not remembered. */
static enum stage
stage_from_json(struct json_object *json)
{
    const char *name = json_string(json, "stage");

    return name != NULL ? stage_by_name(name) : STAGE_UNKNOWN;
}

static struct json_object *
intent_to_json(struct record_writer *to, const struct intent *intent)
{
    struct json_object *json = json_new_object();
    struct json_object *fields = json_new_object();

    json_put_string(json, "page", intent->page_id);
    json_put_time(json, "issue_updated", intent->issue_updated);
    json_put_time(json, "state_changed", intent->issue_state_changed);
    json_put_time(json, "page_edited", intent->page_edited);
    json_put_flag(json, "page_minute_open", intent->page_minute_open);
    stage_to_json(json, intent->stage);
    FIELD_EACH(f, intent->fields)
    {
        struct json_object *writes = json_new_array();
        struct json_object *field = json_add(json_new_object(), "writes", writes);

        for (enum side s = 0; s < SIDE_COUNT; s++)
            if (field_set_has(intent->writes[s], f))
                json_push(writes, json_new_text(side_keys[s]));
        json_add(field, "holds", sides_to_json(to, f, intent->holds));
        json_add(field, "had", sides_to_json(to, f, intent->had));
        json_add(fields, fields_key(to->sealing->fields, f), field);
    }
    return json_add(json, "fields", fields);
}

static bool
sides_from_json(const struct record_reader *from, struct json_object *json, enum field field,
                struct values values[SIDE_COUNT])
{
    for (enum side s = 0; s < SIDE_COUNT; s++)
        if (json_get(json, side_keys[s]) != NULL &&
            !value_from_json(from, json_get(json, side_keys[s]), field, &values[s]))
            return false;
    return true;
}

static bool
intent_from_json(const struct record_reader *from, struct json_object *json, struct intent *intent)
{
    const char *page = json_string(json, "page");

    *intent = (struct intent){.page_id = arena_strdup(from->arena, page),
                              .issue_updated = get_time(json, "issue_updated"),
                              .issue_state_changed = get_time(json, "state_changed"),
                              .page_edited = get_time(json, "page_edited"),
                              .page_minute_open = json_flag(json, "page_minute_open", false),
                              .stage = stage_from_json(json)};
    if (page != NULL && !notion_id_is_tidy(page))
        return false;
    FIELD_EACH(f, from->fields->based)
    {
        struct json_object *field = json_get(json_get(json, "fields"), fields_key(from->fields, f));
        struct json_object *writes = json_array(field, "writes");

        if (field == NULL)
            continue;
        field_set_add(&intent->fields, f);
        for (size_t i = 0; i < json_len(writes); i++)
            for (enum side s = 0; s < SIDE_COUNT; s++)
                if (json_string_at(writes, i) != NULL &&
                    strcmp(json_string_at(writes, i), side_keys[s]) == 0)
                    field_set_add(&intent->writes[s], f);
        if (!sides_from_json(from, json_get(field, "holds"), f, intent->holds) ||
            !sides_from_json(from, json_get(field, "had"), f, intent->had))
            return false;
    }
    return true;
}

static bool
intents_from_json(const struct record_reader *from, struct json_object *list, struct record *record)
{
    struct intent *intents = arena_array(from->arena, json_len(list), sizeof(*intents));

    for (size_t i = 0; i < json_len(list); i++)
        if (!intent_from_json(from, json_at(list, i), &intents[i]))
            return false;
    record->intents = intents;
    record->n_intents = (unsigned)json_len(list);
    return true;
}

static struct json_object *
body_to_json(struct record_writer *to, const struct record *record)
{
    const struct body_record *body = &record->body;
    struct json_object *json = json_new_object();
    struct json_object *left = json_new_object();

    json_add_time(json, "read", body->read_at);
    json_put_string(json, "by", body->read_by);
    for (enum side s = 0; s < SIDE_COUNT; s++) {
        if (record->cut[s])
            json_add_string(json, "cut", side_keys[s]);
        if (body->left[SIDE_GITHUB] != NULL && body->left[s] != NULL)
            json_add(left, side_keys[s], text_to_json(to, s, FIELD_BODY, body->left[s]));
    }
    json_put(json, "left", left);
    return json;
}

static void
body_from_json(const struct record_reader *from, struct json_object *json, struct record *record)
{
    struct body_record *body = &record->body;
    const char *cut = json_string(json, "cut");

    body->read_at = get_time(json, "read");
    body->read_by = json_copy(from->arena, json, "by");
    for (enum side s = 0; s < SIDE_COUNT; s++) {
        record->cut[s] = cut != NULL && strcmp(cut, side_keys[s]) == 0;
        body->left[s] = sealing_from_json(json_get(json_get(json, "left"), side_keys[s]),
                                          from->same_key, from->arena);
    }
}

char *
record_write(struct arena *arena, const struct record *record, const struct sealing *sealing)
{
    struct json_object *json = json_new_object();
    struct json_object *intents = json_new_array();
    const struct pull_record *pulls = record_pulls(record);
    struct record_writer to = {.sealing = sealing, .arena = arena, .number = record->number};

    json_add_int(json, "version", STATE_VERSION);
    json_add_int(json, "number", record->number);
    json_add_string(json, "kind", record->is_pull ? "pull_request" : "issue");
    json_put_string(json, "page", record->page_id);
    json_put_flag(json, "ended", record->tombstone);
    json_put_flag(json, "issue_gone", record->tombstone && record->issue_gone);
    json_put_int(json, "link_comment", record->link_comment);
    json_put_string(json, "key", record->key);
    json_put_time(json, "linked", record->linked_at);
    json_put_time(json, "told", record->told);
    json_put_string(json, "column", record->column);
    json_put_time(json, "page_edited", record->page_edited);
    if (record->open_option != NULL)
        json_add(json, "open_option",
                 text_to_json(&to, SIDE_NOTION, FIELD_STATUS, record->open_option));
    json_put_string(json, "head", pulls->head);
    json_put_string(json, "base_branch", pulls->base_branch);
    stage_to_json(json, pulls->stage);
    json_put(json, "pulls", numbers_to_json(pulls->numbers, pulls->n_numbers));
    json_put_time(json, "state_seen", record->state_seen);
    json_put_time(json, "asked", record->asked);
    json_put_string(json, "tried_head", pulls->tried_head);
    json_put_string(json, "tried_state", pulls->tried_state);
    if (record->body.read_at != 0)
        json_add(json, "body", body_to_json(&to, record));
    for (size_t i = 0; i < record->n_intents; i++)
        json_push(intents, intent_to_json(&to, &record->intents[i]));
    json_put(json, "intents", intents);
    json_add(json, "fields", fields_to_json(&to, record));
    if (to.sealed)
        sealing_add_key(sealing, json);
    return json_finish_file(arena, json);
}

static bool
fields_from_json(const struct record_reader *from, struct json_object *json, struct record *record)
{
    FIELD_EACH(f, from->fields->based)
    {
        struct json_object *both = json_get(json, fields_key(from->fields, f));
        const char *property = json_string(both, "property");

        if (both == NULL)
            continue;
        for (enum side s = 0; s < SIDE_COUNT; s++)
            if (!value_from_json(from, json_get(both, side_keys[s]), f, &record->base[s]))
                return false;
        if (property != NULL)
            record_put_property(record, f, arena_strdup(from->arena, property), from->arena);
    }
    return true;
}

static void
pulls_from_json(struct json_object *json, struct pull_record *pulls, struct arena *arena)
{
    size_t n;

    pulls->head = json_copy(arena, json, "head");
    pulls->base_branch = json_copy(arena, json, "base_branch");
    pulls->tried_head = json_copy(arena, json, "tried_head");
    pulls->tried_state = json_copy(arena, json, "tried_state");
    pulls->stage = stage_from_json(json);
    pulls->numbers = numbers_from_json(arena, json_array(json, "pulls"), &n);
    pulls->n_numbers = (unsigned)n;
}

static bool
record_from_json(struct arena *arena, struct json_object *json, int64_t number,
                 const struct sealing *sealing, struct record *record, struct err *err)
{
    const struct record_reader from = {sealing->fields, arena, sealing_is_key(sealing, json)};
    const char *page = json_string(json, "page");

    if (!state_version_known(json))
        return err_set(err, ERR_STATE,
                       "the state's record of #%" PRId64
                       " has an unknown version: use the version of the "
                       "action that wrote it, or delete the state to begin again",
                       number);
    /* Only intents need no page. */
    if (json_int(json, "number", 0) != number ||
        !intents_from_json(&from, json_array(json, "intents"), record) ||
        (page == NULL ? record->n_intents == 0 : !notion_id_is_tidy(page)) ||
        !fields_from_json(&from, json_get(json, "fields"), record))
        return err_set(err, ERR_DATA, "the state's record of #%" PRId64 " is damaged", number);
    record->number = number;
    record->page_id = arena_strdup(arena, page);
    record->is_pull =
        json_string(json, "kind") != NULL && strcmp(json_string(json, "kind"), "pull_request") == 0;
    record->tombstone = json_flag(json, "ended", false);
    record->issue_gone = record->tombstone && json_flag(json, "issue_gone", false);
    record->link_comment = json_int(json, "link_comment", 0);
    record->key = json_copy(arena, json, "key");
    record->linked_at = get_time(json, "linked");
    record->told = get_time(json, "told");
    record->column = json_copy(arena, json, "column");
    record->page_edited = get_time(json, "page_edited");
    record->open_option = sealing_from_json(json_get(json, "open_option"), from.same_key, arena);
    pulls_from_json(json, record_own_pulls(record, arena), arena);
    record->state_seen = get_time(json, "state_seen");
    record->asked = get_time(json, "asked");
    body_from_json(&from, json_get(json, "body"), record);
    return true;
}

bool
record_read(struct arena *arena, const char *text, int64_t number, const struct sealing *sealing,
            struct record **record, struct err *err)
{
    struct json_object *json;
    bool ok;

    *record = arena_alloc(arena, sizeof(**record));
    if (!json_read(text, strlen(text), &json, NULL))
        return err_set(err, ERR_DATA, "the state's record of #%" PRId64 " is damaged", number);
    ok = record_from_json(arena, json, number, sealing, *record, err);
    json_object_put(json);
    return ok;
}

char *
record_without_words(struct arena *arena, const char *text, int64_t number,
                     const struct sealing *sealing)
{
    struct sealing most = *sealing;
    struct record *record;

    most.both = true;
    most.sealed = field_set_or(sealing->fields->sealed, sealing->sealed);
    return record_read(arena, text, number, sealing, &record, NULL)
               ? record_write(arena, record, &most)
               : NULL;
}

char *
bodies_write(struct arena *arena, int64_t number, const struct base_texts *texts,
             const struct sealing *sealing)
{
    bool secret = field_set_has(sealing->sealed, FIELD_BODY);
    struct json_object *json = json_new_object();
    struct json_object *next = json_new_object();

    json_add_int(json, "version", STATE_VERSION);
    json_add_int(json, "number", number);
    for (enum side s = 0; s < SIDE_COUNT; s++) {
        if (secret && s == SIDE_NOTION)
            continue;
        json_put_string(json, side_keys[s], texts->base[s]);
        json_put_string(next, side_keys[s], texts->next[s]);
    }
    json_put(json, "next", next);
    return json_finish_file(arena, json);
}

struct base_texts
bodies_read(struct arena *arena, const char *text, int64_t number)
{
    struct base_texts texts = {{NULL}, {NULL}};
    struct json_object *json;

    if (text == NULL || !json_read(text, strlen(text), &json, NULL))
        return texts;
    if (state_version_known(json) && json_int(json, "number", 0) == number)
        for (enum side s = 0; s < SIDE_COUNT; s++) {
            texts.base[s] = json_copy(arena, json, side_keys[s]);
            texts.next[s] = json_copy(arena, json_get(json, "next"), side_keys[s]);
        }
    json_object_put(json);
    return texts;
}

char *
page_note_write(struct arena *arena, int64_t number)
{
    return arena_printf(arena, "{\"number\":%" PRId64 "}\n", number);
}

int64_t
page_note_read(const char *text)
{
    struct json_object *json;
    int64_t number;

    if (text == NULL || !json_read(text, strlen(text), &json, NULL))
        return 0;
    number = json_int(json, "number", 0);
    json_object_put(json);
    return number > 0 ? number : 0;
}
