#include "webhook/server.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "webhook/journal.h"
#include "webhook/server_p.h"

/* What a request's line and headers may take, buffers included (bytes). */
#define HEADERS_MAX ((size_t)16 * 1024)
/* A silent connection ends after so many seconds of real time. */
#define SILENCE 20U
/* What is under way at a stop gets so long (ms of real time). */
#define DRAIN 5000
/* Requests that an address may send at once, in seconds of its rate. */
#define BURST 4

static void
note_trouble(void *context, const char *format, va_list args)
{
    char text[256];

    (void)context;
    vsnprintf(text, sizeof(text), format, args);
    text[strcspn(text, "\n")] = '\0';
    journal(LOG_DEBUG, "connection trouble", JOURNAL_TEXT("problem", text));
}

static bool
start_daemon(struct server *server)
{
    const struct settings *settings = server->settings;
    unsigned flags = MHD_USE_AUTO_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;

    if (settings->address.ss_family == AF_INET6)
        flags |= MHD_USE_DUAL_STACK;
    server->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, request_handle, server, MHD_OPTION_EXTERNAL_LOGGER, note_trouble,
        NULL, MHD_OPTION_SOCK_ADDR, (const struct sockaddr *)&settings->address,
        MHD_OPTION_NOTIFY_COMPLETED, request_completed, server, MHD_OPTION_NOTIFY_CONNECTION,
        connections_notify, server->connections, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)settings->connections, MHD_OPTION_CONNECTION_TIMEOUT, SILENCE,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEADERS_MAX, MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U,
        MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024U, MHD_OPTION_END);
    return server->daemon != NULL;
}

struct server *
server_start(const struct settings *settings, struct spool *spool, struct dispatch *dispatch,
             struct metrics *metrics, struct err *err)
{
    struct server *server = mem_alloc(sizeof(*server));

    server->settings = settings;
    server->dispatch = dispatch;
    server->metrics = metrics;
    server->connections = connections_new(metrics);
    server->rate = rate_new(settings->rate, settings->rate * BURST);
    server->intake = intake_start(spool, notion_stored, server);
    if (start_daemon(server)) {
        journal_notice(
            "listening",
            (const struct journal_field[]){
                JOURNAL_TEXT("address", settings->listen),
                JOURNAL_NUMBER(
                    "port", MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT)->port),
                {0}});
        return server;
    }
    err_set(err, ERR_INPUT, "LISTEN: %s cannot be listened on: is the port taken or not allowed?",
            settings->listen);
    server_stop(server);
    return NULL;
}

void
server_tick(struct server *server)
{
    connections_sweep(server->connections);
    if (intake_failing(server->intake))
        intake_probe(server->intake);
}

static void
pause_ms(long ms)
{
    const struct timespec time = {.tv_nsec = ms * 1000000};

    nanosleep(&time, NULL);
}

static void
drain(struct server *server)
{
    const long step = 10;

    for (long waited = 0; waited < DRAIN && connections_busy(server->connections) > 0;
         waited += step) {
        connections_sweep(server->connections);
        pause_ms(step);
    }
}

void
server_stop(struct server *server)
{
    int fd = -1;

    if (server == NULL)
        return;
    if (server->daemon != NULL) {
        atomic_store(&server->stopping, true);
        fd = MHD_quiesce_daemon(server->daemon);
        drain(server);
    }
    /* Suspended requests must be resumed before the daemon ends: those that are being stored
     * are. Its threads may still hand in more, which is refused. */
    intake_stop(server->intake);
    if (server->daemon != NULL)
        MHD_stop_daemon(server->daemon);
    intake_free(server->intake);
    if (fd != -1)
        close(fd);
    connections_free(server->connections);
    rate_free(server->rate);
    for (size_t i = 0; i < server->n_tokens; i++)
        mem_free(server->tokens[i]);
    mem_free(server);
}
