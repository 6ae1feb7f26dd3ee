#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/json.h"
#include "github/github_p.h"

/* Pull requests as tasks see them: the stage of each, which issues it is linked to, who reviews it
 * and what its checks say. Source: docs.github.com, GraphQL reference, PullRequest and Issue. */

#define READING   "reading pull requests and what they are linked to"
#define A_REQUEST 50

#define LINK "number repository{nameWithOwner}"
/* The facts that determine the stage, if individual reviews are not asked for. */
#define BASICS LINK " url title headRefName isCrossRepository state isDraft mergedAt reviewDecision"
#define PULL                                                                           \
    "fragment pull on PullRequest{" BASICS " lastEditedAt "                            \
    "retitled:timelineItems(last:1,itemTypes:[RENAMED_TITLE_EVENT]){nodes{"            \
    "...on RenamedTitleEvent{createdAt}}}"                                             \
    " latestOpinionatedReviews(first:50,writersOnly:true){nodes{state author{login}}}" \
    "reviewRequests(first:50){nodes{requestedReviewer{__typename ...on User{login}"    \
    "...on Bot{login}...on Team{name slug}}}}"                                         \
    "closingIssuesReferences(first:50){totalCount nodes{" LINK "}}}"
#define LINKED(after)                                                                     \
    "closedByPullRequestsReferences(first:50," after "includeClosedPrs:true){totalCount " \
    "nodes{" BASICS "}pageInfo{hasNextPage endCursor}}"
#define ISSUE "fragment issue on Issue{" LINKED("") "}"
/* The pull requests of one issue after the first page of them. */
#define MORE                                                                               \
    "query($owner:String!,$name:String!,$after:String){repository(owner:$owner,name:$name" \
    "){issue:issue(number:%lld){" LINKED("after:$after,") "}}}"

/* --- answers --- */

/* NULL: it is this repository. */
static const char *
other_repository(const struct github *github, struct json_object *node, struct arena *arena)
{
    const char *name = json_string(json_get(node, "repository"), "nameWithOwner");
    const char *own = arena_printf(arena, "%s/%s", github->owner, github->name);

    return name == NULL || strcasecmp(name, own) == 0 ? NULL : arena_strdup(arena, name);
}

static enum stage
stage_of(struct json_object *node)
{
    struct json_object *reviews = json_array(json_get(node, "latestOpinionatedReviews"), "nodes");
    const char *decision = json_string(node, "reviewDecision");
    const char *state = json_string(node, "state");
    enum stage stage = STAGE_OPEN;

    if (state == NULL)
        return STAGE_UNKNOWN;
    if (strcmp(state, "MERGED") == 0)
        return STAGE_MERGED;
    if (strcmp(state, "CLOSED") == 0)
        return STAGE_CLOSED;
    if (json_flag(node, "isDraft", false))
        return STAGE_DRAFT;
    if (decision != NULL)
        return strcmp(decision, "APPROVED") == 0            ? STAGE_APPROVED
               : strcmp(decision, "CHANGES_REQUESTED") == 0 ? STAGE_CHANGES_REQUESTED
                                                            : STAGE_OPEN;
    /* If the branch does not require a review, there is no decision, so the reviews themselves are
     * used. */
    for (size_t i = 0; i < json_len(reviews); i++) {
        if (json_is(json_at(reviews, i), "state", "CHANGES_REQUESTED"))
            return STAGE_CHANGES_REQUESTED;
        if (json_is(json_at(reviews, i), "state", "APPROVED"))
            stage = STAGE_APPROVED;
    }
    return stage;
}

static void
add_reviewer(struct pull_facts *pull, const char **reviewers, const char *name, struct arena *arena)
{
    for (size_t i = 0; name != NULL && i < pull->n_reviewers; i++)
        if (strcasecmp(reviewers[i], name) == 0)
            return;
    if (name != NULL)
        reviewers[pull->n_reviewers++] = arena_strdup(arena, name);
}

