#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http/retry.h"

#define HOUR INT64_C(3600000)

static void
test_next(void **state)
{
    static const struct {
        enum retry_meaning meaning;
        enum retry_safety safety;
        int64_t wait;
        int attempt;
        int64_t left;
        int jitter;
        enum retry_action action;
        int64_t delay;
        bool holds, out_of_time;
    } rows[] = {
        {RETRY_DONE, RETRY_SAFE, 0, 1, HOUR, 0, RETRY_RETURN, 0, false, false},
        {RETRY_DONE, RETRY_LOOK_FIRST, 0, 1, 0, 0, RETRY_RETURN, 0, false, false},
        {RETRY_FINAL, RETRY_SAFE, 5000, 1, HOUR, 9, RETRY_RETURN, 0, false, false},
        {RETRY_FINAL, RETRY_LOOK_FIRST, 0, 6, 0, 0, RETRY_RETURN, 0, false, false},

        {RETRY_LIMITED, RETRY_SAFE, 42000, 1, HOUR, 17, RETRY_AGAIN, 42017, true, false},
        {RETRY_LIMITED, RETRY_LOOK_FIRST, 42000, 1, HOUR, 0, RETRY_AGAIN, 42000, true, false},
        {RETRY_LIMITED, RETRY_SAFE, 1, 1, HOUR, 0, RETRY_AGAIN, 1000, true, false},
        {RETRY_LIMITED, RETRY_SAFE, -5, 1, HOUR, 0, RETRY_AGAIN, 60000, true, false},
        {RETRY_LIMITED, RETRY_SAFE, 0, 1, HOUR, 0, RETRY_AGAIN, 60000, true, false},
        {RETRY_LIMITED, RETRY_SAFE, 0, 2, HOUR, 0, RETRY_AGAIN, 120000, true, false},
        {RETRY_LIMITED, RETRY_SAFE, 0, 3, HOUR, 999, RETRY_AGAIN, 240999, true, false},
        {RETRY_LIMITED, RETRY_SAFE, 0, 9, 9 * HOUR, 0, RETRY_AGAIN, 15360000, true, false},
        {RETRY_LIMITED, RETRY_SAFE, 5000, 9, HOUR, 0, RETRY_AGAIN, 5000, true, false},
        {RETRY_LIMITED, RETRY_SAFE, 5000, 10, HOUR, 0, RETRY_GIVE_UP, 0, false, false},
        {RETRY_LIMITED, RETRY_SAFE, 5000, 1, 5001, 0, RETRY_AGAIN, 5000, true, false},
        {RETRY_LIMITED, RETRY_SAFE, 5000, 1, 5000, 0, RETRY_GIVE_UP, 0, false, true},
        {RETRY_LIMITED, RETRY_SAFE, 5000, 1, 5001, 1, RETRY_GIVE_UP, 0, false, true},
        {RETRY_LIMITED, RETRY_SAFE, INT64_MAX, 1, HOUR, 999, RETRY_GIVE_UP, 0, false, true},

        {RETRY_TRANSIENT, RETRY_SAFE, 0, 1, HOUR, 0, RETRY_AGAIN, 2000, false, false},
        {RETRY_TRANSIENT, RETRY_SAFE, 0, 2, HOUR, 0, RETRY_AGAIN, 4000, false, false},
        {RETRY_TRANSIENT, RETRY_SAFE, 0, 3, HOUR, 500, RETRY_AGAIN, 8500, false, false},
        {RETRY_TRANSIENT, RETRY_LOOK_FIRST, 0, 4, HOUR, 0, RETRY_AGAIN, 16000, false, false},
        {RETRY_TRANSIENT, RETRY_LOOK_FIRST, 0, 5, HOUR, 0, RETRY_AGAIN, 30000, false, false},
        {RETRY_TRANSIENT, RETRY_LOOK_FIRST, 0, 6, HOUR, 0, RETRY_GIVE_UP, 0, false, false},
        {RETRY_TRANSIENT, RETRY_SAFE, 0, 6, HOUR, 0, RETRY_GIVE_UP, 0, false, false},
        {RETRY_TRANSIENT, RETRY_SAFE, 7000, 1, HOUR, 0, RETRY_AGAIN, 7000, false, false},
        {RETRY_TRANSIENT, RETRY_SAFE, 1000, 2, HOUR, 0, RETRY_AGAIN, 4000, false, false},
        {RETRY_TRANSIENT, RETRY_SAFE, 0, 1, 2000, 0, RETRY_GIVE_UP, 0, false, true},
        {RETRY_TRANSIENT, RETRY_SAFE, 0, 1, 0, 0, RETRY_GIVE_UP, 0, false, true},

        {RETRY_UNCLEAR, RETRY_SAFE, 0, 1, HOUR, 3, RETRY_AGAIN, 2003, false, false},
        {RETRY_UNCLEAR, RETRY_SAFE, 0, 5, HOUR, 0, RETRY_AGAIN, 30000, false, false},
        {RETRY_UNCLEAR, RETRY_SAFE, 0, 6, HOUR, 0, RETRY_GIVE_UP, 0, false, false},
        {RETRY_UNCLEAR, RETRY_LOOK_FIRST, 0, 1, HOUR, 0, RETRY_GIVE_UP, 0, false, false},
        {RETRY_UNCLEAR, RETRY_LOOK_FIRST, 5000, 1, HOUR, 0, RETRY_GIVE_UP, 0, false, false},
        {RETRY_UNCLEAR, RETRY_LOOK_FIRST, 0, 1, 0, 0, RETRY_GIVE_UP, 0, false, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct retry_verdict verdict = {.meaning = rows[i].meaning, .wait = rows[i].wait};
        struct retry_decision decision =
            retry_next(&verdict, rows[i].safety, rows[i].attempt, rows[i].left, rows[i].jitter);

        if (decision.action != rows[i].action || decision.delay != rows[i].delay ||
            decision.holds_service != rows[i].holds || decision.out_of_time != rows[i].out_of_time)
            fail_msg("row %zu: action %d, delay %lld, holds %d, out of time %d", i,
                     (int)decision.action, (long long)decision.delay, decision.holds_service,
                     decision.out_of_time);
    }
}

static void
test_parse_after(void **state)
{
    static const struct {
        const char *value;
        int64_t after;
    } rows[] = {
        {"0", 5000},
        {"1", 6000},
        {"120", 125000},
        {"Thu, 01 Jan 1970 00:01:00 GMT", 60000},
        {"Fri, 15 Jan 2027 08:00:42 GMT", INT64_C(1800000042000)},
        {"999999999999999999999999", 5000 + INT64_C(1000000000) * 1000},
        {"", 0},
        {"-1", 0},
        {"1.5", 0},
        {" 1", 0},
        {"1s", 0},
        {"soon", 0},
        {"Fri, 15 Jan 2027", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (retry_parse_after(rows[i].value, 5000) != rows[i].after)
            fail_msg("\"%s\": %lld", rows[i].value,
                     (long long)retry_parse_after(rows[i].value, 5000));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_next),
        cmocka_unit_test(test_parse_after),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
