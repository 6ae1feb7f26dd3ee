#include "base/json.h"
#include "github/github_p.h"

/* Source: docs.github.com, "REST API endpoints for issue dependencies". These endpoints name an
 * issue by its id, not by its number. */

bool
github_knows_dependencies(struct github *github, bool *knows, struct err *err)
{
    static const char query[] =
        "query($owner:String!,$name:String!){repository(owner:$owner,name:$name){"
        "issues(first:1){nodes{blockedBy(first:1){totalCount}}}}}";
    struct query_answer answer;
    struct err why;

    *knows = query_run(github, "asking for dependencies", query, json_new_object(), &answer, &why);
    if (*knows)
        query_release(&answer);
    return *knows || why.kind == ERR_INPUT || why.kind == ERR_ACCESS ||
           err_set(err, why.kind, "%s", why.text);
}

static bool
id_of_number(struct github *github, const char *number, struct arena *arena, int64_t *id,
             struct err *err)
{
    struct rest_request request = {
        .method = HTTP_GET,
        .path = rest_path(github, arena, "/issues/%s", number),
        .what = arena_printf(arena, "reading #%s", number),
        .safety = RETRY_SAFE,
    };
    struct json_object *tree;

    if (!rest_json(github, &request, &tree, err))
        return false;
    *id = json_int(tree, "id", 0);
    json_object_put(tree);
    return *id > 0 || err_set(err, ERR_DATA, "%s: an answer without its id", request.what);
}

static bool
send(struct github *github, bool add, int64_t number, const char *blocker, struct arena *arena,
     struct err *err)
{
    struct rest_request request = {
        .method = add ? HTTP_POST : HTTP_DELETE,
        .what = arena_printf(arena, "writing what #%lld is blocked by", (long long)number),
        .safety = RETRY_SAFE,
    };
    struct http_answer answer;
    int64_t id;
    bool ok;

    if (!id_of_number(github, blocker, arena, &id, err))
        return false;
    if (add)
        request.body = json_add_int(json_new_object(), "issue_id", id);
    request.path =
        add ? rest_path(github, arena, "/issues/%lld/dependencies/blocked_by", (long long)number)
            : rest_path(github, arena, "/issues/%lld/dependencies/blocked_by/%lld",
                        (long long)number, (long long)id);
    if (!rest_call(github, &request, &answer, err))
        return false;
    ok = (answer.status >= 200 && answer.status < 300) || (!add && answer.status == 404);
    if (!ok && answer.status == 422) {
        char reason[REASON_SIZE];

        /* If the answer to the first request was lost, the repeated request finds its work already
         * done. */
        rest_reason(&answer, reason);
        ok = reason_says(reason, "already blocked");
    }
    ok = ok || rest_refused(github, &answer, request.what, err);
    http_answer_release(&answer);
    return ok;
}

bool
dependencies_write(struct github *github, int64_t number, const struct value *before,
                   const struct value *wanted, struct err *err)
{
    struct arena *arena = arena_new();
    bool ok = true;

    for (size_t i = 0; ok && before->kind == VALUE_SET && i < before->len; i++)
        if (!value_has(wanted, before->items[i]))
            ok = send(github, false, number, before->items[i], arena, err);
    for (size_t i = 0; ok && i < wanted->len; i++)
        if (before->kind != VALUE_SET || !value_has(before, wanted->items[i]))
            ok = send(github, true, number, wanted->items[i], arena, err);
    arena_free(arena);
    return ok;
}
