#include "notion_test.h"

#include <stdlib.h>

#define WIDE     "\xef\xbc\x8c"
#define SELECTOR "\xef\xb8\x8e"

static void
test_known(void **state)
{
    static const struct {
        const char *label, *option;
    } rows[] = {
        {"", ""},
        {"bug", "bug"},
        {"a,b", "a" WIDE "b"},
        {",", WIDE},
        {",,", WIDE WIDE},
        {WIDE, WIDE SELECTOR},
        {"a" WIDE "b", "a" WIDE SELECTOR "b"},
        {SELECTOR, SELECTOR},
        {"\xe2\x9d\xa4" SELECTOR, "\xe2\x9d\xa4" SELECTOR},
        {"," SELECTOR, WIDE SELECTOR SELECTOR},
        {WIDE SELECTOR, WIDE SELECTOR SELECTOR SELECTOR},
        {"area: ünï 🚀", "area: ünï 🚀"},
    };
    struct arena *arena = arena_new();

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_string_equal(notion_option_from_label(arena, rows[i].label), rows[i].option);
        assert_string_equal(notion_label_from_option(arena, rows[i].option), rows[i].label);
    }
    arena_free(arena);
}

/* All strings of up to 7 pieces: no comma in an option, no label lost, no option that moves. */
static void
test_reversible(void **state)
{
    static const char *const pieces[] = {",", WIDE, SELECTOR, "x", "\xef\xbc", "\xef\xb8\x8f"};

    (void)state;
    for (unsigned length = 0, count = 1; length <= 7; length++, count *= COUNT(pieces))
        for (unsigned n = 0; n < count; n++) {
            struct arena *arena = arena_new();
            char label[64] = "";
            char *option;

            for (unsigned i = 0, rest = n; i < length; i++, rest /= COUNT(pieces))
                strcat(label, pieces[rest % COUNT(pieces)]);
            option = notion_option_from_label(arena, label);
            assert_null(strchr(option, ','));
            assert_string_equal(notion_label_from_option(arena, option), label);
            if (strchr(label, ',') == NULL) {
                char *back = notion_label_from_option(arena, label);

                assert_string_equal(notion_option_from_label(arena, back), label);
            }
            arena_free(arena);
        }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_reversible),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
