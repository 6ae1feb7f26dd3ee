#ifndef GITHUB_GITHUB_H
#define GITHUB_GITHUB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/seal.h"
#include "base/vec.h"
#include "http/http.h"
#include "model/choices.h"
#include "model/conversation.h"
#include "model/fields.h"
#include "model/issue_field.h"
#include "model/progress.h"
#include "model/snapshot.h"
#include "state/store.h"

/*
 * The GitHub client: it reads by GraphQL, writes by REST (API version 2022-11-28), and translates
 * to and from the model. Functions are safe to call from several threads; writes go one at a time,
 * at least one second apart ("Best practices for using the REST API", docs.github.com). Results
 * live in the caller's arena.
 *
 * Failures: ERR_ACCESS (401, 403: the message names the permission that is missing, from
 * X-Accepted-GitHub-Permissions, and where to grant it), ERR_NOT_FOUND (404), ERR_GONE (410, or
 * moved elsewhere), ERR_REFUSED (400, 422, a locked conversation), ERR_CONFLICT (409), ERR_INPUT
 * (an empty repository, disabled issues, an unfit state_ref), ERR_STATE (files of the state that
 * are not files), ERR_DATA, ERR_SERVER, and what http_call reports. err may be NULL.
 */
struct github;

struct github_config {
    const char *api_url, *graphql_url; /* GITHUB_API_URL, GITHUB_GRAPHQL_URL */
    const char *token, *owner, *repository;
    struct seal seal;      /* for the tags of markers */
    const char *state_ref; /* "refs/…"; NULL: the state is not kept in the repository */
    /* The ref to use instead if GitHub refuses to create state_ref; NULL: none. */
    const char *state_branch;
    /* Labels that an input names, lent: the overview reports which of the first 50 the repository
     * lacks. */
    const char *const *labels;
    size_t n_labels;
    bool types;    /* the overview lists the issue types */
    bool blockers; /* … and how many issues block those that it lists */
};

/* Makes the client and its two services; the strings are copied. Returns NULL if http_service_new
 * fails. The services live as long as http; github_free(NULL) is allowed. */
MUST_USE struct github *
github_new(struct http *http, const struct github_config *config, struct err *err);
void github_free(struct github *github);
struct http_service *github_rest_service(struct github *github);
struct http_service *github_graphql_service(struct github *github);

/* Selects which of the known fields to read, and whether to read pull requests, which people are
 * bots, and how many pull requests are linked to an issue. For the others, queries ask for
 * nothing that is expensive or that older servers do not know. Before this call, nothing is
 * selected. Call before other threads start. */
void github_select(struct github *github, const struct fields *known, struct field_set fields,
                   bool pulls, bool bots, bool links);

/* An issue or pull request that was recently updated. */
struct touched {
    int64_t number, updated_at;
    int64_t blockers; /* how many issues block it; -1: not known */
    bool is_pull;
};
VEC_TYPE(touched_list, struct touched);

/* The answer to the first query of a pass. */
struct github_overview {
    const char *viewer;     /* login of the token's identity */
    const char *repository; /* nameWithOwner as it is now */
    bool empty;             /* no branch: cannot hold a state ref */
    bool is_public;         /* anyone can read it */
    bool has_issues;        /* the Issues feature is on */
    bool archived;          /* nothing can be written */
    /* The configured labels that the repository lacks, and for each the most similar one that it
     * has, or NULL. */
    const char *const *no_labels, *const *near_labels;
    size_t n_no_labels;
    const char *const *types; /* names of the enabled issue types, if they were asked for */
    size_t n_types;
    const char *state_ref;     /* where the state is, or will be */
    const char *state_other;   /* where there is also an older one; NULL: nowhere */
    const char *state_foreign; /* the branch that is not used, other things are in it; NULL: none */
    const char *state_commit;  /* sha that state_ref points at; NULL: no such ref */
    const char *state_tree;    /* sha of its tree */
    const char *cursor, *lock, *columns, *limits; /* texts of these files there; NULL: none */
    const char *const *folders; /* "records/0", …: the folders of the state's records */
    size_t n_folders;
    struct touched_list touched; /* the 100 newest-updated issues, and pull requests; vec_free */
    int64_t issues_since;        /* every issue updated at or after this is in touched; */
    int64_t pulls_since;         /* the same for pull requests; 0: all there are */
    int64_t server_time;         /* Date of the answer */
};

/* Sets what earlier passes made on GitHub in the last hour, because GitHub limits how much may be
 * made. Call once, after the first answer. */
void github_add_made(struct github *github, const struct made *made, size_t n);
/* Returns when, by GitHub's clock, more may be made; 0: now. */
int64_t github_full_until(struct github *github);

