#include "state/cursor.h"

#include <string.h>

#include "base/json.h"
#include "model/notion_id.h"
#include "state/record.h"

static struct json_object *
blocked_to_json(const struct cursor *cursor)
{
    struct json_object *pairs = json_new_array();

    for (size_t i = 0; i < cursor->n_blocked; i++) {
        const int64_t pair[] = {cursor->blocked[i].number, cursor->blocked[i].blockers};

        json_push(pairs, numbers_to_json(pair, 2));
    }
    return pairs;
}

static void
blocked_from_json(struct arena *arena, struct json_object *pairs, struct cursor *cursor)
{
    struct blocked *blocked = arena_array(arena, json_len(pairs), sizeof(*blocked));

    for (size_t i = 0; i < json_len(pairs); i++) {
        struct json_object *pair = json_at(pairs, i);

        if (json_len(pair) == 2)
            blocked[cursor->n_blocked++] = (struct blocked){
                json_object_get_int64(json_at(pair, 0)), json_object_get_int64(json_at(pair, 1))};
    }
    cursor->blocked = blocked;
}

static struct json_object *
links_to_json(const struct cursor *cursor)
{
    struct json_object *pairs = json_new_array();

    for (size_t i = 0; i < cursor->n_links; i++) {
        const int64_t pair[] = {cursor->links[i].pull, cursor->links[i].other};

        json_push(pairs, numbers_to_json(pair, 2));
    }
    return pairs;
}

static void
links_from_json(struct arena *arena, struct json_object *pairs, struct cursor *cursor)
{
    struct pull_link *links = arena_array(arena, json_len(pairs), sizeof(*links));

    for (size_t i = 0; i < json_len(pairs); i++) {
        struct json_object *pair = json_at(pairs, i);
        int64_t pull = json_object_get_int64(json_at(pair, 0));
        int64_t other = json_object_get_int64(json_at(pair, 1));

        if (pull > 0 && other != 0 && other != INT64_MIN)
            links[cursor->n_links++] = (struct pull_link){pull, other};
    }
    cursor->links = links;
}

char *
cursor_write(struct arena *arena, const struct cursor *cursor)
{
    struct json_object *json = json_new_object();

    json_add_int(json, "version", STATE_VERSION);
    json_add_string(json, "database", cursor->database);
    json_add_string(json, "data_source", cursor->data_source);
    json_add_time(json, "github_since", cursor->github_watermark);
    json_add_time(json, "notion_since", cursor->notion_watermark);
    json_add_time(json, "last_full", cursor->last_full);
    json_add_string(json, "fingerprint", cursor->fingerprint);
    json_add(json, "again", numbers_to_json(cursor->numbers, cursor->n_numbers));
    json_add(json, "again_pages", json_new_texts(cursor->pages, cursor->n_pages));
    json_add(json, "comments_due", numbers_to_json(cursor->comments, cursor->n_comments));
    json_put_time(json, "comments_since", cursor->comments_since);
    if (cursor->has_comment_rule) {
        struct json_object *rule =
            json_add_string(json_new_object(), "marker", cursor->comment_rule.marker);

        json_put_time(rule, "since", cursor->comment_rule.since);
        json_add(json, "page_comments", rule);
    }
    json_put_int(json, "comments_from", cursor->comments_from);
    if (cursor->n_blocked > 0)
        json_add(json, "blockers", blocked_to_json(cursor));
    if (cursor->n_links > 0)
        json_add(json, "pull_links", links_to_json(cursor));
    return json_finish_file(arena, json);
}

static const char *const *
pages_from_json(struct arena *arena, struct json_object *array, size_t *n)
{
    const char **pages = arena_array(arena, json_len(array), sizeof(*pages));

    *n = 0;
    for (size_t i = 0; i < json_len(array); i++)
        if (json_string_at(array, i) != NULL && notion_id_is_tidy(json_string_at(array, i)))
            pages[(*n)++] = arena_strdup(arena, json_string_at(array, i));
    return pages;
}

static bool
cursor_from_json(struct arena *arena, struct json_object *json, struct cursor *cursor,
                 struct err *err)
{
    const char *database = json_string(json, "database");
    const char *data_source = json_string(json, "data_source");
    struct json_object *rule = json_get(json, "page_comments");

