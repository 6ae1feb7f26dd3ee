#include "github_wire.h"

#include "model/status.h"

#define REF         "refs/notion-sync/x"
#define MORE        "\"pageInfo\":{\"hasNextPage\":true,\"endCursor\":\"c\"}"
#define THEN        "\"pageInfo\":{\"hasNextPage\":true,\"endCursor\":\"d\"}"
#define LAST        "\"pageInfo\":{\"hasNextPage\":false,\"endCursor\":null}"
#define AT(seconds) "\"updatedAt\":\"2026-03-02T09:00:" seconds "Z\""

#define ISSUE_AT(number, url)                                                                 \
    "{\"__typename\":\"Issue\",\"number\":" number ",\"title\":\"T\",\"url\":\"" url "\","    \
    "\"createdAt\":\"2026-03-02T09:00:0" number "Z\",\"updatedAt\":\"2026-03-02T09:00:05Z\"," \
    "\"author\":null,\"viewerDidAuthor\":true,\"body\":\"" TAGGED "\","                       \
    "\"labels\":{\"totalCount\":0,\"nodes\":[]},\"comments\":{\"totalCount\":0},"             \
    "\"timelineItems\":{\"nodes\":[]},\"issueState\":\"OPEN\",\"stateReason\":null}"

#define ISSUE(number) ISSUE_AT(number, "u")

#define DATA(of) "{\"data\":{\"viewer\":{\"login\":\"me\"},\"repository\":{" of "}}}"
#define OVERVIEW(branch, ref)                                                          \
    DATA("\"databaseId\":42,\"isPrivate\":true,\"nameWithOwner\":\"o/"                 \
         "new\",\"hasIssuesEnabled\":true,\"defaultBranchRef\":" branch                \
         ",\"issues\":{\"nodes\":[{\"number\":9," AT("30") "},{\"number\":8," AT(      \
             "20") "}]," MORE                                                          \
                   "},\"pullRequests\":{\"nodes\":[{\"number\":7," AT("10") "}]," LAST \
                                                                            "},\"ref\":" ref)
#define MAIN "{\"name\":\"main\"}"
#define COMMIT(entries, rest) \
    "{\"target\":{\"oid\":\"c0\",\"tree\":{\"oid\":\"t0\",\"entries\":[" entries "]}" rest "}}"
#define BLOB(text) \
    "{\"object\":{\"oid\":\"b0\",\"text\":\"" text "\",\"isTruncated\":false,\"isBinary\":false}}"

#define DATE "Date: Mon, 02 Mar 2026 09:01:00 GMT\r\n"

static void
open_one(struct wire *wire, const char *ref, const char *body)
{
    struct step step = {"200 OK", body, DATE};

    wire_open(wire, &step, 1, ref);
}

static void
test_overview(void **state)
{
    struct wire wire;
    struct github_overview seen;
    struct err err;

    (void)state;
    open_one(&wire, REF,
             OVERVIEW(MAIN, COMMIT("{\"name\":\"cursor.json\"},{\"name\":\"records\"}",
                                   ",\"cursor\":" BLOB(
                                       "{}") ",\"lock\":null,\"records\":{\"object\":{\"entries\":["
                                             "{\"name\":\"0\",\"type\":\"tree\"},"
                                             "{\"name\":\"x\",\"type\":\"blob\"},"
                                             "{\"name\":\"12\",\"type\":\"tree\"}]}}")));
    if (!github_read_overview(wire.github, wire.arena, &seen, &err))
        fail_msg("%s", err.text);
    assert_string_equal(seen.viewer, "me");
    assert_string_equal(seen.repository, "o/new");
    assert_false(seen.empty);
    assert_false(seen.is_public);
    assert_true(seen.has_issues);
    assert_string_equal(seen.state_commit, "c0");
    assert_string_equal(seen.state_tree, "t0");
    assert_string_equal(seen.cursor, "{}");
    assert_null(seen.lock);
    assert_int_equal(seen.n_folders, 2);
    assert_string_equal(seen.folders[1], "records/12");
    assert_int_equal(seen.touched.len, 3);
    assert_true(seen.touched.items[2].is_pull);
    assert_int_equal(seen.issues_since, INT64_C(1772442021000));
    assert_int_equal(seen.pulls_since, 0);
    assert_int_equal(seen.server_time, INT64_C(1772442060000));
    vec_free(&seen.touched);
    wire_variables(&wire, 0, "{\"ref\":\"refs/notion-sync/x\",\"owner\":\"o\",\"name\":\"r\"}");
    wire_close(&wire, 1);
}

