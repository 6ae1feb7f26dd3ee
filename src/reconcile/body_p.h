#ifndef RECONCILE_BODY_P_H
#define RECONCILE_BODY_P_H

#include "markdown/markdown.h"
#include "reconcile/body.h"

/* What body.c, which knows what must be compared, and body_merge.c, which decides, share. */

/* What a decision rests on. */
struct bodies {
    struct item *item;
    struct field_plan *plan;
    const struct rules *rules;
    struct arena *arena;
    struct markdown_context context;
    bool based;
    bool github_stays; /* the text is the base's, even if the page's is unknown */
    const char *base[SIDE_COUNT]; /* texts; NULL: no longer known */
    bool changed[SIDE_COUNT];
    const char *now[SIDE_COUNT], *hash[SIDE_COUNT];
};

/* The field rows, for texts of which at least one changed. */
void body_merge(const struct bodies *see);

/* The other side's text as `to` can hold it; *cut: whether it had to be cut. Uses arena and context
 * alone. */
const char *body_translate(const struct bodies *see, enum side to, const char *text, bool *cut);

/* The hash of a side's text. */
const char *body_text_hash(enum side side, const char *text, struct arena *arena);
/* Whether it is the hash of an empty text. */
bool body_hash_is_empty(const char *hash);
/* Whether a hash (NULL: none) is that one. */
bool body_hash_is(const char *hash, const char *is);

#endif
