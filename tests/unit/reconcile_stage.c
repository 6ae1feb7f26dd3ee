#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "reconcile/stage.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define NONE     STAGE_NONE
#define DRAFT    STAGE_DRAFT
#define OPEN     STAGE_OPEN
#define CHANGES  STAGE_CHANGES_REQUESTED
#define APPROVED STAGE_APPROVED
#define MERGED   STAGE_MERGED
#define CLOSED   STAGE_CLOSED
#define UNKNOWN  STAGE_UNKNOWN

/* The most advanced open one, else merged, else closed. */
static void
test_join(void **state)
{
    static const struct {
        enum stage stages[3], all;
    } cases[] = {
        {{NONE, NONE, NONE}, NONE},
        {{DRAFT, NONE, NONE}, DRAFT},
        {{DRAFT, OPEN, NONE}, OPEN},
        {{OPEN, CHANGES, DRAFT}, CHANGES},
        {{CHANGES, APPROVED, OPEN}, APPROVED},
        {{MERGED, DRAFT, NONE}, DRAFT},
        {{APPROVED, MERGED, CLOSED}, APPROVED},
        {{CLOSED, MERGED, CLOSED}, MERGED},
        {{CLOSED, CLOSED, NONE}, CLOSED},
        {{CLOSED, DRAFT, NONE}, DRAFT},
        {{APPROVED, UNKNOWN, MERGED}, UNKNOWN},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const enum stage *s = cases[i].stages;

        assert_int_equal(stage_join(stage_join(s[0], s[1]), s[2]), cases[i].all);
        assert_int_equal(stage_join(s[2], stage_join(s[1], s[0])), cases[i].all);
    }
}

enum {
    FRESH = 1,
    MAPPED = 2,
    DONE = 4,
    MOVED = 8,
    ISSUE = 16,
    IS_CLOSED = 32,
    MAY_CLOSE = 64,
    STRANGE = 128, /* nobody of the team vouches for it */
    OPTION = MAPPED | ISSUE,
};

