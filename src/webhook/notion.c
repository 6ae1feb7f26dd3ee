#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "webhook/journal.h"
#include "webhook/server_p.h"
#include "webhook/signature.h"

static const char TOO_LARGE[] = "the body is larger than 1 MiB\n";
static const char OVERLOAD[] = "too much in hand\n";

static enum MHD_Result
answer(struct request *request, enum outcome outcome, unsigned status, const char *text)
{
    metrics_count(request->server->metrics, outcome);
    return request_answer(request, status, text);
}

/* The header's value where it says more than is allowed; a body without length is measured as it
 * comes. */
static bool
announces_too_much(struct request *request)
{
    const char *length = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND,
                                                     MHD_HTTP_HEADER_CONTENT_LENGTH);

    return length != NULL && strtoull(length, NULL, 10) > BODY_MAX;
}

bool
notion_refuses(struct request *request, enum MHD_Result *result)
{
    struct server *server = request->server;

    if (atomic_load(&server->stopping))
        *result = answer(request, OUTCOME_OVERLOAD, MHD_HTTP_SERVICE_UNAVAILABLE, "stopping\n");
    else if (!rate_take(server->rate, &request->client, clock_now()))
        *result = answer(request, OUTCOME_RATE, MHD_HTTP_TOO_MANY_REQUESTS, "too many requests\n");
    else if (announces_too_much(request))
        *result = answer(request, OUTCOME_TOO_LARGE, MHD_HTTP_CONTENT_TOO_LARGE, TOO_LARGE);
    else
        return false;
    return true;
}

static bool
is_signed(const struct request *request)
{
    const struct settings *settings = request->server->settings;
    const char *header =
        MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "X-Notion-Signature");

    for (size_t i = 0; i < settings->n_secrets; i++)
        if (signature_valid(header, request->body.data, request->body.len, settings->secrets[i]))
            return true;
    return false;
}

static bool
is_known_token(const struct settings *settings, const char *token)
{
    for (size_t i = 0; i < settings->n_secrets; i++)
        if (signature_same(settings->secrets[i], token))
            return true;
    return false;
}

/* Shows the token that Notion's form asks for. */
static void
show_token(struct request *request)
{
    struct server *server = request->server;
    const char *token = request->event.token;
    char client[ADDRESS_TEXT_SIZE];

    for (size_t i = 0; i < server->n_tokens; i++)
        if (strcmp(server->tokens[i], token) == 0)
            return;
    if (server->n_tokens == TOKENS_MAX) {
        journal(LOG_WARNING, "verification token not shown",
                JOURNAL_TEXT("cure", "restart the receiver and have Notion send it again"));
        return;
    }
    server->tokens[server->n_tokens++] = mem_strdup(token);
    address_text(&request->client, client);
    journal_notice(
        "verification token",
        (const struct journal_field[]){
            JOURNAL_TEXT("verification_token", token),
            JOURNAL_TEXT("client", client),
            JOURNAL_TEXT("next", "paste it into Notion's form, set NOTION_WEBHOOK_SECRET "
                                 "to it and restart the receiver"),
            {0}});
}

static enum MHD_Result
handshake(struct request *request)
{
    const struct settings *settings = request->server->settings;

    if (settings->n_secrets > 0 && !is_known_token(settings, request->event.token))
        return answer(request, OUTCOME_SIGNATURE, MHD_HTTP_UNAUTHORIZED,
                      "another verification token is set\n");
    if (settings->n_secrets == 0)
        show_token(request);
    return answer(request, OUTCOME_HANDSHAKE, MHD_HTTP_OK, "ok\n");
}

