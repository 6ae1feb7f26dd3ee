#ifndef MODEL_NOTION_ID_H
#define MODEL_NOTION_ID_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"

/* Ids of Notion objects: 32 hex digits, with or without dashes
 * (developers.notion.com/reference/intro). */
#define NOTION_ID_SIZE 37

/* Accepts an id in either form and writes it in lower case with dashes. Returns false for anything
 * else, including NULL; id then stays as it was. */
MUST_USE bool notion_id_parse(const char *text, char id[NOTION_ID_SIZE]);

/* Accepts an id or any URL of a database or data source: of any host (they have changed), with a
 * title in front of the id ("/Tasks-2f1c…"), a view ("?v=…", ignored), a fragment, as
 * "collection://<id>", with a workspace or user name in the path. If several parts of the path have
 * an id, the last one counts. Writes the id like notion_id_parse. Returns false if there is none.
 */
MUST_USE bool notion_id_from_url(const char *text, char id[NOTION_ID_SIZE]);

/* Whether text is an id in the form that notion_id_parse writes. */
bool notion_id_is_tidy(const char *text);

/* The id (of notion_id_parse) without dashes. */
#define NOTION_ID_COMPACT_SIZE 33
void notion_id_compact(const char *id, char out[NOTION_ID_COMPACT_SIZE]);

/* A page's URL without the title in it, in the arena; NULL if url is not one. */
char *notion_bare_url(struct arena *arena, const char *url);

#endif
