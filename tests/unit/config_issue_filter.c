#include "config_test.h"

#include "fields_test.h"
#include "model/issue_filter.h"
#include "model/status.h"

/* issue_filter: each text, and which of these issues it lets through. */

#define DAY INT64_C(86400000)
/* 2026-01-31T12:00:00Z */
#define NOON INT64_C(1769860800000)

static const char *const bug[] = {"Bug"};
static const char *const many[] = {"bug", "good first issue", "a,b", "c#"};
static const char *const alice[] = {"alice"};

enum { ISSUE, LABELS, CLOSED, PULL, DRAFT, MERGED, BOT, UNTOLD, N };

#define ALL ((1U << N) - 1)

static struct value
text(const char *value)
{
    return value_text(value);
}

static void
make_issues(struct issue issues[N])
{
    for (int i = 0; i < N; i++) {
        issues[i] = (struct issue){.number = i + 1, .author = "octocat", .created_at = NOON};
        put_value(&issues[i].values, FIELD_STATUS, text(STATUS_OPEN));
        put_value(&issues[i].values, FIELD_LABELS, value_set(NULL, 0));
        put_value(&issues[i].values, FIELD_ASSIGNEES, value_set(NULL, 0));
        put_value(&issues[i].values, FIELD_MILESTONE, text(""));
        put_value(&issues[i].values, FIELD_ISSUE_TYPE, text(""));
        issues[i].is_pull = i >= PULL && i <= MERGED;
    }
    put_value(&issues[ISSUE].values, FIELD_LABELS, value_set(bug, 1));
    put_value(&issues[ISSUE].values, FIELD_MILESTONE, text("Version 2"));
    put_value(&issues[LABELS].values, FIELD_LABELS, value_set(many, COUNT(many)));
    put_value(&issues[LABELS].values, FIELD_ISSUE_TYPE, text("Bug"));
    put_value(&issues[CLOSED].values, FIELD_STATUS, text(STATUS_NOT_PLANNED));
    issues[CLOSED].created_at = NOON - 2 * DAY;
    issues[PULL].author = "Mona";
    put_value(&issues[PULL].values, FIELD_ASSIGNEES, value_set(alice, 1));
    put_pull(&issues[DRAFT], (struct pull){.draft = true});
    put_pull(&issues[MERGED], (struct pull){.merged = true});
    put_value(&issues[MERGED].values, FIELD_STATUS, text(STATUS_CLOSED));
    issues[BOT].author = "dependabot";
    issues[BOT].bot = true;
    issues[BOT].created_at = NOON + DAY;
    for (enum field f = 0; f < FIELD_BUILTINS; f++)
        put_value(&issues[UNTOLD].values, f, (struct value){0});
    issues[UNTOLD].author = "";
    issues[UNTOLD].created_at = 0;
}

#define TOLD       (ALL & ~(1U << UNTOLD))
#define ONE(which) (1U << (which))
#define ISSUES     (ALL & ~PULLS)
#define PULLS      (1U << PULL | 1U << DRAFT | 1U << MERGED)

