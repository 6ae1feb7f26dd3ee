#ifndef MARKDOWN_TREE_H
#define MARKDOWN_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "markdown/markdown.h"

/*
 * The tree that both dialects are read into and printed from. Its kinds are meanings, not
 * spellings: <details> and <toggle> are the same node. Nodes and their strings live in the arena of
 * the reader. No tree is deeper than TREE_DEPTH, so recursion over it is safe.
 */

#define TREE_DEPTH 100

enum node_kind {
    /* blocks that hold blocks */
    NODE_DOCUMENT,
    NODE_QUOTE,
    NODE_LIST,    /* of items; ordered, start in level */
    NODE_ITEM,    /* task: whether it is a task, and done */
    NODE_TOGGLE,  /* first child: its title, a paragraph; heading level or 0 in level */
    NODE_CALLOUT, /* first child: its title, a paragraph; enum alert in level */
    NODE_TAG,     /* a Notion tag with content, name in text; first child: its title, a paragraph */
    NODE_FOOTNOTE, /* a definition, its number in level */
    NODE_TABLE,    /* of rows; alignment of the columns in text, of "lcr-" */
    NODE_ROW,      /* of cells */
    /* blocks that hold inlines */
    NODE_PARAGRAPH,
    NODE_HEADING, /* level 1 to 6 */
    NODE_CELL,
    NODE_MEDIA, /* a Notion tag that shows a file or page: name in text, address in url */
    NODE_CHILD, /* a page, database or folder within the page: name in text, address in url */
    /* blocks that hold text */
    NODE_CODE_BLOCK, /* language in url */
    NODE_EQUATION,
    NODE_RULE,
    NODE_COMMENT, /* an HTML comment with its marks; also between inlines */
    NODE_RAW,     /* an HTML tag that has no meaning here; also between inlines */
    NODE_OPAQUE,  /* a Notion tag without content, name in text */
    /* inlines that hold inlines */
    NODE_EM,
    NODE_STRONG,
    NODE_STRIKE,
    NODE_UNDERLINE,
    NODE_LINK,
    NODE_IMAGE,
    NODE_SPAN,    /* Notion: color, comments */
    NODE_MENTION, /* Notion: of a person, page or database */
    /* inlines that hold text */
    NODE_TEXT,
    NODE_CODE,
    NODE_MATH,
    NODE_DISPLAY_MATH, /* "$$" in the middle of text */
    NODE_SOFT,
    NODE_HARD,
    NODE_DATE,
    NODE_CITATION,
    NODE_REFERENCE /* to the footnote with the number in level */
};

/* GitHub's alerts: https://docs.github.com/get-started/writing-on-github, "Alerts". */
enum alert { ALERT_NOTE, ALERT_TIP, ALERT_IMPORTANT, ALERT_WARNING, ALERT_CAUTION, ALERT_OTHER };
enum task { TASK_NONE, TASK_OPEN, TASK_DONE };

struct node {
    enum node_kind kind;
    struct node *parent, *first, *last, *prev, *next;
    const char *text, *url, *title; /* for what they hold, see the kinds; title: of a link */
    const char *attrs;              /* a Notion tag's attributes as they were written, or NULL */
    int level;
    enum task task;
    bool ordered, header;  /* of lists; of a row */
    size_t line, end_line; /* of a block: its lines in the text it was read from, from 1 */
};

struct node *node_new(struct arena *arena, enum node_kind kind);
struct node *node_text(struct arena *arena, enum node_kind kind, const char *text);
void node_append(struct node *parent, struct node *child);
void node_prepend(struct node *parent, struct node *child);
void node_insert_before(struct node *place, struct node *node);
void node_insert_after(struct node *place, struct node *node);
void node_unlink(struct node *node);
/* Moves the children of one node to the end of another's. */
void node_move_children(struct node *from, struct node *to);
bool node_is_break(const struct node *node);
/* A line break, or text of blanks. */
bool node_is_blank(const struct node *node);
/* Whether a node is text that a tag or an item may begin with, in the same line. NULL is none. */
bool node_is_title(const struct node *node);
/* Turns a paragraph that holds only a formula into an equation. */
void node_close_equation(struct node *node);
/* Replaces a node with its children. */
void node_dissolve(struct node *node);
/* How many cells the longest row of a table has. */
size_t node_columns(const struct node *table);
/* Replaces links and images whose addresses are not allowed (reference.h) with their text. */
void tree_drop_links(struct arena *arena, struct node *root);

bool node_is_inline(enum node_kind kind);
bool node_has_inlines(enum node_kind kind);

/* The plain text of a node's inlines; breaks are blanks. */
char *node_plain(struct arena *arena, const struct node *node);

/* Reads a text. It becomes a document, whatever it is. Its `text` is what would close the <details>
 * that GitHub's text leaves open, or NULL. */
struct node *read_tree(struct arena *arena, enum markdown_dialect dialect, const char *text);

/* GitHub's text with an end for each comment, "<pre>" or the like that has none, in its last line.
 * top: only for those that are in no other block, and for "<details>": they would take in what is
 * appended. */
char *read_closed(struct arena *arena, const char *github, bool top);

/* Gives equal content equal trees: texts joined, marks without blanks at their edges, adjacent
 * marks of one kind merged, nothing empty. */
void tree_tidy(struct arena *arena, struct node *node);

/* The tree of a text in its normal form. */
struct node *tree_normal(struct arena *arena, enum markdown_dialect dialect, const char *text);

/* Changes a tidy tree to what the other dialect says; it is tidy again. */
void tree_translate(struct arena *arena, enum markdown_dialect from, struct node *root,
                    const struct markdown_context *context);

/* Change what must change before a tree is printed as the other dialect: references, mentions,
 * relative links, and footnotes in one direction; mentions, and what only Notion has, in the
 * other. */
void
links_to_notion(struct arena *arena, struct node *root, const struct markdown_context *context);
void
links_to_github(struct arena *arena, struct node *root, const struct markdown_context *context);

/* Whether a file is in Notion's own storage: its address is signed and expires. */
bool url_is_signed(const char *url);

/* A Notion attribute's value (entities resolved), or NULL. attrs may be NULL. */
char *attribute(struct arena *arena, const char *attrs, const char *name);

#endif
