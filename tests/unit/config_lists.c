#include "config_test.h"
#include "fields_test.h"
#include "model/status.h"

static void
assert_property(const struct config *config, enum field field, const char *property)
{
    const struct property_choice *choice = &config->properties[field];

    assert_false(choice->off);
    assert_true(choice->given);
    assert_string_equal(choice->property, property);
}

static void
test_properties_by_default(void **state)
{
    struct reading reading = test_read_environment();

    (void)state;
    assert_int_equal(reading.result, CONFIG_OK);
    for (enum field f = 0; f < FIELD_BUILTINS; f++) {
        const struct property_choice *choice = &reading.config.properties[f];

        assert_false(choice->given);
        assert_false(choice->off);
        assert_ptr_equal(choice->property, all_fields()->items[f].property);
    }
    test_release(&reading);
}

static void
test_property_map(void **state)
{
    struct reading reading = test_read_input("INPUT_PROPERTY_MAP", "# what we call things\r\n"
                                                                   "\n"
                                                                   "  title = Aufgabe # the title\n"
                                                                   "status=Stand = jetzt\n"
                                                                   "\tlabels =  C# \xc3\xa4 \t\r\n"
                                                                   "state =\n"
                                                                   "url = # nothing\n");
    const struct config *config = &reading.config;

    (void)state;
    assert_int_equal(reading.result, CONFIG_OK);
    assert_property(config, FIELD_TITLE, "Aufgabe");
    assert_property(config, FIELD_STATUS, "Stand = jetzt");
    assert_property(config, FIELD_LABELS, "C# \xc3\xa4");
    assert_true(config->properties[FIELD_STATE].off);
    assert_false(config->properties[FIELD_STATE].given);
    assert_true(config->properties[FIELD_URL].off);
    assert_false(config->properties[FIELD_TYPE].given);
    assert_string_equal(config->properties[FIELD_TYPE].property, "Type");
    test_release(&reading);
}

/* Two fields may change places, and a field may take the property of one that is off. */
static void
test_properties_change_places(void **state)
{
    struct reading reading = test_read_input("INPUT_PROPERTY_MAP",
                                             "status = Type\ntype = Status\nurl = Labels\nlabels=");

    (void)state;
    assert_int_equal(reading.result, CONFIG_OK);
    assert_property(&reading.config, FIELD_STATUS, "Type");
    assert_property(&reading.config, FIELD_TYPE, "Status");
    assert_property(&reading.config, FIELD_URL, "Labels");
    test_release(&reading);
}

