#include "github_wire.h"

#include "fields_test.h"
#include "model/status.h"

#define OPEN(wire, ref, ...)                              \
    wire_open((wire), (const struct step[]){__VA_ARGS__}, \
              sizeof((const struct step[]){__VA_ARGS__}) / sizeof(struct step), (ref))

#define HIDDEN "refs/notion-sync/x"
#define BRANCH "refs/heads/state"

#define ANSWER                                                                           \
    "{\"number\":12,\"title\":\"T\",\"html_url\":\"https://h/i/12\",\"state\":\"open\"," \
    "\"state_reason\":null,\"created_at\":\"2026-03-02T09:00:00Z\","                     \
    "\"updated_at\":\"2026-03-02T09:00:05Z\",\"labels\":[],\"user\":{\"login\":\"me\"}}"

static const char *const two_labels[] = {"a", "\"b\""};
static const struct issue issue_12 = {.number = 12, .url = "https://h/i/12", .author = "ann"};
static const struct issue pull_12 = {.number = 12, .is_pull = true, .url = "u", .author = "ann"};

static struct issue_change
change_of(uint64_t bits, const char *status)
{
    struct issue_change change = {.milestone = 0};

    put_value(&change.values, FIELD_TITLE, value_text("T \"1\""));
    put_value(&change.values, FIELD_STATUS, value_text(status));
    put_value(&change.values, FIELD_LABELS, value_set(two_labels, 2));
    put_value(&change.values, FIELD_BODY, value_text("Body"));
    FIELD_EACH(f, field_set_minus(change.values.has, FIELD_SET(bits)))
    put_value(&change.values, f, (struct value){0});
    return change;
}

static void
test_headers(void **state)
{
    static const char *const wanted[] = {
        "\r\nAuthorization: Bearer s3cret\r\n", "\r\nAccept: application/vnd.github+json\r\n",
        "\r\nX-GitHub-Api-Version: 2022-11-28\r\n", "\r\nUser-Agent: wire-test/1\r\n"};
    struct wire wire;
    int64_t id = 0;
    struct err err;

    (void)state;
    OPEN(&wire, NULL, {"201 Created", "{\"id\":5}", NULL});
    assert_true(github_comment(wire.github, 12, "Hello", "status 1", &id, &err));
    assert_int_equal(id, 5);
    for (size_t i = 0; i < COUNT(wanted); i++)
        if (strcasestr(wire.server.requests[0], wanted[i]) == NULL)
            fail_msg("no %s in %s", wanted[i], wire.server.requests[0]);
    wire_sent(&wire, 0, "POST /repos/o/r/issues/12/comments",
              "{\"body\":\"Hello\\n\\n<!-- notion-sync status 1 tag=9b9c3c18a12baf00 -->\"}");
    wire_close(&wire, 1);
}

/* GitHub asks for a second between writes. */
static void
test_spacing(void **state)
{
    struct wire wire;
    int64_t id;
    struct err err;

    (void)state;
    OPEN(&wire, NULL, {"201 Created", "{\"id\":5}", NULL});
    assert_true(github_comment(wire.github, 12, "a", "m", &id, &err));
    assert_true(github_comment(wire.github, 12, "b", "m", &id, &err));
    assert_true(wire.server.at[1] - wire.server.at[0] >= 1000);
    wire_close(&wire, 2);
}

static void
test_comment_fails(void **state)
{
    struct wire wire;
    int64_t id;
    struct err err = {0};

    (void)state;
    OPEN(&wire, NULL, {"403 Forbidden", "{\"message\":\"issue is locked\"}", NULL},
         {"201 Created", "{}", NULL}, {NULL, NULL, NULL});
    assert_false(github_comment(wire.github, 12, "x", "m", &id, &err));
    assert_int_equal(err.kind, ERR_REFUSED);
    assert_false(github_comment(wire.github, 12, "x", "m", &id, &err));
    assert_int_equal(err.kind, ERR_AMBIGUOUS);
    assert_false(github_comment(wire.github, 12, "x", "m", &id, &err));
    assert_int_equal(err.kind, ERR_AMBIGUOUS);
    wire_close(&wire, 3);
}

