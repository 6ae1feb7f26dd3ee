#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "github/github_p.h"

bool
query_send(struct github *github, const char *what, const char *text, struct json_object *variables,
           bool writes, struct http_answer *answer, struct err *err)
{
    struct arena *scratch = arena_new();
    struct json_object *tree = json_add_string(json_new_object(), "query", text);
    struct http_request request = {
        .method = HTTP_POST,
        .path = "",
        .what = what,
        .safety = RETRY_SAFE,
        .writes = writes,
        .max_answer = ANSWER_MAX,
    };
    bool ok;

    json_add(tree, "variables", variables);
    request.body = json_write(scratch, tree);
    json_object_put(tree);
    ok = http_call(github->graphql, &request, answer, err);
    arena_free(scratch);
    return ok;
}

bool
query_run(struct github *github, const char *what, const char *text, struct json_object *variables,
          struct query_answer *answer, struct err *err)
{
    struct http_answer sent;
    bool ok;

    *answer = (struct query_answer){.read_at = clock_now()};
    json_add_string(variables, "owner", github->owner);
    json_add_string(variables, "name", github->name);
    if (!query_send(github, what, text, variables, false, &sent, err))
        return false;
    if (sent.status == 404)
        ok = err_set(err, ERR_INPUT,
                     "%s: there is no GraphQL API at that address (404): check GITHUB_GRAPHQL_URL "
                     "and GITHUB_API_URL",
                     what);
    else if (sent.status != 200)
        ok = rest_refused(github, &sent, what, err);
    else
        ok = (json_read(sent.body.data, sent.body.len, &answer->tree, err) &&
              query_judge(github->repository, answer, err)) ||
             err_context(err, "%s", what);
    answer->date = sent.date != 0 ? sent.date : http_server_time(github->graphql);
    if (!ok)
        query_release(answer);
    http_answer_release(&sent);
    return ok;
}

void
query_release(struct query_answer *answer)
{
    json_object_put(answer->tree);
    answer->tree = NULL;
    answer->repository = NULL;
    answer->viewer = "";
}

/* The i-th step of an error's path if it is a name, otherwise "". */
static const char *
error_step(struct json_object *error, size_t i)
{
    struct json_object *step = json_at(json_array(error, "path"), i);

    return json_object_is_type(step, json_type_string) ? json_object_get_string(step) : "";
}

static bool
error_is_forbidden(struct json_object *error)
{
    return json_is(error, "type", "FORBIDDEN") || json_is(error, "type", "INSUFFICIENT_SCOPES");
}

static bool
no_repository(const char *repository, struct err *err)
{
    return err_set(err, ERR_NOT_FOUND,
                   "the repository %s does not exist, or the token cannot see it: check the inputs "
                   "repository and github_token",
                   repository);
}

static bool
judge_error(const char *repository, struct json_object *error, struct err *err)
{
    struct json_object *more = json_get(error, "extensions");
    const char *name = json_string(more, "fieldName");
    const char *field = name != NULL ? query_field(name) : NULL;
    const char *message = json_string(error, "message");

    if (message == NULL)
        message = "an error without a message";
    if (json_is(error, "type", "NOT_FOUND") && strcmp(error_step(error, 1), "pullRequests") == 0)
        return err_set(err, ERR_GONE, "pull requests are turned off in %s", repository);
    if (json_is(error, "type", "NOT_FOUND")) {
        if (json_len(json_array(error, "path")) > 1)
            return true;
        return no_repository(repository, err);
    }
    /* A field of the schema that an older GitHub Enterprise Server does not have yet (observed:
     * {"extensions":{"code":"undefinedField","fieldName":"issueType"}}). */
    if (json_is(more, "code", "undefinedField")) {
        if (field == NULL)
            return err_set(err, ERR_INPUT, "GitHub answered: %s; this server is too old for it",
                           message);
        return err_set(err, ERR_INPUT,
                       "GitHub answered: %s; this server is too old for it: turn the field off in "
                       "property_map (`%s =`)%s",
                       message, field,
                       strcmp(field, "issue_type") == 0 ? ", and take type: out of issue_filter"
                                                        : "");
    }
    if (policy_cure(message) != NULL)
        return err_set(err, ERR_ACCESS, "%s; %s", message, policy_cure(message));
    if (error_is_forbidden(error))
        return err_set(err, ERR_ACCESS,
                       "%s; the token needs to read contents, issues and pull requests: see "
                       "`permissions:` in the "
                       "workflow",
                       message);
    return err_set(err, ERR_SERVER, "GitHub answered: %s", message);
}

/* A member of an issue or pull request that the token may not see, or that is gone, is null: for
 * example, a parent in another repository. It was not reported, so it is removed and does not
 * look empty. Returns false if the error is about anything else. */
