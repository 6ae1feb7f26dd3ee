#ifndef APPLY_PARTS_H
#define APPLY_PARTS_H

#include "apply/job.h"

/*
 * A service refuses a write whole for one part of it: a person who left, a page that no longer
 * exists, a milestone that was deleted. Then each part is written by itself, so that a refused part
 * does not keep the others from being written. The refused part is named, and its wish remains.
 */
struct parts {
    enum side side;
    struct job *job;
    struct values wanted;
    /* Writes some of them. */
    bool (*write)(struct parts *parts, const struct values *values, struct err *err);
    bool number; /* of a page: GitHub ID is to be written along */
    bool taken;  /* something was written */
};

/* What a page or an issue is made with if the service refuses everything else. */
#define FIELDS_MAKING FIELD_SET(FIELD_BIT(FIELD_TITLE) | FIELD_BIT(FIELD_BODY))

/* Whether a single part may be the cause of a failure. */
bool parts_may_help(enum side side, const struct err *err);

/* Writes what is wanted, of which err says why it was refused together. False with err as it was if
 * nothing was taken, or with what else went wrong. */
MUST_USE bool parts_write(struct parts *parts, struct err *err);

#endif
