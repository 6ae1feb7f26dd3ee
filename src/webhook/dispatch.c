#include "webhook/dispatch.h"

#include <pthread.h>
#include <sys/random.h>
#include <time.h>

#include "base/arena.h"
#include "base/clock.h"
#include "webhook/journal.h"

/* Pages of one dispatch: 39 bytes each leave room under GitHub's 64 KB for client_payload, and a
 * pass reads no more (docs.github.com, "Create a repository dispatch event"). */
#define PAGES_MAX 1000

#define WORKERS 4

/* Times in ms. */
#define SPACING    ((int64_t)1000)
#define FIRST_WAIT ((int64_t)2000)
#define LAST_WAIT  ((int64_t)5 * 60 * 1000)
/* Longer than GitHub ever asks to wait. */
#define ASKED_MAX ((int64_t)2 * 60 * 60 * 1000)
/* How often to look at a test's clock, because nothing announces that it moved. */
#define VIRTUAL_POLL ((int64_t)5)
#define LONGEST_NAP  ((int64_t)60 * 1000)

struct dispatch_target {
    const char *repository;
    size_t account;
    bool pending; /* something waits, to be sent when it is due */
    bool busy;
    int64_t due;
    int failures; /* in a row */
    size_t most;  /* pages of the next dispatch */
};

/* Repositories that share a rate limit: see sender.h. */
struct token_lane {
    bool busy;
    int64_t from; /* when the next request may start */
};

struct dispatch {
    const struct settings *settings;
    struct spool *spool;
    struct sender *sender;
    struct metrics *metrics;
    pthread_t threads[WORKERS];

    pthread_mutex_t lock; /* guards the members below */
    pthread_cond_t changed;
    struct dispatch_target *targets;
    struct token_lane *lanes;
    bool quit;
};

static int64_t
start_of(const struct dispatch *dispatch, const struct dispatch_target *target)
{
    int64_t from = dispatch->lanes[target->account].from;

    return target->due > from ? target->due : from;
}

/* Waits for a change, or ms at most. The caller holds the lock. */
static void
nap(struct dispatch *dispatch, int64_t ms)
{
    struct timespec until;

    if (clock_is_virtual() && ms > VIRTUAL_POLL)
        ms = VIRTUAL_POLL;
    if (ms > LONGEST_NAP)
        ms = LONGEST_NAP;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)(ms / 1000);
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_cond_timedwait(&dispatch->changed, &dispatch->lock, &until);
}

/* Waits until the first of the targets may start; NULL at the end. The caller holds the lock. */
static struct dispatch_target *
wait_for_target(struct dispatch *dispatch)
{
    while (!dispatch->quit) {
        struct dispatch_target *target = NULL;
        int64_t now = clock_now();

        for (size_t i = 0; i < dispatch->settings->routes.n_repositories; i++) {
            struct dispatch_target *other = &dispatch->targets[i];

            if (!other->pending || other->busy || dispatch->lanes[other->account].busy)
                continue;
            if (target == NULL || start_of(dispatch, other) < start_of(dispatch, target) ||
                (start_of(dispatch, other) == start_of(dispatch, target) &&
                 other->due < target->due))
                target = other;
        }
        if (target != NULL && start_of(dispatch, target) <= now)
            return target;
        nap(dispatch, target != NULL ? start_of(dispatch, target) - now : LONGEST_NAP);
    }
    return NULL;
}

/* Doubles from FIRST_WAIT to LAST_WAIT, plus up to a quarter, so that many receivers and
 * repositories do not come back together. It is never less than GitHub asks for. */
static int64_t
backoff(int failures, int64_t asked)
{
    int64_t wait = failures < 9 ? FIRST_WAIT << (failures > 0 ? failures - 1 : 0) : LAST_WAIT;
    uint32_t random;

    if (wait > LAST_WAIT)
        wait = LAST_WAIT;
    if (getrandom(&random, sizeof(random), GRND_NONBLOCK) != sizeof(random))
        random = 0;
    wait += (int64_t)random % (wait / 4);
    if (asked > ASKED_MAX)
        asked = ASKED_MAX;
    return wait > asked ? wait : asked;
}

