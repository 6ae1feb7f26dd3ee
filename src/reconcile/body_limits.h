#ifndef RECONCILE_BODY_LIMITS_H
#define RECONCILE_BODY_LIMITS_H

#include <stddef.h>

/* How long a body may be. Private to the room. */

/* UTF-16 units. GitHub takes 65,536 characters (docs.github.com, "body is too long"); the marker
 * line needs some of them. */
#define BODY_GITHUB_MAX ((size_t)65000)

/*
 * Bytes of a text in Notion's dialect, from its start, that one request can safely carry: of 500 KB
 * as JSON, and of 1,000 blocks (developers.notion.com/reference/request-limits). A line outside of
 * code counts as a block.
 */
size_t body_notion_max(const char *text);

#endif
