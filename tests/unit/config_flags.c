#include "config_test.h"

static void
test_forms_of_flags(void **state)
{
    struct reading reading =
        test_read("--dry-run", "--mode", "full", "--max_runtime=7", "--create-pages=all");

    (void)state;
    assert_int_equal(reading.result, CONFIG_OK);
    assert_true(reading.config.dry_run);
    assert_int_equal(reading.config.mode, MODE_FULL);
    assert_int_equal(reading.config.max_runtime, 7);
    assert_int_equal(reading.config.create_pages, CREATE_PAGES_ALL);
    test_release(&reading);

    reading = test_read("--dry_run", "--create_issues=false", "--full-every", "0", NULL);
    assert_int_equal(reading.result, CONFIG_OK);
    assert_true(reading.config.dry_run);
    assert_int_equal(reading.config.create_issues, CREATE_ISSUES_NONE);
    assert_int_equal(reading.config.full_every, 0);
    test_release(&reading);
}

static void
test_flag_wins(void **state)
{
    struct reading reading;

    (void)state;
    setenv("INPUT_MODE", "neither", 1);
    setenv("INPUT_DRY_RUN", "true", 1);
    setenv("INPUT_MAX_RUNTIME", "5", 1);
    reading = test_read("--mode= full ", "--dry-run=false", "--max-runtime=", NULL, NULL);
    assert_int_equal(reading.result, CONFIG_OK);
    assert_int_equal(reading.config.mode, MODE_FULL);
    assert_false(reading.config.dry_run);
    assert_int_equal(reading.config.max_runtime, 5);
    test_release(&reading);
}

static void
test_last_flag_wins(void **state)
{
    struct reading reading = test_read("--mode=x", "--mode=full", NULL, NULL, NULL);

    (void)state;
    assert_int_equal(reading.result, CONFIG_OK);
    assert_int_equal(reading.config.mode, MODE_FULL);
    test_release(&reading);
}

/* A command may be anywhere; --json, --yes and --columns are no inputs of the action. */
static void
test_commands(void **state)
{
    static const struct {
        const char *flags[3];
        bool check, cleanup;
    } cases[] = {
        {{"run"}, false, false},
        {{"check"}, true, false},
        {{"--mode", "full", "check"}, true, false},
        {{"cleanup", "--mode", "check"}, false, true},
        {{"--dry-run", "cleanup"}, false, true},
        {{"--cleanup"}, false, true},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct reading reading;

        test_environment(state);
        setenv("INPUT_YES", "true", 1);
        reading = test_read(cases[i].flags[0], cases[i].flags[1], cases[i].flags[2], NULL, NULL);
        if (i != 3)
            assert_int_equal(reading.result, CONFIG_OK);
        assert_int_equal(reading.config.check, cases[i].check);
        assert_int_equal(reading.config.cleanup, cases[i].cleanup);
        assert_false(reading.config.yes);
        test_release(&reading);
    }
}

static void
test_repeated_lists(void **state)
{
    struct reading reading = test_read("--status-map", "Done = closed", "--issue-labels=a # b",
                                       "--status-map=To do = open", "--issue_labels=c");

    (void)state;
    assert_int_equal(reading.result, CONFIG_OK);
    assert_int_equal(reading.config.n_statuses, 2);
    assert_string_equal(reading.config.statuses[1].option, "To do");
    assert_int_equal(reading.config.n_issue_labels, 2);
    assert_string_equal(reading.config.issue_labels[1], "c");
    test_release(&reading);
}

static void
test_list_as_flag(void **state)
{
    struct reading reading =
        test_read("--status-map", "Done = closed\nTo do = open", NULL, NULL, NULL);

    (void)state;
    assert_int_equal(reading.result, CONFIG_OK);
    assert_int_equal(reading.config.n_statuses, 2);
    test_release(&reading);
}

