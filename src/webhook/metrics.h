#ifndef WEBHOOK_METRICS_H
#define WEBHOOK_METRICS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* How a request to POST /notion ended. */
enum outcome {
    OUTCOME_ACCEPTED,  /* stored, or a duplicate of a stored event */
    OUTCOME_DUPLICATE, /* also counted among the accepted */
    OUTCOME_IGNORED,   /* a type that has no effect */
    OUTCOME_OWN,       /* caused by the integration itself */
    OUTCOME_UNROUTED,  /* no repository is concerned */
    OUTCOME_HANDSHAKE,
    OUTCOME_SIGNATURE,    /* 401 */
    OUTCOME_MALFORMED,    /* 400 */
    OUTCOME_TOO_LARGE,    /* 413 */
    OUTCOME_RATE,         /* 429 */
    OUTCOME_UNCONFIGURED, /* 503: no secret yet */
    OUTCOME_SPOOL,        /* 503: not stored */
    OUTCOME_OVERLOAD,     /* 503: too many in hand, or stopping */
    OUTCOME_SLOW,         /* cut off */
    OUTCOME_CROWD,        /* cut off: too many connections */
    OUTCOME_COUNT
};

enum dispatch_outcome { DISPATCH_DONE, DISPATCH_FAILED, DISPATCH_REFUSED, DISPATCH_COUNT };

#define LATENCY_BUCKETS 12

/* Counters that any thread adds to; all zero at the start. */
struct metrics {
    atomic_llong outcomes[OUTCOME_COUNT];
    atomic_llong latency[LATENCY_BUCKETS + 1]; /* the last: slower than all bounds */
    atomic_llong latency_sum;                  /* microseconds */
    atomic_llong dispatches[DISPATCH_COUNT];
    atomic_llong pages_dispatched;
    atomic_llong hints_dropped; /* set aside because GitHub refused them by themselves */
    atomic_llong depth;         /* hints in the spool */
    atomic_llong oldest;        /* clock_wall() when the oldest of them was received; 0: none */
    atomic_llong events_stored;
    atomic_llong connections;
    atomic_llong bodies; /* bytes of bodies in hand */
};

void metrics_count(struct metrics *metrics, enum outcome outcome);
/* Records that an answer to POST /notion took so many microseconds. */
void metrics_latency(struct metrics *metrics, int64_t microseconds);

/* All metrics in Prometheus's text format (prometheus.io/docs/instrumenting/exposition_formats).
 * now: clock_wall(). */
void metrics_write(struct metrics *metrics, int64_t now, struct buf *out);

#endif
