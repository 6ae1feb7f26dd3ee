#include "base/json.h"

#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>

#include "base/clock.h"
#include "base/decimal.h"
#include "base/utf8.h"

/* Whole numbers below are exact as doubles. */
#define WHOLE_MAX  9007199254740992.0
#define JSON_DEPTH 64
#define JSON_SPACE " \t\r\n"

/* What json-c allocates for each thing on a 64-bit machine, without the text of strings (bytes). */
#define COST_OBJECT 800
#define COST_ARRAY  160
#define COST_ITEM   112
#define COST_STRING 32

/* What the survey finds out about a document before json-c allocates a byte for it. */
struct survey {
    size_t cost;   /* what its tree will allocate: an empty object of two bytes is 800 in json-c */
    size_t n_wide; /* integers that int64_t does not hold */
    size_t n_nuls; /* in strings */
    char last;     /* first character of the last token, ignoring white space */
};

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_word(const char *token, size_t size, const char *word)
{
    return size == strlen(word) && memcmp(token, word, size) == 0;
}

static size_t
string_size(const char *text, size_t length)
{
    for (size_t i = 1; i < length; i++) {
        if (text[i] == '"')
            return i + 1;
        i += text[i] == '\\';
    }
    return length;
}

/* The size of the string, number or word at the start of text; 1 for anything else. */
static size_t
token_size(const char *text, size_t length)
{
    size_t size = 1;

    if (*text == '"')
        return string_size(text, length);
    if (strchr("-0123456789", *text) != NULL)
        while (size < length && strchr("0123456789.eE+-", text[size]) != NULL)
            size++;
    else if (is_letter(*text))
        while (size < length && is_letter(text[size]))
            size++;
    return size;
}

/* The next NUL of a string, as JSON escapes it; NULL if there is none. */
static const char *
next_nul(const char *at, const char *end)
{
    while ((at = memchr(at, '\\', (size_t)(end - at))) != NULL) {
        if (end - at >= 6 && memcmp(at, "\\u0000", 6) == 0)
            return at;
        at = end - at >= 2 ? at + 2 : end;
    }
    return NULL;
}

static bool
is_wide(const char *number, size_t size)
{
    const char *limit = *number == '-' ? "9223372036854775808" : "9223372036854775807";
    size_t sign = *number == '-';

    for (size_t i = sign; i < size; i++)
        if (number[i] < '0' || number[i] > '9')
            return false;
    return size - sign > 19 || (size - sign == 19 && memcmp(number + sign, limit, 19) > 0);
}

/* False for what json-c would accept: comments and single quotes (which could mislead the
 * survey), a comma at the end, a leading zero, a number without its last digits, words such as NaN
 * and TRUE. */
static bool
survey_token(struct survey *survey, const char *token, size_t size)
{
    size_t sign = *token == '-';

    switch (*token) {
    case '"':
        survey->cost += COST_STRING;
        for (const char *at = token; (at = next_nul(at, token + size)) != NULL; at += 6)
            survey->n_nuls++;
        break;
    case '{':
        survey->cost += COST_OBJECT;
        break;
    case '[':
        survey->cost += COST_ARRAY;
        break;
    case ',':
        survey->cost += COST_ITEM;
        break;
    case '}':
    case ']':
        return survey->last != ',';
    case '/':
    case '\'':
        return false;
    default:
        if (is_letter(*token))
            return is_word(token, size, "null") || is_word(token, size, "true") ||
                   is_word(token, size, "false");
        if (size > sign + 1 && token[sign] == '0' && strchr("0123456789", token[sign + 1]) != NULL)
            return false;
        if (strchr("-+.eE", token[size - 1]) != NULL)
            return false;
        survey->n_wide += size >= 19 && is_wide(token, size);
        break;
    }
    return true;
}

static bool
survey_text(struct survey *survey, const char *text, size_t length)
{
    survey->cost = COST_ITEM;
    for (size_t at = 0, size; at < length; at += size) {
        size = token_size(text + at, length - at);
        if (!survey_token(survey, text + at, size))
            return false;
        if (strchr(JSON_SPACE, text[at]) == NULL)
            survey->last = text[at];
    }
    return true;
}

static char *
put_without_nuls(char *out, const char *string, size_t size)
{
    const char *end = string + size;

    for (const char *at = string; at < end; at += 6) {
        const char *nul = next_nul(at, end);
        size_t length = (size_t)((nul != NULL ? nul : end) - at);

        memcpy(out, at, length);
        out += length;
        if (nul == NULL)
            break;
        at = nul;
    }
    return out;
}

/* The text with two changes. Wide integers become doubles (for others json-c uses the nearest
 * that int64_t or uint64_t holds). Strings lose their NULs, at which ours would end. */
static char *
rewritten(const char *text, size_t *length, const struct survey *survey)
{
    char *copy = mem_alloc(*length + 2 * survey->n_wide + 1);
    char *out = copy;

    for (size_t at = 0, size; at < *length; at += size) {
        size = token_size(text + at, *length - at);
        if (text[at] == '"') {
            out = put_without_nuls(out, text + at, size);
            continue;
        }
        memcpy(out, text + at, size);
        out += size;
        if (size >= 19 && is_wide(text + at, size)) {
            memcpy(out, "e0", 2);
            out += 2;
        }
    }
    *length = (size_t)(out - copy);
    return copy;
}

/* Reads one value with nothing but white space after it. What else json-c's strict mode refuses
 * differs between releases: 0.18 accepts no byte above 0x7f, 0.17 no wide integer. */
