#include "webhook/app_token.h"

#include <string.h>

#include "base/json.h"
#include "webhook/rsa.h"

#define EARLIER INT64_C(60)     /* s */
#define LATER   INT64_C(9 * 60) /* s; GitHub allows ten minutes */

/* RFC 4648, 5, without padding. */
static char *
base64url(struct arena *arena, const void *bytes, size_t length)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const unsigned char *from = bytes;
    char *text = arena_alloc(arena, 4 * ((length + 2) / 3) + 1);
    char *to = text;
    unsigned bits = 0;
    unsigned held = 0;

    for (size_t i = 0; i < length; i++) {
        bits = (bits << 8 | from[i]) & 0xffff;
        for (held += 8; held >= 6; held -= 6)
            *to++ = digits[bits >> (held - 6) & 63];
    }
    if (held > 0)
        *to = digits[bits << (6 - held) & 63];
    return text;
}

static char *
claims(struct arena *arena, const char *app_id, int64_t now)
{
    struct json_object *json = json_new_object();
    char *text;

    json_add_int(json, "iat", now / 1000 - EARLIER);
    json_add_int(json, "exp", now / 1000 + LATER);
    json_add_string(json, "iss", app_id);
    text = json_write(arena, json);
    json_object_put(json);
    return text;
}

const char *
app_token(struct arena *arena, const char *app_id, const char *pem, int64_t now, struct err *err)
{
    static const char header[] = "{\"alg\":\"RS256\",\"typ\":\"JWT\"}";
    const char *payload = claims(arena, app_id, now);
    const char *text = arena_printf(arena, "%s.%s", base64url(arena, header, sizeof(header) - 1),
                                    base64url(arena, payload, strlen(payload)));
    size_t size = 0;
    const unsigned char *signature = rsa_sign(arena, pem, text, &size);

    if (signature != NULL)
        return arena_printf(arena, "%s.%s", text, base64url(arena, signature, size));
    err_set(err, ERR_INPUT, "GITHUB_APP_PRIVATE_KEY does not sign: make a new key for the App");
    return NULL;
}
