#include "state/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

/* Far beyond any file of the state. */
#define FILE_MAX ((size_t)64 * 1024 * 1024)

bool
files_fail(const struct files *files, const char *does, const char *path, struct err *err)
{
    return err_set(err, ERR_STATE,
                   "cannot %s %s%s%s: %s; state_ref must name a folder that this user may write to",
                   does, files->path, *path != '\0' ? "/" : "", path, strerror(errno));
}

void
files_close(int fd)
{
    int saved = errno;

    if (fd >= 0)
        close(fd);
    errno = saved;
}

bool
files_enter(struct files *files, struct err *err)
{
    files->root = open(files->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return files->root >= 0 || errno == ENOENT || files_fail(files, "open", "", err);
}

/* Makes the folders above a file; a slash in front has none above it. */
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

bool
files_make(struct files *files, struct err *err)
{
    files->root = -1;
    if (!make_folders(AT_FDCWD, files->path) || (mkdir(files->path, 0700) != 0 && errno != EEXIST))
        return files_fail(files, "create", "", err);
    return files_enter(files, err) && (files->root >= 0 || files_fail(files, "open", "", err));
}

void
files_leave(struct files *files)
{
    files_close(files->root);
    files->root = -1;
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

bool
files_read(const struct files *files, const char *path, struct arena *arena, const char **text,
           struct err *err)
{
    struct buf content;
    bool ok;
    int fd;

    *text = NULL;
    if (files->root < 0)
        return true;
    fd = openat(files->root, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT || files_fail(files, "read", path, err);
    buf_init(&content, FILE_MAX);
    ok = read_all(fd, &content) || files_fail(files, "read", path, err);
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

static char *
temporary(const char *path)
{
    char *name = mem_alloc(strlen(path) + sizeof(".tmp"));

    return strcat(strcpy(name, path), ".tmp");
}

bool
files_stage(const struct files *files, const char *path, const char *text, struct err *err)
{
    char *name = temporary(path);
    int fd = -1;
    bool ok = make_folders(files->root, name);

    if (ok)
        fd = openat(files->root, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ok = fd >= 0 && write_all(fd, text);
    if (!ok)
        files_fail(files, "write", path, err);
    files_close(fd);
    mem_free(name);
    return ok;
}

bool
files_commit(const struct files *files, const char *path, struct err *err)
{
    char *name = temporary(path);
    bool ok = renameat(files->root, name, files->root, path) == 0 ||
              files_fail(files, "write", path, err);

    mem_free(name);
    return ok;
}

bool
files_delete(const struct files *files, const char *path, struct err *err)
{
    return unlinkat(files->root, path, 0) == 0 || errno == ENOENT ||
           files_fail(files, "delete", path, err);
}

bool
files_list(const struct files *files, const char *path, struct arena *arena,
           struct name_list *names, struct err *err)
{
    int fd = openat(files->root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = fd >= 0 ? fdopendir(fd) : NULL;
    const struct dirent *entry;
    bool ok;

    if (listing == NULL) {
        files_close(fd);
        return errno == ENOENT || files_fail(files, "list", path, err);
    }
    while ((errno = 0, entry = readdir(listing)) != NULL)
        vec_push(names, arena_strdup(arena, entry->d_name));
    ok = errno == 0 || files_fail(files, "list", path, err);
    closedir(listing);
    return ok;
}

bool
files_lock(const struct files *files, const char *path, bool shared, int *fd, struct err *err)
{
    *fd = openat(files->root, path, (shared ? 0 : O_CREAT) | O_RDONLY | O_CLOEXEC, 0600);
    if (*fd < 0)
        return (shared && errno == ENOENT) || files_fail(files, "lock", path, err);
    while (flock(*fd, shared ? LOCK_SH : LOCK_EX) != 0)
        if (errno != EINTR)
            return files_fail(files, "lock", path, err);
    return true;
}
