#ifndef RECONCILE_LINKS_H
#define RECONCILE_LINKS_H

#include <stdint.h>

#include "reconcile/pair.h"

/*
 * Translates issues and pages that others name (as a parent, or as what a pull request closes) for
 * the other side. Only linked ones can be translated. Private to the room.
 */
enum linked {
    LINK_NONE,   /* it is not linked */
    LINK_UNREAD, /* not known: read its record first */
    LINK_SOON,   /* this very pass links it */
    LINK_KNOWN,
};

/* Notes in the plan which entries these pairs link. */
void links_begin(struct plan *plan, const struct pair *pairs, size_t n, struct arena *arena);

/* The page of an issue or pull request. LINK_NONE if the page is known to be gone. LINK_SOON, here
 * and below: the item's plan (NULL: none) links it. */
enum linked
links_page(const struct rules *rules, const struct item *item, int64_t number, const char **page);

/* Of pages that another page will name again, those that nobody has read yet. Notion rejects a page
 * that is no longer in the database, and no listing of edits shows a page that left. */
void links_unseen(const struct world *world, const struct value *named, const struct value *before,
                  struct id_list *pages);

/* The issue of a page. A pull request is LINK_NONE. *unread: the number whose record is missing, 0:
 * the page's note is missing. */
enum linked links_number(const struct rules *rules, const struct item *item, const char *page,
                         int64_t *number, int64_t *unread);

/* The issue or pull request that a page is linked to, as far as we know now; 0: none. */
int64_t links_any(const struct world *world, const char *page);

#endif