/* Reads it in one request. If the repository was renamed, all later requests go to its current name
 * ("Renaming a repository", docs.github.com). ERR_NOT_FOUND: no such repository, or the token
 * cannot see it. ERR_INPUT: state_ref is the default branch, points at no commit, or at one with
 * other files than the state's. On failure overview holds nothing to free. */
MUST_USE bool github_read_overview(struct github *github, struct arena *arena,
                                   struct github_overview *overview, struct err *err);

/* Appends all issues (by `since`) or pull requests (newest first, down to since) updated at or
 * after since, for passes in which the overview's lists end too early. One that is updated during
 * the listing may appear twice. */
MUST_USE bool github_list_touched(struct github *github, bool pulls, int64_t since,
                                  struct touched_list *list, struct err *err);

/* A folder of the state, read at a commit. */
struct state_folder {
    const char *path; /* "records/0" */
    /* With paths from the root; they live as long as the call that shows them. */
    struct store_file *files;
    size_t n_files;
};
struct state_folders {
    const char *commit;
    const char *const *paths;
    size_t n_paths;
    /* Called with each folder as it arrives; false ends the listing with its err. */
    bool (*see)(void *context, const struct state_folder *folder, struct err *err);
    void *context;
};

/* Shows every issue (or every pull request) of the repository, oldest first, 50 a request, or fewer
 * if GitHub cannot answer for so many. Only the hash of a body is read. An issue lives as long as
 * the call that shows it. The files of the given folders of the state are fetched and shown along
 * the way, 4 folders a request, the rest by requests of their own; state may be NULL. A failure in
 * the middle returns false: what was read until then does not prove that anything is absent.
 * `mergeable` and `merge_state` of pull requests are not read (MERGEABLE_UNKNOWN, NULL). */
MUST_USE bool github_list_all(struct github *github, bool pulls, const struct state_folders *state,
                              void (*see)(void *context, const struct issue *issue), void *context,
                              struct err *err);

/* Numbers and state files read together, up to 50 numbers and 100 files a request. */
struct github_batch {
    const int64_t *numbers;
    size_t n_numbers;
    struct issue **issues;    /* out, n_numbers of them, the caller's array; NULL: the number does
                                 not exist, was transferred, or is not visible */
    struct store_file *files; /* paths in, texts out */
    size_t n_files;
    const char *commit; /* of the state; NULL: no files */
};
MUST_USE bool github_read_batch(struct github *github, struct github_batch *batch,
                                struct arena *arena, struct err *err);

/* Reads one issue; *issue is NULL if there is none, as above. */
MUST_USE bool github_read_issue(struct github *github, int64_t number, struct arena *arena,
                                struct issue **issue, struct err *err);

/* Reads the facts that decide whether a pull request may be merged. workflow_ref
 * (GITHUB_WORKFLOW_REF) and run_id identify the workflow whose checks are ignored; NULL: none.
 * The facts show what the token may not read; false: no answer at all. */
struct merge_ask {
    const char *workflow_ref, *run_id;
};
MUST_USE bool
github_read_merge_facts(struct github *github, int64_t number, const struct merge_ask *asked,
                        struct arena *arena, struct merge_facts *facts, struct err *err);

/* Reads what is linked to several numbers, and its progress, 50 a request; facts: the caller's
 * array of n. A number that does not exist has none. */
MUST_USE bool
github_read_progress(struct github *github, const int64_t *numbers, size_t n, struct arena *arena,
                     struct progress_facts *facts, struct err *err);
/* Shows every pull request of the repository, oldest first, 50 a request; they live in the arena.
 */
MUST_USE bool github_list_progress(struct github *github, struct arena *arena,
                                   void (*see)(void *context, const struct pull_facts *pull),
                                   void *context, struct err *err);

/* Reads the combined result of the checks of pull requests, 50 a request: "Passing", "Failing",
 * "Pending"; "" if there are none; NULL if the token may not read them (`checks: read`, `statuses:
 * read`). */
MUST_USE bool github_read_checks(struct github *github, const int64_t *numbers, size_t n,
                                 const char **checks, struct err *err);

/* Reads when each field of several issues or pull requests last changed, 25 a request: the time
 * (ms), 0 if it has not changed since it was made, CHANGE_UNKNOWN if GitHub does not report it. */
MUST_USE bool github_read_changes(struct github *github, const int64_t *numbers, size_t n,
                                  int64_t (*changed)[FIELD_BUILTINS], struct err *err);

