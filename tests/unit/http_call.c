#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http/http.h"
#include "http_server.h"

#include "base/log.h"

#define START  INT64_C(1800000000000) /* Fri, 15 Jan 2027 08:00:00 GMT */
#define HOUR   INT64_C(3600000)
#define SECRET "Bearer s3cret-token"

#define OK_JSON   "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
#define COUNT(of) ((int)(sizeof(of) / sizeof((of)[0])))

static const char *const headers[] = {"Accept: application/json", "X-Version: 7", NULL};

struct fixture {
    struct server server;
    struct http *http;
    struct http_service *service;
    int64_t began;
};

static struct retry_verdict
classify(const struct retry_seen *seen)
{
    int64_t wait = seen->retry_after > 0 ? seen->retry_after - seen->now : 0;

    if (seen->status == 429 || (seen->status == 403 && seen->limit_remaining == 0))
        return (struct retry_verdict){RETRY_LIMITED,
                                      wait > 0 ? wait : seen->limit_reset - seen->now};
    if (seen->status == 409)
        return (struct retry_verdict){RETRY_TRANSIENT, 0};
    if (seen->status >= 500)
        return (struct retry_verdict){RETRY_UNCLEAR, 0};
    return (struct retry_verdict){seen->status < 300 ? RETRY_DONE : RETRY_FINAL, 0};
}

static struct http_service *
open_service(struct fixture *f, const char *name, const char *url, int in_flight)
{
    const struct http_service_config config = {
        .name = name,
        .base_url = url,
        .authorization = SECRET,
        .headers = headers,
        .write_spacing = 1000,
        .max_in_flight = in_flight,
        .classify = classify,
    };
    struct err err = {0};
    struct http_service *service = http_service_new(f->http, &config, &err);

    if (service == NULL)
        fail_msg("%s", err.text);
    return service;
}

static void
begin(struct fixture *f, const struct reply *replies, int count)
{
    struct err err = {0};

    server_start(&f->server, replies, count);
    f->began = clock_now();
    f->http = http_start("notion-sync-test/1", NULL, f->began + HOUR, &err);
    if (f->http == NULL)
        fail_msg("%s", err.text);
    f->service = open_service(f, "Service", f->server.url, 4);
}

static void
end(struct fixture *f)
{
    http_stop(f->http);
    server_end(&f->server);
    clock_resume();
}

static bool
call(struct fixture *f, struct http_request request, struct http_answer *answer, struct err *err)
{
    *err = (struct err){0};
    return http_call(f->service, &request, answer, err);
}

static const struct http_request get = {.method = HTTP_GET, .path = "/x", .what = "reading x"};
static const struct http_request create = {.method = HTTP_POST,
                                           .path = "/x",
                                           .body = "{\"a\":1}",
                                           .what = "creating x",
                                           .safety = RETRY_LOOK_FIRST,
                                           .writes = true};

/* Makes the call on a script and expects it to fail. */
static void
expect_failure(const struct reply *replies, int count, struct http_request request,
               enum err_kind kind, const char *message, int requests)
{
    struct fixture f;
    struct http_answer answer;
    struct err err;

    begin(&f, replies, count);
    assert_false(call(&f, request, &answer, &err));
    if (err.kind != kind || strstr(err.text, message) == NULL)
        fail_msg("kind %d: %s", (int)err.kind, err.text);
    assert_null(strstr(err.text, "s3cret"));
    assert_null(answer.body.data);
    assert_int_equal(f.server.count, requests);
    end(&f);
}

/* Makes the call on a script and expects a final answer. */
static void
expect_status(const struct reply *replies, int count, struct http_request request, int status,
              int requests)
{
    struct fixture f;
    struct http_answer answer;
    struct err err;

    begin(&f, replies, count);
    if (!call(&f, request, &answer, &err))
        fail_msg("%s", err.text);
    assert_int_equal(answer.status, status);
    assert_int_equal(answer.attempts, requests);
    assert_int_equal(f.server.count, requests);
    http_answer_release(&answer);
    end(&f);
}