static const struct {
    const char *text;
    unsigned lets;
} matches[] = {
    {"label:bug", ONE(ISSUE) | ONE(LABELS)},
    {"label:BUG", ONE(ISSUE) | ONE(LABELS)},
    {"-label:bug", TOLD & ~(ONE(ISSUE) | ONE(LABELS))},
    {"label:\"good first issue\"", ONE(LABELS)},
    {"label:good\" first \"issue", ONE(LABELS)},
    {"label:wontfix,bug", ONE(ISSUE) | ONE(LABELS)},
    {"-label:wontfix,bug", TOLD & ~(ONE(ISSUE) | ONE(LABELS))},
    {"label:\"a,b\"", ONE(LABELS)},
    {"label:c#", ONE(LABELS)},
    {"label:bug label:c#", ONE(LABELS)},
    {"label:bug\n\t -label:c#\n", ONE(ISSUE)},
    {"label:bu", 0},
    {"label:*", ONE(ISSUE) | ONE(LABELS)},
    {"label:\"*\"", 0},
    {"no:label", TOLD & ~(ONE(ISSUE) | ONE(LABELS))},
    {"-no:label", ONE(ISSUE) | ONE(LABELS)},
    {"author:OctoCat", ALL & ~(ONE(PULL) | ONE(BOT) | ONE(UNTOLD))},
    {"author:@mona", ONE(PULL)},
    {"author:mona,octocat", ALL & ~(ONE(BOT) | ONE(UNTOLD))},
    {"author:dependabot", 0},
    {"author:dependabot[bot]", ONE(BOT)},
    {"author:app/Dependabot", ONE(BOT)},
    {"-author:app/dependabot", ALL & ~ONE(BOT)},
    {"assignee:alice", ONE(PULL)},
    {"-assignee:alice", TOLD & ~ONE(PULL)},
    {"no:assignee", TOLD & ~ONE(PULL)},
    {"milestone:\"version 2\"", ONE(ISSUE)},
    {"milestone:*", ONE(ISSUE)},
    {"no:milestone", TOLD & ~ONE(ISSUE)},
    {"type:bug", ONE(LABELS)},
    {"-type:bug", ALL & ~(ONE(LABELS) | ONE(UNTOLD))},
    {"no:type", ALL & ~(ONE(LABELS) | ONE(UNTOLD))},
    {"type:issue", ISSUES},
    {"type:pr", PULLS},
    {"is:issue", ISSUES},
    {"is:pr", PULLS},
    {"-is:pr", ISSUES},
    {"is:open", TOLD & ~(ONE(CLOSED) | ONE(MERGED))},
    {"is:closed", ONE(CLOSED) | ONE(MERGED)},
    {"-is:open", ONE(CLOSED) | ONE(MERGED)},
    {"is:merged", ONE(MERGED)},
    {"is:draft", ONE(DRAFT)},
    {"-is:draft is:pr", ONE(PULL) | ONE(MERGED)},
    {"is:bot", ONE(BOT)},
    {"-is:bot", ALL & ~ONE(BOT)},
    {"IS:BOT", ONE(BOT)},
    {"created:2026-01-31", TOLD & ~(ONE(CLOSED) | ONE(BOT))},
    {"-created:2026-01-31", ONE(CLOSED) | ONE(BOT)},
    {"created:>=2026-01-31", TOLD & ~ONE(CLOSED)},
    {"created:>2026-01-31", ONE(BOT)},
    {"created:>2026-01-30", TOLD & ~ONE(CLOSED)},
    {"created:<=2026-01-31", TOLD & ~ONE(BOT)},
    {"created:<2026-01-31", ONE(CLOSED)},
    {"created:2026-01-29..2026-01-31", TOLD & ~ONE(BOT)},
    {"created:2026-01-30..*", TOLD & ~ONE(CLOSED)},
    {"created:*..2026-01-30", ONE(CLOSED)},
    {"created:*..*", TOLD},
    {"created:>=2026-01-31T12:00:00Z", TOLD & ~ONE(CLOSED)},
    {"created:>2026-01-31T12:00:00Z", ONE(BOT)},
    {"created:>=2026-01-31T13:00:00+01:00", TOLD & ~ONE(CLOSED)},
    {"created:>=2026-01-31T12:00:01Z", ONE(BOT)},
    {"-is:bot is:issue -label:c# created:>=2026-01-30", ONE(ISSUE)},
};

static void
test_matches(void **state)
{
    struct issue issues[N];

    (void)state;
    make_issues(issues);
    for (size_t i = 0; i < COUNT(matches); i++) {
        struct reading reading = test_read_input("INPUT_ISSUE_FILTER", matches[i].text);
        unsigned lets = 0;

        if (reading.result != CONFIG_OK)
            fail_msg("%s: %s", matches[i].text, reading.problems[0].message);
        for (unsigned k = 0; k < N; k++)
            if (issue_filter_matches(reading.config.issue_filter, &issues[k]))
                lets |= 1U << k;
        if (lets != matches[i].lets)
            fail_msg("%s lets %#x through, not %#x", matches[i].text, lets, matches[i].lets);
        test_release(&reading);
    }
}

