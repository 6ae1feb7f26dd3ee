#include "state_test.h"

#include "model/glob.h"

static void
test_matches(void **state)
{
    static const struct {
        const char *glob, *text;
        bool matches;
    } cases[] = {
        {"bug", "bug", true},
        {"bug", "Bug", true},
        {"BUG", "bug", true},
        {"bug", "bugs", false},
        {"bug", "", false},
        {"*", "", true},
        {"*", "any/thing", true},
        {"internal/*", "internal/team/a", true},
        {"internal/*", "Internal/", true},
        {"internal/*", "internal", false},
        {"internal/*", "not internal/a", false},
        {"*internal*", "not internal/a", true},
        {"a*b*c", "a-b-b-c", true},
        {"a*b*c", "a-c-b", false},
        {"*ab", "aab", true},
        {"?", "\xc3\xa4", true},
        {"?", "", false},
        {"??", "\xc3\xa4", false},
        {"\xc3\x84rger*", "\xc3\xa4rger zwei", true},
        {"\\*", "*", true},
        {"\\*", "a", false},
        {"a\\?", "a?", true},
        {"a\\?", "ab", false},
        {"[ab]", "a", false},
        {"[ab]", "[ab]", true},
        {"a\xff*", "a\xff!", true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if (glob_matches(cases[i].glob, cases[i].text) != cases[i].matches)
            fail_msg("%s %s", cases[i].glob, cases[i].text);
}

static void
test_meets(void **state)
{
    static const struct {
        const char *a, *b;
        bool meets;
    } cases[] = {
        {"internal/*", "internal/*", true},
        {"internal/*", "priority: *", false},
        {"internal/*", "*/team", true},
        {"internal/*", "internal/a", true},
        {"internal/a", "internal/*", true},
        {"*", "x", true},
        {"*", "*", true},
        {"", "*", true},
        {"", "", true},
        {"", "?", false},
        {"a*", "*b", true},
        {"a*c", "b*c", false},
        {"a?c", "abc", true},
        {"a?c", "ac", false},
        {"priority: low", "Priority: *", true},
        {"\\*", "a", false},
        {"\\*", "*", true},
        {"*a*b*", "b", false},
    };
    char many[GLOB_MAX + 1];
    char other[GLOB_MAX + 1];

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (glob_meets(cases[i].a, cases[i].b) != cases[i].meets)
            fail_msg("%s %s", cases[i].a, cases[i].b);
        assert_int_equal(glob_meets(cases[i].b, cases[i].a), cases[i].meets);
    }
    /* What trying out every way would take for ever. */
    for (size_t i = 0; i < GLOB_MAX; i++) {
        many[i] = "*a"[i % 2];
        other[i] = "a*"[i % 2];
    }
    many[GLOB_MAX - 1] = 'x';
    other[GLOB_MAX - 1] = 'y';
    many[GLOB_MAX] = other[GLOB_MAX] = '\0';
    assert_false(glob_meets(many, other));
}

static void
test_valid(void **state)
{
    char longest[GLOB_MAX + 2];

    (void)state;
    assert_true(glob_valid("internal/*"));
    assert_true(glob_valid("\\\\"));
    assert_false(glob_valid(""));
    assert_false(glob_valid("\\"));
    assert_false(glob_valid("a\\\\\\"));
    memset(longest, 'a', sizeof(longest));
    longest[GLOB_MAX + 1] = '\0';
    assert_false(glob_valid(longest));
    longest[GLOB_MAX] = '\0';
    assert_true(glob_valid(longest));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matches),
        cmocka_unit_test(test_meets),
        cmocka_unit_test(test_valid),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
