#include "apply/lanes.h"

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

struct job_lane {
    struct job *first, **last;
};

struct job_lanes {
    struct gather *gather;
    struct session *session;
    struct job_lane lanes[SIDE_COUNT];
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

struct lane_worker {
    struct job_lanes *lanes;
    enum side side;
    struct arena *arena;
    pthread_t thread;
};

static struct job_lane *
lane_of(struct job_lanes *lanes, const struct job *job)
{
    return &lanes->lanes[action_side(job->item->actions[job->next].kind)];
}

/* A job that was begun goes before all others, since its reads are still fresh. */
static void
lane_prepend(struct job_lanes *lanes, struct job *job)
{
    struct job_lane *lane = lane_of(lanes, job);

    job->behind = lane->first;
    if (lane->first == NULL)
        lane->last = &job->behind;
    lane->first = job;
    pthread_cond_broadcast(&lanes->changed);
}

/* The pointer to the next job of the lane that a worker may take. It points to NULL if there is
 * none. */
static struct job **
lane_next(struct job_lanes *lanes, enum side side)
{
    struct job **at = &lanes->lanes[side].first;

    while (lanes->creates < lanes->n_jobs && lanes->jobs[lanes->creates].made)
        lanes->creates++;
    /* Issues are made in the order of the plan, whichever page was read first. */
    while (*at != NULL && (*at)->item->actions[(*at)->next].kind == ACTION_CREATE_ISSUE &&
           (lanes->creates == lanes->n_jobs || *at != &lanes->jobs[lanes->creates]))
        at = &(*at)->behind;
    return at;
}

/* Waits for the next job of a lane and takes it. NULL when nothing is left to do. */
static struct job *
lanes_next(struct job_lanes *lanes, enum side side)
{
    struct job **at = NULL;
    struct job *job = NULL;

    pthread_mutex_lock(&lanes->lock);
    while (lanes->left > 0 && lanes->stopped.kind == ERR_NONE &&
           (job = *(at = lane_next(lanes, side))) == NULL)
        pthread_cond_wait(&lanes->changed, &lanes->lock);
    if (job != NULL) {
        *at = job->behind;
        if (*at == NULL)
            lanes->lanes[side].last = at;
        job->taken = true;
        lanes->busy++;
    }
    pthread_mutex_unlock(&lanes->lock);
    return job;
}

static void
lanes_stop(struct job_lanes *lanes, const struct err *err)
{
    pthread_mutex_lock(&lanes->lock);
    if (lanes->stopped.kind == ERR_NONE)
        lanes->stopped = *err;
    pthread_cond_broadcast(&lanes->changed);
    pthread_mutex_unlock(&lanes->lock);
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
lanes_read_issues(struct job_lanes *lanes, struct job *job, struct err *err)
{
    struct job *stale[REFRESH_MAX];
    int64_t numbers[REFRESH_MAX];
    struct issue *issues[REFRESH_MAX];
    struct github_batch batch = {.numbers = numbers, .issues = issues};
    size_t n = 0;

    pthread_mutex_lock(&lanes->lock);
    if (job_is_stale(job))
        stale[n++] = job;
    for (int side = 0; side < SIDE_COUNT && n > 0; side++)
        for (struct job *other = lanes->lanes[side].first; other != NULL && n < REFRESH_MAX;
             other = other->behind)
            if (job_is_stale(other) && !other->reading) {
                other->reading = true;
                stale[n++] = other;
            }
    pthread_mutex_unlock(&lanes->lock);
    for (; batch.n_numbers < n; batch.n_numbers++)
        numbers[batch.n_numbers] = stale[batch.n_numbers]->item->number;
    if (n > 0 && !github_read_batch(lanes->gather->github, &batch, job->arena, err))
        return false;
    pthread_mutex_lock(&lanes->lock);
    for (size_t i = 0; i < n; i++) {
        stale[i]->reading = false;
        /* If another worker took a job meanwhile, the job continues with that worker's reads. */
        if (i > 0 && stale[i]->taken)
            continue;
        stale[i]->fresh_issue = issues[i];
        stale[i]->ended = issues[i] == NULL;
        stale[i]->issue_read = clock_now();
    }
    pthread_mutex_unlock(&lanes->lock);
    return true;
}

/* A look proves nothing about writes. */
static void
lanes_count_refused(struct job_lanes *lanes, enum side side, bool looked, const struct err *err)
{
    pthread_mutex_lock(&lanes->lock);
    if (err->kind == ERR_ACCESS)
        lanes->refused[side]++;
    else if (!looked)
        lanes->refused[side] = 0;
    if (lanes->refused[side] >= DOWN_AFTER && lanes->stopped.kind == ERR_NONE)
        (void)err_set(&lanes->stopped, err->kind,
                      "stopped because %s refused %d writes in a row: %s", side_name(side),
                      lanes->refused[side], err->text);
    pthread_cond_broadcast(&lanes->changed);
    pthread_mutex_unlock(&lanes->lock);
}

static void
lanes_done(struct job_lanes *lanes, struct job *job)
{
    enum err_kind kind = job->result->err.kind;
    bool unanswered;

    job_finish(job);
    /* The service seems to be down. */
    unanswered = job->result->done == DONE_FAILED &&
                 (kind == ERR_NETWORK || kind == ERR_SERVER || kind == ERR_AMBIGUOUS);
    pthread_mutex_lock(&lanes->lock);
    job->made = true;
    lanes->left--;
    lanes->busy--;
    lanes->unanswered = unanswered ? lanes->unanswered + 1 : 0;
    if (lanes->unanswered >= DOWN_AFTER && lanes->stopped.kind == ERR_NONE)
        (void)err_set(&lanes->stopped, job->result->err.kind,
                      "stopped because %d writes in a row got no answer: %s", lanes->unanswered,
                      job->result->err.text);
    pthread_cond_broadcast(&lanes->changed);
    pthread_mutex_unlock(&lanes->lock);
    progress_step();
}

/* One step of a job. Returns false if the pass must stop. *parks: the job waits for the next
 * save. */
static bool
worker_step(struct lane_worker *worker, struct job *job, bool *parks, struct err *err)
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
        (!lanes_read_issues(worker->lanes, job, err) || !job_refresh(job, err))) {
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
    struct lane_worker *worker = argument;
    struct job_lanes *lanes = worker->lanes;
    struct job *job;
    struct err err;

    while ((job = lanes_next(lanes, worker->side)) != NULL) {
        bool looks = job->item->actions[job->next].kind == ACTION_LOOK;
        bool parks;

        if (!worker_step(worker, job, &parks, &err)) {
            /* The next pass finds what was begun and continues from there. */
            if (err_is_stop(&err))
                job_postpone(job);
            else
                job_fail(job, &err);
            lanes_stop(lanes, &err);
            break;
        }
        lanes_count_refused(lanes, worker->side, looks, &err);
        if (job->ended || job->next >= job->item->n_actions) {
            lanes_done(lanes, job);
            continue;
        }
        /* The job is not done. */
        pthread_mutex_lock(&lanes->lock);
        job->taken = false;
        job->parked = parks;
        job->made = job->made || job->outcome.issue != NULL;
        lanes->busy--;
        if (!parks)
            lane_prepend(lanes, job);
        pthread_cond_broadcast(&lanes->changed);
        pthread_mutex_unlock(&lanes->lock);
    }
    return NULL;
}

/* Whether jobs wait for a save that is due: nothing else is left to do, or there are so many of
 * them that their reads would become stale. */
static bool
lanes_want_save(struct job_lanes *lanes)
{
    size_t parked = 0;
    size_t decided = 0;

    for (size_t i = 0; i < lanes->n_jobs; i++) {
        parked += lanes->jobs[i].parked;
        decided += lanes->jobs[i].parked && lanes->jobs[i].decided;
    }
    return decided >= ANNOUNCE_EARLY ||
           (parked > 0 && lanes->busy == 0 && *lane_next(lanes, SIDE_GITHUB) == NULL &&
            *lane_next(lanes, SIDE_NOTION) == NULL);
}

/* Makes the state announce the writes of parked jobs, and lets these jobs continue. */
static void
lanes_announce(struct job_lanes *lanes)
{
    struct job *jobs[ANNOUNCE_MAX];
    size_t n = 0;
    bool ok;

    pthread_mutex_lock(&lanes->lock);
    for (int decided = 1; decided >= 0; decided--)
        for (size_t i = 0; i < lanes->n_jobs && n < ANNOUNCE_MAX; i++)
            if (lanes->jobs[i].parked && lanes->jobs[i].decided == (decided == 1))
                jobs[n++] = &lanes->jobs[i];
    pthread_mutex_unlock(&lanes->lock);
    /* No other worker touches a parked job. */
    ok = announce_jobs(jobs, n);
    for (size_t i = n; ok && i > 0; i--) {
        pthread_mutex_lock(&lanes->lock);
        jobs[i - 1]->parked = false;
        lane_prepend(lanes, jobs[i - 1]);
        pthread_mutex_unlock(&lanes->lock);
    }
    if (!ok)
        lanes_stop(lanes, &lanes->session->err);
}

/* The lock must be renewed even while all workers wait for an answer. */
static void
lanes_watch(struct job_lanes *lanes)
{
    for (;;) {
        struct timespec until;
        bool more, announce;

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += 1;
        pthread_mutex_lock(&lanes->lock);
        more = lanes->left > 0 && lanes->stopped.kind == ERR_NONE;
        announce = more && lanes_want_save(lanes);
        if (more && !announce)
            pthread_cond_timedwait(&lanes->changed, &lanes->lock, &until);
        pthread_mutex_unlock(&lanes->lock);
        if (!more)
            return;
        if (announce)
            lanes_announce(lanes);
        if (!session_renew(lanes->session))
            lanes_stop(lanes, &lanes->session->err);
    }
}

static void
lanes_start(struct job_lanes *lanes, struct lane_worker workers[WORKERS])
{
    sigset_t every;
    sigset_t before;

    sigfillset(&every);
    pthread_sigmask(SIG_BLOCK, &every, &before);
    for (size_t i = 0; i < WORKERS; i++) {
        workers[i] = (struct lane_worker){.lanes = lanes,
                                          .side = i == 0 ? SIDE_GITHUB : SIDE_NOTION,
                                          .arena = i == 0 ? lanes->gather->arena
                                                          : lanes->gather->lanes[i - 1]};
        if (pthread_create(&workers[i].thread, NULL, worker_run, &workers[i]) != 0)
            mem_exhausted(0);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct err
lanes_run(struct gather *gather, struct session *session, struct job *jobs, size_t n)
{
    struct job_lanes lanes = {.gather = gather, .session = session, .jobs = jobs, .n_jobs = n};
    struct lane_worker workers[WORKERS];
    struct job_lane *lane;

    pthread_mutex_init(&lanes.lock, NULL);
    pthread_cond_init(&lanes.changed, NULL);
    for (int side = 0; side < SIDE_COUNT; side++)
        lanes.lanes[side].last = &lanes.lanes[side].first;
    for (size_t i = 0; i < n; i++) {
        jobs[i].made = jobs[i].item->row != ROW_E1_NEW_ISSUE || jobs[i].item->n_actions == 0;
        if (jobs[i].item->n_actions > 0) {
            lanes.left++;
            lane = lane_of(&lanes, &jobs[i]);
            *lane->last = &jobs[i];
            lane->last = &jobs[i].behind;
            continue;
        }
        job_finish(&jobs[i]);
        if (!session_renew(session)) {
            lanes.stopped = session->err;
            break;
        }
    }
    progress_phase("Writing", lanes.left);
    lanes_start(&lanes, workers);
    lanes_watch(&lanes);
    for (size_t i = 0; i < WORKERS; i++)
        pthread_join(workers[i].thread, NULL);
    for (size_t i = 0; i < n; i++) {
        jobs[i].arena = gather->arena;
        job_remember(&jobs[i]);
        announce_retract(&jobs[i]);
    }
    pthread_cond_destroy(&lanes.changed);
    pthread_mutex_destroy(&lanes.lock);
    return lanes.stopped;
}