/* The request without what depends on the build of libcurl and on the port. */
static void
expect_request(const struct server *server, int number, const char *expected)
{
    char text[4096];
    char host[64];
    char *line;
    char *rest;

    snprintf(text, sizeof(text), "%s", server->requests[number]);
    line = strstr(text, "\r\nAccept-Encoding: ");
    if (line != NULL) {
        rest = strstr(line + 2, "\r\n");
        memmove(line, rest, strlen(rest) + 1);
    }
    snprintf(host, sizeof(host), "Host: 127.0.0.1:%d\r\n", server->port);
    line = strstr(text, host);
    assert_non_null(line);
    rest = line + strlen(host);
    memmove(line, rest, strlen(rest) + 1);
    assert_string_equal(text, expected);
}

#define COMMON "User-Agent: notion-sync-test/1\r\n"

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
test_spacing(void **state)
{
    static const struct reply replies[] = {{.text = OK_JSON, .advance = 300}};
    struct http_request read = get;
    const struct http_request requests[] = {create, create, read, create};
    const int64_t expected[] = {0, 1300, 1600, 2600};
    struct fixture f;

    (void)state;
    begin(&f, replies, COUNT(replies));
    for (int i = 0; i < COUNT(requests); i++) {
        struct http_answer answer;
        struct err err;

        assert_true(call(&f, requests[i], &answer, &err));
        http_answer_release(&answer);
        assert_int_equal(f.server.at[i] - f.began, expected[i]);
    }
    assert_int_equal(http_service_stats(f.service).writes, 3);
    end(&f);
}

static void
test_limits(void **state)
{
    static const struct {
        struct reply reply;
        int64_t wait;
    } rows[] = {
        {{.text = "HTTP/1.1 429 Slow\r\nRetry-After: 42\r\nContent-Length: 2\r\n\r\n{}"}, 42000},
        {{.text = "HTTP/1.1 429 Slow\r\nDate: Fri, 15 Jan 2027 08:00:00 GMT\r\n"
                  "Retry-After: Fri, 15 Jan 2027 08:01:10 GMT\r\nContent-Length: 0\r\n\r\n"},
         70000},
        {{.text = "HTTP/1.1 403 No\r\nDate: Fri, 15 Jan 2027 08:00:00 GMT\r\n"
                  "X-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: 1800000090\r\n"
                  "Content-Length: 0\r\n\r\n"},
         90000},
        {{.text = "HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n"}, 60000},
    };

    (void)state;
    for (int i = 0; i < COUNT(rows); i++) {
        struct reply replies[] = {rows[i].reply, {.text = OK_JSON}};
        struct fixture f;
        struct http_answer answer;
        struct http_stats stats;
        struct err err;

        begin(&f, replies, COUNT(replies));
        assert_true(call(&f, create, &answer, &err));
        assert_int_equal(answer.attempts, 2);
        assert_in_range(f.server.at[1] - f.server.at[0], rows[i].wait, rows[i].wait + 999);
        stats = http_service_stats(f.service);
        assert_int_equal(stats.retries, 1);
        assert_int_equal(stats.rate_limited, 1);
        assert_int_equal(stats.waited, f.server.at[1] - f.server.at[0]);
        http_answer_release(&answer);
        end(&f);
    }
}

static void
test_limit_beyond_deadline(void **state)
{
    static const struct reply replies[] = {
        {.text = "HTTP/1.1 429 Slow\r\nRetry-After: 3601\r\nContent-Length: 0\r\n\r\n"}};
    int64_t before = clock_now();

    (void)state;
    expect_failure(replies, COUNT(replies), create, ERR_STOPPED, "Service answered 429", 1);
    assert_int_equal(clock_now(), before);
}

static void
test_limited_for_ever(void **state)
{
    static const struct reply replies[] = {
        {.text = "HTTP/1.1 429 Slow\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n"}};

    (void)state;
    expect_failure(replies, COUNT(replies), create, ERR_SERVER, "Service answered 429 (10 tries)",
                   10);
}

