#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/progress.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A task is a whole word of title or branch name, whatever its case. */
static void
test_tasks(void **state)
{
    static const struct {
        const char *text;
        int64_t tasks[3];
    } cases[] = {
        {"TASK-12", {12}},
        {"TASK-12: do it", {12}},
        {"task-12-fix", {12}},
        {"feature/Task-12_x", {12}},
        {"x TASK-1, TASK-22 and task-3.", {1, 22, 3}},
        {"(TASK-7)", {7}},
        {"do it \xe2\x80\x94 TASK-7\xe2\x80\xa6", {7}},
        {"\xe3\x80\x8cTASK-7\xe3\x80\x8d", {7}},
        {"TASK-TASK-9", {9}},
        {"TASK-123456789012345", {123456789012345}},
        {"", {0}},
        {"TASK", {0}},
        {"TASK-", {0}},
        {"TASK 12", {0}},
        {"TASK_12", {0}},
        {"TASK--12", {0}},
        {"TASK-012", {0}},
        {"TASK-0", {0}},
        {"TASK-12a", {0}},
        {"TASK-12\xc3\xa4", {0}},
        {"MYTASK-12", {0}},
        {"9TASK-12", {0}},
        {"\xc3\xa4TASK-12", {0}},
        {"TASK-1234567890123456", {0}},
        {"\xff\xfeTASK-5", {5}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *text = cases[i].text;

        for (size_t k = 0; k < 3; k++)
            if (k == 0 || cases[i].tasks[k - 1] != 0)
                assert_int_equal(task_next(&text, "TASK"), cases[i].tasks[k]);
    }
}

static void
test_named(void **state)
{
    const struct pull_facts pull = {.title = "Fix TASK-12", .head = "task-2-x"};

    (void)state;
    assert_true(task_is_named(&pull, "TASK", 12));
    assert_true(task_is_named(&pull, "Task", 2));
    assert_false(task_is_named(&pull, "TASK", 1));
    assert_false(task_is_named(&pull, "BUG", 12));
    assert_true(
        task_is_named(&(struct pull_facts){.title = "\xc3\x84-3", .head = ""}, "\xc3\xa4", 3));
}

static void
test_names(void **state)
{
    (void)state;
    for (enum stage stage = STAGE_NONE; stage < STAGE_COUNT; stage++)
        assert_int_equal(stage_by_name(stage_name(stage)), stage);
    assert_int_equal(stage_by_name("Draft"), STAGE_UNKNOWN);
    assert_int_equal(stage_by_name(""), STAGE_UNKNOWN);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tasks),
        cmocka_unit_test(test_named),
        cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
