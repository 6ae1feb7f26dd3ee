#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "state/files.h"
#include "state/record.h"
#include "state/store.h"

#define LOCK_FILE       ".lock"
#define GENERATION_FILE "generation"

struct folder {
    struct store store;
    const char *path;
    int64_t generation; /* what was read; 0: nobody ever saved */
};

/* The folder while it is read or written. */
struct visit {
    struct files files;
    int lock;
};

VEC_TYPE(record_list, int64_t);

/* Paths are made by this program; they are checked nevertheless, since they lead into a file
 * system. */
static bool
path_is_fit(const char *path)
{
    if (strcmp(path, GENERATION_FILE) == 0)
        return false;
    for (;;) {
        size_t length = strcspn(path, "/");

        if (length == 0 || *path == '.')
            return false;
        if (path[length] == '\0')
            return true;
        path += length + 1;
    }
}

static bool
paths_are_fit(const struct store_file *files, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++)
        if (!path_is_fit(files[i].path))
            return err_set(err, ERR_STATE, "\"%s\" is no path of a file of the state",
                           files[i].path);
    return true;
}

static bool
generation_read(const struct files *files, struct arena *arena, int64_t *generation,
                struct err *err)
{
    const char *text;
    char *end;

    *generation = 0;
    if (!files_read(files, GENERATION_FILE, arena, &text, err))
        return false;
    if (text == NULL)
        return true;
    errno = 0;
    *generation = strtoll(text, &end, 10);
    return (errno == 0 && *generation > 0 && strcmp(end, "\n") == 0) ||
           err_set(err, ERR_STATE,
                   "%s/" GENERATION_FILE " is damaged: delete the folder to begin again",
                   files->path);
}

static bool
generation_check(const struct folder *folder, const struct files *files, struct arena *arena,
                 struct err *err)
{
    int64_t now;

    if (!generation_read(files, arena, &now, err))
        return false;
    return now == folder->generation ||
           err_set(err, ERR_CONFLICT, "another run saved its state to %s meanwhile", folder->path);
}

/* Raised before anything else gets its name: from then on, who read the old files cannot save. */
static bool
generation_raise(struct folder *folder, const struct files *files, struct arena *arena,
                 struct err *err)
{
    const char *text = arena_printf(arena, "%" PRId64 "\n", folder->generation + 1);

    if (!files_stage(files, GENERATION_FILE, text, err) ||
        !files_commit(files, GENERATION_FILE, err))
        return false;
    folder->generation++;
    return true;
}

static struct visit
visit_new(const struct folder *folder)
{
    return (struct visit){.files = {.path = folder->path, .root = -1}, .lock = -1};
}

static void
visit_end(struct visit *visit)
{
    files_close(visit->lock);
    files_leave(&visit->files);
}

static bool
visit_to_read(struct visit *visit, struct err *err)
{
    return files_enter(&visit->files, err) &&
           (visit->files.root < 0 || files_lock(&visit->files, LOCK_FILE, true, &visit->lock, err));
}

static bool
visit_to_write(struct visit *visit, struct err *err)
{
    return files_make(&visit->files, err) &&
           files_lock(&visit->files, LOCK_FILE, false, &visit->lock, err);
}

static bool
texts_read(const struct files *from, struct store_file *files, size_t n, struct arena *arena,
           struct err *err)
{
    for (size_t i = 0; i < n; i++)
        if (!files_read(from, files[i].path, arena, &files[i].text, err))
            return false;
    return true;
}

static bool
folder_load(struct store *store, struct store_file *files, size_t n, struct arena *arena,
            struct err *err)
{
    const struct folder *folder = (const struct folder *)store;
    struct visit visit = visit_new(folder);
    bool ok;

    /* Checked last: the first save of all may begin while there is no lock to take. */
    ok = paths_are_fit(files, n, err) && visit_to_read(&visit, err) &&
         texts_read(&visit.files, files, n, arena, err) &&
         generation_check(folder, &visit.files, arena, err);
    visit_end(&visit);
    return ok;
}

