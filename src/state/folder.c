#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/vec.h"
#include "state/record.h"
#include "state/store.h"

#define LOCK_FILE       ".lock"
#define GENERATION_FILE "generation"
/* Far larger than any file of the state. */
#define FILE_MAX ((size_t)64 * 1024 * 1024)

struct folder {
    struct store store;
    const char *path;
    int64_t generation; /* the generation that was read; 0: nobody ever saved */
};

/* The folder during a read or write. Paths are relative to it. */
struct visit {
    const char *path;
    int root; /* its descriptor, -1 if it is missing */
    int lock; /* the lock file's descriptor, whose close releases the lock; -1: none */
};

VEC_TYPE(name_list, const char *);
VEC_TYPE(record_list, int64_t);

/* ERR_STATE with errno's text: "cannot read DIR/path: …". Returns false. */
static bool
fail(const struct visit *visit, const char *does, const char *path, struct err *err)
{
    return err_set(err, ERR_STATE,
                   "cannot %s %s%s%s: %s; state_ref must name a folder that this user may write to",
                   does, visit->path, *path != '\0' ? "/" : "", path, strerror(errno));
}

/* Closes a descriptor and keeps errno; -1 is allowed. */
static void
close_quietly(int fd)
{
    int saved = errno;

    if (fd >= 0)
        close(fd);
    errno = saved;
}

/* Makes the folders above a file. A leading slash has no folder above it. */
static bool
make_folders(int root, const char *file)
{
    char *path = mem_strdup(file);
    bool ok = true;

    for (char *slash = strchr(path + 1, '/'); ok && slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        ok = mkdirat(root, path, 0700) == 0 || errno == EEXIST;
        *slash = '/';
    }
    mem_free(path);
    return ok;
}

static bool
read_all(int fd, struct buf *text)
{
    char chunk[16384];
    ssize_t got;

    while ((got = read(fd, chunk, sizeof(chunk))) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        if (!buf_add(text, chunk, (size_t)got)) {
            errno = EFBIG;
            return false;
        }
    }
    return true;
}

/* The text of a file, up to its first NUL; NULL if there is no such file, or no folder. */
static bool
file_read(const struct visit *visit, const char *path, struct arena *arena, const char **text,
          struct err *err)
{
    struct buf content;
    bool ok;
    int fd;

    *text = NULL;
    if (visit->root < 0)
        return true;
    fd = openat(visit->root, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT || fail(visit, "read", path, err);
    buf_init(&content, FILE_MAX);
    ok = read_all(fd, &content) || fail(visit, "read", path, err);
    if (ok)
        *text = arena_strdup(arena, buf_text(&content));
    buf_release(&content);
    close(fd);
    return ok;
}

static bool
write_all(int fd, const char *text)
{
    size_t left = strlen(text);

    while (left > 0) {
        ssize_t put = write(fd, text, left);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        text += put;
        left -= (size_t)put;
    }
    return fsync(fd) == 0;
}

/* Writes in two steps. file_stage puts the text into a temporary file beside the path, safely on
 * the disk. file_commit gives that file its name. */
static bool
file_stage(const struct visit *visit, const char *path, const char *text, struct arena *arena,
           struct err *err)
{
    const char *name = arena_printf(arena, "%s.tmp", path);
    int fd = -1;
    bool ok;

