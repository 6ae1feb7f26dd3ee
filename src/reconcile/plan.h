#ifndef RECONCILE_PLAN_H
#define RECONCILE_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/vec.h"
#include "model/sayings.h"
#include "model/snapshot.h"
#include "reconcile/conversation.h"
#include "reconcile/stage.h"

/*
 * The plan is a value: a list of items, one for each issue and page that needs an action or a
 * report. reconcile_plan makes it, the report shows it, and apply performs it. Its items are
 * candidates: each is decided again on fresh reads before anything is written for it
 * (reconcile_again). Row names are those of docs/decision-table.md.
 */

enum row {
    ROW_NONE,
    ROW_E1_NEW_ISSUE,    /* create the issue of a page */
    ROW_E2_RECOVER,      /* adopt an own issue that carries the page's marker */
    ROW_E3_NEW_PAGE,     /* create the page of an issue */
    ROW_E4_ADOPT,        /* adopt a link that a person (or a lost state) left */
    ROW_E5_NO_ISSUE,     /* GitHub ID names no issue */
    ROW_E6_DUPLICATE,    /* a second page with the same number */
    ROW_E7_MARKER_TAKEN, /* a second own issue with the same marker */
    ROW_E8_PAGE_GONE,    /* the page is gone */
    ROW_E9_ISSUE_GONE,   /* the issue is gone */
    ROW_E10_UNLINK,      /* a person ended the link */
    ROW_E11_HIDDEN,      /* one side is not visible: nothing is done */
    ROW_E12_RESUME,      /* the issue is back: the link resumes */
    ROW_E13_WAS_LINKED,  /* the page's GitHub URL shows that it was linked before */
    ROW_E14_TASK,        /* a page without an issue that owns pull requests by its unique_id */
    ROW_LINKED,          /* an existing link: only fields are decided */
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
    ROW_F9_ONE_WAY, /* a change against the field's direction */
    FIELD_ROW_COUNT,
};

/* The outcome of one field. */
struct field_plan {
    enum field_row row;
    bool write[SIDE_COUNT];         /* write the side */
    struct value value[SIDE_COUNT]; /* each side's value afterwards: written, or as read */
    bool settles;                   /* both sides agree on this afterwards: it becomes the base */
    bool conflict;
    enum side winner; /* of a conflict: a comment quotes the other side's value as read */
    const char *lost; /* … or, if only parts of a body are in conflict, the other side's parts */
    bool stays;       /* of a conflict: neither side is written */
    bool waits;       /* of a conflict: neither side accepted the comment that would keep the losing
                         value, so nothing is written */
    bool alone; /* of a conflict: only the winner changed, but its change cannot be separated from
                   the rest of the text */
};

enum action_kind {
    ACTION_LOOK, /* read the page's content, and decide again */
    ACTION_CREATE_ISSUE,
    ACTION_CREATE_PAGE,
    ACTION_COMMENT,
    ACTION_WRITE_ISSUE,
    ACTION_QUOTE, /* keep the losing value in a comment on the page, since it must not appear on
                     GitHub */
    ACTION_RENEW_MARKER, /* give the link comment's marker a tag made with the current key */
    ACTION_MERGE_PULL,   /* or have GitHub merge it as soon as it can */
    ACTION_DISARM_PULL,  /* cancel that request */
    ACTION_WRITE_PAGE,
    ACTION_SHOW_PAGE, /* the columns that show what this pass has done to the issue since */
    ACTION_WRITE_CONTENT,
    ACTION_CLEAR_NUMBER, /* empty GitHub ID on the page */
    ACTION_TRASH_PAGE,
    ACTION_KINDS,
};

enum comment_kind {
    COMMENT_LINK,     /* page=<id>: what the link means */
    COMMENT_STATUS,   /* closed or reopened because Notion's status changed */
    COMMENT_MERGED,   /* merged because Notion's status changed */
    COMMENT_CONFLICT, /* the losing values */
    COMMENT_REFUSED,  /* why GitHub did not merge */
    COMMENT_ENDED,    /* the link is over, and why */
    COMMENT_VOID,     /* the page was set back, since its consent was for something that no longer
                         exists */
    COMMENT_ASKED,    /* ask a person to confirm a status */
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
    DOUBT_GITHUB, /* our write to that side was not done, or a person undid it */
    DOUBT_NOTION,
    DOUBT_BOTH, /* a person chose something else, before our write or after it */
};

/* An item that needs more is a bug in the program. */
#define ITEM_ACTIONS 12

/* Why the next pass looks at an item again although nothing changed. */
enum again { AGAIN_NO, AGAIN_MERGE, AGAIN_COMMENT, AGAIN_LINK, AGAIN_SIGHT, AGAIN_FRESH };

/* The facts behind a decision about the body besides both sides, and its outcome
 * (reconcile/body.h). */
struct body_plan {
    bool page_named;              /* an event says that the page's content changed */
    bool base_read;               /* the decision wanted the base's texts */
    const char *base[SIDE_COUNT]; /* them; NULL: there are none */
    const char *next[SIDE_COUNT]; /* the texts that an earlier run was about to leave; NULL: none */

    /* Undecided: read the issue's text, or the page's content, first. */
    bool looks_issue, looks_page;
    bool lacks_base;      /* undecided: nobody has read the base's texts yet */
    bool left;            /* the bodies differ and stay different: remember that */
    bool cut[SIDE_COUNT]; /* only the beginning is written there */
};