static void
test_bad_flags(void **state)
{
    static const struct {
        const char *flags[2];
        const char *input, *given, *allowed;
    } cases[] = {
        {{"--mood=full"}, "--mood", NULL, "unknown flag. Did you mean \"--mode\"?"},
        {{"--mod=full"}, "--mod", NULL, "unknown flag. Did you mean \"--mode\"?"},
        {{"--dry"}, "--dry", NULL, "unknown flag. Did you mean \"--dry-run\"?"},
        {{"--dryrun"}, "--dryrun", NULL, "unknown flag. Did you mean \"--dry-run\"?"},
        {{"--hel"}, "--hel", NULL, "unknown flag. Did you mean \"--help\"?"},
        {{"--help=mode"}, "--help", NULL, "--help"},
        {{"-x"}, "-x", NULL, "unknown flag. \"notion-sync --help\" lists all flags."},
        {{"-xyz"}, "-xyz", NULL, "--help"},
        {{"-mode=full"}, "-mode", NULL, "Did you mean \"--mode\"?"},
        {{"--\x1b[2J"}, "--\xef\xbf\xbd[2J", NULL, "--help"},
        {{"stray"}, "argument 1", NULL, "neither a command nor a flag. Use \"run\""},
        {{"chekc"}, "argument 1", NULL, "Did you mean \"check\"?"},
        {{""}, "argument 1", NULL, "neither a command nor a flag"},
        {{"-"}, "argument 1", NULL, "neither a command nor a flag"},
        {{"check", "cleanup"}, "cleanup", NULL, "\"check\" was given already"},
        {{"--dry-run", "false"}, "argument 2", NULL, "Use --dry-run=true or --dry-run=false."},
        {{"--", "--mode"}, "argument 1", NULL, "neither a command nor a flag"},
        {{"--mode"}, "mode", NULL, "Use --mode VALUE."},
        {{"--max_runtime"}, "max_runtime", NULL, "Use --max-runtime VALUE."},
        {{"--mode", "--help"}, "mode", "--help", "Use \"auto\" or \"full\"."},
        {{"--notion-token=hidden"}, "notion_token", NULL, "INPUT_NOTION_TOKEN"},
        {{"--notion_token", "hidden"}, "notion_token", NULL, "INPUT_NOTION_TOKEN"},
        {{"--github-token"}, "github_token", NULL, "INPUT_GITHUB_TOKEN"},
        {{"--github_token=hidden"}, "github_token", NULL, "INPUT_GITHUB_TOKEN"},
        {{"--notion-tokn", "hidden"}, "--notion-tokn", NULL, "Did you mean \"--notion-token\"?"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct reading reading;

        test_environment(state);
        reading = test_read(cases[i].flags[0], cases[i].flags[1], NULL, NULL, NULL);
        test_one_problem(&reading, cases[i].input, cases[i].given, cases[i].allowed);
        test_nothing_shows(&reading, "hidden");
        test_release(&reading);
    }
}

/* A token given as a flag is not taken. */
static void
test_token_flag_is_not_taken(void **state)
{
    struct reading reading;

    (void)state;
    unsetenv("INPUT_NOTION_TOKEN");
    reading = test_read("--notion-token=hidden", NULL, NULL, NULL, NULL);
    assert_int_equal(reading.n_problems, 1);
    assert_null(reading.config.notion_token);
    test_nothing_shows(&reading, "hidden");
    test_release(&reading);
}

static void
test_flag_problems_with_the_others(void **state)
{
    static const char *const inputs[] = {"--nonsense", "argument 2", "mode", "max_runtime"};
    struct reading reading;

    (void)state;
    setenv("INPUT_MAX_RUNTIME", "0", 1);
    reading = test_read("--nonsense=1", "stray", "--mode=x", NULL, NULL);
    assert_int_equal(reading.result, CONFIG_BAD);
    assert_int_equal(reading.n_problems, COUNT(inputs));
    for (size_t i = 0; i < COUNT(inputs); i++)
        assert_string_equal(reading.problems[i].input, inputs[i]);
    test_release(&reading);
}

static void
test_help_and_version(void **state)
{
    static const struct {
        const char *flags[3];
        enum config_result result;
    } cases[] = {
        {{"--help"}, CONFIG_HELP},
        {{"--version"}, CONFIG_VERSION},
        {{"--help", "--version"}, CONFIG_HELP},
        {{"--version", "--help"}, CONFIG_VERSION},
        {{"--nonsense", "--mode=x", "--help"}, CONFIG_HELP},
        {{"-h"}, CONFIG_HELP},
        {{"help"}, CONFIG_HELP},
        {{"--mode=x", "help"}, CONFIG_HELP},
        {{"-V"}, CONFIG_VERSION},
    };

    (void)state;
    clearenv();
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct reading reading =
            test_read(cases[i].flags[0], cases[i].flags[1], cases[i].flags[2], NULL, NULL);

        assert_int_equal(reading.result, cases[i].result);
        test_release(&reading);
    }
}

