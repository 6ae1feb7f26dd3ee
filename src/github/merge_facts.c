#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "github/github_p.h"

#define PULL                                                                                    \
    "query($owner:String!,$name:String!){repository(owner:$owner,name:$name){pull:pullRequest(" \
    "number:%lld){"
#define REVIEWS                                                                              \
    "query($owner:String!,$name:String!,$after:String){repository(owner:$owner,name:$name){" \
    "pull:pullRequest(number:%lld){headRefOid isCrossRepository reviewDecision "             \
    "author{__typename login}latestOpinionatedReviews(first:100,after:$after){nodes{state "  \
    "authorCanPushToRepository commit{oid}}pageInfo{hasNextPage endCursor}}}}}"
#define CHECKS "statusCheckRollup{state contexts(first:100){totalCount nodes{__typename "
#define CHECK \
    "... on CheckRun{name status conclusion detailsUrl%s}... on StatusContext{context state}"
/* Names the workflow of a check; it needs `actions: read`, which few tokens have. */
#define WORKFLOW " checkSuite{workflowRun{workflow{resourcePath}}}"

/* --- reviews --- */

static void
take_reviews(struct json_object *pull, struct json_object *reviews, struct merge_facts *facts)
{
    struct json_object *nodes = json_array(reviews, "nodes");

    if (json_is(pull, "reviewDecision", "CHANGES_REQUESTED"))
        facts->changes_requested = true;
    for (size_t i = 0; i < json_len(nodes); i++) {
        struct json_object *review = json_at(nodes, i);

        if (!json_flag(review, "authorCanPushToRepository", false))
            continue;
        if (json_is(review, "state", "CHANGES_REQUESTED"))
            facts->changes_requested = true;
        if (json_is(review, "state", "APPROVED") && facts->head != NULL &&
            json_is(json_get(review, "commit"), "oid", facts->head))
            facts->approved = true;
    }
}

static bool
read_reviews(struct github *github, int64_t number, struct arena *arena, struct merge_facts *facts,
             struct err *err)
{
    const char *text = arena_printf(arena, REVIEWS, (long long)number);
    const char *after = NULL;
    bool ok;

    do {
        struct json_object *variables = json_new_object();
        struct query_answer answer;
        struct json_object *pull, *reviews, *author;

        json_add_string(variables, "after", after);
        if (!query_run(github, "reading the reviews of a pull request", text, variables, &answer,
                       err))
            return false;
        pull = json_get(answer.repository, "pull");
        reviews = json_get(pull, "latestOpinionatedReviews");
        facts->head = arena_strdup(arena, json_string(pull, "headRefOid"));
        facts->fork = json_flag(pull, "isCrossRepository", true);
        /* An app is named by its slug, which may also be somebody's login, so its permission cannot
         * be determined. */
        author = json_get(pull, "author");
        facts->author = json_is(author, "__typename", "User")
                            ? arena_strdup(arena, json_string(author, "login"))
                            : NULL;
        take_reviews(pull, reviews, facts);
        ok = query_next(reviews, arena, &after, err);
        query_release(&answer);
    } while (ok && after != NULL);
    return ok;
}

/* --- checks --- */

static const char *
base_name(const char *path, size_t *length)
{
    const char *end = strchr(path, '@');
    const char *name;

    if (end == NULL)
        end = path + strlen(path);
    name = end;
    while (name > path && name[-1] != '/')
        name--;
    *length = (size_t)(end - name);
    return name;
}

/* Whether a check run belongs to the workflow that runs this pass, by its file or by the run. */
static bool
is_own(struct json_object *check, const struct merge_ask *asked, struct arena *arena)
{
    const char *workflow = json_string(
        json_path(check, "checkSuite", "workflowRun", "workflow", NULL), "resourcePath");
    const char *details = json_string(check, "detailsUrl");
    size_t own_length, length;

    if (workflow != NULL && asked->workflow_ref != NULL) {
        const char *own = base_name(asked->workflow_ref, &own_length);
        const char *name = base_name(workflow, &length);

        return length == own_length && strncmp(own, name, length) == 0;
    }
    if (details == NULL || asked->run_id == NULL)
        return false;
    return strstr(details, arena_printf(arena, "/actions/runs/%s/", asked->run_id)) != NULL;
}

