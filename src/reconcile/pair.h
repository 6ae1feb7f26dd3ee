#ifndef RECONCILE_PAIR_H
#define RECONCILE_PAIR_H

#include "reconcile/reconcile.h"

/*
 * Decides which issue and page belong together: the existence rows (E1 to E10) of
 * docs/decision-table.md. One walk answers both questions: if a fact is unknown, `missing` gets it;
 * if everything is known, the walk ends in a row.
 */
struct pair {
    enum row row;
    bool later;     /* the page gets its issue in the next pass */
    bool held_back; /* the page would become an issue if publishing it were allowed */
    const struct issue_entry *number; /* NULL for a page without an issue */
    const struct page_entry *entry;   /* NULL for an issue without a page */
    const char *because;              /* why a link ends */
    const char *note;                 /* something to report even if nothing is done */
};

/* Decides about a number or page in focus. Returns false if something must be read first: `missing`
 * then says what, and what else comes into focus. */
bool pair_number(const struct world *world, const struct rules *rules,
                 const struct issue_entry *number, struct missing *missing, struct pair *pair);
bool pair_page(const struct world *world, const struct rules *rules, const struct page_entry *entry,
               struct missing *missing, struct pair *pair);

#endif
