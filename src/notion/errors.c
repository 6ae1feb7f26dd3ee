#include "notion/notion.h"

#include <stdlib.h>
#include <string.h>

#include "notion/notion_p.h"

/* Messages from the service are shown up to this length, so that ours stay visible. */
#define SHOWN 300

static const char *
extra(struct json_object *body, const char *key)
{
    return json_string(json_get(body, "additional_data"), key);
}

bool
notion_saved(int status, struct json_object *body)
{
    static const char *const words[] = {"was saved", "were saved", "has been saved"};
    const char *message = json_string(body, "message");

    if (status != 503)
        return false;
    if (extra(body, "committed_resource_id") != NULL)
        return true;
    for (size_t i = 0; message != NULL && i < sizeof(words) / sizeof(words[0]); i++)
        if (strcasestr(message, words[i]) != NULL)
            return true;
    return false;
}

/* Retry-After, or its copy in the body: whole seconds in a string. */
static int64_t
asked_wait(const struct retry_seen *seen, struct json_object *body)
{
    const char *text = extra(body, "retry_after");
    long seconds;

    if (seen->retry_after != 0)
        return seen->retry_after > seen->now ? seen->retry_after - seen->now : 1;
    seconds = text != NULL ? strtol(text, NULL, 10)
                           : (long)json_int(json_get(body, "additional_data"), "retry_after", 0);
    return seconds > 0 && seconds < 1000000 ? (int64_t)seconds * 1000 : 0;
}

static struct retry_verdict
classify(const struct retry_seen *seen, struct json_object *body)
{
    int status = seen->status;

    if (status == 0)
        return (struct retry_verdict){seen->sent ? RETRY_UNCLEAR : RETRY_TRANSIENT, 0};
    if (status >= 200 && status < 300)
        return (struct retry_verdict){RETRY_DONE, 0};
    if (status == 429 || status == 529) {
        if (json_is(json_get(body, "additional_data"), "rate_limit_reason",
                    "public_api_request_blocked"))
            return (struct retry_verdict){RETRY_FINAL, 0};
        return (struct retry_verdict){RETRY_LIMITED, asked_wait(seen, body)};
    }
    if (status == 409 || (status == 503 && !seen->writes))
        return (struct retry_verdict){RETRY_TRANSIENT, 0};
    if (notion_saved(status, body))
        return (struct retry_verdict){RETRY_FINAL, 0};
    return (struct retry_verdict){status >= 500 ? RETRY_UNCLEAR : RETRY_FINAL, 0};
}

struct retry_verdict
notion_classify(const struct retry_seen *seen)
{
    struct json_object *body = NULL;
    struct retry_verdict verdict;

    if (seen->status >= 300 && !json_read(seen->body, seen->body_length, &body, NULL))
        body = NULL;
    verdict = classify(seen, body);
    json_object_put(body);
    return verdict;
}

bool
notion_in_trash(struct json_object *json)
{
    /* The older name; `is_archived` means something else. */
    return json_flag(json, "in_trash", false) || json_flag(json, "archived", false);
}

bool
notion_trashed(struct err *err)
{
    return err_set(err, ERR_NOT_FOUND, "the Notion database is in the trash; restore it in Notion");
}

bool
notion_no_content(const char *what, struct err *err)
{
    return err_set(
        err, ERR_ACCESS,
        "%s: Notion shows no content to this connection (integration); give it the "
        "capability \"Read content\" (notion.so/developers, the connection's Configuration)",
        what);
}

char *
notion_unquoted(const char *message, struct arena *arena)
{
    static const char behind[] = " is not a property that exists";
    static const char before[] = "Could not find property with name or id";
    char *text;
    size_t n = 0;

    /* Names that Notion does not put in quotation marks are at one end of the message. */
    if (strstr(message, behind) != NULL)
        message = arena_printf(arena, "...%s", behind);
    else if (strstr(message, before) != NULL)
        message = before;
    text = arena_alloc(arena, 2 * strlen(message) + 1);
    while (*message != '\0') {
        char sign = *message;
        size_t length, kept;
        bool is_member;

        text[n++] = *message++;
        if (sign != '"' && sign != '`')
            continue;
        /* The quotation ends at the next such mark, or at the end of the text. */
        for (length = 0; message[length] != '\0' && message[length] != sign;)
            length += message[length] == '\\' && message[length + 1] != '\0' ? 2 : 1;
        /* "markdown_version" is part of the API, not somebody's text. */
        is_member = strspn(message, "abcdefghijklmnopqrstuvwxyz_") >= length &&
                    memchr(message, '_', length) != NULL;
        kept = is_member || length < 3 ? length : 3;
        memcpy(text + n, is_member ? message : "...", kept);
        n += kept;
        message += length;
        if (*message != '\0')
            text[n++] = *message++;
    }
    text[n] = '\0';
    return text;
}

static bool
refused_403(const struct ask *ask, struct json_object *body, struct err *err)
{
    static const char *const capabilities[] = {
        [NEED_READ] = "Read content",           [NEED_UPDATE] = "Update content",
        [NEED_INSERT] = "Insert content",       [NEED_USERS] = "Read user information",
        [NEED_READ_COMMENTS] = "Read comments", [NEED_INSERT_COMMENTS] = "Insert comments",
    };
    const char *message = json_string(body, "message");

    if (json_get(json_get(body, "additional_data"), "block_limit") != NULL)
        return err_set(err, ERR_ACCESS,
                       "%s: the Notion workspace is full (block limit of its plan); remove content "
                       "or change the plan",
                       ask->what);
    return err_set(err, ERR_ACCESS,
                   "%s: Notion refuses (403: %.*s); the connection (integration) needs the "
                   "capability \"%s\" (notion.so/developers, the connection's Configuration)",
                   ask->what, SHOWN, message != NULL ? message : "no reason given",
                   capabilities[ask->need]);
}

bool
notion_refused(const struct ask *ask, const struct reply *reply, struct err *err)
{
    const char *message = json_string(reply->json, "message");

    if (message == NULL)
        message = "no reason given";
    switch (reply->status) {
    case 400:
        return err_set(err, ERR_REFUSED, "%s: Notion refuses: %.*s (400); " ERR_CURE_REFUSED,
                       ask->what, SHOWN, message);
    case 401:
        return err_set(err, ERR_ACCESS,
                       "%s: Notion does not accept the token (%.*s); check notion_token", ask->what,
                       SHOWN, message);
    case 403:
        return refused_403(ask, reply->json, err);
    case 404:
        /* Only Notion's own answer proves absence: whole records depend on it. */
        if (!json_is(reply->json, "code", "object_not_found"))
            return err_set(err, ERR_DATA,
                           "%s: answered 404, but not in Notion's form (is notion_api_url right?)",
                           ask->what);
        /* For a write, it may be something that a value names: a person who left, a page. */
        return err_set(err, ERR_NOT_FOUND,
                       "%s: not found (%.*s); it does not exist or is not shared with the "
                       "connection (integration; in Notion: ••• → Connections)",
                       ask->what, SHOWN, message);
    case 429:
    case 529:
        return err_set(err, ERR_ACCESS,
                       "%s: Notion blocks the requests of this connection (%.*s); ask Notion's "
                       "support",
                       ask->what, SHOWN, message);
    default:
        return err_set(err, ERR_DATA,
                       "%s: unexpected answer %d of Notion (is notion_api_url right?)", ask->what,
                       reply->status);
    }
}
