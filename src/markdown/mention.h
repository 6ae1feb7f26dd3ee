#ifndef MARKDOWN_MENTION_H
#define MARKDOWN_MENTION_H

#include "markdown/tree.h"

/*
 * "@login" and "@org/team" notify people on GitHub. In text that comes from a Notion page only
 * those do who are known (markdown_mentions); in others a word joiner, which nobody sees, parts "@"
 * from the name. docs.github.com, "Basic writing and formatting syntax", Mentioning people and
 * teams.
 */

/* Parts the unknown mentions in the texts of a tree. */
void mentions_part(struct arena *arena, struct node *root, const struct markdown_context *context);

/* Takes the word joiners behind "@" out again. */
void mentions_join(struct arena *arena, struct node *root);

/* Whether "@…" may notify whom it names. */
bool mention_is_known(const struct markdown_context *context, const char *mention, size_t length);

#endif
