#include "base/json.h"

#include <limits.h>
#include <stdarg.h>
#include <string.h>

#include "base/utf8.h"

#define JSON_DEPTH 64

/* What json-c takes for each thing on a 64-bit machine, without the text of strings (bytes). */
#define COST_OBJECT 800
#define COST_ARRAY  160
#define COST_ITEM   112
#define COST_STRING 32

/* What the tree of a document will take, found before a byte of it is allocated: an empty object of
 * two bytes is 800 in json-c. */
static size_t
json_cost(const char *text, size_t length)
{
    size_t cost = COST_ITEM;
    bool quoted = false;

    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"') {
            quoted = !quoted;
            cost += quoted ? COST_STRING : 0;
        } else if (quoted) {
            i += text[i] == '\\';
        } else if (text[i] == '{') {
            cost += COST_OBJECT;
        } else if (text[i] == '[') {
            cost += COST_ARRAY;
        } else if (text[i] == ',') {
            cost += COST_ITEM;
        }
    }
    return cost;
}

bool
json_read(const char *text, size_t length, struct json_object **tree, struct err *err)
{
    return json_read_within(text, length, JSON_COST_MAX, tree, err);
}

bool
json_read_within(const char *text, size_t length, size_t most, struct json_object **tree,
                 struct err *err)
{
    enum json_tokener_error why = json_tokener_error_parse_eof;
    struct json_tokener *tokener;

    *tree = NULL;
    if (json_cost(text, length) > most)
        return err_set(err, ERR_DATA, "JSON of more values than are read");
    tokener = json_tokener_new_ex(JSON_DEPTH);
    if (tokener == NULL)
        mem_exhausted(0);
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    /* json-c takes a NUL for the end and would not look at what follows. */
    if (length < INT_MAX && memchr(text, '\0', length) == NULL) {
        *tree = json_tokener_parse_ex(tokener, text, (int)length);
        why = json_tokener_get_error(tokener);
        /* A bare number ends only at what follows it. */
        if (why == json_tokener_continue && *tree == NULL) {
            *tree = json_tokener_parse_ex(tokener, "", 1);
            why = json_tokener_get_error(tokener);
        }
    }
    json_tokener_free(tokener);
    if (why == json_tokener_success)
        return true;
    json_object_put(*tree);
    *tree = NULL;
    return err_set(err, ERR_DATA, "not JSON (%s)", json_tokener_error_desc(why));
}

struct json_object *
json_get(struct json_object *object, const char *key)
{
    struct json_object *value = NULL;

    if (!json_object_is_type(object, json_type_object))
        return NULL;
    json_object_object_get_ex(object, key, &value);
    return value;
}

struct json_object *
json_path(struct json_object *object, ...)
{
    const char *key;
    va_list args;

    va_start(args, object);
    while (object != NULL && (key = va_arg(args, const char *)) != NULL)
        object = json_get(object, key);
    va_end(args);
    return object;
}

bool
json_has(struct json_object *object, const char *key)
{
    return json_object_is_type(object, json_type_object) &&
           json_object_object_get_ex(object, key, NULL);
}

const char *
json_string(struct json_object *object, const char *key)
{
    struct json_object *value = json_get(object, key);

    return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : NULL;
}

char *
json_copy(struct arena *arena, struct json_object *object, const char *key)
{
    struct json_object *string = json_get(object, key);
    const char *from;
    size_t length;
    char *copy;
    size_t n = 0;

    if (!json_object_is_type(string, json_type_string))
        return NULL;
    from = json_object_get_string(string);
    length = (size_t)json_object_get_string_len(string);
    copy = arena_alloc(arena, length + 1);
    for (size_t i = 0; i < length; i++)
        if (from[i] != '\0')
            copy[n++] = from[i];
    return copy;
}

int64_t
json_int(struct json_object *object, const char *key, int64_t fallback)
{
    struct json_object *value = json_get(object, key);

    return json_object_is_type(value, json_type_int) ? json_object_get_int64(value) : fallback;
}

bool
json_flag(struct json_object *object, const char *key, bool fallback)
{
    struct json_object *value = json_get(object, key);

    return json_object_is_type(value, json_type_boolean) ? json_object_get_boolean(value)
                                                         : fallback;
}

struct json_object *
json_array(struct json_object *object, const char *key)
{
    struct json_object *value = json_get(object, key);

    return json_object_is_type(value, json_type_array) ? value : NULL;
}

size_t
json_len(struct json_object *array)
{
    return json_object_is_type(array, json_type_array) ? json_object_array_length(array) : 0;
}

struct json_object *
json_at(struct json_object *array, size_t i)
{
    return i < json_len(array) ? json_object_array_get_idx(array, i) : NULL;
}

static struct json_object *
json_made(struct json_object *value)
{
    if (value == NULL)
        mem_exhausted(0);
    return value;
}

struct json_object *
json_new_object(void)
{
    return json_made(json_object_new_object());
}

struct json_object *
json_new_array(void)
{
    return json_made(json_object_new_array());
}

static bool
is_utf8(const char *text)
{
    const char *end = text + strlen(text);
    const char *at = text;
    uint32_t point;

    while (utf8_next(&at, end, &point)) {
        if (point == 0xfffd && (at - text < 3 || memcmp(at - 3, "\xef\xbf\xbd", 3) != 0))
            return false;
    }
    return true;
}

struct json_object *
json_new_text(const char *value)
{
    struct json_object *text;
    const char *end;
    uint32_t point;
    size_t size = 0;
    char *clean;

    if (value == NULL)
        return NULL;
    if (is_utf8(value))
        return json_made(json_object_new_string(value));
    end = value + strlen(value);
    clean = mem_alloc((size_t)(end - value) * 3 + 1);
    while (utf8_next(&value, end, &point))
        size += utf8_put(clean + size, point);
    text = json_made(json_object_new_string(clean));
    mem_free(clean);
    return text;
}

struct json_object *
json_add(struct json_object *object, const char *key, struct json_object *value)
{
    if (json_object_object_add(object, key, value) != 0)
        mem_exhausted(0);
    return object;
}

struct json_object *
json_add_string(struct json_object *object, const char *key, const char *value)
{
    return json_add(object, key, json_new_text(value));
}

struct json_object *
json_add_int(struct json_object *object, const char *key, int64_t value)
{
    return json_add(object, key, json_made(json_object_new_int64(value)));
}

struct json_object *
json_add_bool(struct json_object *object, const char *key, bool value)
{
    return json_add(object, key, json_made(json_object_new_boolean(value)));
}

struct json_object *
json_push(struct json_object *array, struct json_object *value)
{
    if (json_object_array_add(array, value) != 0)
        mem_exhausted(0);
    return array;
}

static char *
json_write_as(struct arena *arena, struct json_object *tree, int flags)
{
    const char *text = json_object_to_json_string_ext(tree, flags | JSON_C_TO_STRING_NOSLASHESCAPE);

    if (text == NULL)
        mem_exhausted(0);
    return arena_strdup(arena, text);
}

char *
json_write(struct arena *arena, struct json_object *tree)
{
    return json_write_as(arena, tree, JSON_C_TO_STRING_PLAIN);
}

char *
json_write_pretty(struct arena *arena, struct json_object *tree)
{
    return json_write_as(arena, tree, JSON_C_TO_STRING_PRETTY);
}
