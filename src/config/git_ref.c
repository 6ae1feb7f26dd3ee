#include "config/git_ref.h"

#include <stddef.h>
#include <string.h>

static bool
component_valid(const char *component, size_t length)
{
    static const char lock[] = ".lock";
    size_t tail = sizeof(lock) - 1;

    if (length == 0 || component[0] == '.')
        return false;
    return length < tail || memcmp(component + length - tail, lock, tail) != 0;
}

static bool
characters_valid(const char *name)
{
    for (const char *c = name; *c != '\0'; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7f || strchr("~^:?*[\\", *c) != NULL)
            return false;
    return strstr(name, "..") == NULL && strstr(name, "@{") == NULL;
}

bool
git_ref_valid(const char *name)
{
    size_t components = 0;
    const char *at = name;

    if (strncmp(name, "refs/", strlen("refs/")) != 0 || !characters_valid(name))
        return false;
    for (;; at++) {
        size_t length = strcspn(at, "/");

        if (!component_valid(at, length))
            return false;
        components++;
        at += length;
        if (*at == '\0')
            return components >= 3 && at[-1] != '.';
    }
}
