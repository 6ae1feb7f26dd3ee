#include "markdown/source.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

/* Deeper nesting in one line is text: every line below it would be matched against all of it. */
#define MAX_MARKERS 50

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

static size_t
clean_point(char *out, uint32_t point)
{
    if (point != '\t' && point != '\n' && (point < 0x20 || point == 0x7f))
        point = 0xfffd;
    return utf8_put(out, point);
}

struct source_lines
source_split(struct arena *arena, const char *text)
{
    struct source_lines lines = {0};
    const char *end = text + strlen(text);
    char *clean = arena_alloc(arena, 3 * strlen(text) + 1);
    char *start = clean;
    uint32_t point;

    while (utf8_next(&text, end, &point)) {
        if (point == '\r') {
            if (*text == '\n')
                text++;
            point = '\n';
        }
        clean += clean_point(clean, point);
        if (point != '\n')
            continue;
        vec_push(&lines, (struct source_line){start, (size_t)(clean - start) - 1});
        start = clean;
    }
    if (clean > start)
        vec_push(&lines, (struct source_line){start, (size_t)(clean - start)});
    return lines;
}

const char *
source_token(struct source *source, struct piece piece)
{
    vec_push(&source->pieces, piece);
    return arena_printf(source->arena, "%c%zu%c", TOKEN_START, source->pieces.len - 1, TOKEN_END);
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

char *
source_restore(const struct source *source, const char *text)
{
    struct buf out;
    char *copy;

    if (strchr(text, TOKEN_START) == NULL)
        return arena_strdup(source->arena, text);
    buf_init(&out, SIZE_MAX / 4);
    while (*text != '\0') {
        const struct piece *piece = source_piece(source, text, &text);

        if (piece != NULL)
            buf_str(&out, piece->written);
        else
            buf_char(&out, *text++);
    }
    copy = arena_strdup(source->arena, buf_text(&out));
    buf_release(&out);
    return copy;
}

/* The length of a list marker with the blank after it, 0: there is none. */
static size_t
marker_length(const char *at, const char *end)
{
    const char *start = at;

    if (at < end && strchr("-*+", *at) != NULL) {
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
        size_t marker = markers ? marker_length(at, end) : 0;

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

static bool
closes_fence(const struct fence *fence, struct source_line line)
{
    size_t at = source_prefix(line, false), length = 0;

    while (at + length < line.length && line.text[at + length] == fence->mark)
        length++;
    at += length;
    while (at < line.length && (line.text[at] == ' ' || line.text[at] == '\t'))
        at++;
    return length >= fence->length && at == line.length;
}

/* Whether the quote or the list item that the fence was opened in has ended. */
static bool
leaves_fence(const struct fence *fence, struct source_line line)
{
    size_t prefix = source_prefix(line, false);

    if (fence->quoted)
        return !is_quoted(line);
    return prefix < line.length && prefix < fence->indent;
}

bool
source_fenced(struct fence *fence, struct source_line line)
{
    if (fence->length > 0 && leaves_fence(fence, line))
        fence->length = 0;
    if (fence->length == 0)
        return opens_fence(fence, line);
    if (closes_fence(fence, line))
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

static bool
is_word(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* A run of the same character at a place. */
static size_t
run_length(const char *at, const char *end)
{
    size_t length = 1;

    while (at + length < end && at[length] == *at)
        length++;
    return length;
}

/* The end of the code span that starts here, or of its backticks where none does. */
static const char *
skip_code(const char *at, const char *end)
{
    size_t length = run_length(at, end);
    const char *close = at + length;

    while ((close = memchr(close, '`', (size_t)(end - close))) != NULL) {
        size_t other = run_length(close, end);

        if (other == length)
            return close + other;
        close += other;
    }
    return at + length;
}

size_t
source_code_end(struct source_line line, size_t at)
{
    return (size_t)(skip_code(line.text + at, line.text + line.length) - line.text);
}

/* What closes the formula that the dollars at `at` open, or NULL. */
static const char *
find_close(const char *at, const char *end, size_t dollars)
{
    const char *start = at + dollars;
    const char *close;

    if (start >= end || (dollars == 1 && (*start == ' ' || *start == '\t')))
        return NULL;
    for (close = start; close < end && *close != '$'; close++) {
        if (*close == '\\' && close + 1 < end)
            close++;
        else if (*close == '`' && !(dollars == 1 && (close == start || close[1] == '$')))
            return NULL;
    }
    if (close >= end || close == start || run_length(close, end) != dollars)
        return NULL;
    if (dollars == 1 && (close[-1] == ' ' || close[-1] == '\t'))
        return NULL;
    return close + dollars < end && is_word(close[dollars]) ? NULL : close;
}

static const char *
formula(struct arena *arena, const char *text, size_t length)
{
    if (length >= 2 && text[0] == '`' && text[length - 1] == '`') {
        text++;
        length -= 2;
    }
    return arena_strndup(arena, text, length);
}

/* Adds the formula at `at` as a token and returns its end; NULL: there is none. */
static const char *
add_formula(struct source *source, const char *start, const char *at, const char *end)
{
    size_t dollars = run_length(at, end);
    const char *close;
    struct piece piece = {0};

    if (dollars > 2 || (at > start && is_word(at[-1])))
        return NULL;
    close = find_close(at, end, dollars);
    if (close == NULL)
        return NULL;
    piece.kind = dollars == 2 ? PIECE_DISPLAY : PIECE_MATH;
    piece.written = arena_strndup(source->arena, at, (size_t)(close - at) + dollars);
    piece.text = formula(source->arena, at + dollars, (size_t)(close - at) - dollars);
    buf_str(&source->text, source_token(source, piece));
    return close + dollars;
}

static void
add_inlines(struct source *source, const char *at, const char *end)
{
    const char *start = at;
    bool more = memchr(at, '$', (size_t)(end - at)) != NULL;

    while (more && at < end) {
        const char *next = at + 1;

        if (*at == '\\' && at + 1 < end) {
            next = at + 2;
        } else if (*at == '`') {
            next = skip_code(at, end);
        } else if (*at == '$') {
            const char *after = add_formula(source, start, at, end);

            if (after != NULL) {
                at = after;
                continue;
            }
            next = at + run_length(at, end);
        }
        buf_add(&source->text, at, (size_t)(next - at));
        at = next;
    }
    buf_add(&source->text, at, (size_t)(end - at));
}

/* Whether a line is a thematic break from here on. */
static bool
is_rule(const char *at, const char *end)
{
    char mark = *at;

    for (; at < end; at++)
        if (*at != mark && *at != ' ' && *at != '\t')
            return false;
    return true;
}

/* Where the nesting of a line's beginning becomes too deep, or the line's end. */
static const char *
too_deep(struct source_line line)
{
    const char *at = line.text, *end = line.text + line.length;
    int markers = 0;

    while (at < end) {
        size_t marker = *at == '>' ? 1 : marker_length(at, end);

        if (marker == 0 && *at != ' ' && *at != '\t')
            return end;
        if (marker > 0 && is_rule(at, end) && *at != '>')
            return end;
        if (marker > 0 && ++markers > MAX_MARKERS)
            return at;
        at += marker > 0 ? marker : 1;
    }
    return end;
}

void
source_add(struct source *source, struct source_line line, size_t number)
{
    const char *end = line.text + line.length;
    const char *deep = too_deep(line);

    if (deep < end) {
        size_t digits = 0;

        while (isdigit((unsigned char)deep[digits]))
            digits++;
        buf_add(&source->text, line.text, (size_t)(deep - line.text) + digits);
        buf_char(&source->text, '\\');
        add_inlines(source, deep + digits, end);
    } else {
        add_inlines(source, line.text, end);
    }
    buf_char(&source->text, '\n');
    vec_push(&source->origin, number);
}

static bool
is_dollars(struct source_line line)
{
    size_t at = source_prefix(line, true);

    if (line.length < at + 2 || line.text[at] != '$' || line.text[at + 1] != '$')
        return false;
    for (at += 2; at < line.length; at++)
        if (line.text[at] != ' ' && line.text[at] != '\t')
            return false;
    return true;
}

static bool
is_blank(struct source_line line)
{
    return source_prefix(line, false) == line.length;
}

size_t
source_equation_end(const struct source_lines *lines, size_t at, bool over_blanks)
{
    if (!is_dollars(lines->items[at]))
        return 0;
    for (size_t end = at + 1; end < lines->len; end++) {
        if (is_dollars(lines->items[end]))
            return end;
        if (is_blank(lines->items[end]) && !over_blanks)
            return 0;
    }
    return 0;
}

bool
source_equation(struct source *source, const struct source_lines *lines, size_t *at,
                bool over_blanks)
{
    size_t end = source_equation_end(lines, *at, over_blanks);
    size_t prefix = source_prefix(lines->items[*at], true);
    struct piece piece = {.kind = PIECE_DISPLAY};
    struct buf text;

    if (end == 0)
        return false;
    buf_init(&text, SIZE_MAX / 4);
    for (size_t i = *at + 1; i < end; i++) {
        size_t skip = source_prefix(lines->items[i], false);

        skip = skip < prefix ? skip : prefix;
        buf_add(&text, lines->items[i].text + skip, lines->items[i].length - skip);
        if (i + 1 < end)
            buf_char(&text, '\n');
    }
    piece.text = arena_strdup(source->arena, buf_text(&text));
    piece.written = arena_printf(source->arena, "$$\n%s\n$$", piece.text);
    buf_release(&text);
    buf_add(&source->text, lines->items[*at].text, prefix);
    buf_str(&source->text, source_token(source, piece));
    buf_char(&source->text, '\n');
    vec_push(&source->origin, *at + 1);
    *at = end + 1;
    return true;
}
