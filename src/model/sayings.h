#ifndef MODEL_SAYINGS_H
#define MODEL_SAYINGS_H

#include <stddef.h>

/* Messages for people: about a record, or about the whole pass. */
struct sayings {
    const char *const *items;
    size_t n;
};

struct arena;

/* Adds a message, unless the list has it. The message and the arena, which holds the list, must
 * live as long as the list. */
void sayings_add(struct sayings *sayings, const char *text, struct arena *arena);

/* Both lists as one, in the arena. */
struct sayings sayings_join(struct arena *arena, struct sayings a, struct sayings b);

#endif
