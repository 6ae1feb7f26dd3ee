#include "http_fixture.h"

static void
test_requests(void **state)
{
    static const struct reply replies[] = {{.text = OK_JSON}};
    static const struct {
        struct http_request request;
        const char *bytes;
    } rows[] = {
        {{.method = HTTP_GET, .path = "/v1/x?a=1&b=%20"},
         "GET /v1/x?a=1&b=%20 HTTP/1.1\r\n" COMMON
         "Accept: application/json\r\nX-Version: 7\r\nAuthorization: " SECRET "\r\n\r\n"},
        {{.method = HTTP_POST, .path = "/v1/x", .body = "{\"a\":1}", .accept = "text/x+json"},
         "POST /v1/x HTTP/1.1\r\n" COMMON
         "X-Version: 7\r\nAccept: text/x+json\r\nAuthorization: " SECRET "\r\n"
         "Content-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}"},
        {{.method = HTTP_PATCH, .path = "/x", .body = "{}"},
         "PATCH /x HTTP/1.1\r\n" COMMON
         "Accept: application/json\r\nX-Version: 7\r\nAuthorization: " SECRET "\r\n"
         "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"},
        {{.method = HTTP_PUT, .path = "/x"},
         "PUT /x HTTP/1.1\r\n" COMMON
         "Accept: application/json\r\nX-Version: 7\r\nAuthorization: " SECRET "\r\n"
         "Content-Length: 0\r\n\r\n"},
        {{.method = HTTP_DELETE, .path = "/x"},
         "DELETE /x HTTP/1.1\r\n" COMMON
         "Accept: application/json\r\nX-Version: 7\r\nAuthorization: " SECRET "\r\n\r\n"},
    };
    struct fixture f;

    (void)state;
    begin(&f, replies, COUNT(replies));
    for (int i = 0; i < COUNT(rows); i++) {
        struct http_answer answer;
        struct err err;

        assert_true(call(&f, rows[i].request, &answer, &err));
        assert_int_equal(answer.status, 200);
        assert_string_equal(answer.body.data, "{}");
        assert_int_equal(answer.attempts, 1);
        http_answer_release(&answer);
        expect_request(&f.server, i, rows[i].bytes);
    }
    end(&f);
}

static void
test_large_body(void **state)
{
    static const struct reply replies[] = {{.text = OK_JSON}};
    static char body[2 * 1024 * 1024];
    struct http_request request = create;
    struct fixture f;
    struct http_answer answer;
    struct err err;

    (void)state;
    memset(body, ' ', sizeof(body) - 1);
    request.body = body;
    begin(&f, replies, COUNT(replies));
    assert_true(call(&f, request, &answer, &err));
    http_answer_release(&answer);
    assert_null(strcasestr(f.server.requests[0], "\r\nExpect:"));
    assert_non_null(strstr(f.server.requests[0], "\r\nContent-Length: 2097151\r\n"));
    end(&f);
}

