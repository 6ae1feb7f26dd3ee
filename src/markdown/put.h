#ifndef MARKDOWN_PUT_H
#define MARKDOWN_PUT_H

#include "markdown/units.h"

/* One side's changes in the other's text. Private to the lens. */

enum put_act {
    PUT_KEEP, /* as it is */
    PUT_TAKE, /* what the other side says there */
    PUT_TEXT, /* the text that is given */
    PUT_AGAIN /* as the translation comes back: beside what changed it would be misread */
};

/* How much of the way in which a group was written stays: its words, with blank lines around what
 * came in; these, also where blocks went; nothing. */
enum put_form { PUT_WORDS, PUT_APART, PUT_PLAIN };

struct put_slot {
    enum put_act act;
    enum put_form form;
    const char *text;
    bool met;    /* the text that is changed says something else than before there, too */
    bool unsure; /* out: it says something else in spite of all */
};

struct put {
    struct arena *arena;
    struct units *to;           /* the text that is changed */
    const struct units *before; /* it, at the last agreement */
    const struct units *base;
    struct units *from; /* the other side before and after its change */
    size_t slots;
    const size_t *to_bounds, *base_bounds, *from_bounds;
    const char *text; /* of `to`; out: what became of it */
    struct put_slot *slot;
    bool apart, *gone; /* while it runs: blank lines around what is new; definitions
                        * that nobody refers to any more */
    size_t *moved;     /* while it runs, by unit of `from`: the slot that it came from, 0: none */
    /* out: the result as units, and the slots in it; `made` must be freed, unless it is `to` */
    struct units *made, own;
    const size_t *made_bounds;
};

/* Makes the text, reads it, and compares each slot with what it should say. What is not read as it
 * was meant is written in plainer form, with what stands beside it, until it is; false: something
 * that was to stay never does. */
bool put_run(struct put *put);

/* Units of the other side in a slot: where each stood before, DIFF_NONE: it is new. Those that
 * changed and share words stand for each other. */
size_t *put_origins(const struct put *put, size_t slot);

/* What the other side says in a slot, as it is written here as far as that goes; what stands there,
 * there and back. */
const char *put_taken(const struct put *put, size_t slot);
const char *put_again(const struct put *put, size_t slot);
/* Whether GitHub's text says in a slot what it said, with what changed in Notion. */
bool put_says_change(const struct put *put, size_t slot);

/* Writes the result as the slots say, reads it and finds the slots in it. */
const char *put_write(struct put *put);

/* Units from one to another: in the other dialect, list items with the given bullet (unless it is
 * '\0'); and as they were written. */
char *
put_joined(struct arena *arena, const struct units *units, size_t from, size_t to, char bullet);
char *put_written(struct arena *arena, const struct units *units, size_t from, size_t to);
/* As they were written, with the definitions that they refer to. */
char *put_quote(struct arena *arena, const struct units *units, size_t from, size_t to);

#endif
