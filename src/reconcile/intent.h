#ifndef RECONCILE_INTENT_H
#define RECONCILE_INTENT_H

#include "base/arena.h"
#include "reconcile/plan.h"
#include "reconcile/rules.h"

/*
 * What our own writes left is not a person's wish. Before a run writes, the state says what it is
 * about to write; a run that finds such an intent decides from what the earlier run knew, as far as
 * its writes can be seen, and not from the base before them.
 */

/* What the item's plan writes, and what else it will be agreed on. NULL if it writes no field that
 * has a base, or if nothing can be noted before the issue has a number. */
const struct intent *
intent_of(const struct item *item, const struct rules *rules, struct arena *arena);

/* Whether what is to be written was already announced. saved: NULL: nothing was; now: NULL: nothing
 * is to be written. */
bool intent_covers(const struct intent *saved, const struct intent *now);

/* The record as the state holds it, with one more intent (NULL: none). intent_bodies adds the texts
 * of the body to it, and returns whether they are written. */
struct record *
intent_record(const struct item *item, const struct intent *intent, struct arena *arena);
bool intent_bodies(const struct item *item, const struct intent *intent, struct record *record);

/* Sets item->known to what the fields are decided from, and item->doubts to the fields for which
 * the state does not show whether our write was done and then undone by a person, or not done. */
void intent_resolve(struct item *item, const struct rules *rules, struct arena *arena);

/* What of earlier intents a record still needs: of the fields in the mask. */
void intent_keep(struct record *record, const struct item *item, struct field_set fields,
                 struct arena *arena);

#endif
