#ifndef MARKDOWN_HTML_H
#define MARKDOWN_HTML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* HTML in Markdown: tags, comments, and text, without a grammar above them. */

/* Room for the longest name of a tag that means something ("meeting-notes-section-transcript"). */
#define TAG_NAME 48

enum html_kind { HTML_TEXT, HTML_OPEN, HTML_CLOSE, HTML_COMMENT, HTML_OTHER };

struct html_token {
    enum html_kind kind;
    const char *text; /* as written */
    size_t length;
    char name[TAG_NAME]; /* of a tag, lower case; "" if it is longer */
    const char *attrs;   /* of an opening tag: what follows its name, attrs_length bytes */
    size_t attrs_length;
    bool empty; /* written "<… />" */
};

/* Whether a name is in a list that has a blank around each name. */
bool html_is_one_of(const char *name, const char *names);

/* Reads the next token of *at and moves it past; false at the end of the text. */
bool html_next(const char **at, struct html_token *token);

/* Reads the next attribute of *at and moves it past; false at the end. The value is NULL if there
 * is none. */
bool html_next_attribute(const char **at, const char *end, const char **name, size_t *name_length,
                         const char **value, size_t *value_length);

/* The value of an attribute in one line, without blanks at its ends, entities resolved; NULL: it
 * has none. Names have any case. */
char *html_attribute(struct arena *arena, const char *attrs, size_t length, const char *name);

/* Text with its entities resolved: those of HTML's own characters, the blank and numbers, but not
 * of control characters other than blanks. */
char *html_text(struct arena *arena, const char *text, size_t length);

#endif