static bool
take_out_untold(struct json_object *repository, struct json_object *error)
{
    struct json_object *path = json_array(error, "path");
    struct json_object *at = repository;
    bool listed = strcmp(error_step(error, 1), "list") == 0;
    size_t thing = listed ? 3 : 1; /* repository, list, nodes, 7; or repository, i12 */

    if (!(json_is(error, "type", "NOT_FOUND") || error_is_forbidden(error)) ||
        strcmp(error_step(error, 0), "repository") != 0 ||
        !(listed || alias_is_number(error_step(error, 1))))
        return false;
    for (size_t i = 1; i < json_len(path); i++) {
        struct json_object *step = json_at(path, i);
        bool indexed = json_object_is_type(step, json_type_int);
        struct json_object *next = indexed ? json_at(at, (size_t)json_object_get_int64(step))
                                           : json_get(at, error_step(error, i));

        if (next == NULL && i > thing && !indexed)
            json_object_object_del(at, error_step(error, i));
        if (next == NULL)
            return i > thing;
        at = next;
    }
    return false;
}

bool
query_judge(const char *repository, struct query_answer *answer, struct err *err)
{
    struct json_object *errors = json_array(answer->tree, "errors");
    struct json_object *data = json_get(answer->tree, "data");
    const char *viewer = json_string(json_get(data, "viewer"), "login");

    answer->viewer = viewer != NULL ? viewer : "";
    answer->repository = json_get(data, "repository");
    for (size_t i = 0; i < json_len(errors); i++)
        if (!take_out_untold(answer->repository, json_at(errors, i)) &&
            !judge_error(repository, json_at(errors, i), err))
            return false;
    if (json_object_is_type(answer->repository, json_type_object))
        return true;
    if (json_has(data, "repository") && answer->repository == NULL)
        return no_repository(repository, err);
    return err_set(err, ERR_DATA, "an answer without the repository");
}

bool
query_node(const struct query_answer *answer, int64_t number, struct json_object **node,
           struct err *err)
{
    char alias[ALIAS_SIZE];
    struct json_object *errors = json_array(answer->tree, "errors");

    alias_of_number(alias, number);
    *node = json_get(answer->repository, alias);
    if (json_object_is_type(*node, json_type_object))
        return true;
    *node = NULL;
    for (size_t i = 0; i < json_len(errors); i++) {
        struct json_object *error = json_at(errors, i);

        if (json_is(error, "type", "NOT_FOUND") && json_len(json_array(error, "path")) == 2 &&
            strcmp(error_step(error, 0), "repository") == 0 &&
            strcmp(error_step(error, 1), alias) == 0)
            return true;
    }
    return err_set(err, ERR_SERVER, "GitHub left out %s and did not say why", alias);
}

bool
query_next(struct json_object *connection, struct arena *arena, const char **after, struct err *err)
{
    struct json_object *info = json_get(connection, "pageInfo");
    const char *before = *after;
    const char *end = json_string(info, "endCursor");

    *after = NULL;
    if (!json_object_is_type(json_get(info, "hasNextPage"), json_type_boolean))
        return err_set(err, ERR_DATA, "a list that does not say whether there is more");
    if (!json_flag(info, "hasNextPage", false))
        return true;
    if (end == NULL || (before != NULL && strcmp(before, end) == 0))
        return err_set(err, ERR_DATA, "a list that has more, but no cursor to it");
    *after = arena_strdup(arena, end);
    return true;
}

bool
query_halve(size_t *size, const struct err *err)
{
    if ((err->kind != ERR_SERVER && err->kind != ERR_DATA) || *size <= 1)
        return false;
    *size /= 2;
    return true;
}

struct json_object *
query_number(const struct query_answer *answer, int64_t number)
{
    char alias[ALIAS_SIZE];

    alias_of_number(alias, number);
    return json_get(answer->repository, alias);
}

bool
query_numbers(const struct numbers_ask *ask, const int64_t *numbers, size_t n, struct err *err)
{
    struct arena *scratch = arena_new();
    size_t limit = ask->at_once;
    bool ok = true;

    for (size_t at = 0; ok && at < n;) {
        size_t end = n - at < limit ? n : at + limit;
        int64_t *asked = arena_array(scratch, end - at, sizeof(*asked));
        struct query_answer answer = {.tree = NULL};
        size_t n_asked = 0;

        for (size_t i = at; i < end; i++)
            if (number_askable(numbers[i]))
                asked[n_asked++] = numbers[i];
        if (n_asked > 0 &&
            !query_run(ask->github, ask->what, numbers_query(scratch, ask, asked, n_asked),
                       ask->pages ? json_add_string(json_new_object(), "after", NULL)
                                  : json_new_object(),
                       &answer, err)) {
            ok = ask->halves && query_halve(&limit, err);
            continue;
        }
        for (; ok && at < end; at++)
            ok = !number_askable(numbers[at]) || ask->take(ask->context, at, &answer, err) ||
                 err_context(err, "%s", ask->what);
        query_release(&answer);
    }
    arena_free(scratch);
    return ok;
}
