#include "model/issue_url.h"

#include <string.h>

#include "base/url.h"

/* The part of a path up to the next slash; moves *at past that. */
static size_t
part(const char **at)
{
    size_t length = strcspn(*at, "/?#");

    *at += length + ((*at)[length] == '/');
    return length;
}

static bool
read_number(const char *text, int64_t *number)
{
    size_t digits = strspn(text, "0123456789");

    if (digits == 0 || digits > 18 || text[0] == '0' ||
        (text[digits] != '\0' && strchr("/?#", text[digits]) == NULL))
        return false;
    *number = 0;
    for (size_t i = 0; i < digits; i++)
        *number = *number * 10 + (text[i] - '0');
    return true;
}

bool
issue_url_read(struct arena *arena, const char *url, const char **repository, int64_t *number)
{
    const char *at, *owner, *kind;
    size_t owner_length, name_length, kind_length;
    struct url parts;

    if (url == NULL || !url_split(url, &parts) || *parts.path != '/')
        return false;
    at = owner = parts.path + 1;
    owner_length = part(&at);
    name_length = part(&at);
    kind = at;
    kind_length = part(&at);
    if (parts.host.length == 0 || owner_length == 0 || name_length == 0 ||
        !((kind_length == 6 && memcmp(kind, "issues", 6) == 0) ||
          (kind_length == 4 && memcmp(kind, "pull", 4) == 0)) ||
        !read_number(at, number))
        return false;
    *repository = arena_strndup(arena, owner, owner_length + 1 + name_length);
    return true;
}
