#ifndef RECONCILE_PAIR_H
#define RECONCILE_PAIR_H

#include "reconcile/reconcile.h"

/*
 * Which issue and page belong together: the existence rows (E1 to E10) of docs/decision-table.md.
 * One walk answers both questions: if something is not known, it goes into wants; if everything is
 * known, the walk ends in a row.
 */
struct pair {
    enum row row;
    struct number *number; /* NULL for a page alone */
    struct sheet *sheet;   /* NULL for an issue alone */
    const char *because;   /* of an ending */
    const char *note;      /* something to report although nothing is done */
    bool later;            /* the page gets its issue in the next pass */
    bool held_back;        /* the page would become an issue if that might be published */
};

/* Decides about a number, or a page, in focus. Returns false if something must be read first; it is
 * then in wants (which may be NULL when everything wanted was answered). May put other numbers into
 * focus. */
bool pair_number(struct world *world, const struct rules *rules, struct number *number,
                 struct wants *wants, struct pair *pair);
bool pair_sheet(struct world *world, const struct rules *rules, struct sheet *sheet,
                struct wants *wants, struct pair *pair);

#endif
