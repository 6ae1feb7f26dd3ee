#include "base/url.h"

#include "config_test.h"

static void
test_allowed(void **state)
{
    static const char *const urls[] = {
        "https://api.notion.com",
        "https://api.github.com/",
        "https://ghe.example.org:8443/api/v3",
        "HTTPS://EXAMPLE.ORG",
        "https://192.0.2.7",
        "https://[2001:db8::1]:443/api",
        "http://localhost",
        "http://LocalHost:3000/",
        "http://127.0.0.1:65535",
        "http://127.255.0.9/v1",
        "http://[::1]",
        "http://[0:0:0:0:0:0:0:1]:8080/x",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(urls); i++) {
        struct err err = {0};

        if (!url_allowed(urls[i], &err))
            fail_msg("%s was refused: %s", urls[i], err.text);
    }
}

static void
test_refused(void **state)
{
    static const char *const urls[] = {
        "",
        "api.notion.com",
        "ftp://localhost",
        "file:///etc/passwd",
        "//localhost",
        "https:/example.org",
        "https://",
        "https:///path",
        "https://?",
        " https://example.org",
        "https://example.org ",
        "https://example.org\n",
        "https://exam ple.org",
        "https://example.org/a b",
        "https://example.org/\x01",
        "https://ex\xc3\xa4mple.org",
        "https://example.org/\xc3\xa4",
        "https://example.org\\@evil.example",
        "https://example.org/\\evil",
        "https://user@example.org",
        "https://user:password@example.org",
        "https://:@example.org",
        "https://user:12/password@example.org",
        "https://example.org?query",
        "https://example.org/?query",
        "https://example.org#fragment",
        "https://example.org/#fragment",
        "https://example.org:",
        "https://example.org:0",
        "https://example.org:65536",
        "https://example.org:99999999999999999999",
        "https://example.org:80a",
        "https://example.org:-1",
        "https://[::1",
        "https://[]",
        "https://[localhost]",
        "https://[127.0.0.1]",
        "https://[::1]evil.example",
        "https://[fe80::1%25eth0]",
        "http://example.org",
        "http://localhost.evil.example",
        "http://localhost@evil.example",
        "http://evil.example/localhost",
        "http://127.0.0.1.evil.example",
        "http://127.0.0.1@evil.example",
        "http://127.1",
        "http://127.0.0.256",
        "http://128.0.0.1",
        "http://0.0.0.0",
        "http://2130706433",
        "http://0x7f.0.0.1",
        "http://[::2]",
        "http://[::]",
        "http://[::ffff:192.0.2.1]",
        "http://10.0.0.1",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(urls); i++) {
        struct err err = {0};

        if (url_allowed(urls[i], &err))
            fail_msg("%s was allowed", urls[i]);
        assert_int_equal(err.kind, ERR_INPUT);
        assert_non_null(strstr(err.text, "https"));
        assert_null(strstr(err.text, "password"));
        assert_false(url_allowed(urls[i], NULL));
    }
}

static void
test_length_of_host(void **state)
{
    char url[400] = "https://";
    size_t start = strlen(url);

    (void)state;
    memset(url + start, 'a', 255);
    assert_true(url_allowed(url, NULL));
    memset(url + start, 'a', 256);
    assert_false(url_allowed(url, NULL));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_allowed),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_length_of_host),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
