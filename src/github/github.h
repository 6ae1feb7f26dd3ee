#ifndef GITHUB_GITHUB_H
#define GITHUB_GITHUB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/vec.h"
#include "http/http.h"
#include "model/snapshot.h"

/*
 * The GitHub client: reads by GraphQL, writes by REST, the model on the other side. Functions are safe to call from
 * several threads; writes go one at a time, at least one second apart. Failures as in notion.h; the message of a 403 names the permission
 * that is missing (X-Accepted-GitHub-Permissions) and the line of the workflow that grants it.
 */
struct github;

struct github_config {
    const char *api_url, *graphql_url; /* GITHUB_API_URL, GITHUB_GRAPHQL_URL */
    const char *token, *owner, *repository;
    const char *state_ref; /* "refs/…"; NULL: the state is not kept in the repository */
};

MUST_USE struct github *
github_new(struct http *http, const struct github_config *config, struct err *err);
void github_free(struct github *github);
struct http_service *github_rest_service(struct github *github);
struct http_service *github_graphql_service(struct github *github);

/* An issue or pull request that was touched lately. */
struct touched {
    int64_t number, updated_at;
    bool is_pull;
};
VEC_TYPE(touched_list, struct touched);
VEC_TYPE(issue_list, struct issue *);

/* What the first query of a pass tells, in one request. */
struct github_overview {
    const char *viewer;         /* login of the token's identity */
    const char *repository;     /* nameWithOwner as it is now */
    bool empty;                 /* no branch: cannot hold a state ref */
    bool has_issues;            /* the Issues feature is on */
    const char *state_commit;   /* sha that state_ref points at; NULL: no such ref */
    const char *state_tree;     /* sha of its tree */
    const char *cursor, *lock;  /* text of cursor.json and lock.json there; NULL: no such file */
    const char *const *folders; /* "records/0", …: the folders of the state's records */
    size_t n_folders;
    struct touched_list
        touched; /* newest-updated issues (100) and pull requests (100); items malloc'd, vec_free */
    int64_t issues_since,
        pulls_since; /* everything updated at or after these times is in touched; 0: all there is */
    int64_t server_time; /* Date of the answer */
};
MUST_USE bool github_read_overview(struct github *github, struct arena *arena,
                                   struct github_overview *overview, struct err *err);

/* Appends all issues (by `since`) or pull requests (newest first, down to since) updated at or after since: for passes where the overview's lists end too early. */
MUST_USE bool github_list_touched(struct github *github, bool pulls, int64_t since,
                                  struct touched_list *list, struct err *err);

/* Files of the state, read at a commit. */
struct state_file {
    const char *path; /* "records/0/12.json" */
    const char *text; /* out; NULL where there is no such file */
};
struct state_folder {
    const char *path;         /* "records/0" */
    struct state_file *files; /* out, with paths from the root */
    size_t n_files;
};
struct state_folders {
    const char *commit;
    struct state_folder *folders;
    size_t n_folders;
};

/* Every issue (or every pull request) of the repository, 50 a request, appended to list. The files of the given folders of the state are fetched along
 * the way, a few folders a request, the rest by requests of their own; state may be NULL. A failure in the middle returns false: what was read proves no absence. */
MUST_USE bool github_list_all(struct github *github, bool pulls, struct state_folders *state,
                              struct arena *arena, struct issue_list *list, struct err *err);

/* Numbers and state files read together, up to 50 numbers and 100 files a request. */
struct github_batch {
    const int64_t *numbers;
    size_t n_numbers;
    struct issue **
        issues; /* out, n_numbers of them, the caller's array; NULL: the number does not exist, was transferred, or is not visible */
    struct state_file *files; /* paths in, texts out */
    size_t n_files;
    const char *commit; /* of the state; NULL: no files */
};
MUST_USE bool github_read_batch(struct github *github, struct github_batch *batch,
                                struct arena *arena, struct err *err);

/* The own comments that end in a marker line, of several issues or pull requests, 25 a request, each oldest first; all pages.
 * lists: n of them, the caller's array, zeroed; items live in the arena. */