static void
test_create(void **state)
{
    struct issue_change change =
        change_of(FIELD_BIT(FIELD_TITLE) | FIELD_BIT(FIELD_LABELS) | FIELD_BIT(FIELD_BODY), "");
    struct wire wire;
    struct issue *issue;
    struct err err;

    (void)state;
    OPEN(&wire, NULL, {"201 Created", ANSWER, NULL});
    assert_true(github_create_issue(wire.github, PAGE, &change, wire.arena, &issue, &err));
    assert_int_equal(issue->number, 12);
    assert_true(issue->own);
    assert_string_equal(issue->marker, PAGE);
    assert_int_equal(value_of(&issue->values, FIELD_LABELS)->len, 0);
    wire_sent(&wire, 0, "POST /repos/o/r/issues",
              "{\"title\":\"T \\\"1\\\"\",\"body\":\"Body\\n\\n" TAGGED
              "\",\"labels\":[\"a\",\"\\\"b\\\"\"]}");
    wire_close(&wire, 1);
}

/* A create whose answer was lost is not repeated, nor is one whose answer makes no sense. */
static void
test_create_lost(void **state)
{
    struct issue_change change = change_of(FIELD_BIT(FIELD_TITLE), "");
    struct wire wire;
    struct issue *issue;

    (void)state;
    OPEN(&wire, NULL, {NULL, NULL, NULL}, {"500 Oops", "{}", NULL}, {"502 Bad", "<html>", NULL},
         {"201 Created", "{\"number\":\"12\"}", NULL}, {"201 Created", "<html>", NULL});
    for (int i = 0; i < 5; i++) {
        struct err err = {0};

        assert_false(github_create_issue(wire.github, PAGE, &change, wire.arena, &issue, &err));
        assert_int_equal(err.kind, ERR_AMBIGUOUS);
    }
    wire_sent(&wire, 0, "POST /repos/o/r/issues",
              "{\"title\":\"T \\\"1\\\"\",\"body\":\"" TAGGED "\"}");
    wire_close(&wire, 5);
}

