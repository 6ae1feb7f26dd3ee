#include "webhook/sender.h"

#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/utf8.h"
#include "github/github.h"
#include "webhook/app_token.h"

/* An installation's token lives an hour; it is replaced this long before its end (ms). */
#define RENEW_BEFORE ((int64_t)5 * 60 * 1000)
/* How much of GitHub's messages to log (bytes). */
#define MESSAGE_MAX 200

struct account {
    const char *owner; /* the beginning of a repository's name; "" for a token that serves all */
    size_t owner_length;
    struct http_service *service;
    char *token;     /* of the App's installation, NULL: there is none yet */
    int64_t expires; /* clock_wall() until which it is valid, 0: it is not */
    /* The one repository that the token is for, NULL: all routed repositories of the owner. */
    const char *only;
    bool split; /* GitHub makes no token for all of them */
};

struct sender {
    const struct settings *settings;
    struct account *accounts;
    size_t n_accounts;
};

static const char *const headers[] = {"Accept: application/vnd.github+json",
                                      "Content-Type: application/json",
                                      "X-GitHub-Api-Version: 2022-11-28", NULL};

/* The account of the repository's owner. */
static bool
add_account(struct sender *sender, struct http *http, const char *repository, struct err *err)
{
    const struct settings *settings = sender->settings;
    const char *token = settings->github_token;
    struct account *account = &sender->accounts[sender->n_accounts++];
    struct arena *scratch = arena_new();
    const struct http_service_config config = {
        .name = "GitHub",
        .base_url = settings->github_api_url,
        .authorization = token != NULL ? arena_printf(scratch, "Bearer %s", token) : NULL,
        .headers = headers,
        .max_in_flight = 1,
        .classify = github_classify,
    };

    account->owner = repository;
    account->owner_length = token != NULL ? 0 : strcspn(repository, "/");
    account->service = http_service_new(http, &config, err);
    arena_free(scratch);
    return account->service != NULL;
}

size_t
sender_account(const struct sender *sender, const char *repository)
{
    size_t length = strcspn(repository, "/");

    for (size_t i = 0; i < sender->n_accounts; i++) {
        const struct account *account = &sender->accounts[i];

        if (account->owner_length == 0 || (account->owner_length == length &&
                                           strncasecmp(account->owner, repository, length) == 0))
            return i;
    }
    return sender->n_accounts;
}

struct sender *
sender_new(struct http *http, const struct settings *settings, struct err *err)
{
    struct sender *sender = mem_alloc(sizeof(*sender));
    const struct routes *routes = &settings->routes;

    sender->settings = settings;
    sender->accounts = mem_alloc((routes->n_repositories + 1) * sizeof(*sender->accounts));
    for (size_t i = 0; i < routes->n_repositories; i++) {
        if (sender_account(sender, routes->repositories[i]) < sender->n_accounts ||
            add_account(sender, http, routes->repositories[i], err))
            continue;
        sender_free(sender);
        return NULL;
    }
    return sender;
}

void
sender_free(struct sender *sender)
{
    if (sender == NULL)
        return;
    for (size_t i = 0; i < sender->n_accounts; i++)
        mem_free(sender->accounts[i].token);
    mem_free(sender->accounts);
    mem_free(sender);
}

size_t
sender_accounts(const struct sender *sender)
{
    return sender->n_accounts;
}

static const char *
message_of(struct arena *arena, const struct http_answer *answer)
{
    struct json_object *json = NULL;
    const char *message = NULL;
    char *copy;

    if (json_read(answer->body.data, answer->body.len, &json, NULL))
        message = json_string(json, "message");
    copy = arena_strdup(arena, message != NULL ? message : "no reason given");
    log_redact(copy);
    utf8_cut(copy, MESSAGE_MAX);
    json_object_put(json);
    return copy;
}

static const char *
cure_of(int status)
{
    if (status == 301 || status == 307 || status == 308)
        return "; it was renamed or moved: write its new name into the settings";
    if (status == 401)
        return "; the token is not valid any more: make a new one";
    if (status == 403 || status == 404)
        return "; is the name right, and may the token write contents there?";
    return "";
}

/* What an unsuccessful answer means. */
static struct sent_result
refused(struct arena *arena, const char *what, const struct http_answer *answer, struct err *err)
{
    struct sent_result result = {.sent = SENT_DENIED, .wait = answer->verdict.wait};

    result.limited = answer->verdict.meaning == RETRY_LIMITED;
    err_set(err, ERR_REFUSED, "%s: GitHub answered %d: %s%s", what, answer->status,
            message_of(arena, answer), result.limited ? "" : cure_of(answer->status));
    if (result.limited || answer->verdict.meaning == RETRY_UNCLEAR)
        result.sent = SENT_LATER;
    else if (answer->status == 422 || answer->status == 400 || answer->status == 413)
        result.sent = SENT_REFUSED;
    return result;
}

/* Sends one request. Returns true with a 2xx answer, which the caller releases. */
static bool
ask(struct account *account, struct arena *arena, enum http_method method, const char *path,
    const char *body, const char *what, struct http_answer *answer, struct sent_result *result,
    struct err *err)
{
    const struct http_request request = {
        .method = method,
        .path = path,
        .body = body,
        .what = what,
        .safety = RETRY_SAFE,
        .writes = method == HTTP_POST,
        .once = true,
        .max_answer = (size_t)1 << 20,
    };

    if (!http_call(account->service, &request, answer, err)) {
        *result =
            (struct sent_result){.sent = err->kind == ERR_STOPPED ? SENT_STOPPED : SENT_LATER};
        return false;
    }
    if (answer->verdict.meaning == RETRY_DONE) {
        result->sent = SENT_DONE;
        return true;
    }
    *result = refused(arena, what, answer, err);
    http_answer_release(answer);
    return false;
}

