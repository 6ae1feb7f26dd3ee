#include <stdlib.h>

#include "base/json.h"
#include "github/github_p.h"

/* Source: docs.github.com, "REST API endpoints for sub-issues". These endpoints name an issue by
 * its id. */

static bool
send(struct github *github, bool add, const char *parent, int64_t id, const char *what,
     struct arena *arena, struct err *err)
{
    struct json_object *tree = json_add_int(json_new_object(), "sub_issue_id", id);
    struct rest_request request = {
        .method = add ? HTTP_POST : HTTP_DELETE,
        .path = rest_path(github, arena, "/issues/%s/%s", parent, add ? "sub_issues" : "sub_issue"),
        .body = tree,
        .what = what,
        .safety = RETRY_SAFE,
    };

    if (add)
        json_add_bool(tree, "replace_parent", true);
    if (!rest_json(github, &request, &tree, err))
        return false;
    json_object_put(tree);
    return true;
}

/* Whether the issue now has that parent, or none if parent is NULL. */
static bool
has_parent(struct github *github, int64_t number, const char *parent, struct arena *arena)
{
    struct issue *issue;
    const struct value *value;

    if (!github_read_issue(github, number, arena, &issue, NULL) || issue == NULL)
        return false;
    value = value_of(&issue->values, FIELD_PARENT);
    if (value->kind != VALUE_SET)
        return false;
    return parent == NULL ? value->len == 0 : value_has(value, parent);
}

bool
parent_write(struct github *github, const struct issue *read, const struct value *wanted,
             struct err *err)
{
    struct arena *arena = arena_new();
    const struct value *before = value_of(&read->values, FIELD_PARENT);
    const char *what = arena_printf(arena, "writing the parent of #%lld", (long long)read->number);
    const char *parent = wanted->len > 0 ? wanted->items[0] : NULL;
    bool ok = true;

    if (read->id == 0)
        ok = err_set(err, ERR_DATA, "%s: GitHub did not give its id", what);
    else if (parent != NULL)
        ok = send(github, true, parent, read->id, what, arena, err);
    else if (before->kind == VALUE_SET && before->len > 0)
        ok = send(github, false, before->items[0], read->id, what, arena, err);
    /* If the answer to the first request was lost, the repeated request finds its work already
     * done. */
    if (!ok && read->id != 0 && has_parent(github, read->number, parent, arena))
        ok = true;
    arena_free(arena);
    return ok;
}
