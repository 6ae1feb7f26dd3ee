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

/* Counts up to `most` of them, and moves *at past them. */
static size_t
count_nesting(const char **at, const char *end, size_t most)
{
    size_t marks = 0, length;

    for (; *at < end && marks < most; *at += length) {
        length = **at == ' ' || **at == '\t' ? 1 : source_mark(*at, end);
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

/* For each "@" the parser continues to read as far as an address could go, and for each link to the
 * next blank. To remove a ")" from the end of a link, it counts the parentheses of the whole link
 * again; other punctuation at the end costs one step. */
static void
count_addresses(struct meter *meter, const char *at)
{
    bool address = isalnum((unsigned char)*at) || *at == '@' || *at == '.' || *at == '+' ||
                   *at == '-' || *at == '_' || *at == '\\';
    bool blank = *at == ' ' || *at == '\n' || *at == '\t';
    bool link = (*at == 'w' || *at == ':') && meter->end - at > 4 &&
                (memcmp(at, "www.", 4) == 0 || memcmp(at, "://", 3) == 0);

    meter->ats = address ? meter->ats + (*at == '@') : 0;
    meter->starts = blank ? 0 : meter->starts + link;
    meter->reach = meter->starts > 0 ? meter->reach + 1 : 0;
    meter->addresses += meter->ats + meter->starts + (*at == ')' ? meter->reach : 0);
}

static void
end_line(struct meter *meter, const char *line, const char *end)
{
    const char *from = line, *next = end + 1;
    size_t length = (size_t)(end - line);

    meter->nesting += count_nesting(&from, end, SIZE_MAX) * length / 4;
    meter->bars = 0;
    meter->length += length;
    /* A line of hyphens and bars makes the parser read the whole paragraph as a header. */
    if (strspn(line, "|:- \t>") >= length && memchr(line, '-', length) != NULL)
        meter->tables += meter->length;
    if (strspn(line, " \t") >= length)
        meter->length = meter->opens = meter->marks = 0;
    if (meter->marks == 0 || next >= meter->end)
        return;
    /* The next line may begin separate text: of an item, a row, or a heading. */
    next += strspn(next, " \t>");
    if (*next == '|' || *next == '#' || source_marker(next, next + strcspn(next, "\n")) > 0)
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
