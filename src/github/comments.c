#include "base/json.h"
#include "github/github_p.h"

/* 25 lists of 100 stay below the size at which GitHub cuts lists without reporting it. */
#define COMMENT_LISTS 25

#define PAGE "comments(first:100,after:$after){...page}"
static const struct numbers_ask comments = {
    .thing = "issueOrPullRequest",
    .selection = "{... on Issue{" PAGE "}... on PullRequest{" PAGE "}}",
    .fragments = "fragment page on IssueCommentConnection{"
                 "nodes{url body viewerDidAuthor createdAt lastEditedAt editor{__typename login}"
                 "author{__typename login}}pageInfo{hasNextPage endCursor}}",
};

/* The comments of one issue, in one of the two forms. */
struct found {
    struct own_comment_list own;
    struct remark_list remarks;
};

/* A read of the comments of several issues. */
struct gathering {
    struct github *github;
    struct arena *arena, *scratch;
    const char *what;
    bool whole;          /* all comments, not only those with own markers */
    struct found *found; /* one a number */
};

static bool
comments_list(struct gathering *g, const struct query_answer *answer, int64_t number,
              struct found *found, const char **after, struct err *err)
{
    const struct identity self = {g->github->viewer, &g->github->key};
    struct json_object *node;
    struct json_object *connection;
    char alias[ALIAS_SIZE];

    alias_of_number(alias, number);
    if (!query_node(answer, alias, &node, err))
        return false;
    if (node == NULL) {
        *after = NULL;
        return true;
    }
    connection = json_get(node, "comments");
    return (g->whole ? decode_remarks(connection, &self, number, g->arena, &found->remarks, err)
                     : decode_comments(connection, &self, number, g->arena, &found->own, err)) &&
           query_next(connection, g->scratch, after, err);
}

static bool
comments_ask(struct gathering *g, const int64_t *numbers, size_t n, const char *after,
             struct query_answer *answer, struct err *err)
{
    return query_run(g->github, g->what, numbers_query(g->scratch, &comments, numbers, n, true),
                     json_add_string(json_new_object(), "after", after), answer, err);
}

/* Reads the comments of one issue after the first page of results. */
static bool
comments_rest(struct gathering *g, int64_t number, struct found *found, const char *after,
              struct err *err)
{
    while (after != NULL) {
        struct query_answer answer;
        bool ok;

        if (!comments_ask(g, &number, 1, after, &answer, err))
            return false;
        ok = comments_list(g, &answer, number, found, &after, err);
        query_release(&answer);
        if (!ok)
            return false;
    }
    return true;
}

static bool
comments_slice(struct gathering *g, const int64_t *numbers, size_t n, struct found *found,
               struct query_answer *answer, struct err *err)
{
    const char **after = arena_array(g->scratch, n, sizeof(*after));
    bool ok = true;

    for (size_t i = 0; ok && i < n; i++)
        if (number_askable(numbers[i]))
            ok = comments_list(g, answer, numbers[i], &found[i], &after[i], err);
    query_release(answer);
    for (size_t i = 0; ok && i < n; i++)
        ok = comments_rest(g, numbers[i], &found[i], after[i], err);
    return ok || err_context(err, "%s", g->what);
}

static bool
comments_all(struct gathering *g, const int64_t *numbers, size_t n, struct err *err)
{
    size_t limit = COMMENT_LISTS;
    int64_t asked[COMMENT_LISTS];

    for (size_t done = 0; done < n;) {
        size_t count = n - done < limit ? n - done : limit;
        size_t n_asked = 0;
        struct query_answer answer = {0};

        for (size_t i = done; i < done + count; i++)
            if (number_askable(numbers[i]))
                asked[n_asked++] = numbers[i];
        if (n_asked > 0 && !comments_ask(g, asked, n_asked, NULL, &answer, err)) {
            if (!query_halve(&limit, err))
                return false;
            continue;
        }
        if (!comments_slice(g, numbers + done, count, g->found + done, &answer, err))
            return false;
        done += count;
    }
    return true;
}

static bool
comments_begin(struct gathering *g, const int64_t *numbers, size_t n, struct err *err)
{
    struct err ignored;

    g->scratch = arena_new();
    g->found = arena_array(g->scratch, n, sizeof(*g->found));
    return comments_all(g, numbers, n, err != NULL ? err : &ignored);
}

static void
comments_end(struct gathering *g, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        vec_free(&g->found[i].own);
        vec_free(&g->found[i].remarks);
    }
    arena_free(g->scratch);
}

bool
github_read_own_comments(struct github *github, const int64_t *numbers, size_t n,
                         struct arena *arena, struct own_comments *lists, struct err *err)
{
    struct gathering g = {.github = github, .arena = arena, .what = "reading own comments"};
    bool ok = comments_begin(&g, numbers, n, err);

    for (size_t i = 0; ok && i < n; i++) {
        const struct own_comment_list *own = &g.found[i].own;

        lists[i] = (struct own_comments){
            .items = arena_memdup(arena, own->items, own->len * sizeof(*own->items)),
            .len = own->len};
    }
    comments_end(&g, n);
    return ok;
}

bool
github_read_conversations(struct github *github, const int64_t *numbers, size_t n,
                          struct arena *arena, struct remarks *lists, struct err *err)
{
    struct gathering g = {
        .github = github, .arena = arena, .what = "reading conversations", .whole = true};
    bool ok = comments_begin(&g, numbers, n, err);

    for (size_t i = 0; ok && i < n; i++) {
        const struct remark_list *remarks = &g.found[i].remarks;

        lists[i] = (struct remarks){
            .items = arena_memdup(arena, remarks->items, remarks->len * sizeof(*remarks->items)),
            .len = remarks->len};
    }
    comments_end(&g, n);
    return ok;
}
