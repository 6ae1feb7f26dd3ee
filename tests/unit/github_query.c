#include "github_test.h"

#define TOUCHED_FIELDS "{nodes{number updatedAt}pageInfo{hasNextPage endCursor}}"
#define NEWEST         "(first:100,orderBy:{field:UPDATED_AT,direction:DESC})" TOUCHED_FIELDS
#define BLOB_FIELDS    "... on Blob{oid text isTruncated isBinary}"
#define COMMON_FIELDS                                                                    \
    "__typename number title url createdAt updatedAt author{login}viewerDidAuthor body " \
    "lastEditedAt editor{__typename login}"                                              \
    "labels(first:100){totalCount nodes{name}}comments(first:1){totalCount}"             \
    "timelineItems(last:1,itemTypes:[CLOSED_EVENT,REOPENED_EVENT])"                      \
    "{nodes{... on ClosedEvent{createdAt actor{__typename login}}"                       \
    "... on ReopenedEvent{createdAt actor{__typename login}}}}"

static const struct selected nothing;

static void
test_overview(void **state)
{
    struct arena *arena = arena_new();

    (void)state;
    test_text(
        overview_query(arena, 1, 0, false, false, true),
        "query($owner:String!,$name:String!,$ref:String!){viewer{login}"
        "repository(owner:$owner,name:$name){"
        "databaseId isPrivate isArchived nameWithOwner hasIssuesEnabled defaultBranchRef{name}"
        "issues" NEWEST "pullRequests" NEWEST
        "ref(qualifiedName:$ref){target{... on Commit{oid committedDate tree{oid entries{name}}"
        "cursor:file(path:\"cursor.json\"){object{" BLOB_FIELDS "}}"
        "lock:file(path:\"lock.json\"){object{" BLOB_FIELDS "}}"
        "columns:file(path:\"columns.json\"){object{" BLOB_FIELDS "}}"
        "limits:file(path:\"limits.json\"){object{" BLOB_FIELDS "}}"
        "records:file(path:\"records\"){object{... on Tree{entries{name type}}}}}}}}}",
        "with a state ref");
    assert_non_null(strstr(overview_query(arena, 2, 0, false, false, false),
                           ",$ref:String!,$branch:String!){viewer{login}"));
    assert_non_null(strstr(overview_query(arena, 2, 0, false, false, false),
                           "issues" NEWEST "ref(qualifiedName:$ref){target{"));
    assert_non_null(strstr(overview_query(arena, 2, 0, false, false, false),
                           "branch:ref(qualifiedName:$branch){target{"));
    test_text(
        overview_query(arena, 0, 0, false, false, true),
        "query($owner:String!,$name:String!){viewer{login}"
        "repository(owner:$owner,name:$name){"
        "databaseId isPrivate isArchived nameWithOwner hasIssuesEnabled defaultBranchRef{name}"
        "issues" NEWEST "pullRequests" NEWEST "}}",
        "without");
    assert_non_null(strstr(overview_query(arena, 0, 0, false, true, true),
                           "{nodes{number updatedAt issueDependenciesSummary{totalBlockedBy}}"));
    arena_free(arena);
}

static void
test_batch(void **state)
{
    static const int64_t numbers[] = {7, 2147483647};
    struct arena *arena = arena_new();

    (void)state;
    test_text(batch_query(arena, numbers, 2, 1, &nothing),
              "query($owner:String!,$name:String!,$f0:String!){viewer{login}"
              "repository(owner:$owner,name:$name){nameWithOwner "
              "i7:issueOrPullRequest(number:7){...issue ...pull}"
              "i2147483647:issueOrPullRequest(number:2147483647){...issue ...pull}"
              "f0:object(expression:$f0){" BLOB_FIELDS "}}}"
              "fragment issue on Issue{" COMMON_FIELDS "issueState:state stateReason}"
              "fragment pull on PullRequest{" COMMON_FIELDS
              "pullState:state isDraft merged mergedBy{__typename login}headRefOid baseRefName "
              "mergeable mergeStateStatus}",
              "numbers and files");
    test_text(batch_query(arena, NULL, 0, 2, &nothing),
              "query($owner:String!,$name:String!,$f0:String!,$f1:String!){viewer{login}"
              "repository(owner:$owner,name:$name){"
              "f0:object(expression:$f0){" BLOB_FIELDS "}"
              "f1:object(expression:$f1){" BLOB_FIELDS "}}}",
              "files alone");
    arena_free(arena);
}

