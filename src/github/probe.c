#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "github/github_p.h"

static bool
is_good(int status)
{
    return status >= 200 && status < 300;
}

static bool
is_redirect(int status)
{
    return status == 301 || status == 302 || status == 307 || status == 308;
}

/* Whether what an address led to is still the same issue: the repository was renamed, not the
 * issue moved. */
static bool
is_same(const struct probe_seen *seen)
{
    const char *there = json_string(seen->moved, "repository_url");
    const char *here = json_string(seen->repository, "url");

    return there != NULL && here != NULL && strcasecmp(there, here) == 0 &&
           json_int(seen->moved, "number", 0) == seen->number;
}

/* An issue is gone only where the token can see the others: a repository or token in doubt
 * answers 404 to all. */
enum probe_result
probe_decide(const struct probe_seen *seen)
{
    bool redirected = is_redirect(seen->status);

    if (is_good(seen->status))
        return PROBE_THERE;
    if (!is_good(seen->repository_status) || is_redirect(seen->moved_status))
        return PROBE_BLIND;
    if (redirected && is_good(seen->moved_status))
        return is_same(seen) ? PROBE_THERE : PROBE_TRANSFERRED;
    if (!json_flag(seen->repository, "has_issues", true))
        return PROBE_NO_ISSUES;
    if (!is_good(seen->issues_status))
        return PROBE_BLIND;
    return PROBE_DELETED;
}

/* What asking needs. */
struct probe {
    struct github *github;
    const char *what;
    struct arena *arena;
};

/* Asks; a status that says nothing about existence is an error. tree may be NULL. */
static bool
probe_get(const struct probe *probe, const char *path, bool no_redirect, int *status,
          struct json_object **tree, struct err *err)
{
    struct rest_request request = {
        .method = HTTP_GET,
        .path = path,
        .what = probe->what,
        .no_redirect = no_redirect,
    };
    struct http_answer answer;
    bool ok;

    if (!rest_call(probe->github, &request, &answer, err))
        return false;
    *status = answer.status;
    ok = is_good(answer.status) || is_redirect(answer.status) || answer.status == 404 ||
         answer.status == 410 || rest_refused(probe->github, &answer, probe->what, err);
    if (ok && tree != NULL && is_good(answer.status))
        ok = json_read(answer.body.data, answer.body.len, tree, err);
    http_answer_release(&answer);
    return ok;
}

/* Asks what is needed to tell, in the order of likelihood. */
static bool
probe_look(const struct probe *probe, struct probe_seen *seen, struct err *err)
{
    const char *issue =
        rest_path(probe->github, probe->arena, "/issues/%lld", (long long)seen->number);

    if (!probe_get(probe, issue, true, &seen->status, NULL, err))
        return false;
    if (is_good(seen->status))
        return true;
    if (is_redirect(seen->status) &&
        !probe_get(probe, issue, false, &seen->moved_status, &seen->moved, err))
        return false;
    if (!probe_get(probe, probe->github->path, false, &seen->repository_status, &seen->repository,
                   err))
        return false;
    if (!is_good(seen->repository_status) || is_good(seen->moved_status))
        return true;
    return probe_get(probe, rest_path(probe->github, probe->arena, "/issues?state=all&per_page=1"),
                     false, &seen->issues_status, NULL, err);
}

bool
github_probe(struct github *github, int64_t number, struct arena *arena, enum presence *presence,
             const char **moved_to, struct err *err)
{
    struct probe probe = {
        .github = github,
        .what = arena_printf(arena, "looking for #%lld", (long long)number),
        .arena = arena,
    };
    struct probe_seen seen = {.number = number};
    bool ok = probe_look(&probe, &seen, err);

    *moved_to = NULL;
    switch (ok ? probe_decide(&seen) : PROBE_BLIND) {
    case PROBE_THERE:
        *presence = PRESENCE_THERE;
        break;
    case PROBE_DELETED:
        *presence = PRESENCE_DELETED;
        break;
    case PROBE_TRANSFERRED:
        *presence = PRESENCE_TRANSFERRED;
        *moved_to = arena_strdup(arena, json_string(seen.moved, "html_url"));
        break;
    case PROBE_NO_ISSUES:
        ok = err_set(err, ERR_INPUT, "%s: turn on Issues in the settings of %s", probe.what,
                     github->repository);
        break;
    case PROBE_BLIND:
        if (ok)
            ok = err_set(err, ERR_ACCESS,
                         "%s: the repository %s or its issues cannot be read; check the inputs "
                         "repository and "
                         "github_token",
                         probe.what, github->repository);
        break;
    }
    json_object_put(seen.moved);
    json_object_put(seen.repository);
    return ok;
}
