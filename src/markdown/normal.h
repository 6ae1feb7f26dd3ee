#ifndef MARKDOWN_NORMAL_H
#define MARKDOWN_NORMAL_H

#include "markdown/markdown.h"
#include "markdown/tree.h"

/* Trees ready for printing: as the other dialect, or as their own in normal form. */
struct node *
tree_for_notion(struct arena *arena, const char *github, const struct markdown_context *context);
struct node *
tree_for_github(struct arena *arena, const char *notion, const struct markdown_context *context);
struct node *tree_normal_github(struct arena *arena, const char *text);
struct node *tree_normal_notion(struct arena *arena, const char *text);

/* Lets every numbered list begin with 1: Notion numbers them itself. */
void tree_drop_numbers(struct node *node);

#endif
