#include "base/json.h"
#include "github/github_p.h"

/* 25 lists of 100 stay below the size at which GitHub cuts lists without reporting it. */
#define COMMENT_LISTS 25

/* The comments of one issue, in one of the two forms. */
struct found {
    struct own_comment_list own;
    struct remark_list remarks;
};

/* A read of the comments of several issues. */
struct gathering {
    struct numbers_ask ask;
    const int64_t *numbers;
    struct arena *arena, *scratch;
    bool whole;          /* all comments, not only those with own markers */
    struct found *found; /* one a number */
};

static bool
comments_list(struct gathering *g, const struct query_answer *answer, size_t index,
              const char **after, struct err *err)
{
    const struct identity self = {g->ask.github->viewer, &g->ask.github->key};
    struct found *found = &g->found[index];
    int64_t number = g->numbers[index];
    struct json_object *node, *connection;

    if (!query_node(answer, number, &node, err))
        return false;
    if (node == NULL)
        return true;
    connection = json_get(node, "comments");
    return (g->whole ? decode_remarks(connection, &self, number, g->arena, &found->remarks, err)
                     : decode_comments(connection, &self, number, g->arena, &found->own, err)) &&
           query_next(connection, g->scratch, after, err);
}

/* The comments of one issue: a page with others', the rest on their own. */
static bool
take_comments(void *context, size_t index, const struct query_answer *first, struct err *err)
{
    struct gathering *g = context;
    const char *after = NULL;
    bool ok = comments_list(g, first, index, &after, err);

    while (ok && after != NULL) {
        const char *text = numbers_query(g->scratch, &g->ask, &g->numbers[index], 1);
        struct query_answer answer;

        ok = query_run(g->ask.github, g->ask.what, text,
                       json_add_string(json_new_object(), "after", after), &answer, err);
        if (!ok)
            break;
        ok = comments_list(g, &answer, index, &after, err);
        query_release(&answer);
    }
    return ok;
}

#define PAGE "comments(first:100,after:$after){...page}"

static bool
comments_begin(struct gathering *g, struct github *github, const char *what, const int64_t *numbers,
               size_t n, struct err *err)
{
    struct err ignored;

    g->ask = (struct numbers_ask){
        .github = github,
        .what = what,
        .thing = "issueOrPullRequest",
        .selection = "{... on Issue{" PAGE "}... on PullRequest{" PAGE "}}",
        .fragments =
            "fragment page on IssueCommentConnection{"
            "nodes{url body viewerDidAuthor createdAt lastEditedAt editor{__typename login}"
            "author{__typename login}}pageInfo{hasNextPage endCursor}}",
        .pages = true,
        .at_once = COMMENT_LISTS,
        .halves = true,
        .take = take_comments,
        .context = g,
    };
    g->numbers = numbers;
    g->scratch = arena_new();
    g->found = arena_array(g->scratch, n, sizeof(*g->found));
    return query_numbers(&g->ask, numbers, n, err != NULL ? err : &ignored);
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
    struct gathering g = {.arena = arena};
    bool ok = comments_begin(&g, github, "reading own comments", numbers, n, err);

    for (size_t i = 0; ok && i < n; i++)
        vec_take(&g.found[i].own, arena, lists[i].items, lists[i].len);
    comments_end(&g, n);
    return ok;
}

bool
github_read_conversations(struct github *github, const int64_t *numbers, size_t n,
                          struct arena *arena, struct remarks *lists, struct err *err)
{
    struct gathering g = {.arena = arena, .whole = true};
    bool ok = comments_begin(&g, github, "reading conversations", numbers, n, err);

    for (size_t i = 0; ok && i < n; i++)
        vec_take(&g.found[i].remarks, arena, lists[i].items, lists[i].len);
    comments_end(&g, n);
    return ok;
}
