#include "markdown/cost.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "markdown/source.h"
#include "markdown/tree.h"

/* How many characters the parser may read for each of these: about ten milliseconds. */
#define MAX_STEPS ((size_t)4 * 1024 * 1024)

/* Marks of quotes and lists in a row: twice as many as a tree is deep. */
#define MAX_NESTING ((size_t)2 * TREE_DEPTH)

struct meter {
    const char *end;
    size_t length;                                  /* of the paragraph, up to here */
    size_t bars;                                    /* in the line */
    size_t ats, starts, reach;                      /* in what could be one address; its length */
    size_t opens, marks;                            /* in the paragraph */
    size_t tables, addresses, tags, links, nesting; /* steps */
};

static bool
is_address(char c)
{
    return isalnum((unsigned char)c) || c == '@' || c == '.' || c == '+' || c == '-' || c == '_' ||
           c == '\\';
}

/* The length of the mark that begins a quote, an item, or a footnote at a place; 0: none. */
static size_t
mark_length(const char *at, const char *end)
{
    const char *close = at;

    if (*at == '>')
        return 1;
    if (end - at < 5 || at[0] != '[' || at[1] != '^')
        return source_marker(at, end);
    while (close < end && *close != ']' && *close != '\n')
        close++;
    return end - close > 1 && close[0] == ']' && close[1] == ':' ? (size_t)(close - at) + 2 : 0;
}

/* Counts up to `most` of them, and moves *at past them. */
static size_t
count_nesting(const char **at, const char *end, size_t most)
{
    size_t marks = 0, length;

    for (; *at < end && marks < most; *at += length) {
        length = **at == ' ' || **at == '\t' ? 1 : mark_length(*at, end);
        if (length == 0)
            break;
        marks += **at != ' ' && **at != '\t';
    }
    return marks;
}

const char *
cost_deepest(const char *line, const char *end)
{
    return count_nesting(&line, end, MAX_NESTING) < MAX_NESTING ? end : line;
}

bool
cost_is_escaped(const char *text, const char *at)
{
    const char *from = at;

    while (from > text && from[-1] == '\\')
        from--;
    return (at - from) % 2 == 1;
}

bool
cost_is_open(const char *text, const char *at, const char *end)
{
    return end - at > 2 && *at == '<' && (at[1] == '?' || (at[1] == '!' && at[2] != '-')) &&
           !cost_is_escaped(text, at);
}

/* Whether "www." or "://" starts here. */
static bool
starts_link(const struct meter *meter, const char *at)
{
    size_t left = (size_t)(meter->end - at);

    return (*at == 'w' || *at == ':') && left > 4 &&
           (memcmp(at, "www.", 4) == 0 || memcmp(at, "://", 3) == 0);
}

/* For each "@" the parser continues to read as far as an address could go, and for each link to the
 * next blank. To remove a ")" from the end of a link, it counts the parentheses of the whole link
 * again; other punctuation at the end costs one step. */
static void
count_addresses(struct meter *meter, const char *at)
{
    bool blank = *at == ' ' || *at == '\n' || *at == '\t';

    meter->ats = is_address(*at) ? meter->ats + (*at == '@') : 0;
    meter->starts = blank ? 0 : meter->starts + starts_link(meter, at);
    meter->reach = meter->starts > 0 ? meter->reach + 1 : 0;
    meter->addresses += meter->ats + meter->starts + (*at == ')' ? meter->reach : 0);
}

/* A line of hyphens and bars makes the parser read the whole paragraph as a header. */
static bool
is_delimiter(const char *line, const char *end)
{
    size_t length = (size_t)(end - line);

    return strspn(line, "|:- \t>") >= length && memchr(line, '-', length) != NULL;
}

static bool
is_blank(const char *line, const char *end)
{
    while (line < end && (*line == ' ' || *line == '\t'))
        line++;
    return line == end;
}

/* Whether a line begins separate text: of an item, a row, or a heading. */
static bool
begins_block(const char *line, const char *end)
{
    while (line < end && (*line == ' ' || *line == '\t' || *line == '>'))
        line++;
    return line < end && (*line == '|' || *line == '#' || source_marker(line, end) > 0);
}

static void
end_line(struct meter *meter, const char *line, const char *end)
{
    const char *next = end + 1, *from = line;
    const char *next_end = meter->marks > 0 && next < meter->end
                               ? memchr(next, '\n', (size_t)(meter->end - next))
                               : NULL;

    meter->nesting += count_nesting(&from, end, SIZE_MAX) * (size_t)(end - line) / 4;
    meter->bars = 0;
    meter->length += (size_t)(end - line);
    if (is_delimiter(line, end))
        meter->tables += meter->length;
    if (is_blank(line, end))
        meter->length = meter->opens = meter->marks = 0;
    else if (meter->marks > 0 && next < meter->end &&
             begins_block(next, next_end != NULL ? next_end : meter->end))
        meter->marks = 0;
}

struct cost
cost_of(const char *text, size_t length)
{
    struct meter meter = {.end = text + length};
    const char *line = text;

    for (const char *at = text; at < meter.end; at++) {
        /* Most characters begin nothing. */
        if (meter.ats + meter.starts + meter.opens == 0)
            at += strcspn(at, "@w:<|]*_~\n");
        if (at >= meter.end)
            break;
        count_addresses(&meter, at);
        /* For each cell the parser goes through all cells before it. */
        if (*at == '|')
            meter.tables += ++meter.bars;
        /* For each tag it looks for the end, up to the end of the paragraph. */
        meter.opens += cost_is_open(text, at, meter.end);
        meter.tags += meter.opens;
        /* For each link it goes through the marks before it. */
        meter.marks += *at == '*' || *at == '_' || *at == '~';
        if (*at == ']')
            meter.links += meter.marks;
        if (*at != '\n')
            continue;
        end_line(&meter, line, at);
        line = at + 1;
    }
    end_line(&meter, line, meter.end);
    return (struct cost){
        .tables = meter.tables > MAX_STEPS,
        .addresses = meter.addresses > MAX_STEPS,
        .tags = meter.tags > MAX_STEPS,
        .links = meter.links > MAX_STEPS,
        .nesting = meter.nesting > MAX_STEPS,
    };
}
