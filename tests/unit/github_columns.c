#include "github_wire.h"

#include "base/decimal.h"
#include "github/github_p.h"

/* Issue fields, dependencies and labels that are made, as requests on the wire. */

#define OPEN(wire, ...)                                   \
    wire_open((wire), (const struct step[]){__VA_ARGS__}, \
              sizeof((const struct step[]){__VA_ARGS__}) / sizeof(struct step), NULL)

#define VALUES "/repos/o/r/issues/12/issue-field-values"

static const struct issue_field effort = {.name = "Effort", .id = 7, .type = ISSUE_FIELD_NUMBER};
static const struct issue_field level = {.name = "Level", .id = 8, .type = ISSUE_FIELD_SELECT};
static const struct issue_field areas = {.name = "A", .id = 9, .type = ISSUE_FIELD_MULTI_SELECT};

static void
test_definitions(void **state)
{
    struct issue_fields fields;
    struct wire wire;
    struct err err;

    (void)state;
    OPEN(&wire, {"200 OK",
                 "{\"data\":{\"repository\":{\"issueFields\":{\"nodes\":["
                 "{\"fullDatabaseId\":\"4294967297\",\"name\":\"Effort\",\"dataType\":\"NUMBER\"},"
                 "{\"fullDatabaseId\":\"8\",\"name\":\"Level\",\"dataType\":\"SINGLE_SELECT\","
                 "\"options\":[{\"name\":\"High\"},{\"name\":\"Low\"}]},null,{},"
                 "{\"fullDatabaseId\":\"9\",\"name\":\"New\",\"dataType\":\"ORBIT\"}]}}}}",
                 NULL});
    assert_true(github_read_issue_fields(wire.github, wire.arena, &fields, &err));
    assert_null(fields.problem);
    assert_int_equal(fields.n, 3);
    assert_true(issue_field_find(&fields, "EFFORT")->id == INT64_C(4294967297));
    assert_int_equal(issue_field_find(&fields, "level")->n_options, 2);
    assert_string_equal(issue_field_find(&fields, "level")->options[1], "Low");
    assert_int_equal(issue_field_find(&fields, "New")->type, ISSUE_FIELD_OTHER);
    assert_null(issue_field_find(&fields, "Levels"));
    wire_close(&wire, 1);
}

