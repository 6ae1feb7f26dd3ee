#ifndef APPLY_APPLY_H
#define APPLY_APPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "apply/result.h"
#include "apply/session.h"
#include "gather/context.h"

/*
 * Performs a plan. Each item's actions run in order. Items run in parallel, each side in its own
 * queue: Notion's writes several at a time, GitHub's one at a time. Neither side waits for the
 * other.
 */

/* What the state announces of the first items of a plan (apply/announce.h), and the files that say
 * so. */
struct announced {
    const struct intent **intents; /* by the item's place in the plan; NULL: nothing */
    size_t n;
    struct store_file *files;
    size_t n_files;
};

/* Performs the plan under the session and returns one result for each item (apply_pretend makes
 * those of dry runs). Strings of the results live in the gather's arenas. Never fails as a whole:
 * the results say what could not be done, and *stopped says why it ended early (ERR_NONE: it did
 * not). */
void
apply_plan(struct gather *gather, struct session *session, const struct plan *plan,
           const struct announced *announced, struct result_list *results, struct err *stopped);

/* The results of a dry run: everything is planned, nothing is done. */
void apply_pretend(struct gather *gather, const struct plan *plan, struct result_list *results);

/* Whether nothing of the plan can be done now because GitHub's hourly limit is reached. The results
 * then say that everything remains. */
MUST_USE bool
apply_must_wait(struct gather *gather, const struct plan *plan, struct result_list *results);

/* The results of a plan that writes nothing. */
void apply_nothing(struct gather *gather, const struct plan *plan, struct result_list *results);

#endif
