#ifndef STATE_FILES_H
#define STATE_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/vec.h"

/*
 * Files with text below one folder, for the store in a folder. Paths are relative to it. Failures
 * are ERR_STATE and name the path and the cure.
 */
struct files {
    const char *path; /* of the folder; lent */
    int root;         /* its descriptor, -1 if the folder is missing or not entered */
};

VEC_TYPE(name_list, const char *);

/* Enters the folder, a missing one being no failure, or makes it and the folders above first. Undo
 * with files_leave, whatever came of it. */
MUST_USE bool files_enter(struct files *files, struct err *err);
MUST_USE bool files_make(struct files *files, struct err *err);
void files_leave(struct files *files);

/* The text of a file, in the arena, up to its first NUL; NULL if there is no such file, or no
 * folder. */
MUST_USE bool files_read(const struct files *files, const char *path, struct arena *arena,
                         const char **text, struct err *err);

/* Writing in two steps: files_stage puts the text into a temporary file beside the path, safe on
 * the disk; files_commit gives that file its name. Folders are made as needed. */
MUST_USE bool
files_stage(const struct files *files, const char *path, const char *text, struct err *err);
MUST_USE bool files_commit(const struct files *files, const char *path, struct err *err);

/* Deletes a file; one that is not there is not a failure. */
MUST_USE bool files_delete(const struct files *files, const char *path, struct err *err);

/* Adds the names in a folder, in no order, in the arena; none if it is missing. The list is
 * released with vec_free, whatever came of it. */
MUST_USE bool files_list(const struct files *files, const char *path, struct arena *arena,
                         struct name_list *names, struct err *err);

/* Takes the lock file (flock(2)) and sets *fd to its descriptor, whose close gives it back. shared:
 * for reading; -1 if there is no lock file yet. */
MUST_USE bool
files_lock(const struct files *files, const char *path, bool shared, int *fd, struct err *err);

/* Closes a descriptor and keeps errno; -1 is allowed. */
void files_close(int fd);

/* ERR_STATE with errno's text: "cannot read DIR/path: …". Returns false. */
bool files_fail(const struct files *files, const char *does, const char *path, struct err *err);

#endif
