#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"

#define COUNT(of) (sizeof(of) / sizeof((of)[0]))

static char out[16384];
static char errors[16384];

struct capture {
    int fd, saved;
    FILE *file;
};

static void
capture_begin(struct capture *capture, int fd)
{
    fflush(NULL);
    *capture = (struct capture){.fd = fd, .saved = dup(fd), .file = tmpfile()};
    assert_non_null(capture->file);
    dup2(fileno(capture->file), fd);
}

static void
capture_end(struct capture *capture, char *text, size_t size)
{
    fflush(NULL);
    dup2(capture->saved, capture->fd);
    close(capture->saved);
    rewind(capture->file);
    text[fread(text, 1, size - 1, capture->file)] = '\0';
    fclose(capture->file);
}

typedef void log_function(const char *format, ...);

/* What one message makes of both streams: out and errors. */
static void
run(log_function *function, const char *text)
{
    struct capture one;
    struct capture two;

    capture_begin(&one, STDOUT_FILENO);
    capture_begin(&two, STDERR_FILENO);
    function("%s", text);
    capture_end(&two, errors, sizeof(errors));
    capture_end(&one, out, sizeof(out));
}

static void
test_levels(void **state)
{
    static const struct {
        enum log_level level;
        bool commands;
        log_function *function;
        const char *out;
        const char *errors;
    } rows[] = {
        {LOG_INFO, false, log_error, "", "error: text\n"},
        {LOG_INFO, false, log_warning, "", "warning: text\n"},
        {LOG_INFO, false, log_notice, "", "text\n"},
        {LOG_INFO, false, log_info, "", "text\n"},
        {LOG_INFO, false, log_debug, "", ""},
        {LOG_DEBUG, false, log_debug, "", "text\n"},
        {LOG_ERROR, false, log_warning, "", ""},
        {LOG_WARNING, true, log_info, "", ""},
        {LOG_WARNING, true, log_notice, "", ""},
        {LOG_INFO, true, log_error, "::error::text\n", ""},
        {LOG_INFO, true, log_warning, "::warning::text\n", ""},
        {LOG_INFO, true, log_notice, "::notice::text\n", ""},
        {LOG_INFO, true, log_info, "", "text\n"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        log_init(rows[i].level, rows[i].commands);
        run(rows[i].function, "text");
        assert_string_equal(out, rows[i].out);
        assert_string_equal(errors, rows[i].errors);
    }
    assert_true(log_wants(LOG_INFO));
    assert_false(log_wants(LOG_DEBUG));
}

static void
test_disarms(void **state)
{
    static const struct {
        const char *text;
        const char *line;
    } rows[] = {
        {"::add-mask::x", ": add-mask::x\n"},
        {"  ::error::x", "  : error::x\n"},
        {"\n::error::x", " : error::x\n"},
        {"a\n::error::x\r\n::b", "a ::error::x  ::b\n"},
        {"\xc2\xa0::error::x", "\xc2\xa0: error::x\n"},
        {"\xe3\x80\x80 ::error::x", "\xe3\x80\x80 : error::x\n"},
        {"std::string", "std::string\n"},
        {"x ##[error]y", "x # [error]y\n"},
        {"###[error]y", "## [error]y\n"},
        {"##[##[x", "# [# [x\n"},
        {"# #[x", "# #[x\n"},
        {"a\x1b[31m\tb\x7f", "a [31m b \n"},
        {"100 %", "100 %\n"},
    };

    (void)state;
    log_init(LOG_INFO, true);
    for (size_t i = 0; i < COUNT(rows); i++) {
        run(log_info, rows[i].text);
        assert_string_equal(errors, rows[i].line);
    }
    run(log_error, "50%\r\n::stop-commands::x ##[group]");
    assert_string_equal(out, "::error::50%25  ::stop-commands::x # [group]\n");
}

static void
test_cut(void **state)
{
    char text[9001];

    (void)state;
    log_init(LOG_INFO, true);
    for (size_t i = 0; i < 3000; i++)
        memcpy(text + 3 * i, "\xe2\x82\xac", 3);
    text[9000] = '\0';
    run(log_info, text);
    assert_int_equal(strlen(errors), 4000 / 3 * 3 + 1);
    assert_memory_equal(errors + strlen(errors) - 4, "\xe2\x82\xac\n", 4);
    memset(text, '%', 9000);
    run(log_error, text);
    assert_int_equal(strlen(out), strlen("::error::\n") + 3 * 4000);
}

static void
test_secrets(void **state)
{
    struct capture capture;
    char text[5000];

    (void)state;
    log_init(LOG_INFO, true);
    capture_begin(&capture, STDOUT_FILENO);
    log_secret("tok%en-1");
    log_secret("abc");
    log_secret(NULL);
    capture_end(&capture, out, sizeof(out));
    assert_string_equal(out, "::add-mask::tok%25en-1\n");
    run(log_info, "a tok%en-1 and tok%en-1, abc");
    assert_string_equal(errors, "a *** and ***, abc\n");
    memset(text, 'x', 3996);
    strcpy(text + 3996, "tok%en-1");
    run(log_info, text);
    assert_null(strstr(errors, "tok"));
}

static void
test_long_secrets(void **state)
{
    static const char secret[] = "ghs_0123456789abcdefghij";
    char text[] = "a ghs_0123456789abcdefghij, ghs_0123456789ab";

    (void)state;
    log_init(LOG_INFO, false);
    log_secret(secret);
    run(log_info, "ghs_0123456789abcdefghij, cut ghs_0123456789abcde");
    assert_string_equal(errors, "***, cut ***\n");
    run(log_info, "ghs_, ghs_0123456789a");
    assert_string_equal(errors, "ghs_, ghs_0123456789a\n");
    log_redact(text);
    assert_string_equal(text, "a ***, ***");
    log_forget(secret);
    run(log_info, secret);
    assert_string_equal(errors, "ghs_0123456789abcdefghij\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_levels),       cmocka_unit_test(test_disarms),
        cmocka_unit_test(test_cut),          cmocka_unit_test(test_secrets),
        cmocka_unit_test(test_long_secrets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
