#include "webhook/intake.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "base/clock.h"
#include "webhook/journal.h"

/* The size of one group, and how many items may wait for the next. */
#define GROUP_MAX   512
#define WAITING_MAX 8192

struct intake {
    struct spool *spool;
    intake_done *done;
    void *context;
    pthread_t thread;
    atomic_bool failing;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct intake_item *first, **last;
    size_t waiting;
    bool quit;
};

/* Takes the next group out of the queue. Returns 0 if everything is done and the intake was
 * asked to stop. */
static size_t
take_group(struct intake *intake, struct intake_item **group)
{
    size_t n = 0;

    pthread_mutex_lock(&intake->lock);
    while (intake->first == NULL && !intake->quit)
        pthread_cond_wait(&intake->changed, &intake->lock);
    while (n < GROUP_MAX && intake->first != NULL) {
        group[n++] = intake->first;
        intake->first = intake->first->next;
    }
    if (intake->first == NULL)
        intake->last = &intake->first;
    intake->waiting -= n;
    pthread_mutex_unlock(&intake->lock);
    return n;
}

static void
note_result(struct intake *intake, bool ok, const struct err *err)
{
    if (atomic_exchange(&intake->failing, !ok) == !ok)
        return;
    if (ok)
        journal(LOG_INFO, "spool works again", JOURNAL_TEXT("answer", "200 to what is stored"));
    else
        journal(LOG_ERROR, "spool failed", JOURNAL_TEXT("problem", err->text),
                JOURNAL_TEXT("answer", "503 until it works again: Notion repeats its events"));
}

static void *
intake_main(void *context)
{
    struct intake_item *group[GROUP_MAX];
    struct spool_entry *entries[GROUP_MAX];
    struct intake *intake = context;
    size_t n;

    while ((n = take_group(intake, group)) > 0) {
        struct err err = {0};
        bool ok;

        for (size_t i = 0; i < n; i++)
            entries[i] = &group[i]->entry;
        ok = spool_store(intake->spool, entries, n, clock_wall(), &err);
        note_result(intake, ok, &err);
        for (size_t i = 0; i < n; i++) {
            group[i]->stored = ok;
            intake->done(intake->context, group[i]);
        }
    }
    return NULL;
}

struct intake *
intake_start(struct spool *spool, intake_done *done, void *context)
{
    struct intake *intake = mem_alloc(sizeof(*intake));

    intake->spool = spool;
    intake->done = done;
    intake->context = context;
    intake->last = &intake->first;
    pthread_mutex_init(&intake->lock, NULL);
    pthread_cond_init(&intake->changed, NULL);
    if (pthread_create(&intake->thread, NULL, intake_main, intake) != 0)
        mem_exhausted(0);
    return intake;
}

bool
intake_put(struct intake *intake, struct intake_item *item)
{
    bool taken;

    pthread_mutex_lock(&intake->lock);
    taken = !intake->quit && intake->waiting < WAITING_MAX;
    if (taken) {
        item->next = NULL;
        *intake->last = item;
        intake->last = &item->next;
        intake->waiting++;
        pthread_cond_signal(&intake->changed);
    }
    pthread_mutex_unlock(&intake->lock);
    return taken;
}

void
intake_stop(struct intake *intake)
{
    pthread_mutex_lock(&intake->lock);
    intake->quit = true;
    pthread_cond_signal(&intake->changed);
    pthread_mutex_unlock(&intake->lock);
    pthread_join(intake->thread, NULL);
}

void
intake_free(struct intake *intake)
{
    if (intake == NULL)
        return;
    pthread_mutex_destroy(&intake->lock);
    pthread_cond_destroy(&intake->changed);
    mem_free(intake);
}

bool
intake_failing(struct intake *intake)
{
    return atomic_load(&intake->failing);
}

void
intake_probe(struct intake *intake)
{
    struct err err = {0};

    if (spool_writable(intake->spool, &err))
        note_result(intake, true, &err);
}
