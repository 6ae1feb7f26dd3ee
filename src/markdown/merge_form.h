#ifndef MARKDOWN_MERGE_FORM_H
#define MARKDOWN_MERGE_FORM_H

#include "markdown/markdown.h"

/*
 * A block that theirs changed, in the form in which ours writes it: base and ours say the same, so
 * the lines that theirs left as base has them are written as in ours (alignment of tables, colours
 * of what folds, marks of nested lists). Where that would say anything but `key` (units.h,
 * KEY_OTHER), it is theirs. The text lives in the arena.
 */
char *merge_form(struct arena *arena, enum markdown_dialect dialect,
                 const struct markdown_context *context, const char *base, const char *ours,
                 char *theirs, const char *key);

#endif
