#ifndef STATE_STORE_H
#define STATE_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"

/*
 * The storage of the state: text files that are read at one version. A save writes all files or
 * none, and only if nobody else has saved since that version was read. Two implementations: the
 * commit of a git ref (github/git_store.h) and a folder.
 */
struct store_file {
    const char *path; /* from the root, with slashes */
    const char *text; /* loading: out, NULL if there is no such file; saving: NULL deletes it */
};

struct store {
    /* The repository's commit: github_read_batch can read files at it together with issues, besides
     * store_load. NULL: there is none, or not yet. Valid until the next save. */
    const char *commit;
    /* Fills in the texts (in the arena). */
    bool (*load)(struct store *store, struct store_file *files, size_t n, struct arena *arena,
                 struct err *err);
    /* Writes and deletes. ERR_CONFLICT: somebody else saved meanwhile, and nothing was written.
     * message: one line, for the history. */
    bool (*save)(struct store *store, const struct store_file *files, size_t n, const char *message,
                 struct err *err);
    /* The same, without keeping any earlier version. Only for the holder of the lock, which
     * guarantees that nobody else saves meanwhile. */
    bool (*restart)(struct store *store, const struct store_file *files, size_t n,
                    const char *message, struct err *err);
};

/* Deleting a missing file is not a failure. */
MUST_USE static inline bool
store_load(struct store *store, struct store_file *files, size_t n, struct arena *arena,
           struct err *err)
{
    return store->load(store, files, n, arena, err);
}

MUST_USE static inline bool
store_save(struct store *store, const struct store_file *files, size_t n, const char *message,
           struct err *err)
{
    return store->save(store, files, n, message, err);
}

MUST_USE static inline bool
store_restart(struct store *store, const struct store_file *files, size_t n, const char *message,
              struct err *err)
{
    return store->restart(store, files, n, message, err);
}

/*
 * A store in a folder; it lives in the arena. Opening fixes the version that loading reads and that
 * saving compares. A successful save moves it on. Loading can fail with ERR_CONFLICT too: the loser
 * opens again.
 *
 * The first save makes the folder, so a pass that saves nothing leaves nothing behind. Saving takes
 * flock(2) on its file `.lock`, writes all texts to temporary files (fsync), raises the number in
 * the file `generation`, then renames and deletes in the given order. So every file is whole even
 * after a killed save, and nobody saves without having read what it left. ERR_STATE: the folder
 * cannot be used; the message names the path and the cure.
 */
MUST_USE bool
store_open_folder(const char *folder, struct arena *arena, struct store **store, struct err *err);

/* The paths of all records in a folder store ("records/0/12.json"), by number, in the arena. Fails
 * like loading. */
MUST_USE bool store_folder_records(struct store *store, struct arena *arena,
                                   const char *const **paths, size_t *n, struct err *err);

#endif
