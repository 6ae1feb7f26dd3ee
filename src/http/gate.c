#include "base/clock.h"
#include "base/log.h"
#include "http/http_p.h"

static bool
gate_ready(const struct http_service *service, bool spaced)
{
    return service->in_flight < service->max_in_flight && !(spaced && service->lead->writing);
}

/* clock_now() from which on the request may go, whoever else is under way. */
static int64_t
gate_opens(const struct http_service *service, bool spaced)
{
    int64_t from = service->lead->write_from;

    return spaced && from > service->held_until ? from : service->held_until;
}

static bool
gate_refuse(const struct http_service *service, int64_t opens, struct err *err)
{
    if (clock_interrupted())
        return err_set(err, ERR_STOPPED, "the run was interrupted");
    if (opens >= service->http->deadline && opens == service->held_until)
        return err_set(err, ERR_STOPPED,
                       "%s asks to wait until after the end of this run (the next run goes on; "
                       "max_runtime allows more time)",
                       service->name);
    return err_set(err, ERR_STOPPED,
                   "the time for this run is up (the next run goes on; max_runtime allows more)");
}

/* One look at the gate, with the lock held; may let go of it to wait. True once something is
 * decided: *entered tells what. */
static bool
gate_try(struct http_service *service, bool spaced, bool *entered, struct err *err)
{
    struct http *http = service->http;
    int64_t now = clock_now();
    int64_t opens = gate_opens(service, spaced);

    *entered = false;
    if (clock_interrupted() || now >= http->deadline || opens >= http->deadline) {
        gate_refuse(service, opens, err);
        return true;
    }
    if (opens > now) {
        pthread_mutex_unlock(&http->lock);
        clock_sleep_until(opens);
        pthread_mutex_lock(&http->lock);
        return false;
    }
    if (!gate_ready(service, spaced)) {
        /* Whoever has the place is in the loop, and the loop also wakes us when waiting is over. */
        pthread_cond_wait(&http->changed, &http->lock);
        return false;
    }
    service->in_flight++;
    service->lead->writing = service->lead->writing || spaced;
    *entered = true;
    return true;
}

bool
gate_enter(struct http_service *service, bool writes, struct err *err)
{
    bool spaced = writes && service->write_spacing > 0;
    bool entered;

    pthread_mutex_lock(&service->http->lock);
    while (!gate_try(service, spaced, &entered, err))
        continue;
    pthread_mutex_unlock(&service->http->lock);
    return entered;
}

void
gate_leave(struct http_service *service, bool writes, int sends)
{
    struct http *http = service->http;

    pthread_mutex_lock(&http->lock);
    service->in_flight--;
    service->stats.requests += sends;
    if (writes) {
        service->stats.writes += sends;
        service->lead->writing = false;
        service->lead->write_from = clock_now() + service->write_spacing;
    }
    pthread_cond_broadcast(&http->changed);
    pthread_mutex_unlock(&http->lock);
}

/* Returns how much longer than before that is. */
static int64_t
hold_until(struct http_service *service, int64_t now, int64_t until)
{
    int64_t from = service->held_until > now ? service->held_until : now;
    int64_t more = until > from ? until - from : 0;

    service->held_until = from + more;
    return more;
}

void
gate_hold(struct http_service *service, int64_t delay, bool widely)
{
    struct http *http = service->http;
    int64_t now = clock_now();
    int64_t more;

    pthread_mutex_lock(&http->lock);
    more = hold_until(service, now, now + delay);
    service->stats.waited += more;
    for (struct http_service *other = http->services; widely && other != NULL; other = other->next)
        if (other->lead == service->lead)
            hold_until(other, now, now + delay);
    pthread_mutex_unlock(&http->lock);
    /* Requests that were under way together are told the same: one line is enough. */
    if (more >= 1000)
        log_info("%s asks to wait %lld s", service->name, (long long)(delay / 1000));
}

/* With the lock held. */
static int64_t
gate_server_time(const struct http_service *service)
{
    if (service->server_time == 0)
        return 0;
    return service->server_time + (clock_now() - service->server_time_at);
}

void
gate_learn(struct http_service *service, const struct head *head)
{
    struct http *http = service->http;
    struct http_stats *stats = &service->stats;
    int64_t date = head_date(head);

    pthread_mutex_lock(&http->lock);
    /* A Date is cut to seconds and was true when it left: the greatest estimate is the best one. */
    if (date > gate_server_time(service)) {
        service->server_time = date;
        service->server_time_at = clock_now();
    }
    stats->limit = head_number(head, HEAD_LIMIT, stats->limit);
    stats->remaining = head_number(head, HEAD_REMAINING, stats->remaining);
    stats->reset = head_number(head, HEAD_RESET, stats->reset);
    pthread_mutex_unlock(&http->lock);
}

void
gate_repeats(struct http_service *service, bool limited)
{
    pthread_mutex_lock(&service->http->lock);
    service->stats.retries++;
    if (limited)
        service->stats.rate_limited++;
    pthread_mutex_unlock(&service->http->lock);
}

int64_t
gate_left(struct http *http)
{
    int64_t left;

    pthread_mutex_lock(&http->lock);
    left = http->deadline - clock_now();
    pthread_mutex_unlock(&http->lock);
    return left > 0 ? left : 0;
}

int64_t
http_server_time(struct http_service *service)
{
    int64_t now;

    pthread_mutex_lock(&service->http->lock);
    now = gate_server_time(service);
    pthread_mutex_unlock(&service->http->lock);
    return now;
}

struct http_stats
http_service_stats(struct http_service *service)
{
    struct http_stats stats;

    pthread_mutex_lock(&service->http->lock);
    stats = service->stats;
    pthread_mutex_unlock(&service->http->lock);
    return stats;
}
