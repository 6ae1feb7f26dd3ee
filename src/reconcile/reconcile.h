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
 * Deciding, without I/O, clock or log: the rows of docs/decision-table.md. One walk over what is in
 * focus answers what must still be read, or what is to be done. Deciding about one thing changes
 * nothing; what else a decision depends on comes into focus in the walk.
 */

VEC_TYPE(number_list, int64_t);
VEC_TYPE(id_list, const char *);

struct missing {
    struct number_list details;  /* read the issue and its record */
    struct number_list lookups;  /* ask Notion for pages with this GitHub ID */
    struct number_list comments; /* read the own comments */
    struct number_list bodies;   /* read the texts of the body's base */
    struct number_list merges;   /* read what decides whether the pull request may be merged */
    struct number_list progress; /* ask what is linked to it */
    struct number_list checks;   /* ask what the checks of the pull request come to */
    struct number_list tasks;    /* ask Notion for pages with this unique_id */
    struct number_list changes;  /* ask when which field of the issue last changed */
    struct number_list probes;   /* ask for the issue by its number: is it really gone? */
    struct id_list pages;        /* read the page by its id */
    struct id_list matches;      /* does the filter let the page through? */
    struct id_list indexes;      /* read the state's note of the number that a page is linked to */
    bool choices;                /* read GitHub's milestones and issue types (rules->choices) */
    /* What is to be decided as well, because something in focus leads to it. */
    struct number_list issues_in_focus;
    struct id_list pages_in_focus;
};

/* Decides about everything in focus. NULL: something must be read first, which `missing` says
 * (release it with missing_free in any case). Repeating this with the same world gives the same, so
 * each question must be answered, even if the answer is that there is nothing. Everything in the
 * plan lives in the arena or in the world. */
struct plan *reconcile_plan(struct world *world, const struct rules *rules, struct missing *missing,
                            struct arena *arena);
void missing_free(struct missing *missing);

/* What pull requests that are not over are linked to, as far as they were ever read (rules->links),
 * in order: a link that goes away leaves no trace on the issue. */
const struct pull_link *reconcile_pull_links(const struct world *world, const struct rules *rules,
                                             struct arena *arena, size_t *n);

/* A link that lives, for those who follow its conversation. */
struct link {
    const char *page_id, *page_url;
    int64_t since; /* as record->linked_at */
};

/* The link of a number as this pass sees it; false if it has none, or no longer has one. */
bool reconcile_link(const struct world *world, const struct rules *rules,
                    struct issue_entry *number, struct link *link);

/* Since when a link with both ends exists, if it is new to this pass (rules->dates_links), else
 * 0. */
int64_t
reconcile_link_time(const struct rules *rules, const struct issue *issue, const struct page *page);

/* Puts a conversation into the plan: it goes with the number's item, or with one of its own. */
void reconcile_attach(struct plan *plan, struct world *world, const struct rules *rules,
                      const struct talk *talk, const struct talk_plan *says, struct arena *arena);

/* Decides again about one item whose sides were read again: same row, new fields and actions. */
struct item *
reconcile_again(const struct item *item, const struct issue *issue, const struct page *page,
                const struct rules *rules, struct arena *arena);

/* What happened to an item. The snapshots hold what the services answered; for what was not
 * written, they hold what the decision was based on. */
struct outcome {
    bool failed[SIDE_COUNT];              /* a planned write of the side's fields was not done */
    bool untouched[SIDE_COUNT];           /* … and certainly no part of it */
    bool content_untouched;               /* … of the page's content */
    struct field_set refused[SIDE_COUNT]; /* fields that the side did not take, or not whole */
    const struct issue *issue;            /* after the writes, NULL: none */
    const struct page *page;
    int64_t link_comment; /* id of the one made now, 0: none */
    bool renewed;         /* the link comment's marker has a tag made with the current key now */
    /* A merge that was refused now: the status is not settled. */
    const char *tried_head, *tried_state;
    bool ended; /* the link was ended as planned */
};

/* The record of an item that a run leaves in the middle, as it was: what the item certainly did not
 * write is no longer announced. NULL: nothing was. */
struct record *
reconcile_leave(const struct item *item, const struct outcome *outcome, struct arena *arena);

/* The record after an item: each field's base is what both services answered, if both agree now;
 * else as before. NULL if there is nothing to remember. */
struct record *reconcile_settle(const struct item *item, const struct outcome *outcome,
                                const struct rules *rules, struct arena *arena);

#endif
