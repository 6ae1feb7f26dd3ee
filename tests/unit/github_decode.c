#include "github_test.h"

#include "model/status.h"

#define ISSUE(more)                                                                        \
    "{\"__typename\":\"Issue\",\"number\":12,\"title\":\"T\",\"url\":\"https://h/i/12\","  \
    "\"createdAt\":\"2026-03-02T09:00:00Z\",\"updatedAt\":\"2026-03-02T09:00:05Z\","       \
    "\"author\":{\"login\":\"ann\"},\"viewerDidAuthor\":true,\"body\":\"x\\n" TAGGED "\"," \
    "\"labels\":{\"totalCount\":2,\"nodes\":[{\"name\":\"a\"},{\"name\":\"B\"}]},"         \
    "\"comments\":{\"totalCount\":3},\"timelineItems\":{\"nodes\":[]},"                    \
    "\"issueState\":\"OPEN\",\"stateReason\":null" more "}"
#define PULL(more)                                                                              \
    "{\"__typename\":\"PullRequest\",\"number\":13,\"title\":\"P\",\"url\":\"https://h/p/13\"," \
    "\"createdAt\":\"2026-03-02T09:00:00Z\",\"updatedAt\":\"2026-03-02T09:00:05Z\","            \
    "\"author\":null,\"viewerDidAuthor\":false,\"body\":\"" MARK "\","                          \
    "\"labels\":{\"totalCount\":0,\"nodes\":[]},\"comments\":{\"totalCount\":0},"               \
    "\"timelineItems\":{\"nodes\":[{\"createdAt\":\"2026-03-02T09:00:03Z\"}]},"                 \
    "\"pullState\":\"OPEN\",\"isDraft\":false,\"merged\":false,\"mergedBy\":null,"              \
    "\"headRefOid\":\"abc\"" more "}"

static bool
decode(const char *text, const char *viewer, struct arena *arena, struct issue **issue, bool *cut,
       struct err *err)
{
    struct json_object *tree = test_json(text);
    bool ok = decode_issue(tree, test_reader(viewer), arena, issue, cut, err);

    json_object_put(tree);
    return ok;
}

static void
test_issue(void **state)
{
    struct arena *arena = arena_new();
    struct issue *issue;
    struct err err;
    bool cut;

    (void)state;
    assert_true(decode(ISSUE(""), "me", arena, &issue, &cut, &err));
    assert_int_equal(issue->number, 12);
    assert_false(issue->is_pull);
    assert_true(issue->own);
    assert_string_equal(issue->marker, PAGE);
    assert_string_equal(issue->author, "ann");
    assert_string_equal(issue->url, "https://h/i/12");
    assert_int_equal(issue->comments, 3);
    assert_int_equal(issue->created_at, INT64_C(1772442000000));
    assert_int_equal(issue->updated_at, INT64_C(1772442005000));
    assert_int_equal(issue->state_changed_at, 0);
    assert_false(cut);
    assert_string_equal(value_of(&issue->values, FIELD_TITLE)->text, "T");
    assert_string_equal(value_of(&issue->values, FIELD_TYPE)->text, "Issue");
    assert_string_equal(value_of(&issue->values, FIELD_URL)->text, "https://h/i/12");
    assert_string_equal(value_of(&issue->values, FIELD_AUTHOR)->text, "ann");
    assert_int_equal(value_of(&issue->values, FIELD_REPOSITORY)->kind, VALUE_ABSENT);
    assert_int_equal(value_of(&issue->values, FIELD_LABELS)->kind, VALUE_SET);
    assert_int_equal(value_of(&issue->values, FIELD_LABELS)->len, 2);
    assert_string_equal(value_of(&issue->values, FIELD_LABELS)->items[1], "B");
    arena_free(arena);
}

