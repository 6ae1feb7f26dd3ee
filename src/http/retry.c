#include "http/retry.h"

#include <string.h>

#include "base/clock.h"

#define SECOND ((int64_t)1000)

/* Longer than any deadline, far from overflow. */
#define RETRY_AFTER_MAX ((int64_t)1000000000)

/* AGAIN after the delay, GIVE_UP if no time is left for it. */
static struct retry_decision
retry_after(int64_t delay, int64_t left, int jitter)
{
    if (delay >= left - jitter)
        return (struct retry_decision){.action = RETRY_GIVE_UP, .out_of_time = true};
    return (struct retry_decision){.action = RETRY_AGAIN, .delay = delay + jitter};
}

struct retry_decision
retry_next(const struct retry_verdict *verdict, enum retry_safety safety, int attempt, int64_t left,
           int jitter)
{
    int64_t delay = attempt < 5 ? SECOND << attempt : 30 * SECOND;
    struct retry_decision decision;

    switch (verdict->meaning) {
    case RETRY_LIMITED:
        if (attempt >= RETRY_WAITS)
            return (struct retry_decision){.action = RETRY_GIVE_UP};
        delay = verdict->wait > 0 ? verdict->wait : 60 * SECOND << (attempt > 1 ? attempt - 1 : 0);
        decision = retry_after(delay > SECOND ? delay : SECOND, left, jitter);
        decision.holds_service = decision.action == RETRY_AGAIN;
        return decision;
    case RETRY_TRANSIENT:
    case RETRY_UNCLEAR:
        if (attempt >= RETRY_ATTEMPTS ||
            (verdict->meaning == RETRY_UNCLEAR && safety == RETRY_LOOK_FIRST))
            return (struct retry_decision){.action = RETRY_GIVE_UP};
        return retry_after(verdict->wait > delay ? verdict->wait : delay, left, jitter);
    case RETRY_DONE:
    case RETRY_FINAL:
        break;
    }
    return (struct retry_decision){.action = RETRY_RETURN};
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
