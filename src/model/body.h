#ifndef MODEL_BODY_H
#define MODEL_BODY_H

#include "base/arena.h"

/* A short text that identifies a body, in the arena. It is made from the body's normal form, so
 * bodies that differ only in form share it. The state remembers it, so it must never change. */
char *body_hash(struct arena *arena, const char *normal);

#endif
