#ifndef MARKDOWN_READER_H
#define MARKDOWN_READER_H

#include "base/vec.h"
#include "markdown/html.h"
#include "markdown/source.h"
#include "markdown/tree.h"

/*
 * How a tree is built: CommonMark's own events, HTML and Notion's tags open and close nodes on one
 * stack. A tag that is not closed ends with the block around it; a closing tag that closes nothing
 * is ignored.
 */

enum frame_owner { OWNER_PARSER, OWNER_TAG, OWNER_IMPLIED };

struct frame {
    struct node *node; /* where content goes; a frame that is too deep shares its parent's */
    enum frame_owner owner;
    char name[TAG_NAME];
    bool shared; /* the node is not this frame's own */
};
VEC_TYPE(frames, struct frame);

struct reader {
    struct arena *arena;
    enum markdown_dialect dialect;
    struct source source;
    struct frames frames;
    size_t depth; /* of nodes */
};

struct node *reader_node(const struct reader *reader);
/* Opens a node. Blocks in places for inlines only, and nodes that are too deep, become content of
 * the node that is open. name may be NULL. */
void
reader_open(struct reader *reader, enum frame_owner owner, const char *name, struct node *node);
/* Opens a node that is already part of the tree. */
void reader_reopen(struct reader *reader, const char *name, struct node *node);
/* Adds a node that cannot hold content. */
void reader_add(struct reader *reader, struct node *node);
/* Closes everything down to the innermost frame of the parser's. */
void reader_close_tags(struct reader *reader);
/* The same, and closes that frame too. */
void reader_close_parser(struct reader *reader);
/* Closes the innermost tag of that name, unless the parser's own nodes are in between. */
bool reader_close_tag(struct reader *reader, const char *name);
/* Closes frames that were implied. */
void reader_close_implied(struct reader *reader);
/* Adds text, and replaces its tokens with their content. */
void reader_text(struct reader *reader, const char *text);

/* What each dialect does with HTML. block: as a separate block. */
void github_html(struct reader *reader, const char *html, bool block);
void notion_html(struct reader *reader, const char *html, bool block);
/* Adjusts a node that was just completed. */
void github_closed(struct reader *reader, struct node *node);
void notion_closed(struct reader *reader, struct node *node);

/* Fills reader->source with Notion's text, its tags as tokens. */
void notion_source(struct reader *reader, const char *text);

#endif
