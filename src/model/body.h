#ifndef MODEL_BODY_H
#define MODEL_BODY_H

#include "base/arena.h"

/* A short text that tells one body from another, in the arena: of the body's normal form, so that
 * what differs in form only has the same. The state remembers it, so it must never change. */
char *body_hash(struct arena *arena, const char *normal);

#endif
