#ifndef MARKDOWN_COST_H
#define MARKDOWN_COST_H

#include <stdbool.h>
#include <stddef.h>

/* Parts of a text that the parser would read again and again, so that its time would grow faster
 * than the text. Such texts are usually attacks. */
struct cost {
    bool tables; /* rows of thousands of cells, thousands of lines that could be below a header */
    bool addresses; /* thousands of bare addresses that never end, or of ")" after one */
    bool tags;      /* thousands of "<?" and "<!" that never end */
    bool links;     /* thousands of links after thousands of marks that close nothing */
    bool nesting;   /* quotes and lists that are thousands deep */
};

struct cost cost_of(const char *text, size_t length);

/* Where a line's quotes and lists become deeper than any tree; the text's end if they do not. */
const char *cost_deepest(const char *line, const char *end);

/* Whether a backslash escapes the character at a place. */
bool cost_is_escaped(const char *text, const char *at);

/* Whether a processing instruction, a declaration or CDATA starts at a place; end: of the text. */
bool cost_is_open(const char *text, const char *at, const char *end);

#endif
