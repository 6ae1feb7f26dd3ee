#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/clock.h"
#include "webhook/event.h"
#include "webhook/journal.h"
#include "webhook/server_p.h"

/* The same limit as for the headers. */
#define FORWARDED_MAX ((size_t)64 * 1024)
/* Seconds after which a client that was refused may come back. */
#define RETRY_AFTER "30"

static const char TOO_LARGE[] = "the body is larger than 1 MiB\n";
static const char OVERLOAD[] = "too much in hand\n";

enum MHD_Result
server_answer(struct MHD_Connection *connection, unsigned status, const char *type,
              const char *text, const char *allow)
{
    /* It copies, and takes no const. NOLINTNEXTLINE(performance-no-int-to-ptr) */
    void *copied = (void *)(uintptr_t)text;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(text), copied, MHD_RESPMEM_MUST_COPY);
    enum MHD_Result result;

    if (response == NULL)
        return MHD_NO;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    if (status != MHD_HTTP_OK)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    if (allow != NULL)
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, allow);
    if (status == MHD_HTTP_TOO_MANY_REQUESTS || status == MHD_HTTP_SERVICE_UNAVAILABLE)
        MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, RETRY_AFTER);
    result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

bool
server_ready(struct server *server)
{
    return !atomic_load(&server->stopping) && !intake_failing(server->intake);
}

/* Answers with a line of text, and logs any status but 200. */
static enum MHD_Result
request_answer(struct request *request, unsigned status, const char *text)
{
    char client[ADDRESS_TEXT_SIZE];

    if (status != MHD_HTTP_OK) {
        address_text(&request->client, client);
        journal(LOG_DEBUG, "rejected", JOURNAL_NUMBER("status", (int64_t)status),
                JOURNAL_TEXT("reason", text), JOURNAL_TEXT("path", request->path),
                JOURNAL_TEXT("client", client));
    }
    return server_answer(request->connection, status, "text/plain; charset=utf-8", text,
                         status != MHD_HTTP_METHOD_NOT_ALLOWED  ? NULL
                         : request->resource == RESOURCE_NOTION ? "POST"
                                                                : "GET, HEAD");
}

/* The request is not genuine: charges its client once. */
static void
request_charge(struct request *request)
{
    if (request->metered && !request->settled)
        rate_charge(request->server->rate, &request->client, clock_now());
    request->settled = true;
}

/* --- POST /notion --- */

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

static enum MHD_Result
notion_begin(struct request *request)
{
    struct server *server = request->server;
    const char *length = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND,
                                                     MHD_HTTP_HEADER_CONTENT_LENGTH);

    if (atomic_load(&server->stopping))
        return answer(request, OUTCOME_OVERLOAD, MHD_HTTP_SERVICE_UNAVAILABLE, "stopping\n");
    /* A body without a length is measured as it arrives. */
    if (length != NULL && strtoull(length, NULL, 10) > BODY_MAX)
        return answer(request, OUTCOME_TOO_LARGE, MHD_HTTP_CONTENT_TOO_LARGE, TOO_LARGE);
    /* A body that cannot be signed need not be kept. */
    request->signed_body =
        server->settings->n_secrets == 0 || signature_well_formed(signature_of(request));
    return MHD_YES;
}

