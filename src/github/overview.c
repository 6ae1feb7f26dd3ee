#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/nearest.h"
#include "github/github_p.h"

/* Times have a resolution of one second, and others of the same second may be on the next page of
 * results. */
#define NEXT_SECOND 1000
#define READING     "reading the repository"

static bool
read_touched(struct json_object *repository, bool pulls, struct touched_list *list, int64_t *since,
             struct err *err)
{
    struct json_object *connection = json_get(repository, pulls ? "pullRequests" : "issues");
    bool more = json_flag(json_get(connection, "pageInfo"), "hasNextPage", true);
    int64_t oldest = 0;

    if (!decode_touched(connection, pulls, list, &oldest, err))
        return false;
    *since = more ? oldest + NEXT_SECOND : 0;
    return true;
}

static bool
read_folders(struct json_object *records, struct arena *arena, struct github_overview *overview,
             struct err *err)
{
    struct json_object *entries = json_array(json_get(records, "object"), "entries");
    const char **folders = arena_array(arena, json_len(entries), sizeof(*folders));
    size_t n = 0;

    for (size_t i = 0; i < json_len(entries); i++) {
        const char *name = json_string(json_at(entries, i), "name");
        const char *type = json_string(json_at(entries, i), "type");

        if (name == NULL || type == NULL)
            return err_set(err, ERR_DATA, "an answer with a nameless folder of the state");
        if (strcmp(type, "tree") == 0)
            folders[n++] = arena_printf(arena, "records/%s", name);
    }
    overview->folders = folders;
    overview->n_folders = n;
    return true;
}

/* A file or folder of a commit that the state never has, which shows that the commit is
 * somebody's work; NULL: the state may be there. */
static const char *
foreign_file(struct json_object *ref)
{
    struct json_object *entries = json_array(json_get(json_get(ref, "target"), "tree"), "entries");
    const char *other = NULL;

    for (size_t i = 0; i < json_len(entries); i++) {
        const char *name = json_string(json_at(entries, i), "name");

        if (name != NULL && (strcmp(name, "cursor.json") == 0 || strcmp(name, "lock.json") == 0 ||
                             strcmp(name, "limits.json") == 0 || strcmp(name, "records") == 0))
            return NULL;
        other = name;
    }
    return other;
}

static bool
read_state(struct github *github, struct json_object *ref, struct arena *arena,
           struct github_overview *overview, struct err *err)
{
    struct json_object *commit = json_get(ref, "target");
    const char *oid = json_string(commit, "oid");
    const char *tree = json_string(json_get(commit, "tree"), "oid");

    overview->state_ref = github->state_ref;
    if (ref == NULL)
        return true;
    if (oid == NULL || tree == NULL)
        return err_set(
            err, ERR_INPUT,
            "state_ref: %s does not point at a commit; give a ref that nothing else uses",
            github->state_ref);
    if (foreign_file(ref) != NULL)
        return err_set(err, ERR_INPUT,
                       "state_ref: %s holds other things than the state (%s, …); give a ref that "
                       "nothing else uses",
                       github->state_ref, foreign_file(ref));
    overview->state_commit = arena_strdup(arena, oid);
    overview->state_tree = arena_strdup(arena, tree);
    return state_file_text(github, json_get(json_get(commit, "cursor"), "object"), "cursor.json",
                           arena, &overview->cursor, err) &&
           state_file_text(github, json_get(json_get(commit, "lock"), "object"), "lock.json", arena,
                           &overview->lock, err) &&
           state_file_text(github, json_get(json_get(commit, "columns"), "object"), "columns.json",
                           arena, &overview->columns, err) &&
           state_file_text(github, json_get(json_get(commit, "limits"), "object"), "limits.json",
                           arena, &overview->limits, err) &&
           read_folders(json_get(commit, "records"), arena, overview, err);
}

static int64_t
saved_at(struct json_object *ref)
{
    const char *text = json_string(json_get(ref, "target"), "committedDate");
    int64_t time;

    return text != NULL && clock_parse(text, &time) ? time : 0;
}

/* If there are two states, uses the one that was saved later. A branch with somebody's work does
 * not count as a state, and does not take the place of a ref that GitHub refuses. */
static bool
choose_state(struct github *github, struct json_object *repository, struct arena *arena,
             struct github_overview *overview, struct err *err)
{
    struct json_object *refs[] = {json_get(repository, "ref"), json_get(repository, "branch")};
    struct json_object *tree = json_get(json_get(refs[1], "target"), "tree");
    size_t used;

    if (refs[1] != NULL && (json_string(tree, "oid") == NULL || foreign_file(refs[1]) != NULL)) {
        overview->state_foreign = github->state_refs[1];
        github->state_refs[1] = NULL;
        refs[1] = NULL;
    }
    used = refs[1] != NULL && (refs[0] == NULL || saved_at(refs[1]) > saved_at(refs[0]));
    github->state_ref = github->state_refs[used];
    if (refs[0] != NULL && refs[1] != NULL)
        overview->state_other = github->state_refs[1 - used];
    return read_state(github, refs[used], arena, overview, err);
}

/* Labels that an input names and the repository lacks: no issue would ever match them. */
static void
look_for_labels(const struct github *github, struct json_object *repository, struct arena *arena,
                struct github_overview *overview)
{
    struct json_object *all = json_array(json_get(repository, "labels"), "nodes");
    const char **missing = arena_array(arena, github->n_labels, sizeof(*missing));
    const char **near = arena_array(arena, github->n_labels, sizeof(*near));
    size_t n = 0;

