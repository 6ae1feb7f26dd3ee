#ifndef MODEL_CONVERSATION_H
#define MODEL_CONVERSATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/field.h"
#include "model/runs.h"

/*
 * What people say about an issue and its page, in neither service's terms. Plain data in the arena
 * it was made in.
 */

/* A comment as a side shows it. */
struct remark {
    const char *id;     /* GitHub's number in decimal, or Notion's id */
    const char *author; /* login or name, "" if it is not known */
    const char *url;    /* where people see it; NULL on Notion, which gives none */
    const char *thread; /* Notion: the discussion that it is part of; NULL on GitHub */
    struct runs text;   /* without the header and marker of a copy */
    const char *digest; /* of what the author wrote: changes when that does */
    int64_t created_at; /* floored to the minute by Notion */
    bool edited;
    bool own;   /* Notion: written with this token, as Notion reports */
    bool apart; /* by a bot, or by this action for another purpose: it is not carried over */
    const char *copy_of; /* of own copies: the id of the comment on the other side, else NULL */
    int part;            /* of copies: 1, 2, … of a comment that did not fit into one */
};

/* What is remembered of a comment that was carried over. */
struct carried {
    enum side from;
    const char *id;            /* on the side that it was written on */
    const char *const *copies; /* ids on the other side, part by part */
    size_t n_copies;
    const char *digest; /* of the text as it was carried; NULL: not wholly */
    bool alone; /* what is answered to it in Notion does not follow: it is in a discussion that was
                   not carried over */
};

/* The conversation about one link, as far as it was read. */
struct talk {
    int64_t number;
    const char *page_id;
    const char *page_url; /* or NULL */
    int64_t since;        /* what was said before stays where it is (ms) */
    bool to_github;       /* what is said in Notion appears on GitHub too */
    /* Only comments of the page that begin with this word do, and answers in a discussion that was
     * carried over; "" or NULL: all do. */
    const char *marker;
    int64_t open_since; /* … but those that do not begin with it only if they are younger (ms) */
    bool read[SIDE_COUNT];
    int64_t read_at[SIDE_COUNT]; /* clock_now() before it was */
    const struct remark *remarks[SIDE_COUNT];
    size_t n_remarks[SIDE_COUNT];
    const struct carried *carried;
    size_t n_carried;
};

/* "comment=<id>", from the second part on "comment=<id> part=2": the marker of a copy on GitHub.
 * Reading it back returns false if the text is not such a marker; *id is in the arena. */
char *copy_marker(struct arena *arena, const char *id, int part);
bool copy_marker_read(struct arena *arena, const char *marker, const char **id, int *part);

/* "login commented", "login commented, part 2": the text of a copy's first run in Notion, whose
 * link is the comment's own ("…#issuecomment-123"). Reading it back returns false if the run is not
 * such a header. */
char *copy_header(struct arena *arena, const char *author, int part);
bool copy_header_read(struct arena *arena, const struct run *first, const char **id, int *part);

/* "Kept by the sync, conflict <values>", then ", part 2": the text of the first run of a comment
 * that keeps on the page what lost a conflict; and whether a run is one. */
char *quote_header(struct arena *arena, const char *values, size_t part);
bool quote_header_is(const struct run *first);

/* The digest of texts, to be made piece by piece from an empty one (0): 16 hex digits in the
 * arena. */
uint64_t digest_add(uint64_t digest, const char *text);
char *digest_text(struct arena *arena, uint64_t digest);

#endif
