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

/* An issue that GitHub does not show is not necessarily deleted: a feature may be off, or the
 * author flagged. It is gone only if GitHub says that it is gone (410) or elsewhere (301), or if an
 * event says that it was deleted and it is not found. */
enum probe_result
probe_decide(const struct probe_seen *seen)
{
    const char *there = json_string(seen->moved, "repository_url");
    const char *here = json_string(seen->repository, "url");

    if (seen->is_pull && !json_flag(seen->repository, "has_pull_requests", true))
        return PROBE_NO_PULLS;
    if (is_good(seen->status))
        return PROBE_HIDDEN;
    if (!is_good(seen->repository_status) || is_redirect(seen->moved_status))
        return PROBE_BLIND;
    /* An address that led to the same issue: the repository was renamed, the issue was not
     * transferred. */
    if (is_redirect(seen->status) && is_good(seen->moved_status))
        return there != NULL && here != NULL && strcasecmp(there, here) == 0 &&
                       json_int(seen->moved, "number", 0) == seen->number
                   ? PROBE_HIDDEN
                   : PROBE_TRANSFERRED;
    if (!seen->is_pull && !json_flag(seen->repository, "has_issues", true))
        return PROBE_NO_ISSUES;
    /* With a missing repository or an invalid token, everything answers 404. */
    if (!is_good(seen->issues_status))
        return PROBE_BLIND;
    return seen->status == 404 && !seen->told_deleted ? PROBE_HIDDEN : PROBE_DELETED;
}

/* Everything that the questions need, and the answers that all of them share. */
struct prober {
    struct github *github;
    const char *what;
    struct arena *arena;
    int repository_status, issues_status; /* 0: not asked */
    struct json_object *repository;
};

/* Asks; a status that says nothing about existence is an error. tree may be NULL. */
static bool
probe_get(const struct prober *prober, const char *path, bool no_redirect, int *status,
          struct json_object **tree, struct err *err)
{
    struct rest_request request = {
        .method = HTTP_GET,
        .path = path,
        .what = prober->what,
        .no_redirect = no_redirect,
    };
    struct http_answer answer;
    bool ok;

    if (!rest_call(prober->github, &request, &answer, err))
        return false;
    *status = answer.status;
    ok = is_good(answer.status) || is_redirect(answer.status) || answer.status == 404 ||
         answer.status == 410 || rest_refused(prober->github, &answer, prober->what, err);
    if (ok && tree != NULL && is_good(answer.status))
        ok = json_read(answer.body.data, answer.body.len, tree, err);
    http_answer_release(&answer);
    return ok;
}

static bool
probe_repository(struct prober *prober, struct err *err)
{
    return prober->repository_status != 0 ||
           probe_get(prober, prober->github->path, false, &prober->repository_status,
                     &prober->repository, err);
}

/* Asks what the decision needs, the most likely first. */
static bool
probe_look(struct prober *prober, struct probe_seen *seen, struct err *err)
{
    const char *issue =
        rest_path(prober->github, prober->arena, "/issues/%lld", (long long)seen->number);

    /* Pull requests cannot be deleted, so probably all of them are hidden. */
    if (seen->is_pull && !probe_repository(prober, err))
        return false;
    if (seen->is_pull && !json_flag(prober->repository, "has_pull_requests", true))
        return true;
    if (!probe_get(prober, issue, true, &seen->status, NULL, err))
        return false;
    if (is_good(seen->status))
        return true;
    if (is_redirect(seen->status) &&
        !probe_get(prober, issue, false, &seen->moved_status, &seen->moved, err))
        return false;
    return probe_repository(prober, err) &&
           (is_good(seen->moved_status) || prober->issues_status != 0 ||
            !is_good(prober->repository_status) ||
            probe_get(prober,
                      rest_path(prober->github, prober->arena, "/issues?state=all&per_page=1"),
                      false, &prober->issues_status, NULL, err));
}

static bool
probe_judge(const struct prober *prober, const struct probe_seen *seen, struct github_probe *probe,
            struct err *err)
{
    switch (probe_decide(seen)) {
    case PROBE_DELETED:
        probe->presence = PRESENCE_DELETED;
        return true;
    case PROBE_TRANSFERRED:
        probe->presence = PRESENCE_TRANSFERRED;
        probe->moved_to = arena_strdup(prober->arena, json_string(seen->moved, "html_url"));
        return true;
    case PROBE_HIDDEN:
        probe->why = "GitHub does not show it now, and does not say that it was deleted";
        return true;
    case PROBE_NO_ISSUES:
        probe->why = GITHUB_NO_ISSUES;
        return true;
    case PROBE_NO_PULLS:
        probe->why = "pull requests are turned off in the repository";
        return true;
    case PROBE_BLIND:
        break;
    }
    return err_set(err, ERR_ACCESS,
                   "%s: the repository %s or its issues cannot be read; check the inputs "
                   "repository and "
                   "github_token",
                   prober->what, prober->github->repository);
}

bool
github_probe(struct github *github, struct github_probe *probes, size_t n, struct arena *arena,
             struct err *err)
{
    struct prober prober = {.github = github, .arena = arena};
    bool ok = true;

    for (size_t i = 0; ok && i < n; i++) {
        struct probe_seen seen = {.number = probes[i].number,
                                  .is_pull = probes[i].is_pull,
                                  .told_deleted = probes[i].told_deleted};

        prober.what = arena_printf(arena, "looking for #%lld", (long long)seen.number);
        probes[i].presence = PRESENCE_HIDDEN;
        ok = probe_look(&prober, &seen, err);
        seen.repository_status = prober.repository_status;
        seen.issues_status = prober.issues_status;
        seen.repository = prober.repository;
        ok = ok && probe_judge(&prober, &seen, &probes[i], err);
        json_object_put(seen.moved);
    }
    json_object_put(prober.repository);
    return ok;
}
