#ifndef RECONCILE_COMMENT_H
#define RECONCILE_COMMENT_H

#include <stdbool.h>

#include "base/arena.h"
#include "reconcile/plan.h"

/*
 * Each comment carries a marker from which a later pass knows it, so that it is made exactly once
 * whatever happens in between. Markers are looked for among the own comments before anything is
 * posted.
 */

/* The marker of a comment that the item's plan asks for, in the arena: what stands between "<!--
 * notion-sync " and " -->". */
char *comment_marker(const struct item *item, enum comment_kind kind, struct arena *arena);

/* Tells one conflict of these fields from another, by the values of both sides: 16 hex digits. */
char *comment_values(const struct item *item, struct field_set fields, struct arena *arena);

/* The own comment that the item's plan asks for, where it was made already (by a pass that died
 * before it could say so), else NULL. */
const struct own_comment *
comment_find(const struct item *item, enum comment_kind kind, struct arena *arena);

/* Lets those count that the record vouches for although their tag is not right: they were made
 * before there were tags, or with another token. */
void comments_vouch(struct own_comment *comments, size_t n, const struct record *record);

/* How many would say something about a link, or be the comment that the item asks for, if they
 * counted. */
size_t comments_unproved(const struct item *item, struct arena *arena);

/* The page that a link comment links to, in *id. */
bool comment_is_link(const struct own_comment *comment, const char **id);

/* Whether the comments say that the link to the page was ended after it was made. */
bool comment_says_ended(const struct own_comment *comments, size_t n, const char *page_id);

#endif