static void
test_help_lists_inputs(void **state)
{
    static const char *const lines[] = {
        "notion_token (required)",
        "notion_database (required)",
        "github_token (default: ${{ github.token }})",
        "repository (default: GITHUB_REPOSITORY)",
        "mode (default: auto)",
        "full_every (default: 24)",
        "dry_run (default: false)",
        "check (default: false)",
        "setup (default: required)",
        "create_issues (default: open)",
        "create_pages (default: open)",
        "pull_requests (default: linked)",
        "notion_filter (default: empty)",
        "issue_labels (default: empty)",
        "issue_filter (default: empty)",
        "label_ignore (default: empty)",
        "new_issue_labels (default: empty)",
        "new_issue_type (default: empty)",
        "publish (default: false)",
        "property_map (default: empty)",
        "fields (default: empty)",
        "create_milestones (default: false)",
        "directions (default: empty)",
        "status_map (default: empty)",
        "progress_map (default: empty)",
        "task_ids (default: false)",
        "people_map (default: empty)",
        "people_database (default: empty)",
        "link_comments (default: all)",
        "sync_body (default: both)",
        "sync_comments (default: none)",
        "comment_marker (default: empty)",
        "on_conflict (default: github)",
        "pull_request_done (default: merge)",
        "merge_method (default: squash)",
        "on_page_deleted (default: unlink)",
        "on_issue_deleted (default: unlink)",
        "max_deletions (default: 20)",
        "max_changes (default: 0)",
        "max_runtime (default: 30)",
        "state_ref (default: refs/notion-sync/<id>)",
        "notion_api_url (default: https://api.notion.com)",
        "log_level (default: info)",
    };
    struct arena *arena = arena_new();
    char *help = config_help(arena);
    size_t found = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(lines); i++) {
        const char *start = arena_printf(arena, "\n  %s ", lines[i]);
        const char *line = strstr(help, start);

        if (line == NULL)
            fail_msg("--help lacks \"%s\"", lines[i]);
        line += strlen(start) + strspn(line + strlen(start), " ");
        assert_int_not_equal(*line, '\n');
    }
    for (const char *at = help; (at = strchr(at, '\n')) != NULL; at++)
        assert_true(strcspn(at + 1, "\n") <= 80);
    for (const char *at = help; (at = strstr(at, "\n  ")) != NULL; at++)
        found += strncmp(at + 3 + strcspn(at + 3, " \n"), " (", 2) == 0;
    assert_int_equal(found, COUNT(lines));
    assert_non_null(strstr(help, "--dry-run"));
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_forms_of_flags, test_environment),
        cmocka_unit_test_setup(test_flag_wins, test_environment),
        cmocka_unit_test_setup(test_last_flag_wins, test_environment),
        cmocka_unit_test_setup(test_list_as_flag, test_environment),
        cmocka_unit_test(test_commands),
        cmocka_unit_test_setup(test_repeated_lists, test_environment),
        cmocka_unit_test(test_bad_flags),
        cmocka_unit_test_setup(test_token_flag_is_not_taken, test_environment),
        cmocka_unit_test_setup(test_flag_problems_with_the_others, test_environment),
        cmocka_unit_test(test_help_and_version),
        cmocka_unit_test(test_help_lists_inputs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
