#include "github_wire.h"

#define DATA(of)      "{\"data\":{\"viewer\":{\"login\":\"me\"},\"repository\":{" of "}}}"
#define HERE          "\"repository\":{\"nameWithOwner\":\"O/R\"}"
#define THERE         "\"repository\":{\"nameWithOwner\":\"o/other\"}"
#define BASICS        "\"number\":7,\"url\":\"u\",\"title\":\"T\",\"headRefName\":\"h\""
#define REVIEWS(of)   "\"latestOpinionatedReviews\":{\"nodes\":[" of "]}"
#define BY(who, what) "{\"state\":\"" what "\",\"author\":{\"login\":\"" who "\"}}"
#define ASKED(of)     "\"reviewRequests\":{\"nodes\":[" of "]}"
#define USER(who)     "{\"requestedReviewer\":{\"__typename\":\"User\",\"login\":\"" who "\"}}"
#define PULL(of) \
    DATA("\"i7\":{\"__typename\":\"PullRequest\"," BASICS "," HERE ",\"isDraft\":false," of "}")

static void
read_one(struct wire *wire, const char *body, int64_t number, struct progress_facts *facts,
         enum err_kind kind)
{
    const struct step step = {"200 OK", body, NULL};
    struct err err = {0};

    wire_open(wire, &step, 1, NULL);
    if (github_read_progress(wire->github, &number, 1, wire->arena, facts, &err) !=
            (kind == ERR_NONE) ||
        err.kind != kind)
        fail_msg("%s: %d, %s", body, (int)err.kind, err.text);
}

static void
test_stages(void **state)
{
    static const struct {
        const char *body;
        enum stage stage;
    } cases[] = {
        {PULL("\"state\":\"OPEN\",\"reviewDecision\":null"), STAGE_OPEN},
        {PULL("\"state\":\"OPEN\",\"reviewDecision\":\"REVIEW_REQUIRED\"," REVIEWS(
             BY("a", "APPROVED"))),
         STAGE_OPEN},
        {PULL("\"state\":\"OPEN\",\"reviewDecision\":\"APPROVED\""), STAGE_APPROVED},
        {PULL("\"state\":\"OPEN\",\"reviewDecision\":\"CHANGES_REQUESTED\""),
         STAGE_CHANGES_REQUESTED},
        {PULL("\"state\":\"OPEN\",\"reviewDecision\":null," REVIEWS(BY("a", "APPROVED"))),
         STAGE_APPROVED},
        {PULL("\"state\":\"OPEN\",\"reviewDecision\":null," REVIEWS(
             BY("a", "APPROVED") "," BY("b", "CHANGES_REQUESTED"))),
         STAGE_CHANGES_REQUESTED},
        {PULL("\"state\":\"OPEN\",\"reviewDecision\":null," REVIEWS(BY("a", "DISMISSED"))),
         STAGE_OPEN},
        {PULL("\"state\":\"OPEN\",\"reviewDecision\":\"ANOTHER\""), STAGE_OPEN},
        {DATA("\"i7\":{\"__typename\":\"PullRequest\"," BASICS "," HERE
              ",\"isDraft\":true,\"state\":\"OPEN\",\"reviewDecision\":\"APPROVED\"}"),
         STAGE_DRAFT},
        {PULL("\"state\":\"CLOSED\",\"reviewDecision\":\"APPROVED\""), STAGE_CLOSED},
        {PULL("\"state\":\"MERGED\",\"mergedAt\":\"2026-03-02T09:00:00Z\""), STAGE_MERGED},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct progress_facts facts;
        struct wire wire;

        read_one(&wire, cases[i].body, 7, &facts, ERR_NONE);
        assert_true(facts.is_pull);
        assert_int_equal(facts.pull.number, 7);
        assert_null(facts.pull.repository);
        if (facts.pull.stage != cases[i].stage)
            fail_msg("case %zu: %s", i, stage_name(facts.pull.stage));
        assert_int_equal(facts.pull.merged_at != 0, cases[i].stage == STAGE_MERGED);
        wire_close(&wire, 1);
    }
}

