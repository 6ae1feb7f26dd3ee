#include "base/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "base/vec.h"

/* The runner cuts a message at 4096 characters. */
#define LOG_LINE_MAX   ((size_t)4000)
#define LOG_SECRET_MIN 4
/* This many characters identify a secret: more than the prefixes that kinds of tokens have in
 * common. */
#define LOG_SECRET_KNOWN ((size_t)16)

static enum log_level log_level = LOG_INFO;
static bool log_commands;
static bool log_no_stdout;
static void (*log_clear)(void);
/* How many annotations of each kind there were. */
static struct {
    const char *command, *many;
    size_t count;
} log_annotations[] = {
    {"error", "errors", 0}, {"warning", "warnings", 0}, {"notice", "notices", 0}};
static VEC(char *) log_secrets;
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;

void
log_init(enum log_level level, bool commands)
{
    log_level = level;
    log_commands = commands;
}

void
log_before(void (*clear)(void))
{
    log_clear = clear;
}

void
log_leave_stdout(void)
{
    log_no_stdout = true;
}

/* A line with a workflow command; flushed, so that the two streams keep their order. */
static void
log_command(const char *command, const char *data)
{
    FILE *out = log_no_stdout ? stderr : stdout;

    fprintf(out, "::%s::%s\n", command, data);
    fflush(out);
}

bool
log_wants(enum log_level level)
{
    return level <= log_level;
}

/* Escapes the data of a workflow command. */
static void
log_escape(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '%')
            buf_str(out, "%25");
        else if (*text == '\r')
            buf_str(out, "%0D");
        else if (*text == '\n')
            buf_str(out, "%0A");
        else
            buf_char(out, *text);
    }
}

/* A message may have been cut in the middle of a secret, so the beginning of one is hidden too. */
static void
log_hide(char *line, const char *secret)
{
    size_t whole = strlen(secret);
    size_t enough = whole < LOG_SECRET_KNOWN ? whole : LOG_SECRET_KNOWN;

    while ((line = strchr(line, *secret)) != NULL) {
        size_t length = 0;

        while (secret[length] != '\0' && line[length] == secret[length])
            length++;
        if (length >= enough) {
            memcpy(line, "***", 3);
            memmove(line + 3, line + length, strlen(line + length) + 1);
        }
        line++;
    }
}

static void
log_hide_secrets(char *line)
{
    for (size_t i = 0; i < log_secrets.len; i++)
        log_hide(line, log_secrets.items[i]);
}

/* One line without control characters or anything that the runner would take for a command:
 * "##[" anywhere, and "::" after any white space, of which Unicode has more than ASCII. */
static void
log_disarm(char *line)
{
    char *at;

    for (char *c = line; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' ';
    while ((at = strstr(line, "##[")) != NULL)
        at[1] = ' ';
    for (at = line; *at == ' ' || (unsigned char)*at >= 0x80; at++)
        continue;
    if (strncmp(at, "::", 2) == 0)
        at[1] = ' ';
}

/* Whether there is room for another of its kind. The caller holds the lock. */
static bool
log_annotates(const char *command)
{
    size_t kind = 0;

    if (!log_commands || command == NULL)
        return false;
    while (strcmp(log_annotations[kind].command, command) != 0)
        kind++;
    return ++log_annotations[kind].count <= LOG_ANNOTATIONS;
}

void
log_end(void)
{
    pthread_mutex_lock(&log_lock);
    for (size_t i = 0; i < sizeof(log_annotations) / sizeof(log_annotations[0]); i++) {
        char text[64];

        if (log_annotations[i].count > LOG_ANNOTATIONS) {
            snprintf(text, sizeof(text), "… and %zu more %s, all in the log",
                     log_annotations[i].count - LOG_ANNOTATIONS, log_annotations[i].many);
            log_command(log_annotations[i].command, text);
        }
        log_annotations[i].count = 0;
    }
    fflush(stdout);
    pthread_mutex_unlock(&log_lock);
}

static void
log_write(enum log_level level, const char *command, const char *format, va_list args)
{
    struct arena *scratch;
    struct buf out;
    char *line;

    if (!log_wants(level))
        return;
    scratch = arena_new();
    line = arena_vprintf(scratch, format, args);
    if (log_clear != NULL)
        log_clear();
    buf_init(&out, 4 * LOG_LINE_MAX);
    pthread_mutex_lock(&log_lock);
    log_hide_secrets(line);
    log_disarm(line);
    utf8_cut(line, LOG_LINE_MAX);
    if (log_annotates(command)) {
        log_escape(&out, line);
        log_command(command, buf_text(&out));
    } else {
        fprintf(stderr, "%s%s\n",
                level == LOG_ERROR     ? "error: "
                : level == LOG_WARNING ? "warning: "
                                       : "",
                line);
    }
    pthread_mutex_unlock(&log_lock);
    buf_release(&out);
    arena_free(scratch);
}

void
log_secret(const char *secret)
{
    struct buf out;

    if (secret == NULL || strlen(secret) < LOG_SECRET_MIN)
        return;
    pthread_mutex_lock(&log_lock);
    vec_push(&log_secrets, mem_strdup(secret));
    if (log_commands) {
        buf_init(&out, 64 * 1024);
        log_escape(&out, secret);
        log_command("add-mask", buf_text(&out));
        buf_release(&out);
    }
    pthread_mutex_unlock(&log_lock);
}

void
log_forget(const char *secret)
{
    pthread_mutex_lock(&log_lock);
    for (size_t i = 0; i < log_secrets.len; i++) {
        if (strcmp(log_secrets.items[i], secret) != 0)
            continue;
        mem_free(log_secrets.items[i]);
        log_secrets.items[i] = log_secrets.items[--log_secrets.len];
        break;
    }
    pthread_mutex_unlock(&log_lock);
}

void
log_redact(char *text)
{
    pthread_mutex_lock(&log_lock);
    log_hide_secrets(text);
    pthread_mutex_unlock(&log_lock);
}

#define LOG_FUNCTION(name, level, command)       \
    void name(const char *format, ...)           \
    {                                            \
        va_list args;                            \
        va_start(args, format);                  \
        log_write(level, command, format, args); \
        va_end(args);                            \
    }

LOG_FUNCTION(log_error, LOG_ERROR, "error")
LOG_FUNCTION(log_warning, LOG_WARNING, "warning")
LOG_FUNCTION(log_notice, LOG_INFO, "notice")
LOG_FUNCTION(log_info, LOG_INFO, NULL)
LOG_FUNCTION(log_debug, LOG_DEBUG, NULL)
