#ifndef APPLY_COMMENT_TEXT_H
#define APPLY_COMMENT_TEXT_H

#include "base/arena.h"
#include "model/runs.h"
#include "reconcile/plan.h"
#include "reconcile/rules.h"

/*
 * The texts of the action's comments, in GitHub's Markdown, without their marker lines. Text from
 * Notion and GitHub appears only in code spans and fences, so it cannot mention anybody, link
 * anything or break out of its markup.
 */

/* Who changed a status in Notion, and when. */
struct comment_change {
    const char *who; /* NULL: not known */
    int64_t when;    /* ms since the epoch */
};

/* rules: which fields are synced, and which way. author: who wrote the page that the issue was made
 * for. NULL: it was not made for a page, or the name must not appear. */
char *comment_text_link(struct arena *arena, bool is_pull, const char *title, const char *page_url,
                        const char *author, const struct rules *rules);
/* merged: the change merged a pull request. */
char *comment_text_status(struct arena *arena, const struct item *item,
                          const struct comment_change *change, bool merged);

/* Why a merge closes the issue. */
char *comment_text_closer(struct arena *arena, const struct pull_facts *pull);
/* The losing values that are kept on GitHub, whole, in as many comments as they take. */
const char **comment_text_conflict(struct arena *arena, const struct item *item, size_t *n);
/* The losing values of these fields, for comments on the page. */
const struct runs *comment_text_quote(struct arena *arena, const struct item *item,
                                      struct field_set fields, size_t *n);
char *comment_text_refused(struct arena *arena, const struct item *item, const char *reason);
char *comment_text_ended(struct arena *arena, const struct item *item);

/* Why a pull request's page was set back; and the question whether somebody meant a status. */
char *comment_text_void(struct arena *arena, const struct item *item);
char *comment_text_asked(struct arena *arena, const struct item *item);

#endif
