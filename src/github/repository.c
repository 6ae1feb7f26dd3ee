#include <string.h>

#include "base/json.h"
#include "github/github_p.h"

/* "owner/name" and nothing else: the text comes from people. */
static bool
name_is_usable(const char *name)
{
    const char *slash = strchr(name, '/');

    return slash != NULL && slash != name && slash[1] != '\0' && strchr(slash + 1, '/') == NULL &&
           strcmp(slash + 1, ".") != 0 && strcmp(slash + 1, "..") != 0;
}

bool
github_repository_name(struct github *github, const char *name, struct arena *arena,
                       const char **now, struct err *err)
{
    struct rest_request request = {.method = HTTP_GET, .what = "asking for a repository"};
    struct json_object *tree;
    struct err why;

    *now = NULL;
    if (!name_is_usable(name))
        return true;
    request.path = arena_printf(arena, "/repos/%s", url_encode(arena, name, "/"));
    if (!rest_json(github, &request, &tree, &why))
        return why.kind == ERR_NOT_FOUND || why.kind == ERR_ACCESS || why.kind == ERR_GONE ||
               err_set(err, why.kind, "%s", why.text);
    *now = arena_strdup(arena, json_string(tree, "full_name"));
    json_object_put(tree);
    return true;
}