static bool
is_one_of(const char *text, const char *const *words)
{
    for (; text != NULL && *words != NULL; words++)
        if (strcmp(text, *words) == 0)
            return true;
    return false;
}

/* *others: whether a check that may be our own is among those that are not good. */
static void
take_checks(struct json_object *rollup, const struct merge_ask *asked, struct arena *arena,
            struct merge_facts *facts, bool *others)
{
    static const char *const good[] = {"SUCCESS", "NEUTRAL", "SKIPPED", NULL};
    static const char *const running[] = {"PENDING", "EXPECTED", NULL};
    struct json_object *contexts = json_get(rollup, "contexts");
    struct json_object *nodes = json_array(contexts, "nodes");
    const char *state = json_string(rollup, "state");

    facts->checks = CHECKS_GOOD;
    facts->check = NULL;
    *others = false;
    for (size_t i = 0; i < json_len(nodes); i++) {
        struct json_object *check = json_at(nodes, i);
        const char *name = json_string(check, "name");
        bool is_run = json_string(check, "context") == NULL;
        const char *end = json_string(check, is_run ? "conclusion" : "state");
        bool over = !is_run || json_is(check, "status", "COMPLETED");
        bool fails = over && !is_one_of(end, running);

        if ((over && is_one_of(end, good)) || is_own(check, asked, arena))
            continue;
        *others = *others || is_run;
        if (fails || facts->checks == CHECKS_GOOD) {
            facts->checks = fails ? CHECKS_FAIL : CHECKS_RUN;
            facts->check = arena_strdup(arena, name != NULL ? name : json_string(check, "context"));
        }
    }
    /* More than can be checked individually. */
    if (state != NULL && strcmp(state, "SUCCESS") != 0 &&
        json_int(contexts, "totalCount", -1) != (int64_t)json_len(nodes))
        facts->checks = CHECKS_RUN;
}

static bool
read_checks_once(struct github *github, int64_t number, const struct merge_ask *asked,
                 bool workflows, struct arena *arena, struct merge_facts *facts, bool *others,
                 struct err *err)
{
    const char *checks = arena_printf(arena, CHECK, workflows ? WORKFLOW : "");
    const char *text = arena_printf(arena, PULL CHECKS "%s}}}}}}", (long long)number, checks);
    struct query_answer answer;

    if (!query_run(github, "reading the checks of a pull request", text, json_new_object(), &answer,
                   err))
        return false;
    take_checks(json_path(answer.repository, "pull", "statusCheckRollup", NULL), asked, arena,
                facts, others);
    query_release(&answer);
    return true;
}

/* Asks which workflow a check belongs to only if it matters. */
static bool
read_checks(struct github *github, int64_t number, const struct merge_ask *asked,
            struct arena *arena, struct merge_facts *facts, struct err *err)
{
    struct err why;
    bool others;

    if (!read_checks_once(github, number, asked, false, arena, facts, &others, &why)) {
        facts->checks = CHECKS_HIDDEN;
        return why.kind != ERR_STOPPED || err_set(err, why.kind, "%s", why.text);
    }
    if (others && asked->workflow_ref != NULL) {
        struct merge_facts named = *facts;

        if (read_checks_once(github, number, asked, true, arena, &named, &others, &why))
            *facts = named;
    }
    return true;
}

bool
github_read_merge_facts(struct github *github, int64_t number, const struct merge_ask *asked,
                        struct arena *arena, struct merge_facts *facts, struct err *err)
{
    const char *path = NULL;
    struct json_object *tree;
    struct err ignored;

    *facts = (struct merge_facts){.read_at = clock_now()};
    if (!read_reviews(github, number, arena, facts, err) ||
        !read_checks(github, number, asked, arena, facts, err))
        return false;
    if (!facts->fork && facts->author != NULL && *facts->author != '\0')
        path = rest_path(github, arena, "/collaborators/%s/permission",
                         url_encode(arena, facts->author, ""));
    /* If the permission cannot be read, there is none. */
    if (path != NULL && rest_get(github, path, "asking what the author of a pull request may do",
                                 &tree, &ignored)) {
        facts->author_writes = role_writes(json_string(tree, "permission"));
        json_object_put(tree);
    }
    return true;
}
