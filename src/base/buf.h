#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

/*
 * A growing run of bytes with a ceiling, always followed by a NUL that does not count. An append
 * that would pass the ceiling changes nothing and sets `full`; later appends do nothing.
 */
struct buf {
    char *data; /* never NULL after the first append or buf_text() */
    size_t len, cap, max;
    bool full;
};

/* An empty buffer that holds at most max bytes. */
void buf_init(struct buf *buf, size_t max);
/* Frees the contents. Afterward the buffer is as after buf_init. */
void buf_release(struct buf *buf);
/* Empties the buffer and keeps its memory. */
void buf_clear(struct buf *buf);

/* Append bytes, a string, a character, formatted text. Return false if the ceiling was hit. */
bool buf_add(struct buf *buf, const void *bytes, size_t length);
bool buf_str(struct buf *buf, const char *text);
bool buf_char(struct buf *buf, char c);
/* Appends a character many times. */
bool buf_repeat(struct buf *buf, char c, size_t n);
bool buf_printf(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
bool buf_vprintf(struct buf *buf, const char *format, va_list args);

/* The longest run of a character in a text. A fence or code span around the text needs one more. */
size_t longest_run(const char *text, size_t length, char c);

/* The contents as a string, "" if there is nothing; valid until the next change. */
const char *buf_text(struct buf *buf);
/* The same in an arena; the buffer is released. */
struct arena;
char *buf_take(struct buf *buf, struct arena *arena);

#endif