static void
test_refused(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"lable:bug", "Did you mean \"label\"?"},
        {"-labels:bug", "Did you mean \"label\"?"},
        {"repo:octo/hello", "The words are label:, author:"},
        {"bug", "The words are label:"},
        {"is:open OR is:draft", "\"OR\": "},
        {"(is:open)", "\"(is:open)\": "},
        {":bug", "\":bug\": "},
        {"-", "\"-\": "},
        {"--is:bot", "\"--is:bot\": "},
        {"is:opn", "Did you mean \"open\"?"},
        {"is:", "issue, pr, open, closed, merged, draft and bot"},
        {"is:open,closed", "After is: use one of"},
        {"no:author", "After no: use one of label, assignee, milestone and type"},
        {"label:", "A value is missing"},
        {"label:bug,", "A value is missing"},
        {"label:,bug", "A value is missing"},
        {"label: bug", "A value is missing"},
        {"label:\"\"", "A value is missing"},
        {"label:\"bug", "A quotation mark is missing"},
        {"label:\"bug\\\"", "A quotation mark is missing"},
        {"author:@me", "After author: and assignee: use logins"},
        {"author:a/b", "After author: and assignee: use logins"},
        {"author:*", "After author: and assignee: use logins"},
        {"author:", "After author: and assignee: use logins"},
        {"created:2026", "After created: use"},
        {"created:>", "After created: use"},
        {"created:=2026-01-01", "After created: use"},
        {"created:>>2026-01-01", "After created: use"},
        {"created:2026-02-30", "After created: use"},
        {"created:2026-1-1", "After created: use"},
        {"created:@today-7d", "After created: use"},
        {"created:>2026-01-01..2026-02-01", "After created: use"},
        {"created:2026-01-01..", "After created: use"},
        {"created:2026-01-01,2026-02-01", "After created: use"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct reading reading = test_read_input("INPUT_ISSUE_FILTER", cases[i].text);

        if (reading.result != CONFIG_BAD)
            fail_msg("%s is taken", cases[i].text);
        assert_string_equal(reading.problems[0].input, "issue_filter");
        if (strstr(reading.problems[0].message, cases[i].says) == NULL)
            fail_msg("%s: %s", cases[i].text, reading.problems[0].message);
        test_release(&reading);
    }
}

static void
test_every_mistake(void **state)
{
    struct reading reading = test_read_input("INPUT_ISSUE_FILTER", "a:b is:open c:d created:e");

    (void)state;
    assert_int_equal(reading.n_problems, 3);
    test_release(&reading);
}

static void
test_none(void **state)
{
    struct reading reading = test_read_input("INPUT_ISSUE_FILTER", " \n ");

    (void)state;
    assert_int_equal(reading.result, CONFIG_OK);
    assert_null(reading.config.issue_filter);
    test_release(&reading);
}

/* Only what it asks for is read. */
static void
test_needs(void **state)
{
    static const struct {
        const char *text;
        uint64_t fields;
        bool bots;
    } cases[] = {
        {"label:bug is:open created:>=2026-01-01", 0, false},
        {"author:octocat", 0, true},
        {"-is:bot", 0, true},
        {"no:milestone type:bug", FIELD_BIT(FIELD_MILESTONE) | FIELD_BIT(FIELD_ISSUE_TYPE), false},
        {"assignee:*", FIELD_BIT(FIELD_ASSIGNEES), false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct reading reading = test_read_input("INPUT_ISSUE_FILTER", cases[i].text);
        bool bots;

        assert_true(field_set_equal(issue_filter_needs(reading.config.issue_filter, &bots),
                                    FIELD_SET(cases[i].fields)));
        assert_int_equal(bots, cases[i].bots);
        test_release(&reading);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_matches, test_environment),
        cmocka_unit_test_setup(test_refused, test_environment),
        cmocka_unit_test_setup(test_every_mistake, test_environment),
        cmocka_unit_test_setup(test_none, test_environment),
        cmocka_unit_test_setup(test_needs, test_environment),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
