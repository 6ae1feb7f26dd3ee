#ifndef MODEL_ISSUE_FILTER_H
#define MODEL_ISSUE_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/snapshot.h"

/*
 * issue_filter: the conditions under which an issue or pull request gets a page, in GitHub's search
 * syntax. Plain data; config/issue_filter.c reads it.
 */

enum trait {
    TRAIT_LABEL,
    TRAIT_AUTHOR,
    TRAIT_ASSIGNEE,
    TRAIT_MILESTONE,
    TRAIT_TYPE,
    TRAIT_CREATED,
    TRAIT_ISSUE,
    TRAIT_PULL,
    TRAIT_OPEN,
    TRAIT_CLOSED,
    TRAIT_MERGED,
    TRAIT_DRAFT,
    TRAIT_BOT,
};

/* One condition: the issue has the trait, with one of the values if there are any. */
struct issue_term {
    enum trait trait;
    bool negated;
    const char *const *values; /* TRAIT_LABEL to TRAIT_TYPE; an author that must be a bot ends in
                                  "[bot]" */
    size_t n_values;           /* 0: any value */
    int64_t from, until;       /* TRAIT_CREATED: not before `from`, and before `until` (ms) */
};

/* All terms must hold. */
struct issue_filter {
    const struct issue_term *terms;
    size_t n_terms;
};

/* Whether everything holds. Also false if something that the filter needs was not read. */
bool issue_filter_matches(const struct issue_filter *filter, const struct issue *issue);

/* The fields that the filter needs; *bots: it also needs to know whether authors are bots. */
struct field_set issue_filter_needs(const struct issue_filter *filter, bool *bots);

#endif
