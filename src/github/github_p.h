#ifndef GITHUB_GITHUB_P_H
#define GITHUB_GITHUB_P_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/seal.h"
#include "base/url.h"
#include "github/github.h"
#include "http/http.h"
#include "model/notion_id.h"

/* The key for the tags of markers: without the token nobody can make one, and a tag made for
 * another repository is not valid here. */
struct marker_key {
    struct seal seal;
    int64_t repository; /* GitHub's numeric id */
};

/* The token's identity: identifies the comments and markers that it made itself. */
struct identity {
    const char *viewer;
    const struct marker_key *key;
};

/* The parts of an issue or pull request to ask for. */
struct selected {
    struct field_set fields;
    bool auto_merge;               /* and what it needs */
    bool bots;                     /* whether people are bots */
    struct field_set dropped;      /* columns that take no part */
    struct field_set claims;       /* fields that show parts of the labels */
    bool issue_fields, blocked_by; /* values of own fields that cost something */
    bool links;                    /* how many pull requests are linked to an issue */
};

/* Shared by the files of this room. */
struct github {
    struct http_service *rest, *graphql;
    struct arena *arena; /* of the strings below */
    const char *owner, *name;
    const char *repository;    /* "owner/name", for messages */
    const char *path;          /* "/repos/owner/name", encoded */
    const char *state_ref;     /* where the state is, or NULL */
    const char *const *labels; /* that an input names */
    size_t n_labels;
    bool types; /* the overview lists the issue types */
    /* The refs that may hold the state: the preferred one, and the one to use if GitHub refuses to
     * create that (or NULL). */
    const char *state_refs[2];
    const char *viewer;         /* login of the token's identity, "" before the overview was read */
    struct marker_key key;      /* its repository is 0 before the overview was read */
    const struct fields *known; /* github_select; NULL before */
    struct selected selected;
    bool knows_made;                     /* github_add_made was called */
    bool blockers;                       /* the overview asks for their number */
    bool no_pulls;                       /* GitHub reported that pull requests are turned off */
    VEC(struct milestone) milestones;    /* that github_make_milestone met */
    VEC(const char *) repository_labels; /* that the repository has, as far as is known */
    bool knows_labels;                   /* all of them were read */
};

/* The largest answer: 50 issues with bodies of 65,536 characters, a state file of many MB. */
#define ANSWER_MAX ((size_t)64 << 20)

/* client.c: addresses the repository by its current name: reads by GraphQL follow a rename, but
 * writes by REST are redirected, and a redirected write is not sent again. */
void github_follow(struct github *github, const char *full_name);

/* client.c: one REST request. The body is taken (freed) by the call, NULL for none. */
struct rest_request {
    enum http_method method;
    /* Below the API's base URL, see rest_path; or an absolute URL of its origin. */
    const char *path;
    struct json_object *body;
    const char *what;
    enum retry_safety safety;
    enum http_makes makes;
    const char *accept; /* NULL: JSON */
    bool no_redirect;
};

