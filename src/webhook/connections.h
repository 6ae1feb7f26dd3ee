#ifndef WEBHOOK_CONNECTIONS_H
#define WEBHOOK_CONNECTIONS_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "webhook/metrics.h"
#include "webhook/settings.h"

/*
 * The open connections: how many there are, who holds them, and how long each takes. libmicrohttpd
 * ends silent connections. This room cuts off connections that send a byte now and then: a request
 * must be answered within a time after the last one, or after the connection was made.
 *
 * A peer may hold a quarter of the settings' CONNECTIONS (eight at least), a trusted proxy all. If
 * there is one more, it takes the place of the one that has been idle longest: of the same peer or,
 * if all are taken, of any peer. Only if none is idle, the new one itself is cut off. So idle
 * connections, however many, keep nobody out.
 */
struct connections;

/* The settings must outlive it, the metrics too. */
MUST_USE struct connections *
connections_new(const struct settings *settings, struct metrics *metrics);
void connections_free(struct connections *connections); /* NULL is allowed */

/* How many connections libmicrohttpd must accept, so that there is room for a new one while
 * another is cut off. */
unsigned connections_room(const struct connections *connections);

/* libmicrohttpd's MHD_OPTION_NOTIFY_CONNECTION, with the connections as its context. */
void connections_notify(void *context, struct MHD_Connection *connection, void **socket_context,
                        enum MHD_ConnectionNotificationCode code);

/* A request of the connection begins, or has been answered. For libmicrohttpd's thread. */
void
connections_turn(struct connections *connections, struct MHD_Connection *connection, bool begins);

/* Cuts off those that take too long. For any thread. */
void connections_sweep(struct connections *connections);

/* Requests under way. Thread-safe. */
int connections_busy(struct connections *connections);

#endif
