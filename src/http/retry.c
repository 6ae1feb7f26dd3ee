#include "http/retry.h"

#include <string.h>

#include "base/clock.h"

#define SECOND ((int64_t)1000)

/* Longer than any deadline, far from overflow. */
#define RETRY_AFTER_MAX ((int64_t)1000000000)

static struct retry_decision
retry_give_up(const char *reason)
{
    return (struct retry_decision){.action = RETRY_GIVE_UP, .reason = reason};
}

static struct retry_decision
retry_after(int64_t delay, int64_t left, int jitter, const char *reason)
{
    struct retry_decision again = {.action = RETRY_AGAIN, .reason = reason};

    if (delay >= left - jitter)
        return (struct retry_decision){
            .action = RETRY_GIVE_UP, .out_of_time = true, .reason = reason};
    again.delay = delay + jitter;
    return again;
}

static struct retry_decision
retry_limited(int64_t wait, int attempt, int64_t left, int jitter)
{
    struct retry_decision decision;

    if (attempt >= RETRY_WAITS)
        return retry_give_up("asked to wait too often");
    if (wait <= 0)
        wait = 60 * SECOND << (attempt > 1 ? attempt - 1 : 0);
    decision = retry_after(wait > SECOND ? wait : SECOND, left, jitter, "the service asks to wait");
    decision.holds_service = decision.action == RETRY_AGAIN;
    return decision;
}

static struct retry_decision
retry_failed(int64_t wait, int attempt, int64_t left, int jitter, const char *reason)
{
    int64_t delay = attempt < 5 ? SECOND << attempt : 30 * SECOND;

    if (attempt >= RETRY_ATTEMPTS)
        return retry_give_up("failed too often");
    return retry_after(wait > delay ? wait : delay, left, jitter, reason);
}

struct retry_decision
retry_next(const struct retry_verdict *verdict, enum retry_safety safety, int attempt, int64_t left,
           int jitter)
{
    switch (verdict->meaning) {
    case RETRY_LIMITED:
        return retry_limited(verdict->wait, attempt, left, jitter);
    case RETRY_TRANSIENT:
        return retry_failed(verdict->wait, attempt, left, jitter, "had no effect");
    case RETRY_UNCLEAR:
        if (safety == RETRY_LOOK_FIRST)
            return retry_give_up("it may have been done");
        return retry_failed(verdict->wait, attempt, left, jitter, "safe to repeat");
    case RETRY_DONE:
    case RETRY_FINAL:
        break;
    }
    return (struct retry_decision){.action = RETRY_RETURN, .reason = "a final answer"};
}

int64_t
retry_parse_after(const char *value, int64_t now)
{
    size_t digits = strspn(value, "0123456789");
    int64_t seconds = 0;
    int64_t date;

    if (digits == 0 || value[digits] != '\0')
        return clock_parse_http(value, &date) ? date : 0;
    for (size_t i = 0; i < digits && seconds < RETRY_AFTER_MAX; i++)
        seconds = seconds * 10 + (value[i] - '0');
    return now + (seconds < RETRY_AFTER_MAX ? seconds : RETRY_AFTER_MAX) * SECOND;
}
