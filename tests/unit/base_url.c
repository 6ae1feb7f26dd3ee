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

/* "-" for a part that is missing. */
static const char *
shown(struct arena *arena, const struct url_part *part)
{
    return part->at != NULL ? arena_strndup(arena, part->at, part->length) : "-";
}

static void
test_parts(void **state)
{
    static const struct {
        const char *text;
        const char *parts; /* scheme|user|host|port|path */
    } rows[] = {
        {"https://github.com/octo/hello", "https|-|github.com|-|/octo/hello"},
        {"https://github.com", "https|-|github.com|-|"},
        {"HTTPS://GitHub.com:8443/a?b#c", "HTTPS|-|GitHub.com|8443|/a?b#c"},
        {"https://github.com?b", "https|-|github.com|-|?b"},
        {"ssh://git@github.com:22/octo/hello.git", "ssh|git|github.com|22|/octo/hello.git"},
        {"https://a:b@c@example.org/@x", "https|a:b@c|example.org|-|/@x"},
        {"https://@example.org", "https||example.org|-|"},
        {"https://example.org:/x", "https|-|example.org||/x"},
        {"http://[::1]:80/x", "http|-|[::1]|80|/x"},
        {"http://[::1].example.org", "http|-|[::1].example.org|-|"},
        {"http://[::1", "http|-|[::1|-|"},
        {"collection://2f1c8a3e", "collection|-|2f1c8a3e|-|"},
        {"://x", "|-|x|-|"},
        {"https:///x", "https|-||-|/x"},
    };
    static const char *const none[] = {
        "",           "octo/hello", "git@github.com:octo/hello", "//github.com", "/a?b=https://c",
        "mailto:a@b", "https:/x"};
    struct arena *arena = arena_new();
    struct url url;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_true(url_split(rows[i].text, &url));
        assert_string_equal(arena_printf(arena, "%s|%s|%s|%s|%s", shown(arena, &url.scheme),
                                         shown(arena, &url.user), shown(arena, &url.host),
                                         shown(arena, &url.port), url.path),
                            rows[i].parts);
    }
    for (size_t i = 0; i < COUNT(none); i++)
        assert_false(url_split(none[i], &url));
    assert_true(url_split("Https://Example.org", &url) && url_part_is(&url.scheme, "https") &&
                url_part_is(&url.host, "example.ORG") && !url_part_is(&url.host, "example.or"));
    assert_int_equal(url_web("https://x"), 8);
    assert_int_equal(url_web("http://"), 7);
    assert_int_equal(url_web("HTTP://x") + url_web("http:/x") + url_web("ftp://x"), 0);
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_allowed),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_length_of_host),
        cmocka_unit_test(test_parts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
