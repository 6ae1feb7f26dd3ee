#include "report_fixture.h"

#include "model/status.h"

static void
outputs_are_exact(void **state)
{
    struct fixture *f = *state;
    struct item *item = fixture_item(f, ROW_E1_NEW_ISSUE, 0, "new");
    struct result *result = fixture_result(f, item, DONE_OK);

    result->created_issue = result->updated_issue = result->updated_page = true;
    result->comments = 2;
    result = fixture_result(f, fixture_item(f, ROW_E3_NEW_PAGE, 3, "three"), DONE_OK);
    result->created_page = result->updated_page = true;
    fixture_result(f, fixture_item(f, ROW_LINKED, 4, "four"), DONE_FAILED);
    fixture_result(f, fixture_item(f, ROW_LINKED, 5, "five"), DONE_REMAINING);
    result = fixture_result(f, fixture_item(f, ROW_LINKED, 6, "six"), DONE_OK);
    result->merged = true;
    for (enum field field = FIELD_TITLE; field <= FIELD_LABELS; field++)
        ((struct item *)result->item)->fields[field].conflict = true;
    assert_string_equal(report_outputs(f->arena, &f->report, "/tmp/r.json"),
                        "issues_created=1\nissues_updated=0\nissues_closed=0\n"
                        "issues_reopened=0\npull_requests_merged=1\npages_created=1\n"
                        "pages_updated=1\ncomments_created=2\nconflicts=3\nfailures=1\n"
                        "remaining=1\nchanged=true\nreport=/tmp/r.json\n");
}

static void
outputs_refuse_line_breaks(void **state)
{
    struct fixture *f = *state;
    const char *const paths[] = {NULL, "/tmp/a\nevil=1", "/tmp/a\r", "/tmp/\x7f"};

    for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
        const char *text = report_outputs(f->arena, &f->report, paths[i]);

        assert_non_null(strstr(text, "\nreport=\n"));
        assert_null(strstr(text, "evil"));
    }
}

struct write_case {
    const char *status[2], *title[2]; /* on GitHub: before and after */
    size_t closed, reopened, updated;
};

static const struct write_case write_cases[] = {
    {{STATUS_OPEN, STATUS_CLOSED}, {"a", "a"}, 1, 0, 0},
    {{STATUS_OPEN, STATUS_NOT_PLANNED}, {"a", "b"}, 1, 0, 1},
    {{STATUS_CLOSED, STATUS_OPEN}, {"a", "a"}, 0, 1, 0},
    {{STATUS_CLOSED, STATUS_OPEN}, {"a", "b"}, 0, 1, 1},
    {{STATUS_OPEN, STATUS_OPEN}, {"a", "b"}, 0, 0, 1},
};

static void
check_write(struct fixture *f, const struct write_case *wanted)
{
    struct report_counts counts = report_count(&f->report);

    assert_int_equal(counts.issues_closed, wanted->closed);
    assert_int_equal(counts.issues_reopened, wanted->reopened);
    assert_int_equal(counts.issues_updated, wanted->updated);
    f->report.results.len = 0;
}

static struct item *
item_of_case(struct fixture *f, const struct write_case *wanted)
{
    struct item *item = fixture_item(f, ROW_LINKED, 7, "seven");

    fixture_ends(f, item, false);
    fixture_field(item, FIELD_STATUS, ROW_F3_TO_GITHUB, PAIR(wanted->status[0], "x"),
                  PAIR(wanted->status[1], "x"));
    fixture_field(item, FIELD_TITLE, ROW_F3_TO_GITHUB, PAIR(wanted->title[0], "x"),
                  PAIR(wanted->title[1], "x"));
    fixture_action(item, ACTION_WRITE_ISSUE);
    return item;
}

static void
writes_count_alike_planned_and_performed(void **state)
{
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(write_cases) / sizeof(*write_cases); i++) {
        const struct write_case *wanted = &write_cases[i];
        struct item *item = item_of_case(f, wanted);
        struct result *result = fixture_result(f, item, DONE_OK);

        result->updated_issue = true;
        result->closed = wanted->closed > 0;
        result->reopened = wanted->reopened > 0;
        assert_true(report_count(&f->report).changed);
        check_write(f, wanted);

        fixture_result(f, item, DONE_PLANNED);
        assert_false(report_count(&f->report).changed);
        assert_int_equal(report_count(&f->report).planned, 1);
        check_write(f, wanted);
    }
}

