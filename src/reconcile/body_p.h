#ifndef RECONCILE_BODY_P_H
#define RECONCILE_BODY_P_H

#include "markdown/markdown.h"
#include "reconcile/body.h"

/* Shared by body.c, which knows what to compare, and body_merge.c, which decides. */

/* The facts behind a decision. */
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

/* The field rows, if at least one text changed. */
void body_merge(const struct bodies *see);

/* The other side's text in a form that `to` can hold; *cut: it had to be cut. Uses only arena and
 * context. */
const char *body_translate(const struct bodies *see, enum side to, const char *text, bool *cut);

/* The hash of a side's text. */
const char *body_text_hash(enum side side, const char *text, struct arena *arena);
/* Whether it is the hash of an empty text. */
bool body_hash_is_empty(const char *hash);
/* Whether a hash (NULL: none) is that one. */
bool body_hash_is(const char *hash, const char *is);

#endif
