#ifndef STATE_STORE_H
#define STATE_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"

/*
 * Where the state is kept: files with text, read at one version and saved all together or not at all, and only
 * if nobody else saved since that version was read. Two implementations: the commit of a git ref (github/git_store.h) and a folder.
 */
struct store_file {
    const char *path; /* from the root, with slashes */
    const char *text; /* loading: out, NULL where there is no such file; saving: NULL deletes it */
};

struct store {
    /* Fills in the texts (in the arena). */
    bool (*load)(struct store *store, struct store_file *files, size_t n, struct arena *arena,
                 struct err *err);
    /* Writes and deletes; ERR_CONFLICT: somebody else saved meanwhile, nothing was written. message: one line, for the history. */
    bool (*save)(struct store *store, const struct store_file *files, size_t n, const char *message,
                 struct err *err);
};

/* Deleting a file that is not there is no failure. */
MUST_USE bool store_load(struct store *store, struct store_file *files, size_t n,
                         struct arena *arena, struct err *err);
MUST_USE bool store_save(struct store *store, const struct store_file *files, size_t n,
                         const char *message, struct err *err);

/* A store in a folder, made where it is missing. Files are written by temporary file and rename; `lock.json` is created exclusively, so
 * of two passes one gets it. It lives in the arena. */
MUST_USE bool
store_open_folder(const char *folder, struct arena *arena, struct store **store, struct err *err);

/* The paths of all records in a folder store ("records/0/12.json"), in the arena. */
MUST_USE bool store_folder_records(struct store *store, struct arena *arena,
                                   const char *const **paths, size_t *n, struct err *err);

#endif