#define TEAM       "{\"requestedReviewer\":{\"__typename\":\"Team\",\"name\":\"Core\",\"slug\":\"core\"}}"
#define NAMELESS   "{\"requestedReviewer\":{\"__typename\":\"Team\",\"slug\":\"web\"}}"
#define HIDDEN     "{\"requestedReviewer\":null}"
#define GONE       "{\"state\":\"APPROVED\",\"author\":null}"
#define CLOSES(of) "\"closingIssuesReferences\":{\"totalCount\":2,\"nodes\":[" of "]}"

static const char reviewed[] =
    PULL("\"state\":\"OPEN\"," ASKED(USER("alice") "," TEAM "," NAMELESS "," HIDDEN) "," REVIEWS(
        BY("Alice", "APPROVED") "," GONE "," BY(
            "bob", "APPROVED")) "," CLOSES("{\"number\":3," HERE "},{\"number\":4," THERE "}"));

/* Whom the token may not see is nobody; somebody who was asked and gave one is there once. */
static void
test_reviewers_and_links(void **state)
{
    struct progress_facts facts;
    struct wire wire;

    (void)state;
    read_one(&wire, reviewed, 7, &facts, ERR_NONE);
    assert_true(facts.pull.knows_reviewers);
    assert_int_equal(facts.pull.n_reviewers, 4);
    assert_string_equal(facts.pull.reviewers[0], "alice");
    assert_string_equal(facts.pull.reviewers[1], "Core");
    assert_string_equal(facts.pull.reviewers[2], "web");
    assert_string_equal(facts.pull.reviewers[3], "bob");
    assert_int_equal(facts.pull.n_closes, 1);
    assert_int_equal(facts.pull.closes[0], 3);
    wire_close(&wire, 1);
}

#define EDITED(titles, body) \
    PULL("\"state\":\"OPEN\",\"retitled\":" titles ",\"lastEditedAt\":" body)
#define TITLED(when) "{\"nodes\":[{\"createdAt\":\"" when "\"}]}"
#define TIME         "2026-03-02T09:00:00Z"