    if (make_folders(visit->root, name))
        fd = openat(visit->root, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ok = fd >= 0 && write_all(fd, text);
    if (!ok)
        fail(visit, "write", path, err);
    close_quietly(fd);
    return ok;
}

static bool
file_commit(const struct visit *visit, const char *path, struct arena *arena, struct err *err)
{
    const char *name = arena_printf(arena, "%s.tmp", path);

    return renameat(visit->root, name, visit->root, path) == 0 || fail(visit, "write", path, err);
}

/* Adds the names in a folder, in no order; none if it is missing. */
static bool
names_list(const struct visit *visit, const char *path, struct arena *arena,
           struct name_list *names, struct err *err)
{
    int fd = openat(visit->root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = fd >= 0 ? fdopendir(fd) : NULL;
    const struct dirent *entry;
    bool ok;

    if (listing == NULL) {
        close_quietly(fd);
        return errno == ENOENT || fail(visit, "list", path, err);
    }
    while ((errno = 0, entry = readdir(listing)) != NULL)
        vec_push(names, arena_strdup(arena, entry->d_name));
    ok = errno == 0 || fail(visit, "list", path, err);
    closedir(listing);
    return ok;
}

static struct visit
visit_new(const struct folder *folder)
{
    return (struct visit){.path = folder->path, .root = -1, .lock = -1};
}

static bool
visit_lock(struct visit *visit, bool shared, struct err *err)
{
    visit->lock =
        openat(visit->root, LOCK_FILE, (shared ? 0 : O_CREAT) | O_RDONLY | O_CLOEXEC, 0600);
    if (visit->lock < 0)
        return (shared && errno == ENOENT) || fail(visit, "lock", LOCK_FILE, err);
    while (flock(visit->lock, shared ? LOCK_SH : LOCK_EX) != 0)
        if (errno != EINTR)
            return fail(visit, "lock", LOCK_FILE, err);
    return true;
}

/* A missing folder is not a failure. */
static bool
visit_to_read(struct visit *visit, struct err *err)
{
    visit->root = open(visit->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (visit->root < 0)
        return errno == ENOENT || fail(visit, "open", "", err);
    return visit_lock(visit, true, err);
}

/* Makes the folder and its parents if needed. */
static bool
visit_to_write(struct visit *visit, struct err *err)
{
    if (!make_folders(AT_FDCWD, visit->path) || (mkdir(visit->path, 0700) != 0 && errno != EEXIST))
        return fail(visit, "create", "", err);
    visit->root = open(visit->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (visit->root < 0)
        return fail(visit, "open", "", err);
    return visit_lock(visit, false, err);
}

static void
visit_end(struct visit *visit)
{
    close_quietly(visit->lock);
    close_quietly(visit->root);
}

/* This program makes the paths. It still checks them, since they lead into a file system. */
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
generation_read(const struct visit *visit, struct arena *arena, int64_t *generation,
                struct err *err)
{
    const char *text;
    char *end;

    *generation = 0;
    if (!file_read(visit, GENERATION_FILE, arena, &text, err))
        return false;
    if (text == NULL)
        return true;
    errno = 0;
    *generation = strtoll(text, &end, 10);
    return (errno == 0 && *generation > 0 && strcmp(end, "\n") == 0) ||
           err_set(err, ERR_STATE,
                   "%s/" GENERATION_FILE " is damaged: delete the folder to begin again",
                   visit->path);
}

static bool
generation_check(const struct folder *folder, const struct visit *visit, struct arena *arena,
                 struct err *err)
{
    int64_t now;

    if (!generation_read(visit, arena, &now, err))
        return false;
    return now == folder->generation ||
           err_set(err, ERR_CONFLICT, "another run saved its state to %s meanwhile", folder->path);
}

static bool
folder_load(struct store *store, struct store_file *files, size_t n, struct arena *arena,
            struct err *err)
{
    const struct folder *folder = (const struct folder *)store;
    struct visit visit = visit_new(folder);
    bool ok = paths_are_fit(files, n, err) && visit_to_read(&visit, err);

    for (size_t i = 0; ok && i < n; i++)
        ok = file_read(&visit, files[i].path, arena, &files[i].text, err);
    /* Checked last: the very first save may begin before there is a lock to take. */
    ok = ok && generation_check(folder, &visit, arena, err);
    visit_end(&visit);
    return ok;
}

static bool
texts_write(struct folder *folder, const struct visit *visit, const struct store_file *files,
            size_t n, struct arena *arena, struct err *err)
{
    const char *next = arena_printf(arena, "%" PRId64 "\n", folder->generation + 1);

    for (size_t i = 0; i < n; i++)
        if (files[i].text != NULL && !file_stage(visit, files[i].path, files[i].text, arena, err))
            return false;
    /* Raised before any other file gets its name. From then on, a process that read the old files
     * cannot save. */
    if (!file_stage(visit, GENERATION_FILE, next, arena, err) ||
        !file_commit(visit, GENERATION_FILE, arena, err))
        return false;
    folder->generation++;
    for (size_t i = 0; i < n; i++)
        if (files[i].text != NULL) {
            if (!file_commit(visit, files[i].path, arena, err))
                return false;
        } else if (unlinkat(visit->root, files[i].path, 0) != 0 && errno != ENOENT) {
            return fail(visit, "delete", files[i].path, err);
        }
    return fsync(visit->root) == 0 || fail(visit, "write", "", err);
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
         generation_check(folder, &visit, scratch, err) &&
         texts_write(folder, &visit, files, n, scratch, err);
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
    ok = visit_to_read(&visit, err) && generation_read(&visit, arena, &folder->generation, err);
    visit_end(&visit);
    return ok;
}

static bool
group_list(const struct visit *visit, const char *group, struct arena *arena,
           struct record_list *records, struct err *err)
{
    const char *path = arena_printf(arena, "records/%s", group);
    struct name_list names = {0};
    bool ok;

    if (group[strspn(group, "0123456789")] != '\0')
        return true;
    ok = names_list(visit, path, arena, &names, err);
    for (size_t i = 0; i < names.len; i++) {
        const char *file = arena_printf(arena, "%s/%s", path, names.items[i]);
        int64_t number = state_path_number(file);

        if (number > 0 && strcmp(file, state_record_path(arena, number)) == 0)
            vec_push(records, number);
    }
    vec_free(&names);
    return ok;
}

static int
by_number(const void *a, const void *b)
{
    const int64_t *x = a;
    const int64_t *y = b;

    return (*x > *y) - (*x < *y);
}

bool
store_folder_records(struct store *store, struct arena *arena, const char *const **paths, size_t *n,
                     struct err *err)
{
    const struct folder *folder = (const struct folder *)store;
    struct visit visit = visit_new(folder);
    struct record_list records = {0};
    struct name_list groups = {0};
    const char **made;
    bool ok = visit_to_read(&visit, err) &&
              (visit.root < 0 || names_list(&visit, "records", arena, &groups, err));

    for (size_t i = 0; ok && i < groups.len; i++)
        ok = group_list(&visit, groups.items[i], arena, &records, err);
    ok = ok && generation_check(folder, &visit, arena, err);
    visit_end(&visit);
    *n = ok ? records.len : 0;
    *paths = made = arena_array(arena, *n, sizeof(*made));
    if (*n > 0)
        qsort(records.items, *n, sizeof(*records.items), by_number);
    for (size_t i = 0; i < *n; i++)
        made[i] = state_record_path(arena, records.items[i]);
    vec_free(&groups);
    vec_free(&records);
    return ok;
}
