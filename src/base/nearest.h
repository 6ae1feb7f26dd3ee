#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

/*
 * Finds which of several names a misspelled one probably means: "Did you mean …?". A name is near
 * if only a few letters differ, are missing, are added or are swapped. Case, "-", "_" and spaces do
 * not count. The beginning of a name (three letters or more) is near, too.
 */
struct nearest {
    const char *given;
    const char *name; /* the nearest so far, lent; NULL: none is near */
    size_t distance;
};

/* Begins a search; given is lent until it ends. */
struct nearest nearest_to(const char *given);

/* Offers another name, lent. Of equally near ones the first is kept. NULL is no name. */
void nearest_offer(struct nearest *nearest, const char *name);

#endif
