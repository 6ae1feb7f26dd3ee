#ifndef MODEL_LABEL_GROUP_H
#define MODEL_LABEL_GROUP_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"

/*
 * Labels that belong together by their names. "priority:*" means all labels that begin with
 * "priority:"; the text in place of the asterisk is the value. GitHub knows no groups. Comparing
 * labels ignores case and blanks after a separator (any punctuation), so "Priority: high" belongs
 * to the group.
 */
struct label_group {
    const char *before; /* the text before the value; of a single label: its name */
    const char *after;  /* the text after it; NULL: a single label, without a value */
};

/* Reads "priority:*" or the name of a single label. Borrows nothing. False: two asterisks, only an
 * asterisk, or no name at all. */
MUST_USE bool label_group_read(struct arena *arena, const char *text, struct label_group *group);

/* Whether a label is one of the group, or the single one. */
bool label_group_has(const struct label_group *group, const char *label);

/* The value that a label has in the group, in the arena, "" for a single label; NULL: it is not a
 * label of the group. */
const char *
label_group_value(struct arena *arena, const struct label_group *group, const char *label);

/* The label for a value, in the arena. */
const char *
label_group_label(struct arena *arena, const struct label_group *group, const char *value);

/* Whether two names are the same label for groups. */
bool label_same(const char *a, const char *b);

/* Whether some label could belong to both. */
bool label_groups_meet(const struct label_group *a, const struct label_group *b);

#endif
