#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "http/http_p.h"

static void
test_allowed(void **state)
{
    static const struct {
        const char *url;
        bool allowed;
    } rows[] = {
        {"https://api.github.com", true},
        {"https://api.github.com/", true},
        {"https://ghe.example.com:8443/api/v3", true},
        {"https://example.com/@team", false},
        {"HTTPS://API.GITHUB.COM", true},
        {"https://10.1.2.3", true},
        {"https://[2001:db8::1]:444", true},
        {"http://localhost", true},
        {"http://LOCALHOST:3000/api", true},
        {"http://127.0.0.1:8080", true},
        {"http://127.255.3.4", true},
        {"http://[::1]", true},
        {"http://[::1]:9/x", true},
        {"http://example.com", false},
        {"http://10.0.0.1", false},
        {"http://128.0.0.1", false},
        {"http://0.0.0.0", false},
        {"http://[::2]", false},
        {"http://[::]", false},
        {"http://localhost.evil.com", false},
        {"http://127.0.0.1.evil.com", false},
        {"http://evil.com/127.0.0.1", false},
        {"http://evil.com\\@127.0.0.1", false},
        {"http://127.0.0.1@evil.com", false},
        {"http://notlocalhost", false},
        {"http://[::1].evil.com", false},
        {"https://user:pass@api.github.com", false},
        {"https://user@api.github.com", false},
        {"https://@api.github.com", false},
        {"https://api.github.com?x=1", false},
        {"https://api.github.com/?", false},
        {"https://api.github.com#x", false},
        {"https://api.github.com/#", false},
        {"https://", false},
        {"https:///path", false},
        {"https://:443", false},
        {"https:/api.github.com", false},
        {"https://api.github.com:99999", false},
        {"https://api.github.com:x", false},
        {"https://api github.com", false},
        {"https://api.github.com\n", false},
        {"ftp://localhost", false},
        {"file:///etc/passwd", false},
        {"api.github.com", false},
        {"//api.github.com", false},
        {" https://api.github.com", false},
        {"", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err err = {0};

        if (http_url_allowed(rows[i].url, &err) != rows[i].allowed)
            fail_msg("%s", rows[i].url);
        assert_int_equal(err.kind, rows[i].allowed ? ERR_NONE : ERR_INPUT);
        assert_true(rows[i].allowed || err.text[0] != '\0');
    }
}

static void
test_origin(void **state)
{
    static const struct {
        const char *url;
        const char *origin;
    } rows[] = {
        {"https://api.github.com", "https://api.github.com:443"},
        {"https://API.GitHub.com:443/x?y#z", "https://api.github.com:443"},
        {"http://127.0.0.1:80/", "http://127.0.0.1:80"},
        {"http://[::1]:8080", "http://[::1]:8080"},
        {"https://user@api.github.com", NULL},
        {"https://user:x@api.github.com", NULL},
        {"ftp://api.github.com", NULL},
        {"nonsense", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *origin = http_url_origin(rows[i].url);

        if (rows[i].origin == NULL)
            assert_null(origin);
        else
            assert_string_equal(origin, rows[i].origin);
        free(origin);
    }
}

static void
test_resolve(void **state)
{
    static const struct {
        const char *base;
        const char *reference;
        const char *url;
    } rows[] = {
        {"https://a.example/x/y?q=1", "/z?page=2", "https://a.example/z?page=2"},
        {"https://a.example/x/y", "z", "https://a.example/x/z"},
        {"https://a.example/x/y", "https://b.example/z", "https://b.example/z"},
        {"https://a.example/x/y", "//b.example/z", "https://b.example/z"},
        {"https://a.example/x/y?q=1", "?q=2", "https://a.example/x/y?q=2"},
        {"https://a.example/x", "http://[", NULL},
        {"nonsense", "/z", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *url = http_url_resolve(rows[i].base, rows[i].reference);

        if (rows[i].url == NULL)
            assert_null(url);
        else
            assert_string_equal(url, rows[i].url);
        free(url);
    }
}

static bool
take(struct head *head, const char *line)
{
    return head_line(head, line, strlen(line));
}

static void
test_head(void **state)
{
    struct head head = {0};

    (void)state;
    assert_true(take(&head, "HTTP/1.1 100 Continue\r\n"));
    assert_true(take(&head, "Date: Fri, 15 Jan 2027 07:00:00 GMT\r\n"));
    assert_true(take(&head, "\r\n"));
    assert_false(head.complete);
    assert_true(take(&head, "HTTP/2 403 \r\n"));
    assert_int_equal(head_date(&head), 0);
    assert_true(take(&head, "date:Fri, 15 Jan 2027 08:00:00 GMT \r\n"));
    assert_true(take(&head, "X-RateLimit-Remaining: \t12\r\n"));
    assert_true(take(&head, "x-ratelimit-reset: -5\r\n"));
    assert_true(take(&head, "x-ratelimit-limit: 5000x\r\n"));
    assert_true(take(&head, "nonsense\r\n"));
    assert_true(take(&head, "Locations: /no\r\n"));
    assert_true(take(&head, "\r\n"));
    assert_true(take(&head, "Location: /trailer\r\n"));
    assert_true(head.complete);
    assert_int_equal(head.status, 403);
    assert_int_equal(head_date(&head), INT64_C(1800000000000));
    assert_int_equal(head_number(&head, HEAD_REMAINING, -1), 12);
    assert_int_equal(head_number(&head, HEAD_RESET, -1), -1);
    assert_int_equal(head_number(&head, HEAD_LIMIT, -1), -1);
    assert_null(head.value[HEAD_LOCATION]);
    head_release(&head);
}

static void
test_head_ceiling(void **state)
{
    struct head head = {0};
    char line[1025];
    int lines = 0;

    (void)state;
    memset(line, 'a', 1024);
    line[1024] = '\0';
    while (lines < 100 && take(&head, line))
        lines++;
    assert_int_equal(lines, 64);
    head_release(&head);
}

static void
test_link(void **state)
{
    static const struct {
        const char *link;
        const char *next;
    } rows[] = {
        {"<https://a.example/x?page=2>; rel=\"next\", <https://a.example/x?page=9>; rel=\"last\"",
         "https://a.example/x?page=2"},
        {"<https://a.example/x?page=1>; rel=\"prev\", <https://a.example/x?page=3>; rel=\"next\"",
         "https://a.example/x?page=3"},
        {"</repositories/1/issues?page=2>;rel=next",
         "https://a.example/repositories/1/issues?page=2"},
        {"<?page=2>; title=\"a, b; rel=prev\"; REL=\"last NEXT\"", "https://a.example/x?page=2"},
        {"<https://a.example/x,y;z?page=2>; rel=next", "https://a.example/x,y;z?page=2"},
        {"<https://a.example/x>; rel=\"nextpage\"", NULL},
        {"<https://a.example/x>; title=next", NULL},
        {"<https://a.example/x>; rel", NULL},
        {"<https://a.example/x>; rel=\"next", "https://a.example/x"},
        {"<https://a.example/x", NULL},
        {"nonsense", NULL},
        {"", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct head head = {.value = {[HEAD_LINK] = strdup(rows[i].link)}};
        char *next = head_next(&head, "https://a.example/x");

        if (rows[i].next == NULL && next != NULL)
            fail_msg("%s: %s", rows[i].link, next);
        if (rows[i].next != NULL)
            assert_string_equal(next, rows[i].next);
        free(next);
        head_release(&head);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_allowed),      cmocka_unit_test(test_origin),
        cmocka_unit_test(test_resolve),      cmocka_unit_test(test_head),
        cmocka_unit_test(test_head_ceiling), cmocka_unit_test(test_link),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
