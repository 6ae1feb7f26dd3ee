#ifndef RECONCILE_COMMENT_H
#define RECONCILE_COMMENT_H

#include <stdbool.h>

#include "base/arena.h"
#include "reconcile/plan.h"

/*
 * Each comment carries a marker by which a later pass recognizes it, so that it is posted exactly
 * once whatever happens in between. The code looks for markers among the own comments before it
 * posts anything.
 */

/* The marker of a comment that the item's plan asks for, in the arena: the text between "<!--
 * notion-sync " and " -->". */
char *comment_marker(const struct item *item, enum comment_kind kind, struct arena *arena);

/* Identifies a conflict of these fields by the values of both sides: 16 hex digits. */
char *comment_values(const struct item *item, struct field_set fields, struct arena *arena);

/* The own comment that the item's plan asks for, if it was already made (by a pass that died before
 * it could record that), else NULL. */
const struct own_comment *
comment_find(const struct item *item, enum comment_kind kind, struct arena *arena);

/* Lets comments count that the record vouches for even though their tag is not right: they were
 * made before there were tags, or with another token. */
void comments_vouch(struct own_comment *comments, size_t n, const struct record *record);

/* How many would say something about a link, or be the comment that the item asks for, if they
 * counted. */
size_t comments_unproved(const struct item *item, struct arena *arena);

/* The page that a link comment links to, in *id. */
bool comment_is_link(const struct own_comment *comment, const char **id);

/* Whether the comments say that the link to the page was ended after it was made. */
bool comment_says_ended(const struct own_comment *comments, size_t n, const char *page_id);

#endif