/* The result of one try. */
struct attempt {
    struct sent_result result;
    struct spool_slice slice;
    bool set_aside; /* GitHub refused a single hint: it is forgotten */
    int failures;   /* of the target in a row, including this one */
    struct err err;
};

static void
send_slice(struct dispatch *dispatch, struct dispatch_target *target, struct arena *arena,
           struct attempt *attempt)
{
    struct spool_slice *slice = &attempt->slice;

    attempt->result = (struct sent_result){.sent = SENT_LATER};
    if (!spool_take(dispatch->spool, target->repository, target->most, arena, slice, &attempt->err))
        return;
    attempt->result.sent = SENT_DONE;
    if (slice->n_hints == 0)
        return;
    attempt->result = sender_send(dispatch->sender, target->repository, slice->pages,
                                  slice->n_pages, &attempt->err);
    attempt->set_aside = attempt->result.sent == SENT_REFUSED && slice->n_hints == 1;
    if ((attempt->result.sent == SENT_DONE || attempt->set_aside) &&
        !spool_done(dispatch->spool, target->repository, slice->through, &attempt->err))
        attempt->result.sent = SENT_LATER;
}

static void
tell(struct dispatch *dispatch, const char *repository, const struct attempt *attempt)
{
    const struct spool_slice *slice = &attempt->slice;
    struct metrics *metrics = dispatch->metrics;

    if (slice->n_hints == 0 && attempt->result.sent == SENT_DONE)
        return;
    if (attempt->result.sent == SENT_DONE) {
        atomic_fetch_add(&metrics->dispatches[DISPATCH_DONE], 1);
        atomic_fetch_add(&metrics->pages_dispatched, (long long)slice->n_pages);
        journal(LOG_INFO, "dispatched", JOURNAL_TEXT("repository", repository),
                JOURNAL_NUMBER("pages", (int64_t)slice->n_pages));
        return;
    }
    if (attempt->result.sent == SENT_STOPPED)
        return;
    if (attempt->set_aside)
        atomic_fetch_add(&metrics->hints_dropped, 1);
    atomic_fetch_add(&metrics->dispatches[attempt->result.sent == SENT_LATER ? DISPATCH_FAILED
                                                                             : DISPATCH_REFUSED],
                     1);
    journal(
        attempt->result.sent == SENT_LATER ? LOG_WARNING : LOG_ERROR,
        attempt->set_aside ? "page set aside" : "dispatch failed",
        JOURNAL_TEXT("repository", repository), JOURNAL_NUMBER("pages", (int64_t)slice->n_pages),
        JOURNAL_TEXT("problem", attempt->err.text), JOURNAL_NUMBER("failures", attempt->failures));
}

/* Decides when the target is due again. The caller holds the lock. */
static void
settle(struct dispatch *dispatch, struct dispatch_target *target, struct attempt *attempt)
{
    struct token_lane *lane = &dispatch->lanes[target->account];
    const struct spool_slice *slice = &attempt->slice;
    int64_t wait = 0;

    if (slice->n_hints > 0)
        lane->from = clock_now() + SPACING;
    switch (attempt->result.sent) {
    case SENT_DONE:
        target->failures = 0;
        target->most = PAGES_MAX;
        if (!slice->more)
            return;
        break;
    case SENT_REFUSED:
        target->most = slice->n_hints > 1 ? slice->n_hints / 2 : PAGES_MAX;
        break;
    case SENT_LATER:
    case SENT_DENIED:
    case SENT_STOPPED:
        attempt->failures = ++target->failures;
        wait = backoff(target->failures, attempt->result.wait);
        break;
    }
    target->due = clock_now() + wait;
    target->pending = true;
    if (attempt->result.limited)
        lane->from = target->due;
}

