#include "config_test.h"

/* Where an input's value is seen, as a number. */
#define NUMBER(member) offsetof(struct config, member), sizeof(((struct config *)0)->member)
#define TWENTY         "01234567890123456789"
#define EIGHTY         TWENTY TWENTY TWENTY TWENTY
#define REPLACEMENT    "\xef\xbf\xbd"

static void
test_defaults(void **state)
{
    struct reading reading = test_read_environment();
    const struct config *config = &reading.config;

    (void)state;
    assert_int_equal(reading.result, CONFIG_OK);
    assert_int_equal(reading.n_problems, 0);
    assert_string_equal(config->notion_token, TEST_NOTION);
    assert_string_equal(config->github_token, TEST_GITHUB);
    assert_string_equal(config->database, TEST_ID);
    assert_string_equal(config->owner, "octo");
    assert_string_equal(config->repository, "hello");
    assert_int_equal(config->mode, MODE_AUTO);
    assert_int_equal(config->full_every, 24);
    assert_false(config->dry_run);
    assert_int_equal(config->setup, SETUP_REQUIRED);
    assert_true(config->create_issues);
    assert_int_equal(config->create_pages, CREATE_PAGES_OPEN);
    assert_int_equal(config->pull_requests, PULLS_LINKED);
    assert_int_equal(config->n_statuses, 0);
    assert_int_equal(config->link_comments, LINK_COMMENTS_ALL);
    assert_int_equal(config->on_conflict, POLICY_GITHUB);
    assert_int_equal(config->pull_request_done, PULL_DONE_MERGE);
    assert_int_equal(config->merge_method, MERGE_SQUASH);
    assert_int_equal(config->on_page_deleted, PAGE_DELETED_UNLINK);
    assert_int_equal(config->on_issue_deleted, ISSUE_DELETED_UNLINK);
    assert_int_equal(config->max_deletions, 20);
    assert_int_equal(config->max_runtime, 30);
    assert_string_equal(config->state_ref, "refs/notion-sync/" TEST_ID_BARE);
    assert_null(config->state_folder);
    assert_string_equal(config->notion_api_url, "https://api.notion.com");
    assert_int_equal(config->log_level, LOG_INFO);
    test_release(&reading);
}

static void
test_environment_by_default(void **state)
{
    struct reading reading = test_read_environment();
    const struct config *config = &reading.config;

    (void)state;
    assert_string_equal(config->github_api_url, "https://api.github.com");
    assert_string_equal(config->github_graphql_url, "https://api.github.com/graphql");
    assert_string_equal(config->github_server_url, "https://github.com");
    assert_null(config->output_file);
    assert_null(config->summary_file);
    assert_string_equal(config->temp_folder, "/tmp");
    assert_null(config->event_name);
    assert_null(config->event_file);
    assert_string_equal(config->run_id, "local");
    assert_int_equal(config->run_attempt, 1);
    assert_false(config->in_actions);
    test_release(&reading);
}

static void
test_runner_environment(void **state)
{
    struct reading reading;
    const struct config *config = &reading.config;

    (void)state;
    setenv("GITHUB_ACTIONS", "true", 1);
    setenv("GITHUB_OUTPUT", "/o", 1);
    setenv("GITHUB_STEP_SUMMARY", "/s", 1);
    setenv("RUNNER_TEMP", "/t", 1);
    setenv("TMPDIR", "/other", 1);
    setenv("GITHUB_EVENT_NAME", "issues", 1);
    setenv("GITHUB_EVENT_PATH", "/e", 1);
    setenv("GITHUB_RUN_ID", "123", 1);
    setenv("GITHUB_RUN_ATTEMPT", "4", 1);
    setenv("RUNNER_DEBUG", "1", 1);
    reading = test_read_environment();
    assert_int_equal(reading.result, CONFIG_OK);
    assert_true(config->in_actions);
    assert_string_equal(config->output_file, "/o");
    assert_string_equal(config->summary_file, "/s");
    assert_string_equal(config->temp_folder, "/t");
    assert_string_equal(config->event_name, "issues");
    assert_string_equal(config->event_file, "/e");
    assert_string_equal(config->run_id, "123");
    assert_int_equal(config->run_attempt, 4);
    assert_int_equal(config->log_level, LOG_DEBUG);
    test_release(&reading);

    unsetenv("RUNNER_TEMP");
    setenv("RUNNER_DEBUG", "0", 1);
    setenv("GITHUB_ACTIONS", "false", 1);
    reading = test_read_environment();
    assert_string_equal(config->temp_folder, "/other");
    assert_int_equal(config->log_level, LOG_INFO);
    assert_false(config->in_actions);
    test_release(&reading);
}

