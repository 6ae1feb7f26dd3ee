#include <ctype.h>

#include "base/json.h"
#include "github/github_p.h"

static const char *
merge_refusal(struct arena *arena, const char *reason)
{
    if (reason_says(reason, "not accessible"))
        return arena_printf(
            arena,
            "%s (merging needs `contents: write` and `pull-requests: write`; what "
            "changes a workflow file cannot be merged with the workflow's own token)",
            reason);
    return arena_strdup(arena, reason);
}

static const char *
refusal(const struct http_answer *answer, struct arena *arena)
{
    char reason[REASON_SIZE];

    rest_reason(answer, reason);
    return merge_refusal(arena, reason);
}

/* *retry: the base moved at the same moment, which says nothing about the pull request. */
static bool
take_merge(struct github *github, const struct http_answer *answer, const char *what,
           struct arena *arena, const char **refused, bool *retry, struct err *err)
{
    struct json_object *tree;

    *retry = false;
    switch (answer->status) {
    case 403:
    case 405:
    case 409:
    case 422:
        *refused = refusal(answer, arena);
        *retry = answer->status == 405 && reason_says(*refused, "base branch was modified");
        return true;
    case 200:
        if (!json_read(answer->body.data, answer->body.len, &tree, err))
            return err_context(err, "%s", what);
        if (!json_flag(tree, "merged", true))
            *refused = refusal(answer, arena);
        json_object_put(tree);
        return true;
    default:
        return rest_refused(github, answer, what, err);
    }
}

bool
github_merge(struct github *github, int64_t number, const char *head_sha, const char *method,
             struct arena *arena, const char **refused, struct err *err)
{
    struct rest_request request = {
        .method = HTTP_PUT,
        .path = rest_path(github, arena, "/pulls/%lld/merge", (long long)number),
        .what = arena_printf(arena, "merging #%lld", (long long)number),
        .safety = RETRY_LOOK_FIRST,
        .makes = HTTP_MAKES_NEWS,
    };
    bool retry = true;

    for (int try = 0; retry && try < 2; try++) {
        struct err local = {.kind = ERR_NONE};
        struct json_object *tree;
        struct http_answer answer;
        bool merged = false;
        bool ok;

        *refused = NULL;
        request.body = json_add_string(json_new_object(), "sha", head_sha);
        json_add_string(request.body, "merge_method", method);
        if (rest_call(github, &request, &answer, &local)) {
            ok = take_merge(github, &answer, request.what, arena, refused, &retry, err);
            http_answer_release(&answer);
            if (!ok)
                return false;
            continue;
        }
        /* The answer was lost: the pull request knows whether it is merged. */
        if (local.kind == ERR_AMBIGUOUS &&
            rest_get(github, rest_path(github, arena, "/pulls/%lld", (long long)number),
                     arena_printf(arena, "looking whether #%lld was merged", (long long)number),
                     &tree, NULL)) {
            merged = json_flag(tree, "merged", false);
            json_object_put(tree);
        }
        return merged || err_set(err, local.kind, "%s", local.text);
    }
    return true;
}

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
    struct json_object *variables = json_add(json_new_object(), "input", input);
    struct http_answer answer;
    struct json_object *tree = NULL;
    bool ok;

    *message = NULL;
    if (!query_send(github, what, text, variables, true, &answer, err))
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

bool
github_arm_merge(struct github *github, const char *node_id, const char *head_sha,
                 const char *method, struct arena *arena, const char **refused, bool *ready,
                 struct err *err)
{
    struct json_object *input = json_new_object();
    char *upper = arena_strdup(arena, method);

    for (char *c = upper; *c != '\0'; c++)
        *c = (char)toupper((unsigned char)*c);
    json_add_string(input, "pullRequestId", node_id);
    json_add_string(input, "expectedHeadOid", head_sha);
    json_add_string(input, "mergeMethod", upper);
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
