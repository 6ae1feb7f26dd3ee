#ifndef MODEL_PROGRESS_H
#define MODEL_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * How far along the pull requests of a task are. If there are several, the stage that comes last
 * here is the stage of all: the most advanced open one, else a merged one, else a closed one.
 */
enum stage {
    STAGE_UNKNOWN, /* not read, or not remembered */
    STAGE_NONE,    /* there is no pull request */
    STAGE_CLOSED,  /* without a merge */
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
/* The stage of that name, or STAGE_UNKNOWN. */
enum stage stage_by_name(const char *name);

/* Whether a pull request at that stage is over. */
bool stage_is_over(enum stage stage);

/* What we read of a pull request besides its snapshot. */
struct pull_facts {
    int64_t number;
    const char *repository;         /* "owner/name" if it is in another repository, else NULL */
    const char *url, *title, *head; /* never NULL */
    enum stage stage;
    int64_t merged_at; /* ms, 0: not merged */
    bool fork;         /* it comes from a fork, and anybody can open one from a fork */
    /* The last changes of its title and of its description. Its author can make these even after
     * the merge. ms, 0: none, CHANGE_UNKNOWN: not known. */
    int64_t retitled_at, described_at;
    /* Logins, and names of teams: the requested reviewers, and the people who reviewed. */
    const char *const *reviewers;
    size_t n_reviewers;
    bool knows_reviewers;  /* they were read */
    const int64_t *closes; /* issues of this repository that are linked to it */
    size_t n_closes;
    const char *checks; /* "Passing", "Failing", "Pending", "": no checks; NULL: not read */
};

/* The links of an issue or pull request, and their progress. */
struct progress_facts {
    bool is_pull;
    struct pull_facts pull; /* is_pull */
    /* Of an issue: the pull requests linked to it. For those of this repository, only the number is
     * always present. Other facts about them are stored under that number. */
    const struct pull_facts *linked;
    size_t n_linked;
    bool complete; /* the list is complete */
};

/* A pull request was linked to an issue, or named a task: then `other` is minus the number of the
 * task. */
struct pull_link {
    int64_t pull, other;
};

/* The number of a page without an issue in the state. It is negative. */
int64_t page_key(const char *page_id);

/* The next task that the text names as "PREFIX-12", as a whole word and regardless of case. Starts
 * at *text, which moves past it. 0: none. */
int64_t task_next(const char **text, const char *prefix);

/* Whether the pull request's title or branch names the task. */
bool task_is_named(const struct pull_facts *pull, const char *prefix, int64_t task);

#endif