static void
test_update(void **state)
{
    static const struct {
        bool is_pull;
        uint64_t fields;
        const char *status, *body;
    } rows[] = {
        {false, FIELD_BIT(FIELD_STATUS), STATUS_CLOSED,
         "{\"state\":\"closed\",\"state_reason\":\"completed\"}"},
        {false, FIELD_BIT(FIELD_STATUS), STATUS_NOT_PLANNED,
         "{\"state\":\"closed\",\"state_reason\":\"not_planned\"}"},
        {false, FIELD_BIT(FIELD_STATUS), STATUS_OPEN, "{\"state\":\"open\"}"},
        {true, FIELD_BIT(FIELD_STATUS), STATUS_NOT_PLANNED, "{\"state\":\"closed\"}"},
        {true, FIELD_BIT(FIELD_TITLE), STATUS_OPEN, "{\"title\":\"T \\\"1\\\"\"}"},
        {false, FIELD_BIT(FIELD_LABELS), STATUS_OPEN, "{\"labels\":[\"a\",\"\\\"b\\\"\"]}"},
        {false, FIELD_BIT(FIELD_LABELS) | FIELD_BIT(FIELD_TITLE) | FIELD_BIT(FIELD_STATUS),
         STATUS_OPEN,
         "{\"title\":\"T \\\"1\\\"\",\"state\":\"open\",\"labels\":[\"a\",\"\\\"b\\\"\"]}"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct issue_change change = change_of(rows[i].fields, rows[i].status);
        struct wire wire;
        struct issue *issue;
        struct err err;

        OPEN(&wire, NULL, {"200 OK", ANSWER, NULL});
        if (!github_update_issue(wire.github, rows[i].is_pull ? &pull_12 : &issue_12, &change,
                                 wire.arena, &issue, &err))
            fail_msg("%s", err.text);
        assert_string_equal(value_of(&issue->values, FIELD_TITLE)->text, "T");
        assert_int_equal(issue->updated_at, INT64_C(1772442005000));
        wire_sent(&wire, 0, "PATCH /repos/o/r/issues/12", rows[i].body);
        wire_close(&wire, 1);
    }
}

static void
update_labels(struct wire *wire, const struct value *read, const struct value *wanted,
              size_t answered)
{
    struct issue_change change = {.values = {field_set_of(FIELD_LABELS), &wanted},
                                  .labels_read = read};
    struct issue *issue;
    struct err err;

    if (!github_update_issue(wire->github, &issue_12, &change, wire->arena, &issue, &err))
        fail_msg("%s", err.text);
    assert_int_equal(issue->number, 12);
    assert_int_equal(value_of(&issue->values, FIELD_LABELS)->kind, VALUE_SET);
    assert_int_equal(value_of(&issue->values, FIELD_LABELS)->len, answered);
    assert_int_equal(value_of(&issue->values, FIELD_TITLE)->kind, VALUE_ABSENT);
}

static void
test_update_labels(void **state)
{
    static const char *const three[] = {"a", "b/\xC3\xBC #?", "c"};
    struct value ab = value_set(three, 2);
    struct value a = value_set(three, 1);
    struct value abc = value_set(three, 3);
    struct wire wire;

    (void)state;
    OPEN(&wire, NULL, {"200 OK", "[{\"name\":\"x\"},{\"name\":\"a\"}]", NULL},
         {"200 OK", "[{\"name\":\"a\"}]", NULL}, {"404 Not Found", "{}", NULL},
         {"200 OK", "[{\"name\":\"y\"}]",
          "Link: </repos/o/r/issues/12/labels?page=2>; rel=\"next\"\r\n"},
         {"200 OK", "[{\"name\":\"z\"}]", NULL});
    update_labels(&wire, &a, &abc, 2);
    wire_sent(&wire, 0, "POST /repos/o/r/issues/12/labels",
              "{\"labels\":[\"b/\xC3\xBC #?\",\"c\"]}");
    update_labels(&wire, &ab, &a, 1);
    wire_sent(&wire, 1, "DELETE /repos/o/r/issues/12/labels/b%2F%C3%BC%20%23%3F", "");
    update_labels(&wire, &ab, &a, 2);
    wire_sent(&wire, 3, "GET /repos/o/r/issues/12/labels?per_page=100", "");
    wire_sent(&wire, 4, "GET /repos/o/r/issues/12/labels?page=2", "");
    wire_close(&wire, 5);
}

static void
test_merge(void **state)
{
    struct wire wire;
    const char *refused = "";
    struct err err;

    (void)state;
    OPEN(&wire, NULL, {"200 OK", "{\"merged\":true,\"sha\":\"x\"}", NULL},
         {"200 OK", "{\"sha\":\"x\",\"merged\":null}", NULL});
    for (int i = 0; i < 2; i++) {
        assert_true(github_merge(wire.github, 7, "abc", "squash", wire.arena, &refused, &err));
        assert_null(refused);
    }
    wire_sent(&wire, 0, "PUT /repos/o/r/pulls/7/merge",
              "{\"sha\":\"abc\",\"merge_method\":\"squash\"}");
    wire_close(&wire, 2);
}

static void
test_merge_refused(void **state)
{
    static const struct {
        const char *status, *message, *says;
        int requests;
    } rows[] = {
        {"405 No", "Pull Request is not mergeable", "Pull Request is not mergeable", 1},
        {"405 No", "Base branch was modified. Review and try the merge again.", "modified", 2},
        {"409 No", "Head branch was modified. Review and try the merge again.", "Head branch", 1},
        {"422 No", "Required status check", "Required", 1},
        {"403 No", "Resource not accessible by integration", "contents: write", 1},
        {"200 OK", "Not done", "Not done", 1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct wire wire;
        char body[256];
        const char *refused = NULL;
        struct err err;

        snprintf(body, sizeof(body), "{\"merged\":false,\"message\":\"%s\"}", rows[i].message);
        OPEN(&wire, NULL, {rows[i].status, body, NULL});
        assert_true(github_merge(wire.github, 7, "abc", "merge", wire.arena, &refused, &err));
        if (refused == NULL || strstr(refused, rows[i].says) == NULL)
            fail_msg("row %zu: %s", i, refused != NULL ? refused : "merged");
        wire_close(&wire, rows[i].requests);
    }
}

static void
test_merge_race_won(void **state)
{
    struct wire wire;
    const char *refused = "";
    struct err err;

    (void)state;
    OPEN(&wire, NULL, {"405 No", "{\"message\":\"Base branch was modified.\"}", NULL},
         {"200 OK", "{\"merged\":true}", NULL});
    assert_true(github_merge(wire.github, 7, "abc", "merge", wire.arena, &refused, &err));
    assert_null(refused);
    wire_close(&wire, 2);
}

static void
test_merge_lost(void **state)
{
    struct wire wire;
    const char *refused = "";
    struct err err = {0};

    (void)state;
    OPEN(&wire, NULL, {NULL, NULL, NULL}, {"200 OK", "{\"merged\":true}", NULL}, {NULL, NULL, NULL},
         {"200 OK", "{\"merged\":false}", NULL});
    assert_true(github_merge(wire.github, 7, "abc", "merge", wire.arena, &refused, &err));
    assert_null(refused);
    wire_sent(&wire, 1, "GET /repos/o/r/pulls/7", "");
    assert_false(github_merge(wire.github, 7, "abc", "merge", wire.arena, &refused, &err));
    assert_int_equal(err.kind, ERR_AMBIGUOUS);
    wire_close(&wire, 4);
}

static void
test_objects(void **state)
{
    static const struct store_file changes[] = {{"a", "1"}, {"b", NULL}};
    struct wire wire;
    const char *tree;
    const char *commit;
    struct err err = {0};

    (void)state;
    OPEN(&wire, HIDDEN, {"500 Oops", "{}", NULL}, {"201 Created", "{\"sha\":\"t1\"}", NULL},
         {"201 Created", "{\"sha\":\"c1\"}", NULL}, {"201 Created", "{\"sha\":\"c2\"}", NULL},
         {"409 Conflict", "{\"message\":\"Git Repository is empty.\"}", NULL});
    assert_true(github_write_tree(wire.github, "t0", changes, 2, wire.arena, &tree, &err));
    assert_string_equal(tree, "t1");
    assert_true(github_write_commit(wire.github, tree, "c0", "m", wire.arena, &commit, &err));
    assert_true(github_write_commit(wire.github, tree, NULL, "m", wire.arena, &commit, &err));
    wire_sent(&wire, 1, "POST /repos/o/r/git/trees", NULL);
    wire_sent(&wire, 2, "POST /repos/o/r/git/commits",
              "{\"message\":\"m\",\"tree\":\"t1\",\"parents\":[\"c0\"]}");
    wire_sent(&wire, 3, "POST /repos/o/r/git/commits",
              "{\"message\":\"m\",\"tree\":\"t1\",\"parents\":[]}");
    assert_false(github_write_tree(wire.github, NULL, changes, 1, wire.arena, &tree, &err));
    assert_int_equal(err.kind, ERR_INPUT);
    assert_true(github_write_tree(wire.github, "t9", NULL, 0, wire.arena, &tree, &err));
    assert_string_equal(tree, "t9");
    wire_close(&wire, 5);
}

static void
test_ref(void **state)
{
    struct wire wire;
    struct err err;

    (void)state;
    OPEN(&wire, HIDDEN, {"201 Created", "{}", NULL}, {"200 OK", "{}", NULL});
    assert_true(github_move_ref(wire.github, "c1", true, &err));
    wire_sent(&wire, 0, "POST /repos/o/r/git/refs",
              "{\"ref\":\"refs/notion-sync/x\",\"sha\":\"c1\"}");
    assert_true(github_move_ref(wire.github, "c2", false, &err));
    wire_sent(&wire, 1, "PATCH /repos/o/r/git/refs/notion-sync/x",
              "{\"sha\":\"c2\",\"force\":false}");
    wire_close(&wire, 2);
}

static void
test_ref_refused(void **state)
{
    static const struct {
        const char *ref;
        bool create;
        const char *status, *message, *at; /* at: where the ref is, asked after a 409 or 422 */
        enum err_kind kind;
        const char *says;
    } rows[] = {
        {HIDDEN, true, "422 No", "Reference already exists", "c9", ERR_CONFLICT, "meanwhile"},
        {HIDDEN, true, "422 No", "Reference already exists", "c1", ERR_NONE, ""},
        {HIDDEN, false, "422 No", "Update is not a fast forward", "c9", ERR_CONFLICT, "meanwhile"},
        {HIDDEN, false, "422 No", "Update is not a fast forward", "c1", ERR_NONE, ""},
        {HIDDEN, false, "422 No", "Reference does not exist", "", ERR_CONFLICT, "meanwhile"},
        {HIDDEN, true, "422 No", "Reference name not allowed", "", ERR_INPUT,
         "`state_ref: refs/heads/notion-sync-state`"},
        {BRANCH, true, "422 No", "Reference name not allowed", "", ERR_REFUSED, "not allowed"},
        {HIDDEN, false, "422 No", "Repository rule violations found", "", ERR_INPUT,
         "`state_ref: refs/heads/notion-sync-state`"},
        {HIDDEN, true, "403 No", "Resource not accessible by integration", NULL, ERR_ACCESS,
         "`state_ref: refs/heads/notion-sync-state`"},
        {BRANCH, true, "403 No", "Resource not accessible by integration", NULL, ERR_ACCESS,
         "permissions"},
        {HIDDEN, true, "409 No", "Git Repository is empty.", "", ERR_INPUT, "no commit yet"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct wire wire;
        char body[256];
        char at[128];
        struct err err = {0};

        snprintf(body, sizeof(body), "{\"message\":\"%s\"}", rows[i].message);
        snprintf(at, sizeof(at), "{\"object\":{\"sha\":\"%s\"}}",
                 rows[i].at != NULL ? rows[i].at : "");
        OPEN(&wire, rows[i].ref, {rows[i].status, body, NULL}, {"200 OK", at, NULL});
        if (github_move_ref(wire.github, "c1", rows[i].create, &err) !=
                (rows[i].kind == ERR_NONE) ||
            err.kind != rows[i].kind || strstr(err.text, rows[i].says) == NULL)
            fail_msg("row %zu: kind %d, %s", i, (int)err.kind, err.text);
        wire_close(&wire, rows[i].at != NULL ? 2 : 1);
    }
}

/* The first try was done, its answer lost; the second one meets its result. */
static void
test_ref_lost(void **state)
{
    struct wire wire;
    struct err err;

    (void)state;
    OPEN(&wire, HIDDEN, {NULL, NULL, NULL},
         {"422 No", "{\"message\":\"Reference already exists\"}", NULL},
         {"200 OK", "{\"object\":{\"sha\":\"c1\"}}", NULL});
    assert_true(github_move_ref(wire.github, "c1", true, &err));
    wire_sent(&wire, 2, "GET /repos/o/r/git/ref/notion-sync/x", "");
    wire_close(&wire, 3);
}

static void
test_probe(void **state)
{
    struct wire wire;
    struct github_probe probes[] = {{.number = 7}, {.number = 7}};
    struct err err = {0};

    (void)state;
    OPEN(
        &wire, NULL, {"200 OK", "{}", NULL},
        {"301 Moved", "{}", "Location: /repositories/1/issues/3\r\n"},
        {"301 Moved", "{}", "Location: /repositories/1/issues/3\r\n"},
        {"200 OK",
         "{\"number\":3,\"repository_url\":\"https://h/repos/o/s\",\"html_url\":\"https://h/s/3\"}",
         NULL},
        {"200 OK", "{\"url\":\"https://h/repos/o/r\"}", NULL}, {"404 No", "{}", NULL},
        {"404 No", "{}", NULL}, {"403 No", "{\"message\":\"SSO\"}", NULL});
    assert_true(github_probe(wire.github, probes, 2, wire.arena, &err));
    assert_int_equal(probes[0].presence, PRESENCE_HIDDEN);
    assert_non_null(probes[0].why);
    assert_int_equal(probes[1].presence, PRESENCE_TRANSFERRED);
    assert_string_equal(probes[1].moved_to, "https://h/s/3");
    wire_sent(&wire, 3, "GET /repositories/1/issues/3", "");
    assert_false(github_probe(wire.github, probes, 1, wire.arena, &err));
    assert_int_equal(err.kind, ERR_ACCESS);
    assert_false(github_probe(wire.github, probes, 1, wire.arena, &err));
    assert_int_equal(err.kind, ERR_ACCESS);
    wire_close(&wire, 8);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headers),       cmocka_unit_test(test_spacing),
        cmocka_unit_test(test_comment_fails), cmocka_unit_test(test_create),
        cmocka_unit_test(test_create_lost),   cmocka_unit_test(test_update),
        cmocka_unit_test(test_update_labels), cmocka_unit_test(test_merge),
        cmocka_unit_test(test_merge_refused), cmocka_unit_test(test_merge_race_won),
        cmocka_unit_test(test_merge_lost),    cmocka_unit_test(test_objects),
        cmocka_unit_test(test_ref),           cmocka_unit_test(test_ref_refused),
        cmocka_unit_test(test_ref_lost),      cmocka_unit_test(test_probe),
    };

    log_init(LOG_ERROR, false);
    server_clock_open(START);
    return cmocka_run_group_tests_name("github: requests of the REST API", tests, NULL, NULL);
}