static void
test_runner_environment_refused(void **state)
{
    static const struct {
        const char *variable, *value, *given, *allowed;
    } cases[] = {
        {"GITHUB_API_URL", "http://github.example/api/v3", "http://github.example/api/v3",
         "an https URL"},
        {"GITHUB_GRAPHQL_URL", "nonsense", "nonsense", "an https URL"},
        {"GITHUB_SERVER_URL", "https://u:p@github.example", "https://***@github.example",
         "an https URL"},
        {"GITHUB_RUN_ATTEMPT", "0", "0", "a whole number from 1"},
        {"GITHUB_RUN_ATTEMPT", "first", "first", "a whole number from 1"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct reading reading;

        test_environment(state);
        reading = test_read_input(cases[i].variable, cases[i].value);
        test_one_problem(&reading, cases[i].variable, cases[i].given, cases[i].allowed);
        test_release(&reading);
    }
}

static void
test_github_urls(void **state)
{
    static const struct {
        const char *api, *graphql, *server;
        const char *expected[3];
    } cases[] = {
        {"https://api.github.com/",
         "",
         "",
         {"https://api.github.com", "https://api.github.com/graphql", "https://github.com"}},
        {"https://ghe.example/api/v3",
         "",
         "",
         {"https://ghe.example/api/v3", "https://ghe.example/api/graphql", "https://ghe.example"}},
        {"https://ghe.example/api/v3//",
         "",
         "https://www.example/",
         {"https://ghe.example/api/v3", "https://ghe.example/api/graphql", "https://www.example"}},
        {"http://127.0.0.1:9",
         "",
         "",
         {"http://127.0.0.1:9", "http://127.0.0.1:9/graphql", "https://github.com"}},
        {"https://a.example/api/v3",
         "https://b.example/g/",
         "https://c.example",
         {"https://a.example/api/v3", "https://b.example/g", "https://c.example"}},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct reading reading;

        test_environment(state);
        setenv("GITHUB_API_URL", cases[i].api, 1);
        setenv("GITHUB_GRAPHQL_URL", cases[i].graphql, 1);
        setenv("GITHUB_SERVER_URL", cases[i].server, 1);
        reading = test_read_environment();
        assert_int_equal(reading.result, CONFIG_OK);
        assert_string_equal(reading.config.github_api_url, cases[i].expected[0]);
        assert_string_equal(reading.config.github_graphql_url, cases[i].expected[1]);
        assert_string_equal(reading.config.github_server_url, cases[i].expected[2]);
        test_release(&reading);
    }
}

static void
test_good_numbers_and_words(void **state)
{
    static const struct {
        const char *variable, *value;
        size_t at, size;
        int64_t expected;
    } cases[] = {
        {"INPUT_MODE", "full", NUMBER(mode), MODE_FULL},
        {"INPUT_MODE", " \t\r\nfull\n ", NUMBER(mode), MODE_FULL},
        {"INPUT_MODE", "", NUMBER(mode), MODE_AUTO},
        {"INPUT_MODE", " \n", NUMBER(mode), MODE_AUTO},
        {"INPUT_FULL_EVERY", "0", NUMBER(full_every), 0},
        {"INPUT_FULL_EVERY", "8760", NUMBER(full_every), 8760},
        {"INPUT_FULL_EVERY", "007", NUMBER(full_every), 7},
        {"INPUT_DRY_RUN", "true", NUMBER(dry_run), true},
        {"INPUT_DRY_RUN", "True", NUMBER(dry_run), true},
        {"INPUT_DRY_RUN", "TRUE", NUMBER(dry_run), true},
        {"INPUT_DRY_RUN", "", NUMBER(dry_run), false},
        {"INPUT_CREATE_ISSUES", "false", NUMBER(create_issues), false},
        {"INPUT_CREATE_ISSUES", "False", NUMBER(create_issues), false},
        {"INPUT_CREATE_ISSUES", "FALSE", NUMBER(create_issues), false},
        {"INPUT_SETUP", "none", NUMBER(setup), SETUP_NONE},
        {"INPUT_CREATE_PAGES", "none", NUMBER(create_pages), CREATE_PAGES_NONE},
        {"INPUT_CREATE_PAGES", "all", NUMBER(create_pages), CREATE_PAGES_ALL},
        {"INPUT_PULL_REQUESTS", "none", NUMBER(pull_requests), PULLS_NONE},
        {"INPUT_PULL_REQUESTS", "all", NUMBER(pull_requests), PULLS_ALL},
        {"INPUT_LINK_COMMENTS", "created", NUMBER(link_comments), LINK_COMMENTS_CREATED},
        {"INPUT_LINK_COMMENTS", "none", NUMBER(link_comments), LINK_COMMENTS_NONE},
        {"INPUT_ON_CONFLICT", "notion", NUMBER(on_conflict), POLICY_NOTION},
        {"INPUT_ON_CONFLICT", "newest", NUMBER(on_conflict), POLICY_NEWEST},
        {"INPUT_PULL_REQUEST_DONE", "close", NUMBER(pull_request_done), PULL_DONE_CLOSE},
        {"INPUT_PULL_REQUEST_DONE", "none", NUMBER(pull_request_done), PULL_DONE_NONE},
        {"INPUT_MERGE_METHOD", "merge", NUMBER(merge_method), MERGE_COMMIT},
        {"INPUT_MERGE_METHOD", "rebase", NUMBER(merge_method), MERGE_REBASE},
        {"INPUT_ON_PAGE_DELETED", "close", NUMBER(on_page_deleted), PAGE_DELETED_CLOSE},
        {"INPUT_ON_ISSUE_DELETED", "trash", NUMBER(on_issue_deleted), ISSUE_DELETED_TRASH},
        {"INPUT_MAX_DELETIONS", "0", NUMBER(max_deletions), 0},
        {"INPUT_MAX_DELETIONS", "1000000", NUMBER(max_deletions), 1000000},
        {"INPUT_MAX_RUNTIME", "1", NUMBER(max_runtime), 1},
        {"INPUT_MAX_RUNTIME", "350", NUMBER(max_runtime), 350},
        {"INPUT_LOG_LEVEL", "error", NUMBER(log_level), LOG_ERROR},
        {"INPUT_LOG_LEVEL", "warning", NUMBER(log_level), LOG_WARNING},
        {"INPUT_LOG_LEVEL", "debug", NUMBER(log_level), LOG_DEBUG},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct reading reading;
        int64_t seen = 0;
        int32_t word;
        const char *member;

        test_environment(state);
        reading = test_read_input(cases[i].variable, cases[i].value);
        assert_int_equal(reading.result, CONFIG_OK);
        member = (const char *)&reading.config + cases[i].at;
        if (cases[i].size == sizeof(seen)) {
            memcpy(&seen, member, sizeof(seen));
        } else if (cases[i].size == sizeof(word)) {
            memcpy(&word, member, sizeof(word));
            seen = word;
        } else {
            seen = *member;
        }
        if (seen != cases[i].expected)
            fail_msg("%s=%s: %d", cases[i].variable, cases[i].value, (int)seen);
        test_release(&reading);
    }
}

static void
test_good_texts(void **state)
{
    static const struct {
        const char *variable, *value;
        size_t at;
        const char *expected;
    } cases[] = {
        {"INPUT_NOTION_TOKEN", "  xyz\n", offsetof(struct config, notion_token), "xyz"},
        {"INPUT_GITHUB_TOKEN", "a.b_c-d", offsetof(struct config, github_token), "a.b_c-d"},
        {"INPUT_NOTION_DATABASE", "https://www.notion.so/ws/T-" TEST_ID_BARE "?v=1",
         offsetof(struct config, database), TEST_ID},
        {"INPUT_REPOSITORY", "a-b_c/d.e-f_g", offsetof(struct config, owner), "a-b_c"},
        {"INPUT_REPOSITORY", "a-b_c/d.e-f_g", offsetof(struct config, repository), "d.e-f_g"},
        {"INPUT_REPOSITORY", "a/.github", offsetof(struct config, repository), ".github"},
        {"INPUT_STATE_REF", "refs/heads/a/b.c", offsetof(struct config, state_ref),
         "refs/heads/a/b.c"},
        {"INPUT_STATE_REF", "refs/x/@", offsetof(struct config, state_ref), "refs/x/@"},
        {"INPUT_STATE_REF", "file:/a b/c", offsetof(struct config, state_folder), "/a b/c"},
        {"INPUT_STATE_REF", "file:/a b/c", offsetof(struct config, state_ref), NULL},
        {"INPUT_NOTION_API_URL", "http://127.0.0.1:80/", offsetof(struct config, notion_api_url),
         "http://127.0.0.1:80"},
        {"INPUT_NOTION_API_URL", "https://n.example/x//", offsetof(struct config, notion_api_url),
         "https://n.example/x"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct reading reading;
        const char *text;

        test_environment(state);
        reading = test_read_input(cases[i].variable, cases[i].value);
        assert_int_equal(reading.result, CONFIG_OK);
        memcpy(&text, (const char *)&reading.config + cases[i].at, sizeof(text));
        if (cases[i].expected == NULL)
            assert_null(text);
        else
            assert_string_equal(text, cases[i].expected);
        test_release(&reading);
    }
}

static void
test_bad_words(void **state)
{
    static const struct {
        const char *variable, *value, *allowed;
    } cases[] = {
        {"mode", "Full", "one of auto, full"},
        {"mode", "auto,full", "one of auto, full"},
        {"full_every", "8761", "a whole number from 0 to 8760"},
        {"full_every", "-1", "from 0 to 8760"},
        {"full_every", "+1", "from 0 to 8760"},
        {"full_every", "1.5", "from 0 to 8760"},
        {"full_every", "1e3", "from 0 to 8760"},
        {"full_every", "0x10", "from 0 to 8760"},
        {"full_every", "24h", "from 0 to 8760"},
        {"full_every", "1 000", "from 0 to 8760"},
        {"full_every", "18446744073709551617", "from 0 to 8760"},
        {"full_every", "9223372036854775808", "from 0 to 8760"},
        {"dry_run", "yes", "true or false"},
        {"dry_run", "1", "true or false"},
        {"dry_run", "tRUE", "true or false"},
        {"setup", "all", "one of none, required"},
        {"create_issues", "on", "true or false"},
        {"create_pages", "closed", "one of none, open, all"},
        {"pull_requests", "open", "one of none, linked, all"},
        {"link_comments", "open", "one of all, created, none"},
        {"on_conflict", "both", "one of github, notion, newest"},
        {"pull_request_done", "auto_merge", "one of merge, close, none"},
        {"merge_method", "fast-forward", "one of squash, merge, rebase"},
        {"on_page_deleted", "trash", "one of unlink, close"},
        {"on_issue_deleted", "close", "one of unlink, trash"},
        {"max_deletions", "1000001", "from 0 to 1000000"},
        {"max_runtime", "0", "from 1 to 350"},
        {"max_runtime", "351", "from 1 to 350"},
        {"notion_api_url", "http://api.notion.com", "an https URL"},
        {"notion_api_url", "api.notion.com", "an https URL"},
        {"log_level", "trace", "one of error, warning, info, debug"},
        {"notion_database", "Tasks", "32 hex digits"},
        {"notion_database", "2f1c8a3e0b4d4c5e9f60718293a4b5c", "32 hex digits"},
        {"repository", "hello", "owner/name"},
        {"repository", "octo/", "owner/name"},
        {"repository", "/hello", "owner/name"},
        {"repository", "octo/.", "owner/name"},
        {"repository", "octo/..", "owner/name"},
        {"repository", "octo/hello/world", "owner/name"},
        {"repository", "https://github.com/octo/hello", "owner/name"},
        {"repository", "octo.cat/hello", "owner/name"},
        {"repository", "octo/h\xc3\xa9llo", "owner/name"},
        {"repository", "octo/hello?x", "owner/name"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        char variable[64] = "INPUT_";
        struct reading reading;

        for (size_t j = 0; cases[i].variable[j] != '\0'; j++)
            variable[6 + j] =
                cases[i].variable[j] == '_' ? '_' : (char)(cases[i].variable[j] - 'a' + 'A');
        test_environment(state);
        reading = test_read_input(variable, cases[i].value);
        test_one_problem(&reading, cases[i].variable, cases[i].value, cases[i].allowed);
        test_release(&reading);
    }
}

/* The rules of git-check-ref-format(1), and at least refs/NAMESPACE/NAME. */
static void
test_bad_refs(void **state)
{
    static const char *const refs[] = {
        "main",        "refs",      "refs/",      "refs/x",      "refs/x/",       "refs//x",
        "refs/x//y",   "/refs/x/y", "refs/.x/y",  "refs/x/.y",   "refs/x/y.lock", "refs/x.lock/y",
        "refs/x/y..z", "refs/x/y.", "refs/x/y z", "refs/x/y~1",  "refs/x/y^",     "refs/x/y:z",
        "refs/x/y?",   "refs/x/y*", "refs/x/y[z", "refs/x/y\\z", "refs/x/y@{0}",  "heads/x/y",
        "Refs/x/y",    "refs/x/y/", "@",          "file:",       "FILE:/x",       "refs/x/.lock",
    };

    for (size_t i = 0; i < COUNT(refs); i++) {
        struct reading reading;

        test_environment(state);
        reading = test_read_input("INPUT_STATE_REF", refs[i]);
        test_one_problem(&reading, "state_ref", refs[i], "refs/NAMESPACE/NAME, or file:FOLDER");
        test_release(&reading);
    }
}

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
    static const char *const cures[] = {
        "INPUT_NOTION_TOKEN or NOTION_TOKEN", "INPUT_NOTION_DATABASE or give --notion-database",
        "INPUT_GITHUB_TOKEN or GITHUB_TOKEN", "INPUT_REPOSITORY or GITHUB_REPOSITORY"};

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
            assert_non_null(strstr(reading.problems[i].allowed, in_actions ? "with:" : cures[i]));
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
test_tokens_outside_actions(void **state)
{
    struct reading reading;

    (void)state;
    setenv("INPUT_NOTION_TOKEN", "", 1);
    unsetenv("INPUT_GITHUB_TOKEN");
    setenv("NOTION_TOKEN", "n1", 1);
    setenv("GITHUB_TOKEN", "g1", 1);
    reading = test_read_environment();
    assert_int_equal(reading.result, CONFIG_OK);
    assert_string_equal(reading.config.notion_token, "n1");
    assert_string_equal(reading.config.github_token, "g1");
    test_release(&reading);

    setenv("GITHUB_ACTIONS", "true", 1);
    reading = test_read_environment();
    assert_int_equal(reading.result, CONFIG_BAD);
    assert_int_equal(reading.n_problems, 2);
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
        test_one_problem(&reading, "mode", cases[i].given, "one of");
        test_release(&reading);
    }
}

static const char *
fingerprint_with(struct arena *arena, const char *variable, const char *value)
{
    struct reading reading;
    const char *fingerprint;

    test_environment(NULL);
    reading = test_read_input(variable, value);
    assert_int_equal(reading.result, CONFIG_OK);
    fingerprint = arena_strdup(arena, reading.config.fingerprint);
    test_release(&reading);
    return fingerprint;
}

static void
test_fingerprint(void **state)
{
    static const struct {
        const char *variable, *value;
        bool changes;
    } cases[] = {
        {"INPUT_NOTION_TOKEN", "other", false},
        {"INPUT_GITHUB_TOKEN", "other", false},
        {"INPUT_NOTION_DATABASE", "https://www.notion.so/T-" TEST_ID_BARE "?v=1", false},
        {"INPUT_NOTION_DATABASE", "ffffffffffffffffffffffffffffffff", true},
        {"INPUT_REPOSITORY", "octo/hello", false},
        {"INPUT_REPOSITORY", "octo/other", true},
        {"INPUT_REPOSITORY", "oct/ohello", true},
        {"INPUT_MODE", "full", false},
        {"INPUT_FULL_EVERY", "1", false},
        {"INPUT_DRY_RUN", "true", false},
        {"INPUT_LOG_LEVEL", "debug", false},
        {"INPUT_MAX_RUNTIME", "1", false},
        {"INPUT_MAX_DELETIONS", "1", false},
        {"INPUT_NOTION_API_URL", "http://localhost:1", false},
        {"INPUT_CREATE_ISSUES", "true", false},
        {"INPUT_CREATE_ISSUES", "false", true},
        {"INPUT_CREATE_PAGES", "open", false},
        {"INPUT_CREATE_PAGES", "all", true},
        {"INPUT_PULL_REQUESTS", "all", true},
        {"INPUT_PULL_REQUEST_DONE", "none", true},
        {"INPUT_LINK_COMMENTS", "none", true},
        {"INPUT_PROPERTY_MAP", "# a comment\nlabels = Labels", false},
        {"INPUT_PROPERTY_MAP", "labels = Tags", true},
        {"INPUT_PROPERTY_MAP", "labels =", true},
        {"INPUT_PROPERTY_MAP", "title = Name", true},
        {"INPUT_STATUS_MAP", "# a comment", false},
        {"INPUT_STATUS_MAP", "Done = closed", true},
    };
    struct arena *arena = arena_new();
    const char *before = fingerprint_with(arena, "INPUT_MODE", "auto");

    (void)state;
    assert_int_equal(strlen(before), 16);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *after = fingerprint_with(arena, cases[i].variable, cases[i].value);

        if ((strcmp(before, after) != 0) != cases[i].changes)
            fail_msg("%s=%s", cases[i].variable, cases[i].value);
    }
    assert_string_not_equal(fingerprint_with(arena, "INPUT_STATUS_MAP", "A = closed\nB = open"),
                            fingerprint_with(arena, "INPUT_STATUS_MAP", "B = open\nA = closed"));
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_defaults, test_environment),
        cmocka_unit_test_setup(test_environment_by_default, test_environment),
        cmocka_unit_test_setup(test_runner_environment, test_environment),
        cmocka_unit_test(test_runner_environment_refused),
        cmocka_unit_test(test_github_urls),
        cmocka_unit_test(test_good_numbers_and_words),
        cmocka_unit_test(test_good_texts),
        cmocka_unit_test(test_bad_words),
        cmocka_unit_test(test_bad_refs),
        cmocka_unit_test_setup(test_control_character_in_ref, test_environment),
        cmocka_unit_test(test_all_missing),
        cmocka_unit_test_setup(test_all_problems_at_once, test_environment),
        cmocka_unit_test_setup(test_tokens_outside_actions, test_environment),
        cmocka_unit_test(test_bad_tokens),
        cmocka_unit_test(test_secrets_are_not_shown),
        cmocka_unit_test(test_given_is_one_short_line),
        cmocka_unit_test(test_fingerprint),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
