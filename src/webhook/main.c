#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/signals.h"
#include "webhook/dispatch.h"
#include "webhook/journal.h"
#include "webhook/server.h"

enum { EXIT_DONE = 0, EXIT_NOTHING_DONE = 2 };

/* Notion repeats an event for about a day (developers.notion.com/reference/webhooks); the
 * receiver remembers its id for three (ms). */
#define REMEMBERED  ((int64_t)3 * 24 * 60 * 60 * 1000)
#define PRUNE_EVERY ((int64_t)60 * 1000)
#define TELL_EVERY  ((int64_t)60 * 60 * 1000)
/* How often the main thread does its regular checks (ms of real time). */
#define TICK         500
#define TICK_VIRTUAL 5

struct receiver {
    struct settings settings;
    struct metrics metrics;
    struct spool *spool;
    struct http *http;
    struct sender *sender;
    struct dispatch *dispatch;
    struct server *server;
    int64_t pruned, told; /* clock_now() */
    long long told_accepted;
};

static const char *
environment(void *context, const char *name)
{
    (void)context;
    return getenv(name);
}

/* Hints of repositories that were removed from the settings would otherwise stay forever. */
static bool
drop_strangers(struct receiver *receiver, struct err *err)
{
    const struct routes *routes = &receiver->settings.routes;
    size_t n;

    if (!spool_keep_only(receiver->spool, routes->repositories, routes->n_repositories, &n, err))
        return false;
    if (n > 0)
        journal(LOG_WARNING, "hints dropped", JOURNAL_NUMBER("hints", (int64_t)n),
                JOURNAL_TEXT("reason", "their repositories are not in the settings any more"));
    return true;
}

static bool
open_all(struct receiver *receiver, struct err *err)
{
    const struct settings *settings = &receiver->settings;

    receiver->spool = spool_open(settings->spool, err);
    if (receiver->spool == NULL || !drop_strangers(receiver, err))
        return false;
    receiver->http = http_start("notion-sync-webhook/" NOTION_SYNC_VERSION, NULL, INT64_MAX, err);
    if (receiver->http == NULL)
        return false;
    receiver->sender = sender_new(receiver->http, settings, err);
    if (receiver->sender == NULL)
        return false;
    receiver->dispatch =
        dispatch_start(settings, receiver->spool, receiver->sender, &receiver->metrics);
    receiver->server =
        server_start(settings, receiver->spool, receiver->dispatch, &receiver->metrics, err);
    return receiver->server != NULL;
}

static void
look(struct receiver *receiver)
{
    struct metrics *metrics = &receiver->metrics;
    struct spool_view view;

    if (!spool_look(receiver->spool, &view, NULL))
        return;
    atomic_store(&metrics->depth, view.depth);
    atomic_store(&metrics->oldest, view.oldest);
    atomic_store(&metrics->events_stored, view.events);
}

/* Stops first what lets events in, then what passes them on. Each leaves the spool in order. */
static void
close_all(struct receiver *receiver)
{
    server_stop(receiver->server);
    clock_interrupt();
    dispatch_stop(receiver->dispatch);
    if (receiver->spool != NULL && receiver->server != NULL) {
        look(receiver);
        journal(LOG_INFO, "stopped",
                JOURNAL_NUMBER("waiting", atomic_load(&receiver->metrics.depth)));
    }
    sender_free(receiver->sender);
    http_stop(receiver->http);
    spool_close(receiver->spool);
}

static void
tick(struct receiver *receiver)
{
    const struct metrics *metrics = &receiver->metrics;
    int64_t now = clock_now();
    long long rejected = 0;

    server_tick(receiver->server);
    look(receiver);
    if (now - receiver->pruned >= PRUNE_EVERY) {
        receiver->pruned = now;
        (void)!spool_prune(receiver->spool, clock_wall() - REMEMBERED, NULL);
    }
    if (now - receiver->told >= TELL_EVERY) {
        receiver->told = now;
        for (enum outcome i = OUTCOME_SIGNATURE; i < OUTCOME_COUNT; i++)
            rejected += atomic_load(&metrics->outcomes[i]);
        journal(LOG_INFO, "so far",
                JOURNAL_NUMBER("accepted", atomic_load(&metrics->outcomes[OUTCOME_ACCEPTED])),
                JOURNAL_NUMBER("rejected", rejected),
                JOURNAL_NUMBER("dispatches", atomic_load(&metrics->dispatches[DISPATCH_DONE])),
                JOURNAL_NUMBER("waiting", atomic_load(&metrics->depth)));
    }
}

static int
run(struct receiver *receiver)
{
    const struct settings *settings = &receiver->settings;
    struct timespec pause = {0};
    int number, status = EXIT_DONE;
    struct err err = {0};
    sigset_t set;

    /* Blocked in all threads, so that only this one receives them. */
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    /* Writing past a limit of the file size or into a closed pipe is an ordinary error. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    /* Secrets that the log must never show. */
    for (size_t i = 0; i < settings->n_secrets; i++)
        log_secret(settings->secrets[i]);
    log_secret(settings->github_token);
    log_secret(settings->app_key);
    journal_init(settings->log_level);
    if (!clock_init(&err)) {
        journal(LOG_ERROR, "cannot start", JOURNAL_TEXT("problem", err.text));
        return EXIT_NOTHING_DONE;
    }
    if (open_all(receiver, &err)) {
        if (settings->n_secrets == 0)
            journal(LOG_WARNING, "no secret yet",
                    JOURNAL_TEXT("next", "make the subscription in Notion: its verification token "
                                         "will be shown here"));
        pause.tv_nsec = (clock_is_virtual() ? TICK_VIRTUAL : TICK) * 1000000L;
        receiver->pruned = receiver->told = clock_now();
        while ((number = sigtimedwait(&set, NULL, &pause)) < 0)
            tick(receiver);
        journal(LOG_INFO, "stopping",
                JOURNAL_TEXT("signal", number == SIGINT ? "SIGINT" : "SIGTERM"));
        /* A second one ends it at once; accepted events are on the disk. */
        pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    } else {
        journal(LOG_ERROR, "cannot start", JOURNAL_TEXT("problem", err.text));
        status = EXIT_NOTHING_DONE;
    }
    close_all(receiver);
    return status;
}

int
main(int argc, char **argv)
{
    struct arena *arena = arena_new();
    struct receiver *receiver = arena_alloc(arena, sizeof(*receiver));
    const struct config_problem *problems;
    size_t n_problems;
    int status = EXIT_DONE;

    process_guard();
    /* The http room's own messages are for debugging; anything important arrives as an error. */
    log_init(LOG_WARNING, false);
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(settings_help(arena), stdout);
    } else if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("notion-sync-webhook " NOTION_SYNC_VERSION);
    } else if (argc > 1) {
        fputs("notion-sync-webhook takes --help or --version; settings are environment variables\n",
              stderr);
        status = EXIT_NOTHING_DONE;
    } else if (!settings_read(arena, environment, NULL, &receiver->settings, &problems,
                              &n_problems)) {
        for (size_t i = 0; i < n_problems; i++)
            journal(LOG_ERROR, "bad setting", JOURNAL_TEXT("setting", problems[i].input),
                    JOURNAL_TEXT("problem", problems[i].message));
        status = EXIT_NOTHING_DONE;
    } else {
        status = run(receiver);
    }
    arena_free(arena);
    return status;
}
