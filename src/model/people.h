#ifndef MODEL_PEOPLE_H
#define MODEL_PEOPLE_H

#include <stddef.h>

#include "base/arena.h"
#include "model/choices.h"

/* Maps people between both sides. A lookup takes logarithmic time. */
struct people {
    const struct person *items; /* sorted: of several with one login or user, the first counts */
    size_t n;
    const struct person **by_login, **by_user;
};

/* The people stay where they are; the rest lives in the arena. */
struct people *people_of(const struct person *items, size_t n, struct arena *arena);

/* Finds a person by login (without regard to case) or by the id of a Notion user (with or without
 * dashes). NULL: nobody matches, or people is NULL. */
const struct person *people_by_login(const struct people *people, const char *login);
const struct person *people_by_user(const struct people *people, const char *user);

#endif
