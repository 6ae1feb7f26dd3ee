#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "markdown/source.h"

/* A longer label is not a footnote's (CommonMark 0.31, "link label"). */
#define MAX_LABEL 1000

/* Deeper nesting in one line is text: every line below it would be matched against all of it. */
#define MAX_MARKERS 50

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

/* The end of the code span that starts here, or the end of the backticks if none does. */
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

/* Adds the formula at `at` as a token and returns its end; NULL: there is none. */
static const char *
add_formula(struct source *source, const char *start, const char *at, const char *end)
{
    size_t dollars = run_length(at, end);
    const char *close, *text = at + dollars;
    struct piece piece = {0};
    size_t length;

    if (dollars > 2 || (at > start && is_word(at[-1])))
        return NULL;
    close = find_close(at, end, dollars);
    if (close == NULL)
        return NULL;
    piece.kind = dollars == 2 ? PIECE_DISPLAY : PIECE_MATH;
    /* Inside a formula no other markup has a meaning. */
    length = (size_t)(close - text);
    piece.written = source_restore(source, arena_strndup(source->arena, at, length + 2 * dollars));
    if (length >= 2 && text[0] == '`' && text[length - 1] == '`') {
        text++;
        length -= 2;
    }
    piece.text = source_restore(source, arena_strndup(source->arena, text, length));
    buf_str(&source->text, source_token(source, piece));
    return close + dollars;
}

/* Whether the bracket that opens at `at` is closed in the same line. */
static bool
is_closed(const char *at, const char *end)
{
    int depth = 0;

    if (end - at > MAX_LABEL)
        end = at + MAX_LABEL;
    while (at < end) {
        if (*at == '[')
            depth++;
        else if (*at == ']' && --depth == 0)
            return true;
        if (*at == '`')
            at = skip_code(at, end);
        else
            at += *at == '\\' && at + 1 < end ? 2 : 1;
    }
    return false;
}

static void
add_inlines(struct source *source, const char *at, const char *end)
{
    const char *start = at;
    size_t length = (size_t)(end - at);
    bool more = memchr(at, '$', length) != NULL || memmem(at, length, "[^", 2) != NULL;

    while (more && at < end) {
        const char *after = *at == '$' ? add_formula(source, start, at, end) : NULL;

        /* The parser loses a part of text over two lines that it first treats as a footnote. */
        if (*at == '[' && at + 1 < end && at[1] == '^' && !is_closed(at, end)) {
            struct piece piece = {.kind = PIECE_LABEL, .written = "^", .text = "^"};

            buf_char(&source->text, '[');
            buf_str(&source->text, source_token(source, piece));
            after = at + 2;
        }
        if (after == NULL) {
            after = *at == '`'                    ? skip_code(at, end)
                    : *at == '$'                  ? at + run_length(at, end)
                    : *at == '\\' && at + 1 < end ? at + 2
                                                  : at + 1;
            buf_add(&source->text, at, (size_t)(after - at));
        }
        at = after;
    }
    buf_add(&source->text, at, (size_t)(end - at));
}

size_t
source_mark(const char *at, const char *end)
{
    const char *close = at;

    if (*at == '>')
        return 1;
    if (end - at < 4 || at[0] != '[' || at[1] != '^')
        return source_marker(at, end);
    while (close < end && *close != ']' && *close != '\n')
        close++;
    return end - close > 1 && close[0] == ']' && close[1] == ':' ? (size_t)(close - at) + 2 : 0;
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
        size_t marker = source_mark(at, end);

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
    size_t at;

    if (memchr(line.text, '$', line.length) == NULL)
        return false;
    at = source_prefix(line, true);
    if (line.length < at + 2 || line.text[at] != '$' || line.text[at + 1] != '$')
        return false;
    for (at += 2; at < line.length; at++)
        if (line.text[at] != ' ' && line.text[at] != '\t')
            return false;
    return true;
}

bool
source_is_blank(struct source_line line)
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
        if (source_is_blank(lines->items[end]) && !over_blanks)
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
    piece.text = buf_take(&text, source->arena);
    piece.written = arena_printf(source->arena, "$$\n%s\n$$", piece.text);
    buf_add(&source->text, lines->items[*at].text, prefix);
    buf_str(&source->text, source_token(source, piece));
    buf_char(&source->text, '\n');
    vec_push(&source->origin, *at + 1);
    *at = end + 1;
    return true;
}