    if (!state_version_known(json))
        return err_set(
            err, ERR_STATE,
            "the state was written by another version of this action (formats 1 to %d are "
            "known): use that version, or delete the state (state_ref) to begin again",
            STATE_VERSION);
    if (database == NULL || !notion_id_is_tidy(database) || data_source == NULL ||
        !notion_id_is_tidy(data_source) ||
        !json_time(json, "github_since", &cursor->github_watermark) ||
        !json_time(json, "notion_since", &cursor->notion_watermark) ||
        !json_time(json, "last_full", &cursor->last_full))
        return err_set(err, ERR_DATA, "cursor.json of the state is damaged");
    cursor->outdated = json_int(json, "version", 0) != STATE_VERSION;
    cursor->database = arena_strdup(arena, database);
    cursor->data_source = arena_strdup(arena, data_source);
    cursor->fingerprint = json_copy(arena, json, "fingerprint");
    cursor->numbers = numbers_from_json(arena, json_array(json, "again"), &cursor->n_numbers);
    cursor->pages = pages_from_json(arena, json_array(json, "again_pages"), &cursor->n_pages);
    cursor->comments =
        numbers_from_json(arena, json_array(json, "comments_due"), &cursor->n_comments);
    (void)!json_time(json, "comments_since", &cursor->comments_since);
    cursor->comments_from = json_int(json, "comments_from", 0);
    blocked_from_json(arena, json_array(json, "blockers"), cursor);
    links_from_json(arena, json_array(json, "pull_links"), cursor);
    cursor->has_comment_rule = json_has(rule, "marker");
    cursor->comment_rule.marker = json_copy(arena, rule, "marker");
    (void)!json_time(rule, "since", &cursor->comment_rule.since);
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

int64_t
cursor_blockers(const struct cursor *cursor, int64_t number)
{
    for (size_t i = 0; i < cursor->n_blocked; i++)
        if (cursor->blocked[i].number == number)
            return cursor->blocked[i].blockers;
    return -1;
}

/* The services' clocks differ slightly (ms). */
#define CLOCKS_APART ((int64_t)60 * 1000)

bool
cursor_is_ahead(const struct cursor *cursor, int64_t now)
{
    int64_t most = now + CLOCKS_APART;

    return cursor->github_watermark > most || cursor->notion_watermark > most ||
           cursor->last_full > most || cursor->comments_since > most ||
           cursor->comment_rule.since > most;
}

char *
lease_write(struct arena *arena, const struct lease *lock)
{
    struct json_object *json = json_new_object();

    json_add_int(json, "version", STATE_VERSION);
    json_add_string(json, "run", lock->run_id);
    json_add_int(json, "attempt", lock->attempt);
    json_add_string(json, "host", lock->host);
    json_add_time(json, "time", lock->time);
    json_put_flag(json, "released", lock->released);
    return json_finish_file(arena, json);
}

struct lease
lease_read(struct arena *arena, const char *text)
{
    struct lease lock = {.run_id = "", .host = ""};
    struct json_object *json;

    if (!json_read(text, strlen(text), &json, NULL))
        return lock;
    if (json_string(json, "run") != NULL && json_time(json, "time", &lock.time)) {
        lock.run_id = json_copy(arena, json, "run");
        lock.attempt = json_int(json, "attempt", 0);
        lock.released = json_flag(json, "released", false);
        if (json_string(json, "host") != NULL)
            lock.host = json_copy(arena, json, "host");
    }
    json_object_put(json);
    return lock;
}

bool
lease_is_dead(const struct lease *lock, const char *run_id, int64_t attempt, int64_t now)
{
    if (lock->released || now - lock->time > LEASE_LIFE || lock->time - now > CLOCKS_APART)
        return true;
    return strcmp(lock->run_id, run_id) == 0 && lock->attempt < attempt;
}

/* Nobody ever made more in one minute. */
#define COUNT_MAX 10000

char *
limits_write(struct arena *arena, const struct made *made, size_t n)
{
    struct json_object *json = json_new_object();
    struct json_object *minutes = json_new_array();

    for (size_t i = 0; i < n; i++) {
        struct json_object *minute = json_add_time(json_new_object(), "minute", made[i].minute);

        json_push(minutes, json_add_int(minute, "count", made[i].count));
    }
    json_add_int(json, "version", STATE_VERSION);
    json_add(json, "made", minutes);
    return json_finish_file(arena, json);
}

size_t
limits_read(const char *text, struct made made[MADE_MINUTES])
{
    struct json_object *json;
    struct json_object *minutes;
    size_t n = 0;

    if (text == NULL || !json_read(text, strlen(text), &json, NULL))
        return 0;
    minutes = json_array(json, "made");
    for (size_t i = 0; i < json_len(minutes) && n < MADE_MINUTES; i++) {
        int64_t count = json_int(json_at(minutes, i), "count", 0);

        if (json_time(json_at(minutes, i), "minute", &made[n].minute) && count > 0 &&
            count <= COUNT_MAX)
            made[n++].count = (int)count;
    }
    json_object_put(json);
    return n;
}
