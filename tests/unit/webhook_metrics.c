#include "webhook/metrics.h"

#include "webhook_test.h"

static void
expect(struct metrics *metrics, int64_t now, const char *line)
{
    struct buf text;

    buf_init(&text, 65536);
    metrics_write(metrics, now, &text);
    assert_false(text.full);
    if (strstr(buf_text(&text), line) == NULL)
        fail_msg("no %s in\n%s", line, buf_text(&text));
    buf_release(&text);
}

static void
test_counts(void **state)
{
    struct metrics metrics = {0};

    (void)state;
    expect(&metrics, 0, "\nnotion_sync_webhook_events_accepted_total 0\n");
    metrics_count(&metrics, OUTCOME_ACCEPTED);
    metrics_count(&metrics, OUTCOME_OWN);
    metrics_count(&metrics, OUTCOME_SLOW);
    metrics_count(&metrics, OUTCOME_SLOW);
    expect(&metrics, 0, "\nnotion_sync_webhook_events_accepted_total 1\n");
    expect(&metrics, 0, "_events_dropped_total{reason=\"own\"} 1\n");
    expect(&metrics, 0, "_requests_rejected_total{cause=\"slow\"} 2\n");
    expect(&metrics, 0, "_requests_rejected_total{cause=\"spool\"} 0\n");
}

static void
test_latency(void **state)
{
    struct metrics metrics = {0};

    (void)state;
    metrics_latency(&metrics, 0);
    metrics_latency(&metrics, 500);
    metrics_latency(&metrics, 501);
    metrics_latency(&metrics, 60000000);
    expect(&metrics, 0, "_request_seconds_bucket{le=\"0.0005\"} 2\n");
    expect(&metrics, 0, "_request_seconds_bucket{le=\"0.001\"} 3\n");
    expect(&metrics, 0, "_request_seconds_bucket{le=\"5\"} 3\n");
    expect(&metrics, 0, "_request_seconds_bucket{le=\"+Inf\"} 4\n");
    expect(&metrics, 0, "_request_seconds_count 4\n");
    expect(&metrics, 0, "_request_seconds_sum 60.001001\n");
}

static void
test_age(void **state)
{
    struct metrics metrics = {0};

    (void)state;
    expect(&metrics, 5000, "_queue_oldest_age_seconds 0\n");
    atomic_store(&metrics.oldest, 2000);
    expect(&metrics, 5999, "_queue_oldest_age_seconds 3\n");
    expect(&metrics, 1000, "_queue_oldest_age_seconds 0\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_latency),
        cmocka_unit_test(test_age),
    };

    return RUN(tests);
}
