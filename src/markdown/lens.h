#ifndef MARKDOWN_LENS_H
#define MARKDOWN_LENS_H

#include "markdown/markdown.h"

/*
 * Puts each side's edits into the other's text, for a GitHub text and a Notion text that once said
 * the same and may both have been edited since. The texts correspond in groups (align.h). A group
 * that one side changed is written again on the other, and unchanged lines and words stay as they
 * were written there; everything else stays byte for byte. A group that both sides changed is
 * merged line by line, if that is possible. Otherwise it is a conflict: the kept text is put into
 * both, and the replaced one is quoted.
 *
 * The result is read again and compared: each group of a text says what the other side's does, or
 * what it said before. If that is not possible, there is no result.
 */

struct lens_texts {
    const char *base[2], *now[2]; /* by enum markdown_dialect; none is NULL */
    enum markdown_dialect winner;
};

struct lens_result {
    bool possible;       /* if not, nothing below is set */
    const char *text[2]; /* now, with the other side's edits; live in the arena */
    bool conflict;       /* the same group changed on both sides; or it could not be kept whole */
    /* The replaced text of the conflicting groups, in GitHub's dialect, "": they were deleted; and
     * the side whose text replaced it. */
    const char *lost;
    enum markdown_dialect winner;
};

struct lens_result lens_merge(struct arena *arena, const struct markdown_context *context,
                              const struct lens_texts *texts);

#endif
