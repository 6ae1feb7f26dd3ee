#include "webhook/connections.h"

#include <pthread.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/clock.h"
#include "webhook/journal.h"

/* Time from the end of a request (or the start of the connection) to the end of the next (ms).
 * Notion's requests are a few KB. */
#define REQUEST_TIME ((int64_t)15 * 1000)
/* A peer's share of all connections, and the least that it may hold. */
#define PEER_SHARE 4
#define PEER_LEAST 8
/* Connections that were cut off but that libmicrohttpd has not closed yet. */
#define SPARE 64
/* A connection this new may hold a request that was not read yet (ms of real time). */
#define GRACE 100

struct peer_connection {
    struct peer_connection *next, **here;
    int fd;
    struct address peer; /* its group */
    bool proxy;
    int64_t since; /* clock_now() */
    int64_t rests; /* when it became so, in ms of real time */
    size_t requests;
    bool busy;
    bool cut;
};

struct connections {
    const struct settings *settings;
    struct metrics *metrics;
    size_t most, most_of_peer;
    pthread_mutex_t lock; /* guards the list and its entries */
    struct peer_connection *first;
    atomic_int busy; /* requests under way */
};

struct connections *
connections_new(const struct settings *settings, struct metrics *metrics)
{
    struct connections *connections = mem_alloc(sizeof(*connections));
    size_t share = (size_t)settings->connections / PEER_SHARE;

    connections->settings = settings;
    connections->metrics = metrics;
    connections->most = (size_t)settings->connections;
    connections->most_of_peer = share > PEER_LEAST ? share : PEER_LEAST;
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

unsigned
connections_room(const struct connections *connections)
{
    return (unsigned)connections->most + SPARE;
}

/* libmicrohttpd closes the connection when it sees the end. It cannot do so before the lock is
 * released, so the descriptor is still this connection's. The caller holds the lock. */
static void
cut(struct peer_connection *link)
{
    link->cut = true;
    shutdown(link->fd, SHUT_RDWR);
}

/* Ends one connection if there are more than `most`, of the newest one's peer or of all. */
static void
make_room(struct connections *connections, struct peer_connection *newest, bool of_peer,
          size_t most)
{
    struct peer_connection *victim = newest;
    size_t n = 0;

    for (struct peer_connection *link = connections->first; link != NULL; link = link->next) {
        if (link->cut || (of_peer && memcmp(&link->peer, &newest->peer, sizeof(link->peer)) != 0))
            continue;
        n++;
        /* The list begins with the newest: if several are equal, the oldest goes. */
        if (!link->busy && newest->rests - link->rests >= GRACE &&
            (victim == newest || link->rests <= victim->rests))
            victim = link;
    }
    if (n > most) {
        if (victim == newest)
            metrics_count(connections->metrics, OUTCOME_CROWD);
        cut(victim);
    }
}

static void
opened(struct connections *connections, struct MHD_Connection *connection, void **socket_context)
{
    struct peer_connection *link = mem_alloc(sizeof(*link));
    const struct address peer = address_of(
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr);

    link->fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    link->peer = address_group(&peer);
    link->proxy =
        address_is_in(&peer, connections->settings->proxies, connections->settings->n_proxies);
    link->since = clock_now();
    link->rests = clock_real();
    link->next = connections->first;
    link->here = &connections->first;
    if (link->next != NULL)
        link->next->here = &link->next;
    connections->first = link;
    *socket_context = link;
    if (!link->proxy)
        make_room(connections, link, true, connections->most_of_peer);
    if (!link->cut)
        make_room(connections, link, false, connections->most);
}

void
connections_notify(void *context, struct MHD_Connection *connection, void **socket_context,
                   enum MHD_ConnectionNotificationCode code)
{
    struct connections *connections = context;
    struct peer_connection *link = *socket_context;

    pthread_mutex_lock(&connections->lock);
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        opened(connections, connection, socket_context);
        atomic_fetch_add(&connections->metrics->connections, 1);
    } else if (link != NULL) {
        *link->here = link->next;
        if (link->next != NULL)
            link->next->here = link->here;
        mem_free(link);
        *socket_context = NULL;
        atomic_fetch_sub(&connections->metrics->connections, 1);
    }
    pthread_mutex_unlock(&connections->lock);
}

void
connections_turn(struct connections *connections, struct MHD_Connection *connection, bool begins)
{
    struct peer_connection *link =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;

    pthread_mutex_lock(&connections->lock);
    link->busy = begins;
    if (!begins) {
        link->requests++;
        link->since = clock_now();
        link->rests = clock_real();
    }
    pthread_mutex_unlock(&connections->lock);
    atomic_fetch_add(&connections->busy, begins ? 1 : -1);
}

int
connections_busy(struct connections *connections)
{
    return atomic_load(&connections->busy);
}

void
connections_sweep(struct connections *connections)
{
    int64_t now = clock_now();

    pthread_mutex_lock(&connections->lock);
    for (struct peer_connection *link = connections->first; link != NULL; link = link->next) {
        if (link->cut || now - link->since < REQUEST_TIME)
            continue;
        cut(link);
        if (link->busy || link->requests == 0)
            metrics_count(connections->metrics, OUTCOME_SLOW);
    }
    pthread_mutex_unlock(&connections->lock);
}
