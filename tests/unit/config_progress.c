#include "config_test.h"

static void
test_progress_map(void **state)
{
    struct reading reading = test_read_input("INPUT_PROGRESS_MAP", "draft = In progress # by hand\n"
                                                                   "\n"
                                                                   "open=In review\r\n"
                                                                   " approved = a = b\n"
                                                                   "merged = Done");
    const struct config *config = &reading.config;

    (void)state;
    assert_int_equal(reading.result, CONFIG_OK);
    assert_true(config->follows_progress);
    assert_false(config->task_ids);
    assert_string_equal(config->progress[STAGE_DRAFT], "In progress");
    assert_string_equal(config->progress[STAGE_OPEN], "In review");
    assert_null(config->progress[STAGE_CHANGES_REQUESTED]);
    assert_string_equal(config->progress[STAGE_APPROVED], "a = b");
    assert_string_equal(config->progress[STAGE_MERGED], "Done");
    assert_null(config->progress[STAGE_CLOSED]);
    test_release(&reading);
}

static void
test_progress_map_empty(void **state)
{
    struct reading reading = test_read_input("INPUT_PROGRESS_MAP", " \n# nothing\n");

    (void)state;
    assert_int_equal(reading.result, CONFIG_OK);
    assert_false(reading.config.follows_progress);
    test_release(&reading);
}

static void
test_refused(void **state)
{
#define STAGES "draft, open, changes_requested, approved, merged and closed"
    static const char stages[] = "with one of the stages " STAGES;
    static const char unknown[] = "no stage has this name. The stages are " STAGES ".";
    static const struct {
        const char *text, *given, *allowed;
    } cases[] = {
        {"draft", "draft", stages},
        {"draft =", "draft =", stages},
        {"= Done", "= Done", stages},
        {"Draft = Doing", "Draft = Doing", "Did you mean \"draft\"? The stages are " STAGES "."},
        {"reviewed = Doing", "reviewed = Doing", unknown},
        {"none = Doing", "none = Doing", unknown},
        {"Doing = draft", "Doing = draft", unknown},
        {"open = A\nopen = B", "open = B", "Use one line for a stage"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct reading reading;

        test_environment(state);
        reading = test_read_input("INPUT_PROGRESS_MAP", cases[i].text);
        test_one_problem(&reading, "progress_map", cases[i].given, cases[i].allowed);
        test_release(&reading);
    }
}

/* What other inputs say makes some of it impossible. */
static void
test_with_other_inputs(void **state)
{
    static const struct {
        const char *variable, *text, *map, *given, *allowed;
    } cases[] = {
        {"INPUT_STATUS_MAP", "Doing = closed", "open = Doing", "open = Doing",
         "only merged and closed may name a closed one"},
        {"INPUT_STATUS_MAP", "No = closed:not_planned", "draft = No", "draft = No",
         "this status is closed:not_planned"},
        {"INPUT_DIRECTIONS", "status = to_github", "draft = Doing", NULL, "status = to_github"},
        {"INPUT_PROPERTY_MAP", "status =", "merged = Done", NULL, "turns the status off"},
        {"INPUT_STATUS_MAP", "Doing = closed", "merged = Doing\nclosed = Doing", NULL, NULL},
        {"INPUT_STATUS_MAP", "Doing = open", "open = Doing", NULL, NULL},
        {"INPUT_DIRECTIONS", "status = to_notion", "draft = Doing", NULL, NULL},
        {"INPUT_DIRECTIONS", "status = to_github", "", NULL, NULL},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct reading reading;

        test_environment(state);
        setenv(cases[i].variable, cases[i].text, 1);
        reading = test_read_input("INPUT_PROGRESS_MAP", cases[i].map);
        if (cases[i].allowed != NULL)
            test_one_problem(&reading, "progress_map", cases[i].given, cases[i].allowed);
        else
            assert_int_equal(reading.result, CONFIG_OK);
        test_release(&reading);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_progress_map, test_environment),
        cmocka_unit_test_setup(test_progress_map_empty, test_environment),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_with_other_inputs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