static void
test_no_definitions(void **state)
{
    static const struct {
        const char *body, *problem;
    } cases[] = {
        {"{\"data\":{\"repository\":{\"issueFields\":null}}}", "a user's"},
        {"{\"data\":{\"repository\":{\"issueFields\":{\"nodes\":[]}}}}", "GitHub shows none"},
        {"{\"data\":{\"repository\":null},\"errors\":[{\"type\":\"FORBIDDEN\",\"message\":"
         "\"Resource not accessible by integration\",\"path\":[\"repository\",\"issueFields\"]}]}",
         "Issue Fields: Read"},
        {"{\"errors\":[{\"message\":\"Field 'issueFields' doesn't exist on type 'Repository'\","
         "\"extensions\":{\"code\":\"undefinedField\",\"fieldName\":\"issueFields\"}}]}",
         "does not know issue fields"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct issue_fields fields;
        struct wire wire;
        struct err err;

        OPEN(&wire, {"200 OK", cases[i].body, NULL});
        assert_true(github_read_issue_fields(wire.github, wire.arena, &fields, &err));
        assert_int_equal(fields.n, 0);
        if (fields.problem == NULL || strstr(fields.problem, cases[i].problem) == NULL)
            fail_msg("%s instead of %s", fields.problem, cases[i].problem);
        wire_close(&wire, 1);
    }
}

static void
test_values_are_read(void **state)
{
    struct arena *arena = arena_new();
    struct json_object *graphql = test_json(
        "{\"issueFieldValues\":{\"totalCount\":3,\"nodes\":["
        "{\"__typename\":\"IssueFieldNumberValue\",\"n\":2.5,\"field\":{\"fullDatabaseId\":\"7\"}},"
        "{\"name\":\"High\",\"field\":{\"fullDatabaseId\":\"8\"}},"
        "{\"options\":[{\"name\":\"x\"},{\"name\":\"y\"}],\"field\":{\"fullDatabaseId\":\"9\"}}]}"
        "}");
    struct json_object *rest = test_json(
        "{\"issue_field_values\":[{\"issue_field_id\":7,\"value\":3},"
        "{\"issue_field_id\":8,\"value\":1,\"single_select_option\":{\"id\":1,\"name\":\"High\"}},"
        "{\"issue_field_id\":9,\"value\":\"x,y\",\"multi_select_options\":[{\"name\":\"x\"}]}]}");
    struct json_object *none = test_json("{\"issue_field_values\":[],\"issueFieldValues\":"
                                         "{\"totalCount\":0,\"nodes\":[]}}");
    struct json_object *cut = test_json("{\"issueFieldValues\":{\"totalCount\":30,\"nodes\":[]}}");

    (void)state;
    assert_string_equal(decode_issue_field(graphql, &effort, arena).text, "2.5");
    assert_string_equal(decode_issue_field(graphql, &level, arena).text, "High");
    assert_int_equal(decode_issue_field(graphql, &areas, arena).len, 2);
    assert_string_equal(decode_rest_issue_field(rest, &effort, arena).text, "3");
    assert_string_equal(decode_rest_issue_field(rest, &level, arena).text, "High");
    assert_int_equal(decode_rest_issue_field(rest, &areas, arena).len, 1);
    assert_string_equal(decode_issue_field(none, &effort, arena).text, "");
    assert_int_equal(decode_rest_issue_field(none, &areas, arena).kind, VALUE_SET);
    assert_int_equal(decode_issue_field(cut, &effort, arena).kind, VALUE_ABSENT);
    assert_int_equal(decode_issue_field(rest, &effort, arena).kind, VALUE_ABSENT);
    assert_int_equal(decode_rest_issue_field(graphql, &effort, arena).kind, VALUE_ABSENT);
    json_object_put(graphql);
    json_object_put(rest);
    json_object_put(none);
    json_object_put(cut);
    arena_free(arena);
}

static void
test_values_are_written(void **state)
{
    static const char *const two[] = {"x", "y"};
    const struct value number = value_text("2.5");
    const struct value set = value_set(two, 2);
    struct value answered;
    struct wire wire;
    struct err err;

    (void)state;
    OPEN(&wire, {"200 OK", "[{\"issue_field_id\":7,\"value\":2.50}]", NULL},
         {"200 OK", "[{\"issue_field_id\":9,\"multi_select_options\":[{\"name\":\"x\"}]}]", NULL});
    assert_true(
        github_write_issue_field(wire.github, 12, &effort, &number, wire.arena, &answered, &err));
    assert_string_equal(answered.text, "2.5");
    assert_true(
        github_write_issue_field(wire.github, 12, &areas, &set, wire.arena, &answered, &err));
    assert_int_equal(answered.len, 1);
    wire_sent(&wire, 0, "POST " VALUES,
              "{\"issue_field_values\":[{\"field_id\":7,\"value\":2.5}]}");
    wire_sent(&wire, 1, "POST " VALUES,
              "{\"issue_field_values\":[{\"field_id\":9,\"value\":[\"x\",\"y\"]}]}");
    wire_close(&wire, 2);
}

/* Never a list without values: that clears all of them. */
static void
test_values_are_cleared(void **state)
{
    const struct value empty = value_text("");
    struct value answered;
    struct wire wire;
    struct err err;

    (void)state;
    OPEN(&wire, {"204 No Content", "", NULL}, {"404 Not Found", "{\"message\":\"no\"}", NULL});
    for (int i = 0; i < 2; i++) {
        assert_true(
            github_write_issue_field(wire.github, 12, &level, &empty, wire.arena, &answered, &err));
        assert_string_equal(answered.text, "");
        wire_sent(&wire, i, "DELETE " VALUES "/8", "");
    }
    wire_close(&wire, 2);
}

static void
test_values_are_refused(void **state)
{
    static const struct {
        const char *status, *text;
    } cases[] = {
        {"403 Forbidden", "an app's token"},
        {"404 Not Found", "an app's token"},
        {"422 Unprocessable", "not an option"},
    };
    const struct value wanted = value_text("Medium");
    const struct value word = value_text("many");
    struct value answered;
    struct wire wire;
    struct err err;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        OPEN(&wire, {cases[i].status, "{\"message\":\"not an option\"}", NULL});
        assert_false(github_write_issue_field(wire.github, 12, &level, &wanted, wire.arena,
                                              &answered, &err));
        assert_int_equal(err.kind, ERR_REFUSED);
        if (strstr(err.text, cases[i].text) == NULL)
            fail_msg("%s", err.text);
        wire_close(&wire, 1);
    }
    OPEN(&wire, {"200 OK", "[]", NULL});
    assert_false(
        github_write_issue_field(wire.github, 12, &effort, &word, wire.arena, &answered, &err));
    assert_int_equal(err.kind, ERR_REFUSED);
    wire_close(&wire, 0);
}

static void
test_dependencies(void **state)
{
    static const char *const before_items[] = {"2", "3"};
    static const char *const wanted_items[] = {"3", "4"};
    const struct value before = value_set(before_items, 2);
    const struct value wanted = value_set(wanted_items, 2);
    struct wire wire;
    struct err err;

    (void)state;
    OPEN(&wire, {"200 OK", "{\"id\":2002}", NULL}, {"404 Not Found", "{}", NULL},
         {"200 OK", "{\"id\":4004}", NULL},
         {"422 Unprocessable",
          "{\"message\":\"Validation Failed\",\"errors\":[{\"message\":"
          "\"Issue is already blocked by this issue\"}]}",
          NULL});
    assert_true(dependencies_write(wire.github, 12, &before, &wanted, &err));
    wire_sent(&wire, 0, "GET /repos/o/r/issues/2", "");
    wire_sent(&wire, 1, "DELETE /repos/o/r/issues/12/dependencies/blocked_by/2002", "");
    wire_sent(&wire, 3, "POST /repos/o/r/issues/12/dependencies/blocked_by", "{\"issue_id\":4004}");
    wire_close(&wire, 4);
}

