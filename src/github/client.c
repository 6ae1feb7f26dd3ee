#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/log.h"
#include "github/github_p.h"

/* GitHub asks for writes one at a time and a second apart (docs.github.com, "Best practices for
 * using the REST API"). */
#define WRITE_SPACING 1000
#define IN_FLIGHT     4
/* After a second answer that it was too fast, a pass stops calling GitHub. */
#define PATIENCE 1
/* GitHub takes 80 contents a minute, which the spacing of writes keeps to, and 500 an hour
 * (docs.github.com, "Rate limits for the REST API"). At this number, nothing new is started: what
 * was started is finished, and the state is saved. */
#define MADE_MAX 450

static const char *const headers[] = {
    "Accept: application/vnd.github+json",
    "X-GitHub-Api-Version: 2022-11-28",
    NULL,
};

static bool
open_services(struct github *github, struct http *http, const struct github_config *given,
              struct err *err)
{
    struct http_service_config config = {
        .name = "GitHub",
        .base_url = given->api_url,
        .authorization = arena_printf(github->arena, "Bearer %s", given->token),
        .headers = headers,
        .write_spacing = WRITE_SPACING,
        .max_in_flight = IN_FLIGHT,
        .classify = github_classify,
        .patience = PATIENCE,
    };

    github->rest = http_service_new(http, &config, err);
    if (github->rest == NULL)
        return err_context(err, "GITHUB_API_URL");
    config.name = "GitHub GraphQL";
    config.base_url = given->graphql_url;
    config.classify = github_classify_graphql;
    config.with = github->rest; /* a mutation is a write like any other */
    github->graphql = http_service_new(http, &config, err);
    return github->graphql != NULL || err_context(err, "GITHUB_GRAPHQL_URL");
}

static void
set_address(struct github *github, const char *owner, const char *name)
{
    struct arena *arena = github->arena;

    github->owner = arena_strdup(arena, owner);
    github->name = arena_strdup(arena, name);
    github->repository = arena_printf(arena, "%s/%s", owner, name);
    github->path = arena_printf(arena, "/repos/%s/%s", url_encode(arena, owner, ""),
                                url_encode(arena, name, ""));
}

/* How many of the labels that an input names are looked up. */
#define LABELS_MAX ((size_t)50)

struct github *
github_new(struct http *http, const struct github_config *config, struct err *err)
{
    struct arena *arena = arena_new();
    struct github *github = arena_alloc(arena, sizeof(*github));

    github->arena = arena;
    set_address(github, config->owner, config->repository);
    github->state_refs[0] = github->state_ref = arena_strdup(arena, config->state_ref);
    github->state_refs[1] = arena_strdup(arena, config->state_branch);
    github->labels = config->labels;
    github->n_labels = config->n_labels < LABELS_MAX ? config->n_labels : LABELS_MAX;
    github->types = config->types;
    github->blockers = config->blockers;
    github->viewer = "";
    github->key.seal = config->seal;
    if (open_services(github, http, config, err))
        return github;
    github_free(github);
    return NULL;
}

void
github_free(struct github *github)
{
    if (github == NULL)
        return;
    vec_free(&github->milestones);
    vec_free(&github->repository_labels);
    arena_free(github->arena);
}

static bool
asks_for(const struct fields *known, struct field_set fields, enum home home)
{
    for (unsigned f = FIELD_BUILTINS; f < known->n; f++)
        if (field_set_has(fields, (enum field)f) && known->items[f].home == home)
            return true;
    return false;
}

void
github_select(struct github *github, const struct fields *known, struct field_set fields,
              bool pulls, bool bots, bool links)
{
    github->known = known;
    github->selected = (struct selected){
        .fields = fields,
        .auto_merge = pulls,
        .bots = bots,
        .links = links,
        .issue_fields = asks_for(known, fields, HOME_ISSUE_FIELD),
        .blocked_by = asks_for(known, fields, HOME_BLOCKED_BY),
        .dropped = field_set_minus(known->shown, fields),
        .claims = field_set_and(known->lenses, fields),
    };
}