static const struct {
    enum stage before, now;
    unsigned flags;
    enum stage_row row;
} rows[] = {
    /* Nothing changed, or nobody knows. */
    {OPEN, OPEN, OPTION, ROW_P1_UNCHANGED},
    {OPEN, UNKNOWN, OPTION, ROW_P1_UNCHANGED},
    {UNKNOWN, UNKNOWN, OPTION, ROW_P1_UNCHANGED},
    {UNKNOWN, NONE, OPTION | FRESH, ROW_P1_UNCHANGED},
    {MERGED, MERGED, OPTION | DONE | MAY_CLOSE, ROW_P1_UNCHANGED},
    {OPEN, OPEN, OPTION | MOVED, ROW_P1_UNCHANGED},
    /* An older link of which nothing is remembered: cards stay where people put them. */
    {UNKNOWN, OPEN, OPTION, ROW_P2_FIRST},
    {UNKNOWN, MERGED, OPTION | DONE | MAY_CLOSE, ROW_P2_FIRST},
    {UNKNOWN, NONE, ISSUE, ROW_P2_FIRST},
    {UNKNOWN, MERGED, OPTION | DONE | MAY_CLOSE | FRESH, ROW_P2_FIRST},
    /* A link that this pass makes begins without a pull request. */
    {UNKNOWN, OPEN, OPTION | FRESH, ROW_P7_SET},
    {UNKNOWN, MERGED, OPTION | DONE | FRESH | IS_CLOSED, ROW_P7_SET},
    {UNKNOWN, CLOSED, OPTION | DONE | FRESH, ROW_P6_STILL_OPEN},
    {DRAFT, OPEN, OPTION | FRESH, ROW_P7_SET},
    /* A stage without a status. */
    {OPEN, CHANGES, ISSUE, ROW_P3_UNMAPPED},
    {OPEN, CHANGES, ISSUE | MOVED, ROW_P3_UNMAPPED},
    {OPEN, NONE, ISSUE, ROW_P3_UNMAPPED},
    /* Either way. */
    {NONE, DRAFT, OPTION, ROW_P7_SET},
    {DRAFT, OPEN, OPTION, ROW_P7_SET},
    {APPROVED, DRAFT, OPTION, ROW_P7_SET},
    {APPROVED, CHANGES, OPTION, ROW_P7_SET},
    {MERGED, OPEN, OPTION, ROW_P7_SET},
    {CLOSED, OPEN, OPTION, ROW_P7_SET},
    /* A person. */
    {DRAFT, OPEN, OPTION | MOVED, ROW_P4_PERSON},
    {OPEN, MERGED, OPTION | DONE | MAY_CLOSE | MOVED, ROW_P4_PERSON},
    {OPEN, CLOSED, OPTION | DONE | MOVED, ROW_P4_PERSON},
    {MERGED, DRAFT, OPTION | IS_CLOSED | MOVED, ROW_P4_PERSON},
    /* A closed issue. */
    {MERGED, DRAFT, OPTION | IS_CLOSED, ROW_P5_WAIT},
    {NONE, MERGED, OPTION | IS_CLOSED, ROW_P5_WAIT},
    {APPROVED, MERGED, OPTION | DONE | IS_CLOSED, ROW_P7_SET},
    {APPROVED, CLOSED, OPTION | DONE | IS_CLOSED, ROW_P7_SET},
    /* Closed pull requests close nothing. */
    {OPEN, CLOSED, OPTION | DONE, ROW_P6_STILL_OPEN},
    {OPEN, CLOSED, OPTION | DONE | MAY_CLOSE, ROW_P6_STILL_OPEN},
    {OPEN, CLOSED, OPTION, ROW_P7_SET},
    /* Merged ones do, unless somebody knows better. */
    {APPROVED, MERGED, OPTION | DONE | MAY_CLOSE, ROW_P8_SET_AND_CLOSE},
    {NONE, MERGED, OPTION | DONE | MAY_CLOSE, ROW_P8_SET_AND_CLOSE},
    {APPROVED, MERGED, OPTION | DONE, ROW_P9_REOPENED},
    {APPROVED, MERGED, OPTION | MAY_CLOSE, ROW_P7_SET},
    /* A page alone. */
    {NONE, DRAFT, MAPPED, ROW_P7_SET},
    {APPROVED, MERGED, MAPPED | DONE, ROW_P7_SET},
    {APPROVED, CLOSED, MAPPED | DONE, ROW_P7_SET},
    {APPROVED, CLOSED, MAPPED | DONE | MOVED, ROW_P4_PERSON},
    /* What a stranger does alone moves cards, and completes nothing. */
    {OPEN, CLOSED, MAPPED | DONE | STRANGE, ROW_P10_UNVOUCHED},
    {NONE, MERGED, MAPPED | DONE | STRANGE, ROW_P10_UNVOUCHED},
    {NONE, MERGED, MAPPED | DONE | FRESH | STRANGE, ROW_P10_UNVOUCHED},
    {OPEN, CLOSED, MAPPED | STRANGE, ROW_P7_SET},
    {OPEN, CLOSED, OPTION | STRANGE, ROW_P7_SET},
    {OPEN, CLOSED, OPTION | DONE | STRANGE, ROW_P6_STILL_OPEN},
    {NONE, MERGED, OPTION | DONE | MAY_CLOSE | STRANGE, ROW_P10_UNVOUCHED},
    {NONE, MERGED, OPTION | DONE | MAY_CLOSE | FRESH | STRANGE, ROW_P2_FIRST},
    {OPEN, MERGED, OPTION | DONE | IS_CLOSED | STRANGE, ROW_P7_SET},
    {OPEN, CLOSED, MAPPED | DONE | MOVED | STRANGE, ROW_P4_PERSON},
};

static void
test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        unsigned flags = rows[i].flags;
        const struct stage_look look = {
            .before = rows[i].before,
            .now = rows[i].now,
            .fresh = (flags & FRESH) != 0,
            .mapped = (flags & MAPPED) != 0,
            .done = (flags & DONE) != 0,
            .moved = (flags & MOVED) != 0,
            .has_issue = (flags & ISSUE) != 0,
            .is_closed = (flags & IS_CLOSED) != 0,
            .may_close = (flags & MAY_CLOSE) != 0,
            .vouched = (flags & STRANGE) == 0,
        };

        if (stage_decide(&look) != rows[i].row)
            fail_msg("case %zu: row P%d instead of P%d", i, (int)stage_decide(&look) + 1,
                     (int)rows[i].row + 1);
    }
}

/* What waits is not remembered. */
static void
test_noted(void **state)
{
    (void)state;
    for (enum stage_row row = 0; row < STAGE_ROW_COUNT; row++)
        assert_int_equal(stage_is_noted(row), row != ROW_P1_UNCHANGED && row != ROW_P5_WAIT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_join),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_noted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