static bool
authorize(struct account *account, struct arena *arena, const char *token, struct err *err)
{
    return http_service_authorize(account->service, arena_printf(arena, "Bearer %s", token), err);
}

/* Takes the new token from GitHub's answer. */
static bool
use_token(struct account *account, struct arena *arena, const struct http_answer *answer,
          struct err *err)
{
    struct json_object *json = NULL;
    bool ok = json_read(answer->body.data, answer->body.len, &json, err);
    const char *token = json_string(json, "token");
    const char *expires = json_string(json, "expires_at");

    if (ok && (token == NULL || expires == NULL || !clock_parse(expires, &account->expires)))
        ok = err_set(err, ERR_DATA, "GitHub's answer holds no token of the installation");
    if (ok) {
        /* Nothing uses the old token any longer. If old tokens stayed hidden forever, one an
         * hour would add up. */
        if (account->token != NULL)
            log_forget(account->token);
        mem_free(account->token);
        account->token = mem_strdup(token);
        log_secret(token);
        ok = authorize(account, arena, token, err);
    }
    json_object_put(json);
    if (!ok)
        account->expires = 0;
    return ok;
}

/* No more rights, and no more repositories, than dispatches need. only: as in the account. */
static const char *
grant(const struct sender *sender, const struct account *account, struct arena *arena,
      const char *only)
{
    const struct routes *routes = &sender->settings->routes;
    struct json_object *json = json_new_object();
    struct json_object *names = json_new_array();

    for (size_t i = 0; i < routes->n_repositories; i++) {
        const char *repository = routes->repositories[i];

        if (only != NULL ? strcmp(repository, only) == 0
                         : &sender->accounts[sender_account(sender, repository)] == account)
            json_push(names, json_new_text(strchr(repository, '/') + 1));
    }
    json_add(json, "repositories", names);
    json_add(json, "permissions", json_add_string(json_new_object(), "contents", "write"));
    return json_finish(arena, json);
}

/* Requests a token of an installation; *refused: GitHub does not make one for these
 * repositories. */
static bool
get_token(const struct sender *sender, struct account *account, struct arena *arena, int64_t id,
          const char *only, bool *refused, struct sent_result *result, struct err *err)
{
    struct http_answer answer;
    bool ok;

    *refused = false;
    if (!ask(account, arena, HTTP_POST,
             arena_printf(arena, "/app/installations/%lld/access_tokens", (long long)id),
             grant(sender, account, arena, only), "getting the installation's token", &answer,
             result, err)) {
        *refused = result->sent == SENT_REFUSED;
        /* Says nothing about the pages that wait. */
        if (*refused)
            result->sent = SENT_DENIED;
        return false;
    }
    ok = use_token(account, arena, &answer, err);
    http_answer_release(&answer);
    if (ok)
        account->only = only;
    else
        result->sent = SENT_LATER;
    return ok;
}

/* Makes the App's token for a repository if none is still valid: one for all routed repositories
 * of its owner. If GitHub refuses that (one of them does not exist, or there are over 500), one
 * at a time. */
static bool
mint(struct sender *sender, struct account *account, struct arena *arena, const char *repository,
     struct sent_result *result, struct err *err)
{
    const struct settings *settings = sender->settings;
    struct json_object *json = NULL;
    struct http_answer answer;
    bool refused = false;
    const char *jwt;
    int64_t id;

    if (settings->github_token != NULL ||
        (clock_wall() < account->expires - RENEW_BEFORE &&
         (account->only == NULL || strcmp(account->only, repository) == 0)))
        return true;
    account->expires = 0;
    *result = (struct sent_result){.sent = SENT_DENIED};
    jwt = app_token(arena, settings->app_id, settings->app_key, clock_wall());
    if (jwt == NULL)
        return err_set(err, ERR_INPUT,
                       "GITHUB_APP_PRIVATE_KEY does not sign: make a new key for the App");
    if (!authorize(account, arena, jwt, err))
        return false;
    if (!ask(account, arena, HTTP_GET, arena_printf(arena, "/repos/%s/installation", repository),
             NULL, "finding the App's installation", &answer, result, err))
        return false;
    (void)!json_read(answer.body.data, answer.body.len, &json, NULL);
    id = json_int(json, "id", 0);
    json_object_put(json);
    http_answer_release(&answer);
    if (!account->split) {
        if (get_token(sender, account, arena, id, NULL, &refused, result, err))
            return true;
        if (!refused)
            return false;
        account->split = true;
        err_clear(err);
    }
    return get_token(sender, account, arena, id, repository, &refused, result, err);
}

struct sent_result
sender_send(struct sender *sender, const char *repository, const char *const *pages, size_t n_pages,
            struct err *err)
{
    struct account *account = &sender->accounts[sender_account(sender, repository)];
    struct arena *arena = arena_new();
    struct sent_result result = {.sent = SENT_DONE};
    struct json_object *json = json_add_string(json_new_object(), "event_type", "notion-sync");
    struct http_answer answer;
    const char *body;

    json_add(json, "client_payload",
             json_add(json_new_object(), "pages", json_new_texts(pages, n_pages)));
    body = json_finish(arena, json);
    err_clear(err);
    if (mint(sender, account, arena, repository, &result, err) &&
        ask(account, arena, HTTP_POST, arena_printf(arena, "/repos/%s/dispatches", repository),
            body, "the dispatch", &answer, &result, err))
        http_answer_release(&answer);
    else if (result.sent == SENT_DENIED)
        account->expires = 0; /* a token that was revoked is replaced at the next try */
    arena_free(arena);
    return result;
}
