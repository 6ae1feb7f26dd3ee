#include "config_test.h"

#define FIELD_NAMES "title, status, labels, assignees, milestone, issue_type, parent"
#define TWENTY      "01234567890123456789"
#define EIGHTY      TWENTY TWENTY TWENTY TWENTY
#define REPLACEMENT "\xef\xbf\xbd"

static void
test_control_character_in_ref(void **state)
{
    struct reading reading = test_read_input("INPUT_STATE_REF", "refs/x/y\x7fz");

    (void)state;
    test_one_problem(&reading, "state_ref", "refs/x/y" REPLACEMENT "z", "refs/");
    test_release(&reading);
}

static void
test_all_missing(void **state)
{
    static const char *const inputs[] = {"notion_token", "notion_database", "github_token",
                                         "repository"};
    static const char *const cures[] = {"INPUT_NOTION_TOKEN or NOTION_TOKEN",
                                        "Set INPUT_NOTION_DATABASE or give --notion-database.",
                                        "INPUT_GITHUB_TOKEN or GITHUB_TOKEN",
                                        "Set GITHUB_REPOSITORY or give --repository."};

    (void)state;
    for (int in_actions = 0; in_actions < 2; in_actions++) {
        struct reading reading;

        clearenv();
        if (in_actions)
            setenv("GITHUB_ACTIONS", "true", 1);
        reading = test_read_environment();
        assert_int_equal(reading.result, CONFIG_BAD);
        assert_int_equal(reading.n_problems, COUNT(inputs));
        for (size_t i = 0; i < COUNT(inputs); i++) {
            assert_string_equal(reading.problems[i].input, inputs[i]);
            assert_null(reading.problems[i].given);
            assert_non_null(strstr(reading.problems[i].message, in_actions ? "with:" : cures[i]));
        }
        test_release(&reading);
    }
}

static void
test_all_problems_at_once(void **state)
{
    static const char *const inputs[] = {"notion_database", "mode",          "full_every",
                                         "dry_run",         "state_ref",     "notion_api_url",
                                         "log_level",       "GITHUB_API_URL"};
    struct reading reading;

    (void)state;
    setenv("INPUT_NOTION_DATABASE", "x", 1);
    setenv("INPUT_MODE", "x", 1);
    setenv("INPUT_FULL_EVERY", "x", 1);
    setenv("INPUT_DRY_RUN", "x", 1);
    setenv("INPUT_STATE_REF", "x", 1);
    setenv("INPUT_NOTION_API_URL", "x", 1);
    setenv("INPUT_LOG_LEVEL", "x", 1);
    setenv("GITHUB_API_URL", "x", 1);
    reading = test_read_environment();
    assert_int_equal(reading.result, CONFIG_BAD);
    assert_int_equal(reading.n_problems, COUNT(inputs));
    for (size_t i = 0; i < COUNT(inputs); i++) {
        assert_string_equal(reading.problems[i].input, inputs[i]);
        assert_string_equal(reading.problems[i].given, "x");
    }
    assert_string_equal(reading.config.notion_token, TEST_NOTION);
    assert_string_equal(reading.config.github_token, TEST_GITHUB);
    test_release(&reading);
}

static void
test_bad_tokens(void **state)
{
    static const char *const tokens[] = {"hid den", "hidden\nX-Header: 1", "hidden\x7f",
                                         "hidden\xc3\xa9"};

    for (size_t i = 0; i < COUNT(tokens); i++) {
        struct reading reading;

        test_environment(state);
        reading = test_read_input("INPUT_NOTION_TOKEN", tokens[i]);
        test_one_problem(&reading, "notion_token", NULL, "one line");
        assert_null(reading.config.notion_token);
        test_release(&reading);
    }
}

