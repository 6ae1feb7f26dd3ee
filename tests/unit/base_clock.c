#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/err.h"

#define COUNT(of) (sizeof(of) / sizeof((of)[0]))

static void
test_format(void **state)
{
    static const struct {
        int64_t time;
        const char *text;
    } rows[] = {
        {0, "1970-01-01T00:00:00.000Z"},
        {INT64_C(1773219600123), "2026-03-11T09:00:00.123Z"},
        {-1, "1969-12-31T23:59:59.999Z"},
        {INT64_C(253402300799999), "9999-12-31T23:59:59.999Z"},
        {INT64_MAX, "9999-12-31T23:59:59.999Z"},
        {INT64_MIN, "0000-01-01T00:00:00.000Z"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[CLOCK_TEXT_SIZE];

        clock_format(rows[i].time, text);
        if (i < COUNT(rows) - 1)
            assert_string_equal(text, rows[i].text);
        else
            assert_non_null(strstr(text, rows[i].text)); /* libcs differ in zeros before a year */
    }
}

static void
test_parse(void **state)
{
    static const struct {
        const char *text;
        int64_t time; /* -1: not a time */
    } rows[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"2026-03-11T09:00:00.000Z", INT64_C(1773219600000)},
        {"2026-03-11T09:00:00.5Z", INT64_C(1773219600500)},
        {"2026-03-11T09:00:00.123456789Z", INT64_C(1773219600123)},
        {"2026-03-11T09:00:00+00:00", INT64_C(1773219600000)},
        {"2026-03-11T10:30:00+01:30", INT64_C(1773219600000)},
        {"2026-03-11T01:00:00.000-08:00", INT64_C(1773219600000)},
        {"2024-02-29T00:00:00Z", INT64_C(1709164800000)},
        {"2026-02-29T00:00:00Z", -1},
        {"2026-02-31T00:00:00Z", -1},
        {"1900-02-29T00:00:00Z", -1},
        {"2026-04-31T00:00:00Z", -1},
        {"2026-00-10T00:00:00Z", -1},
        {"2026-13-10T00:00:00Z", -1},
        {"2026-01-00T00:00:00Z", -1},
        {"2026-01-01T24:00:00Z", -1},
        {"2026-01-01T00:60:00Z", -1},
        {"2026-01-01T00:00:61Z", -1},
        {"2026-01-01T00:00:00", -1},
        {"2026-01-01T00:00:00.Z", -1},
        {"2026-01-01T00:00:00+24:00", -1},
        {"2026-01-01T00:00:00+1:00", -1},
        {"2026-01-01T00:00:00Zx", -1},
        {"2026-01-01 00:00:00Z", -1},
        {"2026-01-01", -1},
        {"26-01-01T00:00:00Z", -1},
        {"", -1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t time = -1;
        bool is = clock_parse(rows[i].text, &time);

        if (is != (rows[i].time != -1) || (is && time != rows[i].time))
            fail_msg("%s: %lld", rows[i].text, (long long)time);
    }
}

static void
test_parse_http(void **state)
{
    static const struct {
        const char *text;
        int64_t time;
    } rows[] = {
        {"Sun, 06 Nov 1994 08:49:37 GMT", INT64_C(784111777000)},
        {"Fri, 15 Jan 2027 08:00:00 GMT", INT64_C(1800000000000)},
        {"Fri, 15 Jan 2027 08:00:00 UTC", -1},
        {"Fri, 15 Jan 2027 08:00:00 GMT ", -1},
        {"Fri, 5 Jan 2027 08:00:00 GMT", -1},
        {"Fri, 31 Feb 2027 08:00:00 GMT", -1},
        {"Fri, 15 Jam 2027 08:00:00 GMT", -1},
        {"Friday, 15-Jan-27 08:00:00 GMT", -1},
        {"Fri Jan 15 08:00:00 2027", -1},
        {"Fri, 15 J", -1},
        {"Fri,", -1},
        {"", -1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t time = -1;
        bool is = clock_parse_http(rows[i].text, &time);

        if (is != (rows[i].time != -1) || (is && time != rows[i].time))
            fail_msg("%s: %lld", rows[i].text, (long long)time);
    }
}

static void
test_real(void **state)
{
    int64_t before = clock_now();

    (void)state;
    assert_true(clock_init(NULL));
    assert_false(clock_is_virtual());
    assert_int_equal(clock_slept(), 0);
    assert_true(clock_sleep_until(before));
    clock_interrupt();
    assert_true(clock_interrupted());
    assert_false(clock_sleep_until(clock_now() + 3600000));
    clock_resume();
    assert_false(clock_interrupted());
    assert_true(clock_sleep_until(before));
    assert_true(clock_now() >= before);
}

static void
write_clock(const char *path, int64_t time, size_t size)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(&time, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void
test_virtual(void **state)
{
    char path[] = "/tmp/clock-XXXXXX";
    struct err err = {0};

    (void)state;
    close(mkstemp(path));
    setenv("NOTION_SYNC_CLOCK", "/nonexistent/clock", 1);
    assert_false(clock_init(&err));
    assert_int_equal(err.kind, ERR_INPUT);
    setenv("NOTION_SYNC_CLOCK", path, 1);
    write_clock(path, 1, 7);
    assert_false(clock_init(&err));
    assert_false(clock_is_virtual());
    write_clock(path, 5000, sizeof(int64_t));
    assert_true(clock_init(&err));
    unlink(path);
    unsetenv("NOTION_SYNC_CLOCK");
    assert_true(clock_is_virtual());
    assert_int_equal(clock_now(), 5000);
    assert_true(clock_sleep_until(4000));
    assert_int_equal(clock_now(), 5000);
    assert_true(clock_sleep_until(3605000));
    assert_int_equal(clock_now(), 3605000);
    assert_int_equal(clock_slept(), 3600000);
    clock_interrupt();
    assert_false(clock_sleep_until(9000000));
    assert_int_equal(clock_now(), 3605000);
    clock_resume();
    assert_int_equal(clock_slept(), 3600000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_format),     cmocka_unit_test(test_parse),
        cmocka_unit_test(test_parse_http), cmocka_unit_test(test_real),
        cmocka_unit_test(test_virtual), /* last: the clock stays virtual */
    };

    unsetenv("NOTION_SYNC_CLOCK");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
