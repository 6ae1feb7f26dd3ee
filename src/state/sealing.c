#include "state/sealing.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "model/sealed.h"

#define KEY_MEMBER "seal"

/* Tags of markers are made of texts that begin with a number, so none of them is a digest. */
const char *
sealing_text(const struct sealing *sealing, int64_t number, enum field field, const char *text,
             struct arena *arena)
{
    char digest[SEAL_SIZE];

    if (sealed_is(text))
        return text;
    seal_text(&sealing->seal,
              arena_printf(arena, "state %" PRId64 " %s %s", number,
                           fields_key(sealing->fields, field), text),
              digest);
    return arena_printf(arena, SEALED_MARK "%.*s", SEALED_DIGITS, digest);
}

struct json_object *
sealing_to_json(const char *text)
{
    if (sealed_is(text))
        return json_add_string(json_new_object(), "hmac", sealed_digits(text));
    return json_new_text(text);
}

const char *
sealing_from_json(struct json_object *json, bool same_key, struct arena *arena)
{
    const char *digits = json_string(json, "hmac");

    if (json_object_is_type(json, json_type_string))
        return arena_strdup(arena, json_object_get_string(json));
    if (!json_has(json, "hmac"))
        return NULL;
    return same_key && digits != NULL ? arena_printf(arena, SEALED_MARK "%s", digits) : SEALED_LOST;
}

bool
sealing_is_key(const struct sealing *sealing, struct json_object *file)
{
    const char *key = json_string(file, KEY_MEMBER);

    return sealing != NULL && key != NULL && strcmp(key, sealing->key) == 0;
}

void
sealing_add_key(const struct sealing *sealing, struct json_object *file)
{
    json_add_string(file, KEY_MEMBER, sealing->key);
}
