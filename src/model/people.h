#ifndef MODEL_PEOPLE_H
#define MODEL_PEOPLE_H

#include <stddef.h>

#include "base/arena.h"
#include "model/choices.h"

/* Who is whom on both sides, found in steps that grow with the logarithm of their number. */
struct people {
    const struct person *items; /* in order: of several with one login or user the first counts */
    size_t n;
    const struct person **by_login, **by_user;
};

/* The people stay where they are; the rest lives in the arena. */
struct people *people_of(const struct person *items, size_t n, struct arena *arena);

/* By login without regard to case, by the id of Notion's user with or without dashes. NULL: there
 * is none, or people is NULL. */
const struct person *people_by_login(const struct people *people, const char *login);
const struct person *people_by_user(const struct people *people, const char *user);

#endif
