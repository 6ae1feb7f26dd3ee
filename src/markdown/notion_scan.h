#ifndef MARKDOWN_NOTION_SCAN_H
#define MARKDOWN_NOTION_SCAN_H

#include "markdown/reader.h"

/*
 * Notion's block tags start a line or a list item, or share a line with the tags of blocks that
 * they hold. They are not HTML blocks of CommonMark: those end at a blank line or include what
 * follows. So each tag becomes a separate line between blank lines, a comment that holds a token;
 * its content remains Markdown.
 */

#define MAX_OPEN 80

enum line_kind { LINE_TEXT, LINE_FENCED, LINE_EQUATION, LINE_INSIDE };

struct tag {
    size_t line, start, end;
    size_t attrs, attrs_end;
    size_t mate; /* of the first tag of a pair: the index of the second */
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
    size_t *dedent; /* by line: the blanks that the tags around it remove */
    size_t begun;   /* the last line that something was added from, counted from 1 */
    struct tags tags;
    struct {
        size_t tag, base, dedent;
        bool known; /* the dedent is */
    } open[MAX_OPEN];
    size_t opened;
};

/* Finds the tags of scan->lines, and which lines are code or equations. */
void notion_scan(struct scan *scan);

/* A line with tokens for the labels of its mentions, because labels are literal. A line without
 * mentions is returned as it is; otherwise the text lives in the source's arena. */
struct source_line notion_labels(struct source *source, struct source_line line);

/* The place after the blanks at a place of a line. */
size_t notion_skip_blanks(struct source_line line, size_t at);

#endif