static enum json_tokener_error
parse(const char *text, size_t length, struct json_object **tree)
{
    struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH);
    enum json_tokener_error why;
    size_t end;

    if (tokener == NULL)
        mem_exhausted(0);
    json_tokener_set_flags(tokener, JSON_TOKENER_VALIDATE_UTF8);
    *tree = json_tokener_parse_ex(tokener, text, (int)length);
    why = json_tokener_get_error(tokener);
    end = why == json_tokener_success ? json_tokener_get_parse_end(tokener) : length;
    /* A number that stands alone ends only at the character after it. */
    if (why == json_tokener_continue && *tree == NULL) {
        *tree = json_tokener_parse_ex(tokener, "", 1);
        why = json_tokener_get_error(tokener);
    }
    json_tokener_free(tokener);
    while (end < length && strchr(JSON_SPACE, text[end]) != NULL)
        end++;
    return end == length ? why : json_tokener_error_parse_unexpected;
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
    enum json_tokener_error why = json_tokener_error_parse_unexpected;
    struct survey survey = {0};

    *tree = NULL;
    /* json-c takes a NUL for the end and would ignore what follows. */
    if (length < INT_MAX / 2 && memchr(text, '\0', length) == NULL &&
        survey_text(&survey, text, length)) {
        char *copy = NULL;

        if (survey.cost > most)
            return err_set(err, ERR_DATA, "JSON of more values than are read");
        if (survey.n_wide + survey.n_nuls > 0)
            text = copy = rewritten(text, &length, &survey);
        why = parse(text, length, tree);
        mem_free(copy);
    }
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

bool
json_is(struct json_object *object, const char *key, const char *text)
{
    const char *member = json_string(object, key);

    return member != NULL && strcmp(member, text) == 0;
}

char *
json_copy(struct arena *arena, struct json_object *object, const char *key)
{
    return arena_strdup(arena, json_string(object, key));
}

bool
json_time(struct json_object *object, const char *key, int64_t *time)
{
    const char *text = json_string(object, key);

    *time = 0;
    return text != NULL && clock_parse(text, time);
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

const char *
json_string_at(struct json_object *array, size_t i)
{
    struct json_object *item = json_at(array, i);

    return json_object_is_type(item, json_type_string) ? json_object_get_string(item) : NULL;
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

struct json_object *
json_new_text(const char *value)
{
    const char *end = value != NULL ? value + strlen(value) : NULL;
    struct json_object *text;
    uint32_t point;
    size_t size = 0;
    char *clean;

    if (value == NULL)
        return NULL;
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
json_add_time(struct json_object *object, const char *key, int64_t time)
{
    char text[CLOCK_TEXT_SIZE];

    clock_format(time, text);
    return json_add_string(object, key, text);
}

struct json_object *
json_push(struct json_object *array, struct json_object *value)
{
    if (json_object_array_add(array, value) != 0)
        mem_exhausted(0);
    return array;
}

void
json_put_string(struct json_object *object, const char *key, const char *value)
{
    if (value != NULL)
        json_add_string(object, key, value);
}

void
json_put_int(struct json_object *object, const char *key, int64_t value)
{
    if (value != 0)
        json_add_int(object, key, value);
}

void
json_put_flag(struct json_object *object, const char *key, bool value)
{
    if (value)
        json_add_bool(object, key, true);
}

void
json_put_time(struct json_object *object, const char *key, int64_t time)
{
    if (time != 0)
        json_add_time(object, key, time);
}

void
json_put(struct json_object *object, const char *key, struct json_object *container)
{
    if (json_len(container) > 0 || (json_object_is_type(container, json_type_object) &&
                                    json_object_object_length(container) > 0))
        json_add(object, key, container);
    else
        json_object_put(container);
}

struct json_object *
json_new_texts(const char *const *values, size_t n)
{
    struct json_object *array = json_new_array();

    for (size_t i = 0; i < n; i++)
        json_push(array, json_new_text(values[i]));
    return array;
}

struct json_object *
json_new_number(double number)
{
    struct arena *arena;
    struct json_object *json;

    if (number > -WHOLE_MAX && number < WHOLE_MAX && number == (double)(int64_t)number)
        return json_made(json_object_new_int64((int64_t)number));
    arena = arena_new();
    json = json_made(json_object_new_double_s(number, decimal_text(arena, number)));
    arena_free(arena);
    return json;
}

char *
json_number_text(struct json_object *number, struct arena *arena)
{
    if (json_object_is_type(number, json_type_int))
        return arena_printf(arena, "%" PRId64, json_object_get_int64(number));
    if (json_object_is_type(number, json_type_double))
        return decimal_text(arena, json_object_get_double(number));
    return NULL;
}

static const char *
json_text(struct json_object *tree, int flags)
{
    const char *text = json_object_to_json_string_ext(tree, flags | JSON_C_TO_STRING_NOSLASHESCAPE);

    if (text == NULL)
        mem_exhausted(0);
    return text;
}

char *
json_write(struct arena *arena, struct json_object *tree)
{
    return arena_strdup(arena, json_text(tree, JSON_C_TO_STRING_PLAIN));
}

char *
json_finish(struct arena *arena, struct json_object *tree)
{
    char *text = json_write(arena, tree);

    json_object_put(tree);
    return text;
}

char *
json_finish_file(struct arena *arena, struct json_object *tree)
{
    char *text = arena_printf(arena, "%s\n", json_text(tree, JSON_C_TO_STRING_PRETTY));

    json_object_put(tree);
    return text;
}