static void
test_property_map_refused(void **state)
{
    static const struct {
        const char *text, *given, *allowed;
    } cases[] = {
        {"status", "status", "field = Column name"},
        {"= Status", "= Status", "no field has this name. The fields are title"},
        {"stats = Status # typo", "stats = Status",
         "Did you mean \"status\"? The fields are title, status, labels"},
        {"Status = Status", "Status = Status", "Did you mean \"status\"?"},
        {"labels = A\nlabels = B", "labels = B", "labels has several"},
        {"labels =\nlabels = B", "labels = B", "labels has several"},
        {"labels = A\ntype = A", "type = A", "labels and type cannot share"},
        {"state = Status", "state = Status", "status and state cannot share"},
        {"status = GitHub State", "status = GitHub State", "status and state cannot share"},
        {"title = Labels", "title = Labels", "title and labels cannot share"},
        {"labels = GitHub ID", "labels = GitHub ID", "another column"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct reading reading;

        test_environment(state);
        reading = test_read_input("INPUT_PROPERTY_MAP", cases[i].text);
        test_one_problem(&reading, "property_map", cases[i].given, cases[i].allowed);
        test_release(&reading);
    }
}

static void
test_directions(void **state)
{
    struct reading reading =
        test_read_input("INPUT_DIRECTIONS", "# who says what\r\n"
                                            "labels = to_notion # GitHub does\n"
                                            " milestone=to_github\n"
                                            "title = both\n"
                                            "comments = to_notion");
    const struct config *config = &reading.config;

    (void)state;
    assert_int_equal(reading.result, CONFIG_OK);
    assert_int_equal(config->directions[FIELD_LABELS], TO_NOTION);
    assert_int_equal(config->directions[FIELD_MILESTONE], TO_GITHUB);
    assert_int_equal(config->directions[FIELD_TITLE], BOTH_WAYS);
    assert_int_equal(config->directions[FIELD_STATUS], BOTH_WAYS);
    assert_int_equal(config->directions[FIELD_COMMENTS], TO_NOTION);
    test_release(&reading);
}

static void
test_directions_refused(void **state)
{
    static const struct {
        const char *text, *given, *allowed;
    } cases[] = {
        {"labels", "labels", "labels, assignees, milestone, issue_type, parent"},
        {"labels =", "labels =", "\"field = both\""},
        {"label = both # typo", "label = both",
         "Did you mean \"labels\"? The fields are title, status"},
        {"labels = notion", "labels = notion", "\"field = to_notion\" or \"field = to_github\""},
        {"body = to_notion", "body = to_notion", "sync_body"},
        {"comments = both", "comments = both", "sync_comments"},
        {"url = to_github", "url = to_github", "url only shows"},
        {"labels = both\nlabels = both", "labels = both", "labels has several"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct reading reading;

        test_environment(state);
        reading = test_read_input("INPUT_DIRECTIONS", cases[i].text);
        test_one_problem(&reading, "directions", cases[i].given, cases[i].allowed);
        test_release(&reading);
    }
}

static void
test_status_map(void **state)
{
    static const struct status_choice expected[] = {
        {"To do", STATUS_OPEN, NULL},     {"Done", STATUS_CLOSED, NULL},
        {"Shipped", STATUS_CLOSED, NULL}, {"Won't do", STATUS_NOT_PLANNED, NULL},
        {"a = b =", STATUS_OPEN, NULL},   {"done", STATUS_NOT_PLANNED, NULL},
    };
    struct reading reading =
        test_read_input("INPUT_STATUS_MAP", "To do = open\n"
                                            "Done=closed\r\n"
                                            "\n"
                                            "  Shipped =closed:completed # out\n"
                                            "Won't do = closed:not_planned\r"
                                            "a = b == open\n"
                                            "#0 = open\n"
                                            "done = closed:not_planned");

    (void)state;
    assert_int_equal(reading.result, CONFIG_OK);
    assert_int_equal(reading.config.n_statuses, COUNT(expected));
    for (size_t i = 0; i < COUNT(expected); i++) {
        assert_string_equal(reading.config.statuses[i].option, expected[i].option);
        assert_string_equal(reading.config.statuses[i].state, expected[i].state);
    }
    test_release(&reading);
}

static void
test_status_map_empty(void **state)
{
    struct reading reading = test_read_input("INPUT_STATUS_MAP", " \n# nothing\n\n");

    (void)state;
    assert_int_equal(reading.result, CONFIG_OK);
    assert_int_equal(reading.config.n_statuses, 0);
    assert_null(reading.config.statuses);
    test_release(&reading);
}

static void
test_status_map_refused(void **state)
{
    static const char states[] = "open, closed, closed:completed and closed:not_planned";
    static const struct {
        const char *text, *given, *allowed;
    } cases[] = {
        {"Done", "Done", states},
        {"Done =", "Done =", states},
        {"= open", "= open", states},
        {"Done = Closed", "Done = Closed", states},
        {"Done = merged", "Done = merged", states},
        {"Done = closed:duplicate", "Done = closed:duplicate", states},
        {"Done = closed: completed", "Done = closed: completed", states},
        {"closed = Done", "closed = Done", states},
        {"Done = closed\nDone = open", "Done = open", "Use one line for a status."},
        {"Done = closed\n Done=closed:completed", "Done=closed:completed",
         "Use one line for a status."},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct reading reading;

        test_environment(state);
        reading = test_read_input("INPUT_STATUS_MAP", cases[i].text);
        test_one_problem(&reading, "status_map", cases[i].given, cases[i].allowed);
        test_release(&reading);
    }
}

static void
test_people_map(void **state)
{
    struct reading reading =
        test_read_input("INPUT_PEOPLE_MAP", "alice = alice@example.com\n"
                                            "@Bob-2 = 11111111111141118111111111111111 # by id\n"
                                            "app[bot] = 22222222-2222-4222-8222-222222222222\n");

    (void)state;
    assert_int_equal(reading.result, CONFIG_OK);
    assert_int_equal(reading.config.n_people, 3);
    assert_string_equal(reading.config.people[0].login, "alice");
    assert_string_equal(reading.config.people[0].user, "alice@example.com");
    assert_string_equal(reading.config.people[1].login, "Bob-2");
    assert_string_equal(reading.config.people[1].user, "11111111-1111-4111-8111-111111111111");
    assert_string_equal(reading.config.people[2].login, "app[bot]");
    test_release(&reading);
}

static void
test_people_map_refused(void **state)
{
    static const struct {
        const char *text, *given, *allowed;
    } cases[] = {
        {"alice", "alice", "\"GitHub login = Notion user\""},
        {"alice =", "alice =", "\"GitHub login = Notion user\""},
        {"= a@example.com", "= a@example.com", "\"GitHub login = Notion user\""},
        {"a b = a@example.com", "a b = a@example.com", "\"GitHub login = Notion user\""},
        {"alice = Alice", "alice = Alice", "e-mail address"},
        {"alice = a@x.org\nALICE = b@x.org", "ALICE = b@x.org", "one line for a login"},
        {"alice = a@x.org\nbob = A@X.org", "bob = A@X.org", "one for a Notion user"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct reading reading;

        test_environment(state);
        reading = test_read_input("INPUT_PEOPLE_MAP", cases[i].text);
        test_one_problem(&reading, "people_map", cases[i].given, cases[i].allowed);
        test_release(&reading);
    }
}

/* Every bad line of a list is reported, not only the first. */
static void
test_every_bad_line(void **state)
{
    static const char *const given[] = {"a = b", "state = Status", "x", "Done = shut"};
    struct reading reading;

    (void)state;
    setenv("INPUT_PROPERTY_MAP", "a = b\nlabels = L\nstate = Status", 1);
    setenv("INPUT_STATUS_MAP", "x\nTo do = open\nDone = shut", 1);
    reading = test_read_environment();
    assert_int_equal(reading.n_problems, COUNT(given));
    for (size_t i = 0; i < COUNT(given); i++)
        assert_string_equal(reading.problems[i].given, given[i]);
    test_release(&reading);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_properties_by_default, test_environment),
        cmocka_unit_test_setup(test_property_map, test_environment),
        cmocka_unit_test_setup(test_properties_change_places, test_environment),
        cmocka_unit_test(test_property_map_refused),
        cmocka_unit_test_setup(test_directions, test_environment),
        cmocka_unit_test(test_directions_refused),
        cmocka_unit_test_setup(test_status_map, test_environment),
        cmocka_unit_test_setup(test_status_map_empty, test_environment),
        cmocka_unit_test(test_status_map_refused),
        cmocka_unit_test_setup(test_people_map, test_environment),
        cmocka_unit_test(test_people_map_refused),
        cmocka_unit_test_setup(test_every_bad_line, test_environment),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
