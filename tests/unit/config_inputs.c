#include "config_test.h"

/* Where an input's value is seen, as a number. */
#define NUMBER(member) offsetof(struct config, member), sizeof(((struct config *)0)->member)

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
    assert_int_equal(config->create_issues, CREATE_ISSUES_OPEN);
    assert_int_equal(config->create_pages, CREATE_PAGES_OPEN);
    assert_int_equal(config->pull_requests, PULLS_LINKED);
    assert_int_equal(config->n_statuses, 0);
    assert_int_equal(config->link_comments, LINK_COMMENTS_ALL);
    assert_int_equal(config->sync_comments, SYNC_COMMENTS_NONE);
    assert_int_equal(config->on_conflict, POLICY_GITHUB);
    assert_int_equal(config->pull_request_done, PULL_DONE_MERGE);
    assert_int_equal(config->merge_method, MERGE_SQUASH);
    assert_int_equal(config->on_page_deleted, PAGE_DELETED_UNLINK);
    assert_int_equal(config->on_issue_deleted, ISSUE_DELETED_UNLINK);
    assert_int_equal(config->max_deletions, 20);
    assert_int_equal(config->max_changes, 0);
    assert_int_equal(config->max_runtime, 30);
    assert_string_equal(config->state_ref, "refs/notion-sync/" TEST_ID_BARE);
    assert_null(config->state_folder);
    assert_string_equal(config->notion_api_url, "https://api.notion.com");
    assert_int_equal(config->log_level, LOG_INFO);
    test_release(&reading);
}

static const struct {
    const char *variable, *value;
    size_t at, size;
    int64_t expected;
} numbers_and_words[] = {
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
    {"INPUT_CREATE_ISSUES", "open", NUMBER(create_issues), CREATE_ISSUES_OPEN},
    {"INPUT_CREATE_ISSUES", "all", NUMBER(create_issues), CREATE_ISSUES_ALL},
    {"INPUT_CREATE_ISSUES", "none", NUMBER(create_issues), CREATE_ISSUES_NONE},
    {"INPUT_CREATE_ISSUES", "true", NUMBER(create_issues), CREATE_ISSUES_ALL},
    {"INPUT_CREATE_ISSUES", "False", NUMBER(create_issues), CREATE_ISSUES_NONE},
    {"INPUT_CREATE_ISSUES", "FALSE", NUMBER(create_issues), CREATE_ISSUES_NONE},
    {"INPUT_SETUP", "none", NUMBER(setup), SETUP_NONE},
    {"INPUT_CREATE_PAGES", "none", NUMBER(create_pages), CREATE_PAGES_NONE},
    {"INPUT_CREATE_PAGES", "all", NUMBER(create_pages), CREATE_PAGES_ALL},
    {"INPUT_PULL_REQUESTS", "none", NUMBER(pull_requests), PULLS_NONE},
    {"INPUT_PULL_REQUESTS", "all", NUMBER(pull_requests), PULLS_ALL},
    {"INPUT_LINK_COMMENTS", "created", NUMBER(link_comments), LINK_COMMENTS_CREATED},
    {"INPUT_LINK_COMMENTS", "none", NUMBER(link_comments), LINK_COMMENTS_NONE},
    {"INPUT_SYNC_COMMENTS", "to_notion", NUMBER(sync_comments), SYNC_COMMENTS_TO_NOTION},
    {"INPUT_SYNC_COMMENTS", "both", NUMBER(sync_comments), SYNC_COMMENTS_BOTH},
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
    {"INPUT_MAX_CHANGES", "50", NUMBER(max_changes), 50},
    {"INPUT_MAX_RUNTIME", "1", NUMBER(max_runtime), 1},
    {"INPUT_MAX_RUNTIME", "350", NUMBER(max_runtime), 350},
    {"INPUT_LOG_LEVEL", "error", NUMBER(log_level), LOG_ERROR},
    {"INPUT_LOG_LEVEL", "warning", NUMBER(log_level), LOG_WARNING},
    {"INPUT_LOG_LEVEL", "debug", NUMBER(log_level), LOG_DEBUG},
};