/* Being told to wait does not use up the tries. */
static void
test_limited_and_failing(void **state)
{
    static const char limited[] =
        "HTTP/1.1 429 Slow\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n";
    static const char conflict[] = "HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\n\r\n";
    struct reply replies[15];

    (void)state;
    for (int i = 0; i < 14; i++)
        replies[i] = (struct reply){.text = i < 9 ? limited : conflict};
    replies[14] = (struct reply){.text = OK_JSON};
    expect_status(replies, COUNT(replies), create, 200, 15);
}

static void
test_deadline(void **state)
{
    static const struct reply replies[] = {{.text = OK_JSON}};
    struct fixture f;
    struct http_answer answer;
    struct err err;

    (void)state;
    begin(&f, replies, COUNT(replies));
    http_set_deadline(f.http, clock_now());
    assert_false(call(&f, get, &answer, &err));
    assert_int_equal(err.kind, ERR_STOPPED);
    assert_int_equal(f.server.count, 0);
    http_set_deadline(f.http, clock_now() + 1);
    assert_true(call(&f, get, &answer, &err));
    http_answer_release(&answer);
    end(&f);
}

static void
test_repeats(void **state)
{
    static const struct reply conflict[] = {
        {.text = "HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\n\r\n"}, {.text = OK_JSON}};
    static const struct reply broken[] = {
        {.text = "HTTP/1.1 502 Bad\r\nContent-Length: 6\r\n\r\n<html>"}, {.text = OK_JSON}};
    static const struct reply broken_for_ever[] = {
        {.text = "HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n"}};
    static const struct reply refused[] = {
        {.text = "HTTP/1.1 422 No\r\nContent-Length: 2\r\n\r\n{}"}};

    (void)state;
    expect_status(conflict, 2, create, 200, 2);
    expect_status(broken, 2, get, 200, 2);
    expect_status(refused, 1, create, 422, 1);
    expect_failure(broken, 2, create, ERR_AMBIGUOUS, "Service answered 502; it may", 1);
    expect_failure(broken_for_ever, 1, get, ERR_SERVER, "Service answered 502 (6 tries)", 6);
}

