#ifndef RECONCILE_PLAN_H
#define RECONCILE_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/vec.h"
#include "model/snapshot.h"
#include "reconcile/conversation.h"
#include "reconcile/stage.h"

/*
 * The plan is a value: a list of items, one for each issue and page that needs an action or a
 * report. reconcile_plan makes it, the report shows it, and apply performs it. Its items are
 * candidates: each is decided again on fresh reads before anything is written because of it
 * (reconcile_again). Row names are those of docs/decision-table.md.
 */

enum row {
    ROW_NONE,
    ROW_E1_NEW_ISSUE,    /* create the issue of a page */
    ROW_E2_RECOVER,      /* adopt an own issue that carries the page's marker */
    ROW_E3_NEW_PAGE,     /* create the page of an issue */
    ROW_E4_ADOPT,        /* adopt what a person (or a lost state) linked */
    ROW_E5_NO_ISSUE,     /* GitHub ID of no issue */
    ROW_E6_DUPLICATE,    /* a second page with the same number */
    ROW_E7_MARKER_TAKEN, /* a second own issue with the same marker */
    ROW_E8_PAGE_GONE,    /* the page is gone */
    ROW_E9_ISSUE_GONE,   /* the issue is gone */
    ROW_E10_UNLINK,      /* a person ended the link */
    ROW_E11_HIDDEN,      /* one side is out of sight: nothing is done */
    ROW_E12_RESUME,      /* the issue that was gone is back: the link resumes */
    ROW_E13_WAS_LINKED,  /* a page shows by its GitHub URL that it was linked before */
    ROW_E14_TASK, /* a page without an issue, to which pull requests belong by its unique_id */
    ROW_LINKED,   /* an existing link: only fields are decided */
    ROW_COUNT,
};

enum field_row {
    FIELD_ROW_NONE,
    ROW_F1_SAME,
    ROW_F2_TO_NOTION,
    ROW_F3_TO_GITHUB,
    ROW_F4_AGREE,
    ROW_F5_BOTH,
    ROW_F6_MERGE,
    ROW_F7_CONFLICT,
    ROW_F8_NO_BASE,
    ROW_F9_ONE_WAY, /* a change that does not go the field's way */
    FIELD_ROW_COUNT,
};

/* What becomes of one field. */
struct field_plan {
    enum field_row row;
    bool write[SIDE_COUNT];         /* the side is to be written */
    struct value value[SIDE_COUNT]; /* what each side holds afterwards: written, or as read */
    bool settles;                   /* afterwards both sides agree on this: it becomes the base */
    bool conflict;
    enum side winner; /* of a conflict; the other side's value as read is quoted */
    const char *lost; /* … or, if only parts of a body are in conflict, the other side's parts */
    bool stays;       /* of a conflict: neither side is written */
    bool waits; /* of a conflict: neither side accepted the comment that would keep what loses, so
                   nothing is written */
    bool alone; /* of a conflict: only the winner changed, but not in a way that can be separated
                   from the rest of the text */
};

enum action_kind {
    ACTION_LOOK, /* read the page's content, and decide again */
    ACTION_CREATE_ISSUE,
    ACTION_CREATE_PAGE,
    ACTION_COMMENT,
    ACTION_WRITE_ISSUE,
    ACTION_QUOTE, /* keep in a comment on the page what loses and must not appear on GitHub */
    ACTION_RENEW_MARKER, /* give the link comment's marker a tag made with the current key */
    ACTION_MERGE_PULL,   /* or have it merged as soon as GitHub can */
    ACTION_DISARM_PULL,  /* cancel that request */
    ACTION_WRITE_PAGE,
    ACTION_SHOW_PAGE, /* the columns that show what this pass did to the issue since */
    ACTION_WRITE_CONTENT,
    ACTION_CLEAR_NUMBER, /* empty GitHub ID on the page */
    ACTION_TRASH_PAGE,
    ACTION_KINDS,
};

enum comment_kind {
    COMMENT_LINK,     /* page=<id>: what the link means */
    COMMENT_STATUS,   /* closed or reopened because Notion's status changed */
    COMMENT_MERGED,   /* merged because Notion's status changed */
    COMMENT_CONFLICT, /* the values that lost */
    COMMENT_REFUSED,  /* why GitHub did not merge */
    COMMENT_ENDED,    /* the link is over, and why */
    COMMENT_VOID,     /* the page was set back, since what it consented to no longer exists */
    COMMENT_ASKED,    /* a person is asked to confirm a status */
};

struct action {
    enum action_kind kind;
    enum comment_kind comment; /* ACTION_COMMENT */
};

/* The side whose service performs an action. */
enum side action_side(enum action_kind kind);

struct progress;
struct rules;
struct missing;

/* An earlier run said what it would write, and the state does not show what came of it. */
enum doubt {
    DOUBT_NONE,
    DOUBT_GITHUB, /* our write to that side was not done, or a person took it back */
    DOUBT_NOTION,
    DOUBT_BOTH, /* a person chose something else, before our write or after it */
};

/* An item that needs more is a mistake in the program. */
#define ITEM_ACTIONS 12

/* Why an item is looked at again in the next pass although nothing changed. */
enum again { AGAIN_NO, AGAIN_MERGE, AGAIN_COMMENT, AGAIN_LINK, AGAIN_SIGHT, AGAIN_FRESH };

/* What a decision about the body rests on besides both sides, and what came of it
 * (reconcile/body.h). */