    for (size_t i = 0; i < github->n_labels; i++) {
        struct nearest nearest = nearest_to(github->labels[i]);

        if (json_get(repository, arena_printf(arena, "l%zu", i)) != NULL)
            continue;
        for (size_t k = 0; k < json_len(all); k++)
            nearest_offer(&nearest, json_string(json_at(all, k), "name"));
        missing[n] = github->labels[i];
        near[n++] = arena_strdup(arena, nearest.name);
    }
    overview->no_labels = missing;
    overview->near_labels = near;
    overview->n_no_labels = n;
}

static bool
check_branch(const struct github *github, struct json_object *branch, struct err *err)
{
    const char *name = json_string(branch, "name");
    const char *heads = "refs/heads/";

    if (name == NULL || github->state_ref == NULL ||
        strncmp(github->state_ref, heads, strlen(heads)) != 0 ||
        strcmp(github->state_ref + strlen(heads), name) != 0)
        return true;
    return err_set(err, ERR_INPUT,
                   "state_ref: %s is the default branch; give a ref that nothing else uses",
                   github->state_ref);
}

static bool
read_overview(struct github *github, const struct query_answer *answer, struct arena *arena,
              struct github_overview *overview, struct err *err)
{
    struct json_object *repository = answer->repository;
    struct json_object *branch = json_get(repository, "defaultBranchRef");
    const char *name = json_string(repository, "nameWithOwner");

    github->key.repository = json_int(repository, "databaseId", 0);
    if (name == NULL || answer->viewer[0] == '\0' || github->key.repository <= 0)
        return err_set(err, ERR_DATA, "an answer without viewer or repository");
    github->viewer = arena_strdup(github->arena, answer->viewer);
    overview->viewer = arena_strdup(arena, answer->viewer);
    overview->repository = arena_strdup(arena, name);
    github_follow(github, name);
    overview->is_public = !json_flag(repository, "isPrivate", false);
    overview->has_issues = json_flag(repository, "hasIssuesEnabled", true);
    overview->archived = json_flag(repository, "isArchived", false);
    look_for_labels(github, repository, arena, overview);
    overview->types = choices_types(repository, arena, &overview->n_types);
    overview->empty = branch == NULL;
    overview->server_time = answer->date;
    return check_branch(github, branch, err) &&
           read_touched(repository, false, &overview->touched, &overview->issues_since, err) &&
           (github->no_pulls ||
            read_touched(repository, true, &overview->touched, &overview->pulls_since, err)) &&
           choose_state(github, repository, arena, overview, err);
}

static bool
ask_overview(struct github *github, struct arena *arena, struct query_answer *answer,
             struct err *err)
{
    struct json_object *variables = json_new_object();
    size_t states = (github->state_refs[0] != NULL) + (size_t)(github->state_refs[1] != NULL);

    if (states > 0)
        json_add_string(variables, "ref", github->state_refs[0]);
    if (states > 1)
        json_add_string(variables, "branch", github->state_refs[1]);
    for (size_t i = 0; i < github->n_labels; i++)
        json_add_string(variables, arena_printf(arena, "l%zu", i), github->labels[i]);
    return query_run(github, READING,
                     overview_query(arena, states, github->n_labels, github->types,
                                    github->blockers, !github->no_pulls),
                     variables, answer, err);
}

bool
github_read_overview(struct github *github, struct arena *arena, struct github_overview *overview,
                     struct err *err)
{
    struct query_answer answer;
    bool ok;

    *overview = (struct github_overview){0};
    github->no_pulls = false;
    while (!ask_overview(github, arena, &answer, err)) {
        /* If pull requests are turned off, issues are still synced. Older servers know no
         * dependencies, and a token may not be allowed to read them. */
        if (err->kind == ERR_GONE && !github->no_pulls)
            github->no_pulls = true;
        else if (github->blockers && (err->kind == ERR_INPUT || err->kind == ERR_ACCESS))
            github->blockers = false;
        else
            return false;
    }
    ok = read_overview(github, &answer, arena, overview, err) || err_context(err, "%s", READING);
    query_release(&answer);
    if (!ok)
        vec_free(&overview->touched);
    return ok;
}

bool
github_list_touched(struct github *github, bool pulls, int64_t since, struct touched_list *list,
                    struct err *err)
{
    const char *what =
        pulls ? "listing the pull requests that changed" : "listing the issues that changed";
    struct arena *arena = arena_new();
    const char *after = NULL;
    char text[CLOCK_TEXT_SIZE];
    bool ok = true;

    /* GitHub's times are whole seconds, rounded down. */
    since -= since % 1000;
    clock_format(since, text);
    memcpy(text + strcspn(text, "."), "Z", 2);
    do {
        struct json_object *variables = json_new_object();
        struct query_answer answer;
        struct json_object *connection;
        size_t from = list->len;
        int64_t oldest = since;

        json_add_string(variables, "after", after);
        if (!pulls)
            json_add_string(variables, "since", text);
        if (!query_run(github, what, touched_query(pulls), variables, &answer, err)) {
            ok = false;
            break;
        }
        connection = json_get(answer.repository, "list");
        ok = (decode_touched(connection, pulls, list, &oldest, err) &&
              query_next(connection, arena, &after, err)) ||
             err_context(err, "%s", what);
        query_release(&answer);
        for (size_t i = from; i < list->len; i++)
            if (list->items[i].updated_at >= since)
                list->items[from++] = list->items[i];
        list->len = from;
        if (oldest < since && pulls)
            break;
    } while (ok && after != NULL);
    arena_free(arena);
    return ok;
}