struct own_comments {
    const struct own_comment *items;
    size_t len;
};
MUST_USE bool
github_read_own_comments(struct github *github, const int64_t *numbers, size_t n,
                         struct arena *arena, struct own_comments *lists, struct err *err);

/* Asks by REST whether an issue is really gone. */
enum presence { PRESENCE_THERE, PRESENCE_DELETED, PRESENCE_TRANSFERRED };
MUST_USE bool github_probe(struct github *github, int64_t number, struct arena *arena,
                           enum presence *presence, const char **moved_to, struct err *err);

/* What to write. */
struct issue_change {
    unsigned fields;                 /* FIELD_TITLE, FIELD_STATUS, FIELD_LABELS as bits */
    const struct value *values;      /* status: STATUS_OPEN, STATUS_CLOSED or STATUS_NOT_PLANNED */
    const struct value *labels_read; /* the labels that the decision rested on */
};

/* Creates an issue whose body is `body` followed by the marker line of page_id (which is always the last line). ERR_AMBIGUOUS where the answer was lost: look with
 * github_find_created before repeating. Labels that were dropped for lack of push access are missing in the answer. */
MUST_USE bool github_create_issue(struct github *github, const char *page_id, const char *body,
                                  const struct issue_change *change, struct arena *arena,
                                  struct issue **issue, struct err *err);

/* Looks among the newest own issues (created at or after since) for the marker of page_id; the oldest such. *issue is NULL where there is none. */
MUST_USE bool github_find_created(struct github *github, const char *page_id, int64_t since,
                                  struct arena *arena, struct issue **issue, struct err *err);

/* Writes the changes in one request. Where labels are all that changes and they are only added, or one is removed, it goes by POST or
 * DELETE …/labels, which cannot undo what somebody else did meanwhile; else by PATCH, whose labels replace the set. The answer's values
 * are in *issue (number, url, updated_at and the values that were written). */
MUST_USE bool github_update_issue(struct github *github, const struct issue *read,
                                  const struct issue_change *change, struct arena *arena,
                                  struct issue **issue, struct err *err);

/* Posts a comment whose last line is the marker; ERR_AMBIGUOUS where the answer was lost. */
MUST_USE bool github_comment(struct github *github, int64_t number, const char *body,
                             const char *marker, int64_t *id, struct err *err);

/* Merges a pull request at exactly head_sha. method: "squash", "merge", "rebase". *refused is NULL where it was merged, else GitHub's reason (405, 409, 422, and 403 for rules and workflow files), which is no failure. */
MUST_USE bool
github_merge(struct github *github, int64_t number, const char *head_sha, const char *method,
             struct arena *arena, const char **refused, struct err *err);

/* Git objects and refs: what the state store is made of. A NULL text deletes the path. */
struct tree_change {
    const char *path, *text;
};
MUST_USE bool
github_write_tree(struct github *github, const char *base_tree, const struct tree_change *changes,
                  size_t n, struct arena *arena, const char **tree, struct err *err);
MUST_USE bool
github_write_commit(struct github *github, const char *tree, const char *parent,
                    const char *message, struct arena *arena, const char **commit, struct err *err);
/* Creates the ref (old NULL) or moves it by fast-forward. ERR_CONFLICT: it exists already, or is elsewhere than at an ancestor. After a lost answer the ref is read to see. */
MUST_USE bool
github_move_ref(struct github *github, const char *commit, bool create, struct err *err);

/* "page=<id>" -> "<!-- notion-sync page=<id> -->"; and the marker that the last line of a body carries (NULL: none), in the arena. */
char *github_marker_line(struct arena *arena, const char *marker);
char *github_find_marker(struct arena *arena, const char *body);

/* What an answer means (retry_classify), by REST and by GraphQL. Source: docs.github.com, "Rate limits for the REST API". */
struct retry_verdict github_classify(const struct retry_seen *seen);
struct retry_verdict github_classify_graphql(const struct retry_seen *seen);

#endif
