#ifndef MARKDOWN_UNITS_H
#define MARKDOWN_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"
#include "markdown/markdown.h"
#include "markdown/source.h"
#include "markdown/tree.h"

/*
 * A text as a row of units: its top-level blocks, of lists their items. A unit keeps its lines as
 * they were written; its key tells what it says.
 */

enum unit_key {
    KEY_OWN,  /* the normal form */
    KEY_OTHER /* what the other dialect makes of it; what it drops is no unit but goes with one */
};

struct unit {
    size_t line, end_line; /* of the text, counted from 1; without blank lines at the end */
    const char *key;
    const char *losses; /* Notion: what GitHub's Markdown cannot carry of it, "" for nothing */
    size_t lead;        /* of these lines, how many have no key: comments, definitions */
    bool item;
};
VEC_TYPE(unit_list, struct unit);

struct units {
    struct source_lines lines; /* "\n" as line ends, clean UTF-8 */
    struct unit_list list;     /* free both with units_free */
    size_t tail, tail_end;     /* the lines of what has no key at the end, 0: there are none */
};

struct units units_split(struct arena *arena, enum markdown_dialect dialect, enum unit_key key,
                         const struct markdown_context *context, const char *text);
void units_free(struct units *units);

/* Lines from first to last, joined. */
char *units_lines(struct arena *arena, const struct units *units, size_t first, size_t last);
/* One unit as it was written; with what goes with it, or without. */
char *units_text(struct arena *arena, const struct units *units, size_t index, bool lead);

/* What GitHub's Markdown cannot carry of a Notion tree, a line a piece. */
void plain_losses(struct arena *arena, struct buf *out, const struct node *node);

#endif
