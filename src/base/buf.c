#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

void
buf_init(struct buf *buf, size_t max)
{
    *buf = (struct buf){.max = max};
}

void
buf_release(struct buf *buf)
{
    size_t max = buf->max;

    free(buf->data);
    buf_init(buf, max);
}

void
buf_clear(struct buf *buf)
{
    buf->len = 0;
    buf->full = false;
    if (buf->data != NULL)
        buf->data[0] = '\0';
}

static bool
buf_reserve(struct buf *buf, size_t length)
{
    size_t cap = buf->cap > 0 ? buf->cap : 64;

    if (buf->full || length > buf->max - buf->len) {
        buf->full = true;
        return false;
    }
    if (buf->data != NULL && buf->len + length < buf->cap)
        return true;
    while (cap <= buf->len + length)
        cap *= 2;
    buf->data = mem_resize(buf->data, cap);
    buf->data[buf->len] = '\0';
    buf->cap = cap;
    return true;
}

bool
buf_add(struct buf *buf, const void *bytes, size_t length)
{
    if (!buf_reserve(buf, length))
        return false;
    if (length > 0)
        memcpy(buf->data + buf->len, bytes, length);
    buf->len += length;
    buf->data[buf->len] = '\0';
    return true;
}

bool
buf_str(struct buf *buf, const char *text)
{
    return buf_add(buf, text, strlen(text));
}

bool
buf_char(struct buf *buf, char c)
{
    return buf_add(buf, &c, 1);
}

bool
buf_vprintf(struct buf *buf, const char *format, va_list args)
{
    va_list again;
    int length;
    bool ok;

    va_copy(again, args);
    length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    ok = length >= 0 && buf_reserve(buf, (size_t)length);
    if (ok) {
        vsnprintf(buf->data + buf->len, (size_t)length + 1, format, args);
        buf->len += (size_t)length;
    }
    return ok;
}

bool
buf_printf(struct buf *buf, const char *format, ...)
{
    va_list args;
    bool ok;

    va_start(args, format);
    ok = buf_vprintf(buf, format, args);
    va_end(args);
    return ok;
}

const char *
buf_text(struct buf *buf)
{
    return buf->data != NULL ? buf->data : "";
}

char *
buf_take(struct buf *buf, struct arena *arena)
{
    char *text = arena_strndup(arena, buf_text(buf), buf->len);

    buf_release(buf);
    return text;
}

bool
buf_repeat(struct buf *buf, char c, size_t n)
{
    while (n-- > 0)
        if (!buf_char(buf, c))
            return false;
    return true;
}

size_t
longest_run(const char *text, size_t length, char c)
{
    size_t longest = 0;
    size_t run = 0;

    for (size_t i = 0; i < length; i++) {
        run = text[i] == c ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}