struct body_plan {
    bool page_named;              /* an event says that the page's content changed */
    bool base_read;               /* the base's texts were asked for */
    const char *base[SIDE_COUNT]; /* them; NULL: there are none */
    const char *next[SIDE_COUNT]; /* those that an earlier run was about to leave; NULL: none */

    /* Undecided: the issue's text, the page's content must be read first. */
    bool looks_issue, looks_page;
    bool lacks_base;      /* undecided: the base's texts were not asked for */
    bool left;            /* the bodies differ, and stay so: to be remembered */
    bool cut[SIDE_COUNT]; /* what is written there is only the beginning */
};

struct item {
    enum row row;
    int64_t number;              /* 0: no issue yet */
    const char *page_id;         /* NULL: no page yet */
    const char *title;           /* for people; never NULL */
    const struct issue *issue;   /* as read, or NULL */
    const struct page *page;     /* as read, or NULL; labels that were typed into Labels count as
                                    edits of their columns in it */
    const struct page *untyped;  /* the page with those as they were typed, NULL: there are none */
    const struct record *record; /* the link's, or NULL */
    const struct record *stored; /* what the state holds of the number, of any link; or NULL */
    /* The base that the fields are decided from: the record's, or what an earlier run has left of
     * it; NULL: there is none. */
    const struct record *known;
    enum doubt *doubts;              /* by field */
    const struct progress *progress; /* what its pull requests are at; NULL: not followed */
    const struct record *task; /* what is remembered of the page from before it had an issue */
    enum stage_row stage_row;  /* what becomes of the stage */
    const struct pull_facts *closer;       /* whose merge closes the issue, or NULL */
    bool stage_fresh;                      /* nothing could be remembered of it */
    const struct merge_facts *merge_facts; /* NULL: not read */
    const char *refused; /* why this action does not merge it, to be reported; NULL: nothing new */
    const char *voided;  /* why the wish for a merge is void; NULL: it is not */
    bool asks;           /* a status is to be confirmed by a person */
    const int64_t *changed_at; /* when each field of the issue last changed; NULL: not asked */
    /* What the state says that this run is about to write, and what it will say once the save
     * under way is done; NULL: nothing. */
    const struct intent *intended, *announced;
    const struct own_comment *comments; /* own comments as far as read */
    size_t n_comments;
    bool comments_read;
    int64_t link_comment;      /* id of the link comment that exists, 0: none known */
    bool link_tagged;          /* … and its marker's tag was seen to be right */
    struct field_plan *fields; /* by field, rules->fields->n of them */
    struct body_plan body;
    struct action actions[ITEM_ACTIONS];
    size_t n_actions;
    const char *told;   /* what its row has to report, or NULL: the first of the notes */
    const char **notes; /* what a person should know or fix; one line each */
    size_t n_notes;
    /* Its conversation, if there is something to carry over, else NULL. */
    const struct talk *talk;
    const struct talk_plan *says; /* what there is */
    bool saves;                   /* the record changes: new base, link or ending */
    bool ends_link;               /* afterwards the record is marked as ended */
    bool page_gone;      /* Notion said that the page is gone, and did not merely fail to find it */
    bool unlinks;        /* a link that was alive ends by it (max_deletions) */
    const char *because; /* of an ending: "its page was moved to the trash", … */
    enum again again;
    const struct rules *rules; /* it was decided by them */
    /* While the code finds out what must be read: the place to note that; else NULL. */
    struct missing *missing;
    size_t place;   /* in the order in which it was decided */
    size_t turn;    /* among what earlier passes left, from 1; 0: it is new */
    int64_t met_at; /* as of the page's entry */
    bool fresh;     /* somebody may still be typing the page: its issue is made in a moment */
    bool later;     /* the page gets its issue in the next pass */
    bool waits;     /* a value names what this very pass links */
};

/* Whether the item does something of that kind. */
bool item_acts(const struct item *item, enum action_kind kind);

/* Whether what the page holds in the field must not appear on GitHub. */
bool item_is_secret(const struct item *item, enum field field);

/* Whether only the page's bare link may name it in what anybody may read: the log and the summary
 * of a public repository. */
bool item_is_hidden(const struct item *item);

/* The fields in conflict whose losing value is to be kept on that side. */
struct field_set item_quotes(const struct item *item, enum side side);

/* How many of its fields are in conflict. */
size_t item_conflicts(const struct item *item);

/* Adds a line that a person should read. The line and the arena, which holds the list, must live as
 * long as the item. */
void item_note(struct item *item, const char *note, struct arena *arena);

VEC_TYPE(item_list, struct item *);

/* Every comment notifies people: a pass posts at most this many link comments, and later passes the
 * rest. */
#define PLAN_LINK_COMMENTS 60

/* Items in the order in which they are to be performed. */
struct plan {
    struct item_list items;
    size_t held_back; /* pages that would become issues if that might be published */
    size_t in_step;   /* links that were compared and need nothing */
};

/* Whether anything is to be written: on either side, or to a record. A plan may also hold mere
 * notes. */
bool plan_writes(const struct plan *plan);

/* How many things the item changes that max_changes counts: an issue or pull request that is
 * closed, reopened or merged, and a page whose status changes. What comes with a create does not
 * count. */
size_t item_changes(const struct item *item);

/* Whether the plan ends no more links than max_deletions, and makes no more changes than
 * max_changes (0: no limit); else ERR_INPUT names them and says what to do. */
MUST_USE bool plan_check_limits(const struct plan *plan, int64_t max_deletions, int64_t max_changes,
                                struct err *err);

#endif