static void
plans_count_their_actions(void **state)
{
    struct fixture *f = *state;
    struct item *item = fixture_item(f, ROW_E1_NEW_ISSUE, 0, "new");
    struct report_counts counts;

    item->fields[FIELD_STATUS].write[SIDE_GITHUB] = true;
    item->fields[FIELD_STATUS].value[SIDE_GITHUB] = value_text(STATUS_CLOSED);
    fixture_action(item, ACTION_CREATE_ISSUE);
    fixture_action(item, ACTION_WRITE_ISSUE);
    fixture_action(item, ACTION_WRITE_PAGE);
    fixture_action(item, ACTION_COMMENT);
    fixture_result(f, item, DONE_PLANNED);
    item = fixture_item(f, ROW_E8_PAGE_GONE, 8, "page gone");
    item->fields[FIELD_STATUS].write[SIDE_GITHUB] = true;
    item->fields[FIELD_STATUS].value[SIDE_GITHUB] = value_text(STATUS_NOT_PLANNED);
    fixture_action(item, ACTION_WRITE_ISSUE);
    fixture_action(item, ACTION_COMMENT);
    fixture_result(f, item, DONE_PLANNED);
    item = fixture_item(f, ROW_E9_ISSUE_GONE, 9, "issue gone");
    fixture_action(item, ACTION_TRASH_PAGE);
    fixture_result(f, item, DONE_PLANNED);
    item = fixture_item(f, ROW_LINKED, 10, "pull request");
    fixture_ends(f, item, true);
    fixture_field(item, FIELD_STATUS, ROW_F3_TO_GITHUB, PAIR(STATUS_OPEN, "Done"),
                  PAIR(STATUS_CLOSED, "Done"));
    fixture_field(item, FIELD_TITLE, ROW_F3_TO_GITHUB, PAIR("old", "new"), PAIR("new", "new"));
    item->fields[FIELD_LABELS].conflict = true;
    fixture_action(item, ACTION_WRITE_ISSUE);
    fixture_action(item, ACTION_MERGE_PULL);
    fixture_result(f, item, DONE_PLANNED);
    fixture_result(f, fixture_item(f, ROW_E5_NO_ISSUE, 11, "only a note"), DONE_PLANNED);

    counts = report_count(&f->report);
    assert_int_equal(counts.issues_created, 1);
    assert_int_equal(counts.pages_updated, 1);
    assert_int_equal(counts.comments_created, 2);
    assert_int_equal(counts.issues_closed, 1);
    assert_int_equal(counts.issues_updated, 1);
    assert_int_equal(counts.pages_trashed, 1);
    assert_int_equal(counts.pull_requests_merged, 1);
    assert_int_equal(counts.conflicts, 1);
    assert_int_equal(counts.planned, 4);
    assert_false(counts.changed);
}

static void
an_ended_pass_is_a_failure(void **state)
{
    struct fixture *f = *state;

    fixture_result(f, fixture_item(f, ROW_LINKED, 1, "one"), DONE_FAILED);
    f->report.err.kind = ERR_ACCESS;
    assert_int_equal(report_count(&f->report).failures, 2);
    f->report.err.kind = ERR_STOPPED;
    assert_int_equal(report_count(&f->report).failures, 1);
    f->report.results.len = 0;
    assert_int_equal(report_count(&f->report).failures, 1);
    assert_false(report_count(&f->report).changed);
}

static void
what_was_done_before_a_failure_counts(void **state)
{
    struct fixture *f = *state;
    struct result *result =
        fixture_result(f, fixture_item(f, ROW_E1_NEW_ISSUE, 0, "one"), DONE_FAILED);

    result->created_issue = true;
    assert_int_equal(report_count(&f->report).issues_created, 1);
    assert_int_equal(report_count(&f->report).failures, 1);
    assert_true(report_count(&f->report).changed);
}

static void
linking_alone_changes_nothing(void **state)
{
    struct fixture *f = *state;

    fixture_result(f, fixture_item(f, ROW_E4_ADOPT, 4, "linked by a person"), DONE_OK);
    assert_false(report_count(&f->report).changed);
}

static void
conflicts_of_failed_items_count(void **state)
{
    static const size_t wanted[] = {
        [DONE_PLANNED] = 1, [DONE_OK] = 1, [DONE_FAILED] = 1, [DONE_REMAINING] = 0};
    struct fixture *f = *state;
    struct item *item = fixture_item(f, ROW_LINKED, 4, "four");

    item->fields[FIELD_TITLE].conflict = true;
    for (enum done done = DONE_PLANNED; done <= DONE_REMAINING; done++) {
        fixture_result(f, item, done);
        assert_int_equal(report_count(&f->report).conflicts, wanted[done]);
        f->report.results.len = 0;
    }
}

static void
any_write_to_an_issue_updates_it(void **state)
{
    struct fixture *f = *state;

    fixture_result(f, fixture_item(f, ROW_LINKED, 4, "four"), DONE_OK)->updated_issue = true;
    assert_int_equal(report_count(&f->report).issues_updated, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(outputs_are_exact, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(outputs_refuse_line_breaks, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(writes_count_alike_planned_and_performed, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(plans_count_their_actions, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(an_ended_pass_is_a_failure, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(linking_alone_changes_nothing, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(conflicts_of_failed_items_count, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(any_write_to_an_issue_updates_it, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(what_was_done_before_a_failure_counts, fixture_setup,
                                        fixture_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
