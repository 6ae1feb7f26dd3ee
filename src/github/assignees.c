#include "base/json.h"
#include "github/github_p.h"

/* The items of a that b lacks. */
static struct json_object *
difference(const struct value *a, const struct value *b)
{
    struct json_object *items = json_new_array();

    for (size_t i = 0; a->kind == VALUE_SET && i < a->len; i++)
        if (b->kind != VALUE_SET || !value_has(b, a->items[i]))
            json_push(items, json_new_text(a->items[i]));
    return items;
}

/* Takes logins; sends nothing if there are none. */
static bool
send(struct github *github, enum http_method method, int64_t number, struct json_object *logins,
     struct arena *arena, struct issue **issue, struct err *err)
{
    struct json_object *tree = json_add(json_new_object(), "assignees", logins);
    struct rest_request request = {
        .method = method,
        .path = rest_path(github, arena, "/issues/%lld/assignees", (long long)number),
        .body = tree,
        .what = arena_printf(arena, "writing the assignees of #%lld", (long long)number),
        .safety = RETRY_SAFE,
    };
    bool ok;

    if (json_len(logins) == 0) {
        json_object_put(tree);
        return true;
    }
    if (!rest_json(github, &request, &tree, err))
        return false;
    ok = take_issue(github, tree, request.what, arena, issue, err);
    json_object_put(tree);
    return ok;
}

bool
assignees_write(struct github *github, const struct issue *read, const struct value *wanted,
                struct arena *arena, struct issue **issue, struct err *err)
{
    const struct value *before = value_of(&read->values, FIELD_ASSIGNEES);

    /* Remove first: an issue has room for ten. */
    return send(github, HTTP_DELETE, read->number, difference(before, wanted), arena, issue, err) &&
           send(github, HTTP_POST, read->number, difference(wanted, before), arena, issue, err);
}
