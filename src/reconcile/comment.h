#ifndef RECONCILE_COMMENT_H
#define RECONCILE_COMMENT_H

#include <stdbool.h>

#include "base/arena.h"
#include "reconcile/plan.h"

/*
 * Each comment carries a marker by which a later pass recognizes it, so a comment is posted exactly
 * once even if a pass dies. The code looks for markers among our own comments before it posts
 * anything.
 */

/* The marker of a comment that the item's plan asks for, in the arena: the text between "<!--
 * notion-sync " and " -->". page_id: the item's page, or the page that was made for it. */
char *comment_marker(const struct item *item, const char *page_id, enum comment_kind kind,
                     struct arena *arena);

/* Identifies a conflict of these fields by the values of both sides: 16 hex digits. */
char *comment_values(const struct item *item, struct field_set fields, struct arena *arena);

/* The comment that the item's plan asks for, if a pass that died before recording it already made
 * it; else NULL. */
const struct own_comment *
comment_find(const struct item *item, enum comment_kind kind, struct arena *arena);

/* Accepts comments that the record vouches for even if their tag is not right: they were made
 * before tags existed, or with another token. */
void comments_vouch(struct own_comment *comments, size_t n, const struct record *record);

/* How many comments would say something about a link, or would be the comment that the item asks
 * for, if they counted. */
size_t comments_unproved(const struct item *item, struct arena *arena);

/* The page that a link comment links to, in *id. */
bool comment_is_link(const struct own_comment *comment, const char **id);

/* Whether the comments say that the link to the page was made and then ended. */
bool comment_says_ended(const struct own_comment *comments, size_t n, const char *page_id);

#endif
