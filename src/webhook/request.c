#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/clock.h"
#include "webhook/journal.h"
#include "webhook/server_p.h"

/* As much as the headers may take. */
#define FORWARDED_MAX ((size_t)64 * 1024)

static enum resource
resource_of(const char *url)
{
    static const struct {
        const char *url;
        enum resource resource;
    } resources[] = {
        {"/notion", RESOURCE_NOTION},
        {"/healthz", RESOURCE_HEALTH},
        {"/readyz", RESOURCE_READY},
    };

    for (size_t i = 0; i < sizeof(resources) / sizeof(resources[0]); i++)
        if (strcmp(url, resources[i].url) == 0)
            return resources[i].resource;
    return RESOURCE_NONE;
}

enum MHD_Result
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

static enum MHD_Result
add_forwarded(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    if (strcasecmp(name, "X-Forwarded-For") == 0 && value != NULL)
        buf_printf(context, ",%s", value);
    return MHD_YES;
}

/* Who is behind the proxies that are trusted. A proxy may add a line of its own to those of the
 * client, so all lines count as one, in their order (RFC 9110, 5.3). */
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
    request->resource = resource_of(url);
    request->client = client_of(request);
    request->metered =
        !address_is_in(&request->client, server->settings->proxies, server->settings->n_proxies);
    request->arena = arena_new();
    request->path = path = arena_printf(request->arena, "%.200s", url);
    /* libmicrohttpd has decoded it: it may hold any bytes. */
    for (char *c = path; *c != '\0'; c++)
        if (*c < ' ' || *c > '~')
            *c = '?';
    buf_init(&request->body, notion_body_max(server->settings));
    clock_gettime(CLOCK_MONOTONIC, &request->started);
    connections_begin(server->connections, connection);
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
    connections_end(server->connections, connection);
    buf_release(&request->body);
    arena_free(request->arena);
    mem_free(request);
}

void
request_charge(struct request *request)
{
    if (request->metered && !request->settled)
        rate_charge(request->server->rate, &request->client, clock_now());
    request->settled = true;
}

/* Keeps what may have to be read; the rest passes by, up to a limit at which the client is cut
 * off: in the middle of a body no answer can be given. */
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

static enum MHD_Result
handle(struct request *request)
{
    switch (request->resource) {
    case RESOURCE_NOTION:
        return request->storing ? notion_finish(request) : notion_handle(request);
    case RESOURCE_HEALTH:
        return request_answer(request, MHD_HTTP_OK, "ok\n");
    case RESOURCE_READY:
        if (server_ready(request->server))
            return request_answer(request, MHD_HTTP_OK, "ready\n");
        return request_answer(request, MHD_HTTP_SERVICE_UNAVAILABLE, "not ready\n");
    case RESOURCE_NONE:
        break;
    }
    return MHD_NO; /* answered at the headers */
}

/* The headers are there, the body is not. */
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
    return handle(request);
}