static bool
texts_write(struct folder *folder, const struct files *to, const struct store_file *files, size_t n,
            struct arena *arena, struct err *err)
{
    for (size_t i = 0; i < n; i++)
        if (files[i].text != NULL && !files_stage(to, files[i].path, files[i].text, err))
            return false;
    if (!generation_raise(folder, to, arena, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (files[i].text != NULL ? !files_commit(to, files[i].path, err)
                                  : !files_delete(to, files[i].path, err))
            return false;
    return fsync(to->root) == 0 || files_fail(to, "write", "", err);
}

static bool
folder_save(struct store *store, const struct store_file *files, size_t n, const char *message,
            struct err *err)
{
    struct folder *folder = (struct folder *)store;
    struct visit visit = visit_new(folder);
    struct arena *scratch = arena_new();
    bool ok;

    (void)message; /* a folder has no history */
    ok = paths_are_fit(files, n, err) && visit_to_write(&visit, err) &&
         generation_check(folder, &visit.files, scratch, err) &&
         texts_write(folder, &visit.files, files, n, scratch, err);
    visit_end(&visit);
    arena_free(scratch);
    return ok;
}

bool
store_open_folder(const char *path, struct arena *arena, struct store **store, struct err *err)
{
    struct folder *folder = arena_alloc(arena, sizeof(*folder));
    struct visit visit;
    bool ok;

    folder->store =
        (struct store){.load = folder_load, .save = folder_save, .restart = folder_save};
    folder->path = arena_strdup(arena, path);
    *store = &folder->store;
    if (*path == '\0')
        return err_set(err, ERR_INPUT, "state_ref names no folder: file:PATH is expected");
    visit = visit_new(folder);
    ok = visit_to_read(&visit, err) &&
         generation_read(&visit.files, arena, &folder->generation, err);
    visit_end(&visit);
    return ok;
}

static bool
group_list(const struct files *files, const char *group, struct arena *arena,
           struct record_list *records, struct err *err)
{
    const char *path = arena_printf(arena, "records/%s", group);
    struct name_list names = {0};
    bool ok;

    if (group[strspn(group, "0123456789")] != '\0')
        return true;
    ok = files_list(files, path, arena, &names, err);
    for (size_t i = 0; i < names.len; i++) {
        const char *file = arena_printf(arena, "%s/%s", path, names.items[i]);
        int64_t number = state_path_number(file);

        if (number > 0 && strcmp(file, state_record_path(arena, number)) == 0)
            vec_push(records, number);
    }
    vec_free(&names);
    return ok;
}

static bool
records_list(const struct files *files, struct arena *arena, struct record_list *records,
             struct err *err)
{
    struct name_list groups = {0};
    bool ok = files->root < 0 || files_list(files, "records", arena, &groups, err);

    for (size_t i = 0; ok && i < groups.len; i++)
        ok = group_list(files, groups.items[i], arena, records, err);
    vec_free(&groups);
    return ok;
}

static int
by_number(const void *a, const void *b)
{
    const int64_t *x = a;
    const int64_t *y = b;

    return (*x > *y) - (*x < *y);
}

static const char *const *
records_paths(const struct record_list *records, struct arena *arena)
{
    const char **paths = arena_array(arena, records->len, sizeof(*paths));

    if (records->len > 0)
        qsort(records->items, records->len, sizeof(*records->items), by_number);
    for (size_t i = 0; i < records->len; i++)
        paths[i] = state_record_path(arena, records->items[i]);
    return paths;
}

bool
store_folder_records(struct store *store, struct arena *arena, const char *const **paths, size_t *n,
                     struct err *err)
{
    const struct folder *folder = (const struct folder *)store;
    struct visit visit = visit_new(folder);
    struct record_list records = {0};
    bool ok;

    ok = visit_to_read(&visit, err) && records_list(&visit.files, arena, &records, err) &&
         generation_check(folder, &visit.files, arena, err);
    *n = ok ? records.len : 0;
    *paths = ok ? records_paths(&records, arena) : NULL;
    vec_free(&records);
    visit_end(&visit);
    return ok;
}