static void
test_selections(void **state)
{
    static const int64_t number[] = {7};
    struct arena *arena = arena_new();
    const struct selected some = {
        .fields =
            FIELD_SET(FIELD_BIT(FIELD_CLOSED) | FIELD_BIT(FIELD_REVIEW) | FIELD_BIT(FIELD_MERGED))};
    const struct selected one = {.fields = FIELD_SET(FIELD_BIT(FIELD_MERGE_STATE))};

    (void)state;
    test_text(strstr(batch_query(arena, number, 1, 0, &some), "fragment"),
              "fragment issue on Issue{" COMMON_FIELDS "issueState:state stateReason closedAt}"
              "fragment pull on PullRequest{" COMMON_FIELDS
              "pullState:state isDraft merged mergedBy{__typename login}headRefOid baseRefName "
              "mergeable mergeStateStatus closedAt reviewDecision mergedAt}",
              "what takes part");
    assert_non_null(strstr(list_query(arena, LIST_PULLS, 0, &one), "mergeStateStatus"));
    arena_free(arena);
}

static void
test_list(void **state)
{
    struct arena *arena = arena_new();

    (void)state;
    test_text(list_query(arena, LIST_ISSUES, 1, &nothing),
              "query($owner:String!,$name:String!,$size:Int!,$after:String,$f0:String!)"
              "{viewer{login}repository(owner:$owner,name:$name){"
              "list:issues(first:$size,after:$after,orderBy:{field:CREATED_AT,direction:ASC})"
              "{nodes{...issue}pageInfo{hasNextPage endCursor}}"
              "f0:object(expression:$f0){...folder}}}"
              "fragment issue on Issue{" COMMON_FIELDS "issueState:state stateReason}"
              "fragment folder on Tree{entries{name type object{" BLOB_FIELDS "}}}",
              "issues and a folder");
    test_text(list_query(arena, LIST_NONE, 1, &nothing),
              "query($owner:String!,$name:String!,$f0:String!){viewer{login}"
              "repository(owner:$owner,name:$name){f0:object(expression:$f0){...folder}}}"
              "fragment folder on Tree{entries{name type object{" BLOB_FIELDS "}}}",
              "a folder alone");
    assert_non_null(strstr(list_query(arena, LIST_PULLS, 0, &nothing),
                           "list:pullRequests(first:$size,after:$after,"
                           "orderBy:{field:CREATED_AT,direction:ASC}){nodes{...pull}"));
    assert_null(strstr(list_query(arena, LIST_PULLS, 0, &nothing), "mergeStateStatus"));
    assert_non_null(strstr(list_query(arena, LIST_NEWEST_ISSUES, 0, &nothing), "direction:DESC"));
    arena_free(arena);
}

static void
test_askable(void **state)
{
    (void)state;
    assert_true(number_askable(1));
    assert_true(number_askable(2147483647));
    assert_false(number_askable(INT64_C(2147483648)));
    assert_false(number_askable(0));
    assert_false(number_askable(-1));
}

#define UNKNOWN(name)                                                                          \
    "{\"errors\":[{\"path\":[\"fragment issue\"],\"extensions\":{\"code\":\"undefinedField\"," \
    "\"fieldName\":\"" name "\"},\"message\":\"Field '" name "' doesn't exist\"}]}"

