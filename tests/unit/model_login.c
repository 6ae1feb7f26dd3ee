#include "state_test.h"

#include "model/login.h"

static void
test_login(void **state)
{
    static const struct {
        const char *text, *login;
    } cases[] = {
        {"octocat", "octocat"},
        {" @octo-cat\n", "octo-cat"},
        {"https://github.com/octocat", "octocat"},
        {"https://github.com/octocat/", "octocat"},
        {"http://ghe.example/octocat?tab=repositories", "octocat"},
        {"github.com/octocat#x", "octocat"},
        {"github.com/@octocat", "octocat"},
        {"mona_corp", "mona_corp"},
        {"dependabot[bot]", "dependabot[bot]"},
        {"", NULL},
        {" ", NULL},
        {"@", NULL},
        {"@@a", NULL},
        {"two words", NULL},
        {"a@example.com", NULL},
        {"https://github.com", NULL},
        {"https://", NULL},
        {"/", NULL},
        {"https://github.com/octocat and more", NULL},
        {"\xc3\xa4", NULL},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL},
    };
    struct arena *arena = arena_new();

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *login = login_read(arena, cases[i].text);

        if ((login == NULL) != (cases[i].login == NULL) ||
            (login != NULL && strcmp(login, cases[i].login) != 0))
            fail_msg("\"%s\" is read as %s", cases[i].text, login != NULL ? login : "nothing");
    }
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_login)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
