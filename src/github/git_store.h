#ifndef GITHUB_GIT_STORE_H
#define GITHUB_GIT_STORE_H

#include "github/github.h"
#include "state/store.h"

struct sealing;

/*
 * The state as the commit that state_ref points at. Saving makes a commit whose parent is the one
 * that was read and moves the ref to it by fast-forward. If several passes try, GitHub lets exactly
 * one succeed.
 */

/* Opens a store at the commit that the overview found; it lives in the arena. sealing: how to hide
 * the words of a record that GitHub mistakes for a secret. */
struct store *git_store_open(struct github *github, const struct github_overview *overview,
                             const struct sealing *sealing, struct arena *arena);

#endif
