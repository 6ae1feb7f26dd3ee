#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "report/markdown.h"

#define BUF_SIZE ((size_t)1024 * 1024)

struct quote_case {
    const char *text;
    const char *span, *cell, *plain;
};

static void
quotes(void **state)
{
    static const struct quote_case cases[] = {
        {"Fix it", "`Fix it`", "`Fix it`", "“Fix it”"},
        {NULL, "*none*", "*none*", "(none)"},
        {"", "*empty*", "*empty*", "(empty)"},
        {" ", "` `", "` `", "“ ”"},
        {" a ", "`  a  `", "`  a  `", "“ a ”"},
        {" a", "` a`", "` a`", "“ a”"},
        {"`", "`` ` ``", "`` ` ``", "“`”"},
        {"a`b", "``a`b``", "``a`b``", "“a`b”"},
        {"``x`", "``` ``x` ```", "``` ``x` ```", "“``x`”"},
        {"a|b", "`a|b`", "`a\\|b`", "“a|b”"},
        {"a\\|b", "`a\\|b`", "`a\\\\|b`", "“a\\|b”"},
        {"a\\", "`a\\`", "`a\\`", "“a\\”"},
        {"<img src=x onerror=alert(1)>", "`<img src=x onerror=alert(1)>`",
         "`<img src=x onerror=alert(1)>`", "“<img src=x onerror=alert(1)>”"},
        {"@octocat #12 [x](y)", "`@octocat #12 [x](y)`", "`@octocat #12 [x](y)`",
         "“@octocat #12 [x](y)”"},
        {"a\nb\r\nc\rd\te", "`a↵b↵c↵d e`", "`a↵b↵c↵d e`", "“a↵b↵c↵d e”"},
        {"\033[31m", "`⟨U+001B⟩[31m`", "`⟨U+001B⟩[31m`", "“⟨U+001B⟩[31m”"},
        {"a\u202eb\u2066c\u2069d", "`a⟨U+202E⟩b⟨U+2066⟩c⟨U+2069⟩d`",
         "`a⟨U+202E⟩b⟨U+2066⟩c⟨U+2069⟩d`", "“a⟨U+202E⟩b⟨U+2066⟩c⟨U+2069⟩d”"},
        {"\xc2\x9b"
         "1m",
         "`⟨U+009B⟩1m`", "`⟨U+009B⟩1m`", "“⟨U+009B⟩1m”"},
        {"a\xff"
         "b",
         "`a\ufffdb`", "`a\ufffdb`", "“a\ufffdb”"},
        {"x ##[error]y", "`x ##[error]y`", "`x ##[error]y`", "“x ## [error]y”"},
        {"👩‍💻 é", "`👩‍💻 é`", "`👩‍💻 é`", "“👩‍💻 é”"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const char *wanted[] = {cases[i].span, cases[i].cell, cases[i].plain};

        for (enum quoting how = QUOTE_SPAN; how <= QUOTE_PLAIN; how++) {
            struct buf out;

            buf_init(&out, BUF_SIZE);
            report_quote(&out, cases[i].text, 0, how);
            assert_string_equal(buf_text(&out), wanted[how]);
            buf_release(&out);
        }
    }
}

static void
quotes_are_cut_by_characters(void **state)
{
    struct buf out;

    (void)state;
    buf_init(&out, BUF_SIZE);
    report_quote(&out, "äöüß", 3, QUOTE_SPAN);
    buf_char(&out, ' ');
    report_quote(&out, "äöü", 3, QUOTE_SPAN);
    assert_string_equal(buf_text(&out), "`äöü…` `äöü`");
    buf_release(&out);
}

static void
a_full_buffer_holds_no_half_quote(void **state)
{
    struct buf out;

    (void)state;
    buf_init(&out, 10);
    report_quote(&out, "0123456789abcdef", 0, QUOTE_SPAN);
    assert_true(out.full);
    assert_int_equal(out.len, 0);
    buf_release(&out);
}

static void
values(void **state)
{
    static const char *const labels[] = {"bug", "a|b", "x, y"};
    static const char *const many[25] = {"1", "2", "3", "4", "5", "6", "7", "8", "9",
                                         "1", "2", "3", "4", "5", "6", "7", "8", "9",
                                         "1", "2", "3", "4", "5", "6", "7"};
    const struct {
        struct value value;
        const char *wanted;
    } cases[] = {
        {{.kind = VALUE_ABSENT}, "*none*"},
        {value_text(""), "*empty*"},
        {value_text("a"), "`a`"},
        {value_set(labels, 0), "*empty*"},
        {value_set(labels, 3), "`bug`, `a\\|b`, `x, y`"},
        {value_set(many, 25),
         "`1`, `2`, `3`, `4`, `5`, `6`, `7`, `8`, `9`, `1`, `2`, `3`, `4`, `5`, `6`, `7`, `8`, "
         "`9`, `1`, `2` and 5 more"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct buf out;

        buf_init(&out, BUF_SIZE);
        report_quote_value(&out, &cases[i].value, REPORT_SHORT, QUOTE_CELL);
        assert_string_equal(buf_text(&out), cases[i].wanted);
        buf_release(&out);
    }
}

static void
fences(void **state)
{
    static const char *const labels[] = {"bug", "two\nlines"};
    const struct {
        struct value value;
        size_t max;
        const char *wanted;
    } cases[] = {
        {{.kind = VALUE_ABSENT}, 0, "\n*none*\n\n"},
        {value_text(""), 0, "\n*empty*\n\n"},
        {value_text("a\n\tb"), 0, "\n```text\na\n\tb\n```\n\n"},
        {value_text("```\nout\n```"), 0, "\n````text\n```\nout\n```\n````\n\n"},
        {value_text("a ````` b"), 0, "\n``````text\na ````` b\n``````\n\n"},
        {value_text("a\r\nb\rc"), 0, "\n```text\na\nb\nc\n```\n\n"},
        {value_text("\u202eabc"), 0, "\n```text\n⟨U+202E⟩abc\n```\n\n"},
        {value_set(labels, 2), 0, "\n```text\nbug\ntwo↵lines\n```\n\n"},
        {value_text("abcdef"), 4,
         "\n```text\nabcd…\n```\n\n*The first 4 of 6 characters; the JSON report has them "
         "all.*\n\n"},
        {value_text("abcd"), 4, "\n```text\nabcd\n```\n\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct buf out;

        buf_init(&out, BUF_SIZE);
        report_fence(&out, &cases[i].value, cases[i].max);
        assert_string_equal(buf_text(&out), cases[i].wanted);
        buf_release(&out);
    }
}

static void
links(void **state)
{
    static const struct {
        const char *url;
        bool usable;
    } cases[] = {
        {"https://github.com/o/r/issues/12", true},
        {"http://localhost:8080/x?y=z&w=1#top", true},
        {NULL, false},
        {"", false},
        {"javascript:alert(1)", false},
        {"//example.com", false},
        {"HTTPS://example.com", false},
        {"https://example.com/a b", false},
        {"https://example.com/a)b", false},
        {"https://example.com/(", false},
        {"https://example.com/\"x", false},
        {"https://example.com/'x", false},
        {"https://example.com/<x", false},
        {"https://example.com/>x", false},
        {"https://example.com/a|b", false},
        {"https://example.com/a]b", false},
        {"https://example.com/a\\b", false},
        {"https://example.com/a`b", false},
        {"https://example.com/a\nb", false},
        {"https://example.com/\u202e", false},
        {"https://example.com/\x7f", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct buf out;

        assert_int_equal(report_url_usable(cases[i].url), cases[i].usable);
        buf_init(&out, BUF_SIZE);
        report_link(&out, "page", cases[i].url);
        assert_int_equal(strcmp(buf_text(&out), "page") != 0, cases[i].usable);
        buf_release(&out);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes),
        cmocka_unit_test(quotes_are_cut_by_characters),
        cmocka_unit_test(a_full_buffer_holds_no_half_quote),
        cmocka_unit_test(values),
        cmocka_unit_test(fences),
        cmocka_unit_test(links),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
