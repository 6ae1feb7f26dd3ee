#include <assert.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "github/github_p.h"

#define REFS  "refs/"
#define HEADS "refs/heads/"

/* "notion-sync/…", as it is written in addresses. */
static const char *
ref_path(const struct github *github, struct arena *arena)
{
    const char *name = github->state_ref;

    if (strncmp(name, REFS, strlen(REFS)) == 0)
        name += strlen(REFS);
    return url_encode(arena, name, "/");
}

/* Whether the ref points at the commit. */
static bool
ref_is_at(struct github *github, const char *commit, struct arena *arena)
{
    const char *path = rest_path(github, arena, "/git/ref/%s", ref_path(github, arena));
    struct json_object *tree;
    const char *sha;
    bool same;

    if (!rest_get(github, path, "looking where the state is", &tree, NULL))
        return false;
    sha = json_string(json_get(tree, "object"), "sha");
    same = sha != NULL && strcmp(sha, commit) == 0;
    json_object_put(tree);
    return same;
}

/* How a ref is moved. */
enum move { MOVE_FORWARD, MOVE_CREATE, MOVE_FORCE };

static bool
ref_refused(const struct github *github, const struct http_answer *answer, const char *what,
            struct err *err)
{
    char reason[REASON_SIZE];
    bool refused = answer->status == 422 || answer->status == 409;

    rest_reason(answer, reason);
    if (rest_finds_secret(answer))
        return rest_refused(github, answer, what, err);
    if (refused && (reason_says(reason, "already exists") || reason_says(reason, "fast forward") ||
                    reason_says(reason, "fast-forward") || reason_says(reason, "does not exist")))
        return err_set(err, ERR_CONFLICT, "%s: somebody else moved %s meanwhile (%s)", what,
                       github->state_ref, reason);
    if ((answer->status != 422 && answer->status != 403) ||
        strncmp(github->state_ref, HEADS, strlen(HEADS)) == 0)
        return rest_refused(github, answer, what, err);
    rest_refused(github, answer, what, err);
    if (github->state_refs[1] != NULL)
        err_context(err, "GitHub refuses the ref %s", github->state_ref);
    else
        err_context(err,
                    "GitHub refuses the ref %s; if the token may write contents, set "
                    "`state_ref: refs/heads/notion-sync-state`",
                    github->state_ref);
    if (err != NULL)
        err->kind = answer->status == 403 ? ERR_ACCESS : ERR_INPUT;
    return false;
}

/* *refused: GitHub does not allow the ref to be created, so another ref may take its place. */
static bool
ref_move(struct github *github, const char *commit, enum move move, struct arena *arena,
         bool *refused, struct err *err)
{
    bool create = move == MOVE_CREATE;
    const char *what = create ? "creating the ref of the state" : "moving the ref of the state";
    struct rest_request request = {
        .method = create ? HTTP_POST : HTTP_PATCH,
        .path = create ? rest_path(github, arena, "/git/refs")
                       : rest_path(github, arena, "/git/refs/%s", ref_path(github, arena)),
        .what = what,
        /* Trying again is harmless: if the first try was done, the ref is found at our commit. */
        .safety = RETRY_SAFE,
    };
    struct http_answer answer;
    struct err local = {.kind = ERR_NONE};
    bool ok;

    request.body = json_new_object();
    if (create)
        json_add_string(request.body, "ref", github->state_ref);
    json_add_string(request.body, "sha", commit);
    if (!create)
        json_add_bool(request.body, "force", move == MOVE_FORCE);
    if (!rest_call(github, &request, &answer, &local))
        return (local.kind != ERR_STOPPED && ref_is_at(github, commit, arena)) ||
               err_set(err, local.kind, "%s", local.text);
    ok = (answer.status >= 200 && answer.status < 300) ||
         ((answer.status == 409 || answer.status == 422) && ref_is_at(github, commit, arena)) ||
         ref_refused(github, &answer, what, &local);
    *refused = create && !rest_finds_secret(&answer) &&
               (answer.status == 403 || answer.status == 422) && local.kind != ERR_NONE &&
               local.kind != ERR_CONFLICT;
    http_answer_release(&answer);
    return ok || err_set(err, local.kind, "%s", local.text);
}

bool
github_move_ref(struct github *github, const char *commit, bool create, struct err *err)
{
    struct arena *arena = arena_new();
    struct err ignored;
    enum move move = create ? MOVE_CREATE : MOVE_FORWARD;
    bool refused = false;
    bool ok;

    assert(github->state_ref != NULL);
    if (err == NULL)
        err = &ignored;
    ok = ref_move(github, commit, move, arena, &refused, err);
    if (refused && github->state_refs[1] != NULL && github->state_ref == github->state_refs[0]) {
        log_notice("%s; the state is kept in %s instead", err->text, github->state_refs[1]);
        github->state_ref = github->state_refs[1];
        ok = ref_move(github, commit, move, arena, &refused, err);
    }
    arena_free(arena);
    return ok;
}

static bool
ref_must_be_at(struct github *github, const char *commit, struct arena *arena, struct err *err)
{
    return ref_is_at(github, commit, arena) ||
           err_set(err, ERR_CONFLICT, "somebody else moved %s meanwhile", github->state_ref);
}

bool
github_replace_ref(struct github *github, const char *from, const char *to, struct err *err)
{
    struct arena *arena = arena_new();
    struct err local = {.kind = ERR_NONE};
    bool refused;
    bool ok = ref_must_be_at(github, from, arena, &local) &&
              ref_move(github, to, MOVE_FORCE, arena, &refused, &local) &&
              ref_must_be_at(github, to, arena, &local);

    if (!ok && (local.kind == ERR_REFUSED || local.kind == ERR_ACCESS || local.kind == ERR_INPUT))
        (void)err_set(err, ERR_INPUT,
                      "%s; the history of %s holds text from Notion that must not be public: let "
                      "this action force-push to that ref, or delete the ref (git push origin "
                      ":%s): links are found again then",
                      local.text, github->state_ref, github->state_ref);
    else if (!ok)
        (void)err_set(err, local.kind, "%s", local.text);
    arena_free(arena);
    return ok;
}