struct item {
    enum row row;
    int64_t number;            /* 0: no issue yet */
    const char *page_id;       /* NULL: no page yet */
    const char *title;         /* for people; never NULL */
    const struct issue *issue; /* as read, or NULL */
    const struct page *page;   /* as read, or NULL; labels that were typed into Labels count here as
                                  edits of their columns */
    const struct page *untyped;  /* the page with these labels as typed, NULL: there are none */
    const struct record *record; /* the link's, or NULL */
    const struct record *stored; /* the number's record in the state, of any link; or NULL */
    /* The base from which the fields are decided: the record's, or what an earlier run left of it.
     * NULL: none. */
    const struct record *known;
    enum doubt *doubts;              /* by field */
    const struct progress *progress; /* the stage of its pull requests; NULL: not followed */
    const struct record *task; /* what is remembered of the page from before it had an issue */
    enum stage_row stage_row;  /* what the change of stage does */
    const struct pull_facts *closer; /* the pull request whose merge closes the issue, or NULL */
    bool stage_fresh;                /* nothing could be remembered of it */
    const struct merge_facts *merge_facts; /* NULL: not read */
    const char *refused; /* why this action does not merge it, for the report; NULL: nothing new */
    const char *voided;  /* why the wish for a merge is void; NULL: it is valid */
    bool asks;           /* a person must confirm a status */
    const int64_t *changed_at; /* when each field of the issue last changed; NULL: not asked */
    const struct own_comment *comments; /* own comments, as far as we have read them */
    size_t n_comments;
    bool comments_read;
    int64_t link_comment;      /* id of the link comment that exists, 0: none known */
    bool link_tagged;          /* … and we saw that its marker's tag is right */
    struct field_plan *fields; /* by field, rules->fields->n of them */
    struct body_plan body;
    struct action actions[ITEM_ACTIONS];
    size_t n_actions;
    const char *told;     /* the message of its row, or NULL: the first note */
    struct sayings notes; /* what a person should know or fix, one line each */
    /* Its conversation, if there are comments to carry over, else NULL. */
    const struct talk *talk;
    const struct talk_plan *says; /* what to carry over */
    bool saves;                   /* the record changes: new base, link or ending */
    bool ends_link;               /* afterwards the record is marked as ended */
    bool page_gone;      /* Notion said that the page is gone, rather than just not finding it */
    bool unlinks;        /* it ends an active link (max_deletions) */
    const char *because; /* of an ending: "its page was moved to the trash", … */
    enum again again;
    const struct rules *rules; /* the item was decided by these rules */
    const struct plan *plan;   /* … for this plan */
    size_t place;              /* in the order of decision */
    unsigned turn;             /* its place among what earlier passes left, from 1; 0: new */
    int64_t met_at;            /* as of the page's entry */
    bool fresh; /* somebody may still be typing the page, so its issue comes in a moment */
    bool later; /* the page gets its issue in the next pass */
    bool waits; /* a value names something that this pass links */
};

/* Whether the item does something of that kind. */
bool item_acts(const struct item *item, enum action_kind kind);

/* Whether the page's value of the field must not appear on GitHub. */
bool item_is_secret(const struct item *item, enum field field);

/* Whether public text (the log and the summary of a public repository) may name it only by the
 * page's bare link. */
bool item_is_hidden(const struct item *item);

/* The fields in conflict whose losing value must be kept on that side. */
struct field_set item_quotes(const struct item *item, enum side side);

/* The item without the writes of these fields, since no comment could keep what they would replace:
 * the fields wait. */
const struct item *item_hold(const struct item *item, struct field_set fields, struct arena *arena);

/* How many of its fields are in conflict. */
size_t item_conflicts(const struct item *item);

/* Adds a line that a person should read. The line and the arena, which holds the list, must live as
 * long as the item. */
void item_note(struct item *item, const char *note, struct arena *arena);

VEC_TYPE(item_list, const struct item *);

/* Every comment notifies people, so a pass posts at most this many link comments. Later passes post
 * the rest. */
#define PLAN_LINK_COMMENTS 60

/* Items in the order of their performance. Nothing changes an item after it was decided: a new
 * decision is a new item, and what came of it is in the outcome (reconcile.h). */
struct plan {
    struct item_list items;
    size_t held_back;   /* pages that would become issues if publishing them were allowed */
    size_t in_step;     /* links that were compared and need nothing */
    const void **links; /* the entries of issues and pages that this pass links (links.h) */
    size_t n_links;
    /* While the plan is made, the place to note what must be read first; else NULL. */
    struct missing *missing;
};

/* Whether the plan writes anything: to a side or to a record. A plan may also hold only notes. */
bool plan_writes(const struct plan *plan);

/* How many of the item's changes max_changes counts: an issue or pull request that is closed,
 * reopened or merged, and a page whose status changes. Changes that are part of a create do not
 * count. */
size_t item_changes(const struct item *item);

/* Whether the plan stays within max_deletions and max_changes (0: no limit). If not, ERR_INPUT
 * names the links or changes and the cure. */
MUST_USE bool plan_check_limits(const struct plan *plan, int64_t max_deletions, int64_t max_changes,
                                struct err *err);

#endif
