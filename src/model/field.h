#ifndef MODEL_FIELD_H
#define MODEL_FIELD_H

#include <stdbool.h>

/* The fields that are kept in sync. Each field but the body has one property in Notion, one place
 * on GitHub and a direction (model/fields.h). These are the built-in ones. The configuration's
 * fields come after them, up to FIELD_ROOM. */
enum field {
    FIELD_TITLE,
    FIELD_STATUS,
    FIELD_LABELS,
    FIELD_ASSIGNEES,
    FIELD_MILESTONE,
    FIELD_ISSUE_TYPE,
    FIELD_PARENT,
    FIELD_BODY, /* the page's content, and no property */
    FIELD_TYPE,
    FIELD_URL,
    FIELD_STATE,
    FIELD_REPOSITORY,
    FIELD_AUTHOR,
    FIELD_REVIEW,
    FIELD_CREATED,
    FIELD_UPDATED,
    FIELD_CLOSED,
    FIELD_COMMENTS,
    FIELD_HEAD,
    FIELD_BASE,
    FIELD_MERGE_STATE,
    FIELD_MERGED,
    FIELD_DUE,
    FIELD_CLOSES,
    FIELD_PULLS, /* this and the next three: from the pull requests that belong to a task */
    FIELD_PR_STATE,
    FIELD_REVIEWERS,
    FIELD_CHECKS,
    FIELD_BUILTINS,
};

/* The most fields that can take part in a pass. */
#define FIELD_ROOM 128
#define FIELD_NONE ((enum field)FIELD_ROOM)
/* Not a field, but a place that several fields show parts of: all labels of an issue, if fields of
 * the configuration claim some of them (model/lens.h). */
#define FIELD_ALL_LABELS ((enum field)(FIELD_ROOM - 1))

enum side { SIDE_GITHUB, SIDE_NOTION, SIDE_COUNT };

enum direction { BOTH_WAYS, TO_NOTION, TO_GITHUB };

/* Whether a value with that direction reaches the side. */
bool direction_reaches(enum direction direction, enum side to);

/* "GitHub", "Notion". */
const char *side_name(enum side side);

enum side side_other(enum side side);

#endif
