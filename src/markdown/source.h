#ifndef MARKDOWN_SOURCE_H
#define MARKDOWN_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"

/*
 * A text prepared for a CommonMark parser: what that would misread (math, Notion's tags) is
 * replaced by a token, which has no meaning to a parser. The reader then replaces the token with a
 * node or, inside code, with the original text.
 */

#define TOKEN_START '\x02'
#define TOKEN_END   '\x03'

enum piece_kind {
    PIECE_MATH,
    PIECE_DISPLAY,
    PIECE_OPEN,
    PIECE_CLOSE,
    PIECE_VOID,
    PIECE_LABEL, /* text that is not Markdown */
    PIECE_TITLE  /* empty: prevents what follows from being read as a block */
};

struct piece {
    enum piece_kind kind;
    const char *written; /* as in the original text */
    const char *text;    /* the formula, or a tag's name */
    const char *attrs;   /* of an opening or void tag */
    const char *content; /* of a void tag: text that is not Markdown, or NULL */
    bool titled;         /* of an opening tag: text follows in its line */
    bool followed;       /* of an opening tag: text follows in the next line */
};

VEC_TYPE(pieces, struct piece);
VEC_TYPE(line_numbers, size_t);

struct source {
    struct arena *arena;
    struct buf text;
    struct pieces pieces;
    struct line_numbers origin; /* by line of text: its line in the original, from 1 */
    size_t lines;               /* of the original */
};

/* A line of the original, without its break; raw: as it was written, if known. */
struct source_line {
    const char *text;
    size_t length;
    const char *raw, *raw_end;
};
VEC_TYPE(source_lines, struct source_line);

/* An open code fence; length 0: none. */
struct fence {
    char mark;
    size_t length;
    bool quoted; /* inside a quote */
    size_t indent;
};

void source_init(struct source *source, struct arena *arena);
void source_release(struct source *source);

/* The lines of a text whose line ends are LF and whose bytes are UTF-8 without control characters
 * other than tab; free them with vec_free. The text lives in the arena. */
struct source_lines source_split(struct arena *arena, const char *text);

/* Adds a token and returns its text, which lives in the arena. */
const char *source_token(struct source *source, struct piece piece);
/* The piece of the token at text, and where it ends; NULL: there is none. */
const struct piece *source_piece(const struct source *source, const char *text, const char **end);
/* A text with its tokens replaced by the original text. */
char *source_restore(const struct source *source, const char *text);
/* The same for text from which the parser removed the backslashes: a link's address or title. */
char *source_restore_address(const struct source *source, const char *text);

/* Whether a line belongs to a fenced code block, its fences included; follows them in *fence. */
bool source_fenced(struct fence *fence, struct source_line line);

/* Adds a line and replaces formulas by tokens. */
void source_add(struct source *source, struct source_line line, size_t number);
/* The same without replacing anything. */
void source_add_raw(struct source *source, const char *text, size_t length, size_t number);

/* The line that closes the equation that lines[at] opens; 0: it opens none. */
size_t source_equation_end(const struct source_lines *lines, size_t at, bool over_blanks);

/* If lines[*at] is a "$$" that another one closes, adds the equation, moves *at past it, and
 * returns true. */
bool source_equation(struct source *source, const struct source_lines *lines, size_t *at,
                     bool over_blanks);

/* Where the code span that starts at a place ends; if none does, where its backticks end. */
size_t source_code_end(struct source_line line, size_t at);

/* The length of the list marker at a place, with the blank after it; 0: there is none. */
size_t source_marker(const char *at, const char *end);

/* The length of the mark that begins a quote, a list item, or a footnote ("[^name]:") at a place;
 * 0: there is none. */
size_t source_mark(const char *at, const char *end);

bool source_is_blank(struct source_line line);

/* In a table the backslash before a bar is the table's. */
char *source_cell_text(struct arena *arena, const char *text, size_t length);

/* Length of the quote marks, list markers and blanks that a line begins with. */
size_t source_prefix(struct source_line line, bool markers);

#endif
