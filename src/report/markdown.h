#ifndef REPORT_MARKDOWN_H
#define REPORT_MARKDOWN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "model/sayings.h"
#include "model/value.h"

/*
 * Foreign text made harmless. In Markdown it appears only in code spans and fences, because only
 * there does GitHub ignore markup, HTML, mentions, references and addresses (escaping "@" does not
 * help: GitHub looks for mentions in the rendered text). Controls, invisible characters and
 * bidirectional overrides are shown as ⟨U+202E⟩, ill-formed UTF-8 as U+FFFD. Source:
 * github.github.com/gfm, "Code spans", "Fenced code blocks", "Tables (extension)".
 */
enum quoting {
    QUOTE_SPAN,  /* a code span in running Markdown */
    QUOTE_CELL,  /* a code span in a cell of a table */
    QUOTE_PLAIN, /* “text” for a terminal or a log; cannot start a workflow command */
};

/* Characters of a value in tables, lists and logs. */
#define REPORT_SHORT ((size_t)120)

/* Appends text in one line, cut after max characters with "…" (0: never). NULL and "" look
 * different from text. */
void report_quote(struct buf *out, const char *text, size_t max, enum quoting how);

/* Appends a value: a set as a list of quoted items (the first 20), absence and emptiness in
 * words. */
void report_quote_value(struct buf *out, const struct value *value, size_t max, enum quoting how);

/* Appends a value in a fenced block of its own. Lines are kept (a set has one item per line).
 * After max characters it is cut, and a line says so (0: never). Blank lines surround the block. */
void report_fence(struct buf *out, const struct value *value, size_t max);

/* Appends lines (each ending in a line break, or none) in a fenced block of that language, as
 * above. The text must be harmless in a fence. */
void report_put_fenced(struct buf *out, const char *lines, const char *language);

/* Whether url may be the target of a link: http or https, ASCII, without a character that ends
 * or breaks a link. */
bool report_url_usable(const char *url);

/* Appends a link; label must be harmless and is shown without link if url is not usable (or
 * NULL). */
void report_link(struct buf *out, const char *label, const char *url);

/* Appends each text as an alert of that kind ("WARNING"). */
void report_sayings(struct buf *out, const char *kind, struct sayings sayings);

/* Appends text without characters that move a cursor, hide or reorder text: see above. Line
 * breaks stay, or become "↵". */
void report_visible(struct buf *out, const char *text, size_t max, bool keep_lines);

#endif