static void
test_answer(void **state)
{
    static const struct reply replies[] = {
        {.text = "HTTP/1.1 404 Not Found\r\nDate: Fri, 15 Jan 2027 08:00:07 GMT\r\n"
                 "Location: /elsewhere\r\nLink: </x?page=2>; rel=\"next\"\r\n"
                 "X-RateLimit-Limit: 5000\r\nX-RateLimit-Remaining: 4999\r\n"
                 "X-RateLimit-Reset: 1800000600\r\nX-Accepted-GitHub-Permissions: issues=read\r\n"
                 "Content-Length: 0\r\n\r\n"},
        {.text = OK_JSON},
    };
    struct fixture f;
    struct http_answer answer;
    struct http_stats stats;
    struct err err;
    char next[128];

    (void)state;
    begin(&f, replies, COUNT(replies));
    assert_int_equal(http_server_time(f.service), 0);
    assert_int_equal(http_service_stats(f.service).limit, -1);
    assert_true(call(&f, get, &answer, &err));
    assert_int_equal(answer.status, 404);
    assert_int_equal(answer.date, START + 7000);
    assert_string_equal(answer.body.data, "");
    assert_string_equal(answer.location, "/elsewhere");
    assert_string_equal(answer.permissions, "issues=read");
    snprintf(next, sizeof(next), "%s/x?page=2", f.server.url);
    assert_string_equal(answer.link_next, next);
    stats = http_service_stats(f.service);
    assert_int_equal(stats.limit, 5000);
    assert_int_equal(stats.remaining, 4999);
    assert_int_equal(stats.reset, 1800000600);
    assert_int_equal(http_server_time(f.service), START + 7000);
    http_answer_release(&answer);

    atomic_fetch_add(server_clock, 500);
    assert_true(call(&f, get, &answer, &err));
    assert_int_equal(answer.date, 0);
    assert_null(answer.location);
    assert_null(answer.link_next);
    assert_null(answer.permissions);
    stats = http_service_stats(f.service);
    assert_int_equal(stats.remaining, 4999);
    assert_int_equal(stats.requests, 2);
    assert_int_equal(stats.writes, 0);
    assert_int_equal(http_server_time(f.service), START + 7500);
    http_answer_release(&answer);
    end(&f);
}

