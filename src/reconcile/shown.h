#ifndef RECONCILE_SHOWN_H
#define RECONCILE_SHOWN_H

#include "base/arena.h"
#include "model/field.h"
#include "model/value.h"
#include "reconcile/plan.h"

/*
 * A side's value as people know it, for reports and comments: people in people_map by their login
 * on both sides, issues and linked pages as "#12". Anything without such a name keeps its id. The
 * value borrows from *value, the item's rules and the arena.
 */
struct value shown_value(const struct item *item, enum field field, enum side side,
                         const struct value *value, struct arena *arena);

/* The same for labels alone. Labels that label_ignore covers appear neither on the other side nor
 * in reports. Several labels of a group are named one after the other. Other fields stay as they
 * are. */
struct value shown_labels(const struct item *item, enum field field, enum side side,
                          const struct value *value, struct arena *arena);

#endif
