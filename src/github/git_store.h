#ifndef GITHUB_GIT_STORE_H
#define GITHUB_GIT_STORE_H

#include "github/github.h"
#include "state/store.h"

/*
 * The state as the commit that state_ref points at. Saving makes a commit whose parent is the one
 * that was read and moves the ref to it by fast-forward, which GitHub does for exactly one of
 * several passes.
 */

/* A store at what the overview found; it lives in the arena. */
struct store *
git_store_open(struct github *github, const struct github_overview *overview, struct arena *arena);

#endif
