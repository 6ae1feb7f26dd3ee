#ifndef WEBHOOK_SERVER_H
#define WEBHOOK_SERVER_H

#include "base/attr.h"
#include "base/err.h"
#include "webhook/dispatch.h"
#include "webhook/metrics.h"
#include "webhook/settings.h"
#include "webhook/spool.h"

/*
 * The HTTP side, by libmicrohttpd (gnu.org/software/libmicrohttpd). LISTEN, which strangers reach:
 * POST /notion, GET /healthz and GET /readyz. METRICS_LISTEN, which they do not: GET /metrics and
 * GET /readyz with its details. A thread each; a request whose event is being stored is suspended
 * meanwhile.
 *
 * Answers to POST /notion: 200 stored, or nothing follows from it; 400 no event; 401 not signed by
 * who knows the secret; 413 over 1 MiB; 503 not stored, Notion repeats it. Any path: 429 too many
 * from one client.
 */
struct server;

/* Starts listening. Everything given must outlive it. NULL with ERR_INPUT if an address cannot be
 * had, unless it is that of METRICS_LISTEN and nobody asked for it: that is a warning. */
MUST_USE struct server *
server_start(const struct settings *settings, struct spool *spool, struct dispatch *dispatch,
             struct metrics *metrics, struct err *err);

/* What must be done now and then, some times a second at most: cuts off slow clients, shows
 * verification tokens that had to wait, tries a spool that failed. For one thread. */
void server_tick(struct server *server);

/* Stops listening, answers what is under way (five seconds at most), stores it, and ends. NULL is
 * allowed. */
void server_stop(struct server *server);

#endif
