#include "state_test.h"

#include "fields_test.h"
#include "model/field.h"
#include "model/value.h"

#define TEXT(value)                         \
    {                                       \
        .kind = VALUE_TEXT, .text = (value) \
    }
#define SET(list)                                              \
    {                                                          \
        .kind = VALUE_SET, .items = (list), .len = COUNT(list) \
    }

static const struct value absent;
static const char *const one[] = {"bug"};
static const char *const upper[] = {"BUG"};
static const char *const both[] = {"bug", "\xc3\x84rger"};
static const char *const turned[] = {"\xc3\xa4RGER", "Bug"};
static const char *const twice[] = {"bug", "bug"};

static void
test_equal(void **state)
{
    static const struct {
        struct value a, b;
        bool equal;
    } cases[] = {
        {{.kind = VALUE_ABSENT}, {.kind = VALUE_ABSENT}, true},
        {{.kind = VALUE_ABSENT}, TEXT(""), false},
        {{.kind = VALUE_ABSENT}, {.kind = VALUE_SET}, false},
        {TEXT(""), {.kind = VALUE_SET}, false},
        {TEXT(""), TEXT(""), true},
        {TEXT("a"), TEXT("A"), false},
        {TEXT("a"), TEXT("a "), false},
        {{.kind = VALUE_SET}, {.kind = VALUE_SET}, true},
        {SET(one), {.kind = VALUE_SET}, false},
        {SET(one), SET(upper), true},
        {SET(one), SET(both), false},
        {SET(both), SET(turned), true},
        {SET(one), SET(twice), true},
        {SET(both), SET(twice), false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if (value_equal(&cases[i].a, &cases[i].b) != cases[i].equal ||
            value_equal(&cases[i].b, &cases[i].a) != cases[i].equal)
            fail_msg("case %zu", i);
}

static void
test_empty_and_display(void **state)
{
    static const struct {
        struct value value;
        bool empty;
        const char *shown;
    } cases[] = {
        {{.kind = VALUE_ABSENT}, true, ""},
        {TEXT(""), true, ""},
        {TEXT(" "), false, " "},
        {{.kind = VALUE_SET}, true, ""},
        {SET(one), false, "bug"},
        {SET(both), false, "bug, \xc3\x84rger"},
    };
    struct arena *arena = arena_new();

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(value_is_empty(&cases[i].value), cases[i].empty);
        assert_string_equal(value_display(arena, &cases[i].value), cases[i].shown);
    }
    arena_free(arena);
}

/* A copy shares no memory with what it was made from. */
static void
test_copy(void **state)
{
    struct arena *arena = arena_new();
    char text[] = "title";
    char item[] = "bug";
    const char *const items[] = {item};
    const struct value title = value_text(text);
    const struct value labels = value_set(items, 1);
    struct value copies[] = {value_copy(arena, &title), value_copy(arena, &labels),
                             value_copy(arena, &absent)};

    (void)state;
    text[0] = item[0] = 'X';
    assert_string_equal(copies[0].text, "title");
    assert_int_equal(copies[1].len, 1);
    assert_string_equal(copies[1].items[0], "bug");
    assert_int_equal(copies[2].kind, VALUE_ABSENT);
    arena_free(arena);
}

static void
test_fields(void **state)
{
    (void)state;
    for (enum field f = 0; f < FIELD_BUILTINS; f++) {
        assert_int_equal(fields_find(all_fields(), all_fields()->items[f].name), f);
        assert_int_equal(field_set_has(all_fields()->properties, f), f != FIELD_BODY);
        assert_int_equal(all_fields()->items[f].property == NULL,
                         f == FIELD_TITLE || f == FIELD_BODY);
        assert_int_equal(all_fields()->items[f].is_set,
                         f == FIELD_LABELS || f == FIELD_ASSIGNEES || f == FIELD_PARENT ||
                             f == FIELD_CLOSES || f == FIELD_PULLS || f == FIELD_REVIEWERS);
        assert_int_equal(all_fields()->items[f].direction == BOTH_WAYS, f <= FIELD_BODY);
    }
    assert_int_equal(fields_find(all_fields(), ""), FIELD_NONE);
    assert_int_equal(fields_find(all_fields(), "Title"), FIELD_NONE);
    assert_string_equal(side_name(SIDE_GITHUB), "GitHub");
    assert_string_equal(side_name(SIDE_NOTION), "Notion");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal),
        cmocka_unit_test(test_empty_and_display),
        cmocka_unit_test(test_copy),
        cmocka_unit_test(test_fields),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
