#ifndef WEBHOOK_SERVER_P_H
#define WEBHOOK_SERVER_P_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "webhook/address.h"
#include "webhook/connections.h"
#include "webhook/handshake.h"
#include "webhook/intake.h"
#include "webhook/server.h"

/* Private to server.c (the daemons, METRICS_LISTEN) and request.c (one request of LISTEN). */

#define BODY_MAX ((size_t)1 << 20)
/* While there is no secret, any body may be a stranger's: a handshake has some 80 bytes. */
#define UNSIGNED_MAX ((size_t)1 << 10)
/* Total of all bodies that are being received. Buffers double, so it can take twice as much
 * memory. */
#define BODIES_MAX ((size_t)32 << 20)

struct server {
    const struct settings *settings;
    struct dispatch *dispatch;
    struct metrics *metrics;
    struct connections *connections;
    struct intake *intake;
    struct handshake *handshake;
    struct MHD_Daemon *daemon;
    struct MHD_Daemon *status; /* METRICS_LISTEN; NULL: off */
    atomic_bool stopping;

    /* used by libmicrohttpd's thread only: */
    struct rate *rate;
};

/* Answers. A refused client is cut off afterward. allow: the methods of a path; NULL unless the
 * request used another one. */
enum MHD_Result server_answer(struct MHD_Connection *connection, unsigned status, const char *type,
                              const char *text, const char *allow);
/* Whether events can be stored. Without a secret they cannot, but then the handshake must get
 * through, so that counts as ready. */
bool server_ready(struct server *server);

enum resource { RESOURCE_NONE, RESOURCE_NOTION, RESOURCE_HEALTH, RESOURCE_READY };

struct request {
    struct server *server;
    struct MHD_Connection *connection;
    enum resource resource;
    const char *path; /* its beginning, in printable ASCII */
    bool signed_body; /* the header that a signature requires is present */
    bool overload;    /* there are too many bodies, so this one is not kept */
    bool storing;     /* suspended while its event is being stored */
    bool metered;     /* the client is not a trusted proxy */
    bool settled;     /* genuine, or charged to its client */
    struct timespec started;
    struct address client;
    size_t received; /* bytes of the body received, kept or not */
    struct buf body;
    size_t counted; /* its part of the bodies in hand */
    struct arena *arena;
    struct event event;
    struct intake_item item;
};

enum MHD_Result request_handle(void *context, struct MHD_Connection *connection, const char *url,
                               const char *method, const char *version, const char *data,
                               size_t *size, void **state);
void request_completed(void *context, struct MHD_Connection *connection, void **state,
                       enum MHD_RequestTerminationCode why);
/* intake_done: wakes the request up. */
void notion_stored(void *context, struct intake_item *item);

#endif
