#include "state/cursor.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "model/notion_id.h"
#include "state/record.h"

static void
add_time(struct json_object *json, const char *key, int64_t time)
{
    char text[CLOCK_TEXT_SIZE];

    clock_format(time, text);
    json_add_string(json, key, text);
}

static bool
get_time(struct json_object *json, const char *key, int64_t *time)
{
    const char *text = json_string(json, key);

    return text != NULL && clock_parse(text, time);
}

static struct json_object *
numbers_to_json(const int64_t *numbers, size_t n)
{
    struct json_object *array = json_new_array();

    for (size_t i = 0; i < n; i++)
        json_push(array, json_object_new_int64(numbers[i]));
    return array;
}

static const int64_t *
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

static struct json_object *
rule_to_json(const struct comment_rule *rule)
{
    struct json_object *json = json_add_string(json_new_object(), "marker", rule->marker);

    if (rule->since != 0)
        add_time(json, "since", rule->since);
    return json;
}

char *
cursor_write(struct arena *arena, const struct cursor *cursor)
{
    struct json_object *json = json_new_object();
    struct json_object *pages = json_new_array();
    char *text;

    json_add_int(json, "version", STATE_VERSION);
    json_add_string(json, "database", cursor->database);
    json_add_string(json, "data_source", cursor->data_source);
    add_time(json, "github_since", cursor->github_since);
    add_time(json, "notion_since", cursor->notion_since);
    add_time(json, "last_full", cursor->last_full);
    json_add_string(json, "fingerprint", cursor->fingerprint);
    json_add(json, "again", numbers_to_json(cursor->numbers, cursor->n_numbers));
    for (size_t i = 0; i < cursor->n_pages; i++)
        json_push(pages, json_new_text(cursor->pages[i]));
    json_add(json, "again_pages", pages);
    json_add(json, "comments_due", numbers_to_json(cursor->comments, cursor->n_comments));
    if (cursor->comments_since != 0)
        add_time(json, "comments_since", cursor->comments_since);
    if (cursor->has_comment_rule)
        json_add(json, "page_comments", rule_to_json(&cursor->comment_rule));
    if (cursor->comments_from != 0)
        json_add_int(json, "comments_from", cursor->comments_from);
    text = arena_printf(arena, "%s\n", json_write_pretty(arena, json));
    json_object_put(json);
    return text;
}

static const char *const *
pages_from_json(struct arena *arena, struct json_object *array, size_t *n)
{
    const char **pages = arena_array(arena, json_len(array), sizeof(*pages));

    *n = 0;
    for (size_t i = 0; i < json_len(array); i++)
        if (json_object_is_type(json_at(array, i), json_type_string) &&
            notion_id_is_tidy(json_object_get_string(json_at(array, i))))
            pages[(*n)++] = arena_strdup(arena, json_object_get_string(json_at(array, i)));
    return pages;
}

static void
rule_from_json(struct arena *arena, struct json_object *json, struct cursor *cursor)
{
    cursor->has_comment_rule = json_has(json, "marker");
    cursor->comment_rule.marker = arena_strdup(arena, json_string(json, "marker"));
    if (!get_time(json, "since", &cursor->comment_rule.since))
        cursor->comment_rule.since = 0;
}

static bool
cursor_from_json(struct arena *arena, struct json_object *json, struct cursor *cursor,
                 struct err *err)
{
    const char *database = json_string(json, "database");
    const char *data_source = json_string(json, "data_source");

    if (!state_version_known(json_int(json, "version", 0)))
        return err_set(
            err, ERR_STATE,
            "the state was written by another version of this action (formats 1 to %d are "
            "known): use that version, or delete the state (state_ref) to begin again",
            STATE_VERSION);
    if (database == NULL || !notion_id_is_tidy(database) || data_source == NULL ||
        !notion_id_is_tidy(data_source) || !get_time(json, "github_since", &cursor->github_since) ||
        !get_time(json, "notion_since", &cursor->notion_since) ||
        !get_time(json, "last_full", &cursor->last_full))
        return err_set(err, ERR_DATA, "cursor.json of the state is damaged");
    cursor->outdated = json_int(json, "version", 0) != STATE_VERSION;
    cursor->database = arena_strdup(arena, database);
    cursor->data_source = arena_strdup(arena, data_source);
    cursor->fingerprint = arena_strdup(arena, json_string(json, "fingerprint"));
    cursor->numbers = numbers_from_json(arena, json_array(json, "again"), &cursor->n_numbers);
    cursor->pages = pages_from_json(arena, json_array(json, "again_pages"), &cursor->n_pages);
    cursor->comments =
        numbers_from_json(arena, json_array(json, "comments_due"), &cursor->n_comments);
    if (!get_time(json, "comments_since", &cursor->comments_since))
        cursor->comments_since = 0;
    cursor->comments_from = json_int(json, "comments_from", 0);
    rule_from_json(arena, json_get(json, "page_comments"), cursor);
    return true;
}

bool
cursor_read(struct arena *arena, const char *text, struct cursor *cursor, struct err *err)
{
    struct json_object *json;
    bool ok;

    *cursor = (struct cursor){0};
    if (!json_read(text, strlen(text), &json, NULL))
        return err_set(err, ERR_DATA, "cursor.json of the state is damaged");
    ok = cursor_from_json(arena, json, cursor, err);
    json_object_put(json);
    return ok;
}

/* The services' clocks are not quite one (ms). */
#define CLOCKS_APART ((int64_t)60 * 1000)

bool
cursor_is_ahead(const struct cursor *cursor, int64_t now)
{
    int64_t most = now + CLOCKS_APART;

    return cursor->github_since > most || cursor->notion_since > most || cursor->last_full > most ||
           cursor->comments_since > most || cursor->comment_rule.since > most;
}

char *
lock_write(struct arena *arena, const struct lock *lock)
{
    struct json_object *json = json_new_object();
    char *text;

    json_add_int(json, "version", STATE_VERSION);
    json_add_string(json, "run", lock->run_id);
    json_add_int(json, "attempt", lock->attempt);
    json_add_string(json, "host", lock->host);
    add_time(json, "time", lock->time);
    if (lock->released)
        json_object_object_add(json, "released", json_object_new_boolean(true));
    text = arena_printf(arena, "%s\n", json_write_pretty(arena, json));
    json_object_put(json);
    return text;
}

struct lock
lock_read(struct arena *arena, const char *text)
{
    struct lock lock = {.run_id = "", .host = ""};
    struct json_object *json;

    if (!json_read(text, strlen(text), &json, NULL))
        return lock;
    if (json_string(json, "run") != NULL && get_time(json, "time", &lock.time)) {
        lock.run_id = arena_strdup(arena, json_string(json, "run"));
        lock.attempt = json_int(json, "attempt", 0);
        lock.released = json_flag(json, "released", false);
        if (json_string(json, "host") != NULL)
            lock.host = arena_strdup(arena, json_string(json, "host"));
    }
    json_object_put(json);
    return lock;
}

bool
lock_is_dead(const struct lock *lock, const char *run_id, int64_t attempt, int64_t now)
{
    if (lock->released || now - lock->time > LOCK_LIFE || lock->time - now > CLOCKS_APART)
        return true;
    return strcmp(lock->run_id, run_id) == 0 && lock->attempt < attempt;
}
