#include "state_test.h"

#include "model/status.h"

static const struct status_option with_reasons[] = {
    {"To do", MEANING_OPEN, NULL},           {"Doing", MEANING_OPEN, NULL},
    {"Done", MEANING_CLOSED, NULL},          {"Shipped", MEANING_CLOSED, NULL},
    {"Won't do", MEANING_NOT_PLANNED, NULL},
};
static const struct status_option plain[] = {{"To do", MEANING_OPEN, NULL},
                                             {"Done", MEANING_CLOSED, NULL}};
static const struct status_option only_refused[] = {{"To do", MEANING_OPEN, NULL},
                                                    {"Won't do", MEANING_NOT_PLANNED, NULL}};
static const struct status_option only_open[] = {{"To do", MEANING_OPEN, NULL}};
static const struct status_option only_closed[] = {{"Done", MEANING_CLOSED, NULL}};
static const struct status_option checkbox[] = {{STATUS_UNCHECKED, MEANING_OPEN, NULL},
                                                {STATUS_CHECKED, MEANING_CLOSED, NULL}};

#define MAP(list)         \
    {                     \
        list, COUNT(list) \
    }

static void
test_option_for(void **state)
{
    static const struct {
        struct status_map map;
        const char *github, *before, *option;
    } cases[] = {
        {MAP(with_reasons), STATUS_OPEN, NULL, "To do"},
        {MAP(with_reasons), STATUS_OPEN, "Doing", "Doing"},
        {MAP(with_reasons), STATUS_OPEN, "Done", "To do"},
        {MAP(with_reasons), STATUS_OPEN, "Removed since", "To do"},
        {MAP(with_reasons), STATUS_OPEN, "", "To do"},
        {MAP(with_reasons), STATUS_CLOSED, "Doing", "Done"},
        {MAP(with_reasons), STATUS_MERGED, NULL, "Done"},
        {MAP(with_reasons), STATUS_NOT_PLANNED, NULL, "Won't do"},
        {MAP(with_reasons), STATUS_DUPLICATE, NULL, "Won't do"},
        {MAP(plain), STATUS_NOT_PLANNED, NULL, "Done"},
        {MAP(plain), STATUS_DUPLICATE, NULL, "Done"},
        {MAP(only_refused), STATUS_CLOSED, NULL, "Won't do"},
        {MAP(only_refused), STATUS_MERGED, NULL, "Won't do"},
        {MAP(only_open), STATUS_CLOSED, NULL, NULL},
        {MAP(only_open), STATUS_NOT_PLANNED, NULL, NULL},
        {MAP(only_closed), STATUS_OPEN, NULL, NULL},
        {MAP(only_closed), STATUS_OPEN, "Done", NULL},
        {{NULL, 0}, STATUS_OPEN, NULL, NULL},
        {MAP(checkbox), STATUS_OPEN, NULL, STATUS_UNCHECKED},
        {MAP(checkbox), STATUS_DUPLICATE, NULL, STATUS_CHECKED},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *option = status_option_for(&cases[i].map, cases[i].github, cases[i].before);

        if ((option == NULL) != (cases[i].option == NULL) ||
            (option != NULL && strcmp(option, cases[i].option) != 0))
            fail_msg("case %zu: %s", i, option != NULL ? option : "(none)");
    }
}

static void
test_for_option(void **state)
{
    static const struct {
        const char *option, *github;
        enum meaning meaning;
    } cases[] = {
        {"", STATUS_OPEN, MEANING_OPEN},
        {"To do", STATUS_OPEN, MEANING_OPEN},
        {"never heard of", STATUS_OPEN, MEANING_OPEN},
        {"done", STATUS_OPEN, MEANING_OPEN},
        {"Done", STATUS_CLOSED, MEANING_CLOSED},
        {"Shipped", STATUS_CLOSED, MEANING_CLOSED},
        {"Won't do", STATUS_NOT_PLANNED, MEANING_NOT_PLANNED},
    };
    static const struct status_map map = MAP(with_reasons);

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(status_meaning(&map, cases[i].option), cases[i].meaning);
        assert_string_equal(status_for_option(&map, cases[i].option), cases[i].github);
    }
}

static void
test_is_closed(void **state)
{
    (void)state;
    assert_false(status_is_closed(STATUS_OPEN));
    assert_true(status_is_closed(STATUS_CLOSED));
    assert_true(status_is_closed(STATUS_NOT_PLANNED));
    assert_true(status_is_closed(STATUS_DUPLICATE));
    assert_true(status_is_closed(STATUS_MERGED));
}

static void
test_lanes(void **state)
{
    static const struct status_option options[] = {
        {"Todo", MEANING_OPEN, NULL},
        {"Doing", MEANING_OPEN, "doing"},
        {"Pairing", MEANING_OPEN, "doing"},
        {"Done", MEANING_CLOSED, NULL},
        {"Dropped", MEANING_NOT_PLANNED, "wontfix"},
    };
    static const struct status_map map = {options, 5};
    static const struct {
        const char *github, *lane, *current, *before, *option; /* NULL: none */
    } cases[] = {
        {"open", "doing", "Todo", NULL, "Doing"},
        {"open", "doing", "Pairing", NULL, "Pairing"},
        {"open", "doing", "Done", "Pairing", "Pairing"},
        {"open", "", "Doing", NULL, "Todo"},
        {"open", "other", "Doing", NULL, NULL},
        {"closed", "doing", "Doing", NULL, NULL},
        {"closed", "", "Doing", NULL, "Done"},
        {"closed:not_planned", "wontfix", "Done", NULL, "Dropped"},
        {"closed:not_planned", "", "Done", NULL, "Done"},
        {"closed:not_planned", "", "Doing", NULL, NULL},
        {"merged", "wontfix", "Dropped", NULL, "Dropped"},
        {"open", "", "", NULL, ""},
        {"open", "", "Unheard of", NULL, "Unheard of"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *option = status_option_in_lane(&map, cases[i].github, cases[i].lane,
                                                   cases[i].current, cases[i].before);

        if ((option == NULL) != (cases[i].option == NULL) ||
            (option != NULL && strcmp(option, cases[i].option) != 0))
            fail_msg("case %zu: %s", i, option);
    }
    assert_string_equal(status_lane(&map, "Doing"), "doing");
    assert_string_equal(status_lane(&map, "Todo"), "");
    assert_string_equal(status_lane(&map, "Unheard"), "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lanes),
        cmocka_unit_test(test_option_for),
        cmocka_unit_test(test_for_option),
        cmocka_unit_test(test_is_closed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
