#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"

/*
 * Accessors over json-c that keep absent, null and values of another type apart, and builders whose
 * misuse does not go unnoticed. Objects returned by json_get* are lent: they live as long as the
 * tree.
 */

/* Parses one JSON document (valid UTF-8, nesting below 64, no NUL, nothing after it; NaN and raw
 * control characters pass). An integer that int64_t does not hold becomes a double, and strings
 * lose their escaped NULs. On success the caller owns *tree (json_object_put), which is NULL for
 * the document null. Fails with ERR_DATA. */
MUST_USE bool
json_read(const char *text, size_t length, struct json_object **tree, struct err *err);

/* The same for documents whose tree takes `most` bytes at most, not counting the text of
 * strings: a stranger may send something small whose tree is a thousand times as large.
 * json_read itself allows JSON_COST_MAX, several times what the largest answer needs. */
MUST_USE bool json_read_within(const char *text, size_t length, size_t most,
                               struct json_object **tree, struct err *err);

#define JSON_COST_MAX ((size_t)128 << 20)

/* The member of an object, NULL if it is absent, null, or object is not an object. */
struct json_object *json_get(struct json_object *object, const char *key);

/* Follows several keys, e.g. json_path(page, "properties", "Name", NULL); NULL as above. */
struct json_object *json_path(struct json_object *object, ...) __attribute__((sentinel));

/* Whether the member is there, even if null. */
bool json_has(struct json_object *object, const char *key);

/* A member of the given type. string: NULL unless it is one (lent). int and flag: the fallback
 * unless it is one. array: NULL unless it is one. */
const char *json_string(struct json_object *object, const char *key);
/* Whether the member is that string. */
bool json_is(struct json_object *object, const char *key, const char *text);
int64_t json_int(struct json_object *object, const char *key, int64_t fallback);
bool json_flag(struct json_object *object, const char *key, bool fallback);
struct json_object *json_array(struct json_object *object, const char *key);

/* A string member copied into the arena; NULL unless it is a string. */
char *json_copy(struct arena *arena, struct json_object *object, const char *key);

/* A time as clock_format writes it. False, and *time 0, unless it is one. */
bool json_time(struct json_object *object, const char *key, int64_t *time);

/* Length of an array, 0 if it is not one; and its i-th item. */
size_t json_len(struct json_object *array);
struct json_object *json_at(struct json_object *array, size_t i);
/* The i-th item if it is a string (lent), otherwise NULL. */
const char *json_string_at(struct json_object *array, size_t i);

/* Add to an object or array; the tree takes ownership of value. Return the container, so that calls
 * nest. A NULL string becomes null. */
struct json_object *
json_add(struct json_object *object, const char *key, struct json_object *value);
struct json_object *json_add_string(struct json_object *object, const char *key, const char *value);
struct json_object *json_add_int(struct json_object *object, const char *key, int64_t value);
struct json_object *json_add_bool(struct json_object *object, const char *key, bool value);
struct json_object *json_add_time(struct json_object *object, const char *key, int64_t time);
struct json_object *json_push(struct json_object *array, struct json_object *value);

/* Members that are added only if they say something: not for NULL, 0, false or an empty
 * container. */
void json_put_string(struct json_object *object, const char *key, const char *value);
void json_put_int(struct json_object *object, const char *key, int64_t value);
void json_put_flag(struct json_object *object, const char *key, bool value);
void json_put_time(struct json_object *object, const char *key, int64_t time);
void json_put(struct json_object *object, const char *key, struct json_object *container);

/* New containers and strings. If memory runs out, they abort. Strings always become UTF-8 (RFC
 * 8259, 8.1): an ill-formed byte becomes U+FFFD. */
struct json_object *json_new_object(void);
struct json_object *json_new_array(void);
struct json_object *json_new_text(const char *value);
/* An array of strings. */
struct json_object *json_new_texts(const char *const *values, size_t n);
/* A finite number; a whole one has no fraction. */
struct json_object *json_new_number(double number);
/* The text of a number, in the arena; NULL: it is not one. */
char *json_number_text(struct json_object *number, struct arena *arena);

/* The document as text without white space (slashes not escaped), in the arena. */
char *json_write(struct arena *arena, struct json_object *tree);
/* The same, and frees the document. */
char *json_finish(struct arena *arena, struct json_object *tree);
/* A file of the document, with line breaks and indentation, for people and for git. Frees the
 * document. */
char *json_finish_file(struct arena *arena, struct json_object *tree);

#endif
