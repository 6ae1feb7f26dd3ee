#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"

/* 0000-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z */
#define CLOCK_FIRST INT64_C(-62167219200000)
#define CLOCK_LAST  INT64_C(253402300799999)

static _Atomic int64_t *test_clock;
static _Atomic int64_t slept;
static atomic_bool interrupted;
static int wake_pipe[2] = {-1, -1};
static int64_t tick_every;
static void (*sleep_tick)(void);

static bool
clock_open_test(const char *path, struct err *err)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    struct stat status;
    void *map;

    if (fd == -1)
        return err_set(err, ERR_INPUT, "NOTION_SYNC_CLOCK: %s: %s", path, strerror(errno));
    if (fstat(fd, &status) == -1 || status.st_size < (off_t)sizeof(int64_t)) {
        close(fd);
        return err_set(err, ERR_INPUT, "NOTION_SYNC_CLOCK: %s: must hold 8 bytes", path);
    }
    map = mmap(NULL, sizeof(int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (map == MAP_FAILED)
        return err_set(err, ERR_INPUT, "NOTION_SYNC_CLOCK: %s: %s", path, strerror(errno));
    test_clock = map;
    return true;
}

bool
clock_init(struct err *err)
{
    const char *path = getenv("NOTION_SYNC_CLOCK");

    if (wake_pipe[0] == -1 && pipe2(wake_pipe, O_CLOEXEC | O_NONBLOCK) == -1)
        return err_set(err, ERR_INPUT, "cannot make a pipe: %s", strerror(errno));
    return path == NULL || *path == '\0' || test_clock != NULL || clock_open_test(path, err);
}

bool
clock_is_virtual(void)
{
    return test_clock != NULL;
}

static int64_t
clock_read(clockid_t id)
{
    struct timespec now;

    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t
clock_now(void)
{
    return test_clock != NULL ? atomic_load(test_clock) : clock_read(CLOCK_MONOTONIC);
}

int64_t
clock_wall(void)
{
    return test_clock != NULL ? atomic_load(test_clock) : clock_read(CLOCK_REALTIME);
}

int64_t
clock_real(void)
{
    return clock_read(CLOCK_MONOTONIC);
}

void
clock_interrupt(void)
{
    int saved = errno;

    atomic_store(&interrupted, true);
    if (wake_pipe[1] != -1 && write(wake_pipe[1], "", 1) == -1)
        errno = saved;
    errno = saved;
}

bool
clock_interrupted(void)
{
    return atomic_load(&interrupted);
}

void
clock_resume(void)
{
    char bytes[16];

    atomic_store(&interrupted, false);
    while (wake_pipe[0] != -1 && read(wake_pipe[0], bytes, sizeof(bytes)) > 0)
        continue;
}

int
clock_interrupt_fd(void)
{
    return wake_pipe[0];
}

static bool
clock_jump_to(int64_t deadline)
{
    int64_t now = atomic_load(test_clock);

    while (now < deadline && !clock_interrupted()) {
        int64_t jump = deadline - now;

        /* Counts the jump before making it, so that a reader of both never sees a jump that is
         * not counted. */
        atomic_fetch_add(&slept, jump);
        if (atomic_compare_exchange_strong(test_clock, &now, deadline))
            break;
        atomic_fetch_sub(&slept, jump);
    }
    return !clock_interrupted();
}

int64_t
clock_slept(void)
{
    return atomic_load(&slept);
}

void
clock_on_sleep(int64_t every, void (*tick)(void))
{
    tick_every = every;
    sleep_tick = tick;
}

static bool
sleep_on(int64_t deadline)
{
    if (test_clock != NULL)
        return clock_jump_to(deadline);
    for (;;) {
        struct pollfd wake = {.fd = wake_pipe[0], .events = POLLIN};
        int64_t left = deadline - clock_now();

        if (clock_interrupted())
            return false;
        if (left <= 0)
            return true;
        poll(&wake, 1, left < 60000 ? (int)left : 60000);
    }
}

bool
clock_sleep_until(int64_t deadline)
{
    if (sleep_tick == NULL)
        return sleep_on(deadline);
    for (;;) {
        int64_t next = clock_now() + tick_every;

        if (deadline < next)
            next = deadline;
        if (!sleep_on(next))
            return false;
        if (next == deadline)
            return true;
        sleep_tick();
    }
}

void
clock_format(int64_t time, char text[CLOCK_TEXT_SIZE])
{
    int64_t seconds;
    time_t when;
    struct tm tm;
    size_t length;

    if (time < CLOCK_FIRST)
        time = CLOCK_FIRST;
    if (time > CLOCK_LAST)
        time = CLOCK_LAST;
    seconds = time / 1000 - (time % 1000 < 0);
    when = (time_t)seconds;

    gmtime_r(&when, &tm);
    /* Libraries differ in how many digits strftime's %Y has before the year 1000. */
    snprintf(text, CLOCK_TEXT_SIZE, "%04d", tm.tm_year + 1900);
    length = strlen(text);
    length += strftime(text + length, CLOCK_TEXT_SIZE - length, "-%m-%dT%H:%M:%S", &tm);
    snprintf(text + length, CLOCK_TEXT_SIZE - length, ".%03uZ",
             (unsigned)(time - seconds * 1000) % 1000);
}

/* Reads a text by a pattern. Each digit in the pattern stands for a digit of the field with that
 * number; any other character stands for itself. */
static bool
clock_scan(const char **text, const char *pattern, int *fields)
{
    for (; *pattern != '\0'; pattern++, (*text)++) {
        bool digit = *pattern >= '0' && *pattern <= '9';

        if (digit ? **text < '0' || **text > '9' : **text != *pattern)
            return false;
        if (digit)
            fields[*pattern - '0'] = fields[*pattern - '0'] * 10 + (**text - '0');
    }
    return true;
}

enum { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, FIELDS };

/* Seconds since the epoch; false for a date or time that does not exist. */
static bool
clock_seconds(const int fields[FIELDS], int64_t *seconds)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = fields[YEAR];
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    struct tm tm = {.tm_year = year - 1900,
                    .tm_mon = fields[MONTH] - 1,
                    .tm_mday = fields[DAY],
                    .tm_hour = fields[HOUR],
                    .tm_min = fields[MINUTE],
                    .tm_sec = fields[SECOND]};

    if (tm.tm_mon < 0 || tm.tm_mon > 11 || tm.tm_mday < 1 ||
        tm.tm_mday > days[tm.tm_mon] + (leap && tm.tm_mon == 1) || tm.tm_hour > 23 ||
        tm.tm_min > 59 || tm.tm_sec > 60)
        return false;
    *seconds = (int64_t)timegm(&tm);
    return true;
}

static bool
clock_fraction(const char **text, int *milliseconds)
{
    int scale = 100;

    *milliseconds = 0;
    if (**text != '.')
        return true;
    (*text)++;
    if (**text < '0' || **text > '9')
        return false;
    for (; **text >= '0' && **text <= '9'; (*text)++, scale /= 10)
        *milliseconds += (**text - '0') * scale;
    return true;
}

static bool
clock_offset(const char **text, int *minutes)
{
    int sign = **text == '-' ? -1 : 1;
    int fields[2] = {0};

    *minutes = 0;
    if (clock_scan(text, "Z", fields))
        return true;
    if (!clock_scan(text, sign > 0 ? "+00:11" : "-00:11", fields))
        return false;
    *minutes = sign * (fields[0] * 60 + fields[1]);
    return fields[0] < 24 && fields[1] < 60;
}

bool
clock_parse(const char *text, int64_t *time)
{
    int fields[FIELDS] = {0};
    int64_t seconds;
    int milliseconds, offset;

    if (!clock_scan(&text, "0000-11-22T33:44:55", fields) ||
        !clock_fraction(&text, &milliseconds) || !clock_offset(&text, &offset) || *text != '\0' ||
        !clock_seconds(fields, &seconds))
        return false;
    *time = (seconds - (int64_t)offset * 60) * 1000 + milliseconds;
    return true;
}

bool
clock_parse_http(const char *text, int64_t *time)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const char *comma = strchr(text, ',');
    int fields[FIELDS] = {0};
    int64_t seconds;

    if (comma == NULL || comma - text != 3)
        return false;
    text = comma + 1;
    if (!clock_scan(&text, " 22 ", fields))
        return false;
    for (size_t i = 0; i < 12; i++)
        if (strncmp(text, months + 3 * i, 3) == 0)
            fields[MONTH] = (int)i + 1;
    if (fields[MONTH] == 0)
        return false;
    text += 3;
    if (!clock_scan(&text, " 0000 33:44:55 GMT", fields) || *text != '\0' ||
        !clock_seconds(fields, &seconds))
        return false;
    *time = seconds * 1000;
    return true;
}