/* What GitHub does not report is not known; that nothing changed is. */
static void
test_changes(void **state)
{
    static const struct {
        const char *body;
        int title, description; /* -1: not known, 0: it did not change, 1: it did */
    } cases[] = {
        {PULL("\"state\":\"OPEN\""), -1, -1},
        {EDITED("null", "null"), -1, 0},
        {EDITED("{\"nodes\":[]}", "\"" TIME "\""), 0, 1},
        {EDITED(TITLED(TIME), "\"soon\""), 1, -1},
        {EDITED(TITLED("soon"), "null"), -1, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct progress_facts facts;
        struct wire wire;

        read_one(&wire, cases[i].body, 7, &facts, ERR_NONE);
        assert_int_equal((facts.pull.retitled_at > 0) - (facts.pull.retitled_at < 0),
                         cases[i].title);
        assert_int_equal((facts.pull.described_at > 0) - (facts.pull.described_at < 0),
                         cases[i].description);
        wire_close(&wire, 1);
    }
}

#define ISSUE(total, nodes)                                                      \
    DATA("\"i5\":{\"__typename\":\"Issue\",\"closedByPullRequestsReferences\":{" \
         "\"totalCount\":" total ",\"nodes\":[" nodes "],\"pageInfo\":{\"hasNextPage\":false}}}")

static void
test_issues(void **state)
{
    static const struct {
        const char *body;
        size_t n;
        bool complete, other;
        enum err_kind kind;
    } cases[] = {
        {ISSUE("0", ""), 0, true, false, ERR_NONE},
        {ISSUE("1", "{" BASICS "," HERE ",\"state\":\"OPEN\"}"), 1, true, false, ERR_NONE},
        {ISSUE("1", "{" BASICS "," THERE ",\"state\":\"OPEN\"}"), 1, true, true, ERR_NONE},
        {ISSUE("2", "{" BASICS "," HERE ",\"state\":\"OPEN\"}"), 1, false, false, ERR_NONE},
        {ISSUE("1", "null"), 0, true, false, ERR_NONE},
        {ISSUE("1", "{" BASICS "," HERE "}"), 0, false, false, ERR_DATA},
        {ISSUE("1", "{" HERE ",\"state\":\"OPEN\"}"), 0, false, false, ERR_DATA},
        {DATA("\"i5\":{\"__typename\":\"Issue\"}"), 0, false, false, ERR_NONE},
        {"{\"data\":{\"viewer\":{\"login\":\"me\"},\"repository\":{\"i5\":null}},\"errors\":[{"
         "\"type\":\"NOT_FOUND\",\"path\":[\"repository\",\"i5\"],\"message\":\"no\"}]}",
         0, false, false, ERR_NONE},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct progress_facts facts = {0};
        struct wire wire;

        read_one(&wire, cases[i].body, 5, &facts, cases[i].kind);
        if (cases[i].kind == ERR_NONE) {
            assert_false(facts.is_pull);
            assert_int_equal(facts.complete, cases[i].complete);
            assert_int_equal(facts.n_linked, cases[i].n);
            if (cases[i].n > 0)
                assert_int_equal(facts.linked[0].repository != NULL, cases[i].other);
        }
        wire_close(&wire, 1);
    }
}

#define LINKS(alias, number, info)                                                      \
    DATA("\"" alias "\":{\"__typename\":\"Issue\",\"closedByPullRequestsReferences\":{" \
         "\"totalCount\":2,\"nodes\":[{\"number\":" number "," HERE                     \
         ",\"state\":\"OPEN\"}],\"pageInfo\":{" info "}}}")

/* More than a page of them. */
static void
test_many(void **state)
{
    static const struct step steps[] = {
        {"200 OK", LINKS("i5", "7", "\"hasNextPage\":true,\"endCursor\":\"c\""), NULL},
        {"200 OK", LINKS("issue", "8", "\"hasNextPage\":false"), NULL},
    };
    const int64_t number = 5;
    struct progress_facts facts;
    struct wire wire;
    struct err err = {0};

    (void)state;
    wire_open(&wire, steps, 2, NULL);
    if (!github_read_progress(wire.github, &number, 1, wire.arena, &facts, &err))
        fail_msg("%s", err.text);
    assert_true(facts.complete);
    assert_int_equal(facts.n_linked, 2);
    assert_int_equal(facts.linked[0].number, 7);
    assert_int_equal(facts.linked[1].number, 8);
    assert_non_null(strstr(wire.server.requests[1], "\"after\":\"c\""));
    wire_close(&wire, 2);
}

#define ROLLUP(state) DATA("\"i7\":{\"statusCheckRollup\":" state "}")

static void
test_checks(void **state)
{
    static const struct {
        const char *body, *checks;
    } cases[] = {
        {ROLLUP("{\"state\":\"SUCCESS\"}"), "Passing"},
        {ROLLUP("{\"state\":\"FAILURE\"}"), "Failing"},
        {ROLLUP("{\"state\":\"ERROR\"}"), "Failing"},
        {ROLLUP("{\"state\":\"PENDING\"}"), "Pending"},
        {ROLLUP("{\"state\":\"EXPECTED\"}"), "Pending"},
        {ROLLUP("null"), ""},
        {"{\"data\":{\"viewer\":{\"login\":\"me\"},\"repository\":{\"i7\":{\"statusCheckRollup\":"
         "null}}},\"errors\":[{\"type\":\"FORBIDDEN\",\"path\":[\"repository\",\"i7\","
         "\"statusCheckRollup\"],\"message\":\"Resource not accessible by integration\"}]}",
         NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct step step = {"200 OK", cases[i].body, NULL};
        const int64_t number = 7;
        const char *checks = "unset";
        struct wire wire;
        struct err err = {0};

        wire_open(&wire, &step, 1, NULL);
        if (!github_read_checks(wire.github, &number, 1, &checks, &err))
            fail_msg("%s", err.text);
        test_text(checks, cases[i].checks, cases[i].body);
        wire_close(&wire, 1);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stages),  cmocka_unit_test(test_reviewers_and_links),
        cmocka_unit_test(test_changes), cmocka_unit_test(test_issues),
        cmocka_unit_test(test_many),    cmocka_unit_test(test_checks),
    };

    log_init(LOG_ERROR, false);
    server_clock_open(START);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
