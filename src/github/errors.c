#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/utf8.h"
#include "github/github_p.h"

bool
reason_says(const char *reason, const char *words)
{
    return strcasestr(reason, words) != NULL;
}

/* One entry of `errors`: an object with a message or with the name of a field and what is wrong
 * with it, or a text. */
static void
add_detail(struct buf *text, struct json_object *error, const char *between)
{
    const char *message = json_string(error, "message");
    const char *field = json_string(error, "field");
    const char *code = json_string(error, "code");

    if (json_object_is_type(error, json_type_string))
        message = json_object_get_string(error);
    if (message != NULL)
        buf_printf(text, "%s%s", between, message);
    else if (field != NULL)
        buf_printf(text, "%s%s: %s", between, field, code != NULL ? code : "invalid");
}

void
rest_reason(const struct http_answer *answer, char reason[REASON_SIZE])
{
    struct json_object *tree = NULL;
    struct json_object *errors;
    const char *message = NULL;
    struct buf text;

    buf_init(&text, (size_t)16 * REASON_SIZE);
    if (json_read(answer->body.data != NULL ? answer->body.data : "", answer->body.len, &tree,
                  NULL)) {
        message = json_string(tree, "message");
        buf_str(&text, message != NULL ? message : "no reason given");
        errors = json_get(tree, "errors");
        if (json_object_is_type(errors, json_type_string))
            add_detail(&text, errors, ": ");
        for (size_t i = 0; i < json_len(errors); i++)
            add_detail(&text, json_at(errors, i), i == 0 ? ": " : ", ");
        json_object_put(tree);
    }
    snprintf(reason, REASON_SIZE, "%s", text.len > 0 ? buf_text(&text) : "no reason given");
    utf8_cut(reason, REASON_SIZE - 1);
    buf_release(&text);
}

/* Only GitHub's words distinguish it from other refusals. */
#define LIKE_SECRET "a text in it looks like a secret"

bool
github_found_secret(const struct err *err)
{
    return err != NULL && err->kind == ERR_REFUSED && strstr(err->text, LIKE_SECRET) != NULL;
}

bool
rest_finds_secret(const struct http_answer *answer)
{
    char reason[REASON_SIZE];

    if (answer->status != 409 && answer->status != 422)
        return false;
    rest_reason(answer, reason);
    return reason_says(reason, "secret");
}

/* "issues=write; pull_requests=write" -> "`issues: write` or `pull-requests: write`" */
static void
permission_words(const char *header, char *words, size_t size)
{
    struct buf text;

    buf_init(&text, size - 1);
    buf_char(&text, '`');
    for (const char *c = header; *c != '\0'; c++) {
        bool split = *c == ';' || *c == ',';

        if (split)
            buf_str(&text, *c == ';' ? "` or `" : "` and `");
        else if (*c == '=')
            buf_str(&text, ": ");
        else if (*c != ' ')
            buf_char(&text, (char)(*c == '_' ? '-' : *c));
    }
    buf_char(&text, '`');
    snprintf(words, size, "%s", buf_text(&text));
    buf_release(&text);
}

/* Sources: docs.github.com, "Authorizing a personal access token for use with single sign-on",
 * "Managing allowed IP addresses for your organization", "Setting a personal access token policy
 * for your organization". */
const char *
policy_cure(const char *reason)
{
    static const struct {
        const char *words, *cure;
    } policies[] = {
        {"SAML",
         "authorize the token for the organization (the token's settings, Configure SSO), or "
         "use the token of an installed app"},
        {"IP allow list", "run on a runner whose address the organization allows, or have it added "
                          "under the organization's settings, Authentication security"},
        {"forbids access via a personal access token",
         "use a token of the kind that the organization allows, or the token of an installed app"},
    };

    for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++)
        if (reason_says(reason, policies[i].words))
            return policies[i].cure;
    return NULL;
}

