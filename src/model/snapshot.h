#ifndef MODEL_SNAPSHOT_H
#define MODEL_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/field.h"
#include "model/progress.h"
#include "model/value.h"

/*
 * What was seen on each side, and what was remembered: plain data that lives in the arena it was
 * made in. Page and database ids are in Notion's own form, lower case with dashes. Times are ms
 * since the epoch by the services' clocks, read_at is clock_now().
 */

enum mergeable { MERGEABLE_UNKNOWN, MERGEABLE_YES, MERGEABLE_CONFLICTING };

struct pull {
    bool draft, merged;
    bool merged_by_viewer;       /* the token's own identity merged it */
    bool armed, armed_by_viewer; /* GitHub merges it by itself when it can; the token's own identity
                                    asked for that */
    const char *node_id;         /* GraphQL's; NULL: not asked */
    const char *head_sha;        /* 40 hex digits */
    const char *base;            /* the branch that it goes to */
    enum mergeable mergeable;
    const char *merge_state; /* GitHub's mergeStateStatus: "CLEAN", "BLOCKED", … */
};

/* What else decides whether a pull request may be merged; read only if asked for. */
enum checks {
    CHECKS_GOOD,
    CHECKS_RUN,
    CHECKS_FAIL,
    CHECKS_HIDDEN /* the token may not read them */
};

struct merge_facts {
    const char *head;   /* that they are of */
    bool fork;          /* from another repository */
    const char *author; /* login; NULL: the account is gone */
    bool author_writes; /* that person may write to the repository; false: or that is not known */
    bool changes_requested; /* by somebody who may write */
    bool approved;          /* this very head, by somebody who may write, and not dismissed */
    enum checks checks;     /* without those of the workflow that runs this pass */
    const char *check;      /* one that runs or fails */
    int64_t read_at;        /* clock_now() */
};

/*
 * Bodies are long, and most are only compared: by the hash of their normal form. The value of
 * FIELD_BODY holds the text if it was kept: of an issue without the marker line, of a page its
 * content in Notion's Markdown.
 */

/* An issue or pull request. */
struct issue {
    int64_t number;
    int64_t id;            /* by which REST's sub-issues name it, 0: not read */
    int comments;          /* how many there are */
    uint16_t linked_pulls; /* how many are linked to it; read only if asked for */
    bool is_pull : 1;
    bool bot : 1;             /* its author is one; read only if asked for */
    bool own : 1;             /* the token's own identity wrote it */
    bool state_by_viewer : 1; /* … and caused the last closed or reopened event */
    const char *url, *author; /* author "" for a deleted account */
    struct values values;
    int64_t created_at, updated_at;
    const char *named; /* page id of an own body's last line <!-- notion-sync page=… -->, or NULL */
    const char *marker; /* the same if it counts: the tag is right, and nobody else edited the body
                           since; else NULL */
    const char *body_hash; /* of the body's normal form; NULL: the body was not read */
    const char *trailer;   /* what the marker line says that ends the body, whoever wrote it; NULL:
                              there is none */
    int64_t state_changed_at; /* last closed or reopened event, 0: none */
    struct pull pull;         /* is_pull only */
    int64_t read_at;
};

/* A comment by the token's own identity that ends in a marker line. */
struct own_comment {
    int64_t id;
    const char *marker; /* the text between "<!-- notion-sync " and " -->", without the tag */
    int64_t created_at;
    bool edited; /* somebody else was the last to change it */
    bool tagged; /* the marker's tag is right */
    bool counts; /* it is tagged, or the state vouches for it, and it is not edited */
};

/* What was read of a page's content besides its text. */
struct content {
    const char *hash; /* of its normal form; NULL: it was not read */
    bool partial;     /* Notion did not show all of it */
    bool mixed;       /* what was written met an edit of somebody else */
    int64_t read_at;  /* Notion's time when it was asked for */
    int64_t seen_at;  /* the same by clock_now() */
    /* User id: it is what this integration's own last write to the page left; else NULL. */
    const char *by;
};

