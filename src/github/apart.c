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

static bool
send_parent(struct github *github, bool add, const char *parent, int64_t id, const char *what,
            struct arena *arena, struct err *err)
{
    struct json_object *body = json_add_int(json_new_object(), "sub_issue_id", id);
    struct rest_request request = {
        .method = add ? HTTP_POST : HTTP_DELETE,
        .path = rest_path(github, arena, "/issues/%s/%s", parent, add ? "sub_issues" : "sub_issue"),
        .body = add ? json_add_bool(body, "replace_parent", true) : body,
        .what = what,
        .safety = RETRY_SAFE,
    };

    return rest_json(github, &request, NULL, err);
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
        ok = send_parent(github, true, parent, read->id, what, arena, err);
    else if (before->kind == VALUE_SET && before->len > 0)
        ok = send_parent(github, false, before->items[0], read->id, what, arena, err);
    /* If the answer to the first request was lost, the repeated request finds its work already
     * done. */
    if (!ok && read->id != 0 && has_parent(github, read->number, parent, arena))
        ok = true;
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
id_of_number(struct github *github, const char *number, struct arena *arena, int64_t *id,
             struct err *err)
{
    const char *what = arena_printf(arena, "reading #%s", number);
    struct json_object *tree;

    if (!rest_get(github, rest_path(github, arena, "/issues/%s", number), what, &tree, err))
        return false;
    *id = json_int(tree, "id", 0);
    json_object_put(tree);
    return *id > 0 || err_set(err, ERR_DATA, "%s: an answer without its id", what);
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
