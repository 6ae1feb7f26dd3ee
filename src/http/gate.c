#include "base/clock.h"
#include "base/log.h"
#include "base/progress.h"
#include "http/http_p.h"

/* After this many contents that notified people, others are spaced like this (ms). Octokit's
 * throttling does so from the first one on. */
#define NEWS_FREE    30
#define NEWS_SPACING ((int64_t)3 * 1000)
#define MINUTE       ((int64_t)60 * 1000)
#define HOUR         (60 * MINUTE)

static int64_t
later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* The caller holds the lock. */
static int64_t
gate_server_time(const struct http_service *service)
{
    if (service->server_time == 0)
        return 0;
    return service->server_time + (clock_now() - service->server_time_at);
}

/* The same, as far as this service or any that shares its pace knows. */
static int64_t
gate_vendor_time(const struct http_service *service)
{
    int64_t now = 0;

    for (const struct http_service *one = service->http->services; one != NULL; one = one->next)
        if (one->lead == service->lead)
            now = later(now, gate_server_time(one));
    return now;
}

static bool
gate_refuse(const struct http_service *service, int64_t opens, struct err *err)
{
    char until[CLOCK_TEXT_SIZE];

    if (clock_interrupted())
        return err_set(err, ERR_STOPPED, "the run was interrupted");
    if (opens >= service->http->deadline && opens == service->held_until) {
        clock_format(gate_vendor_time(service) + opens - clock_now(), until);
        return err_set(err, ERR_WAIT,
                       "%s asks to wait until %.19sZ, which is after the end of this run (the next "
                       "run continues; max_runtime allows more time)",
                       service->name, until);
    }
    return err_set(err, ERR_STOPPED,
                   "the time for this run is up (the next run continues; max_runtime allows more)");
}

/* Looks at the gate once. The caller holds the lock; the function may let go of it to wait.
 * Returns true once something is decided: *entered says whether there is a place. */
static bool
gate_try(struct http_service *service, const struct http_request *request, bool *entered,
         struct err *err)
{
    struct http *http = service->http;
    bool spaced = request->writes && service->write_spacing > 0;
    int64_t now = clock_now();
    int64_t opens = service->held_until; /* others are under way */

    *entered = false;
    if (spaced)
        opens = later(opens, service->lead->write_from);
    if (request->makes == HTTP_MAKES_NEWS)
        opens = later(opens, service->lead->news_from);
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
    if (service->in_flight >= service->max_in_flight || (spaced && service->lead->writing)) {
        /* The request that has the place is in the loop, and the loop also wakes us when waiting
         * is over. */
        pthread_cond_wait(&http->changed, &http->lock);
        return false;
    }
    service->in_flight++;
    service->lead->writing = service->lead->writing || spaced;
    *entered = true;
    progress_request(service->lead->name, 1);
    return true;
}

bool
gate_enter(struct http_service *service, const struct http_request *request, struct err *err)
{
    bool entered;

    pthread_mutex_lock(&service->http->lock);
    while (!gate_try(service, request, &entered, err))
        continue;
    pthread_mutex_unlock(&service->http->lock);
    return entered;
}

/* The caller holds the lock. time: by the service's clock. */
static void
gate_count_made(struct http_service *lead, int64_t time, int count)
{
    int64_t minute = time - time % MINUTE;
    struct made *made = &lead->made[minute / MINUTE % MADE_MINUTES];

    if (time <= 0 || count <= 0 || made->minute > minute)
        return;
    made->count = made->minute == minute ? made->count + count : count;
    made->minute = minute;
}

void
gate_leave(struct http_service *service, const struct http_request *request, int sends)
{
    struct http *http = service->http;
    struct http_service *lead = service->lead;

    pthread_mutex_lock(&http->lock);
    service->in_flight--;
    progress_request(lead->name, -1);
    service->stats.requests += sends;
    if (request->writes) {
        service->stats.writes += sends;
        lead->writing = false;
        lead->write_from = clock_now() + service->write_spacing;
    }
    if (request->makes != HTTP_MAKES_NOTHING)
        gate_count_made(lead, gate_vendor_time(service), sends);
    if (request->makes == HTTP_MAKES_NEWS && (lead->news += sends) >= NEWS_FREE)
        lead->news_from = clock_now() + NEWS_SPACING;
    pthread_cond_broadcast(&http->changed);
    pthread_mutex_unlock(&http->lock);
}

bool
gate_tires(struct http_service *service, int64_t delay)
{
    struct http_service *lead = service->lead;
    int64_t now = clock_now();
    bool tires;

    pthread_mutex_lock(&service->http->lock);
    /* Requests that were under way together get the same answer, so it counts once. */
    if (now >= lead->slowed_until)
        lead->slowed++;
    lead->slowed_until = later(lead->slowed_until, now + delay);
    tires = service->patience > 0 && lead->slowed > service->patience;
    pthread_mutex_unlock(&service->http->lock);
    return tires;
}

void
http_take_breath(struct http_service *service)
{
    pthread_mutex_lock(&service->http->lock);
    service->lead->slowed = 0;
    pthread_mutex_unlock(&service->http->lock);
}

/* Returns how much longer the hold is than before. */
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
    progress_hold(service->lead->name, service->held_until);
    service->stats.waited += more;
    for (struct http_service *other = http->services; widely && other != NULL; other = other->next)
        if (other->lead == service->lead)
            hold_until(other, now, now + delay);
    pthread_mutex_unlock(&http->lock);
    /* Requests that were under way together get the same answer, so one line is enough. */
    if (more >= 1000)
        log_info("%s asks to wait %lld s", service->name, (long long)(delay / 1000));
}

void
gate_learn(struct http_service *service, const struct head *head)
{
    struct http *http = service->http;
    struct http_stats *stats = &service->stats;
    int64_t date = head_date(head);

    pthread_mutex_lock(&http->lock);
    /* A Date is cut to seconds and was true when it was sent, so the greatest estimate is the
     * best one. */
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

size_t
http_made(struct http_service *service, struct made made[MADE_MINUTES])
{
    const struct http_service *lead = service->lead;
    int64_t now, first;
    size_t n = 0;

    pthread_mutex_lock(&service->http->lock);
    now = gate_vendor_time(service);
    first = now - now % MINUTE - HOUR;
    for (int64_t minute = first; now > 0 && minute <= now; minute += MINUTE) {
        const struct made *one = &lead->made[minute / MINUTE % MADE_MINUTES];

        if (one->minute == minute && one->count > 0)
            made[n++] = *one;
    }
    pthread_mutex_unlock(&service->http->lock);
    return n;
}

void
http_add_made(struct http_service *service, const struct made *made, size_t n)
{
    int64_t now;

    pthread_mutex_lock(&service->http->lock);
    now = gate_vendor_time(service);
    for (size_t i = 0; i < n; i++)
        if (made[i].minute <= now && made[i].minute > now - HOUR - MINUTE)
            gate_count_made(service->lead, made[i].minute, made[i].count);
    pthread_mutex_unlock(&service->http->lock);
}

int64_t
http_made_fewer(struct http_service *service, int most)
{
    struct made made[MADE_MINUTES];
    size_t n = http_made(service, made);
    int total = 0;

    for (size_t i = n; i > 0; i--) {
        total += made[i - 1].count;
        if (total >= most)
            return made[i - 1].minute + MINUTE + HOUR;
    }
    return 0;
}
