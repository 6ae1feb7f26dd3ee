#include "webhook/connections.h"

#include <pthread.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/clock.h"
#include "webhook/journal.h"

/* From the end of a request (or the start of the connection) to the end of the next (ms). Notion's
 * requests are a few KB. */
#define REQUEST_TIME ((int64_t)15 * 1000)

struct link {
    struct link *next, **here;
    int fd;
    int64_t since; /* clock_now() */
    size_t requests;
    bool busy;
    bool cut;
};

struct connections {
    struct metrics *metrics;
    pthread_mutex_t lock; /* guards the list and what is in it */
    struct link *first;
    size_t busy;
};

struct connections *
connections_new(struct metrics *metrics)
{
    struct connections *connections = mem_alloc(sizeof(*connections));

    connections->metrics = metrics;
    pthread_mutex_init(&connections->lock, NULL);
    return connections;
}

void
connections_free(struct connections *connections)
{
    if (connections != NULL)
        pthread_mutex_destroy(&connections->lock);
    mem_free(connections);
}

static void
opened(struct connections *connections, int fd, void **socket_context)
{
    struct link *link = mem_alloc(sizeof(*link));

    link->fd = fd;
    link->since = clock_now();
    link->next = connections->first;
    link->here = &connections->first;
    if (link->next != NULL)
        link->next->here = &link->next;
    connections->first = link;
    *socket_context = link;
}

static void
closed(struct link *link)
{
    *link->here = link->next;
    if (link->next != NULL)
        link->next->here = link->here;
    mem_free(link);
}

void
connections_notify(void *context, struct MHD_Connection *connection, void **socket_context,
                   enum MHD_ConnectionNotificationCode code)
{
    struct connections *connections = context;

    pthread_mutex_lock(&connections->lock);
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        opened(connections,
               MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd,
               socket_context);
        atomic_fetch_add(&connections->metrics->connections, 1);
    } else if (*socket_context != NULL) {
        closed(*socket_context);
        *socket_context = NULL;
        atomic_fetch_sub(&connections->metrics->connections, 1);
    }
    pthread_mutex_unlock(&connections->lock);
}

static struct link *
link_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

void
connections_begin(struct connections *connections, struct MHD_Connection *connection)
{
    struct link *link = link_of(connection);

    pthread_mutex_lock(&connections->lock);
    link->busy = true;
    connections->busy++;
    pthread_mutex_unlock(&connections->lock);
}

void
connections_end(struct connections *connections, struct MHD_Connection *connection)
{
    struct link *link = link_of(connection);

    pthread_mutex_lock(&connections->lock);
    link->busy = false;
    link->requests++;
    link->since = clock_now();
    connections->busy--;
    pthread_mutex_unlock(&connections->lock);
}

void
connections_sweep(struct connections *connections)
{
    int64_t now = clock_now();

    pthread_mutex_lock(&connections->lock);
    for (struct link *link = connections->first; link != NULL; link = link->next) {
        if (link->cut || now - link->since < REQUEST_TIME)
            continue;
        link->cut = true;
        /* libmicrohttpd closes it when it sees the end. It cannot do so before this lock is let
         * go, so the descriptor is still this connection's. */
        shutdown(link->fd, SHUT_RDWR);
        if (link->busy || link->requests == 0)
            metrics_count(connections->metrics, OUTCOME_SLOW);
    }
    pthread_mutex_unlock(&connections->lock);
}

size_t
connections_busy(struct connections *connections)
{
    size_t busy;

    pthread_mutex_lock(&connections->lock);
    busy = connections->busy;
    pthread_mutex_unlock(&connections->lock);
    return busy;
}