/* Suspends the request until its event is stored. */
static enum MHD_Result
store(struct request *request, size_t n_targets, const size_t *targets)
{
    const struct routes *routes = &request->server->settings->routes;
    const char **repositories = arena_array(request->arena, n_targets, sizeof(*repositories));

    for (size_t i = 0; i < n_targets; i++)
        repositories[i] = routes->repositories[targets[i]];
    request->item = (struct intake_item){
        .entry = {.event = &request->event,
                  .repositories = repositories,
                  .n_repositories = n_targets},
        .targets = targets,
        .owner = request,
    };
    request->storing = true;
    MHD_suspend_connection(request->connection);
    if (intake_put(request->server->intake, &request->item))
        return MHD_YES;
    request->storing = false;
    MHD_resume_connection(request->connection);
    return answer(request, OUTCOME_OVERLOAD, MHD_HTTP_SERVICE_UNAVAILABLE, OVERLOAD);
}

/* An event that nothing follows from. */
static enum MHD_Result
drop(struct request *request, enum outcome outcome, const char *text)
{
    journal(LOG_DEBUG, "dropped", JOURNAL_TEXT("id", request->event.id),
            JOURNAL_TEXT("type", request->event.type), JOURNAL_TEXT("reason", text));
    return answer(request, outcome, MHD_HTTP_OK, text);
}

static enum MHD_Result
take(struct request *request)
{
    const struct routes *routes = &request->server->settings->routes;
    size_t *targets;
    size_t n;

    if (request->event.kind == EVENT_OWN)
        return drop(request, OUTCOME_OWN, "own\n");
    if (request->event.kind == EVENT_IGNORED)
        return drop(request, OUTCOME_IGNORED, "ignored\n");
    targets = arena_array(request->arena, routes->n_repositories, sizeof(*targets));
    n = route_event(routes, &request->event, targets);
    if (n == 0)
        return drop(request, OUTCOME_UNROUTED, "no repository\n");
    return store(request, n, targets);
}

enum MHD_Result
notion_handle(struct request *request)
{
    struct server *server = request->server;
    const struct settings *settings = server->settings;
    bool read;

    if (request->body.full)
        return answer(request, OUTCOME_TOO_LARGE, MHD_HTTP_CONTENT_TOO_LARGE, TOO_LARGE);
    if (request->too_much)
        return answer(request, OUTCOME_OVERLOAD, MHD_HTTP_SERVICE_UNAVAILABLE, OVERLOAD);
    request->refund = settings->n_secrets > 0 && is_signed(request);
    read = event_read(buf_text(&request->body), request->body.len, settings->bot, request->arena,
                      &request->event, NULL);
    if (read && request->event.kind == EVENT_HANDSHAKE)
        return handshake(request);
    if (settings->n_secrets == 0)
        return answer(request, OUTCOME_UNCONFIGURED, MHD_HTTP_SERVICE_UNAVAILABLE,
                      "NOTION_WEBHOOK_SECRET is not set yet\n");
    if (!request->refund)
        return answer(request, OUTCOME_SIGNATURE, MHD_HTTP_UNAUTHORIZED,
                      "the signature is wrong\n");
    if (!read)
        return answer(request, OUTCOME_MALFORMED, MHD_HTTP_BAD_REQUEST, "no event\n");
    return take(request);
}

enum MHD_Result
notion_finish(struct request *request)
{
    request->storing = false;
    if (!request->item.stored)
        return answer(request, OUTCOME_SPOOL, MHD_HTTP_SERVICE_UNAVAILABLE, "not stored\n");
    if (request->item.entry.duplicate)
        metrics_count(request->server->metrics, OUTCOME_DUPLICATE);
    journal(LOG_DEBUG, "accepted", JOURNAL_TEXT("id", request->event.id),
            JOURNAL_TEXT("type", request->event.type),
            JOURNAL_NUMBER("pages", (int64_t)request->event.n_pages),
            JOURNAL_NUMBER("duplicate", request->item.entry.duplicate));
    return answer(request, OUTCOME_ACCEPTED, MHD_HTTP_OK, "accepted\n");
}

void
notion_stored(void *context, struct intake_item *item)
{
    struct server *server = context;
    struct request *request = item->owner;

    for (size_t i = 0; item->stored && !item->entry.duplicate && i < item->entry.n_repositories;
         i++)
        dispatch_stored(server->dispatch, item->targets[i]);
    /* From here on the request is libmicrohttpd's thread's again. */
    MHD_resume_connection(request->connection);
}
