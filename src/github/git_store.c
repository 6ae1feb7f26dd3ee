#include "github/git_store.h"

#include <inttypes.h>
#include <string.h>

#include "base/log.h"
#include "state/record.h"

#define SHA_SIZE 65

struct git_store {
    struct store store; /* first: the pointers are one */
    struct github *github;
    const struct sealing *sealing;
    char commit[SHA_SIZE], tree[SHA_SIZE];
    bool has_lock;
};

static bool
git_store_load(struct store *store, struct store_file *files, size_t n, struct arena *arena,
               struct err *err)
{
    const struct git_store *git = (const struct git_store *)store;
    struct github_batch batch = {.files = files, .n_files = n, .commit = store->commit};

    return github_read_batch(git->github, &batch, arena, err) ||
           err_context(err, "reading the state");
}

/* NULL: there is no state yet. */
static void
git_store_is_at(struct git_store *git, const char *commit, const char *tree)
{
    git->store.commit = NULL;
    if (commit == NULL || tree == NULL || strlen(commit) >= SHA_SIZE || strlen(tree) >= SHA_SIZE)
        return;
    git->store.commit = strcpy(git->commit, commit);
    strcpy(git->tree, tree);
}

static bool
git_store_commit_changes(struct git_store *git, const struct store_file *files, size_t n,
                         const char *message, bool restarts, struct arena *scratch, struct err *err)
{
    struct store_file *changes = arena_array(scratch, n, sizeof(*changes));
    size_t count = 0;
    bool create = git->store.commit == NULL;
    const char *tree;
    const char *commit;

    /* GitHub refuses to delete a path that does not exist; only the lock is ever deleted. */
    for (size_t i = 0; i < n; i++)
        if (files[i].text != NULL || (git->has_lock && strcmp(files[i].path, STATE_LOCK) == 0))
            changes[count++] = files[i];
    if (!github_write_tree(git->github, create ? NULL : git->tree, changes, count, scratch, &tree,
                           err) ||
        !github_write_commit(git->github, tree, restarts ? NULL : git->store.commit, message,
                             scratch, &commit, err) ||
        !(restarts ? github_replace_ref(git->github, git->store.commit, commit, err)
                   : github_move_ref(git->github, commit, create, err)))
        return false;
    git_store_is_at(git, commit, tree);
    for (size_t i = 0; i < n; i++)
        if (strcmp(files[i].path, STATE_LOCK) == 0)
            git->has_lock = files[i].text != NULL;
    return true;
}

/* A record holds the hash of the body, which is enough to continue, and digests are enough for its
 * other values. */
static bool
git_store_commit_secret(struct git_store *git, const struct store_file *file, struct arena *scratch,
                        struct err *err)
{
    struct store_file bare = {file->path, NULL};
    int64_t number = state_path_number(file->path);

    if (number == 0) {
        log_warning("#%" PRId64 ": GitHub takes a text in its body for a secret, so the state has "
                    "only the text's hash: if both sides change it at once, that is one conflict",
                    state_bodies_number(file->path));
        return true;
    }
    bare.text = record_without_words(scratch, file->text, number, git->sealing);
    if (bare.text == NULL)
        return false;
    log_warning("#%" PRId64 ": GitHub takes its title or another value for a secret, so the state "
                "has only digests of them",
                number);
    return git_store_commit_changes(git, &bare, 1, "Texts", false, scratch, err);
}

/* Saves records and texts of bodies without what GitHub mistakes for a secret. GitHub does not say
 * which file holds it, so this halves the files until it is found. */
static bool
git_store_commit_texts(struct git_store *git, const struct store_file *files, size_t n,
                       struct arena *scratch, struct err *err)
{
    if (n == 0 || git_store_commit_changes(git, files, n, "Texts", false, scratch, err))
        return true;
    if (!github_found_secret(err))
        return false;
    if (n > 1)
        return git_store_commit_texts(git, files, n / 2, scratch, err) &&
               git_store_commit_texts(git, files + n / 2, n - n / 2, scratch, err);
    return git_store_commit_secret(git, files, scratch, err);
}

static bool
holds_text(const struct store_file *file)
{
    return file->text != NULL &&
           (state_path_number(file->path) != 0 || state_bodies_number(file->path) != 0);
}

/* Texts come first: if the pass dies after that, the saved records are what any pass that died
 * could have left. */
static bool
git_store_commit_without(struct git_store *git, const struct store_file *files, size_t n,
                         const char *message, bool restarts, struct arena *scratch, struct err *err)
{
    struct store_file *parts = arena_array(scratch, n, sizeof(*parts));
    size_t texts = 0;
    size_t others = n;

    for (size_t i = n; i-- > 0;)
        if (!holds_text(&files[i]))
            parts[--others] = files[i];
    for (size_t i = 0; i < n; i++)
        if (holds_text(&files[i]))
            parts[texts++] = files[i];
    return git_store_commit_texts(git, parts, texts, scratch, err) &&
           git_store_commit_changes(git, parts + others, n - others, message, restarts, scratch,
                                    err);
}

static bool
git_store_write(struct store *store, const struct store_file *files, size_t n, const char *message,
                bool restarts, struct err *err)
{
    struct git_store *git = (struct git_store *)store;
    struct arena *scratch = arena_new();
    struct err local = {.kind = ERR_NONE};
    bool ok = git_store_commit_changes(git, files, n, message, restarts, scratch, &local);

    if (!ok && github_found_secret(&local))
        ok = git_store_commit_without(git, files, n, message, restarts, scratch, &local);
    arena_free(scratch);
    if (ok)
        return true;
    /* Source: docs.github.com, "Troubleshooting the REST API" (404 for things that exist). */
    if (local.kind == ERR_NOT_FOUND)
        (void)err_set(err, ERR_ACCESS,
                      "%s; GitHub also says so to a token that may not write there: it needs "
                      "`contents: write`",
                      local.text);
    else
        (void)err_set(err, local.kind, "%s", local.text);
    return err_context(err, "saving the state");
}

static bool
git_store_save(struct store *store, const struct store_file *files, size_t n, const char *message,
               struct err *err)
{
    return git_store_write(store, files, n, message, false, err);
}

static bool
git_store_restart(struct store *store, const struct store_file *files, size_t n,
                  const char *message, struct err *err)
{
    return git_store_write(store, files, n, message, true, err);
}

struct store *
git_store_open(struct github *github, const struct github_overview *overview,
               const struct sealing *sealing, struct arena *arena)
{
    struct git_store *git = arena_alloc(arena, sizeof(*git));

    git->store.load = git_store_load;
    git->store.save = git_store_save;
    git->store.restart = git_store_restart;
    git->github = github;
    git->sealing = sealing;
    git->has_lock = overview->lock != NULL;
    git_store_is_at(git, overview->state_commit, overview->state_tree);
    return &git->store;
}
