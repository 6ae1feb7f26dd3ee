#ifndef WEBHOOK_JOURNAL_H
#define WEBHOOK_JOURNAL_H

#include <stdint.h>

#include "base/log.h"

/*
 * The receiver's log: one JSON object a line on standard error, with time, level, event and its
 * fields. Foreign text is safe in it (JSON escapes it); secrets that log_secret knows are not
 * shown. Thread-safe.
 */
struct journal_field {
    const char *name;
    const char *text; /* NULL: the number */
    int64_t number;
};

#define JOURNAL_TEXT(name, text)     ((struct journal_field){(name), (text), 0})
#define JOURNAL_NUMBER(name, number) ((struct journal_field){(name), NULL, (number)})

/* Entries above the level are dropped (default: LOG_INFO). Call it before any thread. */
void journal_init(enum log_level level);

/* Writes one entry; a field without a name ends the list. */
void journal_write(enum log_level level, const char *event, const struct journal_field *fields);

/* The same at any level, as a "notice": for something that a person is waiting for. */
void journal_notice(const char *event, const struct journal_field *fields);

#define journal(level, event, ...) \
    journal_write((level), (event), (const struct journal_field[]){__VA_ARGS__, {0}})

#endif
