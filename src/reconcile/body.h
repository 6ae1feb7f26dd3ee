#ifndef RECONCILE_BODY_H
#define RECONCILE_BODY_H

#include "base/arena.h"
#include "reconcile/pair.h"
#include "reconcile/plan.h"
#include "reconcile/rules.h"

/*
 * The body: an issue's text and a page's content (docs/decision-table.md, "The body"). Hashes and
 * times say what changed. The texts are read only if something did. If a text is missing,
 * item->body says what must be read.
 */

/* Decides about the bodies of a pair if both sides are known (E2, E4, linked). */
void body_decide(struct item *item, struct arena *arena);

/* The initial text of a new page (E3) and of a new issue (E1). */
void body_for_page(struct item *item, struct arena *arena);
void body_for_issue(struct item *item, struct arena *arena);

/* Whether a linked pair's bodies must be compared. That needs the base's texts. */
bool body_is_open(const struct rules *rules, const struct pair *pair);

/* The texts of a base that an earlier run left without recording it. NULL if we do not have them,
 * or if the record's base is still valid. */
const struct base_texts *body_known_texts(const struct item *item, struct arena *arena);

/* Whether the comparison may end in a conflict that gets a comment. If so, our own comments must be
 * read too. */
bool body_may_conflict(const struct item *item);

#endif