void
github_follow(struct github *github, const char *full_name)
{
    const char *slash = strchr(full_name, '/');

    if (slash == NULL || strcasecmp(full_name, github->repository) == 0)
        return;
    log_notice("%s is now called %s: give that in the input repository", github->repository,
               full_name);
    set_address(github, arena_strndup(github->arena, full_name, (size_t)(slash - full_name)),
                slash + 1);
}

void
github_add_made(struct github *github, const struct made *made, size_t n)
{
    if (!github->knows_made)
        http_add_made(github->rest, made, n);
    github->knows_made = true;
}

int64_t
github_full_until(struct github *github)
{
    return http_made_fewer(github->rest, MADE_MAX);
}

struct http_service *
github_rest_service(struct github *github)
{
    return github->rest;
}

struct http_service *
github_graphql_service(struct github *github)
{
    return github->graphql;
}

const char *
rest_path(const struct github *github, struct arena *arena, const char *format, ...)
{
    va_list args;
    char *rest;

    va_start(args, format);
    rest = arena_vprintf(arena, format, args);
    va_end(args);
    return arena_printf(arena, "%s%s", github->path, rest);
}

bool
rest_call(struct github *github, const struct rest_request *request, struct http_answer *answer,
          struct err *err)
{
    struct arena *scratch = arena_new();
    struct http_request sent = {
        .method = request->method,
        .path = request->path,
        .body = request->body != NULL ? json_write(scratch, request->body) : NULL,
        .accept = request->accept,
        .what = request->what,
        .safety = request->safety,
        .writes = request->method != HTTP_GET,
        .makes = request->makes,
        .no_redirect = request->no_redirect,
        .max_answer = ANSWER_MAX,
    };
    bool ok;

    json_object_put(request->body);
    ok = http_call(github->rest, &sent, answer, err);
    arena_free(scratch);
    return ok;
}

bool
rest_json(struct github *github, const struct rest_request *request, struct json_object **tree,
          struct err *err)
{
    struct json_object *unwanted = NULL;
    struct http_answer answer;
    bool ok;

    if (tree != NULL)
        *tree = NULL;
    if (!rest_call(github, request, &answer, err))
        return false;
    if (answer.status >= 200 && answer.status < 300)
        ok = json_read(answer.body.data, answer.body.len, tree != NULL ? tree : &unwanted, err) ||
             err_context(err, "%s", request->what);
    else
        ok = rest_refused(github, &answer, request->what, err);
    json_object_put(unwanted);
    http_answer_release(&answer);
    return ok;
}

bool
rest_get(struct github *github, const char *path, const char *what, struct json_object **tree,
         struct err *err)
{
    const struct rest_request request = {.method = HTTP_GET, .path = path, .what = what};

    return rest_json(github, &request, tree, err);
}

bool
rest_remove(struct github *github, const struct rest_request *request, struct err *err)
{
    struct http_answer answer;
    bool ok;

    if (!rest_call(github, request, &answer, err))
        return false;
    ok = (answer.status >= 200 && answer.status < 300) || answer.status == 404 ||
         rest_refused(github, &answer, request->what, err);
    http_answer_release(&answer);
    return ok;
}

bool
rest_list(struct github *github, const char *path, const char *what,
          bool (*take)(void *context, struct json_object *list, struct err *err), void *context,
          struct err *err)
{
    struct arena *arena = arena_new();
    bool ok = true;

    while (ok && path != NULL) {
        const struct rest_request request = {.method = HTTP_GET, .path = path, .what = what};
        struct json_object *list = NULL;
        struct http_answer answer;

        ok = rest_call(github, &request, &answer, err);
        if (!ok)
            break;
        ok = answer.status == 200 ? (json_read(answer.body.data, answer.body.len, &list, err) &&
                                     take(context, list, err)) ||
                                        err_context(err, "%s", what)
                                  : rest_refused(github, &answer, what, err);
        path = arena_strdup(arena, answer.link_next);
        json_object_put(list);
        http_answer_release(&answer);
    }
    arena_free(arena);
    return ok;
}
