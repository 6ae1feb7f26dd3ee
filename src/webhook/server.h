#ifndef WEBHOOK_SERVER_H
#define WEBHOOK_SERVER_H

#include "base/attr.h"
#include "base/err.h"
#include "webhook/dispatch.h"
#include "webhook/metrics.h"
#include "webhook/settings.h"
#include "webhook/spool.h"

/*
 * The HTTP side, by libmicrohttpd (gnu.org/software/libmicrohttpd): POST /notion, and GET /healthz,
 * /readyz and /metrics. One thread serves all connections; a request whose event is being stored is
 * suspended meanwhile.
 *
 * Answers to POST /notion: 200 stored, or nothing follows from it; 400 no event; 401 not signed by
 * who knows the secret; 413 over 1 MiB; 429 too many from one address; 503 not stored, Notion
 * repeats it.
 */
struct server;

/* Starts listening. Everything given must outlive it. NULL with ERR_INPUT where the address cannot
 * be had. */
MUST_USE struct server *
server_start(const struct settings *settings, struct spool *spool, struct dispatch *dispatch,
             struct metrics *metrics, struct err *err);

/* What must be done now and then, some times a second at most: cuts off slow clients, tries a spool
 * that failed. For one thread. */
void server_tick(struct server *server);

/* Stops listening, answers what is under way (five seconds at most), stores it, and ends. NULL is
 * allowed. */
void server_stop(struct server *server);

#endif