/* Who was asked, and who gave a review. People that the token may not see are left out. */
static void
take_reviewers(struct json_object *node, struct arena *arena, struct pull_facts *pull)
{
    struct json_object *asked = json_array(json_get(node, "reviewRequests"), "nodes");
    struct json_object *given = json_array(json_get(node, "latestOpinionatedReviews"), "nodes");
    const char **reviewers = arena_array(arena, json_len(asked) + json_len(given), sizeof(char *));

    pull->knows_reviewers = asked != NULL && given != NULL;
    for (size_t i = 0; i < json_len(asked); i++) {
        struct json_object *who = json_get(json_at(asked, i), "requestedReviewer");
        const char *team = json_string(who, json_has(who, "name") ? "name" : "slug");

        add_reviewer(pull, reviewers, team != NULL ? team : json_string(who, "login"), arena);
    }
    for (size_t i = 0; i < json_len(given); i++)
        add_reviewer(pull, reviewers, json_string(json_get(json_at(given, i), "author"), "login"),
                     arena);
    pull->reviewers = reviewers;
}

static void
take_closes(const struct github *github, struct json_object *node, struct arena *arena,
            struct pull_facts *pull)
{
    struct json_object *nodes = json_array(json_get(node, "closingIssuesReferences"), "nodes");
    int64_t *closes = arena_array(arena, json_len(nodes), sizeof(*closes));

    for (size_t i = 0; i < json_len(nodes); i++) {
        int64_t number = json_int(json_at(nodes, i), "number", 0);

        if (number > 0 && other_repository(github, json_at(nodes, i), arena) == NULL)
            closes[pull->n_closes++] = number;
    }
    pull->closes = closes;
}

static const char *
text_of(struct json_object *node, const char *key, struct arena *arena)
{
    const char *text = json_string(node, key);

    return arena_strdup(arena, text != NULL ? text : "");
}

static bool
take_pull(const struct github *github, struct json_object *node, struct arena *arena,
          struct pull_facts *pull, struct err *err)
{
    const char *merged = json_string(node, "mergedAt");
    struct json_object *titles = json_array(json_get(node, "retitled"), "nodes");

    *pull = (struct pull_facts){
        .number = json_int(node, "number", 0),
        .repository = other_repository(github, node, arena),
        .url = text_of(node, "url", arena),
        .title = text_of(node, "title", arena),
        .head = text_of(node, "headRefName", arena),
        .fork = json_flag(node, "isCrossRepository", true),
        .retitled_at =
            titles != NULL ? changed_at(json_at(titles, 0), "createdAt") : CHANGE_UNKNOWN,
        .described_at =
            json_has(node, "lastEditedAt") ? changed_at(node, "lastEditedAt") : CHANGE_UNKNOWN,
        .stage = stage_of(node)};
    if (pull->number <= 0 || pull->stage == STAGE_UNKNOWN ||
        (merged != NULL && !clock_parse(merged, &pull->merged_at)))
        return err_set(err, ERR_DATA, "an answer without number or state of a pull request");
    take_reviewers(node, arena, pull);
    take_closes(github, node, arena, pull);
    return true;
}

/* The pull requests that are linked to one issue, as far as they were read. */
struct links {
    VEC(struct pull_facts) pulls;
    int64_t n_answered; /* with those that the token may not see */
    bool complete;
    const char *after; /* the next page; NULL: there is none */
};

static bool
take_links(const struct github *github, struct json_object *node, struct arena *arena,
           struct links *links, struct err *err)
{
    struct json_object *connection = json_get(node, "closedByPullRequestsReferences");
    struct json_object *nodes = json_array(connection, "nodes");

    links->n_answered += (int64_t)json_len(nodes);
    links->complete = nodes != NULL && json_int(connection, "totalCount", -1) == links->n_answered;
    for (size_t i = 0; i < json_len(nodes); i++) {
        struct pull_facts pull;

        /* GitHub does not report one in a repository that the token may not read. */
        if (!json_object_is_type(json_at(nodes, i), json_type_object))
            continue;
        if (!take_pull(github, json_at(nodes, i), arena, &pull, err))
            return false;
        vec_push(&links->pulls, pull);
    }
    if (nodes == NULL)
        links->after = NULL;
    return nodes == NULL || query_next(connection, arena, &links->after, err);
}

static bool
take_issue_facts(struct github *github, struct json_object *node, int64_t number,
                 struct arena *arena, struct progress_facts *facts, struct err *err)
{
    const char *text = arena_printf(arena, MORE, (long long)number);
    struct links links = {0};
    bool ok = take_links(github, node, arena, &links, err);

    while (ok && links.after != NULL) {
        struct query_answer answer;

        ok = query_run(github, READING, text,
                       json_add_string(json_new_object(), "after", links.after), &answer, err);
        if (!ok)
            break;
        ok = take_links(github, json_get(answer.repository, "issue"), arena, &links, err);
        query_release(&answer);
    }
    facts->complete = links.complete;
    vec_take(&links.pulls, arena, facts->linked, facts->n_linked);
    return ok;
}

