#include <signal.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/progress.h"
#include "http/http_p.h"

#define LOOP_TRANSFER_MS ((int64_t)60 * 1000)
#define LOOP_GRACE_MS    ((int64_t)2 * 1000)
#define LOOP_TURN_MS     1000
#define LOOP_SHORT_MS    20

/* The time by which transfers age. A virtual clock that our own sleepers move forward brings no
 * answer nearer. The order matters: a sleeper in between must not make us late. */
static int64_t
loop_time(void)
{
    int64_t now = clock_now();

    return now - clock_slept();
}

static void
loop_end(struct http *http, struct transfer *transfer, CURLcode code)
{
    struct transfer **link = &http->active;

    while (*link != transfer)
        link = &(*link)->next;
    *link = transfer->next;
    curl_multi_remove_handle(http->multi, transfer->easy);
    pthread_mutex_lock(&http->lock);
    transfer->code = code;
    transfer->done = true;
    pthread_cond_signal(&transfer->ended);
    pthread_mutex_unlock(&http->lock);
}

/* Adds the transfers that were handed in. Returns false if the room is closing. */
static bool
loop_take(struct http *http)
{
    struct transfer *queue;
    int64_t cut_off;
    bool quit;

    pthread_mutex_lock(&http->lock);
    queue = http->queue;
    http->queue = NULL;
    cut_off = http->cut_off;
    quit = http->quit;
    pthread_mutex_unlock(&http->lock);
    while (queue != NULL) {
        struct transfer *transfer = queue;

        queue = transfer->next;
        transfer->expires = loop_time() + LOOP_TRANSFER_MS;
        transfer->grace = cut_off;
        transfer->next = http->active;
        http->active = transfer;
        if (curl_multi_add_handle(http->multi, transfer->easy) != CURLM_OK)
            loop_end(http, transfer, CURLE_FAILED_INIT);
    }
    return !quit;
}

static void
loop_collect(struct http *http)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(http->multi, &left)) != NULL) {
        char *private = NULL;
        CURLcode code = message->data.result;

        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private);
        loop_end(http, (struct transfer *)(void *)private, code);
    }
}

static void
loop_expire(struct http *http)
{
    int64_t now = loop_time();
    int64_t real = clock_real();
    bool interrupted = clock_interrupted();
    struct transfer *next;

    for (struct transfer *transfer = http->active; transfer != NULL; transfer = next) {
        next = transfer->next;
        if (interrupted && transfer->grace == 0) {
            transfer->grace = real + LOOP_GRACE_MS;
            if (transfer->expires > now + LOOP_GRACE_MS)
                transfer->expires = now + LOOP_GRACE_MS;
        }
        if (now < transfer->expires && (transfer->grace == 0 || real < transfer->grace))
            continue;
        transfer->interrupted = transfer->grace != 0;
        transfer->timed_out = !transfer->interrupted;
        loop_end(http, transfer, CURLE_OPERATION_TIMEDOUT);
    }
}

static void
loop_wait(struct http *http)
{
    struct curl_waitfd wake = {.fd = clock_interrupt_fd(), .events = CURL_WAIT_POLLIN};
    bool interrupted = clock_interrupted();
    int64_t now = loop_time();
    int timeout = LOOP_TURN_MS;

    for (struct transfer *transfer = http->active; transfer != NULL; transfer = transfer->next) {
        if (clock_is_virtual() || transfer->grace != 0)
            timeout = timeout < LOOP_SHORT_MS ? timeout : LOOP_SHORT_MS;
        if (transfer->expires - now < timeout)
            timeout = transfer->expires > now ? (int)(transfer->expires - now) : 0;
    }
    /* An interruption stays readable until it is taken back. */
    curl_multi_poll(http->multi, &wake, wake.fd != -1 && !interrupted ? 1 : 0, timeout, NULL);
}

static void *
loop_main(void *context)
{
    struct http *http = context;
    int running;

    while (loop_take(http)) {
        curl_multi_perform(http->multi, &running);
        loop_collect(http);
        loop_expire(http);
        /* Threads that wait for a place at a gate notice neither time passing nor a signal. */
        pthread_mutex_lock(&http->lock);
        if (clock_interrupted() || clock_now() >= http->deadline)
            pthread_cond_broadcast(&http->changed);
        pthread_mutex_unlock(&http->lock);
        progress_tick();
        loop_wait(http);
    }
    while (http->active != NULL)
        loop_end(http, http->active, CURLE_ABORTED_BY_CALLBACK);
    return NULL;
}

bool
loop_start(struct http *http, struct err *err)
{
    sigset_t all;
    sigset_t before;
    int error;

    /* Signals are for the main thread; a new thread inherits the mask. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    error = pthread_create(&http->thread, NULL, loop_main, http);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error != 0)
        return err_set(err, ERR_NETWORK, "cannot start a thread: %s", strerror(error));
    return true;
}

void
loop_stop(struct http *http)
{
    pthread_mutex_lock(&http->lock);
    http->quit = true;
    pthread_mutex_unlock(&http->lock);
    curl_multi_wakeup(http->multi);
    pthread_join(http->thread, NULL);
}

void
loop_run(struct http *http, struct transfer *transfer)
{
    pthread_mutex_lock(&http->lock);
    transfer->next = http->queue;
    http->queue = transfer;
    pthread_mutex_unlock(&http->lock);
    curl_multi_wakeup(http->multi);
    pthread_mutex_lock(&http->lock);
    while (!transfer->done)
        pthread_cond_wait(&transfer->ended, &http->lock);
    pthread_mutex_unlock(&http->lock);
}
