#ifndef MARKDOWN_TIDY_H
#define MARKDOWN_TIDY_H

#include "base/arena.h"
#include "markdown/tree.h"

/* Gives equal content equal trees: texts joined, marks without blanks at their edges, neighbouring
 * marks of one kind as one, nothing empty. */
void tree_tidy(struct arena *arena, struct node *node);

#endif
