#include "http_fixture.h"

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
    assert_true(clock_now() - f.began >= 60000 && clock_now() - f.began <= 65000);
    assert_int_equal(http_service_stats(f.service).requests, 0);
    end(&f);
    close(taken);
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_repeats),
        TEST(test_lost_answers),
        TEST(test_kept_connection),
        TEST(test_unreachable),
        TEST(test_oversize),
        TEST(test_oversize_headers),
        TEST(test_bomb),
        TEST(test_hang),
        TEST(test_interrupted_before),
        TEST(test_interrupted_waits),
        TEST(test_interrupted_transfer),
        TEST(test_interrupted_queue),
    };

    return RUN(tests);
}
