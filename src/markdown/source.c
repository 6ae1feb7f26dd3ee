#include "markdown/source.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

void
source_init(struct source *source, struct arena *arena)
{
    *source = (struct source){.arena = arena};
    buf_init(&source->text, SIZE_MAX / 4);
}

void
source_release(struct source *source)
{
    buf_release(&source->text);
    vec_free(&source->pieces);
    vec_free(&source->origin);
}

struct source_lines
source_split(struct arena *arena, const char *text)
{
    struct source_lines lines = {0};
    const char *end = text + strlen(text);
    char *clean = arena_alloc(arena, 3 * strlen(text) + 1);
    char *start = clean;
    const char *raw = text, *at;
    uint32_t point;

    for (;;) {
        while (*text >= ' ' && *text < 0x7f)
            *clean++ = *text++;
        at = text;
        if (!utf8_next(&text, end, &point))
            break;
        if (point == '\r') {
            if (*text == '\n')
                text++;
            point = '\n';
        }
        if (point != '\t' && point != '\n' && (point < 0x20 || point == 0x7f))
            point = 0xfffd;
        clean += utf8_put(clean, point);
        if (point != '\n')
            continue;
        vec_push(&lines, (struct source_line){.text = start,
                                              .length = (size_t)(clean - start) - 1,
                                              .raw = raw,
                                              .raw_end = at});
        start = clean;
        raw = text;
    }
    if (clean > start)
        vec_push(&lines,
                 (struct source_line){
                     .text = start, .length = (size_t)(clean - start), .raw = raw, .raw_end = end});
    return lines;
}

char *
source_cell_text(struct arena *arena, const char *text, size_t length)
{
    char *cell = arena_alloc(arena, length + 1), *to = cell;

    for (const char *at = text, *end = text + length; at < end; at++)
        if (*at != '\\' || at + 1 == end || at[1] != '|')
            *to++ = *at;
    return cell;
}

const char *
source_token(struct source *source, struct piece piece)
{
    char *at = (char *)arena_alloc(source->arena, 24) + 22;
    size_t number = source->pieces.len;

    vec_push(&source->pieces, piece);
    *at = TOKEN_END;
    do
        *--at = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    *--at = TOKEN_START;
    return at;
}

const struct piece *
source_piece(const struct source *source, const char *text, const char **end)
{
    char *after;
    unsigned long index;

    if (*text != TOKEN_START)
        return NULL;
    index = strtoul(text + 1, &after, 10);
    if (*after != TOKEN_END || index >= source->pieces.len)
        return NULL;
    *end = after + 1;
    return &source->pieces.items[index];
}

static bool
add_unescaped(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\\' && ispunct((unsigned char)text[1]))
            text++;
        buf_char(out, *text);
    }
    return true;
}

static char *
restore(const struct source *source, const char *text, bool (*add)(struct buf *, const char *))
{
    struct buf out;

    if (strchr(text, TOKEN_START) == NULL)
        return arena_strdup(source->arena, text);
    buf_init(&out, SIZE_MAX / 4);
    while (*text != '\0') {
        const struct piece *piece = source_piece(source, text, &text);

        if (piece != NULL)
            add(&out, piece->written);
        else
            buf_char(&out, *text++);
    }
    return buf_take(&out, source->arena);
}

char *
source_restore(const struct source *source, const char *text)
{
    return restore(source, text, buf_str);
}

char *
source_restore_address(const struct source *source, const char *text)
{
    return restore(source, text, add_unescaped);
}

size_t
source_marker(const char *at, const char *end)
{
    const char *start = at;

    if (at < end && (*at == '-' || *at == '*' || *at == '+')) {
        at++;
    } else {
        while (at < end && at - start < 9 && isdigit((unsigned char)*at))
            at++;
        if (at == start || at == end || (*at != '.' && *at != ')'))
            return 0;
        at++;
    }
    if (at < end && *at != ' ' && *at != '\t')
        return 0;
    return (size_t)(at - start) + (at < end ? 1 : 0);
}

size_t
source_prefix(struct source_line line, bool markers)
{
    const char *at = line.text, *end = line.text + line.length;

    while (at < end) {
        size_t marker = markers ? source_marker(at, end) : 0;

        if (marker > 0)
            at += marker;
        else if (*at == ' ' || *at == '\t' || *at == '>')
            at++;
        else
            break;
    }
    return (size_t)(at - line.text);
}

static bool
is_quoted(struct source_line line)
{
    return memchr(line.text, '>', source_prefix(line, true)) != NULL;
}

static bool
opens_fence(struct fence *fence, struct source_line line)
{
    size_t prefix = source_prefix(line, true);
    const char *at = line.text + prefix, *end = line.text + line.length;
    size_t length = 0;

    if (at == end || (*at != '`' && *at != '~'))
        return false;
    while (at + length < end && at[length] == *at)
        length++;
    if (length < 3 || (*at == '`' && memchr(at + length, '`', (size_t)(end - at) - length)))
        return false;
    *fence = (struct fence){*at, length, is_quoted(line), 0};
    if (prefix > source_prefix(line, false))
        fence->indent = prefix;
    return true;
}

bool
source_fenced(struct fence *fence, struct source_line line)
{
    size_t at, length = 0;

    if (fence->length == 0)
        return opens_fence(fence, line);
    at = source_prefix(line, false);
    /* The quote or the list item that the fence was opened in may have ended. */
    if (fence->quoted ? !is_quoted(line) : at < line.length && at < fence->indent) {
        fence->length = 0;
        return opens_fence(fence, line);
    }
    while (at + length < line.length && line.text[at + length] == fence->mark)
        length++;
    at += length;
    while (at < line.length && (line.text[at] == ' ' || line.text[at] == '\t'))
        at++;
    if (length >= fence->length && at == line.length)
        fence->length = 0;
    return true;
}

void
source_add_raw(struct source *source, const char *text, size_t length, size_t number)
{
    buf_add(&source->text, text, length);
    buf_char(&source->text, '\n');
    vec_push(&source->origin, number);
}
