#include <string.h>

#include "base/json.h"
#include "github/github_p.h"

#define NEWEST "(first:1,orderBy:{field:UPDATED_AT,direction:DESC}){nodes{viewerCanUpdate}}"

static enum may
may_update(struct json_object *connection)
{
    struct json_object *may =
        json_get(json_at(json_array(connection, "nodes"), 0), "viewerCanUpdate");

    if (!json_object_is_type(may, json_type_boolean))
        return MAY_UNKNOWN;
    return json_object_get_boolean(may) ? MAY_YES : MAY_NO;
}

static bool
may_push(const char *permission)
{
    static const char *const roles[] = {"ADMIN", "MAINTAIN", "WRITE"};

    for (size_t i = 0; permission != NULL && i < sizeof(roles) / sizeof(roles[0]); i++)
        if (strcmp(permission, roles[i]) == 0)
            return true;
    return false;
}

bool
github_read_access(struct github *github, struct github_access *access, struct err *err)
{
    static const char text[] =
        "query($owner:String!,$name:String!){repository(owner:$owner,name:$name){isArchived "
        "viewerPermission issues" NEWEST "pullRequests" NEWEST "}}";
    struct query_answer answer;

    if (!query_run(github, "asking what the token may do", text, json_new_object(), &answer, err))
        return false;
    *access = (struct github_access){
        .archived = json_flag(answer.repository, "isArchived", false),
        .push = may_push(json_string(answer.repository, "viewerPermission")),
        .issues = may_update(json_get(answer.repository, "issues")),
        .pulls = may_update(json_get(answer.repository, "pullRequests")),
    };
    query_release(&answer);
    return true;
}

bool
github_workflow_state(struct github *github, const char *file, struct arena *arena,
                      const char **state, struct err *err)
{
    struct rest_request request = {
        .method = HTTP_GET,
        .path = rest_path(github, arena, "/actions/workflows/%s", url_encode(arena, file, "")),
        .what = "asking for the workflow",
    };
    struct json_object *tree;

    if (!rest_json(github, &request, &tree, err))
        return false;
    *state = arena_strdup(arena, json_string(tree, "state"));
    json_object_put(tree);
    return *state != NULL || err_set(err, ERR_DATA, "a workflow without a state");
}

bool
github_may_assign(struct github *github, const char *login, struct arena *arena, bool *may,
                  struct err *err)
{
    const struct rest_request request = {
        .method = HTTP_GET,
        .path = rest_path(github, arena, "/assignees/%s", url_encode(arena, login, "")),
        .what = "asking who can be assigned",
    };
    struct http_answer answer;
    bool told;

    if (!rest_call(github, &request, &answer, err))
        return false;
    *may = answer.status == 204;
    told = *may || answer.status == 404 || rest_refused(github, &answer, request.what, err);
    http_answer_release(&answer);
    return told;
}
