#ifndef MODEL_COLUMN_TARGET_H
#define MODEL_COLUMN_TARGET_H

#include "base/arena.h"
#include "model/label_group.h"

/* The GitHub target of a column that the user defines. */
enum target_kind { TARGET_LABEL, TARGET_ISSUE_FIELD, TARGET_BLOCKED_BY };

struct column_target {
    enum target_kind kind;
    const char *name;         /* "priority:*", "Effort"; NULL: the kind is enough */
    struct label_group group; /* TARGET_LABEL */
    bool many; /* "labels:": `setup` makes a column that takes several labels of the group */
};

/* Reads "label: NAME", "labels: GROUP", "issue field: NAME" or "blocked by". TARGET_NONE: the text
 * begins with none of these. TARGET_BAD: it does, but the rest is missing or is no group of labels.
 */
enum target_result { TARGET_OK, TARGET_NONE, TARGET_BAD };
enum target_result target_read(struct arena *arena, const char *text, struct column_target *target);

/* The target's name in the state and in messages, "label: priority:*", in the arena. */
const char *target_text(struct arena *arena, const struct column_target *target);

/* Whether something on GitHub would belong to both targets. */
bool target_meets(const struct column_target *a, const struct column_target *b);

#endif
