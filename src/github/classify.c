#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "github/github_p.h"

static struct retry_verdict
verdict(enum retry_meaning meaning)
{
    return (struct retry_verdict){.meaning = meaning};
}

static struct retry_verdict
limited(const struct retry_seen *seen)
{
    struct retry_verdict wait = verdict(RETRY_LIMITED);
    int64_t until = seen->retry_after;

    if (until <= 0 && seen->limit_remaining == 0)
        until = seen->limit_reset;
    if (until > 0)
        wait.wait = until > seen->now ? until - seen->now : 1;
    return wait;
}

static bool
says_limited(const char *text)
{
    return reason_says(text, "secondary rate") || reason_says(text, "abuse detection") ||
           (reason_says(text, "rate limit") && reason_says(text, "exceeded"));
}

struct retry_verdict
github_classify(const struct retry_seen *seen)
{
    if (seen->status == 0)
        return verdict(seen->sent ? RETRY_UNCLEAR : RETRY_TRANSIENT);
    if (seen->status >= 200 && seen->status < 300)
        return verdict(RETRY_DONE);
    if (seen->status == 429)
        return limited(seen);
    if (seen->status == 403 &&
        (seen->retry_after > 0 || seen->limit_remaining == 0 || says_limited(seen->body)))
        return limited(seen);
    return verdict(seen->status >= 500 ? RETRY_UNCLEAR : RETRY_FINAL);
}

/* GraphQL answers 200 even if it refuses or fails. */
static struct retry_verdict
classify_error(const struct retry_seen *seen, struct json_object *error)
{
    const char *type = json_string(error, "type");
    const char *message = json_string(error, "message");

    if ((type != NULL && strncmp(type, "RATE_LIMIT", 10) == 0) ||
        (message != NULL && says_limited(message)))
        return limited(seen);
    if (message != NULL && (reason_says(message, "something went wrong while executing") ||
                            reason_says(message, "respond to your request in time")))
        return verdict(RETRY_UNCLEAR);
    return verdict(RETRY_DONE);
}

struct retry_verdict
github_classify_graphql(const struct retry_seen *seen)
{
    struct retry_verdict worst = github_classify(seen);
    struct json_object *tree;
    struct json_object *errors;

    /* Quotes inside a JSON string are escaped, so this finds only a key. */
    if (worst.meaning != RETRY_DONE || strstr(seen->body, "\"errors\"") == NULL)
        return worst;
    if (!json_read(seen->body, seen->body_length, &tree, NULL))
        return verdict(RETRY_UNCLEAR);
    errors = json_array(tree, "errors");
    for (size_t i = 0; i < json_len(errors) && worst.meaning != RETRY_LIMITED; i++) {
        struct retry_verdict one = classify_error(seen, json_at(errors, i));

        if (one.meaning != RETRY_DONE)
            worst = one;
    }
    json_object_put(tree);
    return worst;
}
