#ifndef APPLY_RESULT_H
#define APPLY_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"
#include "reconcile/plan.h"

/* The outcome of a plan's items. Strings live as long as the pass. */

enum done {
    DONE_PLANNED, /* a dry run: nothing was performed */
    DONE_OK,
    DONE_FAILED,    /* err says what and why; everything before it was done and is saved */
    DONE_REMAINING, /* not started for lack of time, or after a signal; the next pass continues */
};

struct result {
    const struct item *item; /* as it was decided last */
    enum done done;
    struct err err;
    int64_t number;                   /* 0: none (yet) */
    const char *page_id;              /* NULL: none (yet) */
    const char *issue_url, *page_url; /* NULL if not known */
    bool created_issue, created_page, updated_issue, updated_page;
    bool closed, reopened, merged, trashed;
    int comments;                             /* comments posted */
    int said[SIDE_COUNT], resaid[SIDE_COUNT]; /* of the conversation: comments posted, and comments
                                                 written again, on a side */
    size_t conflicts;
    struct sayings notes; /* what a person should know or fix, besides the notes of the item */
    bool again;           /* the next pass looks at it, whatever the cursor says */
    const char *refused;  /* GitHub's reason not to merge, or NULL */
    /* Planned writes that were not done, or not whole, and what the side has instead. */
    struct field_set missed[SIDE_COUNT];
    const struct values *instead[SIDE_COUNT];
};
VEC_TYPE(result_list, struct result *);

#endif
