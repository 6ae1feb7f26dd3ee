#ifndef CHECK_DOC_H
#define CHECK_DOC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/vec.h"
#include "model/sayings.h"

/* The results of the check: tables and problems, shown in a terminal or in Markdown. Everything
 * lives in the arena. */

#define DOC_COLUMNS 3

enum mark { MARK_NONE, MARK_YES, MARK_NO, MARK_UNKNOWN, MARK_WARNING };

/* `foreign` text comes from people: it is shown, never obeyed. */
struct doc_cell {
    const char *text;
    bool foreign;
};

struct doc_row {
    enum mark mark;
    struct doc_cell cells[DOC_COLUMNS];
};

struct doc_section {
    const char *title;
    const char *intro;              /* a sentence above the rows, in own words; NULL: none */
    const char *heads[DOC_COLUMNS]; /* NULL after the last */
    bool open;                      /* shown unfolded */
    VEC(struct doc_row) rows;
};

struct doc {
    struct arena *arena;
    VEC(struct doc_section) sections;
    VEC(const char *) problems; /* one line each, with a way to fix it */
    struct sayings warnings, notes;
    const char *next; /* what to do now, in own words; NULL: nothing */
};

void doc_free(struct doc *doc);

/* Starts a section; rows go to the last one. Heads: up to DOC_COLUMNS, NULL for missing ones. */
void doc_section(struct doc *doc, const char *title, const char *a, const char *b, const char *c);

/* Adds a row with own words in the first and last cell and foreign text in between (NULL: none). */
void doc_line(struct doc *doc, enum mark mark, const char *what, const char *foreign,
              const char *remark);

/* Adds a row. */
#define OWN(text)     ((struct doc_cell){(text), false})
#define FOREIGN(text) ((struct doc_cell){(text), true})
void
doc_row(struct doc *doc, enum mark mark, struct doc_cell a, struct doc_cell b, struct doc_cell c);

/* Adds a problem. */
void doc_problem(struct doc *doc, const char *format, ...) PRINTF_LIKE(2, 3);

/* Adds the failure as a problem, and as a row that names what was looked at. Returns false. */
bool doc_failed(struct doc *doc, const char *what, const struct err *err);

/* Appends the outcome in a few words, without period. */
void doc_verdict(struct buf *out, const struct doc *doc);

/* The document as JSON, in its arena. */
char *doc_json(const struct doc *doc, int exit_status);

/* Append everything as text with aligned columns, or in GitHub's Markdown: problems first, then
 * the unfolded sections, then the others folded, and what to do now. */
void doc_plain(struct buf *out, const struct doc *doc, bool colour);
void doc_markdown(struct buf *out, const struct doc *doc);

#endif
