#include "http_fixture.h"

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
        assert_true(f.server.at[1] - f.server.at[0] >= rows[i].wait &&
                    f.server.at[1] - f.server.at[0] <= rows[i].wait + 999);
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
    struct fixture f;
    struct http_answer answer;
    struct err err;

    (void)state;
    begin(&f, replies, COUNT(replies));
    assert_false(call(&f, create, &answer, &err));
    assert_int_equal(err.kind, ERR_WAIT);
    assert_non_null(strstr(err.text, "creating x: Service answered 429 and asks to wait until "));
    assert_false(call(&f, get, &answer, &err));
    assert_int_equal(err.kind, ERR_WAIT);
    assert_non_null(strstr(err.text, "reading x: Service asks to wait until "));
    assert_non_null(strstr(err.text, "after the end of this run"));
    assert_int_equal(f.server.count, 1);
    assert_int_equal(clock_now(), f.began);
    end(&f);
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

/* Being asked to wait does not use up the tries. */
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

/* Two APIs of one vendor: one pace for the writes of both, one pause if the client is asked. */
static void
test_together(void **state)
{
    static const struct reply replies[] = {
        {.text = OK_JSON},
        {.text = OK_JSON},
        {.text = "HTTP/1.1 403 No\r\nX-RateLimit-Remaining: 0\r\n"
                 "X-RateLimit-Reset: 1800000031\r\nContent-Length: 0\r\n\r\n"},
        {.text = OK_JSON},
        {.text = "HTTP/1.1 429 Slow\r\nRetry-After: 100\r\nContent-Length: 0\r\n\r\n"},
        {.text = OK_JSON}};
    struct http_service *services[2];
    const struct {
        int service;
        const struct http_request *request;
        int64_t at;
    } calls[] = {{0, &create, 0}, {1, &create, 1000}, {0, &get, 1000},
                 {1, &get, 1000}, {1, &get, 1000},    {0, &get, 101000}};
    struct fixture f;

    (void)state;
    begin(&f, replies, COUNT(replies));
    http_set_deadline(f.http, f.began + 20000);
    services[0] = f.service;
    services[1] = open_with(&f, "Other", f.server.url, 4, f.service);
    for (int i = 0; i < COUNT(calls); i++) {
        struct http_answer answer;
        struct err err;

        f.service = services[calls[i].service];
        if (i == COUNT(calls) - 1)
            http_set_deadline(f.http, f.began + HOUR);
        (void)!call(&f, *calls[i].request, &answer, &err);
        http_answer_release(&answer);
        assert_true(f.server.at[i] - f.began >= calls[i].at &&
                    f.server.at[i] - f.began <= calls[i].at + 999);
    }
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
    assert_true(clock_now() - f.began >= 600000 && clock_now() - f.began <= 601000);
    f.service = patient;
    assert_true(call(&f, get, &answer, &err));
    http_answer_release(&answer);
    callers_join(&caller, 1);
    assert_true(caller.ok);
    assert_int_equal(f.server.count, 2);
    end(&f);
    server_end(&other);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_spacing),
        TEST(test_limits),
        TEST(test_limit_beyond_deadline),
        TEST(test_limited_for_ever),
        TEST(test_limited_and_failing),
        TEST(test_deadline),
        TEST(test_parallel),
        TEST(test_parallel_writes),
        TEST(test_together),
        TEST(test_pause_is_no_hang),
    };

    return RUN(tests);
}