/* A secret in the wrong place is not repeated. */
static void
test_secrets_are_not_shown(void **state)
{
    static const struct {
        const char *variable, *value, *given;
    } cases[] = {
        {"INPUT_MODE", TEST_NOTION, "***"},
        {"INPUT_NOTION_DATABASE", "see " TEST_GITHUB " there", "***"},
        {"INPUT_NOTION_DATABASE", "ntn_0123456789", "***"},
        {"INPUT_NOTION_DATABASE", "secret_0123456789", "***"},
        {"INPUT_REPOSITORY", "ghs_0123456789", "***"},
        {"INPUT_REPOSITORY", "github_pat_0123456789", "***"},
        {"INPUT_STATUS_MAP", "ghp_0123456789", "***"},
        {"INPUT_STATE_REF", "gho_0123456789", "***"},
        {"INPUT_NOTION_API_URL", "https://me:0123456789@n.example", "https://***@n.example"},
        {"INPUT_NOTION_API_URL", "https://0123456789@n.example/a", "https://***@n.example/a"},
        {"INPUT_NOTION_API_URL", "https://me:01234/56789@n.example", "https://***@n.example"},
        {"INPUT_NOTION_API_URL", "https://me:01?234@56789@n.example", "https://***@n.example"},
        {"INPUT_NOTION_API_URL", "me:0123456789@n.example", "***@n.example"},
        {"INPUT_ISSUE_FILTER", "author:@me", "author:@me"},
        {"INPUT_NOTION_API_URL", "https://n.example?key=0123456789", "https://n.example?***"},
        {"INPUT_NOTION_API_URL", "https://a:0123@n.example?456789", "https://***@n.example?***"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct reading reading;

        test_environment(state);
        reading = test_read_input(cases[i].variable, cases[i].value);
        assert_int_equal(reading.n_problems, 1);
        assert_string_equal(reading.problems[0].given, cases[i].given);
        test_nothing_shows(&reading, "0123456789");
        test_nothing_shows(&reading, TEST_NOTION);
        test_nothing_shows(&reading, TEST_GITHUB);
        test_release(&reading);
    }
}

static void
test_given_is_one_short_line(void **state)
{
    static const struct {
        const char *value, *given;
    } cases[] = {
        {EIGHTY, EIGHTY},
        {EIGHTY "!",
         "0123456789012345678901234567890123456789012345678901234567890123456789012345678\xe2\x80"
         "\xa6"},
        {"a\nb\tc\x1b[31m", "a" REPLACEMENT "b" REPLACEMENT "c" REPLACEMENT "[31m"},
        {"a\xe2\x80\xae"
         "b\xc2\x85"
         "c",
         "a" REPLACEMENT "b" REPLACEMENT "c"},
        {"a\xff\xc3", "a" REPLACEMENT REPLACEMENT},
        {"gr\xc3\xbc\xc3\x9f"
         "e \xf0\x9f\x98\x80",
         "gr\xc3\xbc\xc3\x9f"
         "e \xf0\x9f\x98\x80"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct reading reading;

        test_environment(state);
        reading = test_read_input("INPUT_MODE", cases[i].value);
        test_one_problem(&reading, "mode", cases[i].given, "Use \"auto\" or \"full\".");
        test_release(&reading);
    }
}

/* What users get wrong most, each by its exact text: what, why, and the cure. */
static void
test_exact_messages(void **state)
{
    static const struct {
        const char *variable, *value, *text;
    } cases[] = {
        {"INPUT_MODE", "fulll", "mode: \"fulll\" is not valid. Use \"auto\" or \"full\"."},
        {"INPUT_DRY_RUN", "yes", "dry_run: \"yes\" is not valid. Use \"true\" or \"false\"."},
        {"INPUT_MAX_RUNTIME", "0",
         "max_runtime: \"0\" is not valid. Use a whole number from 1 to 350."},
        {"INPUT_NOTION_DATABASE", "Tasks",
         "notion_database: \"Tasks\" is not valid. Use the id (32 hex digits, with or without "
         "dashes) or the URL of a database or data source (the id behind ?v= is that of a view)."},
        {"INPUT_REPOSITORY", "hello",
         "repository: \"hello\" is not valid. Use owner/name, for example octo-org/website, or the "
         "repository's URL."},
        {"INPUT_REPOSITORY", "https://gitlab.com/octo/hello",
         "repository: \"gitlab.com\": this URL is of another server than GITHUB_SERVER_URL "
         "(https://github.com). Use a repository of that server, or set GITHUB_API_URL and "
         "GITHUB_SERVER_URL to yours."},
        {"INPUT_NOTION_TOKEN", "ghs_0123456789",
         "notion_token: this is a token of GitHub. Give the token of your Notion connection; it "
         "begins with \"ntn_\" or \"secret_\"."},
        {"INPUT_NOTION_TOKEN", "github_pat_0123456789",
         "notion_token: this is a token of GitHub. Give the token of your Notion connection; it "
         "begins with \"ntn_\" or \"secret_\"."},
        {"INPUT_GITHUB_TOKEN", "ntn_0123456789",
         "github_token: this is a token of Notion. Give a token of GitHub; it begins with "
         "\"ghs_\", \"ghp_\" or \"github_pat_\"."},
        {"INPUT_GITHUB_TOKEN", "secret_0123456789",
         "github_token: this is a token of Notion. Give a token of GitHub; it begins with "
         "\"ghs_\", \"ghp_\" or \"github_pat_\"."},
        {"INPUT_PROPERTY_MAP", "labls = Tags",
         "property_map: \"labls = Tags\": no field has this name. Did you mean \"labels\"? The "
         "fields are " FIELD_NAMES ", type, url, state, repository, author, review, created, "
         "updated, closed, comments, head, base, merge_state, merged, due, closes, "
         "pull_requests, pr_state, reviewers, checks."},
        {"INPUT_PROPERTY_MAP", "labels = A\nlabels = B",
         "property_map: \"labels = B\": labels has several lines. Use one line for a field."},
        {"INPUT_DIRECTIONS", "asignees = both",
         "directions: \"asignees = both\": no field has this name. Did you mean \"assignees\"? "
         "The fields are " FIELD_NAMES "."},
        {"INPUT_DIRECTIONS", "labels = notion",
         "directions: \"labels = notion\" is not valid. Use \"field = both\", \"field = "
         "to_notion\" "
         "or \"field = to_github\"; the fields are " FIELD_NAMES "."},
        {"INPUT_DIRECTIONS", "body = to_notion",
         "directions: \"body = to_notion\": texts have an input of their own. Use sync_body "
         "instead "
         "of this line."},
        {"INPUT_STATUS_MAP", "Done = finished",
         "status_map: \"Done = finished\" is not valid. Use \"Notion status = STATE\" with one of "
         "the states open, closed, closed:completed and closed:not_planned, alone or with a label "
         "(\"open + label: doing\")."},
        {"INPUT_PEOPLE_MAP", "alice = Alice",
         "people_map: \"alice = Alice\" is not valid. Use \"GitHub login = Notion user\", the user "
         "by id (32 hex digits) or e-mail address."},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct reading reading;
        const char *text;

        test_environment(state);
        reading = test_read_input(cases[i].variable, cases[i].value);
        assert_int_equal(reading.n_problems, 1);
        text = arena_printf(reading.arena, "%s: %s", reading.problems[0].input,
                            reading.problems[0].message);
        assert_string_equal(text, cases[i].text);
        test_nothing_shows(&reading, "0123456789");
        test_release(&reading);
    }
}

#define COVERED                                                                                \
    "label_ignore covers this label, so it would never get to the other side. Take it out of " \
    "one of the two inputs."
#define FILTER_WORDS                                                                            \
    "The words are label:, author:, assignee:, milestone:, type:, created:, is: and no:, each " \
    "also with -. All of them must hold; text, AND and OR are not searched for."

#define FIFTY        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define REPEATED(of) of of of of of of of of of of of of of of of of of of of of

/* Who and what takes part, and what pull requests do: each bad value by its exact text. `other`:
 * another input that makes it one. */
static const struct {
    const char *variable, *value, *other, *other_value, *text;
} parts[] = {
    {"INPUT_PROGRESS_MAP", "reviewed = Doing", NULL, NULL,
     "progress_map: \"reviewed = Doing\": no stage has this name. The stages are draft, open, "
     "changes_requested, approved, merged and closed."},
    {"INPUT_PROGRESS_MAP", "open =", NULL, NULL,
     "progress_map: \"open =\" is not valid. Use \"stage = Notion status\" with one of the stages "
     "draft, open, changes_requested, approved, merged and closed."},
    {"INPUT_PROGRESS_MAP", "open = A\nopen = B", NULL, NULL,
     "progress_map: \"open = B\": open has several lines. Use one line for a stage."},
    {"INPUT_PROGRESS_MAP", "open = Doing", "INPUT_STATUS_MAP", "Doing = closed",
     "progress_map: \"open = Doing\": status_map says that this status is closed, and only merged "
     "and "
     "closed may name a closed one. Use a status that means open."},
    {"INPUT_PROGRESS_MAP", "open = A", "INPUT_DIRECTIONS", "status = to_github",
     "progress_map: It sets the status in Notion, but `directions` has \"status = to_github\". "
     "Take "
     "one of them away."},
    {"INPUT_PROGRESS_MAP", "open = A", "INPUT_PROPERTY_MAP", "status =",
     "progress_map: It sets the status in Notion, but property_map turns the status off. Take one "
     "of "
     "them away."},
    {"INPUT_TASK_IDS", "yes", NULL, NULL,
     "task_ids: \"yes\" is not valid. Use \"true\" or \"false\"."},
    {"INPUT_ISSUE_FILTER", "lable:bug", NULL, NULL,
     "issue_filter: \"lable:bug\": Did you mean \"label\"? " FILTER_WORDS},
    {"INPUT_ISSUE_FILTER", "bug", NULL, NULL, "issue_filter: \"bug\": " FILTER_WORDS},
    {"INPUT_ISSUE_FILTER", "is:opn", NULL, NULL,
     "issue_filter: \"is:opn\": Did you mean \"open\"? After is: use one of issue, pr, open, "
     "closed, "
     "merged, draft and bot."},
    {"INPUT_ISSUE_FILTER", "no:author", NULL, NULL,
     "issue_filter: \"no:author\": After no: use one of label, assignee, milestone and type."},
    {"INPUT_ISSUE_FILTER", "label:\"bug", NULL, NULL,
     "issue_filter: \"label:\"bug\": A quotation mark is missing at the end."},
    {"INPUT_ISSUE_FILTER", "label:", NULL, NULL,
     "issue_filter: \"label:\": A value is missing. Put one with spaces or commas in quotation "
     "marks: "
     "label:\"good first issue\"."},
    {"INPUT_ISSUE_FILTER", "created:tomorrow", NULL, NULL,
     "issue_filter: \"created:tomorrow\": After created: use a date or time, such as 2026-01-31 or "
     "2026-01-31T08:00:00Z, with >, >=, < or <= before it, or two with .. between them."},
    {"INPUT_ISSUE_FILTER", "author:a/b", NULL, NULL,
     "issue_filter: \"author:a/b\": After author: and assignee: use logins: octocat, or "
     "app/dependabot for a bot."},
    {"INPUT_ISSUE_FILTER", REPEATED(REPEATED("is:pr ")), NULL, NULL,
     "issue_filter: not valid. Use at most 2000 characters."},
    {"INPUT_PEOPLE_DATABASE", "team", NULL, NULL,
     "people_database: \"team\" is not valid. Use the link or id (32 hex digits) of a Notion "
     "database, "
     "or of one of its data sources, that has a column for people and one for GitHub logins."},
    {"INPUT_PEOPLE_DATABASE", TEST_ID, NULL, NULL,
     "people_database: \"" TEST_ID "\": This is notion_database. Use the database that lists the "
     "people of your team."},
    {"INPUT_LABEL_IGNORE", "oops\\", NULL, NULL,
     "label_ignore: \"oops\\\" is not valid. Use a label, or labels by * (anything) and ? (one "
     "character), of at most 100 characters; \\ before a character takes it as it is."},
    {"INPUT_LABEL_IGNORE", REPEATED(REPEATED("a*\n")), NULL, NULL,
     "label_ignore: not valid. Use at most 100 lines."},
    {"INPUT_LABEL_IGNORE", "internal/*", "INPUT_FIELDS", "Priority = label: internal/*",
     "fields: \"label: internal/*\": " COVERED},
    {"INPUT_LABEL_IGNORE", "doing", "INPUT_STATUS_MAP", "Doing = open + label: doing",
     "status_map: \"doing\": " COVERED},
    {"INPUT_NEW_ISSUE_LABELS", "internal/new", "INPUT_LABEL_IGNORE", "Internal/*",
     "new_issue_labels: \"internal/new\": " COVERED},
    {"INPUT_NEW_ISSUE_LABELS", "Doing", "INPUT_STATUS_MAP", "In progress = open + label: doing",
     "new_issue_labels: \"Doing\": status_map gives this label to a status, and an issue has the "
     "label "
     "of its page's status. Take it out of one of the two inputs."},
    {"INPUT_NEW_ISSUE_LABELS", FIFTY "x", NULL, NULL,
     "new_issue_labels: \"" FIFTY "x\" is not valid. Use labels of at most 50 characters."},
    {"INPUT_NEW_ISSUE_TYPE", "Bug\nTask", NULL, NULL,
     "new_issue_type: \"Bug" REPLACEMENT
     "Task\" is not valid. Use the name of one issue type, on one "
     "line."},
    {"INPUT_COMMENT_MARKER", "two words", NULL, NULL,
     "comment_marker: \"two words\" is not valid. Use one word without white space, such as "
     "/github."},
    {"INPUT_COMMENT_MARKER", FIFTY "x", NULL, NULL,
     "comment_marker: \"" FIFTY "x\" is not valid. Use a word of at most 50 characters."},
};

static void
test_parts(void **state)
{
    for (size_t i = 0; i < COUNT(parts); i++) {
        struct reading reading;

        test_environment(state);
        if (parts[i].other != NULL)
            setenv(parts[i].other, parts[i].other_value, 1);
        reading = test_read_input(parts[i].variable, parts[i].value);
        assert_int_equal(reading.n_problems, 1);
        assert_string_equal(arena_printf(reading.arena, "%s: %s", reading.problems[0].input,
                                         reading.problems[0].message),
                            parts[i].text);
        test_release(&reading);
    }
}

/* A variable that no input has is warned about, with the name that was meant. */
static void
test_unknown_variables(void **state)
{
    static const struct {
        const char *variable, *warning;
    } cases[] = {
        {"INPUT_DRYRUN", "dryrun: there is no such input; it is ignored. Did you mean \"dry_run\"? "
                         "The documentation lists all inputs."},
        {"INPUT_NOTION-FILTER",
         "notion-filter: there is no such input; it is ignored. Did you mean "
         "\"notion_filter\"? The documentation lists all inputs."},
        {"INPUT_COLOUR", "colour: there is no such input; it is ignored. The documentation lists "
                         "all inputs."},
        {"INPUT_JSON", "json: there is no such input; it is ignored. The documentation lists all "
                       "inputs."},
        {"INPUT_ARGS", NULL},
        {"INPUT_ENTRYPOINT", NULL},
        {"INPUT_MODE", NULL},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct reading reading;

        test_environment(state);
        reading = test_read_input(cases[i].variable, "");
        assert_int_equal(reading.result, CONFIG_OK);
        assert_int_equal(reading.config.n_warnings, cases[i].warning != NULL);
        if (cases[i].warning != NULL)
            assert_string_equal(reading.config.warnings[0], cases[i].warning);
        test_release(&reading);
    }
}

static void
test_forms_of_repository(void **state)
{
    static const char *const forms[] = {
        "octo/hello",
        "https://github.com/octo/hello",
        "https://github.com/octo/hello.git",
        "https://GitHub.com/octo/hello/",
        "https://github.com/octo/hello/issues?q=is%3Aopen#top",
        "github.com/octo/hello",
        "git@github.com:octo/hello.git",
        "ssh://git@github.com:22/octo/hello.git",
    };

    for (size_t i = 0; i < COUNT(forms); i++) {
        struct reading reading;

        test_environment(state);
        reading = test_read_input("INPUT_REPOSITORY", forms[i]);
        assert_int_equal(reading.result, CONFIG_OK);
        assert_string_equal(reading.config.owner, "octo");
        assert_string_equal(reading.config.repository, "hello");
        test_release(&reading);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_control_character_in_ref, test_environment),
        cmocka_unit_test(test_all_missing),
        cmocka_unit_test_setup(test_all_problems_at_once, test_environment),
        cmocka_unit_test(test_bad_tokens),
        cmocka_unit_test(test_secrets_are_not_shown),
        cmocka_unit_test(test_given_is_one_short_line),
        cmocka_unit_test(test_exact_messages),
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_unknown_variables),
        cmocka_unit_test(test_forms_of_repository),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
