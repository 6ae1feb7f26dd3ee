#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "markdown/reference.h"

#define COUNT(of) (sizeof(of) / sizeof((of)[0]))

static const struct markdown_context context = {
    .server_url = "https://github.com", .owner = "octo", .repository = "hello"};

/* However an issue is written, it is known by its repository and number. */
static void
test_spellings_of_one_issue(void **state)
{
    static const char *const references[] = {
        "#12", "GH-12", "gh-12", "octo/hello#12", "Octo/HELLO#12", "#012",
    };
    static const char *const same[] = {
        "https://github.com/octo/hello/issues/12",  "https://github.com/octo/hello/pull/12",
        "https://github.com/Octo/Hello/issues/12",  "HTTPS://GitHub.com/octo/hello/pull/12",
        "https://github.com/octo/hello/issues/012",
    };
    static const char *const others[] = {
        "https://github.com/octo/hello/issues/13",
        "https://github.com/octo/hello/issues/1",
        "https://github.com/octo/hello/issues/12/",
        "https://github.com/octo/hello/issues/12#issuecomment-1",
        "https://github.com/octo/hello/issues/12?x=1",
        "https://github.com/octo/hello/issues/",
        "https://github.com/octo/hello/discussions/12",
        "https://github.com/octo/hello2/issues/12",
        "https://github.com/octo2/hello/issues/12",
        "https://github.com/octo/issues/12",
        "https://github.com.example/octo/hello/issues/12",
        "https://example.com/octo/hello/issues/12",
        "/octo/hello/issues/12",
        "#12",
        "",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(references); i++) {
        for (size_t k = 0; k < COUNT(same); k++)
            assert_true(reference_is(references[i], same[k], &context));
        for (size_t k = 0; k < COUNT(others); k++)
            assert_false(reference_is(references[i], others[k], &context));
    }
}

static void
test_issue_of_another_repository(void **state)
{
    (void)state;
    assert_true(reference_is("a/b#7", "https://github.com/A/b/pull/7", &context));
    assert_false(reference_is("a/b#7", "https://github.com/octo/hello/issues/7", &context));
    assert_false(reference_is("#7", "https://github.com/a/b/issues/7", &context));
}

static void
test_people_and_teams(void **state)
{
    (void)state;
    assert_true(reference_is("@Mona", "https://github.com/mona", &context));
    assert_true(reference_is("@org/team", "https://github.com/orgs/Org/teams/team", &context));
    assert_false(reference_is("@mona", "https://github.com/mona2", &context));
    assert_false(reference_is("@org/team", "https://github.com/org/team", &context));
}

static void
test_what_is_no_reference_is_nothing(void **state)
{
    static const char *const texts[] = {"", "12", "#", "#12 ", "#12x", "GH-", "octo#12", "word"};
    static const struct markdown_context unknown = {.server_url = "https://github.com"};

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_false(reference_is(texts[i], "https://github.com/octo/hello/issues/12", &context));
    assert_false(reference_is("#12", "https://github.com/octo/hello/issues/12", &unknown));
    assert_false(reference_is("#12", "https://github.com/octo/hello/issues/12", NULL));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spellings_of_one_issue),
        cmocka_unit_test(test_issue_of_another_repository),
        cmocka_unit_test(test_people_and_teams),
        cmocka_unit_test(test_what_is_no_reference_is_nothing),
    };

    return cmocka_run_group_tests_name("markdown_reference", tests, NULL, NULL);
}
