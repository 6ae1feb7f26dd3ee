#include "webhook/server.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "webhook/journal.h"
#include "webhook/server_p.h"

/* Limit for a request's line and headers, including buffers (bytes). */
#define HEADERS_MAX ((size_t)16 * 1024)
/* A silent connection ends after this many seconds of real time. */
#define SILENCE 20U
/* How long requests under way at a stop may take (ms of real time). */
#define DRAIN 5000
/* Connections of METRICS_LISTEN. */
#define STATUS_CONNECTIONS 16U
/* How many requests an address may send at once, in seconds of its rate. */
#define BURST 4

#define METRICS_MAX ((size_t)64 * 1024)

/* Answers to GET /metrics and GET /readyz on METRICS_LISTEN, which strangers cannot reach. */

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

static enum MHD_Result
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

static void
note_trouble(void *context, const char *format, va_list args)
{
    char text[256];

    (void)context;
    vsnprintf(text, sizeof(text), format, args);
    text[strcspn(text, "\n")] = '\0';
    journal(LOG_DEBUG, "connection trouble", JOURNAL_TEXT("problem", text));
}

/* libmicrohttpd's strict mode: it refuses what RFC 9112 requires it to refuse, such as
 * contradicting lengths, which can hide one request inside another from a proxy. */
#if MHD_VERSION >= 0x01000000
#define STRICT MHD_OPTION_CLIENT_DISCIPLINE_LVL
#else
#define STRICT MHD_OPTION_STRICT_FOR_CLIENT
#endif

static struct MHD_Daemon *
start_daemon(const struct sockaddr_storage *address, MHD_AccessHandlerCallback handler,
             struct server *server, unsigned connections, const struct MHD_OptionItem *more)
{
    unsigned flags = MHD_USE_AUTO_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;

    if (address->ss_family == AF_INET6)
        flags |= MHD_USE_DUAL_STACK;
    return MHD_start_daemon(
        flags, 0, NULL, NULL, handler, server, MHD_OPTION_EXTERNAL_LOGGER, note_trouble, NULL,
        MHD_OPTION_SOCK_ADDR, (const struct sockaddr *)address, MHD_OPTION_CONNECTION_LIMIT,
        connections, MHD_OPTION_CONNECTION_TIMEOUT, SILENCE, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        HEADERS_MAX, STRICT, 1, MHD_OPTION_ARRAY, more, MHD_OPTION_END);
}

static void
tell_address(const char *event, const char *address, struct MHD_Daemon *daemon)
{
    journal_notice(
        event,
        (const struct journal_field[]){
            JOURNAL_TEXT("address", address),
            JOURNAL_NUMBER("port", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port),
            {0}});
}

static bool
start_main(struct server *server, struct err *err)
{
    const struct settings *settings = server->settings;
    const struct MHD_OptionItem more[] = {
        {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)request_completed, server},
        {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)connections_notify, server->connections},
        {MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024, NULL},
        {MHD_OPTION_END, 0, NULL},
    };

    server->daemon = start_daemon(&settings->address, request_handle, server,
                                  connections_room(server->connections), more);
    if (server->daemon == NULL)
        return err_set(err, ERR_INPUT,
                       "LISTEN: %s cannot be listened on: is the port taken or not allowed?",
                       settings->listen);
    tell_address("listening", settings->listen, server->daemon);
    return true;
}

static bool
start_status(struct server *server, struct err *err)
{
    static const struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    const struct settings *settings = server->settings;

    if (*settings->metrics_listen == '\0')
        return true;
    server->status =
        start_daemon(&settings->metrics_address, status_handle, server, STATUS_CONNECTIONS, none);
    if (server->status != NULL)
        tell_address("metrics", settings->metrics_listen, server->status);
    else if (settings->metrics_asked)
        return err_set(
            err, ERR_INPUT,
            "METRICS_LISTEN: %s cannot be listened on: is the port taken or not allowed?",
            settings->metrics_listen);
    else
        journal(LOG_WARNING, "no metrics", JOURNAL_TEXT("address", settings->metrics_listen),
                JOURNAL_TEXT("problem", "it cannot be listened on: another program has it"),
                JOURNAL_TEXT("cure", "set METRICS_LISTEN to another address, or to nothing"));
    return true;
}

struct server *
server_start(const struct settings *settings, struct spool *spool, struct dispatch *dispatch,
             struct metrics *metrics, struct err *err)
{
    struct server *server = mem_alloc(sizeof(*server));

    server->settings = settings;
    server->dispatch = dispatch;
    server->metrics = metrics;
    server->connections = connections_new(settings, metrics);
    server->handshake = handshake_new(clock_now());
    server->rate = rate_new(settings->rate, settings->rate * BURST);
    server->intake = intake_start(spool, notion_stored, server);
    if (start_main(server, err) && start_status(server, err))
        return server;
    server_stop(server);
    return NULL;
}

void
server_tick(struct server *server)
{
    connections_sweep(server->connections);
    handshake_tick(server->handshake, clock_now());
    if (intake_failing(server->intake))
        intake_probe(server->intake);
}

void
server_stop(struct server *server)
{
    const struct timespec step = {.tv_nsec = 10 * 1000000};
    int fd = -1;

    if (server == NULL)
        return;
    if (server->daemon != NULL) {
        atomic_store(&server->stopping, true);
        fd = MHD_quiesce_daemon(server->daemon);
        for (int waited = 0; waited < DRAIN && connections_busy(server->connections) > 0;
             waited += 10) {
            connections_sweep(server->connections);
            nanosleep(&step, NULL);
        }
    }
    /* Suspended requests must be resumed before the daemon ends: they are resumed when they are
     * stored. Its threads may still hand in more, which is refused. */
    intake_stop(server->intake);
    if (server->daemon != NULL)
        MHD_stop_daemon(server->daemon);
    if (server->status != NULL)
        MHD_stop_daemon(server->status);
    intake_free(server->intake);
    if (fd != -1)
        close(fd);
    handshake_free(server->handshake);
    connections_free(server->connections);
    rate_free(server->rate);
    mem_free(server);
}
