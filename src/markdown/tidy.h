#ifndef MARKDOWN_TIDY_H
#define MARKDOWN_TIDY_H

#include "base/arena.h"
#include "markdown/tree.h"

/* Gives equal content equal trees: texts joined, marks without blanks at their edges, adjacent
 * marks of one kind merged, nothing empty. */
void tree_tidy(struct arena *arena, struct node *node);

#endif