static bool
forbidden(const struct http_answer *answer, const char *what, const char *reason, struct err *err)
{
    const char *cure = policy_cure(reason);
    char words[256];

    if (cure != NULL)
        return err_set(err, ERR_ACCESS, "%s: %s (403); %s", what, reason, cure);
    if (reason_says(reason, "2500 comments") || reason_says(reason, "2,500 comments") ||
        reason_says(reason, "user is blocked"))
        return err_set(err, ERR_REFUSED, "%s: %s", what, reason);
    if (reason_says(reason, " locked"))
        return err_set(err, ERR_REFUSED,
                       "%s: %s; unlock the conversation or give the token write access", what,
                       reason);
    if (reason_says(reason, "archived"))
        return err_set(err, ERR_ACCESS, "%s: %s", what, reason);
    if (answer->permissions == NULL || answer->permissions[0] == '\0')
        return err_set(
            err, ERR_ACCESS,
            "%s: %s (403); the token may not do this: see `permissions:` in the workflow, or the "
            "permissions of the token in github_token",
            what, reason);
    permission_words(answer->permissions, words, sizeof(words));
    return err_set(
        err, ERR_ACCESS,
        "%s: %s (403); add %s under `permissions:` in the workflow, or give them to the token in "
        "github_token. If they are given already, the event is a fork's or Dependabot's, or a "
        "policy of the organization makes the token read-only",
        what, reason, words);
}

bool
rest_refused(const struct github *github, const struct http_answer *answer, const char *what,
             struct err *err)
{
    char reason[REASON_SIZE];

    rest_reason(answer, reason);
    if (rest_finds_secret(answer))
        return err_set(err, ERR_REFUSED, "%s: %s (%d): " LIKE_SECRET, what, reason, answer->status);
    switch (answer->status) {
    case 401:
        return err_set(
            err, ERR_ACCESS,
            "%s: GitHub does not accept the token (401, %s); give a valid one in github_token",
            what, reason);
    case 403:
        return forbidden(answer, what, reason, err);
    case 404:
        return err_set(err, ERR_NOT_FOUND,
                       "%s: not found in %s, or the token may not see or change it (404)", what,
                       github->repository);
    case 301:
    case 302:
    case 307:
    case 308:
        return err_set(err, ERR_GONE,
                       "%s: it was moved elsewhere (%d): %s was renamed or transferred, or the "
                       "issue was; the next run follows it. If it does not, give the name that "
                       "GitHub shows now in `repository`",
                       what, answer->status, github->repository);
    case 409:
        if (reason_says(reason, "is empty"))
            return err_set(err, ERR_INPUT,
                           "%s: the repository %s has no commit yet; push a first commit, or set "
                           "state_ref to a folder (file:PATH)",
                           what, github->repository);
        return err_set(err, ERR_CONFLICT, "%s: %s (409)", what, reason);
    case 410:
        if (reason_says(reason, "disabled"))
            return err_set(err, ERR_INPUT, "%s: %s; turn on Issues in the settings of %s", what,
                           reason, github->repository);
        return err_set(err, ERR_GONE, "%s: %s (410)", what, reason);
    default:
        if (answer->status >= 400 && answer->status < 500)
            return err_set(err, ERR_REFUSED, "%s: %s (%d); " ERR_CURE_REFUSED, what, reason,
                           answer->status);
        return err_set(err, ERR_SERVER, "%s: %s (%d)", what, reason, answer->status);
    }
}

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
        struct json_object *error = json_at(errors, i);
        const char *type = json_string(error, "type");
        const char *message = json_string(error, "message");

        if (message == NULL)
            message = "";
        if ((type != NULL && strncmp(type, "RATE_LIMIT", 10) == 0) || says_limited(message))
            worst = limited(seen);
        else if (reason_says(message, "something went wrong while executing") ||
                 reason_says(message, "respond to your request in time"))
            worst = verdict(RETRY_UNCLEAR);
    }
    json_object_put(tree);
    return worst;
}
