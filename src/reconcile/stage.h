#ifndef RECONCILE_STAGE_H
#define RECONCILE_STAGE_H

#include <stdbool.h>

#include "model/progress.h"

/*
 * What a change of stage does (rows P1 to P10 of docs/decision-table.md). A stage is an event with
 * a memory, not a value to compare: each change sets the status once. GitHub causes it and nobody
 * asked for it, so it never merges or closes a pull request and never reopens an issue. Private to
 * the room.
 */
enum stage_row {
    ROW_P1_UNCHANGED, /* the stage is unknown, or the same as remembered: nothing */
    ROW_P2_FIRST,     /* an older link without a remembered stage: remembered from now on */
    ROW_P3_UNMAPPED,  /* progress_map does not name the stage: remembered, nothing else */
    ROW_P4_PERSON,    /* a person moved the card since the last look: the person wins until the next
                         change */
    ROW_P5_WAIT,      /* an open status while the issue is closed: waits until the issue is open */
    ROW_P6_STILL_OPEN,    /* "closed" with a closed status while the issue is open: reported and
                             remembered */
    ROW_P7_SET,           /* the status is set */
    ROW_P8_SET_AND_CLOSE, /* the status is set and the issue is closed: merged */
    ROW_P9_REOPENED, /* merged, but the issue is open again since, or was never meant to be closed:
                        reported */
    ROW_P10_UNVOUCHED, /* a closed status, but nobody of the team vouches for the pull request:
                          reported */
    STAGE_ROW_COUNT,
};

/* The facts behind the decision. */
struct stage_look {
    enum stage before, now; /* before: STAGE_UNKNOWN: nothing is remembered */
    bool fresh;             /* this pass makes the link, so nothing can be remembered */
    bool mapped;            /* progress_map names an option for the stage */
    bool done;              /* … and it means closed */
    bool moved;             /* a person chose the page's option since the last look */
    bool vouched;   /* somebody with write access opened or merged the finished pull request */
    bool has_issue; /* there is an issue or pull request; else there is only a page */
    bool is_closed; /* it is closed on GitHub */
    bool may_close; /* merging closes the issue: it was open at the merge, and a change of the
                       status goes to GitHub */
};

/* The row that applies. */
enum stage_row stage_decide(const struct stage_look *look);

/* Whether the stage is remembered afterwards. */
bool stage_is_noted(enum stage_row row);

/* The combined stage of several pull requests; STAGE_NONE of none. */
enum stage stage_join(enum stage stage, enum stage other);

#endif
