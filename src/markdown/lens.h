#ifndef MARKDOWN_LENS_H
#define MARKDOWN_LENS_H

#include "markdown/markdown.h"

/*
 * A GitHub text and a Notion text that said the same once, each of which may have been edited
 * since: each side's edits are put into the other's text. What they correspond in are groups
 * (align.h). A group that one side changed is written anew on the other, with the lines and words
 * that stayed as they were written there; everything else stays byte for byte. A group that both
 * changed is merged line by line, if that is possible; otherwise it is a conflict, the winner's
 * text stands in both, and the loser's is quoted.
 *
 * What comes out is read again and compared: each group of a text says what the other side's does,
 * or what it said before. Where that cannot be had, there is no result.
 */

struct lens_texts {
    const char *base[2], *now[2]; /* by enum markdown_dialect; none is NULL */
    enum markdown_dialect winner;
};

struct lens_result {
    bool possible;       /* else nothing below is set */
    const char *text[2]; /* now, with the other side's edits; live in the arena */
    bool conflict;       /* the same group changed on both sides; or it could not be kept whole */
    const char *lost;    /* the conflicting groups as the loser had them, in GitHub's dialect; "" */
};

struct lens_result lens_merge(struct arena *arena, const struct markdown_context *context,
                              const struct lens_texts *texts);

#endif
