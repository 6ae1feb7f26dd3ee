#include "base/json.h"
#include "github/github_p.h"

/* Asks whether a pull request is merged, after the answer to a merge was lost. */
static bool
is_merged(struct github *github, int64_t number, struct arena *arena, bool *merged, struct err *err)
{
    struct rest_request request = {
        .method = HTTP_GET,
        .path = rest_path(github, arena, "/pulls/%lld", (long long)number),
        .what = arena_printf(arena, "looking whether #%lld was merged", (long long)number),
    };
    struct json_object *tree;

    if (!rest_json(github, &request, &tree, err))
        return false;
    *merged = json_flag(tree, "merged", false);
    json_object_put(tree);
    return true;
}

const char *
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

static struct json_object *
merge_body(const char *head_sha, const char *method)
{
    struct json_object *body = json_new_object();

    json_add_string(body, "sha", head_sha);
    return json_add_string(body, "merge_method", method);
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
        struct http_answer answer;
        bool merged = false;
        bool ok;

        *refused = NULL;
        request.body = merge_body(head_sha, method);
        if (rest_call(github, &request, &answer, &local)) {
            ok = take_merge(github, &answer, request.what, arena, refused, &retry, err);
            http_answer_release(&answer);
            if (!ok)
                return false;
            continue;
        }
        if (local.kind == ERR_AMBIGUOUS && is_merged(github, number, arena, &merged, NULL) &&
            merged)
            return true;
        return err_set(err, local.kind, "%s", local.text);
    }
    return true;
}
