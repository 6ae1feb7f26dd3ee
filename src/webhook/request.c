#include <string.h>
#include <time.h>

#include "webhook/journal.h"
#include "webhook/server_p.h"
#include "webhook/wall.h"

#define METRICS_MAX ((size_t)64 * 1024)
/* Seconds after which a client that was turned away may come back. */
#define RETRY_AFTER "30"

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
        {"/metrics", RESOURCE_METRICS},
    };

    for (size_t i = 0; i < sizeof(resources) / sizeof(resources[0]); i++)
        if (strcmp(url, resources[i].url) == 0)
            return resources[i].resource;
    return RESOURCE_NONE;
}

static enum MHD_Result
send_text(struct request *request, unsigned status, const char *type, const char *text)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        strlen(text), arena_strdup(request->arena, text), MHD_RESPMEM_MUST_COPY);
    enum MHD_Result result;

    if (response == NULL)
        return MHD_NO;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    if (status == MHD_HTTP_TOO_MANY_REQUESTS || status == MHD_HTTP_SERVICE_UNAVAILABLE)
        MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, RETRY_AFTER);
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW,
                                request->resource == RESOURCE_NOTION ? "POST" : "GET");
    result = MHD_queue_response(request->connection, status, response);
    MHD_destroy_response(response);
    return result;
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
    return send_text(request, status, "text/plain; charset=utf-8", text);
}

/* Who is behind the proxies that are trusted. */
static struct address
client_of(const struct request *request)
{
    const struct settings *settings = request->server->settings;
    const struct address peer =
        address_of(MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)
                       ->client_addr);

    return address_client(
        &peer, MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "X-Forwarded-For"),
        settings->proxies, settings->n_proxies);
}

/* libmicrohttpd has decoded it: any bytes may stand there. */
static const char *
shown_path(struct arena *arena, const char *url)
{
    char *text = arena_printf(arena, "%.200s", url);

    for (char *c = text; *c != '\0'; c++)
        if (*c < ' ' || *c > '~')
            *c = '?';
    return text;
}

static struct request *
request_new(struct server *server, struct MHD_Connection *connection, const char *url)
{
    struct request *request = mem_alloc(sizeof(*request));

    request->server = server;
    request->connection = connection;
    request->resource = resource_of(url);
    request->client = client_of(request);
    request->arena = arena_new();
    request->path = shown_path(request->arena, url);
    buf_init(&request->body, BODY_MAX);
    clock_gettime(CLOCK_MONOTONIC, &request->started);
    connections_begin(server->connections, connection);
    return request;
}

static int64_t
microseconds_since(const struct timespec *start)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)(now.tv_sec - start->tv_sec) * 1000000 + (now.tv_nsec - start->tv_nsec) / 1000;
}

void
request_completed(void *context, struct MHD_Connection *connection, void **state,
                  enum MHD_RequestTerminationCode why)
{
    struct server *server = context;
    struct request *request = *state;

    (void)why;
    if (request == NULL)
        return;
    *state = NULL;
    if (request->resource == RESOURCE_NOTION)
        metrics_latency(server->metrics, microseconds_since(&request->started));
    if (request->refund)
        rate_give(server->rate, &request->client);
    server->bodies -= request->counted;
    connections_end(server->connections, connection);
    buf_release(&request->body);
    arena_free(request->arena);
    mem_free(request);
}

static void
receive(struct request *request, const char *data, size_t size)
{
    struct server *server = request->server;

    if (request->too_much)
        return;
    if (request->resource != RESOURCE_NOTION || server->bodies + size > BODIES_MAX ||
        !buf_add(&request->body, data, size)) {
        request->too_much = true;
        return;
    }
    server->bodies += size;
    request->counted += size;
}

static enum MHD_Result
ready(struct request *request)
{
    const struct server *server = request->server;

    if (atomic_load(&server->stopping))
        return request_answer(request, MHD_HTTP_SERVICE_UNAVAILABLE, "stopping\n");
    if (intake_failing(server->intake))
        return request_answer(request, MHD_HTTP_SERVICE_UNAVAILABLE, "the spool fails\n");
    /* Not ready for events, but it must be reached by the handshake. */
    return request_answer(request, MHD_HTTP_OK,
                          server->settings->n_secrets > 0 ? "ready\n"
                                                          : "waiting for Notion's handshake\n");
}

static enum MHD_Result
metrics(struct request *request)
{
    struct buf text;
    enum MHD_Result result;

    buf_init(&text, METRICS_MAX);
    metrics_write(request->server->metrics, wall_now(), &text);
    result = send_text(request, MHD_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8",
                       buf_text(&text));
    buf_release(&text);
    return result;
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
        return ready(request);
    case RESOURCE_METRICS:
        return metrics(request);
    case RESOURCE_NONE:
        break;
    }
    return request_answer(request, MHD_HTTP_NOT_FOUND, "not found\n");
}

static bool
is_allowed(const struct request *request, const char *method)
{
    if (request->resource == RESOURCE_NONE)
        return true;
    if (request->resource == RESOURCE_NOTION)
        return strcmp(method, MHD_HTTP_METHOD_POST) == 0;
    return strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
}

/* The headers are there, the body is not. */
static enum MHD_Result
begin(struct request *request, const char *method)
{
    enum MHD_Result result;

    if (!is_allowed(request, method))
        return request_answer(request, MHD_HTTP_METHOD_NOT_ALLOWED, "method not allowed\n");
    if (request->resource == RESOURCE_NOTION && notion_refuses(request, &result))
        return result;
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
        receive(request, data, *size);
        *size = 0;
        return MHD_YES;
    }
    return handle(request);
}
