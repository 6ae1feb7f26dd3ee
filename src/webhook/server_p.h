#ifndef WEBHOOK_SERVER_P_H
#define WEBHOOK_SERVER_P_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "webhook/connections.h"
#include "webhook/intake.h"
#include "webhook/rate.h"
#include "webhook/server.h"

/* Private to server.c (the daemon), request.c (one request) and notion.c (POST /notion). */

#define BODY_MAX ((size_t)1 << 20)
/* Of all bodies that are being received. */
#define BODIES_MAX ((size_t)64 << 20)
/* Verification tokens that are shown in the log, each once: nobody can fill the log with them. */
#define TOKENS_MAX 5

struct server {
    const struct settings *settings;
    struct dispatch *dispatch;
    struct metrics *metrics;
    struct connections *connections;
    struct intake *intake;
    struct MHD_Daemon *daemon;
    atomic_bool stopping;

    /* libmicrohttpd's thread alone: */
    struct rate *rate;
    size_t bodies; /* bytes of bodies in hand */
    char *tokens[TOKENS_MAX];
    size_t n_tokens;
};

enum resource { RESOURCE_NONE, RESOURCE_NOTION, RESOURCE_HEALTH, RESOURCE_READY, RESOURCE_METRICS };

struct request {
    struct server *server;
    struct MHD_Connection *connection;
    enum resource resource;
    const char *path; /* its beginning, in printable ASCII */
    bool too_much;    /* the body is over its limit, or all are: the rest is not kept */
    bool storing;     /* suspended while its event is being stored */
    bool refund;      /* it proved genuine */
    struct timespec started;
    struct address client;
    struct buf body;
    size_t counted; /* of server->bodies */
    struct arena *arena;
    struct event event;
    struct intake_item item;
};

/* request.c */
enum MHD_Result request_handle(void *context, struct MHD_Connection *connection, const char *url,
                               const char *method, const char *version, const char *data,
                               size_t *size, void **state);
void request_completed(void *context, struct MHD_Connection *connection, void **state,
                       enum MHD_RequestTerminationCode why);
/* Answers with a line of text; what is no 200 is noted in the log. */
enum MHD_Result request_answer(struct request *request, unsigned status, const char *text);

/* notion.c */

/* Before the body is read: whether the request is to be answered at once, with *result. */
bool notion_refuses(struct request *request, enum MHD_Result *result);
/* Once the body is there: answers, or suspends the request. */
enum MHD_Result notion_handle(struct request *request);
/* After the event was stored, or not. */
enum MHD_Result notion_finish(struct request *request);
/* intake_done: wakes the request up. */
void notion_stored(void *context, struct intake_item *item);

#endif