/* Reads the own comments that end in a marker line, for several issues or pull requests, 25 a
 * request, each oldest first; all pages of results. lists: the caller's array of n, zeroed; items
 * live in the arena. A number that does not exist has none. On failure lists are left as they
 * were. */
struct own_comments {
    const struct own_comment *items;
    size_t len;
};
MUST_USE bool
github_read_own_comments(struct github *github, const int64_t *numbers, size_t n,
                         struct arena *arena, struct own_comments *lists, struct err *err);

/* Reads the conversations of several issues or pull requests, 25 a request, each oldest first; all
 * pages of results, in the arena. Copies that the token's own identity made are recognized by their
 * marker; its other marked comments, and those of bots, are `apart`. lists and failures as
 * above. */
struct remarks {
    const struct remark *items;
    size_t len;
};
MUST_USE bool
github_read_conversations(struct github *github, const int64_t *numbers, size_t n,
                          struct arena *arena, struct remarks *lists, struct err *err);

/* Appends the numbers (with duplicates, in no order) on which somebody made or edited a comment at
 * or after since. Comments by bots, and marked comments by viewer, are ignored. Source:
 * docs.github.com, "List issue comments for a repository". */
VEC_TYPE(heard_list, int64_t);
MUST_USE bool github_list_heard(struct github *github, const char *viewer, int64_t since,
                                struct heard_list *list, struct err *err);

/*
 * Asks by REST whether issues that GraphQL does not show are really gone. An issue is deleted if
 * GitHub says so (410), or if an event says so (told_deleted) and it is not found (404). It is
 * transferred if GitHub redirects to another place (301). Everything else is hidden: GitHub also
 * answers 404 if it flagged the author as a spammer, or if a feature is turned off. ERR_ACCESS if
 * the repository or its list of issues cannot be read. Source: docs.github.com, "Get an issue".
 */
#define GITHUB_NO_ISSUES "issues are turned off in the repository"
enum presence { PRESENCE_HIDDEN, PRESENCE_DELETED, PRESENCE_TRANSFERRED };
struct github_probe {
    int64_t number;
    bool is_pull;      /* as far as is remembered */
    bool told_deleted; /* an event says so */
    enum presence presence;
    const char *moved_to; /* where a transferred issue is now, or NULL */
    const char *why;      /* of PRESENCE_HIDDEN, as part of a sentence */
};
MUST_USE bool github_probe(struct github *github, struct github_probe *probes, size_t n,
                           struct arena *arena, struct err *err);

/* What the token may do, as far as GitHub reports it. For a workflow's token only the newest
 * issue and pull request show what it may write: they report whether the viewer may update them. */
enum may { MAY_UNKNOWN, MAY_YES, MAY_NO };
struct github_access {
    bool archived;
    bool push; /* the role of the token's user allows it; not reported for other tokens */
    enum may issues, pulls;
};
MUST_USE bool
github_read_access(struct github *github, struct github_access *access, struct err *err);

/* The state of a workflow ("active", "disabled_inactivity", …) by its file's name. ERR_ACCESS
 * without `actions: read`. Source: docs.github.com, "Get a workflow". */
MUST_USE bool github_workflow_state(struct github *github, const char *file, struct arena *arena,
                                    const char **state, struct err *err);

/* Whether a login can be assigned to issues. Source: docs.github.com, "Check if a user can be
 * assigned". */
MUST_USE bool github_may_assign(struct github *github, const char *login, struct arena *arena,
                                bool *may, struct err *err);

/* Reads the full name that a repository has now, in the arena; *now is NULL if the token sees no
 * repository of that name. Source: docs.github.com, "Renaming a repository" (old names lead to the
 * new one). */
MUST_USE bool github_repository_name(struct github *github, const char *name, struct arena *arena,
                                     const char **now, struct err *err);

/* Reads the milestones, open and closed; if FIELD_ISSUE_TYPE is selected, the owner's enabled issue
 * types; and, if asked to, the repository's labels. */
MUST_USE bool github_read_choices(struct github *github, bool labels, struct arena *arena,
                                  struct choices *choices, struct err *err);

/* Finds the milestone of that title, open or closed, and makes it if GitHub has none. Case matters
 * only if GitHub has several titles that differ in nothing else. ERR_AMBIGUOUS: the answer was
 * lost, call it again. ERR_REFUSED: GitHub does not make it. Call only from the thread that writes.
 * Source: docs.github.com, "REST API endpoints for milestones". */
MUST_USE bool
github_make_milestone(struct github *github, const char *title, int64_t *number, struct err *err);

