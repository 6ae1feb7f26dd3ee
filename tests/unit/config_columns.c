#include "config_test.h"
#include "model/label_group.h"
#include "model/status.h"

static const struct field_info *
column(const struct reading *reading, size_t i)
{
    return &reading->config.fields.items[FIELD_BUILTINS + i];
}

static void
test_fields(void **state)
{
    struct reading reading =
        test_read_input("INPUT_FIELDS", "# what we plan with\r\n"
                                        "Priority = label: priority/* # one of them\n"
                                        "  A = b=Label:area: *\n"
                                        "Blocked = label: blocked\n"
                                        "Estimate = issue field: Effort = 1\n"
                                        "Blocked by=blocked by\n");

    (void)state;
    assert_int_equal(reading.result, CONFIG_OK);
    assert_int_equal(reading.config.fields.n, FIELD_BUILTINS + 5);
    assert_string_equal(column(&reading, 0)->name, "Priority");
    assert_string_equal(column(&reading, 0)->key, "label: priority/*");
    assert_string_equal(column(&reading, 0)->group.before, "priority/");
    assert_string_equal(column(&reading, 0)->group.after, "");
    assert_string_equal(column(&reading, 1)->property, "A = b");
    assert_string_equal(column(&reading, 1)->group.before, "area: ");
    assert_string_equal(column(&reading, 2)->group.before, "blocked");
    assert_string_equal(column(&reading, 2)->types, "checkbox");
    assert_null(column(&reading, 2)->group.after);
    assert_int_equal(column(&reading, 3)->home, HOME_ISSUE_FIELD);
    assert_string_equal(column(&reading, 3)->parameter, "Effort = 1");
    assert_string_equal(column(&reading, 4)->name, "Blocked by");
    assert_string_equal(column(&reading, 4)->key, "blocked by");
    assert_int_equal(column(&reading, 4)->home, HOME_BLOCKED_BY);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(reading.config.directions[FIELD_BUILTINS + i], BOTH_WAYS);
        assert_true(reading.config.properties[FIELD_BUILTINS + i].given);
    }
    test_release(&reading);
}

static void
test_several_of_a_group(void **state)
{
    struct reading reading =
        test_read_input("INPUT_FIELDS", "Area = Labels : area/*\nPriority = label: priority/*");

    (void)state;
    assert_int_equal(reading.result, CONFIG_OK);
    assert_string_equal(column(&reading, 0)->key, "label: area/*");
    assert_int_equal(strncmp(column(&reading, 0)->types, "multi_select ", 13), 0);
    assert_int_equal(strncmp(column(&reading, 1)->types, "select ", 7), 0);
    test_release(&reading);
}

