#ifndef STATE_SEALING_H
#define STATE_SEALING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/seal.h"
#include "model/fields.h"

struct json_object;

/*
 * What the files of the state must not contain, because anybody can read the state of a public
 * repository. Such a text of Notion's is kept there as {"hmac": "…"}, a digest under the key of the
 * markers. Equal texts have different digests in different records and fields, so nobody can see
 * that they are equal.
 */
#define SEALING_KEY_DIGITS 8

struct sealing {
    struct seal seal;
    char key[SEALING_KEY_DIGITS + 1]; /* names the key: digests of two keys cannot be compared */
    const struct fields *fields;      /* fields that files mention by name */
    struct field_set sealed;          /* those whose values in Notion are sealed */
    bool both;                        /* … and GitHub's values of them, too */
    bool words; /* nothing of Notion's is published, so names of columns are sealed, too */
};

/* The digest of a text as in model/sealed.h. number: the record's, 0: of columns. */
const char *sealing_text(const struct sealing *sealing, int64_t number, enum field field,
                         const char *text, struct arena *arena);

/* A text or digest for a file, and back: NULL if it is neither. A digest of another key is lost. */
struct json_object *sealing_to_json(const char *text);
const char *sealing_from_json(struct json_object *json, bool same_key, struct arena *arena);

/* Whether a file's digests have this key (NULL: there is none); and the member that says so. */
bool sealing_is_key(const struct sealing *sealing, struct json_object *file);
void sealing_add_key(const struct sealing *sealing, struct json_object *file);

#endif
