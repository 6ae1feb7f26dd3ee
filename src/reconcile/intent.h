#ifndef RECONCILE_INTENT_H
#define RECONCILE_INTENT_H

#include "base/arena.h"
#include "reconcile/plan.h"
#include "reconcile/rules.h"

/*
 * Traces of our own writes are not a person's wish. Before a run writes, the state says what it is
 * about to write. A later run that finds such an intent decides from what the earlier run knew, as
 * far as it can see that run's writes, and not from the base before them.
 */

/* What the item's plan writes, and what else both sides will agree on. NULL if it writes no field
 * that has a base, or if nothing can be noted before the issue has a number. */
const struct intent *intent_of(const struct item *item, struct arena *arena);

/* Whether these writes were already announced. saved NULL: nothing was; now NULL: there is nothing
 * to write. */
bool intent_covers(const struct intent *saved, const struct intent *now);

/* The record as the state holds it, plus one intent (NULL: none). */
struct record *
intent_record(const struct item *item, const struct intent *intent, struct arena *arena);
/* Whether the intent writes a body: then the base's texts, and those that will be left. */
bool intent_bodies(const struct item *item, const struct intent *intent, struct base_texts *texts);

/* Sets item->known to what the fields are decided from. Sets item->doubts to the fields for which
 * we cannot know whether our write was never done, or was done and then undone by a person. */
void intent_resolve(struct item *item, struct arena *arena);

/* The parts of earlier intents, and of this run's (NULL: none), that a record still needs: those of
 * the fields in the set. */
void intent_keep(struct record *record, const struct item *item, const struct intent *intended,
                 struct field_set fields, struct arena *arena);

#endif
