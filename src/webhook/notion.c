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

static const char *
signature_of(const struct request *request)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "X-Notion-Signature");
}

size_t
notion_body_max(const struct settings *settings)
{
    return settings->n_secrets > 0 ? BODY_MAX : UNSIGNED_MAX;
}

enum MHD_Result
notion_begin(struct request *request)
{
    struct server *server = request->server;
    const char *length = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND,
                                                     MHD_HTTP_HEADER_CONTENT_LENGTH);

    if (atomic_load(&server->stopping))
        return answer(request, OUTCOME_OVERLOAD, MHD_HTTP_SERVICE_UNAVAILABLE, "stopping\n");
    /* A body without length is measured as it comes. */
    if (length != NULL && strtoull(length, NULL, 10) > BODY_MAX)
        return answer(request, OUTCOME_TOO_LARGE, MHD_HTTP_CONTENT_TOO_LARGE, TOO_LARGE);
    /* A body that nobody can have signed need not be kept. */
    request->signed_body =
        server->settings->n_secrets == 0 || signature_well_formed(signature_of(request));
    return MHD_YES;
}

static bool
is_genuine(const struct request *request)
{
    const struct settings *settings = request->server->settings;
    const char *header = signature_of(request);

    for (size_t i = 0; i < settings->n_secrets; i++)
        if (signature_valid(header, request->body.data, request->body.len, settings->secrets[i]))
            return true;
    return false;
}

static enum MHD_Result
handshake(struct request *request)
{
    struct server *server = request->server;

    /* A secret is set, and this is signed with it: it is known already. */
    if (server->settings->n_secrets > 0)
        return answer(request, OUTCOME_HANDSHAKE, MHD_HTTP_OK, "ok\n");
    switch (
        handshake_offer(server->handshake, request->event.token, &request->client, clock_now())) {
    case HANDSHAKE_TAKEN:
        return answer(request, OUTCOME_HANDSHAKE, MHD_HTTP_OK, "ok\n");
    case HANDSHAKE_BUSY:
        return answer(request, OUTCOME_RATE, MHD_HTTP_TOO_MANY_REQUESTS, "too many handshakes\n");
    case HANDSHAKE_OVER:
        break;
    }
    return answer(request, OUTCOME_UNCONFIGURED, MHD_HTTP_SERVICE_UNAVAILABLE,
                  "the time for a handshake is up: restart the receiver\n");
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

/* Nothing of a body is read before its signature proved right. */
enum MHD_Result
notion_handle(struct request *request)
{
    const struct settings *settings = request->server->settings;

    if (request->overload)
        return answer(request, OUTCOME_OVERLOAD, MHD_HTTP_SERVICE_UNAVAILABLE, OVERLOAD);
    if (settings->n_secrets == 0) {
        request_charge(request);
        /* Anything but a handshake comes too early, and Notion repeats it. */
        if (!request->body.full &&
            event_read(buf_text(&request->body), request->body.len, NULL, request->arena,
                       &request->event, NULL) &&
            request->event.kind == EVENT_HANDSHAKE)
            return handshake(request);
        return answer(request, OUTCOME_UNCONFIGURED, MHD_HTTP_SERVICE_UNAVAILABLE,
                      "NOTION_WEBHOOK_SECRET is not set yet\n");
    }
    if (request->body.full)
        return answer(request, OUTCOME_TOO_LARGE, MHD_HTTP_CONTENT_TOO_LARGE, TOO_LARGE);
    request->settled = request->signed_body && is_genuine(request);
    if (!request->settled) {
        request_charge(request);
        return answer(request, OUTCOME_SIGNATURE, MHD_HTTP_UNAUTHORIZED,
                      "the signature is wrong\n");
    }
    if (!event_read(buf_text(&request->body), request->body.len, settings->bot, request->arena,
                    &request->event, NULL))
        return answer(request, OUTCOME_MALFORMED, MHD_HTTP_BAD_REQUEST, "no event\n");
    if (request->event.kind == EVENT_HANDSHAKE)
        return handshake(request);
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
