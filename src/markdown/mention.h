#ifndef MARKDOWN_MENTION_H
#define MARKDOWN_MENTION_H

#include "markdown/tree.h"

/*
 * "@login" and "@org/team" notify people on GitHub. In text that comes from a Notion page, only
 * known mentions do (markdown_mentions). In others an invisible word joiner separates "@" from the
 * name. docs.github.com, "Basic writing and formatting syntax", Mentioning people and teams.
 */

/* Puts a word joiner into the unknown mentions in the texts of a tree. */
void mentions_part(struct arena *arena, struct node *root, const struct markdown_context *context);

/* Removes the word joiners after "@" again. */
void mentions_join(struct arena *arena, struct node *root);

/* Whether "@…" may notify the people that it names. */
bool mention_is_known(const struct markdown_context *context, const char *mention, size_t length);

#endif
