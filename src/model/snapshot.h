#ifndef MODEL_SNAPSHOT_H
#define MODEL_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/field.h"
#include "model/value.h"

/*
 * What was seen on each side, and what was remembered: plain data that lives in the arena it was made in. Page and database ids are
 * in Notion's own form, lower case with dashes. Times are ms since the epoch by the services' clocks, read_at is clock_now().
 */

enum mergeable { MERGEABLE_UNKNOWN, MERGEABLE_YES, MERGEABLE_CONFLICTING };

struct pull {
    bool draft, merged;
    bool merged_by_viewer; /* the token's own identity merged it */
    const char *head_sha;  /* 40 hex digits */
    enum mergeable mergeable;
    const char *merge_state; /* GitHub's mergeStateStatus: "CLEAN", "BLOCKED", … */
};

/* An issue or pull request. */
struct issue {
    int64_t number;
    bool is_pull;
    const char *url, *author; /* author "" for a deleted account */
    struct value values[FIELD_COUNT];
    int64_t created_at, updated_at;
    bool own; /* the token's own identity wrote it */
    const char *
        marker; /* page id of the body's last line <!-- notion-sync page=… -->; NULL where there is none or it is not own */
    int comments;             /* how many there are */
    int64_t state_changed_at; /* last closed or reopened event, 0: none */
    bool state_by_viewer;     /* that event was the token's own identity's */
    struct pull pull;         /* is_pull only */
    int64_t read_at;
};

/* A comment by the token's own identity that ends in a marker line. */
struct own_comment {
    int64_t id;
    const char *marker; /* what stands between "<!-- notion-sync " and " -->" */
    int64_t created_at;
    bool edited; /* somebody changed it since */
};

struct page {
    const char *id, *url;
    int64_t number; /* the property GitHub ID; 0: empty, -1: not a positive whole number */
    struct value values[FIELD_COUNT];
    int64_t created_at, edited_at; /* floored to the minute by Notion */
    const char *edited_by;         /* user id or "" */
    bool gone;                     /* trashed, archived, or not in the data source */
    bool elsewhere;                /* gone, because it is in another data source */
    bool
        foreign; /* its property Repository names another repository: that one's passes see to it */
    bool direct; /* read by its id or answered to a write, not taken from a query (which may lag) */
    int64_t read_at;
};

/* What was agreed last: the base of the three-way merge. */
struct record {
    int64_t number;
    const char *page_id;
    bool is_pull;
    bool ended; /* the link was ended; kept so that nothing is created anew for either end */
    int64_t link_comment; /* id, 0: not made (yet) */
    int64_t linked_at; /* since when what is said on one end is meant for the other, 0: not known */
    struct value base[SIDE_COUNT][FIELD_COUNT]; /* VALUE_ABSENT: never agreed */
    const char
        *property[FIELD_COUNT]; /* id of the Notion property that the base is of; NULL: not known */
    int64_t page_edited;     /* when the page that the base is of was last edited, 0: not known */
    const char *open_option; /* the option the page had before it was closed, or NULL */
    const char *tried_head,
        *tried_state; /* the merge that GitHub refused: head sha and merge state then; NULL: none */
};

#endif