/* GraphQL follows the old name, REST does not if something is written. */
static void
test_renamed(void **state)
{
    static const struct step steps[] = {{"200 OK", OVERVIEW(MAIN, "null"), DATE},
                                        {"204 No Content", "", NULL}};
    struct wire wire;
    struct github_overview seen;
    struct err err;

    (void)state;
    wire_open(&wire, steps, 2, REF);
    if (!github_read_overview(wire.github, wire.arena, &seen, &err) ||
        !github_delete_copy(wire.github, "5", &err))
        fail_msg("%s", err.text);
    vec_free(&seen.touched);
    wire_sent(&wire, 1, "DELETE /repos/o/new/issues/comments/5", NULL);
    wire_close(&wire, 2);
}

static void
test_overview_states(void **state)
{
    static const struct {
        const char *ref, *body;
        enum err_kind kind;
        const char *says;
    } rows[] = {
        {REF, OVERVIEW(MAIN, "null"), ERR_NONE, ""},
        {REF, OVERVIEW("null", "null"), ERR_NONE, ""},
        {REF, OVERVIEW(MAIN, COMMIT("", "")), ERR_NONE, ""},
        {REF, OVERVIEW(MAIN, COMMIT("{\"name\":\"lock.json\"},{\"name\":\"x\"}", "")), ERR_NONE,
         ""},
        {REF, OVERVIEW(MAIN, COMMIT("{\"name\":\"src\"}", "")), ERR_INPUT, "other things"},
        {REF, OVERVIEW(MAIN, "{\"target\":{}}"), ERR_INPUT, "does not point at a commit"},
        {"refs/heads/main", OVERVIEW(MAIN, "null"), ERR_INPUT, "default branch"},
        {REF, DATA("\"databaseId\":42,\"nameWithOwner\":\"o/r\""), ERR_DATA, "list of issues"},
        {REF, DATA(""), ERR_DATA, "without viewer or repository"},
        {REF,
         "{\"data\":{\"repository\":null},\"errors\":[{\"type\":\"NOT_FOUND\","
         "\"path\":[\"repository\"],\"message\":\"no\"}]}",
         ERR_NOT_FOUND, "o/r does not exist"},
        {REF,
         OVERVIEW(MAIN, COMMIT("", ",\"cursor\":{\"object\":{\"oid\":\"b\",\"text\":null,"
                                   "\"isTruncated\":false,\"isBinary\":true}}")),
         ERR_STATE, "cursor.json of the state in refs/notion-sync/x is no text file"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct wire wire;
        struct github_overview seen;
        struct err err = {0};

        open_one(&wire, rows[i].ref, rows[i].body);
        if (github_read_overview(wire.github, wire.arena, &seen, &err) !=
                (rows[i].kind == ERR_NONE) ||
            err.kind != rows[i].kind || strstr(err.text, rows[i].says) == NULL)
            fail_msg("row %zu: kind %d, %s", i, (int)err.kind, err.text);
        vec_free(&seen.touched);
        wire_close(&wire, 1);
    }
}

static void
test_touched(void **state)
{
    static const struct step issues[] = {
        {"200 OK", DATA("\"list\":{\"nodes\":[{\"number\":1," AT("20") "}]," MORE "}"), NULL},
        {"200 OK", DATA("\"list\":{\"nodes\":[{\"number\":2," AT("30") "}]," LAST "}"), NULL}};
    static const struct step pulls[] = {
        {"200 OK",
         DATA("\"list\":{\"nodes\":[{\"number\":1," AT("30") "},{\"number\":2," AT(
             "20") "},{\"number\":3," AT("19") "}]," MORE "}"),
         NULL}};
    struct wire wire;
    struct touched_list list = {0};
    struct err err;

    (void)state;
    wire_open(&wire, issues, 2, NULL);
    assert_true(github_list_touched(wire.github, false, INT64_C(1772442020700), &list, &err));
    assert_int_equal(list.len, 2);
    wire_variables(&wire, 0,
                   "{\"after\":null,\"since\":\"2026-03-02T09:00:20Z\",\"owner\":\"o\","
                   "\"name\":\"r\"}");
    wire_variables(&wire, 1,
                   "{\"after\":\"c\",\"since\":\"2026-03-02T09:00:20Z\",\"owner\":\"o\","
                   "\"name\":\"r\"}");
    wire_close(&wire, 2);
    vec_free(&list);
    wire_open(&wire, pulls, 1, NULL);
    assert_true(github_list_touched(wire.github, true, INT64_C(1772442020000), &list, &err));
    assert_int_equal(list.len, 2);
    assert_int_equal(list.items[1].number, 2);
    vec_free(&list);
    wire_close(&wire, 1);
}

/* What a listing showed. */
struct seen {
    int n;
    int64_t last;
};

static void
see_issue(void *context, const struct issue *issue)
{
    struct seen *seen = context;

    seen->n++;
    seen->last = issue->number;
}

static bool
show_folder(void *context, const struct state_folder *folder, struct err *err)
{
    (void)err;
    buf_printf(context, "%s: ", folder->path);
    for (size_t i = 0; i < folder->n_files; i++)
        buf_printf(context, "%s=%s; ", folder->files[i].path, folder->files[i].text);
    return true;
}

static void
test_list_all(void **state)
{
    static const struct step steps[] = {
        {"200 OK",
         DATA("\"list\":{\"nodes\":[" ISSUE(
             "1") "]," MORE "},\"f0\":{\"entries\":["
                  "{\"name\":\"1.json\",\"type\":\"blob\",\"object\":{\"oid\":\"b\",\"text\":"
                  "\"one\","
                  "\"isTruncated\":false,\"isBinary\":false}},{\"name\":\"d\",\"type\":\"tree\"}]},"
                  "\"f1\":null,\"f2\":{\"entries\":[]},\"f3\":null"),
         NULL},
        {"200 OK", DATA("\"list\":{\"nodes\":[" ISSUE("2") "]," LAST "},\"f0\":null"), NULL}};
    static const char *const paths[] = {"records/0", "records/1", "records/2", "records/3",
                                        "records/4"};
    struct buf shown;
    struct state_folders remembered = {"c0", paths, COUNT(paths), show_folder, &shown};
    struct wire wire;
    struct seen seen = {0};
    struct err err;

    (void)state;
    buf_init(&shown, 1000);
    wire_open(&wire, steps, 2, REF);
    if (!github_list_all(wire.github, false, &remembered, see_issue, &seen, &err))
        fail_msg("%s", err.text);
    assert_int_equal(seen.n, 2);
    assert_int_equal(seen.last, 2);
    assert_string_equal(buf_text(&shown), "records/0: records/0/1.json=one; records/1: records/2: "
                                          "records/3: records/4: ");
    buf_release(&shown);
    wire_variables(&wire, 1,
                   "{\"size\":50,\"after\":\"c\",\"f0\":\"c0:records/4\",\"owner\":\"o\","
                   "\"name\":\"r\"}");
    wire_close(&wire, 2);
}

/* What is too much for GitHub at once is asked for in smaller pieces; what is cut is no answer. */
static void
test_list_halves(void **state)
{
    static const struct step steps[] = {
        {"200 OK",
         "{\"data\":{\"repository\":{}},\"errors\":[{\"type\":\"RESOURCE_LIMITS_EXCEEDED\","
         "\"message\":\"too much\"}]}",
         NULL},
        {"200 OK", DATA("\"list\":{\"nodes\":[" ISSUE("1") "]," LAST "}"), NULL}};
    static const struct step cut[] = {
        {"200 OK", DATA("\"list\":{\"nodes\":[" ISSUE("1") ",null]," LAST "}"), NULL}};
    struct wire wire;
    struct seen seen = {0};
    struct err err = {0};

    (void)state;
    wire_open(&wire, steps, 2, NULL);
    assert_true(github_list_all(wire.github, false, NULL, see_issue, &seen, &err));
    assert_int_equal(seen.n, 1);
    wire_variables(&wire, 1, "{\"size\":25,\"after\":null,\"owner\":\"o\",\"name\":\"r\"}");
    wire_close(&wire, 2);
    wire_open(&wire, cut, 1, NULL);
    assert_false(github_list_all(wire.github, false, NULL, see_issue, &seen, &err));
    assert_int_equal(err.kind, ERR_DATA);
    wire_close(&wire, 1);
}

static void
test_batch(void **state)
{
    static const int64_t numbers[] = {1, INT64_C(99999999999), 3, 4};
    static const struct step steps[] = {
        {"200 OK",
         "{\"data\":{\"viewer\":{\"login\":\"me\"},\"repository\":{\"i1\":" ISSUE(
             "1") ",\"i3\":" ISSUE("9") ",\"i4\":null,\"f0\":{\"oid\":\"b0\",\"text\":\"cut\","
                                        "\"isTruncated\":true,\"isBinary\":null},\"f1\":null}},"
                                        "\"errors\":[{\"type\":\"NOT_FOUND\",\"path\":["
                                        "\"repository\",\"i4\"],\"message\":\"no\"}]}",
         NULL},
        {"200 OK", "not JSON, and whole", NULL}};
    struct store_file files[] = {{"records/0/1.json", NULL}, {"records/0/2.json", NULL}};
    struct issue *issues[4];
    struct github_batch batch = {numbers, 4, issues, files, 2, "c0"};
    struct wire wire;
    struct err err;

    (void)state;
    wire_open(&wire, steps, 2, REF);
    if (!github_read_batch(wire.github, &batch, wire.arena, &err))
        fail_msg("%s", err.text);
    assert_int_equal(issues[0]->number, 1);
    assert_int_equal(issues[0]->read_at, clock_now());
    assert_null(issues[1]);
    assert_null(issues[2]);
    assert_null(issues[3]);
    assert_string_equal(files[0].text, "not JSON, and whole");
    assert_null(files[1].text);
    wire_variables(&wire, 0,
                   "{\"f0\":\"c0:records/0/1.json\",\"f1\":\"c0:records/0/2.json\","
                   "\"owner\":\"o\",\"name\":\"r\"}");
    wire_sent(&wire, 1, "GET /repos/o/r/git/blobs/b0", "");
    assert_non_null(
        strcasestr(wire.server.requests[1], "\r\nAccept: application/vnd.github.raw\r\n"));
    wire_close(&wire, 2);
}

/* A transferred issue may have the same number in the repository where it is now. */
static void
test_batch_elsewhere(void **state)
{
    static const struct {
        const char *here;
        bool seen;
    } rows[] = {{"\"o/r\"", true}, {"\"O/R\"", true}, {"\"o/other\"", false}, {"null", true}};
    static const int64_t numbers[] = {1};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct issue *issue;
        struct github_batch batch = {.numbers = numbers, .n_numbers = 1, .issues = &issue};
        struct arena *arena = arena_new();
        struct wire wire;
        struct err err;

        open_one(&wire, REF,
                 arena_printf(arena, DATA("\"nameWithOwner\":%s,\"i1\":%s"), rows[i].here,
                              ISSUE_AT("1", "https://github.com/o/r/issues/1")));
        if (!github_read_batch(wire.github, &batch, wire.arena, &err))
            fail_msg("%s", err.text);
        if ((issue != NULL) != rows[i].seen)
            fail_msg("row %zu", i);
        wire_close(&wire, 1);
        arena_free(arena);
    }
}