/* What Notion only shows; what was not asked for is absent, what has not happened is empty. */
static void
test_shown(void **state)
{
    struct arena *arena = arena_new();
    struct issue *issue;
    struct err err;
    bool cut;

    (void)state;
    assert_true(decode(ISSUE(""), "me", arena, &issue, &cut, &err));
    assert_string_equal(value_of(&issue->values, FIELD_UPDATED)->text, "2026-03-02T09:00:00.000Z");
    assert_string_equal(value_of(&issue->values, FIELD_COMMENTS)->text, "3");
    assert_int_equal(value_of(&issue->values, FIELD_CLOSED)->kind, VALUE_ABSENT);
    assert_int_equal(value_of(&issue->values, FIELD_DUE)->kind, VALUE_ABSENT);
    assert_true(decode(ISSUE(",\"closedAt\":null,\"milestone\":{\"dueOn\":"
                             "\"2026-03-31T07:00:00Z\"},\"reviewDecision\":\"APPROVED\""),
                       "me", arena, &issue, &cut, &err));
    assert_string_equal(value_of(&issue->values, FIELD_CLOSED)->text, "");
    assert_string_equal(value_of(&issue->values, FIELD_DUE)->text, "2026-03-31");
    assert_int_equal(value_of(&issue->values, FIELD_REVIEW)->kind, VALUE_ABSENT);
    assert_true(decode(PULL(",\"milestone\":null,\"reviewDecision\":\"CHANGES_REQUESTED\","
                            "\"mergedAt\":null,\"headRefName\":\"f\","
                            "\"mergeStateStatus\":\"DIRTY\""),
                       "me", arena, &issue, &cut, &err));
    assert_string_equal(value_of(&issue->values, FIELD_DUE)->text, "");
    assert_string_equal(value_of(&issue->values, FIELD_REVIEW)->text, "Changes requested");
    assert_string_equal(value_of(&issue->values, FIELD_MERGED)->text, "");
    assert_string_equal(value_of(&issue->values, FIELD_HEAD)->text, "f");
    assert_int_equal(value_of(&issue->values, FIELD_BASE)->kind, VALUE_ABSENT);
    assert_string_equal(value_of(&issue->values, FIELD_MERGE_STATE)->text, "Conflicts");
    assert_true(decode(PULL(",\"mergeStateStatus\":\"UNKNOWN\""), "me", arena, &issue, &cut, &err));
    assert_int_equal(value_of(&issue->values, FIELD_MERGE_STATE)->kind, VALUE_ABSENT);
    arena_free(arena);
}

/* Somebody else's marker proves nothing. */
static void
test_foreign_marker(void **state)
{
    struct arena *arena = arena_new();
    struct issue *issue;
    struct err err;
    bool cut;

    (void)state;
    assert_true(decode(PULL(""), "me", arena, &issue, &cut, &err));
    assert_true(issue->is_pull);
    assert_null(issue->marker);
    assert_string_equal(issue->author, "");
    assert_string_equal(issue_pull(issue)->head_sha, "abc");
    assert_int_equal(issue->state_changed_at, INT64_C(1772442003000));
    assert_int_equal(issue_pull(issue)->mergeable, MERGEABLE_UNKNOWN);
    assert_null(issue_pull(issue)->merge_state);
    arena_free(arena);
}

