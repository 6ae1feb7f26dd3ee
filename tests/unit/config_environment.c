#include "config_test.h"

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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_environment_by_default, test_environment),
        cmocka_unit_test_setup(test_runner_environment, test_environment),
        cmocka_unit_test(test_runner_environment_refused),
        cmocka_unit_test(test_github_urls),
        cmocka_unit_test_setup(test_tokens_outside_actions, test_environment),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