static void
test_other_types(void **state)
{
    static const struct reply replies[] = {
        {.text = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nn o t "}};
    struct http_request request = get;

    (void)state;
    request.accept = "application/vnd.github.raw";
    expect_status(replies, 1, request, 200, 1);
}

static void
test_redirects(void **state)
{
    static const struct reply once[] = {
        {.text = "HTTP/1.1 301 Moved\r\nLocation: /y?z=1\r\nContent-Length: 0\r\n\r\n"},
        {.text = OK_JSON}};
    static const struct reply loop[] = {
        {.text = "HTTP/1.1 307 Moved\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n"}};
    static const struct reply nowhere[] = {
        {.text = "HTTP/1.1 302 Moved\r\nContent-Length: 0\r\n\r\n"}};
    struct http_request shown = get;
    struct fixture f;
    struct http_answer answer;
    struct err err;

    (void)state;
    shown.no_redirect = true;
    expect_status(once, 2, get, 200, 2);
    expect_status(once, 2, shown, 301, 1);
    expect_status(once, 2, create, 301, 1);
    expect_status(loop, 1, get, 307, 4);
    expect_status(nowhere, 1, get, 302, 1);

    begin(&f, once, 2);
    assert_true(call(&f, get, &answer, &err));
    http_answer_release(&answer);
    expect_request(&f.server, 1,
                   "GET /y?z=1 HTTP/1.1\r\n" COMMON
                   "Accept: application/json\r\nX-Version: 7\r\nAuthorization: " SECRET "\r\n\r\n");
    end(&f);
}

static void
test_foreign_redirect(void **state)
{
    static const struct reply ok[] = {{.text = OK_JSON}};
    struct server other;
    char text[256];
    struct reply away = {.text = text};

    (void)state;
    server_start(&other, ok, 1);
    snprintf(text, sizeof(text),
             "HTTP/1.1 302 Found\r\nLocation: %s/steal\r\nContent-Length: 0\r\n\r\n", other.url);
    expect_status(&away, 1, get, 302, 1);
    assert_int_equal(other.count, 0);
    server_end(&other);
}

static void
test_paths(void **state)
{
    static const struct reply ok[] = {{.text = OK_JSON}};
    static const char *const bad[] = {
        "http://127.0.0.1:1/x", "https://evil.example/x", "@evil.example/x", "x", "/a b",
        "/a\r\nX-Evil: 1",      "http://u:p@127.0.0.1"};
    struct fixture f;
    struct http_answer answer;
    struct http_request request = get;
    struct err err;
    char url[128];

    (void)state;
    begin(&f, ok, 1);
    for (int i = 0; i < COUNT(bad); i++) {
        request.path = bad[i];
        assert_false(call(&f, request, &answer, &err));
        assert_int_equal(err.kind, ERR_DATA);
    }
    assert_int_equal(f.server.count, 0);
    snprintf(url, sizeof(url), "%s/repositories/1?page=2", f.server.url);
    request.path = url;
    assert_true(call(&f, request, &answer, &err));
    http_answer_release(&answer);
    assert_memory_equal(f.server.requests[0], "GET /repositories/1?page=2 ", 27);
    end(&f);
}

static void
test_bad_services(void **state)
{
    static const struct reply replies[] = {{.text = OK_JSON}};
    static const char *const bad_headers[] = {"X-A: 1\nX-B: 2", NULL};
    struct http_service_config config = {
        .name = "Service", .base_url = "http://example.com", .classify = classify};
    struct fixture f;
    struct err err = {0};

    (void)state;
    begin(&f, replies, 1);
    assert_null(http_service_new(f.http, &config, &err));
    assert_int_equal(err.kind, ERR_INPUT);
    assert_non_null(strstr(err.text, "the base URL of Service must be: an https URL"));
    config.base_url = "https://example.com";
    config.authorization = "Bearer s3cret\r\nX-Evil: 1";
    assert_null(http_service_new(f.http, &config, &err));
    assert_non_null(strstr(err.text, "line break"));
    assert_null(strstr(err.text, "s3cret"));
    config.authorization = NULL;
    config.headers = bad_headers;
    assert_null(http_service_new(f.http, &config, &err));
    end(&f);
}

static void
test_trailing_slash(void **state)
{
    static const struct reply replies[] = {{.text = OK_JSON}};
    struct fixture f;
    struct http_answer answer;
    struct err err;
    char url[128];

    (void)state;
    begin(&f, replies, 1);
    snprintf(url, sizeof(url), "%s/api/v3//", f.server.url);
    f.service = open_service(&f, "Service", url, 1);
    assert_true(call(&f, get, &answer, &err));
    http_answer_release(&answer);
    assert_memory_equal(f.server.requests[0], "GET /api/v3/x HTTP/1.1\r\n", 24);
    end(&f);
}

static void
test_log(void **state)
{
    static const struct reply replies[] = {
        {.text = "HTTP/1.1 429 Slow\r\nRetry-After: 42\r\nContent-Length: 0\r\n\r\n"},
        {.text = OK_JSON}};
    struct http_request request = get;
    struct fixture f;
    struct http_answer answer;
    struct err err;
    char text[4096] = "";
    FILE *file = tmpfile();
    int saved = dup(STDERR_FILENO);
    bool ok;

    (void)state;
    request.path = "/v1/x?code=hidden";
    begin(&f, replies, COUNT(replies));
    log_init(LOG_DEBUG, false);
    dup2(fileno(file), STDERR_FILENO);
    ok = call(&f, request, &answer, &err);
    dup2(saved, STDERR_FILENO);
    log_init(LOG_ERROR, false);
    close(saved);
    rewind(file);
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    fclose(file);
    assert_true(ok);
    http_answer_release(&answer);
    assert_non_null(strstr(text, "Service: GET /v1/x?… 429 in 0 ms (reading x, try 1)\n"));
    assert_non_null(strstr(text, "Service asks to wait 42 s\n"));
    assert_non_null(strstr(text, "Service: GET /v1/x?… 200 in 0 ms (reading x, try 2)\n"));
    assert_null(strstr(text, "hidden"));
    assert_null(strstr(text, "s3cret"));
    end(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_requests),    TEST(test_large_body),   TEST(test_answer),
        TEST(test_other_types), TEST(test_redirects),    TEST(test_foreign_redirect),
        TEST(test_paths),       TEST(test_bad_services), TEST(test_trailing_slash),
        TEST(test_log),
    };

    return RUN(tests);
}
