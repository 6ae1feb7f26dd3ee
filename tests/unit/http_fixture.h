#ifndef TESTS_UNIT_HTTP_FIXTURE_H
#define TESTS_UNIT_HTTP_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/log.h"
#include "http/http.h"
#include "http_server.h"

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

static inline struct retry_verdict
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

static inline struct http_service *
open_with(struct fixture *f, const char *name, const char *url, int in_flight,
          struct http_service *with)
{
    const struct http_service_config config = {
        .name = name,
        .base_url = url,
        .authorization = SECRET,
        .headers = headers,
        .write_spacing = 1000,
        .with = with,
        .max_in_flight = in_flight,
        .classify = classify,
    };
    struct err err = {0};
    struct http_service *service = http_service_new(f->http, &config, &err);

    if (service == NULL)
        fail_msg("%s", err.text);
    return service;
}

static inline struct http_service *
open_service(struct fixture *f, const char *name, const char *url, int in_flight)
{
    return open_with(f, name, url, in_flight, NULL);
}

static inline void
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

static inline void
end(struct fixture *f)
{
    http_stop(f->http);
    server_end(&f->server);
    clock_resume();
}

static inline bool
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
static inline void
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
static inline void
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
    /* libcurl 8.23 begins to send once more on a connection that ended in the middle of a head. */
    assert_true(answer.attempts >= requests);
    assert_int_equal(f.server.count, requests);
    http_answer_release(&answer);
    end(&f);
}

/* The request without what depends on the build of libcurl and on the port. */
static inline void
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

struct caller {
    struct fixture *f;
    struct http_service *service;
    struct http_request request;
    struct http_answer answer;
    struct err err;
    bool ok;
    pthread_t thread;
};

static inline void *
caller_main(void *context)
{
    struct caller *caller = context;

    caller->ok = http_call(caller->service, &caller->request, &caller->answer, &caller->err);
    return NULL;
}

static inline void
callers_start(struct caller *callers, int count, struct http_service *service,
              struct http_request request)
{
    for (int i = 0; i < count; i++) {
        callers[i] = (struct caller){.service = service, .request = request};
        pthread_create(&callers[i].thread, NULL, caller_main, &callers[i]);
    }
}

static inline void
callers_join(struct caller *callers, int count)
{
    for (int i = 0; i < count; i++) {
        pthread_join(callers[i].thread, NULL);
        http_answer_release(&callers[i].answer);
    }
}

static inline int
reset_clock(void **state)
{
    (void)state;
    atomic_store(server_clock, START);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup(name, reset_clock)

/* Runs an array of TEST(…) on a virtual clock. */
#define RUN(tests)                                         \
    (server_clock_open(START), log_init(LOG_ERROR, false), \
     cmocka_run_group_tests(tests, NULL, NULL))

#endif
