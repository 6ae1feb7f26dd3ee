#include "reconcile_test.h"

#include "reconcile/sets.h"

#define UNIVERSE 5

static const char *const names[UNIVERSE] = {"a", "B", "c", "D", "\xc3\xa4"};
static const char *const other_case[UNIVERSE] = {"A", "b", "C", "d", "\xc3\x84"};

static struct value
set_of(struct arena *arena, unsigned members, const char *const *spelling)
{
    const char **items = arena_array(arena, UNIVERSE, sizeof(*items));
    size_t len = 0;

    for (unsigned i = 0; i < UNIVERSE; i++)
        if ((members & 1U << i) != 0)
            items[len++] = spelling[i];
    return value_set(items, len);
}

static unsigned
members_of(const struct value *set)
{
    unsigned members = 0;

    for (unsigned i = 0; i < UNIVERSE; i++)
        if (value_has(set, names[i]))
            members |= 1U << i;
    return members;
}

static size_t
count(unsigned members)
{
    size_t n = 0;

    for (; members != 0; members &= members - 1)
        n++;
    return n;
}

/* Every set, base and change of five elements: (set + added) - removed, each element once, in
 * whatever case. */
static void
test_every_change(void **state)
{
    (void)state;
    for (unsigned set = 0; set < 1U << UNIVERSE; set++) {
        struct arena *arena = arena_new();

        for (unsigned base = 0; base < 1U << UNIVERSE; base++) {
            for (unsigned now = 0; now < 1U << UNIVERSE; now++) {
                const struct value s = set_of(arena, set, names);
                const struct value b = set_of(arena, base, other_case);
                const struct value n = set_of(arena, now, names);
                const struct value result = sets_apply(arena, &s, &b, &n);
                unsigned expected = (set | (now & ~base)) & ~(base & ~now);

                if (members_of(&result) != expected || result.len != count(expected))
                    fail_msg("%x with %x -> %x", set, base, now);
            }
        }
        arena_free(arena);
    }
}

/* From the same base both sides come to the same set, and applying a change twice changes nothing
 * more. */
static void
test_both_sides_meet(void **state)
{
    struct arena *arena = arena_new();

    (void)state;
    for (unsigned base = 0; base < 1U << 4; base++) {
        for (unsigned github = 0; github < 1U << 4; github++) {
            for (unsigned notion = 0; notion < 1U << 4; notion++) {
                const struct value b = set_of(arena, base, names);
                const struct value g = set_of(arena, github, names);
                const struct value n = set_of(arena, notion, other_case);
                const struct value on_github = sets_apply(arena, &g, &b, &n);
                const struct value on_notion = sets_apply(arena, &n, &b, &g);
                const struct value twice = sets_apply(arena, &on_github, &b, &n);

                assert_true(value_equal(&on_github, &on_notion));
                assert_true(value_equal(&on_github, &twice));
            }
        }
    }
    arena_free(arena);
}

/* Spelling and order stay as they are on the side that is written. */
static void
test_spelling_stays(void **state)
{
    struct arena *arena = arena_new();
    const struct value set = test_set(arena, "Zed,bug");
    const struct value base = test_set(arena, "BUG");
    const struct value now = test_set(arena, "new,ZED,Bug");
    const struct value result = sets_apply(arena, &set, &base, &now);

    (void)state;
    assert_string_equal(value_display(arena, &result), "Zed, bug, new");
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_change),
        cmocka_unit_test(test_both_sides_meet),
        cmocka_unit_test(test_spelling_stays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