/* Makes a label with a color of Notion's options (NULL: none) and a description of at most 100
 * characters, before it is first written: otherwise GitHub makes one without them. A label that
 * exists stays as it is. It is not a failure if GitHub does not make the label. Call only from the
 * thread that writes. Source: docs.github.com, "REST API endpoints for labels". */
MUST_USE bool github_make_label(struct github *github, const char *name, const char *color,
                                const char *description, struct err *err);

/* Reads the issue fields of the organization that owns the repository. If none are visible, sets
 * fields->problem, which is not a failure. */
MUST_USE bool github_read_issue_fields(struct github *github, struct arena *arena,
                                       struct issue_fields *fields, struct err *err);

/* Gives an issue a value in the terms of the model (an empty one clears it), and leaves its other
 * fields alone. *answered: what GitHub has afterward. Also ERR_REFUSED if the token may not do
 * it. */
MUST_USE bool
github_write_issue_field(struct github *github, int64_t number, const struct issue_field *field,
                         const struct value *wanted, struct arena *arena, struct value *answered,
                         struct err *err);

/* Whether the server knows dependencies between issues, and the token may read them. */
MUST_USE bool github_knows_dependencies(struct github *github, bool *knows, struct err *err);

/* Changes to write. */
struct issue_change {
    struct values values; /* of fields that go both ways; status: STATUS_OPEN, STATUS_CLOSED or
                             STATUS_NOT_PLANNED */
    int64_t milestone;    /* number of the one in values, 0: none */
    const char
        *page_id; /* the page that is linked to the issue, according to the state; NULL: none */
    const struct value
        *labels_read; /* all labels that the decision was based on; NULL: not known */
};

/* Creates an open issue (with the fields in change, except status, assignees, and parent) whose
 * body ends in the marker line of page_id. ERR_AMBIGUOUS if the answer was lost: look with
 * github_find_created before trying again. If GitHub dropped values because the token has no
 * push access, they are missing in the answer. */
MUST_USE bool
github_create_issue(struct github *github, const char *page_id, const struct issue_change *change,
                    struct arena *arena, struct issue **issue, struct err *err);

/* Looks among the newest own issues (created at or after since) for the marker of page_id and takes
 * the oldest match. *issue is NULL if there is none. */
MUST_USE bool github_find_created(struct github *github, const char *page_id, int64_t since,
                                  struct arena *arena, struct issue **issue, struct err *err);

/* Writes the changes in one request; assignees, which are added and removed individually, and the
 * parent have separate requests. If only labels are left, and labels are only added or one is
 * removed, uses POST or DELETE …/labels, which cannot undo what somebody else did in the meantime;
 * otherwise PATCH, whose labels replace the set. A body keeps the marker line of the body that was
 * read; the marker of an own issue that names page_id gets a new tag. *issue holds what was
 * answered: number, url and, after a PATCH, updated_at and all values; otherwise only the labels
 * (updated_at 0, other values absent); own, marker and pull->head_sha are not in these answers. */
MUST_USE bool github_update_issue(struct github *github, const struct issue *read,
                                  const struct issue_change *change, struct arena *arena,
                                  struct issue **issue, struct err *err);

/* Posts a comment whose last line is the marker. ERR_AMBIGUOUS if the answer was lost: look with
 * github_read_own_comments before trying again. ERR_REFUSED if the conversation is locked. */
MUST_USE bool github_comment(struct github *github, int64_t number, const char *body,
                             const char *marker, int64_t *id, struct err *err);

/* Gives a comment's marker line a new tag if it says marker, and leaves the rest as it is. Does
 * nothing if the line says something else or the comment is gone. */
MUST_USE bool github_renew_marker(struct github *github, int64_t number, int64_t comment,
                                  const char *marker, struct err *err);

/* The same as github_comment from runs (rich_to_markdown). If the comment is already gone, editing
 * fails with ERR_NOT_FOUND and deleting succeeds. Source: docs.github.com, "REST API endpoints for
 * issue comments". */
MUST_USE bool github_post_copy(struct github *github, int64_t number, const struct runs *text,
                               const char *marker, int64_t *id, struct err *err);
MUST_USE bool github_edit_copy(struct github *github, int64_t number, const char *id,
                               const struct runs *text, const char *marker, struct err *err);
MUST_USE bool github_delete_copy(struct github *github, const char *id, struct err *err);

/* Merges a pull request at exactly head_sha. method: "squash", "merge", "rebase". *refused is NULL
 * if it was merged; otherwise it is GitHub's reason (405, 409, 422, and 403 for rules and workflow
 * files), which is not a failure. After a lost answer the pull request is read; ERR_AMBIGUOUS if it
 * is not merged then. A refused merge is tried again once, and only if the base moved at the same
 * moment. */
