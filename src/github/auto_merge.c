#include <ctype.h>
#include <string.h>

#include "base/json.h"
#include "github/github_p.h"

#define ARM                                                                         \
    "mutation($input:EnablePullRequestAutoMergeInput!){enablePullRequestAutoMerge(" \
    "input:$input){clientMutationId}}"
#define DISARM                                                                        \
    "mutation($input:DisablePullRequestAutoMergeInput!){disablePullRequestAutoMerge(" \
    "input:$input){clientMutationId}}"

/* Sends a mutation. *message: why GitHub refuses it; NULL: it does not. */
static bool
mutate(struct github *github, const char *text, struct json_object *input, const char *what,
       struct arena *arena, const char **message, struct err *err)
{
    struct json_object *body = json_new_object();
    struct http_request request = {
        .method = HTTP_POST,
        .path = "",
        .what = what,
        .safety = RETRY_SAFE,
        .writes = true,
        .max_answer = ANSWER_MAX,
    };
    struct http_answer answer;
    struct json_object *tree = NULL;
    bool ok;

    json_add_string(body, "query", text);
    json_add(body, "variables", json_add(json_new_object(), "input", input));
    request.body = json_write(arena, body);
    json_object_put(body);
    *message = NULL;
    if (!http_call(github->graphql, &request, &answer, err))
        return false;
    ok = answer.status == 200 ? json_read(answer.body.data, answer.body.len, &tree, err)
                              : rest_refused(github, &answer, what, err);
    if (ok && json_len(json_array(tree, "errors")) > 0) {
        const char *said = json_string(json_at(json_array(tree, "errors"), 0), "message");

        *message = merge_refusal(arena, said != NULL ? said : "no reason given");
    }
    json_object_put(tree);
    http_answer_release(&answer);
    return ok;
}

/* "squash" -> "SQUASH" */
static char *
upper(struct arena *arena, const char *text)
{
    char *copy = arena_strdup(arena, text);

    for (char *c = copy; *c != '\0'; c++)
        *c = (char)toupper((unsigned char)*c);
    return copy;
}

bool
github_arm_merge(struct github *github, const char *node_id, const char *head_sha,
                 const char *method, struct arena *arena, const char **refused, bool *ready,
                 struct err *err)
{
    struct json_object *input = json_new_object();

    json_add_string(input, "pullRequestId", node_id);
    json_add_string(input, "expectedHeadOid", head_sha);
    json_add_string(input, "mergeMethod", upper(arena, method));
    if (!mutate(github, ARM, input, "arming auto-merge", arena, refused, err))
        return false;
    /* Observed: "Pull request is in clean status". */
    *ready = *refused != NULL &&
             (reason_says(*refused, "clean status") || reason_says(*refused, "unstable status"));
    return true;
}

bool
github_disarm_merge(struct github *github, const char *node_id, struct err *err)
{
    struct arena *arena = arena_new();
    const char *message;
    bool ok = mutate(github, DISARM, json_add_string(json_new_object(), "pullRequestId", node_id),
                     "taking auto-merge back", arena, &message, err);

    if (ok && message != NULL)
        ok = err_set(err, ERR_REFUSED, "taking auto-merge back: GitHub answered: %s", message);
    arena_free(arena);
    return ok;
}
