#ifndef RECONCILE_RECONCILE_H
#define RECONCILE_RECONCILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/vec.h"
#include "reconcile/plan.h"
#include "reconcile/rules.h"
#include "reconcile/world.h"

/*
 * Decides, without I/O, clock or log: the rows of docs/decision-table.md. One walk over everything
 * in focus answers what must still be read, or what to do. A decision about one thing changes
 * nothing else. Whatever else a decision depends on comes into focus in the walk.
 */

VEC_TYPE(number_list, int64_t);
VEC_TYPE(id_list, const char *);
/* A pull request names the unique_id of a page. */
struct naming {
    const char *page_id;
    const struct pull_facts *pull;
};

struct missing {
    struct number_list details;  /* read the issue and its record */
    struct number_list lookups;  /* ask Notion for pages with this GitHub ID */
    struct number_list comments; /* read the own comments */
    struct number_list bodies;   /* read the texts of the body's base */
    struct number_list merges;   /* read what decides whether the pull request may be merged */
    struct number_list progress; /* ask what is linked to it */
    struct number_list checks;   /* ask for the combined checks of the pull request */
    struct number_list tasks;    /* ask Notion for pages with this unique_id */
    struct number_list changes;  /* ask when each field of the issue last changed */
    struct number_list probes;   /* ask for the issue by its number: is it really gone? */
    struct id_list pages;        /* read the page by its id */
    struct id_list matches;      /* ask whether the filter accepts the page */
    struct id_list indexes;      /* read the state's note of the page's number */
    bool choices;                /* read GitHub's milestones and issue types (rules->choices) */
    /* Other decisions that are needed, because something in focus leads to them. */
    struct number_list issues_in_focus;
    struct id_list pages_in_focus;
    VEC(struct naming) named;
};

/* Decides about everything in focus, and about what that leads to: this comes into focus. NULL:
 * something must be read first, and `missing` says what (release it with missing_free in any case).
 * The same world gives the same answer again, so each question must be answered, even if the answer
 * is that there is nothing. Everything in the plan lives in the arena or in the world. */
struct plan *reconcile_plan(struct world *world, const struct rules *rules, struct missing *missing,
                            struct arena *arena);
void missing_free(struct missing *missing);

/* The links of pull requests that are not over, as far as anybody ever read them (rules->links), in
 * order. A link that goes away leaves no trace on the issue. */
const struct pull_link *reconcile_pull_links(const struct world *world, const struct rules *rules,
                                             struct arena *arena, size_t *n);

/* An active link, for callers that follow its conversation. */
struct link {
    const char *page_id, *page_url;
    int64_t since; /* as record->linked_at */
};

/* The link of a number as this pass sees it. False if it has none, or has lost it. */
bool reconcile_link(const struct world *world, const struct rules *rules,
                    const struct issue_entry *number, struct link *link);

/* When a link with both ends began, if it is new to this pass (rules->dates_links), else 0. */
int64_t
reconcile_link_time(const struct rules *rules, const struct issue *issue, const struct page *page);

/* Puts a conversation into the plan, with the number's item or with an item of its own. */
void reconcile_attach(struct plan *plan, const struct world *world, const struct rules *rules,
                      const struct talk *talk, const struct talk_plan *says, struct arena *arena);

/* Decides again about one item after both its sides were read again: same row, new fields and
 * actions. */
const struct item *
reconcile_again(const struct item *item, const struct issue *issue, const struct page *page,
                const struct rules *rules, struct arena *arena);

/* What happened to an item. The snapshots hold the services' answers. For anything that was not
 * written, they hold what the decision was based on. */
struct outcome {
    bool failed[SIDE_COUNT];              /* a planned write of the side's fields did not happen */
    bool untouched[SIDE_COUNT];           /* … and certainly not in part */
    bool content_untouched;               /* … of the page's content */
    struct field_set refused[SIDE_COUNT]; /* fields that the side did not accept, or not whole */
    const struct intent *intended; /* what the state announces of its writes now; NULL: nothing */
    const struct issue *issue;     /* after the writes, NULL: none */
    const struct page *page;
    int64_t link_comment; /* id of the link comment that was made now, 0: none */
    bool renewed;         /* the link comment's marker now has a tag made with the current key */
    /* GitHub refused a merge now, so the status is not settled. */
    const char *tried_head, *tried_state;
    bool ended; /* the link was ended as planned */
};

/* The record, unchanged, of an item that a run leaves in the middle. It no longer announces what
 * the item certainly did not write. NULL: nothing was announced. */
struct record *
reconcile_leave(const struct item *item, const struct outcome *outcome, struct arena *arena);

/* The record after an item. Each field's base is what both services answered, if both agree now;
 * else it stays. NULL if there is nothing to remember. */
struct record *
reconcile_settle(const struct item *item, const struct outcome *outcome, struct arena *arena);

#endif