/* Counts how often a text occurs. */
static int
occurrences(const char *text, const char *of)
{
    int n = 0;

    for (const char *at = strstr(text, of); at != NULL; at = strstr(at + 1, of))
        n++;
    return n;
}

static void
test_batch_sizes(void **state)
{
    static const struct step steps[] = {{"200 OK", DATA(""), NULL}};
    static int64_t numbers[1];
    static struct store_file files[130];
    struct github_batch batch = {numbers, 0, NULL, files, COUNT(files), "c0"};
    struct wire wire;
    struct buf answer;
    struct step two[2];
    struct err err = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(files); i++)
        files[i].path = "p";
    wire_open(&wire, steps, 1, REF);
    batch.commit = NULL;
    assert_true(github_read_batch(wire.github, &batch, wire.arena, &err));
    wire_close(&wire, 0);
    batch.commit = "c0";
    buf_init(&answer, 65536);
    buf_str(&answer, "{\"data\":{\"repository\":{\"f0\":null");
    for (int i = 1; i < 100; i++)
        buf_printf(&answer, ",\"f%d\":null", i);
    buf_str(&answer, "}}}");
    two[0] = two[1] = (struct step){"200 OK", buf_text(&answer), NULL};
    wire_open(&wire, two, 2, REF);
    assert_true(github_read_batch(wire.github, &batch, wire.arena, &err));
    assert_int_equal(occurrences(wire.server.requests[0], ":object("), 100);
    assert_int_equal(occurrences(wire.server.requests[1], ":object("), 30);
    wire_close(&wire, 2);
    buf_release(&answer);
}

