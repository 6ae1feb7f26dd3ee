#include <stdlib.h>

#include "base/json.h"
#include "github/github_p.h"

/* Fields that are written by requests of their own: assignees, the parent, and what an issue is
 * blocked by. Source: docs.github.com, "REST API endpoints for issue assignees", "… for sub-issues"
 * and "… for issue dependencies"; the latter two name an issue by its id, not by its number. */

/* Sends nothing if there are no logins. */
static bool
send_assignees(struct github *github, enum http_method method, int64_t number,
               const struct value *logins, struct arena *arena, struct issue **issue,
               struct err *err)
{
    struct rest_request request = {
        .method = method,
        .path = rest_path(github, arena, "/issues/%lld/assignees", (long long)number),
        .what = arena_printf(arena, "writing the assignees of #%lld", (long long)number),
        .safety = RETRY_SAFE,
    };
    struct json_object *tree;
    bool ok;

    if (logins->len == 0)
        return true;
    request.body =
        json_add(json_new_object(), "assignees", json_new_texts(logins->items, logins->len));
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
    const struct value removed = value_minus(before, wanted, arena);
    const struct value added = value_minus(wanted, before, arena);

    /* Remove first: an issue has room for ten. */
    return send_assignees(github, HTTP_DELETE, read->number, &removed, arena, issue, err) &&
           send_assignees(github, HTTP_POST, read->number, &added, arena, issue, err);
}

bool
parent_write(struct github *github, const struct issue *read, const struct value *wanted,
             struct err *err)
{
    struct arena *arena = arena_new();
    const struct value *before = value_of(&read->values, FIELD_PARENT);
    const char *parent = wanted->len > 0 ? wanted->items[0] : NULL;
    const char *named = parent;
    struct rest_request request = {
        .method = parent != NULL ? HTTP_POST : HTTP_DELETE,
        .what = arena_printf(arena, "writing the parent of #%lld", (long long)read->number),
        .safety = RETRY_SAFE,
    };
    struct issue *issue;
    bool ok = true;

    if (named == NULL && before->kind == VALUE_SET && before->len > 0)
        named = before->items[0];
    if (read->id == 0) {
        ok = err_set(err, ERR_DATA, "%s: GitHub did not give its id", request.what);
    } else if (named != NULL) {
        request.path = rest_path(github, arena, "/issues/%s/%s", named,
                                 parent != NULL ? "sub_issues" : "sub_issue");
        request.body = json_add_int(json_new_object(), "sub_issue_id", read->id);
        if (parent != NULL)
            json_add_bool(request.body, "replace_parent", true);
        ok = rest_json(github, &request, NULL, err);
    }
    /* If the answer to the first request was lost, the repeated request finds its work already
     * done: the issue has that parent now, or none. */
    if (!ok && read->id != 0 && github_read_issue(github, read->number, arena, &issue, NULL) &&
        issue != NULL) {
        const struct value *now = value_of(&issue->values, FIELD_PARENT);

        ok = now->kind == VALUE_SET && (parent == NULL ? now->len == 0 : value_has(now, parent));
    }
    arena_free(arena);
    return ok;
}

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
send_blocker(struct github *github, bool add, int64_t number, const char *blocker,
             struct arena *arena, struct err *err)
{
    struct rest_request request = {
        .method = add ? HTTP_POST : HTTP_DELETE,
        .what = arena_printf(arena, "writing what #%lld is blocked by", (long long)number),
        .safety = RETRY_SAFE,
    };
    const char *reading = arena_printf(arena, "reading #%s", blocker);
    struct json_object *tree;
    struct http_answer answer;
    int64_t id;
    bool ok;

    if (!rest_get(github, rest_path(github, arena, "/issues/%s", blocker), reading, &tree, err))
        return false;
    id = json_int(tree, "id", 0);
    json_object_put(tree);
    if (id <= 0)
        return err_set(err, ERR_DATA, "%s: an answer without its id", reading);
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
    const struct value removed = value_minus(before, wanted, arena);
    const struct value added = value_minus(wanted, before, arena);
    bool ok = true;

    for (size_t i = 0; ok && i < removed.len + added.len; i++) {
        bool add = i >= removed.len;

        ok = send_blocker(github, add, number,
                          add ? added.items[i - removed.len] : removed.items[i], arena, err);
    }
    arena_free(arena);
    return ok;
}

bool
own_write_apart(struct github *github, const struct issue *read, const struct values *values,
                struct arena *arena, struct issue *issue, struct err *err)
{
    for (enum field f = FIELD_BUILTINS; github->known != NULL && f < github->known->n; f++) {
        const struct field_info *info = &github->known->items[f];
        struct value answered = *value_of(values, f);

        if (!field_set_has(values->has, f))
            continue;
        if (info->home == HOME_ISSUE_FIELD &&
            !github_write_issue_field(github, read->number, info->issue_field, value_of(values, f),
                                      arena, &answered, err))
            return false;
        if (info->home == HOME_BLOCKED_BY &&
            !dependencies_write(github, read->number, value_of(&read->values, f), &answered, err))
            return false;
        if (info->home == HOME_ISSUE_FIELD || info->home == HOME_BLOCKED_BY)
            values_put(&issue->values, f, answered, arena);
    }
    return true;
}