static void *
dispatch_main(void *context)
{
    struct dispatch *dispatch = context;
    struct dispatch_target *target;

    pthread_mutex_lock(&dispatch->lock);
    while ((target = wait_for_target(dispatch)) != NULL) {
        struct token_lane *lane = &dispatch->lanes[target->account];
        struct arena *arena = arena_new();
        struct attempt attempt = {0};

        target->busy = lane->busy = true;
        target->pending = false;
        pthread_mutex_unlock(&dispatch->lock);
        send_slice(dispatch, target, arena, &attempt);
        pthread_mutex_lock(&dispatch->lock);
        target->busy = lane->busy = false;
        settle(dispatch, target, &attempt);
        pthread_cond_broadcast(&dispatch->changed);
        pthread_mutex_unlock(&dispatch->lock);
        tell(dispatch, target->repository, &attempt);
        arena_free(arena);
        pthread_mutex_lock(&dispatch->lock);
    }
    pthread_mutex_unlock(&dispatch->lock);
    return NULL;
}

static void
make_targets(struct dispatch *dispatch)
{
    const struct routes *routes = &dispatch->settings->routes;
    struct arena *arena = arena_new();
    struct spool_slice left;

    dispatch->targets = mem_alloc(routes->n_repositories * sizeof(*dispatch->targets));
    dispatch->lanes = mem_alloc(sender_accounts(dispatch->sender) * sizeof(*dispatch->lanes));
    for (size_t i = 0; i < routes->n_repositories; i++)
        dispatch->targets[i] = (struct dispatch_target){
            .repository = routes->repositories[i],
            .account = sender_account(dispatch->sender, routes->repositories[i]),
            /* Whether an earlier run left something. If that cannot be found out, it is tried. */
            .pending =
                !spool_take(dispatch->spool, routes->repositories[i], 1, arena, &left, NULL) ||
                left.n_hints > 0,
            .due = clock_now(),
            .most = PAGES_MAX,
        };
    arena_free(arena);
    /* A receiver that crashes and restarts over and over keeps GitHub's pace as well. */
    for (size_t i = 0; i < sender_accounts(dispatch->sender); i++)
        dispatch->lanes[i].from = clock_now() + SPACING;
}

struct dispatch *
dispatch_start(const struct settings *settings, struct spool *spool, struct sender *sender,
               struct metrics *metrics)
{
    struct dispatch *dispatch = mem_alloc(sizeof(*dispatch));
    pthread_condattr_t attributes;

    dispatch->settings = settings;
    dispatch->spool = spool;
    dispatch->sender = sender;
    dispatch->metrics = metrics;
    make_targets(dispatch);
    pthread_mutex_init(&dispatch->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&dispatch->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    for (size_t i = 0; i < WORKERS; i++)
        if (pthread_create(&dispatch->threads[i], NULL, dispatch_main, dispatch) != 0)
            mem_exhausted(0);
    return dispatch;
}

void
dispatch_stored(struct dispatch *dispatch, size_t index)
{
    struct dispatch_target *target = &dispatch->targets[index];

    pthread_mutex_lock(&dispatch->lock);
    if (!target->pending) {
        target->pending = true;
        target->due = clock_now() + dispatch->settings->coalesce * 1000;
        pthread_cond_signal(&dispatch->changed);
    }
    pthread_mutex_unlock(&dispatch->lock);
}

void
dispatch_stop(struct dispatch *dispatch)
{
    if (dispatch == NULL)
        return;
    pthread_mutex_lock(&dispatch->lock);
    dispatch->quit = true;
    pthread_cond_broadcast(&dispatch->changed);
    pthread_mutex_unlock(&dispatch->lock);
    for (size_t i = 0; i < WORKERS; i++)
        pthread_join(dispatch->threads[i], NULL);
    pthread_cond_destroy(&dispatch->changed);
    pthread_mutex_destroy(&dispatch->lock);
    mem_free(dispatch->targets);
    mem_free(dispatch->lanes);
    mem_free(dispatch);
}
