#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/log.h"
#include "base/seal.h"
#include "model/choices.h"
#include "model/fields.h"
#include "model/issue_filter.h"
#include "model/policy.h"
#include "model/progress.h"

/*
 * All that the user decides, read once and const afterwards: inputs (INPUT_* variables or flags of
 * the same name, described in README.md) and the runner's environment.
 */

enum mode { MODE_AUTO, MODE_FULL };
enum setup { SETUP_NONE, SETUP_REQUIRED, SETUP_ALL };
enum merge_method { MERGE_SQUASH, MERGE_COMMIT, MERGE_REBASE };

/* property_map: an entry a field. */
struct property_choice {
    const char *property; /* name in Notion; NULL: the property of type title */
    bool off;             /* turned off by an empty name */
    bool given;           /* the user named it, so it must exist */
};

/* status_map: one line "option = state", or "option = state + label: name". */
struct status_choice {
    const char *option;
    const char *state; /* STATUS_OPEN, STATUS_CLOSED or STATUS_NOT_PLANNED */
    const char *label; /* that issues in this status carry; NULL: none */
};

struct config {
    const char *notion_token, *github_token;
    struct seal seal; /* keyed by the Notion token: for the tags of markers, and for what the state
                         may not say */
    const char *database;           /* id as Notion writes it: lower case, dashes */
    const char *owner, *repository; /* of "owner/name" */
    const char *repository_host;    /* host of the URL, if a URL was given; NULL: it was not */
    enum mode mode;
    int64_t full_every; /* hours, 0: never */
    bool dry_run;
    bool check;          /* look at both sides and report, instead of a run */
    bool cleanup;        /* remove what the action made, instead of a run */
    bool yes;            /* cleanup: without asking */
    bool remove_columns; /* cleanup: the database's columns as well */
    bool json;           /* the report, and nothing else, goes to standard output */
    enum setup setup;
    enum create_issues create_issues;
    bool publish; /* Notion's words may go to a public repository */
    enum create_pages create_pages;
    enum pulls pull_requests;
    const char *notion_filter; /* a JSON object, NULL: none */
    const char *const *issue_labels;
    size_t n_issue_labels;                   /* 0: any issue */
    const struct issue_filter *issue_filter; /* NULL: none */
    /* The labels of issue_labels, then those that issue_filter names. */
    const char *const *named_labels;
    size_t n_named_labels;
    const char *const *new_issue_labels; /* for issues that are made for pages */
    size_t n_new_issue_labels;
    const char *new_issue_type;      /* the same, NULL: none */
    const char *const *label_ignore; /* globs of labels that are not carried over */
    size_t n_label_ignore;
    struct fields fields;
    struct property_choice properties[FIELD_ROOM];
    enum direction directions[FIELD_ROOM];
    bool create_milestones; /* make a milestone that GitHub lacks */
    enum field lane;        /* the labels that statuses name; 0: none does */
    const struct status_choice *statuses;
    size_t n_statuses;
    const char *progress[STAGE_COUNT]; /* progress_map: the option of each stage; NULL: none */
    bool follows_progress;             /* … whether it names any */
    bool task_ids;                     /* pull requests belong to pages whose unique_id they name */
    const struct person *people;       /* people_map; user is a Notion id, or an e-mail address */
    size_t n_people;
    const char *people_database; /* id of a data source or database; NULL: none */
    enum link_comments link_comments;
    enum sync_body sync_body;
    enum sync_comments sync_comments;
    const char *comment_marker; /* NULL: all comments of pages go to GitHub */
    enum policy on_conflict;
    enum pull_done pull_request_done;
    enum merge_method merge_method;
    enum page_deleted on_page_deleted;
    enum issue_deleted on_issue_deleted;
    int64_t max_deletions;
    int64_t max_changes;        /* 0: no limit */
    int64_t max_runtime;        /* minutes */
    const char *state_ref;      /* "refs/…", NULL with a folder */
    const char *state_branch;   /* used instead if GitHub refuses state_ref, NULL: nothing is */
    const char *state_folder;   /* of "file:PATH", otherwise NULL */
    const char *notion_api_url; /* no trailing slash */
    enum log_level log_level;
    const char *workflow_ref; /* "octo/hello/.github/workflows/sync.yml@refs/heads/main", or NULL */
    const char *fingerprint;  /* changes with what a pass compares; then a full pass is due */

    /* The runner's environment; NULL if not set. */
    const char *github_api_url;     /* like the next two never NULL: default github.com */
    const char *github_graphql_url; /* no trailing slashes */
    const char *github_server_url;
    const char *output_file, *summary_file, *temp_folder; /* temp_folder never NULL */
    const char *event_name, *event_file;
    const char *run_id;  /* GITHUB_RUN_ID, or "local" */
    int64_t run_attempt; /* GITHUB_RUN_ATTEMPT, or 1 */
    bool in_actions;

    /* Settings that were given and will be ignored, as lines. */
    const char *const *warnings;
    size_t n_warnings;
};

/*
 * One bad input: its name (or a variable, a flag, the place of an argument); its text, on one line
 * and at most 80 characters (NULL for secrets, missing ones and stray arguments, "***" for a text
 * that looks like a secret); and what is wrong with it and what to do, which repeats that text:
 * "\"fulll\" is not valid. Use \"auto\" or \"full\"."
 */
struct config_problem {
    const char *input, *given, *message;
};

enum config_result { CONFIG_OK, CONFIG_BAD, CONFIG_HELP, CONFIG_VERSION };

/*
 * Reads the command line (argc, argv) and the environment into config; strings live in the arena. A
 * flag wins over the variable of the same input; tokens are taken from the environment only.
 * CONFIG_BAD: all problems are in problems (n_problems of them, in the arena): flags, inputs, the
 * runner's variables. Then only these parts of config may be used: the tokens (to keep them out of
 * the report), in_actions, log_level, json and the runner's files; tokens may be NULL. CONFIG_HELP,
 * CONFIG_VERSION: print and exit 0, no matter what else was given.
 */
MUST_USE enum config_result
config_read(struct arena *arena, int argc, char **argv, struct config *config,
            const struct config_problem **problems, size_t *n_problems);

/* The text of --help, living in the arena: usage, every input with its default and meaning, exit
 * statuses. */
char *config_help(struct arena *arena);

/* Whether a column of `fields` that is not turned off is bound to that. */
bool config_has_home(const struct config *config, enum home home);

#endif
