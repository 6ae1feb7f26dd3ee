#include "fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

#include "github/github.h"

static void
check_event(const char *path, struct arena *arena)
{
    struct github_event event;
    struct err err;

    if (!github_read_event(path, "octo/hello", arena, &event, &err)) {
        check_err(&err);
        CHECK(err.kind == ERR_DATA && event.n_numbers == 0 && event.n_pages == 0);
    }
    CHECK(event.n_numbers <= 2 && event.n_pages <= 1000);
    for (size_t i = 0; i < event.n_numbers; i++)
        CHECK(event.numbers[i] > 0);
    for (size_t i = 0; i < event.n_pages; i++)
        CHECK(is_notion_id(event.pages[i]));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    int fd = memfd_create("event", MFD_CLOEXEC);
    const char *path = arena_printf(arena, "/proc/self/fd/%d", fd);

    CHECK(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    check_event(path, arena);
    close(fd);
    arena_free(arena);
    return 0;
}
