#ifndef MARKDOWN_UNITS_H
#define MARKDOWN_UNITS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"
#include "markdown/diff.h"
#include "markdown/markdown.h"
#include "markdown/source.h"
#include "markdown/tree.h"

/*
 * A text as a sequence of units: its top-level blocks, or the items of its lists; and separately
 * what the other dialect does not show: HTML comments, tags alone in their lines, definitions of
 * links and footnotes. With a context, the translation is also mapped to the units, from the same
 * parse.
 */

VEC_TYPE(keys, const char *);

struct unit {
    size_t line, end_line; /* counted from 1; without blank lines at the end */
    const char *key;       /* what it says in its own dialect */
    const char *losses;    /* Notion: what GitHub's Markdown cannot carry of it, "" for nothing */
    const char *other;     /* see units_other */
    size_t said, said_end; /* its part of units.said */
    bool item, footnote;   /* of a list; the definition of a footnote */
};
VEC_TYPE(unit_list, struct unit);

struct units {
    struct arena *arena;
    enum markdown_dialect dialect;
    const struct markdown_context *context;
    const char *text;
    struct source_lines lines;
    struct unit_list list;
    struct keys said; /* what Notion shows of the text, block by block; see units_said */
    bool heard;
};

/* If the context is NULL, nothing is translated. later: translates Notion's text only when it is
 * needed. The text must live as long as the units. */
struct units units_split(struct arena *arena, enum markdown_dialect dialect,
                         const struct markdown_context *context, const char *text, bool later);
void units_free(struct units *units);

/* A unit in the other dialect, "" for nothing. */
const char *units_other(const struct units *units, size_t index);

/* Fills units->said. GitHub's texts have it from the start; for Notion's texts this parses their
 * translation to GitHub's dialect. */
void units_said(struct units *units);

/* The units' keys as numbers. */
uint32_t *units_names(struct arena *arena, struct diff_names *names, const struct units *units);

/* The lines from first to last, joined by LF. */
char *units_lines(struct arena *arena, const struct units *units, size_t first, size_t last);

/* Where a unit begins and ends in the text that was split. */
const char *units_start(const struct units *units, size_t index);
const char *units_end(const struct units *units, size_t index);

/* What GitHub's Markdown cannot carry of a Notion tree, one line for each piece. */
void plain_losses(struct arena *arena, struct buf *out, const struct node *node);

/* Whether a unit is a list item. */
bool units_is_item(const struct units *units, size_t index);

#endif
