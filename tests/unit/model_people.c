#include "state_test.h"

#include "model/people.h"

static void
test_people(void **state)
{
    static const struct person items[] = {
        {"mona", "aa-11"}, {"Octocat", "bb-22"}, {"octocat", "cc-33"}, {"hubot", "bb-22"}};
    static const struct {
        const char *login, *user; /* one of them */
        int found;
    } cases[] = {
        {"MONA", NULL, 0}, {"octocat", NULL, 1}, {"hubot", NULL, 3}, {"nobody", NULL, -1},
        {"", NULL, -1},    {NULL, "aa-11", 0},   {NULL, "aa11", 0},  {NULL, "bb-22", 1},
        {NULL, "cc33", 2}, {NULL, "aa-1", -1},   {NULL, "", -1},
    };
    struct arena *arena = arena_new();
    const struct people *people = people_of(items, sizeof(items) / sizeof(items[0]), arena);

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct person *found = cases[i].login != NULL
                                         ? people_by_login(people, cases[i].login)
                                         : people_by_user(people, cases[i].user);

        if (found != (cases[i].found < 0 ? NULL : &items[cases[i].found]))
            fail_msg("case %zu", i);
    }
    assert_null(people_by_login(NULL, "mona"));
    assert_null(people_by_user(people_of(NULL, 0, arena), "aa-11"));
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_people)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
