#include "apply/queues.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

#include "apply/announce.h"
#include "apply/look.h"
#include "apply/perform.h"
#include "base/clock.h"
#include "base/progress.h"

#define NOTION_WORKERS GATHER_LANES
#define WORKERS        (1 + NOTION_WORKERS)
/* If this many jobs in a row fail because one side does not answer, or denies access, the service
 * is down, or closed to the token. */
#define DOWN_AFTER 3
/* Issues that are read along with the issue of the current job. */
#define REFRESH_MAX 50
/* If this many jobs were decided on fresh reads, they do not wait for others to be announced. */
#define ANNOUNCE_EARLY 50

struct job_queue {
    struct job *first, **last;
};

struct job_queues {
    struct gather *gather;
    struct session *session;
    struct job_queue queues[SIDE_COUNT];
    struct job *jobs;
    size_t n_jobs;
    size_t creates;          /* the first job whose issue does not exist yet */
    size_t left;             /* jobs that have not ended */
    size_t busy;             /* jobs that a worker has */
    int unanswered;          /* jobs in a row that failed because no answer came */
    int refused[SIDE_COUNT]; /* steps in a row that failed because access was denied */
    struct err stopped;
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

struct queue_worker {
    struct job_queues *queues;
    enum side side;
    struct arena *arena;
    pthread_t thread;
};

static struct job_queue *
queue_of(struct job_queues *queues, const struct job *job)
{
    return &queues->queues[action_side(job->item->actions[job->next].kind)];
}

/* A job that was begun goes before all others, since its reads are still fresh. */
static void
queue_prepend(struct job_queues *queues, struct job *job)
{
    struct job_queue *queue = queue_of(queues, job);

    job->behind = queue->first;
    if (queue->first == NULL)
        queue->last = &job->behind;
    queue->first = job;
    pthread_cond_broadcast(&queues->changed);
}

/* The pointer to the next job of the queue that a worker may take. It points to NULL if there is
 * none. */
static struct job **
queue_next(struct job_queues *queues, enum side side)
{
    struct job **at = &queues->queues[side].first;

    while (queues->creates < queues->n_jobs && queues->jobs[queues->creates].made)
        queues->creates++;
    /* Issues are made in the order of the plan, whichever page was read first. */
    while (*at != NULL && (*at)->item->actions[(*at)->next].kind == ACTION_CREATE_ISSUE &&
           (queues->creates == queues->n_jobs || *at != &queues->jobs[queues->creates]))
        at = &(*at)->behind;
    return at;
}

/* Waits for the next job of a queue and takes it. NULL when nothing is left to do. */
static struct job *
queues_next(struct job_queues *queues, enum side side)
{
    struct job **at = NULL;
    struct job *job = NULL;

    pthread_mutex_lock(&queues->lock);
    while (queues->left > 0 && queues->stopped.kind == ERR_NONE &&
           (job = *(at = queue_next(queues, side))) == NULL)
        pthread_cond_wait(&queues->changed, &queues->lock);
    if (job != NULL) {
        *at = job->behind;
        if (*at == NULL)
            queues->queues[side].last = at;
        job->taken = true;
        queues->busy++;
    }
    pthread_mutex_unlock(&queues->lock);
    return job;
}

static void
queues_stop(struct job_queues *queues, const struct err *err)
{
    pthread_mutex_lock(&queues->lock);
    if (queues->stopped.kind == ERR_NONE)
        queues->stopped = *err;
    pthread_cond_broadcast(&queues->changed);
    pthread_mutex_unlock(&queues->lock);
}

static bool
job_is_stale(const struct job *job)
{
    return job->next == 0 && job->item->issue != NULL && job->item->number > 0 &&
           ((job->item->body.looks_issue && job->fresh_issue == NULL) ||
            clock_now() - job->issue_read > FRESH_FOR);
}

/* Reads the job's issue if the last read is too old, and in the same request the issues of other
 * jobs that have not begun. */
static bool
queues_read_issues(struct job_queues *queues, struct job *job, struct err *err)
{
    struct job *stale[REFRESH_MAX] = {NULL};
    int64_t numbers[REFRESH_MAX];
    struct issue *issues[REFRESH_MAX];
    struct github_batch batch = {.numbers = numbers, .issues = issues};
    size_t n = 0;

    pthread_mutex_lock(&queues->lock);
    if (job_is_stale(job))
        stale[n++] = job;
    for (int side = 0; side < SIDE_COUNT && n > 0; side++)
        for (struct job *other = queues->queues[side].first; other != NULL && n < REFRESH_MAX;
             other = other->behind)
            if (job_is_stale(other) && !other->reading) {
                other->reading = true;
                stale[n++] = other;
            }
    pthread_mutex_unlock(&queues->lock);
    for (; batch.n_numbers < n; batch.n_numbers++)
        numbers[batch.n_numbers] = stale[batch.n_numbers]->item->number;
    if (n > 0 && !github_read_batch(queues->gather->github, &batch, job->arena, err))
        return false;
    pthread_mutex_lock(&queues->lock);
    for (size_t i = 0; i < n; i++) {
        stale[i]->reading = false;
        /* If another worker took a job meanwhile, the job continues with that worker's reads. */
        if (i > 0 && stale[i]->taken)
            continue;
        stale[i]->fresh_issue = issues[i];
        stale[i]->ended = issues[i] == NULL;
        stale[i]->issue_read = clock_now();
    }
    pthread_mutex_unlock(&queues->lock);
    return true;
}

/* A look proves nothing about writes. */
static void
queues_count_refused(struct job_queues *queues, enum side side, bool looked, const struct err *err)
{
    pthread_mutex_lock(&queues->lock);
    if (err->kind == ERR_ACCESS)
        queues->refused[side]++;
    else if (!looked)
        queues->refused[side] = 0;
    if (queues->refused[side] >= DOWN_AFTER && queues->stopped.kind == ERR_NONE)
        (void)err_set(&queues->stopped, err->kind,
                      "stopped because %s refused %d writes in a row: %s", side_name(side),
                      queues->refused[side], err->text);
    pthread_cond_broadcast(&queues->changed);
    pthread_mutex_unlock(&queues->lock);
}

static void
queues_done(struct job_queues *queues, struct job *job)
{
    enum err_kind kind = job->result->err.kind;
    bool unanswered;

    job_finish(job);
    /* The service seems to be down. */
    unanswered = job->result->done == DONE_FAILED &&
                 (kind == ERR_NETWORK || kind == ERR_SERVER || kind == ERR_AMBIGUOUS);
    pthread_mutex_lock(&queues->lock);
    job->made = true;
    queues->left--;
    queues->busy--;
    queues->unanswered = unanswered ? queues->unanswered + 1 : 0;
    if (queues->unanswered >= DOWN_AFTER && queues->stopped.kind == ERR_NONE)
        (void)err_set(&queues->stopped, job->result->err.kind,
                      "stopped because %d writes in a row got no answer: %s", queues->unanswered,
                      job->result->err.text);
    pthread_cond_broadcast(&queues->changed);
    pthread_mutex_unlock(&queues->lock);
    progress_step();
}

/* One step of a job. Returns false if the pass must stop. *parks: the job waits for the next
 * save. */
static bool
worker_step(struct queue_worker *worker, struct job *job, bool *parks, struct err *err)
{
    err_clear(err);
    *parks = false;
    job->arena = worker->arena;
    if (!session_goes_on(job->session, err))
        return false;
    if (job->next == 0 && job_posts(job->item) && github_full_until(job->gather->github) != 0)
        job_postpone(job);
    if (job->next == 0 && !job->ended && !announce_covers(job)) {
        *parks = true;
        return true;
    }
    if (job->next == 0 && !job->ended &&
        (!queues_read_issues(worker->queues, job, err) || !job_refresh(job, err))) {
        if (job_stops_pass(err))
            return false;
        job_fail(job, err);
    }
    if (job->ended || job->next >= job->item->n_actions)
        return true;
    if (job->next == 0 && !announce_covers(job)) {
        *parks = job->decided = true;
        return true;
    }
    if (action_side(job->item->actions[job->next].kind) != worker->side)
        return true;
    return job_perform(job, err);
}

static void *
worker_run(void *argument)
{
    struct queue_worker *worker = argument;
    struct job_queues *queues = worker->queues;
    struct job *job;
    struct err err;

    while ((job = queues_next(queues, worker->side)) != NULL) {
        bool looks = job->item->actions[job->next].kind == ACTION_LOOK;
        bool parks;

        if (!worker_step(worker, job, &parks, &err)) {
            /* The next pass finds what was begun and continues from there. */
            if (err_is_stop(&err))
                job_postpone(job);
            else
                job_fail(job, &err);
            queues_stop(queues, &err);
            break;
        }
        queues_count_refused(queues, worker->side, looks, &err);
        if (job->ended || job->next >= job->item->n_actions) {
            queues_done(queues, job);
            continue;
        }
        /* The job is not done. */
        pthread_mutex_lock(&queues->lock);
        job->taken = false;
        job->parked = parks;
        job->made = job->made || job->outcome.issue != NULL;
        queues->busy--;
        if (!parks)
            queue_prepend(queues, job);
        pthread_cond_broadcast(&queues->changed);
        pthread_mutex_unlock(&queues->lock);
    }
    return NULL;
}

/* Whether jobs wait for a save that is due: nothing else is left to do, or there are so many of
 * them that their reads would become stale. */
static bool
queues_want_save(struct job_queues *queues)
{
    size_t parked = 0;
    size_t decided = 0;

    for (size_t i = 0; i < queues->n_jobs; i++) {
        parked += queues->jobs[i].parked;
        decided += queues->jobs[i].parked && queues->jobs[i].decided;
    }
    return decided >= ANNOUNCE_EARLY ||
           (parked > 0 && queues->busy == 0 && *queue_next(queues, SIDE_GITHUB) == NULL &&
            *queue_next(queues, SIDE_NOTION) == NULL);
}

/* Makes the state announce the writes of parked jobs, and lets these jobs continue. */
static void
queues_announce(struct job_queues *queues)
{
    struct job *jobs[ANNOUNCE_MAX];
    size_t n = 0;
    bool ok;

    pthread_mutex_lock(&queues->lock);
    for (int decided = 1; decided >= 0; decided--)
        for (size_t i = 0; i < queues->n_jobs && n < ANNOUNCE_MAX; i++)
            if (queues->jobs[i].parked && queues->jobs[i].decided == (decided == 1))
                jobs[n++] = &queues->jobs[i];
    pthread_mutex_unlock(&queues->lock);
    /* No other worker touches a parked job. */
    ok = announce_jobs(jobs, n);
    for (size_t i = n; ok && i > 0; i--) {
        pthread_mutex_lock(&queues->lock);
        jobs[i - 1]->parked = false;
        queue_prepend(queues, jobs[i - 1]);
        pthread_mutex_unlock(&queues->lock);
    }
    if (!ok)
        queues_stop(queues, &queues->session->err);
}

/* The lock must be renewed even while all workers wait for an answer. */
static void
queues_watch(struct job_queues *queues)
{
    for (;;) {
        struct timespec until;
        bool more, announce;

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += 1;
        pthread_mutex_lock(&queues->lock);
        more = queues->left > 0 && queues->stopped.kind == ERR_NONE;
        announce = more && queues_want_save(queues);
        if (more && !announce)
            pthread_cond_timedwait(&queues->changed, &queues->lock, &until);
        pthread_mutex_unlock(&queues->lock);
        if (!more)
            return;
        if (announce)
            queues_announce(queues);
        if (!session_renew(queues->session))
            queues_stop(queues, &queues->session->err);
    }
}

static void
queues_start(struct job_queues *queues, struct queue_worker workers[WORKERS])
{
    sigset_t every;
    sigset_t before;

    sigfillset(&every);
    pthread_sigmask(SIG_BLOCK, &every, &before);
    for (size_t i = 0; i < WORKERS; i++) {
        workers[i] = (struct queue_worker){.queues = queues,
                                           .side = i == 0 ? SIDE_GITHUB : SIDE_NOTION,
                                           .arena = i == 0 ? queues->gather->arena
                                                           : queues->gather->lanes[i - 1]};
        if (pthread_create(&workers[i].thread, NULL, worker_run, &workers[i]) != 0)
            mem_exhausted(0);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct err
queues_run(struct gather *gather, struct session *session, struct job *jobs, size_t n)
{
    struct job_queues queues = {.gather = gather, .session = session, .jobs = jobs, .n_jobs = n};
    struct queue_worker workers[WORKERS];
    struct job_queue *queue;

    pthread_mutex_init(&queues.lock, NULL);
    pthread_cond_init(&queues.changed, NULL);
    for (int side = 0; side < SIDE_COUNT; side++)
        queues.queues[side].last = &queues.queues[side].first;
    for (size_t i = 0; i < n; i++) {
        jobs[i].made = jobs[i].item->row != ROW_E1_NEW_ISSUE || jobs[i].item->n_actions == 0;
        if (jobs[i].item->n_actions > 0) {
            queues.left++;
            queue = queue_of(&queues, &jobs[i]);
            *queue->last = &jobs[i];
            queue->last = &jobs[i].behind;
            continue;
        }
        job_finish(&jobs[i]);
        if (!session_renew(session)) {
            queues.stopped = session->err;
            break;
        }
    }
    progress_phase("Writing", queues.left);
    queues_start(&queues, workers);
    queues_watch(&queues);
    for (size_t i = 0; i < WORKERS; i++)
        pthread_join(workers[i].thread, NULL);
    for (size_t i = 0; i < n; i++) {
        jobs[i].arena = gather->arena;
        job_remember(&jobs[i]);
        announce_retract(&jobs[i]);
    }
    pthread_cond_destroy(&queues.changed);
    pthread_mutex_destroy(&queues.lock);
    return queues.stopped;
}