/* The result of take_facts. */
struct fact_list {
    struct github *github;
    const int64_t *numbers;
    struct arena *arena;
    struct progress_facts *facts;
};

static bool
take_facts(void *context, size_t index, const struct query_answer *answer, struct err *err)
{
    const struct fact_list *list = context;
    struct progress_facts *facts = &list->facts[index];
    struct json_object *node;

    *facts = (struct progress_facts){0};
    if (!query_node(answer, list->numbers[index], &node, err))
        return false;
    facts->is_pull = json_is(node, "__typename", "PullRequest");
    if (node == NULL)
        return true;
    return facts->is_pull ? take_pull(list->github, node, list->arena, &facts->pull, err)
                          : take_issue_facts(list->github, node, list->numbers[index], list->arena,
                                             facts, err);
}

/* --- questions --- */

bool
github_read_progress(struct github *github, const int64_t *numbers, size_t n, struct arena *arena,
                     struct progress_facts *facts, struct err *err)
{
    struct fact_list list = {github, numbers, arena, facts};
    const struct numbers_ask ask = {
        .github = github,
        .what = READING,
        .thing = "issueOrPullRequest",
        .selection = "{__typename ...issue ...pull}",
        .fragments = ISSUE PULL,
        .at_once = A_REQUEST,
        .halves = true,
        .take = take_facts,
        .context = &list,
    };

    return query_numbers(&ask, numbers, n, err);
}

bool
github_list_progress(struct github *github, struct arena *arena,
                     void (*see)(void *context, const struct pull_facts *pull), void *context,
                     struct err *err)
{
    const char *what = "listing pull requests and what they are linked to";
    struct arena *scratch = arena_new();
    const char *after = NULL;
    size_t size = A_REQUEST;
    bool ok = true;

    while (ok) {
        struct json_object *variables = json_add_int(json_new_object(), "size", (int64_t)size);
        struct query_answer answer;
        struct json_object *list;

        if (!query_run(github, what,
                       "query($owner:String!,$name:String!,$size:Int!,$after:String){repository("
                       "owner:$owner,name:$name){list:pullRequests(first:$size,after:$after,"
                       "orderBy:{field:CREATED_AT,direction:ASC}){nodes{...pull}"
                       "pageInfo{hasNextPage endCursor}}}}" PULL,
                       json_add_string(variables, "after", after), &answer, err)) {
            ok = query_halve(&size, err);
            continue;
        }
        list = json_get(answer.repository, "list");
        for (size_t i = 0; ok && i < json_len(json_array(list, "nodes")); i++) {
            struct pull_facts *pull = arena_alloc(arena, sizeof(*pull));

            ok = take_pull(github, json_at(json_array(list, "nodes"), i), arena, pull, err);
            if (ok)
                see(context, pull);
        }
        ok = (ok && query_next(list, scratch, &after, err)) || err_context(err, "%s", what);
        query_release(&answer);
        if (after == NULL)
            break;
    }
    arena_free(scratch);
    return ok;
}

/* --- checks --- */

/* The result of take_checks. */
struct check_list {
    const int64_t *numbers;
    const char **checks;
};

/* The parts that the token may not read were removed from the answer. */
static bool
take_checks(void *context, size_t index, const struct query_answer *answer, struct err *err)
{
    const struct check_list *list = context;
    struct json_object *pull = query_number(answer, list->numbers[index]);
    const char *state = json_string(json_get(pull, "statusCheckRollup"), "state");
    const char **checks = &list->checks[index];

    (void)err;
    if (!json_has(pull, "statusCheckRollup"))
        *checks = NULL;
    else if (state == NULL)
        *checks = "";
    else if (strcmp(state, "SUCCESS") == 0)
        *checks = "Passing";
    else
        *checks =
            strcmp(state, "PENDING") == 0 || strcmp(state, "EXPECTED") == 0 ? "Pending" : "Failing";
    return true;
}

bool
github_read_checks(struct github *github, const int64_t *numbers, size_t n, const char **checks,
                   struct err *err)
{
    struct check_list list = {numbers, checks};
    const struct numbers_ask ask = {
        .github = github,
        .what = "reading the checks of pull requests",
        .thing = "pullRequest",
        .selection = "{statusCheckRollup{state}}",
        .at_once = A_REQUEST,
        .take = take_checks,
        .context = &list,
    };

    return query_numbers(&ask, numbers, n, err);
}
