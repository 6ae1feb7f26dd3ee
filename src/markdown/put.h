#ifndef MARKDOWN_PUT_H
#define MARKDOWN_PUT_H

#include "markdown/units.h"

/* Puts one side's changes into the other's text. Private to the lens. */

enum put_act {
    PUT_KEEP, /* as it is */
    PUT_TAKE, /* what the other side says there */
    PUT_TEXT, /* the text that is given */
    PUT_AGAIN /* its translation, translated back: next to the change the original would be misread
               */
};

/* How much of a group's original form stays: its words, with blank lines around new text; the same,
 * also where blocks were removed; nothing. */
enum put_form { PUT_WORDS, PUT_APART, PUT_PLAIN };

struct put_slot {
    enum put_act act;
    enum put_form form;
    const char *text;
    bool met;    /* the text to change also says something else there than before */
    bool apart;  /* during put_run: blank lines around what is new */
    bool unsure; /* out: it still says something else */
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
    bool *gone;    /* during put_run: definitions that nothing refers to now */
    size_t *moved; /* during put_run, by unit of `from`: the slot that it came from, 0: none */
    /* out: the result as units, and the slots in it; `made` must be freed, unless it is `to` */
    struct units *made, own;
    const size_t *made_bounds;
};

/* Makes the text, reads it, and compares each slot with what it should say. Slots that do not say
 * that, and those beside them, are written in plainer form until they do. Returns false if
 * something that should stay never does. */
bool put_run(struct put *put);

/* Units of the other side in a slot: where each was before; DIFF_NONE: it is new. Changed units
 * that share words correspond. */
size_t *put_origins(const struct put *put, size_t slot);

/* put_taken: what the other side says in a slot, written as it is here as far as possible.
 * put_again: the slot's own text, translated and back. */
const char *put_taken(const struct put *put, size_t slot);
const char *put_again(const struct put *put, size_t slot);
/* Whether GitHub's text says in a slot what it said, with what changed in Notion. */
bool put_says_change(const struct put *put, size_t slot);

/* Writes the result as the slots say, reads it and finds the slots in it. */
const char *put_write(struct put *put);

/* Units in a range: put_joined: in the other dialect; put_written: as they were written. */
char *put_joined(struct arena *arena, const struct units *units, size_t from, size_t to);
char *put_written(struct arena *arena, const struct units *units, size_t from, size_t to);
/* How many tags units of GitHub's text leave open; less than 0: they close some of others. */
int put_open_tags(const struct units *units, size_t from, size_t to);
/* As they were written, with the definitions that they refer to. */
char *put_quote(struct arena *arena, const struct units *units, size_t from, size_t to);

#endif