#define COMMENT(id, marker)                                                            \
    "{\"url\":\"u#issuecomment-" id "\",\"body\":\"<!-- notion-sync " marker " -->\"," \
    "\"viewerDidAuthor\":true,\"createdAt\":\"2026-03-02T09:00:00Z\",\"lastEditedAt\":null}"

static void
test_comments(void **state)
{
    static const int64_t numbers[] = {1, 2, 0};
    static const struct step steps[] = {
        {"200 OK",
         DATA("\"i1\":{\"comments\":{\"nodes\":[" COMMENT(
             "11", "a") "]," MORE
                        "}},\"i2\":{\"comments\":{\"nodes\":[" COMMENT("21", "b") "]," LAST "}}"),
         NULL},
        {"200 OK",
         DATA("\"i1\":{\"comments\":{\"nodes\":[" COMMENT("2670000012", "c") "]," LAST "}}"),
         NULL}};
    struct own_comments lists[3] = {{NULL, 0}};
    struct wire wire;
    struct err err;

    (void)state;
    wire_open(&wire, steps, 2, NULL);
    if (!github_read_own_comments(wire.github, numbers, 3, wire.arena, lists, &err))
        fail_msg("%s", err.text);
    assert_int_equal(lists[0].len, 2);
    assert_int_equal(lists[0].items[1].id, INT64_C(2670000012));
    assert_string_equal(lists[0].items[1].marker, "c");
    assert_int_equal(lists[1].len, 1);
    assert_int_equal(lists[2].len, 0);
    wire_variables(&wire, 1, "{\"after\":\"c\",\"owner\":\"o\",\"name\":\"r\"}");
    wire_close(&wire, 2);
}

