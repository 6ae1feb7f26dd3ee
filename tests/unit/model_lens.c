#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "fields_test.h"
#include "model/lens.h"
#include "model/status.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Fields of the configuration: one label of a group, many of another, and whether one is there. */
enum { PRIORITY = FIELD_BUILTINS, AREA, BLOCKED };

static struct fields fields;
static struct arena *arena;

static int
setup(void **state)
{
    (void)state;
    arena = arena_new();
    fields_init(&fields);
    fields_add(&fields, &(struct field_info){.name = "Priority",
                                             .types = "select",
                                             .home = HOME_LABEL_GROUP,
                                             .parameter = "priority: *",
                                             .group = {"priority: ", ""}});
    fields_add(&fields, &(struct field_info){.name = "Area",
                                             .types = "multi_select",
                                             .is_set = true,
                                             .relation = RELATION_LABELS,
                                             .home = HOME_LABEL_GROUP,
                                             .parameter = "area/*",
                                             .group = {"area/", ""}});
    fields_add(&fields, &(struct field_info){.name = "Blocked",
                                             .types = "checkbox",
                                             .relation = RELATION_FLAG,
                                             .home = HOME_LABEL,
                                             .parameter = "blocked"});
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* "a,b" as a set. */
static struct value
set_of(const char *text)
{
    const char **items = arena_array(arena, strlen(text) + 1, sizeof(*items));
    char *rest = arena_strdup(arena, text);
    size_t len = 0;

    for (char *item = strtok_r(rest, ",", &rest); item != NULL; item = strtok_r(NULL, ",", &rest))
        items[len++] = item;
    return value_set(items, len);
}

static void
assert_shows(const struct values *values, unsigned field, const char *expected, size_t i)
{
    const char *shown = value_display(arena, value_of(values, (enum field)field));

    if (strcmp(shown, expected) != 0)
        fail_msg("case %zu: field %u shows \"%s\"", i, field, shown);
}

static void
test_split(void **state)
{
    static const struct {
        const char *labels, *rest, *priority, *area, *blocked;
    } cases[] = {
        {"", "", "", "", STATUS_UNCHECKED},
        {"bug", "bug", "", "", STATUS_UNCHECKED},
        {"bug,priority: high,area/ui,area/api", "bug", "high", "ui, api", STATUS_UNCHECKED},
        {"Priority:High,AREA/UI,Blocked", "", "High", "UI", STATUS_CHECKED},
        {"priority:   low,blocked,x", "x", "low", "", STATUS_CHECKED},
        {"priority: high,priority:low", "", "high\nlow", "", STATUS_UNCHECKED},
        /* Beginnings alone, and what only contains them, are labels like others. */
        {"priority:,area/,xarea/y,blocked by", "priority:,area/,xarea/y,blocked by", "", "",
         STATUS_UNCHECKED},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct values values = {.cells = NULL};
        struct value rest = set_of(cases[i].rest);

        lens_split(&fields, fields.lenses, set_of(cases[i].labels), &values, arena);
        assert_shows(&values, FIELD_LABELS, value_display(arena, &rest), i);
        assert_shows(&values, PRIORITY, cases[i].priority, i);
        assert_shows(&values, AREA, cases[i].area, i);
        assert_shows(&values, BLOCKED, cases[i].blocked, i);
        rest = set_of(cases[i].labels);
        assert_true(value_equal(lens_labels(&values), &rest));
    }
}

/* What nobody claims stays in the labels; if nothing is claimed, nothing else is kept. */
static void
test_claims(void **state)
{
    struct values values = {.cells = NULL};
    struct value all = set_of("area/ui,blocked");

    (void)state;
    lens_split(&fields, field_set_of((enum field)BLOCKED), all, &values, arena);
    assert_shows(&values, FIELD_LABELS, "area/ui", 0);
    assert_int_equal(value_of(&values, (enum field)AREA)->kind, VALUE_ABSENT);
    values = (struct values){.cells = NULL};
    lens_split(NULL, (struct field_set){{0}}, all, &values, arena);
    assert_true(field_set_equal(values.has, field_set_of(FIELD_LABELS)));
    assert_true(value_equal(lens_labels(&values), &all));
}

static void
test_join(void **state)
{
    static const struct {
        const char *labels;                           /* as read */
        const char *rest, *priority, *area, *blocked; /* what is wanted, NULL: no wish */
        const char *joined;
    } cases[] = {
        {"bug,priority: high", "new", NULL, NULL, NULL, "priority: high,new"},
        {"bug,Priority:High", NULL, "low", NULL, NULL, "bug,priority: low"},
        {"bug,Priority:High", NULL, "high", NULL, NULL, "bug,Priority:High"},
        {"priority: a,priority: b", NULL, "b", NULL, NULL, "priority: b"},
        {"priority: a,priority: b", NULL, "", NULL, NULL, ""},
        {"area/ui,x", NULL, NULL, "api,UI", NULL, "area/ui,x,area/api"},
        {"area/ui,x", NULL, NULL, "", NULL, "x"},
        {"x", NULL, NULL, NULL, STATUS_CHECKED, "x,blocked"},
        {"x,Blocked", NULL, NULL, NULL, STATUS_CHECKED, "x,Blocked"},
        {"x,Blocked", NULL, NULL, NULL, STATUS_UNCHECKED, "x"},
        {"x,area/ui,blocked", "y", "1", "", STATUS_UNCHECKED, "y,priority: 1"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct values issue = {.cells = NULL}, change = {.cells = NULL};
        struct value joined, expected = set_of(cases[i].joined);

        lens_split(&fields, fields.lenses, set_of(cases[i].labels), &issue, arena);
        if (cases[i].rest != NULL)
            values_put(&change, FIELD_LABELS, set_of(cases[i].rest), arena);
        if (cases[i].priority != NULL)
            values_put(&change, (enum field)PRIORITY, value_text(cases[i].priority), arena);
        if (cases[i].area != NULL)
            values_put(&change, (enum field)AREA, set_of(cases[i].area), arena);
        if (cases[i].blocked != NULL)
            values_put(&change, (enum field)BLOCKED, value_text(cases[i].blocked), arena);
        joined = lens_join(&fields, &issue, &change, arena);
        if (joined.kind != VALUE_SET || !value_equal(&joined, &expected))
            fail_msg("case %zu: %s", i, value_display(arena, &joined));
        assert_true(lens_is_all(&fields, &change));
    }
}

static void
test_join_nothing(void **state)
{
    struct values issue = {.cells = NULL}, change = {.cells = NULL};
    struct value joined;

    (void)state;
    values_put(&change, FIELD_TITLE, value_text("T"), arena);
    joined = lens_join(&fields, &issue, &change, arena);
    assert_int_equal(joined.kind, VALUE_ABSENT);
    assert_false(lens_is_all(&fields, &change));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_claims),
        cmocka_unit_test(test_join),
        cmocka_unit_test(test_join_nothing),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