static enum MHD_Result
handshake(struct request *request)
{
    struct server *server = request->server;

    /* A secret is set, and this is signed with it, so the token is known already. */
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

/* An event that has no effect. */
static enum MHD_Result
drop(struct request *request, enum outcome outcome, const char *text)
{
    journal(LOG_DEBUG, "dropped", JOURNAL_TEXT("id", request->event.id),
            JOURNAL_TEXT("type", request->event.type), JOURNAL_TEXT("reason", text));
    return answer(request, outcome, MHD_HTTP_OK, text);
}

/* Suspends the request until its event is stored, if a repository is concerned. */
static enum MHD_Result
take(struct request *request)
{
    const struct routes *routes = &request->server->settings->routes;
    size_t *targets = arena_array(request->arena, routes->n_repositories, sizeof(*targets));
    const char **repositories;
    size_t n_targets;

    if (request->event.kind == EVENT_OWN)
        return drop(request, OUTCOME_OWN, "own\n");
    if (request->event.kind == EVENT_IGNORED)
        return drop(request, OUTCOME_IGNORED, "ignored\n");
    n_targets = route_event(routes, &request->event, targets);
    if (n_targets == 0)
        return drop(request, OUTCOME_UNROUTED, "no repository\n");
    repositories = arena_array(request->arena, n_targets, sizeof(*repositories));
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

/* No part of a body is read before its signature is verified. */
static enum MHD_Result
notion_handle(struct request *request)
{
    const struct settings *settings = request->server->settings;
    bool genuine = false;

    if (request->overload)
        return answer(request, OUTCOME_OVERLOAD, MHD_HTTP_SERVICE_UNAVAILABLE, OVERLOAD);
    if (settings->n_secrets == 0) {
        request_charge(request);
        /* Anything but a handshake comes too early; Notion repeats it. */
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
    for (size_t i = 0; request->signed_body && !genuine && i < settings->n_secrets; i++)
        genuine = signature_valid(signature_of(request), request->body.data, request->body.len,
                                  settings->secrets[i]);
    request->settled = genuine;
    if (!genuine) {
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

static enum MHD_Result
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
    /* From here on the request belongs to libmicrohttpd's thread again. */
    MHD_resume_connection(request->connection);
}

/* --- any request --- */

static enum MHD_Result
add_forwarded(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    if (strcasecmp(name, "X-Forwarded-For") == 0 && value != NULL)
        buf_printf(context, ",%s", value);
    return MHD_YES;
}

/* The client behind the trusted proxies. A proxy may add a line of its own after the client's,
 * so all lines count as one, in their order (RFC 9110, 5.3). */
static struct address
client_of(const struct request *request)
{
    const struct settings *settings = request->server->settings;
    const struct address peer =
        address_of(MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)
                       ->client_addr);
    struct address client;
    struct buf forwarded;

    buf_init(&forwarded, FORWARDED_MAX);
    MHD_get_connection_values(request->connection, MHD_HEADER_KIND, add_forwarded, &forwarded);
    client = address_client(&peer, buf_text(&forwarded), settings->proxies, settings->n_proxies);
    buf_release(&forwarded);
    return client;
}

static struct request *
request_new(struct server *server, struct MHD_Connection *connection, const char *url)
{
    struct request *request = mem_alloc(sizeof(*request));
    char *path;

    request->server = server;
    request->connection = connection;
    request->resource = strcmp(url, "/notion") == 0    ? RESOURCE_NOTION
                        : strcmp(url, "/healthz") == 0 ? RESOURCE_HEALTH
                        : strcmp(url, "/readyz") == 0  ? RESOURCE_READY
                                                       : RESOURCE_NONE;
    request->client = client_of(request);
    request->metered =
        !address_is_in(&request->client, server->settings->proxies, server->settings->n_proxies);
    request->arena = arena_new();
    request->path = path = arena_printf(request->arena, "%.200s", url);
    /* libmicrohttpd has decoded it, so it may hold any bytes. */
    for (char *c = path; *c != '\0'; c++)
        if (*c < ' ' || *c > '~')
            *c = '?';
    buf_init(&request->body, server->settings->n_secrets > 0 ? BODY_MAX : UNSIGNED_MAX);
    clock_gettime(CLOCK_MONOTONIC, &request->started);
    connections_turn(server->connections, connection, true);
    return request;
}

void
request_completed(void *context, struct MHD_Connection *connection, void **state,
                  enum MHD_RequestTerminationCode why)
{
    struct server *server = context;
    struct request *request = *state;
    struct timespec now;

    (void)why;
    if (request == NULL)
        return;
    *state = NULL;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (request->resource == RESOURCE_NOTION)
        metrics_latency(server->metrics, (int64_t)(now.tv_sec - request->started.tv_sec) * 1000000 +
                                             (now.tv_nsec - request->started.tv_nsec) / 1000);
    request_charge(request);
    atomic_fetch_sub(&server->metrics->bodies, (long long)request->counted);
    connections_turn(server->connections, connection, false);
    buf_release(&request->body);
    arena_free(request->arena);
    mem_free(request);
}

/* Keeps a body that may have to be read. Any other body is dropped as it arrives, up to a limit
 * at which the client is cut off: no answer can be sent in the middle of a body. */
static enum MHD_Result
receive(struct request *request, const char *data, size_t size)
{
    struct server *server = request->server;

    request->received += size;
    if (request->received > 2 * BODY_MAX)
        return MHD_NO;
    if (!request->signed_body || request->overload || request->body.full)
        return MHD_YES;
    request->overload = (size_t)atomic_load(&server->metrics->bodies) + size > BODIES_MAX;
    if (!request->overload && buf_add(&request->body, data, size)) {
        atomic_fetch_add(&server->metrics->bodies, (long long)size);
        request->counted += size;
    }
    return MHD_YES;
}

/* The headers have arrived, the body has not. */
static enum MHD_Result
begin(struct request *request, const char *method)
{
    bool posts = strcmp(method, MHD_HTTP_METHOD_POST) == 0;
    bool gets =
        strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;

    if (request->metered && !rate_allows(request->server->rate, &request->client, clock_now())) {
        metrics_count(request->server->metrics, OUTCOME_RATE);
        request->settled = true;
        return request_answer(request, MHD_HTTP_TOO_MANY_REQUESTS, "too many requests\n");
    }
    if (request->resource == RESOURCE_NOTION && posts)
        return notion_begin(request);
    request_charge(request);
    if (request->resource == RESOURCE_NONE)
        return request_answer(request, MHD_HTTP_NOT_FOUND, "not found\n");
    if (request->resource == RESOURCE_NOTION || !gets)
        return request_answer(request, MHD_HTTP_METHOD_NOT_ALLOWED, "method not allowed\n");
    return MHD_YES;
}

enum MHD_Result
request_handle(void *context, struct MHD_Connection *connection, const char *url,
               const char *method, const char *version, const char *data, size_t *size,
               void **state)
{
    struct request *request = *state;

    (void)version;
    if (request == NULL) {
        *state = request = request_new(context, connection, url);
        return begin(request, method);
    }
    if (*size > 0) {
        enum MHD_Result result = receive(request, data, *size);

        *size = 0;
        return result;
    }
    if (request->resource == RESOURCE_NOTION)
        return request->storing ? notion_finish(request) : notion_handle(request);
    if (request->resource == RESOURCE_HEALTH)
        return request_answer(request, MHD_HTTP_OK, "ok\n");
    if (request->resource == RESOURCE_NONE)
        return MHD_NO; /* answered at the headers */
    return server_ready(request->server)
               ? request_answer(request, MHD_HTTP_OK, "ready\n")
               : request_answer(request, MHD_HTTP_SERVICE_UNAVAILABLE, "not ready\n");
}
