#include "config_test.h"

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
        {"INPUT_CREATE_ISSUES", "open", false},
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
        {"INPUT_DIRECTIONS", "labels = to_notion", true},
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
        cmocka_unit_test(test_fingerprint),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
