#ifndef MODEL_PROGRESS_H
#define MODEL_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * How far along the pull requests of a task are. If there are several, the one that comes last here
 * gives the stage of all: the most advanced one that is open, else a merged one, else a closed one.
 */
enum stage {
    STAGE_UNKNOWN, /* not read, or not remembered */
    STAGE_NONE,    /* there is no pull request */
    STAGE_CLOSED,  /* without having been merged */
    STAGE_MERGED,
    STAGE_DRAFT,
    STAGE_OPEN, /* ready, and waiting for a review */
    STAGE_CHANGES_REQUESTED,
    STAGE_APPROVED,
    STAGE_COUNT,
};

/* Those that progress_map can name. */
#define STAGE_FIRST STAGE_CLOSED

/* "changes_requested", "none"; NULL for STAGE_UNKNOWN. */
const char *stage_name(enum stage stage);
/* The stage of that name, STAGE_UNKNOWN if there is none. */
enum stage stage_by_name(const char *name);

/* Whether a pull request at that stage is over. */
bool stage_is_over(enum stage stage);

/* What was read of a pull request besides its snapshot. */
struct pull_facts {
    int64_t number;
    const char *repository;         /* "owner/name" if it is in another repository, else NULL */
    const char *url, *title, *head; /* never NULL */
    enum stage stage;
    int64_t merged_at; /* ms, 0: it was not */
    bool fork;         /* it comes from a fork, which anybody can open one from */
    /* The last changes of its title and of its description, which its author can make even after
     * the merge: ms, 0: none, CHANGE_UNKNOWN: not known. */
    int64_t retitled_at, described_at;
    /* Logins, and names of teams: who was asked for a review, and who gave one. */
    const char *const *reviewers;
    size_t n_reviewers;
    bool knows_reviewers;  /* they were read */
    const int64_t *closes; /* issues of this repository that are linked to it */
    size_t n_closes;
    const char *checks; /* "Passing", "Failing", "Pending", "": it has none; NULL: not read */
};

/* What is linked to an issue or pull request, and how far along that is. */
struct progress_facts {
    bool is_pull;
    struct pull_facts pull; /* is_pull */
    /* Of an issue: the pull requests that are linked to it. For those of this repository, only the
     * number is always given: what is known of them is stored under that number. */
    const struct pull_facts *linked;
    size_t n_linked;
    bool complete; /* these are all */
};

/* That a pull request was linked to an issue, or that it named a task: then `other` is minus the
 * number of the task. */
struct pull_link {
    int64_t pull, other;
};

/* The number that stands for a page without one in the state: negative. */
int64_t page_key(const char *page_id);

/* The next task that the text names as "PREFIX-12", a whole word regardless of case, from *text on,
 * which moves past it; 0: there is none. */
int64_t task_next(const char **text, const char *prefix);

/* Whether the pull request's title or branch name the task. */
bool task_is_named(const struct pull_facts *pull, const char *prefix, int64_t task);

#endif
