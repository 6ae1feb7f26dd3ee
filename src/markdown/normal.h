#ifndef MARKDOWN_NORMAL_H
#define MARKDOWN_NORMAL_H

#include "markdown/markdown.h"
#include "markdown/tree.h"

/* Trees of a text ready for printing as their own dialect in normal form, or for translation. */
struct node *tree_normal_github(struct arena *arena, const char *text);
struct node *tree_normal_notion(struct arena *arena, const char *text);

#endif