static void
test_lost_answers(void **state)
{
    static const struct reply lost[] = {{.text = NULL, .close = true}, {.text = OK_JSON}};
    static const struct reply half_head[] = {
        {.text = "HTTP/1.1 200 OK\r\nContent-Le", .close = true}, {.text = OK_JSON}};
    static const struct reply half_body[] = {
        {.text = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}", .close = true},
        {.text = OK_JSON}};
    static const struct reply half_json[] = {
        {.text = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"a\":[1,", .close = true},
        {.text = OK_JSON}};
    static const struct reply html[] = {
        {.text = "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n<p>Portal</p>"}, {.text = OK_JSON}};
    static const struct {
        const struct reply *replies;
        const char *message;
    } rows[] = {
        {lost, "127.0.0.1: the connection ended before the answer came"},
        {half_head, "127.0.0.1: "},
        {half_body, "127.0.0.1: the answer was cut"},
        {half_json, "the answer from 127.0.0.1 is not JSON"},
        {html, "the answer from 127.0.0.1 is not JSON"},
    };

    (void)state;
    for (int i = 0; i < COUNT(rows); i++) {
        expect_status(rows[i].replies, 2, get, 200, 2);
        expect_failure(rows[i].replies, 2, create, ERR_AMBIGUOUS, rows[i].message, 1);
    }
    expect_failure(half_body, 1, get, ERR_DATA, "127.0.0.1: the answer was cut (6 tries)", 6);
    expect_failure(html, 1, get, ERR_DATA, "is not JSON (is a proxy in between?) (6 tries)", 6);
    expect_failure(lost, 1, get, ERR_NETWORK, "(6 tries)", 6);
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

/* A kept connection that ends without an answer: libcurl by itself would send again. */
static void
test_kept_connection(void **state)
{
    static const struct reply replies[] = {
        {.text = OK_JSON}, {.text = NULL, .close = true}, {.text = OK_JSON}};
    struct fixture f;
    struct http_answer answer;
    struct err err;

    (void)state;
    begin(&f, replies, COUNT(replies));
    assert_true(call(&f, get, &answer, &err));
    http_answer_release(&answer);
    assert_false(call(&f, create, &answer, &err));
    assert_int_equal(err.kind, ERR_AMBIGUOUS);
    assert_non_null(strstr(err.text, "creating x: 127.0.0.1: the connection ended before"));
    assert_int_equal(f.server.count, 2);
    assert_int_equal(http_service_stats(f.service).writes, 1);
    end(&f);

    begin(&f, replies, COUNT(replies));
    assert_true(call(&f, get, &answer, &err));
    http_answer_release(&answer);
    assert_true(call(&f, get, &answer, &err));
    http_answer_release(&answer);
    assert_int_equal(f.server.count, 3);
    end(&f);
}

static void
test_unreachable(void **state)
{
    static const struct reply replies[] = {{.text = OK_JSON}};
    struct fixture f;
    struct http_answer answer;
    struct err err;
    char url[64];
    int port;
    int taken = server_bind(&port); /* bound, but nobody listens */

    (void)state;
    snprintf(url, sizeof(url), "http://127.0.0.1:%d", port);
    begin(&f, replies, 1);
    f.service = open_service(&f, "Nobody", url, 1);
    assert_false(call(&f, create, &answer, &err));
    assert_int_equal(err.kind, ERR_NETWORK);
    assert_string_equal(err.text,
                        "creating x: 127.0.0.1: could not connect (is the service up, and "
                        "does no firewall forbid it?) (6 tries)");
    assert_in_range(clock_now() - f.began, 60000, 65000);
    assert_int_equal(http_service_stats(f.service).requests, 0);
    end(&f);
    close(taken);
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
test_oversize(void **state)
{
    static const struct reply replies[] = {
        {.text = "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n[1,2,3,4,5,]"}};
    static const struct reply exact[] = {
        {.text = "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n[1,2,3,4,5]"}};
    struct http_request small = get;
    struct http_request small_create = create;

    (void)state;
    small.max_answer = small_create.max_answer = 11;
    expect_status(exact, 1, small, 200, 1);
    expect_failure(replies, 1, small, ERR_DATA, "larger than allowed", 1);
    expect_failure(replies, 1, small_create, ERR_AMBIGUOUS, "larger than allowed", 1);
}

static void
test_oversize_headers(void **state)
{
    static char text[80 * 1024];
    static const struct reply replies[] = {{.text = text}};
    size_t size = (size_t)snprintf(text, sizeof(text), "HTTP/1.1 200 OK\r\n");

    (void)state;
    for (int i = 0; i < 70; i++)
        size += (size_t)snprintf(text + size, sizeof(text) - size, "X-%d: %01000d\r\n", i, 0);
    snprintf(text + size, sizeof(text) - size, "Content-Length: 2\r\n\r\n{}");
    expect_failure(replies, 1, get, ERR_DATA, "larger than allowed", 1);
}

/* Deflate with fixed codes (RFC 1951, 3.2.6): one zero, then "258 more" again and again, 13 bits
 * each. */
static size_t
bomb(char *out, int repeats)
{
    static const char start[] = "\x1f\x8b\x08\0\0\0\0\0\0\3";
    static const char length_258[] = "1100010100000";
    static const char block_and_zero[] = "11000110000";
    size_t bit = 0;
    size_t at = sizeof(start) - 1;

    memcpy(out, start, at);
    for (int i = -1; i < repeats; i++)
        for (const char *c = i < 0 ? block_and_zero : length_258; *c != '\0'; c++, bit++)
            out[at + bit / 8] = (char)(out[at + bit / 8] | (*c - '0') << bit % 8);
    return at + bit / 8 + 1;
}

static void
test_bomb(void **state)
{
    static char text[64 * 1024];
    struct reply reply = {.text = text, .close = true};
    size_t size =
        (size_t)snprintf(text, sizeof(text), "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n");

    (void)state;
    reply.length = size + bomb(text + size, 10000);
    assert_true(reply.length < 20 * 1024);
    expect_failure(&reply, 1,
                   (struct http_request){.method = HTTP_GET, .path = "/x", .max_answer = 100000},
                   ERR_DATA, "larger than allowed", 1);
}

static void
test_hang(void **state)
{
    static const struct reply hang[] = {{.advance = 120000, .hang = true}, {.text = OK_JSON}};
    static const struct reply stall[] = {
        {.text = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", .advance = 120000, .hang = true},
        {.text = OK_JSON}};

    (void)state;
    expect_status(hang, 2, get, 200, 2);
    expect_status(stall, 2, get, 200, 2);
    expect_failure(hang, 2, create, ERR_AMBIGUOUS, "no whole answer within 60 s", 1);
}

struct caller {
    struct fixture *f;
    struct http_service *service;
    struct http_request request;
    struct http_answer answer;
    struct err err;
    bool ok;
    pthread_t thread;
};

static void *
caller_main(void *context)
{
    struct caller *caller = context;

    caller->ok = http_call(caller->service, &caller->request, &caller->answer, &caller->err);
    return NULL;
}

static void
callers_start(struct caller *callers, int count, struct http_service *service,
              struct http_request request)
{
    for (int i = 0; i < count; i++) {
        callers[i] = (struct caller){.service = service, .request = request};
        pthread_create(&callers[i].thread, NULL, caller_main, &callers[i]);
    }
}

static void
callers_join(struct caller *callers, int count)
{
    for (int i = 0; i < count; i++) {
        pthread_join(callers[i].thread, NULL);
        http_answer_release(&callers[i].answer);
    }
}

static void
test_parallel(void **state)
{
    static const struct reply replies[] = {{.text = OK_JSON, .wait_for = 4, .lingers = true}};
    struct caller callers[12];
    struct fixture f;

    (void)state;
    begin(&f, replies, 1);
    callers_start(callers, COUNT(callers), f.service, get);
    callers_join(callers, COUNT(callers));
    for (int i = 0; i < COUNT(callers); i++)
        assert_true(callers[i].ok);
    assert_int_equal(f.server.count, COUNT(callers));
    assert_int_equal(f.server.peak, 4);
    end(&f);
}

static void
test_parallel_writes(void **state)
{
    static const struct reply replies[] = {{.text = OK_JSON, .advance = 10}};
    struct caller callers[5];
    struct fixture f;

    (void)state;
    begin(&f, replies, 1);
    callers_start(callers, COUNT(callers), f.service, create);
    callers_join(callers, COUNT(callers));
    assert_int_equal(f.server.peak, 1);
    for (int i = 1; i < COUNT(callers); i++)
        assert_int_equal(f.server.at[i] - f.server.at[i - 1], 1010);
    end(&f);
}

/* A pause that one service asked for must not look like a hanging answer of another. */
static void
test_pause_is_no_hang(void **state)
{
    static const struct reply slow[] = {{.text = OK_JSON, .wait_for = 2}, {.text = OK_JSON}};
    static const struct reply limited[] = {
        {.text = "HTTP/1.1 429 Slow\r\nRetry-After: 600\r\nContent-Length: 0\r\n\r\n"},
        {.text = OK_JSON}};
    struct server other;
    struct caller caller;
    struct fixture f;
    struct http_service *patient;
    struct http_answer answer;
    struct err err;

    (void)state;
    begin(&f, slow, COUNT(slow));
    server_start(&other, limited, COUNT(limited));
    patient = f.service;
    callers_start(&caller, 1, patient, create);
    pthread_mutex_lock(&f.server.lock);
    while (f.server.count < 1)
        pthread_cond_wait(&f.server.came, &f.server.lock);
    pthread_mutex_unlock(&f.server.lock);
    f.service = open_service(&f, "Other", other.url, 1);
    assert_true(call(&f, get, &answer, &err));
    http_answer_release(&answer);
    assert_in_range(clock_now() - f.began, 600000, 601000);
    f.service = patient;
    assert_true(call(&f, get, &answer, &err));
    http_answer_release(&answer);
    callers_join(&caller, 1);
    assert_true(caller.ok);
    assert_int_equal(f.server.count, 2);
    end(&f);
    server_end(&other);
}

static void
test_interrupted_before(void **state)
{
    static const struct reply replies[] = {{.text = OK_JSON}};
    struct fixture f;
    struct http_answer answer;
    struct err err;

    (void)state;
    begin(&f, replies, 1);
    clock_interrupt();
    assert_false(call(&f, get, &answer, &err));
    assert_int_equal(err.kind, ERR_STOPPED);
    assert_int_equal(f.server.count, 0);
    clock_resume();
    assert_true(call(&f, get, &answer, &err));
    http_answer_release(&answer);
    end(&f);
}

static void
test_interrupted_waits(void **state)
{
    static const struct reply limited[] = {
        {.text = "HTTP/1.1 429 Slow\r\nRetry-After: 600\r\nContent-Length: 0\r\n\r\n",
         .interrupts = true}};
    static const struct reply broken[] = {
        {.text = "HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n", .interrupts = true}};
    int64_t before = clock_now();

    (void)state;
    expect_failure(limited, 1, get, ERR_STOPPED, "reading x: the run was interrupted", 1);
    expect_failure(broken, 1, get, ERR_STOPPED, "interrupted before another try", 1);
    assert_int_equal(clock_now(), before);
}

static void
test_interrupted_transfer(void **state)
{
    static const struct reply hang[] = {{.advance = 3000, .hang = true, .interrupts = true}};
    static const struct reply answers[] = {{.text = OK_JSON, .advance = 1900, .interrupts = true}};

    (void)state;
    expect_status(answers, 1, create, 200, 1);
    expect_failure(hang, 1, get, ERR_STOPPED, "interrupted", 1);
    expect_failure(hang, 1, create, ERR_AMBIGUOUS, "the run was interrupted before the answer", 1);
}

static void
test_interrupted_queue(void **state)
{
    static const struct reply hang[] = {{.advance = 3000, .hang = true, .interrupts = true}};
    struct caller callers[8];
    struct fixture f;

    (void)state;
    begin(&f, hang, 1);
    callers_start(callers, COUNT(callers), f.service, create);
    callers_join(callers, COUNT(callers));
    for (int i = 0; i < COUNT(callers); i++) {
        assert_false(callers[i].ok);
        assert_true(callers[i].err.kind == ERR_STOPPED || callers[i].err.kind == ERR_AMBIGUOUS);
    }
    assert_int_equal(f.server.count, 1);
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

static int
reset_clock(void **state)
{
    (void)state;
    atomic_store(server_clock, START);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup(name, reset_clock)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_requests),
        TEST(test_large_body),
        TEST(test_answer),
        TEST(test_spacing),
        TEST(test_limits),
        TEST(test_limit_beyond_deadline),
        TEST(test_limited_for_ever),
        TEST(test_limited_and_failing),
        TEST(test_deadline),
        TEST(test_repeats),
        TEST(test_lost_answers),
        TEST(test_other_types),
        TEST(test_kept_connection),
        TEST(test_unreachable),
        TEST(test_redirects),
        TEST(test_foreign_redirect),
        TEST(test_paths),
        TEST(test_oversize),
        TEST(test_oversize_headers),
        TEST(test_bomb),
        TEST(test_hang),
        TEST(test_parallel),
        TEST(test_parallel_writes),
        TEST(test_pause_is_no_hang),
        TEST(test_interrupted_before),
        TEST(test_interrupted_waits),
        TEST(test_interrupted_transfer),
        TEST(test_interrupted_queue),
        TEST(test_bad_services),
        TEST(test_trailing_slash),
        TEST(test_log),
    };

    server_clock_open(START);
    log_init(LOG_ERROR, false);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