/* "/repos/owner/name" and the formatted rest, which must be encoded already. */
const char *rest_path(const struct github *github, struct arena *arena, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* Sends it; any final answer is a success, as in http_call. */
MUST_USE bool rest_call(struct github *github, const struct rest_request *request,
                        struct http_answer *answer, struct err *err);

/* Sends it and reads the JSON of a 2xx answer; others fail by rest_refused. The caller owns
 * *tree; NULL: the caller does not need it. */
MUST_USE bool rest_json(struct github *github, const struct rest_request *request,
                        struct json_object **tree, struct err *err);

/* The same for a GET. */
MUST_USE bool rest_get(struct github *github, const char *path, const char *what,
                       struct json_object **tree, struct err *err);

/* Sends it: done after a 2xx answer, and after a 404 too, which says that what was to be removed is
 * gone. Others fail by rest_refused. */
MUST_USE bool
rest_remove(struct github *github, const struct rest_request *request, struct err *err);

/* Shows each page of a list to take; what it returns false for is a failure of the whole. */
MUST_USE bool rest_list(struct github *github, const char *path, const char *what,
                        bool (*take)(void *context, struct json_object *list, struct err *err),
                        void *context, struct err *err);

/* errors.c: what an unsuccessful answer says, for people: "message (details)". Cut to size. */
#define REASON_SIZE 640
void rest_reason(const struct http_answer *answer, char reason[REASON_SIZE]);

/* Whether the reason contains the words, ignoring case. */
bool reason_says(const char *reason, const char *words);

/* Whether a rule of the repository refuses what was sent because a text in it looks like a secret
 * (docs.github.com, "About push protection"). */
bool rest_finds_secret(const struct http_answer *answer);

/* How to fix a refusal by an organization's policy (single sign-on, IP allow list, kinds of
 * tokens); NULL if it is not one. */
const char *policy_cure(const char *reason);

/* Makes a failure of an answer's status: 401 and 403 ERR_ACCESS (a locked conversation:
 * ERR_REFUSED), 404 ERR_NOT_FOUND, 301 and 410 ERR_GONE, 409 ERR_CONFLICT, other 4xx
 * ERR_REFUSED, an empty repository and disabled issues ERR_INPUT. Returns false. */
bool rest_refused(const struct github *github, const struct http_answer *answer, const char *what,
                  struct err *err);

/* graphql.c: sends a query or (writes) a mutation; variables are taken. */
MUST_USE bool
query_send(struct github *github, const char *what, const char *text, struct json_object *variables,
           bool writes, struct http_answer *answer, struct err *err);

/* graphql.c: one query. variables are taken; owner and name are added to them. */
struct query_answer {
    struct json_object *tree;       /* owned: query_release */
    struct json_object *repository; /* data.repository, lent */
    const char *viewer;             /* data.viewer.login, lent; "" if it was not asked for */
    int64_t date;                   /* of the answer */
    int64_t read_at;                /* clock_now() before it was sent */
};

/* Fails if GraphQL reports any error except NOT_FOUND for something inside the repository, or
 * FORBIDDEN for something inside an issue. ERR_SERVER also means that the query may have asked for
 * too much at once. */
MUST_USE bool
query_run(struct github *github, const char *what, const char *text, struct json_object *variables,
          struct query_answer *answer, struct err *err);
void query_release(struct query_answer *answer);

/* Judges a parsed answer, whose tree is set; fills its repository and viewer. Removes from the tree
 * what GraphQL could not report about an issue, as if it had not been asked for. No I/O. */
MUST_USE bool query_judge(const char *repository, struct query_answer *answer, struct err *err);

/* An issue or pull request that may be missing: *node is NULL if GitHub said NOT_FOUND for it. If
 * it is null or absent for no stated reason, the answer cannot be trusted (ERR_SERVER). */
MUST_USE bool query_node(const struct query_answer *answer, int64_t number,
                         struct json_object **node, struct err *err);

/* Where a connection continues: *after (in the arena) is NULL at its end. ERR_DATA if the answer
 * would cause an endless loop. */
MUST_USE bool query_next(struct json_object *connection, struct arena *arena, const char **after,
                         struct err *err);

/* Halves the number of things to ask for at once, if err says that it may have been too many.
 * Returns false if not. */
MUST_USE bool query_halve(size_t *size, const struct err *err);

/* A question about several issues or pull requests. */
struct numbers_ask {
    struct github *github;
    const char *what;
    /* The question about each, e.g. "pullRequest" and "{title}", and the fragments that it uses. */
    const char *thing, *selection, *fragments;
    bool pages;     /* it has a variable $after, null at first */
    size_t at_once; /* numbers a request */
    bool halves;    /* fewer if that was too much */
    /* Takes the answer about the index-th number; one that GitHub cannot have is not asked for. */
    bool (*take)(void *context, size_t index, const struct query_answer *answer, struct err *err);
    void *context;
};
MUST_USE bool
query_numbers(const struct numbers_ask *ask, const int64_t *numbers, size_t n, struct err *err);

/* The answer about a number, NULL: none. */
struct json_object *query_number(const struct query_answer *answer, int64_t number);

/* The time of a change that is under the key; 0: there was none; CHANGE_UNKNOWN: it can't be read.
 */
int64_t changed_at(struct json_object *object, const char *key);

/* access.c: whether a role in the repository ("admin", …) may write; NULL may not. */
bool role_writes(const char *role);

/* choices.c: the enabled issue types of a repository; none if its owner is a person. */
const char *const *choices_types(struct json_object *repository, struct arena *arena, size_t *n);

/* queries.c: the text of the queries. Pure. */
enum listing { LIST_NONE, LIST_ISSUES, LIST_PULLS, LIST_NEWEST_ISSUES };
/* states: how many refs to ask for the state ($ref, $branch). */
const char *overview_query(struct arena *arena, size_t states, size_t labels, bool types,
                           bool blockers, bool pulls);
const char *touched_query(bool pulls);
const char *list_query(struct arena *arena, enum listing listing, size_t n_folders,
                       const struct selected *selected);
const char *batch_query(struct arena *arena, const int64_t *numbers, size_t n_numbers,
                        size_t n_files, const struct selected *selected);
const char *
numbers_query(struct arena *arena, const struct numbers_ask *ask, const int64_t *numbers, size_t n);
const char *choices_query(struct arena *arena, bool types);
const char *labels_query(struct arena *arena);

/* The name of the field that a GraphQL name is asked for; NULL if it is always asked for. */
const char *query_field(const char *name);

/* Aliases and variables of these: "i12", "f0". */
#define ALIAS_SIZE 24
void alias_of_number(char alias[ALIAS_SIZE], int64_t number);
bool alias_is_number(const char *alias);
void alias_of_object(char alias[ALIAS_SIZE], size_t index);

/* Whether a number can be asked for: GraphQL's Int has 32 bits, and a larger number makes the whole
 * query fail. */
bool number_askable(int64_t number);

/* decode.c: vendor JSON to model. Pure. */
/* An Issue or PullRequest of a GraphQL answer. *labels_cut: the answer does not hold all of its
 * labels. */
MUST_USE bool
decode_issue(struct json_object *node, const struct identity *self, struct arena *arena,
             struct issue **issue, bool *labels_cut, struct err *err);
/* An issue (or pull request seen as one) of a REST answer; own and marker are left empty. */
MUST_USE bool decode_rest_issue(struct json_object *tree, struct arena *arena, struct issue **issue,
                                struct err *err);
/* fields.c: a built-in field in GitHub's terms. */
/* The facts available when a value is read from an issue of an answer. */
struct field_reading {
    struct json_object *node;
    const char *key;         /* the name of the value in this API */
    const struct value *all; /* by field: what was decoded before */
    struct arena *arena;
};
struct field_writing;
struct codec {
    enum field field;
    const char *name; /* the setting that the user turns off if GitHub does not know the field */
    enum { OF_ALL, OF_ISSUES, OF_PULLS } of;
    /* What to ask GraphQL for if this field, or `too` (0: none), takes part. It is not always
     * asked for, because it is expensive, or older servers do not know it. */
    const char *asks;
    enum field too;
    /* Reads the value. keys: what GraphQL calls it, and REST; NULL: it does not report it. */
    struct value (*decode)(const struct field_reading *reading);
    const char *keys[2];
    /* Puts it into the request that writes an issue; NULL: it is not written by that one. */
    void (*encode)(struct json_object *body, const struct field_writing *writing,
                   const struct value *value);
    const char *events, *event_nodes; /* the event when it changes; NULL: GitHub reports none */
};
extern const struct codec codecs[];
extern const size_t n_codecs;

/* Fills all (by field) with the values other than title, status, labels and body, from an issue
 * whose own members were decoded and from the answer of GraphQL or REST. */
void decode_fields(struct json_object *node, bool rest, struct arena *arena,
                   const struct issue *issue, struct value *all);

/* The parts of a request to write an issue. Its change holds all labels of the issue, no matter
 * which fields show them. */
struct field_writing {
    const struct marker_key *key;
    const struct issue_change *change;
    const struct issue *read; /* NULL: a new one */
    struct arena *arena;
};
void encode_fields(struct json_object *body, const struct field_writing *writing);

/* batch.c: the issue of a REST answer; what: for errors. */
MUST_USE bool take_issue(const struct github *github, struct json_object *tree, const char *what,
                         struct arena *arena, struct issue **issue, struct err *err);
/* labels.c: distributes all labels of an issue to the values of the fields that show them. */
void labels_take(const struct github *github, struct value labels, struct issue *issue,
                 struct arena *arena);
/* Label objects or strings, as REST lists them. */
MUST_USE bool
decode_labels(struct json_object *list, struct arena *arena, struct value *value, struct err *err);
/* A list of {number, updatedAt}. */
MUST_USE bool decode_touched(struct json_object *connection, bool pulls, struct touched_list *list,
                             int64_t *oldest, struct err *err);
/* The own comments of a connection on the number that end in a marker, appended. */
VEC_TYPE(own_comment_list, struct own_comment);
MUST_USE bool
decode_comments(struct json_object *connection, const struct identity *self, int64_t number,
                struct arena *arena, struct own_comment_list *list, struct err *err);
/* Whether somebody other than the own identity was the last to edit a body or comment. */
bool decode_edited(struct json_object *node, const char *viewer);
/* The id in "…#issuecomment-123", 0 if there is none: databaseId has 32 bits, which are too few
 * now, and older servers do not know fullDatabaseId. */
int64_t decode_comment_id(const char *url);
/* The comments of a connection on the number as remarks, appended. */
VEC_TYPE(remark_list, struct remark);
MUST_USE bool
decode_remarks(struct json_object *connection, const struct identity *self, int64_t number,
               struct arena *arena, struct remark_list *list, struct err *err);
/* Decodes the body of a GraphQL or REST answer, if there is one, into the issue: its hash, what its
 * marker line says and, if keep is set, its text without that line, with LF for CRLF. REST reports
 * an empty body as null. */
void decode_body(struct json_object *node, bool keep, struct arena *arena, struct issue *issue);
/* Decodes a time, which is required. */
MUST_USE bool
decode_time(struct json_object *object, const char *key, int64_t *time, struct err *err);

/* git.c: the text of a Blob of a GraphQL answer, in the arena; large ones are fetched.
 * NULL node: *text is NULL. */
MUST_USE bool state_file_text(struct github *github, struct json_object *blob, const char *path,
                              struct arena *arena, const char **text, struct err *err);
/* The files of a Tree of a GraphQL answer. */
MUST_USE bool state_folder_files(struct github *github, struct json_object *tree,
                                 struct arena *arena, struct state_folder *folder, struct err *err);

/* labels.c: reads all labels of an issue by REST, regardless of how many. */
MUST_USE bool labels_read(struct github *github, int64_t number, struct arena *arena,
                          struct value *labels, struct err *err);
/* How to write labels. */
enum label_way { LABELS_REPLACE, LABELS_ADD, LABELS_REMOVE };
struct label_plan {
    enum label_way way;
    struct value added;  /* LABELS_ADD */
    const char *removed; /* LABELS_REMOVE */
};
/* read may be NULL: not known. Pure. */
struct label_plan
labels_plan(struct arena *arena, const struct value *wanted, const struct value *read);
MUST_USE bool labels_write(struct github *github, int64_t number, const struct label_plan *plan,
                           struct arena *arena, struct value *labels, struct err *err);

/* apart.c: adds the assignees that read lacks and removes those that are not wanted. *issue is
 * what GitHub answered, or unchanged if nothing was sent. */
MUST_USE bool
assignees_write(struct github *github, const struct issue *read, const struct value *wanted,
                struct arena *arena, struct issue **issue, struct err *err);

/* apart.c: makes the issue a sub-issue of the number in wanted (a set of at most one), or of
 * none. */
MUST_USE bool parent_write(struct github *github, const struct issue *read,
                           const struct value *wanted, struct err *err);

/* fields.c: "12" for each node with number and repository of a connection, or "owner/name#12" if
 * that is a different repository than own; absent if GitHub cut the connection, which it does not
 * report. whole: also if it hides a node, which must not look as if somebody had removed it. */
struct value decode_references(struct json_object *connection, const struct value *own, bool whole,
                               struct arena *arena);

/* own.c: decodes the configuration's own fields, from an issue whose other values were decoded and
 * from the answer of GraphQL (or REST). */
void decode_own(const struct github *github, struct json_object *node, bool rest,
                struct arena *arena, struct issue *issue);

/* Spells the labels to write, which own columns show, as the repository does, and makes those that
 * it lacks. Labels that the issue already has (read, or NULL) stay as they are. */
MUST_USE bool own_spell(struct github *github, const struct value *read, struct value *labels,
                        struct arena *arena, struct err *err);
/* apart.c: writes the own fields that need separate requests; issue gets what GitHub answered. */
MUST_USE bool
own_write_apart(struct github *github, const struct issue *read, const struct values *values,
                struct arena *arena, struct issue *issue, struct err *err);

/* issue_fields.c: the value of a field in an issue's answer; VALUE_ABSENT if it is not reported. */
struct value
decode_issue_field(struct json_object *node, const struct issue_field *field, struct arena *arena);
struct value decode_rest_issue_field(struct json_object *tree, const struct issue_field *field,
                                     struct arena *arena);

/* apart.c: adds and removes the numbers that an issue is blocked by. */
MUST_USE bool dependencies_write(struct github *github, int64_t number, const struct value *before,
                                 const struct value *wanted, struct err *err);

/* An issue of a GraphQL answer with all its labels. keep_body: also the body's text, not just its
 * hash. */
MUST_USE bool
read_issue(struct github *github, const struct query_answer *answer, struct json_object *node,
           bool keep_body, struct arena *arena, struct issue **issue, struct err *err);

/* probe.c: decides from all answers. Pure. */
struct probe_seen {
    int64_t number;
    bool is_pull, told_deleted;
    int status;                /* of the issue, redirect not followed */
    int moved_status;          /* of the place it redirects to, 0: not asked */
    struct json_object *moved; /* the answer from there, or NULL */
    /* Of the repository and its list of issues, 0: not asked. */
    int repository_status, issues_status;
    struct json_object *repository;
};
enum probe_result {
    PROBE_DELETED,
    PROBE_TRANSFERRED,
    PROBE_HIDDEN, /* not shown, which proves nothing */
    PROBE_NO_ISSUES,
    PROBE_NO_PULLS,
    PROBE_BLIND, /* the repository or the token is in doubt */
};
enum probe_result probe_decide(const struct probe_seen *seen);

/* git.c: how many of the changes make one slice: at most 200, and 2 MiB of text. Pure. */
size_t tree_slice(const struct store_file *changes, size_t n);
/* The body of one slice's request. Pure. */
struct json_object *tree_body(const char *base_tree, const struct store_file *changes, size_t n);

/* marker.c */
/* The marker with its tag, in the arena: "text tag=T". number: of the issue or pull request that a
 * comment is on; 0: the marker is in a body, which is written before the number is known. */
char *
marker_sign(const struct marker_key *key, int64_t number, const char *text, struct arena *arena);
/* Splits a marker that was found: *text is what comes before its tag, in the arena. Returns whether
 * the tag is there and valid. */
bool marker_read(const struct marker_key *key, int64_t number, const char *marker,
                 struct arena *arena, const char **text);
/* body, an empty line and the marker line; a code fence that body leaves open is closed first.
 * body may be NULL. */
char *marker_append(struct arena *arena, const char *body, const char *marker);
/* A body without its marker line and the blank line before that, with LF; blanks alone are nothing.
 */
char *marker_strip(struct arena *arena, const char *body);
/* A body whose end must not look like one of our marker lines: if it does, that line is
 * indented. */
char *marker_defuse(struct arena *arena, const char *body);
/* The page id of a marker "page=<id>"; NULL if it is a different marker or the id is not well
 * formed. */
const char *marker_page(const char *marker);

#endif
