#ifndef MARKDOWN_PRINTER_H
#define MARKDOWN_PRINTER_H

#include <stdint.h>

#include "base/buf.h"
#include "base/vec.h"
#include "markdown/tree.h"

/* Inline text that is being printed. LF separates lines; print_guarded escapes block marks at their
 * starts. */
struct inline_printer {
    struct arena *arena;
    struct buf out;
    enum markdown_dialect dialect;
    size_t broken; /* where the last line break ended */
    bool cell;     /* of a table: one line */
    bool line;     /* a heading or title: one line */
    bool link;     /* inside a link's or image's text */
    bool dollars;  /* there are enough of them for a formula */
};

/* The inlines of a block as Markdown, without blanks at the ends. The text lives in the arena. */
char *print_inlines(struct arena *arena, enum markdown_dialect dialect, const struct node *block);
char *print_cell(struct arena *arena, enum markdown_dialect dialect, const struct node *cell);
/* A cell of a <table>: bars do not separate cells there. */
char *print_tagged_cell(struct arena *arena, const struct node *cell);
char *print_line(struct arena *arena, enum markdown_dialect dialect, const struct node *block);

/* A node's inlines, and a link or image. Private to the printer of inlines. */
void inline_children(struct inline_printer *printer, const struct node *node);
void inline_link(struct inline_printer *printer, const struct node *node, bool image);
/* The last character of a text, a blank if there is none; the first character after a node, or a
 * similar one. */
uint32_t inline_last_point(const char *text, size_t length);
uint32_t inline_next_point(const struct node *node);

/* A paragraph's text; escapes what would begin a block at the start of a line. */
char *print_guarded(struct arena *arena, const char *text);

/* Adds the text of a node, from a place on, and escapes everything that would be markup. */
void escape_text(struct inline_printer *printer, const char *text, const struct node *node);
/* Whether the "&" at a place begins an entity. In an address or a title it is "&amp;" then: there
 * the parser decodes entities before it removes backslashes. */
bool escape_is_entity(const char *at);
/* A link's target in parentheses, without them. */
void escape_url(struct buf *out, enum markdown_dialect dialect, const char *url);

/* Whether a run of delimiters between two characters may open or close emphasis; false if unsure.
 * https://github.github.com/gfm/#left-flanking-delimiter-run */
bool flanks_left(char mark, uint32_t before, uint32_t after);
bool flanks_right(char mark, uint32_t before, uint32_t after);

/* The place where a node was printed. */
struct print_mark {
    const struct node *node;
    size_t start, end;
};
VEC_TYPE(print_marks, struct print_mark);

/* A node with all below it and without a line break at its end. marks, unless it is NULL: gets a
 * mark for each block of a document and each item of its lists, in order; free it with vec_free. */
char *print_tree(struct arena *arena, enum markdown_dialect dialect, const struct node *root,
                 struct print_marks *marks);
/* A node in Notion's dialect, but numbered lists begin with 1. */
char *print_key(struct arena *arena, const struct node *node);

/* Blocks that are being printed. */
struct block_printer {
    struct arena *arena;
    struct buf out;
    struct buf prefix; /* of every line */
    enum markdown_dialect dialect;
    bool fresh; /* the prefix of the line is still to be written */
    bool renumber;
    struct print_marks *marks; /* NULL: none are wanted */
};

/* Call before and after printing a node. */
size_t block_mark_start(struct block_printer *printer, const struct node *node);
void block_mark_end(struct block_printer *printer, size_t mark);

/* Adds text of any number of lines. */
void block_put(struct block_printer *printer, const char *text);
/* Adds a mark; its content continues in the same line. */
void block_mark(struct block_printer *printer, const char *mark);
void block_open_tag(struct block_printer *printer, const char *name, const char *attrs);
void block_close_tag(struct block_printer *printer, const char *name);
/* <name attrs>title, children from the given one on, </name>; either may be NULL. */
void block_tag(struct block_printer *printer, const char *name, const char *attrs,
               const struct node *title, const struct node *children);
/* A node as a tag, with its first child as the title if that can be one. */
void block_titled_tag(struct block_printer *printer, const char *name, const struct node *node);
/* A node and those after it. */
void block_children(struct block_printer *printer, const struct node *first);

void block_list(struct block_printer *printer, const struct node *list);
void block_item(struct block_printer *printer, const struct node *node, const char *marker);
void block_table(struct block_printer *printer, const struct node *table);
/* Boxes: alerts and callouts, and toggles. */
void block_callout(struct block_printer *printer, const struct node *node);
void block_toggle(struct block_printer *printer, const struct node *node);

#endif
