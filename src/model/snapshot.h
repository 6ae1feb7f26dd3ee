#ifndef MODEL_SNAPSHOT_H
#define MODEL_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/field.h"
#include "model/progress.h"
#include "model/value.h"

/*
 * What was read on each side, and what the state remembers: plain data that lives in the arena it
 * was made in. Page and database ids are in Notion's own form, lower case with dashes. Times are ms
 * since the epoch by the services' clocks. read_at is clock_now().
 */

enum mergeable { MERGEABLE_UNKNOWN, MERGEABLE_YES, MERGEABLE_CONFLICTING };

struct pull {
    bool draft, merged;
    bool merged_by_viewer;       /* the token's own identity merged it */
    bool armed, armed_by_viewer; /* GitHub will merge it by itself as soon as it can; the token's
                                    own identity asked for that */
    const char *node_id;         /* GraphQL's; NULL: not requested */
    const char *head_sha;        /* 40 hex digits */
    const char *base;            /* the target branch */
    enum mergeable mergeable;
    const char *merge_state; /* GitHub's mergeStateStatus: "CLEAN", "BLOCKED", … */
};

/* Other facts that decide whether a pull request may be merged. Read only if requested. */
enum checks {
    CHECKS_GOOD,
    CHECKS_RUN,
    CHECKS_FAIL,
    CHECKS_HIDDEN /* the token may not read them */
};

struct merge_facts {
    const char *head;   /* whose reviews and checks these are */
    bool fork;          /* from another repository */
    const char *author; /* login; NULL: the account is gone */
    bool author_writes; /* that person may write to the repository; false: may not, or not known */
    bool changes_requested; /* by somebody who may write */
    bool approved;      /* of this very head, by somebody with write access, and not dismissed */
    enum checks checks; /* without those of the workflow that runs this pass */
    const char *check;  /* one that is running or has failed */
    int64_t read_at;    /* clock_now() */
};

/*
 * Bodies are long, and most are only compared, by the hash of their normal form. The value of
 * FIELD_BODY holds the text if it was kept: an issue's without the marker line, a page's in
 * Notion's Markdown.
 */

/* An issue or pull request. */
struct issue {
    int64_t number;
    int64_t id;            /* the id that REST's sub-issues use, 0: not read */
    int comments;          /* how many there are */
    uint16_t linked_pulls; /* how many are linked to it; read only if requested */
    bool is_pull : 1;
    bool bot : 1;             /* its author is a bot; read only if requested */
    bool own : 1;             /* the token's own identity wrote it */
    bool state_by_viewer : 1; /* … and caused the last closed or reopened event */
    const char *url, *author; /* author "" for a deleted account */
    struct values values;
    int64_t created_at, updated_at;
    const char *named; /* page id in an own body's last line <!-- notion-sync page=… -->, or NULL */
    const char *marker; /* the same if it counts: the tag is right, and nobody else has edited the
                           body since; else NULL */
    const char *body_hash;    /* of the body's normal form; NULL: the body was not read */
    const char *trailer;      /* the marker line at the body's end, whoever wrote it; NULL: none */
    int64_t state_changed_at; /* last closed or reopened event, 0: none */
    const struct pull *pull;  /* NULL: an issue (issue_pull) */
    int64_t read_at;
};

/* The facts of a pull request; of an issue, those of one that nothing is known of. */
const struct pull *issue_pull(const struct issue *issue);

/* A comment by the token's own identity that ends in a marker line. */
struct own_comment {
    int64_t id;
    const char *marker; /* the text between "<!-- notion-sync " and " -->", without the tag */
    int64_t created_at;
    bool edited; /* somebody else edited it last */
    bool tagged; /* the marker's tag is right */
    bool counts; /* it has a tag, or the state vouches for it, and nobody else edited it */
};

/* What we read of a page's content besides its text. */
struct content {
    const char *hash; /* of its normal form; NULL: it was not read */
    bool partial;     /* Notion did not show all of it */
    bool mixed;       /* our write met somebody else's edit */
    int64_t read_at;  /* Notion's time of the request */
    int64_t seen_at;  /* the same by clock_now() */
    /* User id, if this integration's own last write left the content like this; else NULL. */
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
    bool unread; /* it came without GitHub ID, which was deleted later: number is -1 */
    bool direct; /* read by its id or answered to a write, not taken from a query (which may lag) */
    bool gone;   /* trashed, or not in the data source */
    bool elsewhere; /* gone because it is in another data source */
    bool archived;  /* it exists, but is out of sight until somebody brings it back: nothing is
                       written */
    /* Its property Repository or its GitHub URL names another repository. That repository's passes
     * handle it. */
    bool foreign;
    bool foreign_by_url; /* only GitHub URL does, and it may be an earlier name of this one */
    int64_t named;       /* the number in GitHub URL, if it names this repository; else 0 */
    int64_t read_at;
    struct content content;
};

