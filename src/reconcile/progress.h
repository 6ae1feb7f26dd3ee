#ifndef RECONCILE_PROGRESS_H
#define RECONCILE_PROGRESS_H

#include "reconcile/reconcile.h"
#include "reconcile/stage.h"

/* Finds the pull requests of an issue or page, and how far along they are together. Private to the
 * room. */

struct progress {
    enum stage stage;                      /* STAGE_UNKNOWN: not all of it was read */
    const struct pull_facts *const *pulls; /* in the order of their numbers */
    size_t n_pulls;
    const struct pull_facts *merged; /* the one that was merged last, or NULL */
    const int64_t *tasks;            /* those that belong to the page by its unique_id */
    size_t n_tasks;
};

/* Notes what must be read of everything that pull requests are linked to, and what comes into focus
 * because its pull request was touched. */
void progress_walk(const struct world *world, const struct rules *rules, struct missing *missing);

/* The pull requests of a number (NULL: a page without an issue), its page (NULL: none) and what is
 * remembered of both (NULL: nothing). NULL if pull requests are not followed. */
const struct progress *
progress_of(const struct rules *rules, const struct issue_entry *number,
            const struct page_entry *entry, const struct record *record, struct arena *arena);

/* Whether a pull request counts toward the combined result: it is open, or none is. */
bool progress_counts(const struct progress *progress, const struct pull_facts *pull);

/* The combined result of the checks of these pull requests; NULL if it is not known. */
const char *progress_checks(const struct progress *progress, const struct rules *rules);

#endif
