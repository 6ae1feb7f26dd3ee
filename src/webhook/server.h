#ifndef WEBHOOK_SERVER_H
#define WEBHOOK_SERVER_H

#include "base/attr.h"
#include "base/err.h"
#include "webhook/dispatch.h"
#include "webhook/metrics.h"
#include "webhook/settings.h"
#include "webhook/spool.h"

/*
 * The HTTP side, by libmicrohttpd (gnu.org/software/libmicrohttpd). LISTEN, which strangers can
 * reach: POST /notion, GET /healthz and GET /readyz. METRICS_LISTEN, which they cannot: GET
 * /metrics and GET /readyz with its details. Each has a thread; a request is suspended while its
 * event is being stored.
 *
 * Answers to POST /notion: 200 stored, or without effect; 400 not an event; 401 not signed with the
 * secret; 413 over 1 MiB; 503 not stored, Notion repeats it. Any path: 429 too many from one
 * client.
 */
struct server;

/* Starts listening. All arguments must outlive it. Returns NULL with ERR_INPUT if an address is
 * not available. If that is the default address of METRICS_LISTEN, which was not set, it only
 * warns. */
MUST_USE struct server *
server_start(const struct settings *settings, struct spool *spool, struct dispatch *dispatch,
             struct metrics *metrics, struct err *err);

/* Does the regular work: cuts off slow clients, shows verification tokens that had to wait,
 * tests a spool that failed. Call it a few times a second at most, from one thread. */
void server_tick(struct server *server);

/* Stops listening, answers requests under way (five seconds at most), stores their events, and
 * ends. Accepts NULL. */
void server_stop(struct server *server);

#endif
