#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/nearest.h"

#define COUNT(of) (sizeof(of) / sizeof((of)[0]))

static void
test_nearest(void **state)
{
    static const char *const names[] = {"mode",     "labels",      "merge_state",     "GitHub ID",
                                        "Erledigt", "In progress", "\xc3\x84nderung", "bug"};
    static const struct {
        const char *given, *name;
    } rows[] = {
        {"mode", "mode"},
        {"Mode", "mode"},
        {"mdoe", "mode"}, /* swapped */
        {"mod", "mode"},
        {"mood", "mode"},
        {"lables", "labels"},
        {"label", "labels"},
        {"mergestate", "merge_state"},
        {"merge-state", "merge_state"},
        {"merge", "merge_state"}, /* its beginning */
        {"Github-ID", "GitHub ID"},
        {"in progres", "In progress"},
        {"\xc3\xa4nderungen", "\xc3\x84nderung"},
        {"bugs", "bug"},
        {"x", NULL},
        {"", NULL},
        {"priority", NULL},
        {"me", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct nearest nearest = nearest_to(rows[i].given);

        nearest_offer(&nearest, NULL);
        for (size_t j = 0; j < COUNT(names); j++)
            nearest_offer(&nearest, names[j]);
        if (rows[i].name == NULL)
            assert_null(nearest.name);
        else
            assert_string_equal(nearest.name, rows[i].name);
    }
}

static void
test_long_names_are_not_compared(void **state)
{
    char text[400] = {0};
    struct nearest nearest;

    (void)state;
    for (size_t i = 0; i + 1 < sizeof(text); i++)
        text[i] = 'a';
    nearest = nearest_to(text);
    nearest_offer(&nearest, "aaa");
    nearest_offer(&nearest, text);
    assert_null(nearest.name);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_long_names_are_not_compared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
