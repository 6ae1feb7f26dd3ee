#ifndef RECONCILE_PAIR_H
#define RECONCILE_PAIR_H

#include "reconcile/reconcile.h"

/*
 * Which issue and page belong together: the existence rows (E1 to E10) of docs/decision-table.md.
 * One walk answers both questions: what is not known goes into `missing`; if everything is known,
 * the walk ends in a row.
 */
struct pair {
    enum row row;
    struct issue_entry *number; /* NULL for a page alone */
    struct page_entry *entry;   /* NULL for an issue alone */
    const char *because;        /* of an ending */
    const char *note;           /* something to report although nothing is done */
    bool later;                 /* the page gets its issue in the next pass */
    bool held_back;             /* the page would become an issue if that might be published */
};

/* Decides about a number, or a page, in focus. Returns false if something must be read first; it is
 * then in `missing` (NULL: nobody asks), and so is what else comes into focus. */
bool pair_number(const struct world *world, const struct rules *rules, struct issue_entry *number,
                 struct missing *missing, struct pair *pair);
bool pair_page(const struct world *world, const struct rules *rules, struct page_entry *entry,
               struct missing *missing, struct pair *pair);

#endif
