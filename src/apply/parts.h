#ifndef APPLY_PARTS_H
#define APPLY_PARTS_H

#include "apply/job.h"

/*
 * A service refuses a whole write because of one part: a person who left, a page that no longer
 * exists, a deleted milestone. This writes each part by itself, so that a refused part does not
 * block the others. It reports the refused part, whose wish remains.
 */
struct parts {
    enum side side;
    struct job *job;
    struct values wanted;
    /* Writes some of them. */
    bool (*write)(struct parts *parts, const struct values *values, struct err *err);
    bool number; /* of a page: write GitHub ID along with them */
    bool taken;  /* something was written */
};

/* The minimum with which a page or an issue is made if the service refuses everything else. */
#define FIELDS_MAKING FIELD_SET(FIELD_BIT(FIELD_TITLE) | FIELD_BIT(FIELD_BODY))

/* Whether a single part may be the cause of a failure. */
bool parts_may_help(enum side side, const struct err *err);

/* Writes what is wanted, together or else in parts. False: nothing was accepted (err says why not
 * together), or something else went wrong (err says what). */
MUST_USE bool parts_write(struct parts *parts, struct err *err);
/* The same for what the service has already refused together; err says why. */
MUST_USE bool parts_split(struct parts *parts, struct err *err);

#endif
