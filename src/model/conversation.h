#ifndef MODEL_CONVERSATION_H
#define MODEL_CONVERSATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/field.h"
#include "model/runs.h"

/*
 * The conversation of an issue and its page, in neither service's terms. Plain data in the arena it
 * was made in.
 */

/* A comment as a side shows it. */
struct remark {
    const char *id;     /* GitHub's number in decimal, or Notion's id */
    const char *author; /* login or name, "" if unknown */
    const char *url;    /* the address for people; NULL on Notion, which gives none */
    const char *thread; /* Notion: the discussion that it is part of; NULL on GitHub */
    struct runs text;   /* without the header and marker of a copy */
    const char *digest; /* of the author's text: changes when the text does */
    int64_t created_at; /* floored to the minute by Notion */
    bool edited;
    bool own;            /* Notion: this token wrote it, as Notion reports */
    bool apart;          /* by a bot, or by this action for another purpose: not carried over */
    const char *copy_of; /* of own copies: the id of the comment on the other side, else NULL */
    int part;            /* of copies: part 1, 2, … of a comment that did not fit into one */
};

/* What the state remembers of a comment that was carried over. */
struct carried {
    enum side from;
    const char *id;            /* on its own side */
    const char *const *copies; /* ids on the other side, part by part */
    size_t n_copies;
    const char *digest; /* of the text as it was carried over; NULL: not completely */
    bool alone; /* its discussion was not carried over, so replies to it in Notion are not either */
};

/* The conversation of one link, as far as we have read it. */
struct talk {
    int64_t number;
    const char *page_id;
    const char *page_url; /* or NULL */
    int64_t since;        /* older comments stay where they are (ms) */
    bool to_github;       /* comments in Notion go to GitHub too */
    /* Only comments of the page that begin with this word go, and replies in a discussion that was
     * carried over; "" or NULL: all go. */
    const char *marker;
    int64_t open_since; /* … but comments without the word must be younger than this (ms) */
    bool read[SIDE_COUNT];
    int64_t read_at[SIDE_COUNT]; /* clock_now() before the read */
    const struct remark *remarks[SIDE_COUNT];
    size_t n_remarks[SIDE_COUNT];
    const struct carried *carried;
    size_t n_carried;
};

/* "comment=<id>", from the second part on "comment=<id> part=2": the marker of a copy on GitHub.
 * Reading returns false if the text is not such a marker. *id is in the arena. */
char *copy_marker(struct arena *arena, const char *id, int part);
bool copy_marker_read(struct arena *arena, const char *marker, const char **id, int *part);

/* "login commented", "login commented, part 2": the text of a copy's first run in Notion, which
 * links to the comment itself ("…#issuecomment-123"). Reading returns false if the run is not such
 * a header. */
char *copy_header(struct arena *arena, const char *author, int part);
bool copy_header_read(struct arena *arena, const struct run *first, const char **id, int *part);

/* "Kept by the sync, conflict <values>", then ", part 2": the text of the first run of a comment
 * that keeps a conflict's losing value on the page; and whether a run is such a text. */
char *quote_header(struct arena *arena, const char *values, size_t part);
bool quote_header_is(const struct run *first);

/* The digest of texts, built piece by piece from an empty one (0): 16 hex digits in the arena. */
uint64_t digest_add(uint64_t digest, const char *text);
char *digest_text(struct arena *arena, uint64_t digest);

#endif