static void
test_good_numbers_and_words(void **state)
{
    for (size_t i = 0; i < COUNT(numbers_and_words); i++) {
        struct reading reading;
        int64_t seen = 0;
        int32_t word;
        const char *member;

        test_environment(state);
        reading = test_read_input(numbers_and_words[i].variable, numbers_and_words[i].value);
        assert_int_equal(reading.result, CONFIG_OK);
        member = (const char *)&reading.config + numbers_and_words[i].at;
        if (numbers_and_words[i].size == sizeof(seen)) {
            memcpy(&seen, member, sizeof(seen));
        } else if (numbers_and_words[i].size == sizeof(word)) {
            memcpy(&word, member, sizeof(word));
            seen = word;
        } else {
            seen = *member;
        }
        if (seen != numbers_and_words[i].expected)
            fail_msg("%s=%s: %d", numbers_and_words[i].variable, numbers_and_words[i].value,
                     (int)seen);
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
        {"mode", "Full", "Use \"auto\" or \"full\"."},
        {"mode", "auto,full", "Use \"auto\" or \"full\"."},
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
        {"dry_run", "yes", "Use \"true\" or \"false\"."},
        {"dry_run", "1", "Use \"true\" or \"false\"."},
        {"dry_run", "tRUE", "Use \"true\" or \"false\"."},
        {"setup", "everything", "Use \"none\", \"required\" or \"all\"."},
        {"create_issues", "on", "Use \"open\", \"all\" or \"none\"."},
        {"create_pages", "closed", "Use \"none\", \"open\" or \"all\"."},
        {"pull_requests", "open", "Use \"none\", \"linked\" or \"all\"."},
        {"link_comments", "open", "Use \"all\", \"created\" or \"none\"."},
        {"sync_comments", "to_github", "Use \"none\", \"to_notion\" or \"both\"."},
        {"on_conflict", "both", "Use \"github\", \"notion\" or \"newest\"."},
        {"pull_request_done", "rebase", "Use \"merge\", \"auto_merge\", \"close\" or \"none\"."},
        {"merge_method", "fast-forward", "Use \"squash\", \"merge\" or \"rebase\"."},
        {"on_page_deleted", "trash", "Use \"unlink\" or \"close\"."},
        {"on_issue_deleted", "close", "Use \"unlink\" or \"trash\"."},
        {"max_deletions", "1000001", "from 0 to 1000000"},
        {"max_changes", "-1", "from 0 to 1000000"},
        {"max_runtime", "0", "from 1 to 350"},
        {"max_runtime", "351", "from 1 to 350"},
        {"notion_filter", "{", "a JSON object"},
        {"notion_filter", "[]", "a JSON object"},
        {"notion_filter", "Status is Done", "a JSON object"},
        {"notion_api_url", "http://api.notion.com", "an https URL"},
        {"notion_api_url", "api.notion.com", "an https URL"},
        {"log_level", "trace", "Use \"error\", \"warning\", \"info\" or \"debug\"."},
        {"notion_database", "Tasks", "32 hex digits"},
        {"notion_database", "2f1c8a3e0b4d4c5e9f60718293a4b5c", "32 hex digits"},
        {"repository", "hello", "owner/name"},
        {"repository", "octo/", "owner/name"},
        {"repository", "/hello", "owner/name"},
        {"repository", "octo/.", "owner/name"},
        {"repository", "octo/..", "owner/name"},
        {"repository", "octo/hello/world", "owner/name"},
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_defaults, test_environment),
        cmocka_unit_test(test_good_numbers_and_words),
        cmocka_unit_test(test_good_texts),
        cmocka_unit_test(test_bad_words),
        cmocka_unit_test(test_bad_refs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
