#include "github/git_store.h"

#include <string.h>

#include "state/record.h"

#define SHA_SIZE        65
#define FILES_A_REQUEST 100

struct git_store {
    struct store store; /* first: the pointers are one */
    struct github *github;
    char commit[SHA_SIZE], tree[SHA_SIZE]; /* "" where there is no state yet */
    bool has_lock;
};

static bool
git_store_load(struct store *store, struct store_file *files, size_t n, struct arena *arena,
               struct err *err)
{
    struct git_store *git = (struct git_store *)store;

    for (size_t at = 0; at < n && git->commit[0] != '\0'; at += FILES_A_REQUEST) {
        size_t count = n - at < FILES_A_REQUEST ? n - at : FILES_A_REQUEST;
        struct state_file *wanted = arena_array(arena, count, sizeof(*wanted));
        struct github_batch batch = {.files = wanted, .n_files = count, .commit = git->commit};

        for (size_t i = 0; i < count; i++)
            wanted[i].path = files[at + i].path;
        if (!github_read_batch(git->github, &batch, arena, err))
            return err_context(err, "reading the state");
        for (size_t i = 0; i < count; i++)
            files[at + i].text = wanted[i].text;
    }
    return true;
}

/* GitHub refuses to delete a path that is not there; only the lock is ever deleted. */
static size_t
git_store_changes(struct git_store *git, const struct store_file *files, size_t n,
                  struct tree_change *changes)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        bool lock = strcmp(files[i].path, STATE_LOCK) == 0;

        if (files[i].text == NULL && !(lock && git->has_lock))
            continue;
        changes[count++] = (struct tree_change){files[i].path, files[i].text};
    }
    return count;
}

static void
git_store_note_lock(struct git_store *git, const struct store_file *files, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(files[i].path, STATE_LOCK) == 0)
            git->has_lock = files[i].text != NULL;
}

static void
sha_copy(char to[SHA_SIZE], const char *from)
{
    to[0] = '\0';
    if (from != NULL && strlen(from) < SHA_SIZE)
        memcpy(to, from, strlen(from) + 1);
}

static bool
git_store_commit_changes(struct git_store *git, const struct store_file *files, size_t n,
                         const char *message, struct arena *scratch, struct err *err)
{
    struct tree_change *changes = arena_array(scratch, n, sizeof(*changes));
    size_t count = git_store_changes(git, files, n, changes);
    bool create = git->commit[0] == '\0';
    const char *tree;
    const char *commit;

    if (!github_write_tree(git->github, create ? NULL : git->tree, changes, count, scratch, &tree,
                           err) ||
        !github_write_commit(git->github, tree, create ? NULL : git->commit, message, scratch,
                             &commit, err) ||
        !github_move_ref(git->github, commit, create, err))
        return false;
    sha_copy(git->tree, tree);
    sha_copy(git->commit, commit);
    git_store_note_lock(git, files, n);
    return true;
}

/* Source: docs.github.com, "Troubleshooting the REST API" (404 for what exists). */
static bool
git_store_failed(struct err *err)
{
    if (err != NULL && err->kind == ERR_NOT_FOUND)
        err_set(err, ERR_ACCESS,
                "%s; GitHub also says so to a token that may not write there: it needs `contents: "
                "write`",
                err->text);
    return err_context(err, "saving the state");
}

static bool
git_store_save(struct store *store, const struct store_file *files, size_t n, const char *message,
               struct err *err)
{
    struct arena *scratch = arena_new();
    bool ok = git_store_commit_changes((struct git_store *)store, files, n, message, scratch, err);

    arena_free(scratch);
    return ok || git_store_failed(err);
}

struct store *
git_store_open(struct github *github, const struct github_overview *overview, struct arena *arena)
{
    struct git_store *git = arena_alloc(arena, sizeof(*git));

    git->store.load = git_store_load;
    git->store.save = git_store_save;
    git->github = github;
    git->has_lock = overview->lock != NULL;
    sha_copy(git->commit, overview->state_commit);
    sha_copy(git->tree, overview->state_tree);
    return &git->store;
}

const char *
git_store_commit(const struct store *store)
{
    const struct git_store *git = (const struct git_store *)store;

    return git->commit[0] != '\0' ? git->commit : NULL;
}
