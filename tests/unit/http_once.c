#include "http_fixture.h"

static const struct http_request once = {.method = HTTP_POST,
                                         .path = "/x",
                                         .body = "{}",
                                         .what = "sending x",
                                         .safety = RETRY_SAFE,
                                         .writes = true,
                                         .once = true};

static void
test_every_answer_is_final(void **state)
{
    static const struct {
        const char *text;
        int status;
        enum retry_meaning meaning;
        int64_t wait;
    } rows[] = {
        {OK_JSON, 200, RETRY_DONE, 0},
        {"HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\n\r\n", 409, RETRY_TRANSIENT, 0},
        {"HTTP/1.1 422 No\r\nContent-Length: 2\r\n\r\n{}", 422, RETRY_FINAL, 0},
        {"HTTP/1.1 502 Bad\r\nContent-Length: 6\r\n\r\n<html>", 502, RETRY_UNCLEAR, 0},
        {"HTTP/1.1 429 Slow\r\nContent-Length: 0\r\nDate: Fri, 15 Jan 2027 08:00:00 GMT\r\n"
         "Retry-After: 90\r\n\r\n",
         429, RETRY_LIMITED, 90000},
    };

    (void)state;
    for (int i = 0; i < COUNT(rows); i++) {
        const struct reply replies[] = {{.text = rows[i].text}};
        struct http_answer answer;
        struct fixture f;
        struct err err;

        begin(&f, replies, 1);
        assert_true(call(&f, once, &answer, &err));
        assert_int_equal(answer.status, rows[i].status);
        assert_int_equal(answer.verdict.meaning, rows[i].meaning);
        assert_int_equal(answer.verdict.wait, rows[i].wait);
        assert_int_equal(f.server.count, 1);
        assert_int_equal(clock_now(), f.began);
        http_answer_release(&answer);
        end(&f);
    }
}

static void
test_no_answer_is_a_failure(void **state)
{
    static const struct reply lost[] = {{.text = NULL, .close = true}};
    static const struct reply html[] = {
        {.text = "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n<p>Portal</p>"}};

    (void)state;
    expect_failure(lost, 1, once, ERR_NETWORK, "the connection ended before the answer came", 1);
    expect_failure(html, 1, once, ERR_DATA, "is not JSON", 1);
}

/* A limit that one request met does not hold the next: the caller knows best. */
static void
test_nobody_waits(void **state)
{
    static const struct reply replies[] = {
        {.text = "HTTP/1.1 429 Slow\r\nContent-Length: 0\r\nRetry-After: 90\r\n\r\n"},
        {.text = OK_JSON}};
    struct http_answer answer;
    struct fixture f;
    struct err err;

    (void)state;
    begin(&f, replies, COUNT(replies));
    assert_true(call(&f, once, &answer, &err));
    http_answer_release(&answer);
    assert_true(call(&f, get, &answer, &err));
    assert_int_equal(answer.status, 200);
    assert_int_equal(clock_now(), f.began);
    http_answer_release(&answer);
    end(&f);
}

static void
test_another_token(void **state)
{
    static const struct reply replies[] = {{.text = OK_JSON}};
    struct http_answer answer;
    struct fixture f;
    struct err err = {0};

    (void)state;
    begin(&f, replies, 1);
    assert_true(http_service_authorize(f.service, "Bearer another", &err));
    assert_false(http_service_authorize(f.service, "Bearer a\nb", &err));
    assert_int_equal(err.kind, ERR_INPUT);
    assert_true(call(&f, get, &answer, &err));
    http_answer_release(&answer);
    assert_non_null(strstr(f.server.requests[0], "Authorization: Bearer another\r\n"));
    assert_true(http_service_authorize(f.service, NULL, &err));
    assert_true(call(&f, get, &answer, &err));
    http_answer_release(&answer);
    assert_null(strstr(f.server.requests[1], "Authorization"));
    end(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_every_answer_is_final),
        TEST(test_no_answer_is_a_failure),
        TEST(test_nobody_waits),
        TEST(test_another_token),
    };

    return RUN(tests);
}
