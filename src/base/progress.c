#include "base/progress.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"

#define LOG_EVERY  ((int64_t)15 * 1000)
#define LINE_EVERY ((int64_t)200)
/* Shorter pauses are not reported. */
#define HOLD_MIN      ((int64_t)2 * 1000)
#define LINE_SIZE     ((size_t)500)
#define SERVICES      4
#define NAME_SIZE     32
#define WIDTH_DEFAULT 80

static struct {
    bool on, shown;
    enum progress_mode mode;
    const char *what, *waits;
    size_t done, total, requests;
    int64_t since; /* of the phase */
    int64_t due;   /* the next line */
    struct service {
        char name[NAME_SIZE]; /* a copy: services end before the program does */
        int under_way;
        int64_t held_until;
    } services[SERVICES];
    pthread_mutex_t lock;
} progress = {.lock = PTHREAD_MUTEX_INITIALIZER};

enum progress_mode
progress_mode_now(void)
{
    const char *term = getenv("TERM");

    return isatty(STDERR_FILENO) && term != NULL && strcmp(term, "dumb") != 0 ? PROGRESS_LINE
                                                                              : PROGRESS_LOG;
}

static int64_t
interval(void)
{
    return progress.mode == PROGRESS_LINE ? LINE_EVERY : LOG_EVERY;
}

/* The caller holds the lock. */
static void
erase(void)
{
    if (progress.shown)
        (void)!write(STDERR_FILENO, "\r\033[K", 4);
    progress.shown = false;
}

void
progress_start(enum progress_mode mode)
{
    pthread_mutex_lock(&progress.lock);
    progress.on = true;
    progress.mode = mode;
    progress.since = clock_now();
    progress.due = progress.since + interval();
    pthread_mutex_unlock(&progress.lock);
    clock_on_sleep(interval(), progress_tick);
    log_before(progress_hide);
}

void
progress_stop(void)
{
    clock_on_sleep(0, NULL);
    pthread_mutex_lock(&progress.lock);
    erase();
    progress.on = false;
    pthread_mutex_unlock(&progress.lock);
}

void
progress_phase(const char *what, size_t total)
{
    pthread_mutex_lock(&progress.lock);
    progress.what = what;
    progress.total = total;
    progress.done = 0;
    progress.since = clock_now();
    pthread_mutex_unlock(&progress.lock);
    progress_tick();
}

void
progress_step(void)
{
    pthread_mutex_lock(&progress.lock);
    progress.done++;
    pthread_mutex_unlock(&progress.lock);
    progress_tick();
}

void
progress_wait(const char *what)
{
    pthread_mutex_lock(&progress.lock);
    progress.waits = what;
    pthread_mutex_unlock(&progress.lock);
}

/* Returns the service's place, NULL if there is none left. The caller holds the lock. */
static struct service *
place_of(const char *name)
{
    for (size_t i = 0; i < SERVICES; i++) {
        struct service *service = &progress.services[i];

        if (service->name[0] == '\0')
            snprintf(service->name, NAME_SIZE, "%s", name);
        if (strcmp(service->name, name) == 0)
            return service;
    }
    return NULL;
}

void
progress_request(const char *name, int change)
{
    struct service *service;

    pthread_mutex_lock(&progress.lock);
    service = place_of(name);
    if (service != NULL)
        service->under_way += change;
    progress.requests += change < 0;
    pthread_mutex_unlock(&progress.lock);
}

void
progress_hold(const char *name, int64_t until)
{
    struct service *service;

    pthread_mutex_lock(&progress.lock);
    service = place_of(name);
    if (service != NULL)
        service->held_until = until;
    pthread_mutex_unlock(&progress.lock);
}

static void
put_time(struct buf *out, int64_t ms)
{
    int64_t seconds = (ms + 999) / 1000;

    if (seconds < 90)
        buf_printf(out, "%" PRId64 " s", seconds);
    else if (seconds < (int64_t)90 * 60)
        buf_printf(out, "%" PRId64 " min", (seconds + 30) / 60);
    else
        buf_printf(out, "%" PRId64 " h", (seconds + 1800) / 3600);
}

static void
put_amount(struct buf *out, int64_t now)
{
    int64_t elapsed = now - progress.since;
    int64_t done = (int64_t)progress.done;

    if (progress.total == 0) {
        buf_printf(out, ": %zu request%s", progress.requests, progress.requests == 1 ? "" : "s");
        return;
    }
    buf_printf(out, ": %zu of %zu done", progress.done, progress.total);
    if (done == 0 || elapsed <= 0 || progress.done >= progress.total)
        return;
    buf_printf(out, ", %" PRId64 " a minute, about ", (done * 60000 + elapsed / 2) / elapsed);
    put_time(out, (int64_t)(progress.total - progress.done) * elapsed / done);
    buf_str(out, " left");
}

/* What the pass waits for: a person's pause, a service that asks for one, or answers. */
static void
put_waiting(struct buf *out, int64_t now)
{
    const char *separator = "; waiting for ";

    if (progress.waits != NULL) {
        buf_printf(out, "; waiting %s", progress.waits);
        return;
    }
    for (size_t i = 0; i < SERVICES; i++)
        if (progress.services[i].held_until - now >= HOLD_MIN) {
            buf_printf(out, "; %s asks to wait ", progress.services[i].name);
            put_time(out, progress.services[i].held_until - now);
            return;
        }
    for (size_t i = 0; i < SERVICES; i++)
        if (progress.services[i].under_way > 0) {
            buf_printf(out, "%s%s", separator, progress.services[i].name);
            separator = " and ";
        }
}

/* The caller holds the lock. Some terminals would break a line that fills the width. */
static void
show_line(char *line)
{
    struct winsize size;
    size_t width = WIDTH_DEFAULT;

    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        width = size.ws_col;
    line[utf8_offset(line, width - 1)] = '\0';
    (void)!write(STDERR_FILENO, "\r\033[K", 4);
    (void)!write(STDERR_FILENO, line, strlen(line));
    progress.shown = true;
}

void
progress_tick(void)
{
    int64_t now = clock_now();
    struct buf text;
    bool log = false;

    buf_init(&text, LINE_SIZE);
    pthread_mutex_lock(&progress.lock);
    if (progress.on && now >= progress.due && progress.what != NULL) {
        progress.due = now + interval();
        buf_str(&text, progress.what);
        put_amount(&text, now);
        put_waiting(&text, now);
        log = progress.mode == PROGRESS_LOG;
        if (!log)
            show_line(text.data);
    }
    pthread_mutex_unlock(&progress.lock);
    /* The log has its own lock, and hides the line. */
    if (log)
        log_info("%s", buf_text(&text));
    buf_release(&text);
}

void
progress_hide(void)
{
    pthread_mutex_lock(&progress.lock);
    erase();
    pthread_mutex_unlock(&progress.lock);
}
