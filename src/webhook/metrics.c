#include "webhook/metrics.h"

#include <inttypes.h>

/* Upper bounds in microseconds. */
static const int64_t bounds[LATENCY_BUCKETS] = {500,   1000,   2500,   5000,   10000,   25000,
                                                50000, 100000, 250000, 500000, 1000000, 5000000};

static const char *const outcome_names[OUTCOME_COUNT] = {
    [OUTCOME_ACCEPTED] = "accepted",   [OUTCOME_DUPLICATE] = "duplicate",
    [OUTCOME_IGNORED] = "ignored",     [OUTCOME_OWN] = "own",
    [OUTCOME_UNROUTED] = "unrouted",   [OUTCOME_HANDSHAKE] = "handshake",
    [OUTCOME_SIGNATURE] = "signature", [OUTCOME_MALFORMED] = "malformed",
    [OUTCOME_TOO_LARGE] = "too_large", [OUTCOME_RATE] = "rate",
    [OUTCOME_SLOW] = "slow",           [OUTCOME_UNCONFIGURED] = "unconfigured",
    [OUTCOME_SPOOL] = "spool",         [OUTCOME_OVERLOAD] = "overload",
    [OUTCOME_CROWD] = "crowd",
};

static const char *const dispatch_names[DISPATCH_COUNT] = {
    [DISPATCH_DONE] = "done", [DISPATCH_FAILED] = "failed", [DISPATCH_REFUSED] = "refused"};

void
metrics_count(struct metrics *metrics, enum outcome outcome)
{
    atomic_fetch_add(&metrics->outcomes[outcome], 1);
}

void
metrics_latency(struct metrics *metrics, int64_t microseconds)
{
    size_t i = 0;

    while (i < LATENCY_BUCKETS && microseconds > bounds[i])
        i++;
    atomic_fetch_add(&metrics->latency[i], 1);
    atomic_fetch_add(&metrics->latency_sum, microseconds);
}

static void
head(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_printf(out, "# HELP notion_sync_webhook_%s %s\n# TYPE notion_sync_webhook_%s %s\n", name,
               help, name, type);
}

static void
one(struct buf *out, const char *name, const char *type, const char *help, long long value)
{
    head(out, name, type, help);
    buf_printf(out, "notion_sync_webhook_%s %lld\n", name, value);
}

/* A metric with several counters, which a label names. */
static void
many(struct buf *out, const char *name, const char *help, const char *label,
     const char *const *names, atomic_llong *counters, size_t n)
{
    head(out, name, "counter", help);
    for (size_t i = 0; i < n; i++)
        buf_printf(out, "notion_sync_webhook_%s{%s=\"%s\"} %lld\n", name, label, names[i],
                   (long long)atomic_load(&counters[i]));
}

static void
write_latency(struct metrics *metrics, struct buf *out)
{
    long long total = 0;

    head(out, "request_seconds", "histogram", "From a request's headers to the end of its answer.");
    for (size_t i = 0; i <= LATENCY_BUCKETS; i++) {
        total += atomic_load(&metrics->latency[i]);
        if (i < LATENCY_BUCKETS)
            buf_printf(out, "notion_sync_webhook_request_seconds_bucket{le=\"%g\"} %lld\n",
                       (double)bounds[i] / 1e6, total);
        else
            buf_printf(out, "notion_sync_webhook_request_seconds_bucket{le=\"+Inf\"} %lld\n",
                       total);
    }
    buf_printf(out, "notion_sync_webhook_request_seconds_sum %.6f\n",
               (double)atomic_load(&metrics->latency_sum) / 1e6);
    buf_printf(out, "notion_sync_webhook_request_seconds_count %lld\n", total);
}

void
metrics_write(struct metrics *metrics, int64_t now, struct buf *out)
{
    long long oldest = atomic_load(&metrics->oldest);

    one(out, "events_accepted_total", "counter",
        "Events answered with 200 because they are stored.",
        atomic_load(&metrics->outcomes[OUTCOME_ACCEPTED]));
    one(out, "events_duplicate_total", "counter", "Of those, stored before already.",
        atomic_load(&metrics->outcomes[OUTCOME_DUPLICATE]));
    many(out, "events_dropped_total", "Events answered with 200 that nothing follows from.",
         "reason", outcome_names + OUTCOME_IGNORED, metrics->outcomes + OUTCOME_IGNORED,
         OUTCOME_UNROUTED + 1 - OUTCOME_IGNORED);
    one(out, "handshakes_total", "counter", "Verification requests of Notion that were answered.",
        atomic_load(&metrics->outcomes[OUTCOME_HANDSHAKE]));
    many(out, "requests_rejected_total", "Requests that were refused, by cause.", "cause",
         outcome_names + OUTCOME_SIGNATURE, metrics->outcomes + OUTCOME_SIGNATURE,
         OUTCOME_COUNT - OUTCOME_SIGNATURE);
    write_latency(metrics, out);
    one(out, "queue_depth", "gauge", "Pages (of a repository) that wait for a dispatch.",
        atomic_load(&metrics->depth));
    one(out, "queue_oldest_age_seconds", "gauge", "Age of what waits longest.",
        oldest > 0 && now > oldest ? (now - oldest) / 1000 : 0);
    one(out, "events_remembered", "gauge", "Event ids kept to know duplicates by.",
        atomic_load(&metrics->events_stored));
    many(out, "dispatches_total", "Requests for a repository_dispatch, by result.", "result",
         dispatch_names, metrics->dispatches, DISPATCH_COUNT);
    one(out, "pages_dispatched_total", "counter", "Pages named to GitHub in dispatches.",
        atomic_load(&metrics->pages_dispatched));
    one(out, "hints_dropped_total", "counter",
        "Pages set aside since GitHub refused to hear of them.",
        atomic_load(&metrics->hints_dropped));
    one(out, "connections", "gauge", "Open connections.", atomic_load(&metrics->connections));
    one(out, "body_bytes", "gauge", "Bytes of request bodies in memory.",
        atomic_load(&metrics->bodies));
}