/* Half an answer would let a comment be posted twice. */
static void
test_comments_lost(void **state)
{
    static const int64_t numbers[] = {1};
    struct own_comments lists[1] = {{NULL, 0}};
    struct wire wire;
    struct err err = {0};

    (void)state;
    open_one(&wire, NULL, DATA("\"i1\":null"));
    assert_false(github_read_own_comments(wire.github, numbers, 1, wire.arena, lists, &err));
    assert_int_equal(err.kind, ERR_SERVER);
    wire_close(&wire, 1);
}

static void
test_find_created(void **state)
{
    static const struct step steps[] = {
        {"200 OK", DATA("\"list\":{\"nodes\":[" ISSUE("9") "," ISSUE("7") "]," MORE "}"), NULL},
        {"200 OK", DATA("\"list\":{\"nodes\":[" ISSUE("5") "," ISSUE("3") "]," THEN "}"), NULL}};
    struct wire wire;
    struct issue *issue;
    struct err err;

    (void)state;
    wire_open(&wire, steps, 2, NULL);
    if (!github_find_created(wire.github, PAGE, INT64_C(1772442005900), wire.arena, &issue, &err))
        fail_msg("%s", err.text);
    assert_int_equal(issue->number, 5);
    wire_close(&wire, 2);
    wire_open(&wire, steps, 2, NULL);
    assert_true(github_find_created(wire.github, "other", INT64_C(1772442005000), wire.arena,
                                    &issue, &err));
    assert_null(issue);
    wire_close(&wire, 2);
}

/* Reads are not held back like writes. */
static void
test_no_spacing(void **state)
{
    static const struct step steps[] = {{"200 OK", OVERVIEW(MAIN, "null"), NULL}};
    struct wire wire;
    struct err err;

    (void)state;
    wire_open(&wire, steps, 1, REF);
    for (int i = 0; i < 2; i++) {
        struct github_overview seen;

        assert_true(github_read_overview(wire.github, wire.arena, &seen, &err));
        vec_free(&seen.touched);
    }
    assert_int_equal(wire.server.at[0], wire.server.at[1]);
    wire_close(&wire, 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_overview),        cmocka_unit_test(test_overview_states),
        cmocka_unit_test(test_touched),         cmocka_unit_test(test_list_all),
        cmocka_unit_test(test_list_halves),     cmocka_unit_test(test_batch),
        cmocka_unit_test(test_batch_sizes),     cmocka_unit_test(test_comments),
        cmocka_unit_test(test_comments_lost),   cmocka_unit_test(test_find_created),
        cmocka_unit_test(test_no_spacing),      cmocka_unit_test(test_renamed),
        cmocka_unit_test(test_batch_elsewhere),
    };

    log_init(LOG_ERROR, false);
    server_clock_open(START);
    return cmocka_run_group_tests_name("github: queries on the wire", tests, NULL, NULL);
}