/* The texts of the body's base, and the texts that a run was about to leave; NULL: none. */
struct base_texts {
    const char *base[SIDE_COUNT], *next[SIDE_COUNT];
};

/* What the state remembers of the bodies besides the hashes of the base. */
struct body_record {
    int64_t read_at;     /* Notion's time when the page's content was last read, 0: never */
    const char *read_by; /* struct content's `by` then */
    const char *left[SIDE_COUNT];   /* hashes of bodies that differ and stay so; NULL: none */
    const struct base_texts *texts; /* NULL: not read */
};

/* When an issue's field last changed: not known. */
#define CHANGE_UNKNOWN (-1)

/* What a run was about to write, saved before the write. Until a record says what came of it, each
 * side may hold it although no person wrote it. */
struct intent {
    const char *page_id; /* NULL: the page did not exist yet */
    /* The last change of each side at the time of the decision; page_minute_open: the minute of
     * that edit was not over. */
    int64_t issue_updated, issue_state_changed, page_edited;
    bool page_minute_open;
    enum stage stage; /* the stage that its status shows afterwards; STAGE_UNKNOWN: unchanged */
    struct field_set fields;             /* the fields that it concerns */
    struct field_set writes[SIDE_COUNT]; /* the fields that the run was about to write there */
    /* Each side's values afterwards, and before; bodies by their hashes. */
    struct values holds[SIDE_COUNT], had[SIDE_COUNT];
};

/* What is remembered of pull requests. */
struct pull_record {
    /* Of a pull request: the last head commit and base branch that were seen while the page was
     * open. The page's Done consents to these. NULL: none were seen. */
    const char *head, *base_branch;
    /* The merge that GitHub refused: head sha and merge state then; NULL: none. */
    const char *tried_head, *tried_state;
    enum stage stage; /* of an issue's or page's; STAGE_UNKNOWN: nothing is remembered */
    unsigned n_numbers;
    const int64_t *numbers; /* those that belong to the page by its unique_id */
};

/* The last agreement: the base of the three-way merge. Of a page without an issue it remembers what
 * its pull requests did; its number is then page_key's. */
struct record {
    int64_t number;
    const char *page_id;
    bool is_pull : 1;
    bool
        tombstone : 1; /* the link ended; the record stays so that neither end gets a new partner */
    bool issue_gone : 1;  /* … because its issue was gone: the link resumes if the issue is seen
                             again */
    bool cut[SIDE_COUNT]; /* that side's body is only the beginning of the other's */
    unsigned n_intents;
    int64_t link_comment; /* its id, 0: not made (yet) */
    const char *key;      /* names the key of its marker's tag (rules->key); NULL: not known */
    int64_t linked_at;    /* since when comments on one end go to the other, 0: not known */
    struct values base[SIDE_COUNT]; /* of all fields that both sides ever agreed on */
    /* The Notion properties of these values, if known; NULL: of none (record_property). */
    const struct values *properties;
    const char *column; /* id of the property that held the page's number; NULL: not known */
    int64_t told; /* tombstone: the page's last edit when people were asked to act, 0: never */
    int64_t page_edited;             /* the last edit of the page in the base, 0: not known */
    const char *open_option;         /* the option the page had before it was closed, or NULL */
    const struct pull_record *pulls; /* NULL: nothing (record_pulls) */
    int64_t state_seen;           /* the last change of the issue's state that is accounted for */
    int64_t asked;                /* the page's edit that somebody was asked to confirm, 0: none */
    struct body_record body;      /* base[…][FIELD_BODY] hold hashes */
    const struct intent *intents; /* intents of runs whose results are unknown, oldest first */
};

/* What is remembered of pull requests; without anything if nothing is, also for NULL. */
const struct pull_record *record_pulls(const struct record *record);
/* The same, as the record's own copy in the arena, for changes. */
struct pull_record *record_own_pulls(struct record *record, struct arena *arena);

/* The property that a field's base belongs to. NULL: not known. */
const char *record_property(const struct record *record, enum field field);
/* property NULL: not known. Borrows it. */
void record_put_property(struct record *record, enum field field, const char *property,
                         struct arena *arena);

/* Copies that live as long as the arena, whatever happens to the original. Equal texts are shared,
 * as most are on both sides. */
const struct issue *issue_pack(const struct issue *issue, struct arena *arena);
struct page *page_pack(const struct page *page, struct arena *arena);
/* Does not copy page_id, which must live as long as the copy. like: another copy in the arena with
 * which to share equal parts, or NULL. */
const struct record *
record_pack(const struct record *record, const struct record *like, struct arena *arena);

#endif
