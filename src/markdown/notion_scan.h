#ifndef MARKDOWN_NOTION_SCAN_H
#define MARKDOWN_NOTION_SCAN_H

#include "markdown/reader.h"

/*
 * Notion's block tags start a line or the item of a list, or what holds blocks stands in one line
 * with them. They are no HTML blocks of CommonMark: those end at a blank line or swallow what
 * follows. So each becomes a line of its own between blank lines, a comment that holds a token;
 * what it encloses stays Markdown.
 */

#define MAX_OPEN 80

enum line_kind { LINE_TEXT, LINE_FENCED, LINE_EQUATION, LINE_INSIDE };

struct tag {
    size_t line, start, end;
    size_t attrs, attrs_end;
    size_t mate; /* of a pair's first tag: the index of its second */
    enum piece_kind kind;
    char name[TAG_NAME];
    bool literal; /* has no mate */
};
VEC_TYPE(tags, struct tag);

struct scan {
    struct reader *reader;
    struct source_lines lines;
    enum line_kind *kinds;
    size_t *indent; /* by line: the blanks it begins with, and the marks of items before a tag */
    size_t *dedent; /* by line: those that tags around it take */
    size_t begun;   /* the line of which something was added last, counted from 1 */
    struct tags tags;
    struct {
        size_t tag, base, dedent;
        bool known; /* the dedent is */
    } open[MAX_OPEN];
    size_t opened;
};

/* Finds the tags of scan->lines, and which lines are code or equations. */
void notion_scan(struct scan *scan);

/* Reads a tag at a place in a line: its name, kind and extent. */
bool notion_match_tag(struct source_line line, size_t at, struct tag *tag);

/* Where the label of the mention that ends at a place closes: the start of "</mention>", or the
 * line's length where there is none. */
size_t notion_label_end(struct source_line line, size_t at);

/* A line with the labels of its mentions as tokens: they are literal. What has none comes back as
 * it is, else the text lives in the source's arena. */
struct source_line notion_labels(struct source *source, struct source_line line);

/* Past the blanks at a place of a line. */
size_t notion_skip_blanks(struct source_line line, size_t at);

#endif