struct page {
    const char *id, *url;
    int64_t number; /* the property GitHub ID; 0: empty, -1: not a positive whole number */
    int64_t task;   /* of the property of type unique_id: 12 of TASK-12, 0: not read */
    struct values values;
    int64_t created_at, edited_at; /* floored to the minute by Notion */
    const char *edited_by;         /* user id or "" */
    const char *created_by;        /* likewise */
    bool unread; /* it came without GitHub ID, which was deleted since: number is -1 */
    bool direct; /* read by its id or answered to a write, not taken from a query (which may lag) */
    bool gone;   /* trashed, or not in the data source */
    bool elsewhere; /* gone, because it is in another data source */
    bool archived;  /* there, but out of sight until somebody brings it back: nothing is written */
    /* Its property Repository names another repository, or GitHub URL does: the passes for that
     * repository handle it. */
    bool foreign;
    bool foreign_by_url; /* only GitHub URL does, and it may name this one as it was once called */
    int64_t named;       /* the number in GitHub URL, if it names this repository; else 0 */
    int64_t read_at;
    struct content content;
};

/* What is remembered of the bodies besides the hashes of the base. */
struct body_record {
    int64_t read_at;     /* Notion's time when the page's content was last read, 0: never */
    const char *read_by; /* struct content's `by` then */
    const char *left[SIDE_COUNT]; /* hashes of bodies that differ and were left so; NULL: none */
    bool cut[SIDE_COUNT];         /* that side holds only the beginning of the other's text */
    const char *text[SIDE_COUNT]; /* the base's texts; NULL: not in hand */
    const char *next[SIDE_COUNT]; /* … and those that a run was about to leave; NULL: none */
};

/* When an issue's field last changed: not known. */
#define CHANGE_UNKNOWN (-1)

/* What a run was about to write, saved before it wrote: until a record says what became of it, each
 * side may hold it without any person's doing. */
struct intent {
    const char *page_id; /* NULL: the page was yet to be made */
    /* When each side had last changed, as the decision saw it; page_minute_open: before the minute
     * of that edit was over. */
    int64_t issue_updated, issue_state_changed, page_edited;
    bool page_minute_open;
    enum stage stage;        /* that its status shows afterwards; STAGE_UNKNOWN: as it was */
    struct field_set fields; /* that it speaks of */
    struct field_set writes[SIDE_COUNT]; /* those that were to be written there */
    /* What each side holds afterwards, and held before; bodies by their hashes. */
    struct values holds[SIDE_COUNT], had[SIDE_COUNT];
};

/* What was agreed last: the base of the three-way merge. Of a page without an issue it remembers
 * what its pull requests did: the number is page_key's. */
struct record {
    int64_t number;
    const char *page_id;
    bool is_pull;
    bool ended;      /* the link was ended; kept so that nothing is created again for either end */
    bool issue_gone; /* … because its issue was gone: it resumes when that is seen again */
    unsigned n_intents;
    int64_t link_comment; /* id, 0: not made (yet) */
    const char *key;   /* names the key that its marker's tag is of (rules->key); NULL: not known */
    int64_t linked_at; /* since when what is said on one end is meant for the other, 0: not known */
    struct values base[SIDE_COUNT]; /* of the fields that were ever agreed on */
    struct values property;         /* the Notion properties that it is of, if known */
    const char *column; /* id of the property that the page's number was in; NULL: not known */
    int64_t told; /* ended: the page's last edit when people were asked to act, 0: they were not */
    int64_t page_edited;     /* when the page that the base is of was last edited, 0: not known */
    const char *open_option; /* the option the page had before it was closed, or NULL */
    /* Of a pull request: the head commit and base branch seen last while the page was open, which
     * is what the page's Done consents to; NULL: none was seen. */
    const char *head, *base_branch;
    enum stage stage; /* of its pull requests; STAGE_UNKNOWN: nothing is remembered */
    unsigned n_pulls;
    const int64_t *pulls; /* those that belong to the page by its unique_id */
    int64_t state_seen;   /* the last change of the issue's state that is accounted for */
    int64_t asked;        /* the page's edit that somebody was asked to confirm, 0: none */
    /* The merge that GitHub refused: head sha and merge state then; NULL: none. */
    const char *tried_head, *tried_state;
    struct body_record body;      /* base[…][FIELD_BODY] hold hashes */
    const struct intent *intents; /* of runs that have not said what became of them, oldest first */
};

/* Copies that live as long as the arena, whatever becomes of the original, and share texts that are
 * equal, as most are on both sides. */
const struct issue *issue_keep(const struct issue *issue, struct arena *arena);
struct page *page_keep(const struct page *page, struct arena *arena);
/* page_id is not copied: it must live as long. like: another copy in the arena, with which it
 * shares what is the same, or NULL. */
const struct record *
record_keep(const struct record *record, const struct record *like, struct arena *arena);

#endif
