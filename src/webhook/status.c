#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "webhook/server_p.h"

#define METRICS_MAX ((size_t)64 * 1024)

/* What GET /metrics and GET /readyz answer on METRICS_LISTEN, which no stranger reaches. */

static enum MHD_Result
metrics(struct server *server, struct MHD_Connection *connection)
{
    enum MHD_Result result;
    struct buf text;

    buf_init(&text, METRICS_MAX);
    metrics_write(server->metrics, clock_wall(), &text);
    result = server_answer(connection, MHD_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8",
                           buf_text(&text), NULL);
    buf_release(&text);
    return result;
}

static enum MHD_Result
readiness(struct server *server, struct MHD_Connection *connection)
{
    struct json_object *json = json_new_object();
    struct arena *arena = arena_new();
    bool ready = server_ready(server);
    enum MHD_Result result;

    json_add_bool(json, "ready", ready);
    json_add_bool(json, "spool", !intake_failing(server->intake));
    json_add_bool(json, "secret", server->settings->n_secrets > 0);
    json_add_bool(json, "stopping", atomic_load(&server->stopping));
    json_add_int(json, "waiting", atomic_load(&server->metrics->depth));
    result = server_answer(connection, ready ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE,
                           "application/json",
                           arena_printf(arena, "%s\n", json_finish(arena, json)), NULL);
    arena_free(arena);
    return result;
}

enum MHD_Result
status_handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
              const char *version, const char *data, size_t *size, void **state)
{
    static const char text[] = "text/plain; charset=utf-8";

    (void)version;
    (void)data;
    (void)size;
    (void)state;
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return server_answer(connection, MHD_HTTP_METHOD_NOT_ALLOWED, text, "method not allowed\n",
                             "GET, HEAD");
    if (strcmp(url, "/metrics") == 0)
        return metrics(context, connection);
    if (strcmp(url, "/readyz") == 0)
        return readiness(context, connection);
    return server_answer(connection, MHD_HTTP_NOT_FOUND, text, "not found\n", NULL);
}
