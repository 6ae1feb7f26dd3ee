/* Runs a fuzz target on files, without libFuzzer, so that any compiler and sanitizer will do. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The target that is linked with this: not fuzz.h, which defines what a program may have once. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = NULL;
    size_t size = 0;

    if (file == NULL) {
        perror(path);
        return 1;
    }
    for (size_t got = 1; got > 0; size += got) {
        bytes = realloc(bytes, size + 4096);
        if (bytes == NULL)
            abort();
        got = fread(bytes + size, 1, 4096, file);
    }
    fclose(file);
    /* A copy of its very size, so that a sanitizer sees a byte too far. */
    bytes = realloc(bytes, size > 0 ? size : 1);
    if (bytes == NULL)
        abort();
    fprintf(stderr, "%s\n", path);
    LLVMFuzzerTestOneInput(bytes, size);
    free(bytes);
    return 0;
}

int
main(int count, char **paths)
{
    int status = 0;

    for (int i = 1; i < count; i++)
        status |= replay(paths[i]);
    return status;
}