/* What a member that is null says: its key is gone if it was not sent. */
static void
test_untold(void **state)
{
#define NESTED(type, path, data)                                        \
    "{\"data\":{\"repository\":" data "},\"errors\":[{\"type\":\"" type \
    "\",\"path\":[\"repository\"," path "],\"message\":\"no\"}]}"
    static const struct {
        const char *text;
        enum err_kind kind;
        const char *left;
    } rows[] = {
        {NESTED("FORBIDDEN", "\"i7\",\"parent\"", "{\"i7\":{\"a\":1,\"parent\":null}}"), ERR_NONE,
         "{\"i7\":{\"a\":1}}"},
        {NESTED("NOT_FOUND", "\"i7\",\"milestone\",\"title\"", "{\"i7\":{\"milestone\":null}}"),
         ERR_NONE, "{\"i7\":{}}"},
        {NESTED("FORBIDDEN", "\"list\",\"nodes\",1,\"parent\"",
                "{\"list\":{\"nodes\":[{\"parent\":null},{\"parent\":null}]}}"),
         ERR_NONE, "{\"list\":{\"nodes\":[{\"parent\":null},{}]}}"},
        {NESTED("FORBIDDEN", "\"i7\",\"refs\",\"nodes\",0",
                "{\"i7\":{\"refs\":{\"nodes\":[null]}}}"),
         ERR_NONE, "{\"i7\":{\"refs\":{\"nodes\":[null]}}}"},
        {NESTED("FORBIDDEN", "\"list\",\"nodes\",0", "{\"list\":{\"nodes\":[null]}}"), ERR_ACCESS,
         NULL},
        {NESTED("FORBIDDEN", "\"list\"", "{\"list\":null}"), ERR_ACCESS, NULL},
        {NESTED("FORBIDDEN", "\"issues\",\"nodes\"", "{\"issues\":{\"nodes\":null}}"), ERR_ACCESS,
         NULL},
        {NESTED("FORBIDDEN", "\"f0\",\"text\"", "{\"f0\":{\"text\":null}}"), ERR_ACCESS, NULL},
        {NESTED("FORBIDDEN", "\"i7\",\"parent\"", "{\"i7\":{\"parent\":{}}}"), ERR_ACCESS, NULL},
        {NESTED("INTERNAL", "\"i7\",\"parent\"", "{\"i7\":{\"parent\":null}}"), ERR_SERVER, NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct query_answer answer = {.tree = test_json(rows[i].text)};
        struct arena *arena = arena_new();
        struct err err = {0};

        if (query_judge("o/r", &answer, &err) != (rows[i].kind == ERR_NONE) ||
            err.kind != rows[i].kind)
            fail_msg("row %zu: kind %d, %s", i, (int)err.kind, err.text);
        if (rows[i].left != NULL)
            test_text(json_write(arena, answer.repository), rows[i].left, "what is left");
        query_release(&answer);
        arena_free(arena);
    }
}

static void
test_judge(void **state)
{
    static const struct {
        const char *text;
        enum err_kind kind;
        const char *says;
    } rows[] = {
        {"{\"data\":{\"viewer\":{\"login\":\"me\"},\"repository\":{\"a\":1}}}", ERR_NONE, ""},
        {"{\"data\":{\"repository\":{\"i1\":null}},\"errors\":[{\"type\":\"NOT_FOUND\","
         "\"path\":[\"repository\",\"i1\"],\"message\":\"no\"}]}",
         ERR_NONE, ""},
        {"{\"data\":{\"repository\":null},\"errors\":[{\"type\":\"NOT_FOUND\","
         "\"path\":[\"repository\"],\"message\":\"no\"}]}",
         ERR_NOT_FOUND, "o/r does not exist"},
        {"{\"data\":{\"repository\":null}}", ERR_NOT_FOUND, "github_token"},
        {"{\"data\":null,\"errors\":[{\"type\":\"NOT_FOUND\",\"message\":\"no\"}]}", ERR_NOT_FOUND,
         "o/r"},
        {"{\"data\":{\"repository\":{\"i1\":null}},\"errors\":[{\"type\":\"FORBIDDEN\","
         "\"path\":[\"repository\",\"i1\"],\"message\":\"Resource not accessible\"}]}",
         ERR_ACCESS, "Resource not accessible"},
        {"{\"data\":{\"repository\":{}},\"errors\":[{\"type\":\"RESOURCE_LIMITS_EXCEEDED\","
         "\"message\":\"too much\"}]}",
         ERR_SERVER, "too much"},
        {"{\"data\":{\"repository\":{}},\"errors\":[7]}", ERR_SERVER, "without a message"},
        {"{\"errors\":[{\"message\":\"Field 'x' doesn't exist\"}]}", ERR_SERVER, "Field 'x'"},
        {UNKNOWN("issueType"), ERR_INPUT,
         "too old for it: turn the field off in property_map "
         "(`issue_type =`)"},
        {UNKNOWN("issueTypes"), ERR_INPUT, "`issue_type =`"},
        {UNKNOWN("parent"), ERR_INPUT, "`parent =`"},
        {UNKNOWN("closingIssuesReferences"), ERR_INPUT, "`closes =`"},
        {UNKNOWN("dueOn"), ERR_INPUT, "`milestone =`"},
        {UNKNOWN("due"), ERR_INPUT, "doesn't exist; this server is too old for it"},
        {"{\"data\":{\"repository\":[]}}", ERR_DATA, "without the repository"},
        {"{\"data\":7}", ERR_DATA, "without the repository"},
        {"{}", ERR_DATA, "without the repository"},
        {"[]", ERR_DATA, "without the repository"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct query_answer answer = {.tree = test_json(rows[i].text)};
        struct err err = {0};
        bool ok = query_judge("o/r", &answer, &err);

        if (ok != (rows[i].kind == ERR_NONE) || err.kind != rows[i].kind ||
            strstr(err.text, rows[i].says) == NULL)
            fail_msg("row %zu: kind %d, %s", i, (int)err.kind, err.text);
        query_release(&answer);
    }
}

/* Only GitHub's own word makes something missing. */
static void
test_node(void **state)
{
    struct query_answer answer = {
        .tree = test_json("{\"data\":{\"repository\":{\"i1\":{},\"i2\":null,\"i3\":null}},"
                          "\"errors\":[{\"type\":\"NOT_FOUND\",\"path\":[\"repository\",\"i2\"],"
                          "\"message\":\"no\"},{\"type\":\"NOT_FOUND\","
                          "\"path\":[\"repository\",\"i3\",\"author\"],\"message\":\"no\"}]}")};
    struct json_object *node;
    struct err err;

    (void)state;
    assert_true(query_judge("o/r", &answer, &err));
    assert_true(query_node(&answer, 1, &node, &err));
    assert_non_null(node);
    assert_true(query_node(&answer, 2, &node, &err));
    assert_null(node);
    assert_false(query_node(&answer, 3, &node, &err));
    assert_int_equal(err.kind, ERR_SERVER);
    assert_false(query_node(&answer, 4, &node, &err));
    query_release(&answer);
}

static void
test_next(void **state)
{
    static const struct {
        const char *text, *before, *after;
        bool ok;
    } rows[] = {
        {"{\"pageInfo\":{\"hasNextPage\":false,\"endCursor\":\"a\"}}", NULL, NULL, true},
        {"{\"pageInfo\":{\"hasNextPage\":false,\"endCursor\":null}}", "a", NULL, true},
        {"{\"pageInfo\":{\"hasNextPage\":true,\"endCursor\":\"b\"}}", "a", "b", true},
        {"{\"pageInfo\":{\"hasNextPage\":true,\"endCursor\":\"a\"}}", "a", NULL, false},
        {"{\"pageInfo\":{\"hasNextPage\":true,\"endCursor\":null}}", "a", NULL, false},
        {"{\"pageInfo\":{\"hasNextPage\":\"true\",\"endCursor\":\"b\"}}", "a", NULL, false},
        {"{\"pageInfo\":null}", NULL, NULL, false},
        {"{}", NULL, NULL, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_new();
        struct json_object *tree = test_json(rows[i].text);
        const char *after = rows[i].before;
        struct err err;

        if (query_next(tree, arena, &after, &err) != rows[i].ok)
            fail_msg("row %zu", i);
        test_text(after, rows[i].after, rows[i].text);
        json_object_put(tree);
        arena_free(arena);
    }
}

static void
test_halve(void **state)
{
    struct err err = {.kind = ERR_SERVER};
    size_t size = 50;
    int times = 0;

    (void)state;
    while (query_halve(&size, &err))
        times++;
    assert_int_equal(times, 5);
    assert_int_equal(size, 1);
    size = 50;
    err.kind = ERR_ACCESS;
    assert_false(query_halve(&size, &err));
    err.kind = ERR_STOPPED;
    assert_false(query_halve(&size, &err));
    assert_int_equal(size, 50);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_overview),   cmocka_unit_test(test_batch),
        cmocka_unit_test(test_selections), cmocka_unit_test(test_list),
        cmocka_unit_test(test_askable),    cmocka_unit_test(test_judge),
        cmocka_unit_test(test_node),       cmocka_unit_test(test_next),
        cmocka_unit_test(test_halve),      cmocka_unit_test(test_untold),
    };

    return cmocka_run_group_tests_name("github: queries and their answers", tests, NULL, NULL);
}
