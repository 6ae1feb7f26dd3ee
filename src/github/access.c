#include <string.h>
#include <strings.h>

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

bool
role_writes(const char *role)
{
    return role != NULL && (strcasecmp(role, "admin") == 0 || strcasecmp(role, "maintain") == 0 ||
                            strcasecmp(role, "write") == 0);
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
        .push = role_writes(json_string(answer.repository, "viewerPermission")),
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
    const char *path =
        rest_path(github, arena, "/actions/workflows/%s", url_encode(arena, file, ""));
    struct json_object *tree;

    if (!rest_get(github, path, "asking for the workflow", &tree, err))
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

bool
github_repository_name(struct github *github, const char *name, struct arena *arena,
                       const char **now, struct err *err)
{
    const char *slash = strchr(name, '/');
    struct json_object *tree;
    struct err why;

    *now = NULL;
    /* "owner/name" and nothing else: the text comes from people. */
    if (slash == NULL || slash == name || slash[1] == '\0' || strchr(slash + 1, '/') != NULL ||
        strcmp(slash + 1, ".") == 0 || strcmp(slash + 1, "..") == 0)
        return true;
    if (!rest_get(github, arena_printf(arena, "/repos/%s", url_encode(arena, name, "/")),
                  "asking for a repository", &tree, &why))
        return why.kind == ERR_NOT_FOUND || why.kind == ERR_ACCESS || why.kind == ERR_GONE ||
               err_set(err, why.kind, "%s", why.text);
    *now = arena_strdup(arena, json_string(tree, "full_name"));
    json_object_put(tree);
    return true;
}
