#include <string.h>

#include "base/json.h"
#include "github/github_p.h"

/* Beyond about 60 issues GitHub cuts nested lists without reporting it, and it stops a query after
 * 10 s. */
#define PAGE_LENGTH  50
#define FOLDER_COUNT 4

/* A listing: the pages of a connection, and folders of the state along with them. */
struct issue_walk {
    struct github *github;
    enum listing listing;
    const char *what;
    size_t size, n_folders; /* asked for at once; halved if it was too much */
    const char *after;      /* NULL: the first page */
    const struct state_folders *state;
    size_t folders_done;
    void (*see)(void *context, const struct issue *issue); /* not of LIST_NEWEST_ISSUES */
    void *context;
    struct arena *scratch;
};

static size_t
folders_due(const struct issue_walk *walk)
{
    size_t left = walk->state != NULL ? walk->state->n_paths - walk->folders_done : 0;

    return left < walk->n_folders ? left : walk->n_folders;
}

static struct json_object *
walk_variables(const struct issue_walk *walk, size_t n_folders, struct arena *scratch)
{
    struct json_object *variables = json_new_object();

    if (walk->listing != LIST_NONE) {
        json_add_int(variables, "size", (int64_t)walk->size);
        json_add_string(variables, "after", walk->after);
    }
    for (size_t i = 0; i < n_folders; i++) {
        char alias[ALIAS_SIZE];

        alias_of_object(alias, i);
        json_add_string(variables, alias,
                        arena_printf(scratch, "%s:%s", walk->state->commit,
                                     walk->state->paths[walk->folders_done + i]));
    }
    return variables;
}

static bool
walk_ask(struct issue_walk *walk, struct query_answer *answer, size_t *n_folders, struct err *err)
{
    for (;;) {
        struct arena *scratch = arena_new();
        bool smaller = false;
        bool ok;

        *n_folders = folders_due(walk);
        ok = query_run(walk->github, walk->what,
                       list_query(scratch, walk->listing, *n_folders, &walk->github->selected),
                       walk_variables(walk, *n_folders, scratch), answer, err);
        arena_free(scratch);
        if (ok)
            return true;
        if (*n_folders > 0)
            smaller = query_halve(&walk->n_folders, err);
        if (walk->listing != LIST_NONE)
            smaller = query_halve(&walk->size, err) || smaller;
        if (!smaller)
            return false;
    }
}

static bool
walk_folders(struct issue_walk *walk, const struct query_answer *answer, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        struct state_folder folder = {.path = walk->state->paths[walk->folders_done]};
        struct arena *texts;
        char alias[ALIAS_SIZE];
        bool ok;

        alias_of_object(alias, i);
        if (!json_has(answer->repository, alias))
            return err_set(err, ERR_DATA, "an answer without %s of the state", folder.path);
        texts = arena_new();
        ok = state_folder_files(walk->github, json_get(answer->repository, alias), texts, &folder,
                                err) &&
             walk->state->see(walk->state->context, &folder, err);
        arena_free(texts);
        if (!ok)
            return false;
        walk->folders_done++;
    }
    return true;
}

/* One request: the page's nodes are in answer, which the caller releases. */
static bool
walk_step(struct issue_walk *walk, struct query_answer *answer, struct json_object **nodes,
          struct err *err)
{
    struct json_object *connection;
    size_t n_folders;

    if (!walk_ask(walk, answer, &n_folders, err))
        return false;
    if (walk_folders(walk, answer, n_folders, err)) {
        connection = json_get(answer->repository, "list");
        *nodes = json_array(connection, "nodes");
        if (walk->listing == LIST_NONE ||
            (query_next(connection, walk->scratch, &walk->after, err) &&
             (*nodes != NULL || err_set(err, ERR_DATA, "an answer without the list"))))
            return true;
    }
    query_release(answer);
    return err_context(err, "%s", walk->what);
}

static void
walk_begin(struct issue_walk *walk)
{
    walk->size = PAGE_LENGTH;
    walk->n_folders = FOLDER_COUNT;
    walk->scratch = arena_new();
}

static bool
list_page(struct issue_walk *walk, struct err *err)
{
    struct query_answer answer;
    struct json_object *nodes = NULL;
    bool ok = true;

    if (!walk_step(walk, &answer, &nodes, err))
        return false;
    for (size_t i = 0; ok && i < json_len(nodes); i++) {
        struct arena *scratch = arena_new();
        struct issue *issue;

        ok = read_issue(walk->github, &answer, json_at(nodes, i), false, scratch, &issue, err) ||
             err_context(err, "%s", walk->what);
        if (ok) {
            /* Every issue reports values for columns that are not used; they would waste memory. */
            issue->values =
                values_only(&issue->values,
                            field_set_minus(FIELDS_ALL, walk->github->selected.dropped), scratch);
            walk->see(walk->context, issue);
        }
        arena_free(scratch);
    }
    query_release(&answer);
    return ok;
}

bool
github_list_all(struct github *github, bool pulls, const struct state_folders *state,
                void (*see)(void *context, const struct issue *issue), void *context,
                struct err *err)
{
    struct err ignored;
    struct issue_walk walk = {.github = github,
                              .listing = pulls ? LIST_PULLS : LIST_ISSUES,
                              .what = pulls ? "listing the pull requests" : "listing the issues",
                              .state = state,
                              .see = see,
                              .context = context};
    bool ok;

    if (err == NULL)
        err = &ignored;
    if (pulls && github->no_pulls)
        return true;
    walk_begin(&walk);
    do
        ok = list_page(&walk, err);
    while (ok && walk.after != NULL);
    walk.listing = LIST_NONE;
    walk.what = "reading the state";
    while (ok && folders_due(&walk) > 0)
        ok = list_page(&walk, err);
    arena_free(walk.scratch);
    return ok;
}

/* Newest first, so a later match is older; *past: all the others are too old. */
static bool
find_in_page(struct issue_walk *walk, const char *page_id, int64_t since, struct arena *arena,
             struct issue **issue, bool *past, struct err *err)
{
    struct query_answer answer;
    struct json_object *nodes = NULL;
    bool ok = true;

    if (!walk_step(walk, &answer, &nodes, err))
        return false;
    for (size_t i = 0; ok && !*past && i < json_len(nodes); i++) {
        struct issue *it;

        ok = read_issue(walk->github, &answer, json_at(nodes, i), true, arena, &it, err) ||
             err_context(err, "%s", walk->what);
        if (!ok)
            break;
        *past = it->created_at < since;
        if (!*past && it->marker != NULL && strcmp(it->marker, page_id) == 0)
            *issue = it;
    }
    query_release(&answer);
    return ok;
}

bool
github_find_created(struct github *github, const char *page_id, int64_t since, struct arena *arena,
                    struct issue **issue, struct err *err)
{
    struct err ignored;
    struct issue_walk walk = {.github = github,
                              .listing = LIST_NEWEST_ISSUES,
                              .what = "looking for an issue that may have been created"};
    bool past = false;
    bool ok;

    if (err == NULL)
        err = &ignored;
    /* GitHub's times are whole seconds, rounded down. */
    since -= since % 1000;
    *issue = NULL;
    walk_begin(&walk);
    do
        ok = find_in_page(&walk, page_id, since, arena, issue, &past, err);
    while (ok && !past && walk.after != NULL);
    arena_free(walk.scratch);
    return ok;
}
