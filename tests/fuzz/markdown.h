#ifndef TESTS_MARKDOWN_H
#define TESTS_MARKDOWN_H

#include "base/buf.h"
#include "fuzz.h"

/*
 * What is left of Markdown without its code spans and fences: there alone a renderer looks for
 * markup, mentions, references and HTML. Every span must end in the line, or the cell of a table,
 * that it starts in, and every fence before the text does. Source: github.github.com/gfm, "Code
 * spans", "Fenced code blocks", "Tables (extension)".
 */

static inline size_t
run_of(const char *at, const char *end, char c)
{
    const char *start = at;

    while (at < end && *at == c)
        at++;
    return (size_t)(at - start);
}

/* Inline text of one line or cell. */
static inline void
bare_inlines(struct buf *out, const char *at, const char *end)
{
    while (at < end) {
        size_t ticks = run_of(at, end, '`');
        const char *close = at + ticks;
        size_t run = 0;

        CHECK(*at != '\\');
        if (ticks == 0) {
            buf_char(out, *at++);
            continue;
        }
        while (close < end && run != ticks) {
            close += run;
            while (close < end && *close != '`')
                close++;
            run = run_of(close, end, '`');
        }
        CHECK(run == ticks);
        buf_str(out, "`");
        at = close + ticks;
    }
}

/* A row's bars part its cells even inside code; only "\|" does not. */
static inline size_t
bare_row(struct buf *out, const char *at, const char *end)
{
    size_t cells = 0;

    while (at < end) {
        const char *bar = at;

        while (bar < end && *bar != '|')
            bar += bar + 1 < end && bar[0] == '\\' && bar[1] == '|' ? 2 : 1;
        bare_inlines(out, at, bar);
        cells += bar < end;
        if (bar < end)
            buf_char(out, '|');
        at = bar + 1;
    }
    return cells;
}

/* A text is followed through its lines. */
struct bare {
    struct buf out;
    size_t fence; /* ticks of the open one, 0: none */
    size_t cells; /* of the table's rows, 0: no table */
};

static inline void
bare_line(struct bare *bare, const char *at, const char *end)
{
    size_t ticks;

    if (end - at >= 1 && *at == '>' && bare->fence == 0)
        buf_char(&bare->out, *at++);
    while (at < end && *at == ' ')
        at++;
    ticks = run_of(at, end, '`');
    if (bare->fence > 0) {
        if (ticks >= bare->fence && run_of(at + ticks, end, ' ') == (size_t)(end - at) - ticks)
            bare->fence = 0;
        return;
    }
    CHECK(run_of(at, end, '~') < 3);
    if (ticks >= 3 && memchr(at + ticks, '`', (size_t)(end - at) - ticks) == NULL) {
        bare->fence = ticks;
        buf_str(&bare->out, "```\n");
        return;
    }
    if (at < end && *at == '|') {
        size_t cells = bare_row(&bare->out, at, end);

        CHECK(bare->cells == 0 || bare->cells == cells);
        bare->cells = cells;
    } else {
        bare->cells = 0;
        bare_inlines(&bare->out, at, end);
    }
    buf_char(&bare->out, '\n');
}

static inline char *
markdown_bare(struct arena *arena, const char *text)
{
    struct bare bare = {.fence = 0};
    char *copy;

    buf_init(&bare.out, SIZE_MAX / 4);
    while (*text != '\0') {
        size_t length = strcspn(text, "\r\n");

        bare_line(&bare, text, text + length);
        text += length;
        text += *text != '\0';
    }
    CHECK(bare.fence == 0);
    copy = arena_strdup(arena, buf_text(&bare.out));
    buf_release(&bare.out);
    return copy;
}

#endif
