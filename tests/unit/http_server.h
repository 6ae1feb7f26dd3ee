#ifndef TESTS_UNIT_HTTP_SERVER_H
#define TESTS_UNIT_HTTP_SERVER_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"

/*
 * A scripted HTTP/1.1 server on 127.0.0.1 for the tests: the n-th request gets the n-th reply, the
 * last reply serves all later ones. It also owns the file that is the program's clock.
 */

#define SERVER_REQUESTS     64
#define SERVER_REQUEST_SIZE ((size_t)4 * 1024 * 1024)

struct reply {
    const char *text; /* the whole answer; NULL: none */
    size_t length;    /* 0: strlen */
    int64_t advance;  /* the clock is moved forward by this first */
    bool lingers; /* answers a little later, so that what should not come at the same time could */
    int wait_for; /* answers only once so many requests came in */
    bool hang;    /* leaves the connection open after text until the client closes it, and
                          continues moving the clock */
    bool close;   /* closes it after text */
    bool interrupts; /* asks the program to stop first */
};

struct server {
    int listener, stop[2], port;
    char url[64];
    pthread_t thread;
    pthread_t workers[SERVER_REQUESTS];
    int worker_count;
    const struct reply *replies;
    int reply_count;

    pthread_mutex_t lock;
    pthread_cond_t came;
    int count, under_way, peak;
    char *requests[SERVER_REQUESTS];
    int64_t at[SERVER_REQUESTS]; /* the clock when the request came */
};

static _Atomic int64_t *server_clock;

static inline void
server_clock_open(int64_t start)
{
    char path[] = "/tmp/clock-XXXXXX";
    int fd = mkstemp(path);

    if (fd == -1 || ftruncate(fd, sizeof(int64_t)) == -1)
        abort();
    server_clock = mmap(NULL, sizeof(int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (server_clock == MAP_FAILED)
        abort();
    atomic_store(server_clock, start);
    setenv("NOTION_SYNC_CLOCK", path, 1);
    if (!clock_init(NULL))
        abort();
    close(fd);
    unlink(path);
}

struct server_connection {
    struct server *server;
    int fd;
};

/* Waits for bytes or the end of the connection, the clock moving by advance every few ms; false
 * if the server is to end. */
static inline bool
server_wait_readable(struct server *server, int fd, int64_t advance)
{
    struct pollfd wait[] = {{.fd = fd, .events = POLLIN},
                            {.fd = server->stop[0], .events = POLLIN}};

    while (poll(wait, 2, advance > 0 ? 5 : -1) <= 0)
        atomic_fetch_add(server_clock, advance);
    return wait[1].revents == 0;
}

/* One whole request as a heap string, NULL at the end of the connection. */
static inline char *
server_read(struct server *server, int fd)
{
    size_t size = 0;
    char *text = calloc(1, SERVER_REQUEST_SIZE);

    if (text == NULL)
        abort();
    while (server_wait_readable(server, fd, 0)) {
        ssize_t got = read(fd, text + size, SERVER_REQUEST_SIZE - 1 - size);
        char *end;
        char *length;

        if (got <= 0)
            break;
        size += (size_t)got;
        end = strstr(text, "\r\n\r\n");
        if (end == NULL)
            continue;
        length = strcasestr(text, "\r\ncontent-length:");
        if (size >= (size_t)(end - text) + 4 +
                        (length != NULL && length < end ? strtoul(length + 17, NULL, 10) : 0))
            return text;
    }
    free(text);
    return NULL;
}

static inline void
server_write(int fd, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t put = send(fd, text, length, MSG_NOSIGNAL);

        if (put <= 0)
            return;
        text += put;
        length -= (size_t)put;
    }
}

static const struct reply *
server_take(struct server *server, char *request)
{
    const struct reply *reply;
    int number;

    pthread_mutex_lock(&server->lock);
    number = server->count++;
    if (number >= SERVER_REQUESTS || server->reply_count == 0)
        abort();
    server->requests[number] = request;
    server->at[number] = clock_now();
    reply = &server->replies[number < server->reply_count ? number : server->reply_count - 1];
    if (++server->under_way > server->peak)
        server->peak = server->under_way;
    pthread_cond_broadcast(&server->came);
    while (server->count < reply->wait_for)
        pthread_cond_wait(&server->came, &server->lock);
    pthread_mutex_unlock(&server->lock);
    return reply;
}

static inline bool
server_answer(struct server *server, int fd, const struct reply *reply)
{
    char byte;

    if (reply->interrupts)
        clock_interrupt();
    if (reply->lingers)
        poll(NULL, 0, 5);
    atomic_fetch_add(server_clock, reply->advance);
    pthread_mutex_lock(&server->lock);
    server->under_way--;
    pthread_mutex_unlock(&server->lock);
    if (reply->text != NULL)
        server_write(fd, reply->text, reply->length > 0 ? reply->length : strlen(reply->text));
    if (reply->hang && server_wait_readable(server, fd, reply->advance) && read(fd, &byte, 1) > 0)
        abort();
    return !reply->hang && !reply->close;
}

static inline void *
server_serve(void *context)
{
    struct server_connection *connection = context;
    struct server *server = connection->server;
    int fd = connection->fd;
    char *request;

    free(connection);
    while ((request = server_read(server, fd)) != NULL)
        if (!server_answer(server, fd, server_take(server, request)))
            break;
    close(fd);
    return NULL;
}

static inline void *
server_main(void *context)
{
    struct server *server = context;

    while (server_wait_readable(server, server->listener, 0)) {
        struct server_connection *connection = calloc(1, sizeof(*connection));

        if (connection == NULL || server->worker_count == SERVER_REQUESTS)
            abort();
        connection->server = server;
        connection->fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);
        pthread_create(&server->workers[server->worker_count++], NULL, server_serve, connection);
    }
    return NULL;
}

/* A socket bound to a free port of 127.0.0.1. */
static inline int
server_bind(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(fd, (struct sockaddr *)&address, size) == -1 ||
        getsockname(fd, (struct sockaddr *)&address, &size) == -1)
        abort();
    *port = ntohs(address.sin_port);
    return fd;
}

static inline void
server_start(struct server *server, const struct reply *replies, int count)
{
    *server = (struct server){.replies = replies, .reply_count = count};
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->came, NULL);
    server->listener = server_bind(&server->port);
    snprintf(server->url, sizeof(server->url), "http://127.0.0.1:%d", server->port);
    if (listen(server->listener, 64) == -1 || pipe2(server->stop, O_CLOEXEC) == -1)
        abort();
    pthread_create(&server->thread, NULL, server_main, server);
}

static inline void
server_end(struct server *server)
{
    close(server->stop[1]);
    pthread_join(server->thread, NULL);
    for (int i = 0; i < server->worker_count; i++)
        pthread_join(server->workers[i], NULL);
    close(server->stop[0]);
    close(server->listener);
    for (int i = 0; i < server->count; i++)
        free(server->requests[i]);
    pthread_mutex_destroy(&server->lock);
    pthread_cond_destroy(&server->came);
}

#endif