static void
test_labels_are_made(void **state)
{
    struct wire wire;
    struct err err;

    (void)state;
    OPEN(&wire, {"201 Created", "{}", NULL}, {"422 Unprocessable", "{\"message\":\"x\"}", NULL});
    for (int i = 0; i < 2; i++)
        assert_true(github_make_label(wire.github, "p/high", "red", "Made for Notion", &err));
    assert_true(github_make_label(wire.github, "p/low", NULL, "d", &err));
    wire_sent(&wire, 0, "POST /repos/o/r/labels",
              "{\"name\":\"p/high\",\"color\":\"d44c47\",\"description\":\"Made for Notion\"}");
    wire_sent(&wire, 1, "POST /repos/o/r/labels",
              "{\"name\":\"p/low\",\"color\":\"6e7781\",\"description\":\"d\"}");
    wire_close(&wire, 2);
}

static void
test_decimals(void **state)
{
    static const struct {
        const char *text, *again; /* NULL: no number */
    } cases[] = {
        {"3", "3"},       {" 2.50\n", "2.5"},
        {"-0", "0"},      {"0.1", "0.1"},
        {"1e3", "1000"},  {"+7", "7"},
        {"1e400", NULL},  {"0x10", NULL},
        {"inf", NULL},    {"nan", NULL},
        {"", NULL},       {"2,5", NULL},
        {"3 days", NULL}, {"1.", "1"},
        {"2.1", "2.1"},   {"0.30000000000000004", "0.30000000000000004"},
    };
    struct arena *arena = arena_new();

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        double number = 0;

        if (decimal_read(cases[i].text, &number) != (cases[i].again != NULL))
            fail_msg("%s", cases[i].text);
        if (cases[i].again != NULL)
            assert_string_equal(decimal_text(arena, number), cases[i].again);
    }
    arena_free(arena);
}

/* What GitHub does not show whole is not known: it must not look as if it was removed. */
static void
test_blockers_are_read(void **state)
{
    static const struct {
        const char *connection, *blockers; /* NULL: not known */
    } rows[] = {
        {"{\"totalCount\":0,\"nodes\":[]}", ""},
        {"{\"totalCount\":2,\"nodes\":[{\"number\":5,\"repository\":{\"nameWithOwner\":\"o/r\"}},"
         "{\"number\":6,\"repository\":{\"nameWithOwner\":\"o/far\"}}]}",
         "5,o/far#6"},
        {"{\"totalCount\":51,\"nodes\":[{\"number\":5,\"repository\":{\"nameWithOwner\":\"o/"
         "r\"}}]}",
         NULL},
        {"{\"totalCount\":2,\"nodes\":[{\"number\":5,\"repository\":{\"nameWithOwner\":\"o/r\"}},"
         "null]}",
         NULL},
        {"null", NULL},
    };
    const struct field_info info = {.name = "Blocked by",
                                    .key = "blocked by",
                                    .types = "relation",
                                    .home = HOME_BLOCKED_BY,
                                    .is_set = true};
    struct fields *fields = malloc(sizeof(*fields));
    struct github github = {0};

    (void)state;
    fields_init(fields);
    github_select(&github, fields, field_set_of(fields_add(fields, &info)), false, false, false);
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct arena *arena = arena_new();
        struct json_object *tree = json_new_object();
        struct issue issue = {0};
        const struct value *read;
        char seen[64] = "";

        values_put(&issue.values, FIELD_REPOSITORY, value_text("O/R"), arena);
        json_add(tree, "blockedBy", test_json(rows[i].connection));
        decode_own(&github, tree, false, arena, &issue);
        read = value_of(&issue.values, FIELD_BUILTINS);
        for (size_t j = 0; read->kind == VALUE_SET && j < read->len; j++)
            snprintf(seen + strlen(seen), sizeof(seen) - strlen(seen), "%s%s", j > 0 ? "," : "",
                     read->items[j]);
        if (rows[i].blockers == NULL)
            assert_int_equal(read->kind, VALUE_ABSENT);
        else
            assert_string_equal(seen, rows[i].blockers);
        json_object_put(tree);
        arena_free(arena);
    }
    free(fields);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_definitions),        cmocka_unit_test(test_no_definitions),
        cmocka_unit_test(test_values_are_read),    cmocka_unit_test(test_values_are_written),
        cmocka_unit_test(test_values_are_cleared), cmocka_unit_test(test_values_are_refused),
        cmocka_unit_test(test_dependencies),       cmocka_unit_test(test_labels_are_made),
        cmocka_unit_test(test_decimals),           cmocka_unit_test(test_blockers_are_read),
    };

    log_init(LOG_ERROR, false);
    server_clock_open(START);
    return cmocka_run_group_tests_name("github: columns of one's own", tests, NULL, NULL);
}