static void
test_fields_refused(void **state)
{
    static const struct {
        const char *text, *given, *allowed;
    } cases[] = {
        {"Priority", "Priority", "Column name = TARGET"},
        {"= label: a", "= label: a", "Column name = TARGET"},
        {"P = milestone", "P = milestone", "issue field: NAME"},
        {"P = label:", "P = label:", "TARGET is"},
        {"P = labels: blocked", "P = labels: blocked", "TARGET is"},
        {"P = label: *", "P = label: *", "TARGET is"},
        {"P = label: a/*/*", "P = label: a/*/*", "TARGET is"},
        {"P = issue field:", "P = issue field:", "issue field: NAME"},
        {"P = blocked by: me", "P = blocked by: me", "blocked by"},
        {"P = label: priority/", "P = label: priority/", "the beginning of a group"},
        {"P = label: priority:", "P = label: priority:", "the beginning of a group"},
        {"P = label: 12345678901234567890123456789012345678901234567890x",
         "P = label: 12345678901234567890123456789012345678901234567890x", "50 characters"},
        {"P = label: 1234567890123456789012345678901234567890123456789/*",
         "P = label: 1234567890123456789012345678901234567890123456789/*", "50 characters"},
        {"P = label: a/*\nP = label: b/*", "P = label: b/*", "has several lines"},
        {"P = label: prio/*\nQ = label: Prio/*", "Q = label: Prio/*",
         "Use labels that no other line has"},
        {"P = label: prio: *\nQ = label: prio:*", "Q = label: prio:*",
         "Use labels that no other line has"},
        {"P = label: area/*\nQ = label: area/ui/*", "Q = label: area/ui/*",
         "belongs to one column only"},
        {"P = label: area/*\nQ = label: AREA/ui", "Q = label: AREA/ui",
         "belongs to one column only"},
        {"P = label: blocked\nQ = label: Blocked", "Q = label: Blocked",
         "belongs to one column only"},
        {"P = label: *-a\nQ = label: x-*", "Q = label: x-*", "belongs to one column only"},
        {"P = issue field: E\nQ = issue field: e", "Q = issue field: e",
         "another line has this target"},
        {"P = blocked by\nQ = blocked by", "Q = blocked by", "another line has this target"},
        {"GitHub ID = label: a", "GitHub ID = label: a", "Use another column"},
        {"Labels = label: a/*", "Labels = label: a/*", "\"labels =\" in property_map"},
        {"Due = issue field: Target", "Due = issue field: Target", "the built-in field due"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct reading reading;

        test_environment(state);
        reading = test_read_input("INPUT_FIELDS", cases[i].text);
        test_one_problem(&reading, "fields", cases[i].given, cases[i].allowed);
        test_release(&reading);
    }
}

static void
test_all_bad_lines_are_told(void **state)
{
    struct reading reading = test_read_input("INPUT_FIELDS", "A = label: a/*\nB = b\nC = label: "
                                                             "a/b\nD = label: d");

    (void)state;
    assert_int_equal(reading.result, CONFIG_BAD);
    assert_int_equal(reading.n_problems, 2);
    test_release(&reading);
}

static void
test_property_of_a_field_that_is_off(void **state)
{
    struct reading reading;

    (void)state;
    setenv("INPUT_PROPERTY_MAP", "due =\nlabels = Tags", 1);
    reading =
        test_read_input("INPUT_FIELDS", "Due = issue field: Target date\nLabels = label: a/*");
    assert_int_equal(reading.result, CONFIG_OK);
    assert_int_equal(reading.config.fields.n, FIELD_BUILTINS + 2);
    test_release(&reading);
}

static void
test_property_map_of_columns(void **state)
{
    struct reading reading;

    setenv("INPUT_FIELDS", "Priority = label: p/*\nA = b = label: a/*\nC = issue field: C", 1);
    reading = test_read_input("INPUT_PROPERTY_MAP", "Priority =\nA = b = B\nlabels =");
    assert_int_equal(reading.result, CONFIG_OK);
    assert_true(reading.config.properties[FIELD_BUILTINS].off);
    assert_string_equal(reading.config.properties[FIELD_BUILTINS + 1].property, "B");
    assert_true(reading.config.properties[FIELD_BUILTINS + 1].given);
    assert_string_equal(reading.config.properties[FIELD_BUILTINS + 2].property, "C");
    assert_true(reading.config.properties[FIELD_BUILTINS + 2].given);
    test_release(&reading);
    reading = test_read_input("INPUT_PROPERTY_MAP", "priority =");
    test_one_problem(&reading, "property_map", "priority =", "Did you mean \"Priority\"");
    test_release(&reading);
    reading = test_read_input("INPUT_PROPERTY_MAP", "Priority = C");
    test_one_problem(&reading, "property_map", "Priority = C", "cannot share a column");
    test_release(&reading);
    test_environment(state);
    setenv("INPUT_FIELDS", "Labels = label: p/*", 1);
    setenv("INPUT_LABEL_IGNORE", "p/*", 1);
    reading = test_read_input("INPUT_PROPERTY_MAP", "Labels =");
    assert_int_equal(reading.result, CONFIG_OK);
    assert_false(reading.config.properties[FIELD_LABELS].off);
    test_release(&reading);
}

static void
test_directions_of_columns(void **state)
{
    struct reading reading;

    setenv("INPUT_FIELDS", "Priority = label: p/*\nA = b = label: a/*", 1);
    reading = test_read_input("INPUT_DIRECTIONS",
                              "Priority = to_notion\nA = b = to_github\nlabels = to_notion");
    assert_int_equal(reading.result, CONFIG_OK);
    assert_int_equal(reading.config.directions[FIELD_BUILTINS], TO_NOTION);
    assert_int_equal(reading.config.directions[FIELD_BUILTINS + 1], TO_GITHUB);
    assert_int_equal(reading.config.directions[FIELD_LABELS], TO_NOTION);
    test_release(&reading);
    test_environment(state);
    setenv("INPUT_FIELDS", "Priority = label: p/*", 1);
    reading = test_read_input("INPUT_DIRECTIONS", "priorty = to_notion");
    test_one_problem(&reading, "directions", "priorty = to_notion", "Priority");
    test_release(&reading);
    reading = test_read_input("INPUT_DIRECTIONS", "Priority = both\nPriority = to_notion");
    test_one_problem(&reading, "directions", "Priority = to_notion", "several lines");
    test_release(&reading);
}

static void
test_lanes(void **state)
{
    struct reading reading =
        test_read_input("INPUT_STATUS_MAP", "In progress = open + label: doing\n"
                                            "A = open = closed+label: x=open\n"
                                            "Waiting = open\n");
    const struct status_choice *statuses = reading.config.statuses;

    (void)state;
    assert_int_equal(reading.result, CONFIG_OK);
    assert_int_equal(reading.config.n_statuses, 3);
    assert_string_equal(statuses[0].option, "In progress");
    assert_string_equal(statuses[0].label, "doing");
    assert_string_equal(statuses[1].option, "A = open");
    assert_string_equal(statuses[1].state, STATUS_CLOSED);
    assert_string_equal(statuses[1].label, "x=open");
    assert_null(statuses[2].label);
    test_release(&reading);
}

static void
test_lanes_refused(void **state)
{
    static const struct {
        const char *text, *allowed;
    } cases[] = {
        {"A = open + doing", "open + label: doing"},
        {"A = open + label:", "open + label: doing"},
        {"A = open + label: lane/*", "open + label: doing"},
        {"A = open + issue field: x", "open + label: doing"},
        {"A = doing + label: doing", "open + label: doing"},
        {"A = open + label: area/ui", "belongs to the status only"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct reading reading;

        test_environment(state);
        setenv("INPUT_FIELDS", "Area = label: area/*", 1);
        reading = test_read_input("INPUT_STATUS_MAP", cases[i].text);
        test_one_problem(&reading, "status_map", cases[i].text, cases[i].allowed);
        test_release(&reading);
    }
}

static void
test_labels_of_groups(void **state)
{
    static const struct {
        const char *group, *label, *value; /* NULL: none of the group */
    } cases[] = {
        {"priority/*", "priority/high", "high"},
        {"priority/*", "Priority/ High ", "High"},
        {"priority/*", "priority/", NULL},
        {"priority/*", "priority/ ", NULL},
        {"priority/*", "priorit/high", NULL},
        {"prio: *", "prio:high", "high"},
        {"prio:*", "PRIO: very high", "very high"},
        {"*-size", "XL-Size", "XL"},
        {"*-size", "-size", NULL},
        {"s*", "size", "ize"},
        {"\xc3\x84/*", "\xc3\xa4/x", "x"},
        {"blocked", "Blocked", ""},
        {"blocked", "blocked!", NULL},
        {"is: bad", "is:bad", ""},
        {"a(*)", "a(b)", "b"},
        {"a(*)", "a(b", NULL},
    };
    struct arena *arena = arena_new();

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct label_group group;
        const char *value;

        assert_true(label_group_read(arena, cases[i].group, &group));
        value = label_group_value(arena, &group, cases[i].label);
        if ((value == NULL) != (cases[i].value == NULL))
            fail_msg("%s of %s: %s", cases[i].label, cases[i].group, value);
        if (value != NULL) {
            assert_string_equal(value, cases[i].value);
            assert_true(label_same(label_group_label(arena, &group, value), cases[i].label) ||
                        strchr(cases[i].label, ' ') != NULL);
        }
    }
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_fields, test_environment),
        cmocka_unit_test_setup(test_several_of_a_group, test_environment),
        cmocka_unit_test_setup(test_fields_refused, test_environment),
        cmocka_unit_test_setup(test_all_bad_lines_are_told, test_environment),
        cmocka_unit_test_setup(test_property_of_a_field_that_is_off, test_environment),
        cmocka_unit_test_setup(test_property_map_of_columns, test_environment),
        cmocka_unit_test_setup(test_directions_of_columns, test_environment),
        cmocka_unit_test_setup(test_lanes, test_environment),
        cmocka_unit_test_setup(test_lanes_refused, test_environment),
        cmocka_unit_test_setup(test_labels_of_groups, test_environment),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