MUST_USE bool
github_merge(struct github *github, int64_t number, const char *head_sha, const char *method,
             struct arena *arena, const char **refused, struct err *err);

/* Asks GitHub to merge a pull request at exactly head_sha as soon as nothing blocks it, or to stop
 * waiting for that. *refused: GitHub's reason, as in github_merge; *ready: GitHub refused because
 * nothing blocks the merge now. Both take pull->node_id. Source: docs.github.com, GraphQL
 * reference, enablePullRequestAutoMerge. */
MUST_USE bool github_arm_merge(struct github *github, const char *node_id, const char *head_sha,
                               const char *method, struct arena *arena, const char **refused,
                               bool *ready, struct err *err);
MUST_USE bool github_disarm_merge(struct github *github, const char *node_id, struct err *err);

/* Git objects and refs, which the state store is made of. Source: docs.github.com, "REST API
 * endpoints for Git database". */

/* Writes base_tree (may be NULL) with the changes applied (paths to delete must exist), in
 * slices of at most 200 changes. *tree: its sha. */
MUST_USE bool
github_write_tree(struct github *github, const char *base_tree, const struct store_file *changes,
                  size_t n, struct arena *arena, const char **tree, struct err *err);

/* Writes a commit of the tree; parent may be NULL. *commit: its sha. */
MUST_USE bool
github_write_commit(struct github *github, const char *tree, const char *parent,
                    const char *message, struct arena *arena, const char **commit, struct err *err);

/* Creates the ref of the state at the commit, or moves it there by fast-forward. ERR_CONFLICT: it
 * already exists, was deleted, or does not point at an ancestor. After a lost answer the ref is
 * read to find out. If GitHub refuses to create state_ref, state_branch takes its place from then
 * on. */
MUST_USE bool
github_move_ref(struct github *github, const char *commit, bool create, struct err *err);

/* Whether one of these three calls was refused because a rule of the repository mistook a text for
 * a secret. */
bool github_found_secret(const struct err *err);

/* Moves the ref of the state from one commit to another that is not its descendant. GitHub takes no
 * expected value, so only the holder of the lock may call this: the ref is read before and after.
 * ERR_CONFLICT: it points elsewhere. ERR_INPUT: a rule protects the ref. */
MUST_USE bool
github_replace_ref(struct github *github, const char *from, const char *to, struct err *err);

/* Returns the marker in the last line of a body, including its tag, in the arena; NULL: none. The
 * marker must be alone in the line, which must not be indented, quoted, or in a code fence. body
 * may be NULL. */
char *github_find_marker(struct arena *arena, const char *body);

/* Classifies an answer (retry_classify) from REST and from GraphQL. Pure. Source: docs.github.com,
 * "Rate limits for the REST API", "Rate limits and query limits for the GraphQL API". */
struct retry_verdict github_classify(const struct retry_seen *seen);
struct retry_verdict github_classify_graphql(const struct retry_seen *seen);

/* A comment that the action made: the token's identity wrote it, and its marker has the right
 * tag. */
struct marked_comment {
    const char *id; /* in decimal */
    int64_t number; /* of the issue or pull request */
};
VEC_TYPE(marked_list, struct marked_comment);

/* Appends all of them in the whole repository, oldest first; ids live in the arena. *strange: how
 * many comments by that identity have a marker without the right tag. */
MUST_USE bool github_list_marked(struct github *github, const char *viewer, struct arena *arena,
                                 struct marked_list *list, size_t *strange, struct err *err);

/* Deletes a ref ("refs/…"); succeeds if it is already gone. */
MUST_USE bool github_delete_ref(struct github *github, const char *ref, struct err *err);

/*
 * The issues and pages that the event that started the workflow names. The pass looks at them even
 * if the cursor and Notion's queries do not ask for it. It is a hint: everything is read again, and
 * a deletion still has to be proved. Source: docs.github.com, "Webhook events and payloads"; the
 * pages of a repository_dispatch are in client_payload.pages.
 */
struct github_event {
    const int64_t *numbers;
    size_t n_numbers;
    const char *const *pages; /* ids in Notion's form */
    size_t n_pages;
    int64_t deleted; /* the issue that the event reports as deleted; 0: none */
};

/* Reads the payload in a file (GITHUB_EVENT_PATH). repository: the "owner/name" whose numbers to
 * take; events of other repositories give no hint. Fails with ERR_DATA if the file cannot be read
 * or is not an event; the pass continues without it. */
MUST_USE bool github_read_event(const char *path, const char *repository, struct arena *arena,
                                struct github_event *event, struct err *err);

#endif
