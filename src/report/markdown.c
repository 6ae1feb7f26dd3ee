#include "report/markdown.h"

#include <string.h>

#include "base/arena.h"
#include "base/url.h"
#include "base/utf8.h"

#define QUOTE_ITEMS ((size_t)20)
#define URL_MAX     ((size_t)2000)

static void
visible_point(struct buf *out, uint32_t point, bool keep_lines)
{
    char bytes[4];

    if (point == '\n')
        buf_str(out, keep_lines ? "\n" : "↵");
    else if (point == '\t')
        buf_str(out, keep_lines ? "\t" : " ");
    else if (point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0xad || point == 0x61c ||
             point == 0x180e || point == 0x200b || point == 0x200e || point == 0x200f ||
             (point >= 0x2028 && point <= 0x202e) || (point >= 0x2060 && point <= 0x206f) ||
             point == 0xfeff || (point >= 0xfff9 && point <= 0xfffb))
        buf_printf(out, "⟨U+%04X⟩", (unsigned)point);
    else
        buf_add(out, bytes, utf8_put(bytes, point));
}

void
report_visible(struct buf *out, const char *text, size_t max, bool keep_lines)
{
    const char *end = text + strlen(text);
    uint32_t point;

    for (size_t n = 0; utf8_next(&text, end, &point); n++) {
        if (max > 0 && n == max) {
            buf_str(out, "…");
            return;
        }
        if (point == '\r') {
            if (text < end && *text == '\n')
                text++;
            point = '\n';
        }
        visible_point(out, point, keep_lines);
    }
}

/* A bar ends a cell even inside a code span. There, and only there, GitHub removes the backslash
 * before it. */
static void
put_span(struct buf *out, const char *text, size_t length, bool cell)
{
    size_t ticks = longest_run(text, length, '`') + 1;
    char first = text[0];
    char last = text[length - 1];
    /* GitHub does not show one space at each end of a code span. Those spaces separate the
     * text's own backticks and spaces from the fence. */
    bool pad = (first == '`' || last == '`' || (first == ' ' && last == ' ')) &&
               strspn(text, " ") < length;

    buf_repeat(out, '`', ticks);
    if (pad)
        buf_char(out, ' ');
    for (size_t i = 0; i < length; i++) {
        if (cell && text[i] == '|')
            buf_char(out, '\\');
        buf_char(out, text[i]);
    }
    if (pad)
        buf_char(out, ' ');
    buf_repeat(out, '`', ticks);
}

/* The runner obeys "##[command]" anywhere in a line. */
static void
put_plain(struct buf *out, const char *text)
{
    buf_str(out, "“");
    for (; *text != '\0'; text++) {
        buf_char(out, *text);
        if (text[0] == '#' && text[1] == '[')
            buf_char(out, ' ');
    }
    buf_str(out, "”");
}

static void
put_word(struct buf *out, const char *word, enum quoting how)
{
    buf_printf(out, how == QUOTE_PLAIN ? "(%s)" : "*%s*", word);
}

void
report_quote(struct buf *out, const char *text, size_t max, enum quoting how)
{
    struct buf line;

    if (text == NULL || text[0] == '\0') {
        put_word(out, text == NULL ? "none" : "empty", how);
        return;
    }
    buf_init(&line, out->max);
    report_visible(&line, text, max, false);
    if (line.full || line.len == 0)
        out->full = true;
    else if (how == QUOTE_PLAIN)
        put_plain(out, line.data);
    else
        put_span(out, line.data, line.len, how == QUOTE_CELL);
    buf_release(&line);
}

void
report_quote_value(struct buf *out, const struct value *value, size_t max, enum quoting how)
{
    if (value->kind != VALUE_SET) {
        report_quote(out, value->kind == VALUE_TEXT ? value->text : NULL, max, how);
        return;
    }
    if (value->len == 0)
        put_word(out, "empty", how);
    for (size_t i = 0; i < value->len && i < QUOTE_ITEMS; i++) {
        buf_str(out, i > 0 ? ", " : "");
        report_quote(out, value->items[i], max, how);
    }
    if (value->len > QUOTE_ITEMS)
        buf_printf(out, " and %zu more", value->len - QUOTE_ITEMS);
}

static size_t
value_lines(struct buf *out, const struct value *value, size_t max)
{
    size_t points = 0;

    if (value->kind == VALUE_TEXT) {
        report_visible(out, value->text, max, true);
        return utf8_length(value->text);
    }
    for (size_t i = 0; i < value->len; i++) {
        if (i > 0)
            buf_char(out, '\n');
        if (max == 0 || points < max)
            report_visible(out, value->items[i], max > 0 ? max - points : 0, false);
        points += utf8_length(value->items[i]);
    }
    return points;
}

void
report_put_fenced(struct buf *out, const char *lines, const char *language)
{
    size_t length = strlen(lines);
    size_t ticks = longest_run(lines, length, '`') + 1;

    ticks = ticks < 3 ? 3 : ticks;
    buf_char(out, '\n');
    buf_repeat(out, '`', ticks);
    buf_printf(out, "%s\n%s%s", language, lines,
               length > 0 && lines[length - 1] == '\n' ? "" : "\n");
    buf_repeat(out, '`', ticks);
    buf_str(out, "\n\n");
}

void
report_fence(struct buf *out, const struct value *value, size_t max)
{
    struct buf lines;
    size_t points;

    if (value_is_empty(value)) {
        buf_printf(out, "\n*%s*\n\n", value->kind == VALUE_ABSENT ? "none" : "empty");
        return;
    }
    buf_init(&lines, out->max);
    points = value_lines(&lines, value, max);
    out->full = out->full || lines.full;
    report_put_fenced(out, buf_text(&lines), "text");
    if (max > 0 && points > max)
        buf_printf(out, "*The first %zu of %zu characters; the JSON report has them all.*\n\n", max,
                   points);
    buf_release(&lines);
}

bool
report_url_usable(const char *url)
{
    size_t length = url != NULL ? strlen(url) : 0;

    if (length == 0 || length > URL_MAX || url_web(url) == 0)
        return false;
    for (const char *c = url; *c != '\0'; c++)
        if ((unsigned char)*c <= 0x20 || (unsigned char)*c >= 0x7f || strchr("\"'()<>[]\\`|", *c))
            return false;
    return true;
}

void
report_link(struct buf *out, const char *label, const char *url)
{
    if (report_url_usable(url))
        buf_printf(out, "[%s](%s)", label, url);
    else
        buf_str(out, label);
}

/* One block for each: two that touch would be shown as one. */
void
report_sayings(struct buf *out, const char *kind, struct sayings sayings)
{
    for (size_t i = 0; i < sayings.n; i++) {
        buf_printf(out, "> [!%s]\n> ", kind);
        report_quote(out, sayings.items[i], 0, QUOTE_SPAN);
        buf_str(out, "\n\n");
    }
}