/* An app's login has no "[bot]" when it acts. */
static void
test_state_event(void **state)
{
    static const struct {
        const char *actor;
        bool by_viewer;
    } cases[] = {
        {"{\"__typename\":\"Bot\",\"login\":\"robot\"}", true},
        {"{\"__typename\":\"User\",\"login\":\"robot\"}", false},
        {"{\"__typename\":\"User\",\"login\":\"ann\"}", false},
        {"null", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct arena *arena = arena_new();
        struct issue *issue;
        struct err err;
        bool cut;
        char *text = arena_printf(arena,
                                  ISSUE(",\"timelineItems\":{\"nodes\":[{\"createdAt\":"
                                        "\"2026-03-02T09:00:03Z\",\"actor\":%s}]}"),
                                  cases[i].actor);

        assert_true(decode(text, "robot[bot]", arena, &issue, &cut, &err));
        assert_int_equal(issue->state_changed_at, INT64_C(1772442003000));
        assert_int_equal(issue->state_by_viewer, cases[i].by_viewer);
        arena_free(arena);
    }
}

static void
test_states(void **state)
{
    static const struct {
        const char *text, *status, *shown;
    } rows[] = {
        {ISSUE(""), STATUS_OPEN, "Open"},
        {ISSUE(",\"stateReason\":\"REOPENED\""), STATUS_OPEN, "Open"},
        {ISSUE(",\"issueState\":\"CLOSED\""), STATUS_CLOSED, "Closed"},
        {ISSUE(",\"issueState\":\"CLOSED\",\"stateReason\":\"COMPLETED\""), STATUS_CLOSED,
         "Closed"},
        {ISSUE(",\"issueState\":\"CLOSED\",\"stateReason\":\"NOT_PLANNED\""), STATUS_NOT_PLANNED,
         "Closed"},
        {ISSUE(",\"issueState\":\"CLOSED\",\"stateReason\":\"DUPLICATE\""), STATUS_DUPLICATE,
         "Closed"},
        {ISSUE(",\"issueState\":\"CLOSED\",\"stateReason\":\"NEWER\""), STATUS_CLOSED, "Closed"},
        {PULL(""), STATUS_OPEN, "Open"},
        {PULL(",\"isDraft\":true"), STATUS_OPEN, "Draft"},
        {PULL(",\"pullState\":\"CLOSED\",\"isDraft\":true"), STATUS_CLOSED, "Closed"},
        {PULL(",\"pullState\":\"MERGED\",\"merged\":true"), STATUS_MERGED, "Merged"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_new();
        struct issue *issue;
        struct err err;
        bool cut;

        if (!decode(rows[i].text, "me", arena, &issue, &cut, &err))
            fail_msg("row %zu: %s", i, err.text);
        test_text(value_of(&issue->values, FIELD_STATUS)->text, rows[i].status, rows[i].text);
        test_text(value_of(&issue->values, FIELD_STATE)->text, rows[i].shown, rows[i].text);
        arena_free(arena);
    }
}

static void
test_merged_by(void **state)
{
    static const struct {
        const char *viewer, *by;
        bool merged, same;
    } rows[] = {
        {"app[bot]", "{\"__typename\":\"Bot\",\"login\":\"app\"}", true, true},
        {"app[bot]", "{\"__typename\":\"Bot\",\"login\":\"app[bot]\"}", true, true},
        {"app[bot]", "{\"__typename\":\"User\",\"login\":\"app\"}", true, false},
        {"app[bot]", "{\"__typename\":\"Bot\",\"login\":\"app2\"}", true, false},
        {"app[bot]", "{\"__typename\":\"Bot\",\"login\":\"ap\"}", true, false},
        {"Ann", "{\"__typename\":\"User\",\"login\":\"ann\"}", true, true},
        {"ann", "{\"__typename\":\"Bot\",\"login\":\"ann\"}", true, false},
        {"ann", "{\"__typename\":\"User\",\"login\":\"ann\"}", false, false},
        {"ann", "null", true, false},
        {"", "{\"__typename\":\"User\",\"login\":\"\"}", true, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_new();
        struct json_object *tree = test_json(PULL(""));
        struct issue *issue;
        struct err err;
        bool cut;

        json_add(tree, "mergedBy", test_json(rows[i].by));
        json_add_bool(tree, "merged", rows[i].merged);
        assert_true(decode_issue(tree, test_reader(rows[i].viewer), arena, &issue, &cut, &err));
        if (issue_pull(issue)->merged_by_viewer != rows[i].same)
            fail_msg("row %zu", i);
        json_object_put(tree);
        arena_free(arena);
    }
}

static void
test_closes(void **state)
{
#define CLOSES(number, repository) \
    "{\"number\":" number ",\"repository\":{\"nameWithOwner\":\"" repository "\"}}"
    static const struct {
        const char *references, *closes; /* NULL: not sent */
    } rows[] = {
        {"{\"totalCount\":0,\"nodes\":[]}", ""},
        {"{\"totalCount\":2,\"nodes\":[" CLOSES("5", "o/r") "," CLOSES("6", "o/far") "]}",
         "5,o/far#6"},
        {"{\"totalCount\":2,\"nodes\":[" CLOSES("5", "o/r") ",null]}", "5"},
        {"{\"totalCount\":3,\"nodes\":[" CLOSES("5", "o/r") "]}", NULL},
        {"null", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_new();
        struct json_object *tree = test_json(PULL(""));
        const struct value *closes;
        struct issue *issue;
        char seen[64] = "";
        struct err err;
        bool cut;

        json_add_string(tree, "url", "https://github.com/o/r/pull/1");
        json_add(tree, "closingIssuesReferences", test_json(rows[i].references));
        assert_true(decode_issue(tree, test_reader("me"), arena, &issue, &cut, &err));
        closes = value_of(&issue->values, FIELD_CLOSES);
        for (size_t j = 0; closes->kind == VALUE_SET && j < closes->len; j++)
            snprintf(seen + strlen(seen), sizeof(seen) - strlen(seen), "%s%s", j > 0 ? "," : "",
                     closes->items[j]);
        test_text(closes->kind == VALUE_SET ? seen : NULL, rows[i].closes, rows[i].references);
        json_object_put(tree);
        arena_free(arena);
    }
}

static void
test_labels_cut(void **state)
{
    static const struct {
        const char *labels;
        bool cut;
    } rows[] = {
        {"{\"totalCount\":1,\"nodes\":[{\"name\":\"a\"}]}", false},
        {"{\"totalCount\":0,\"nodes\":[]}", false},
        {"{\"totalCount\":2,\"nodes\":[{\"name\":\"a\"}]}", true},
        {"{\"totalCount\":2,\"nodes\":[]}", true},
        {"{\"totalCount\":0,\"nodes\":null}", true},
        {"{\"nodes\":[]}", true},
        {"null", true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_new();
        struct json_object *tree = test_json(ISSUE(""));
        struct issue *issue;
        struct err err;
        bool cut;

        json_add(tree, "labels", test_json(rows[i].labels));
        assert_true(decode_issue(tree, test_reader("me"), arena, &issue, &cut, &err));
        if (cut != rows[i].cut)
            fail_msg("row %zu", i);
        json_object_put(tree);
        arena_free(arena);
    }
}

static void
test_hostile(void **state)
{
    static const char *const rows[] = {
        "null",
        "[]",
        "7",
        "\"Issue\"",
        "{}",
        "{\"__typename\":7}",
        "{\"__typename\":\"Discussion\",\"number\":1}",
        ISSUE(",\"number\":0"),
        ISSUE(",\"number\":-1"),
        ISSUE(",\"number\":\"12\""),
        ISSUE(",\"number\":1.5"),
        ISSUE(",\"title\":null"),
        ISSUE(",\"title\":[]"),
        ISSUE(",\"url\":{}"),
        ISSUE(",\"createdAt\":\"yesterday\""),
        ISSUE(",\"updatedAt\":5"),
        ISSUE(",\"issueState\":\"MERGED\""),
        ISSUE(",\"issueState\":null"),
        ISSUE(",\"labels\":{\"totalCount\":1,\"nodes\":[null]}"),
        ISSUE(",\"labels\":{\"totalCount\":1,\"nodes\":[{\"name\":7}]}"),
        ISSUE(",\"timelineItems\":{\"nodes\":[{}]}"),
        PULL(",\"headRefOid\":null"),
        PULL(",\"pullState\":\"LOST\""),
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_new();
        struct issue *issue;
        struct err err = {0};
        bool cut;

        if (decode(rows[i], "me", arena, &issue, &cut, &err) || err.kind != ERR_DATA)
            fail_msg("accepted: %s", rows[i]);
        arena_free(arena);
    }
}

#define REST(more)                                                                       \
    "{\"number\":12,\"title\":\"T\",\"html_url\":\"https://h/i/12\",\"state\":\"open\"," \
    "\"state_reason\":null,\"created_at\":\"2026-03-02T09:00:00Z\","                     \
    "\"updated_at\":\"2026-03-02T09:00:05Z\",\"labels\":[{\"name\":\"a\"},\"b\"],"       \
    "\"user\":{\"login\":\"ann\"},\"comments\":1" more "}"

static void
test_rest(void **state)
{
    static const struct {
        const char *text, *status, *shown, *type; /* status NULL: refused */
    } rows[] = {
        {REST(""), STATUS_OPEN, "Open", "Issue"},
        {REST(",\"state\":\"closed\",\"state_reason\":\"not_planned\""), STATUS_NOT_PLANNED,
         "Closed", "Issue"},
        {REST(",\"state\":\"closed\",\"state_reason\":\"duplicate\""), STATUS_DUPLICATE, "Closed",
         "Issue"},
        {REST(",\"state\":\"closed\",\"state_reason\":\"completed\""), STATUS_CLOSED, "Closed",
         "Issue"},
        {REST(",\"pull_request\":{\"merged_at\":null},\"draft\":true"), STATUS_OPEN, "Draft",
         "Pull request"},
        {REST(",\"pull_request\":{\"merged_at\":\"2026-03-02T09:00:00Z\"},\"state\":\"closed\""),
         STATUS_MERGED, "Merged", "Pull request"},
        {REST(",\"user\":null,\"pull_request\":null"), STATUS_OPEN, "Open", "Issue"},
        {REST(",\"state\":\"all\""), NULL, NULL, NULL},
        {REST(",\"labels\":{}"), NULL, NULL, NULL},
        {REST(",\"labels\":[7]"), NULL, NULL, NULL},
        {REST(",\"number\":null"), NULL, NULL, NULL},
        {"[]", NULL, NULL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_new();
        struct json_object *tree = test_json(rows[i].text);
        struct issue *issue;
        struct err err = {0};

        if (decode_rest_issue(tree, arena, &issue, &err)) {
            test_text(value_of(&issue->values, FIELD_STATUS)->text, rows[i].status, rows[i].text);
            test_text(value_of(&issue->values, FIELD_STATE)->text, rows[i].shown, rows[i].text);
            test_text(value_of(&issue->values, FIELD_TYPE)->text, rows[i].type, rows[i].text);
            assert_int_equal(value_of(&issue->values, FIELD_LABELS)->len, 2);
        } else if (rows[i].status != NULL || err.kind != ERR_DATA) {
            fail_msg("row %zu: %s", i, err.text);
        }
        json_object_put(tree);
        arena_free(arena);
    }
}

#define COMMENT(own, id, body)                                                            \
    "{\"url\":\"https://h/i/1" id "\",\"body\":\"" body "\",\"viewerDidAuthor\":" own "," \
    "\"createdAt\":\"2026-03-02T09:00:00Z\",\"lastEditedAt\":null}"

static void
test_comments(void **state)
{
    static const struct {
        const char *node;
        int64_t id; /* 0: not counted, -1: refused */
    } rows[] = {
        {COMMENT("true", "#issuecomment-2670000004", "x\\n" MARK), INT64_C(2670000004)},
        {COMMENT("true", "#issuecomment-1", "x"), 0},
        {COMMENT("false", "#issuecomment-1", MARK), 0},
        {COMMENT("null", "#issuecomment-1", MARK), 0},
        {COMMENT("true", "#issuecomment-1", "> " MARK), 0},
        {COMMENT("true", "#issuecomment-", MARK), -1},
        {COMMENT("true", "#issuecomment--1", MARK), -1},
        {COMMENT("true", "#issuecomment-1x", MARK), -1},
        {COMMENT("true", "", MARK), -1},
        {"null", -1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena *arena = arena_new();
        struct json_object *tree = test_json("{\"nodes\":[]}");
        struct own_comment_list list = {0};
        struct err err = {0};
        bool ok;

        json_push(json_array(tree, "nodes"), test_json(rows[i].node));
        ok = decode_comments(tree, test_reader("me"), 7, arena, &list, &err);
        if (ok != (rows[i].id >= 0) || list.len != (rows[i].id > 0 ? 1 : 0) ||
            (list.len > 0 && list.items[0].id != rows[i].id))
            fail_msg("row %zu: %s", i, rows[i].node);
        if (list.len > 0)
            assert_string_equal(list.items[0].marker, "page=" PAGE);
        vec_free(&list);
        json_object_put(tree);
        arena_free(arena);
    }
}

static void
test_comment_edited(void **state)
{
    struct arena *arena = arena_new();
    struct json_object *tree = test_json(
        "{\"nodes\":[{\"url\":\"u#issuecomment-5\",\"body\":\"" MARK "\",\"viewerDidAuthor\":true,"
        "\"createdAt\":\"2026-03-02T09:00:00Z\",\"lastEditedAt\":\"2026-03-02T09:00:09Z\"}]}");
    struct own_comment_list list = {0};
    struct err err;

    (void)state;
    assert_true(decode_comments(tree, test_reader("me"), 7, arena, &list, &err));
    assert_true(list.items[0].edited);
    assert_int_equal(list.items[0].created_at, INT64_C(1772442000000));
    vec_free(&list);
    json_object_put(tree);
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_issue),          cmocka_unit_test(test_shown),
        cmocka_unit_test(test_foreign_marker), cmocka_unit_test(test_state_event),
        cmocka_unit_test(test_states),         cmocka_unit_test(test_merged_by),
        cmocka_unit_test(test_labels_cut),     cmocka_unit_test(test_closes),
        cmocka_unit_test(test_hostile),        cmocka_unit_test(test_rest),
        cmocka_unit_test(test_comments),       cmocka_unit_test(test_comment_edited),
    };

    return cmocka_run_group_tests_name("github: from JSON to the model", tests, NULL, NULL);
}
