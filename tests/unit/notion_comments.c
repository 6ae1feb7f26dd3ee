/* Comments on pages: what is read from Notion's answers, and what is sent. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http_server.h"
#include "notion/notion.h"

#define START INT64_C(1772442000000)
#define HOUR  INT64_C(3600000)
#define PAGE  "0a1b2c3d-0000-4000-8000-0000000000a1"
#define SELF  "0a1b2c3d-0000-4000-8000-0000000000b0"
#define PAULA "0a1b2c3d-0000-4000-8000-0000000000b1"
#define OTHER "0a1b2c3d-0000-4000-8000-0000000000b2"
#define ONE   "0a1b2c3d-0000-4000-8000-0000000000c1"
#define TWO   "0a1b2c3d-0000-4000-8000-0000000000c2"
#define TALK  "0a1b2c3d-0000-4000-8000-0000000000d1"

#define ME         "{\"object\":\"user\",\"id\":\"" SELF "\",\"type\":\"bot\"}"
#define LIST(rows) "{\"object\":\"list\",\"results\":[" rows "],\"has_more\":false}"
#define TIMES(made, edited) \
    "\"created_time\":\"2026-03-02T09:" made "\",\"last_edited_time\":\"2026-03-02T09:" edited "\""
#define SAID(id, by, shown, text)                                                       \
    "{\"object\":\"comment\",\"id\":\"" id "\",\"discussion_id\":\"" TALK               \
    "\",\"created_by\":{\"object\":\"user\",\"id\":\"" by "\"},\"display_name\":" shown \
    "," TIMES("01:00.000Z", "01:00.000Z") ",\"rich_text\":[" text "]}"
#define NAMED(type, name)  "{\"type\":\"" type "\",\"resolved_name\":\"" name "\"}"
#define TEXT(text)         "{\"type\":\"text\",\"plain_text\":\"" text "\"}"
#define LINKED(text, link) "{\"plain_text\":\"" text "\",\"href\":\"" link "\"}"
#define NOT_FOUND          "{\"code\":\"object_not_found\",\"message\":\"Could not find it.\"}"

struct fixture {
    struct arena *arena;
    struct server server;
    struct reply replies[6];
    struct http *http;
    struct notion *notion;
    struct err err;
};

struct answer {
    int status;
    const char *body;
};

static void
begin(struct fixture *f, const struct answer *answers, int count)
{
    *f = (struct fixture){.arena = arena_new()};
    for (int i = 0; i < count; i++)
        f->replies[i].text =
            arena_printf(f->arena, "HTTP/1.1 %d X\r\nContent-Length: %zu\r\n\r\n%s",
                         answers[i].status, strlen(answers[i].body), answers[i].body);
    server_start(&f->server, f->replies, count);
    f->http = http_start("notion-sync-test/1", NULL, clock_now() + HOUR, &f->err);
    assert_non_null(f->http);
    f->notion = notion_new(f->http, f->server.url, "ntn_s3cret", &f->err);
    assert_non_null(f->notion);
}

static void
end(struct fixture *f)
{
    notion_free(f->notion);
    http_stop(f->http);
    server_end(&f->server);
    arena_free(f->arena);
}

static void
expect_request(struct fixture *f, int n, const char *line, const char *body)
{
    const char *request = f->server.requests[n];

    if (strncmp(request, line, strlen(line)) != 0 || request[strlen(line)] != ' ')
        fail_msg("%s", request);
    assert_string_equal(strstr(request, "\r\n\r\n") + 4, body);
}

#define COPY \
    LINKED("octo commented, part 2", "https://g/o/r/issues/1#issuecomment-12") "," TEXT("x")

#define PERSON   SAID(ONE, PAULA, NAMED("user", "Paula"), TEXT("Hi"))
#define OWN_COPY SAID(TWO, SELF, NAMED("integration", "Sync"), COPY)
#define OWN      SAID(ONE, SELF, NAMED("integration", "Sync"), TEXT("By hand"))
#define FOREIGN  SAID(TWO, OTHER, NAMED("custom", "X"), COPY)

static void
test_reading(void **state)
{
    static const struct answer answers[] = {
        {200, ME},
        {200, LIST(PERSON "," OWN_COPY "," OWN "," FOREIGN)},
        {200, LIST("")},
    };
    const struct remark *remarks;
    struct fixture f;
    size_t n;

    (void)state;
    begin(&f, answers, 3);
    assert_true(notion_read_comments(f.notion, PAGE, f.arena, &remarks, &n, &f.err));
    assert_int_equal(n, 4);
    assert_string_equal(remarks[0].author, "Paula");
    assert_string_equal(remarks[0].thread, TALK);
    assert_false(remarks[0].apart || remarks[0].edited || remarks[0].copy_of != NULL);
    assert_string_equal(remarks[1].copy_of, "12");
    assert_int_equal(remarks[1].part, 2);
    assert_true(remarks[2].apart);
    /* Somebody else's header makes no copy. */
    assert_null(remarks[3].copy_of);
    assert_true(remarks[3].apart);
    /* Who asks is known by now. */
    assert_true(notion_read_comments(f.notion, PAGE, f.arena, &remarks, &n, &f.err));
    assert_int_equal(n, 0);
    expect_request(&f, 0, "GET /v1/users/me", "");
    expect_request(&f, 2, "GET /v1/comments?block_id=" PAGE "&page_size=100", "");
    end(&f);
}

#define RICH                                                                     \
    "{\"plain_text\":\"b\",\"annotations\":{\"bold\":true,\"code\":false}},"     \
    "{\"plain_text\":\"@Paula\",\"href\":null,\"mention\":{\"type\":\"user\"}}," \
    "{\"plain_text\":\"x\",\"equation\":{\"expression\":\"x^2\"}}"
#define ATTACHED                                                                        \
    "{\"id\":\"" ONE "\",\"created_by\":{\"id\":\"" PAULA                               \
    "\",\"name\":\"Paula\"}," TIMES("01:00.000Z", "02:00.000Z") ",\"rich_text\":[" RICH \
                                                                "],\"attachments\":[{},{}]}"

static void
test_runs(void **state)
{
    static const struct answer answers[] = {
        {200, ME},
        {200, "{\"results\":[" ATTACHED "],\"has_more\":true,\"next_cursor\":\"a/b\"}"},
        {200, LIST(SAID(TWO, PAULA, "null", TEXT("")))},
        {200, "{\"object\":\"user\",\"name\":\"Paula P.\"}"},
    };
    const struct remark *remarks;
    struct fixture f;
    size_t n;

    (void)state;
    begin(&f, answers, 4);
    assert_true(notion_read_comments(f.notion, PAGE, f.arena, &remarks, &n, &f.err));
    assert_int_equal(n, 2);
    assert_string_equal(remarks[0].author, "Paula");
    assert_true(remarks[0].edited);
    assert_int_equal(remarks[0].text.len, 4);
    assert_true(remarks[0].text.items[0].bold);
    assert_string_equal(remarks[0].text.items[1].text, "@Paula");
    assert_true(remarks[0].text.items[2].math);
    assert_string_equal(remarks[0].text.items[2].text, "x^2");
    assert_string_equal(remarks[0].text.items[3].text, "\n\n(2 attachments, to be seen in Notion)");
    assert_string_equal(remarks[1].author, "Paula P.");
    assert_string_not_equal(remarks[0].digest, remarks[1].digest);
    expect_request(&f, 2, "GET /v1/comments?block_id=" PAGE "&page_size=100&start_cursor=a%2Fb",
                   "");
    end(&f);
}

static void
test_answers_that_are_none(void **state)
{
    static const struct {
        struct answer answers[2];
        enum err_kind kind;
        const char *words;
    } cases[] = {
        {{{200, "{}"}}, ERR_DATA, "no user"},
        {{{200, ME}, {200, "{}"}}, ERR_DATA, "no list"},
        {{{200, ME}, {200, LIST("{}")}}, ERR_DATA, "no list"},
        {{{200, ME}, {200, "{\"results\":[],\"has_more\":true}"}}, ERR_DATA, "no list"},
        {{{200, ME}, {403, "{\"message\":\"no\"}"}}, ERR_ACCESS, "\"Read comments\""},
        {{{200, ME}, {404, NOT_FOUND}}, ERR_NOT_FOUND, PAGE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct remark *remarks;
        struct fixture f;
        size_t n;

        begin(&f, cases[i].answers, cases[i].answers[1].body != NULL ? 2 : 1);
        assert_false(notion_read_comments(f.notion, PAGE, f.arena, &remarks, &n, &f.err));
        assert_int_equal(f.err.kind, cases[i].kind);
        assert_non_null(strstr(f.err.text, cases[i].words));
        assert_int_equal(n, 0);
        end(&f);
    }
}

#define LOOKS \
    "\"annotations\":{\"bold\":true,\"italic\":false,\"strikethrough\":false,\"code\":false}"
#define SENT                                                                                      \
    "\"rich_text\":[{\"type\":\"text\",\"text\":{\"content\":\"Hi\",\"link\":{\"url\":\"https://" \
    "x.y\"}}," LOOKS "}]"

static void
test_writing(void **state)
{
    static const struct answer answers[] = {
        {200, "{\"id\":\"" ONE "\",\"discussion_id\":\"" TALK "\"}"},
        {503,
         "{\"message\":\"The change was saved\",\"additional_data\":{\"committed_resource_id\":"
         "\"" TWO "\"}}"},
        {200, "{\"object\":\"comment\"}"},
        {200, "{}"},
        {404, NOT_FOUND},
        {404, NOT_FOUND},
    };
    static const struct run run = {.text = "\x01Hi", .link = "https://x.y", .bold = true};
    const struct runs text = {&run, 1};
    const char *id;
    const char *thread;
    struct fixture f;

    (void)state;
    begin(&f, answers, 6);
    assert_true(notion_post_comment(f.notion, PAGE, NULL, &text, f.arena, &id, &thread, &f.err));
    assert_string_equal(id, ONE);
    assert_string_equal(thread, TALK);
    assert_true(notion_post_comment(f.notion, PAGE, TALK, &text, f.arena, &id, &thread, &f.err));
    assert_string_equal(id, TWO);
    assert_false(notion_post_comment(f.notion, PAGE, NULL, &text, f.arena, &id, &thread, &f.err));
    assert_int_equal(f.err.kind, ERR_AMBIGUOUS);
    assert_true(notion_edit_comment(f.notion, ONE, &text, &f.err));
    assert_false(notion_edit_comment(f.notion, ONE, &text, &f.err));
    assert_int_equal(f.err.kind, ERR_NOT_FOUND);
    assert_true(notion_delete_comment(f.notion, ONE, &f.err));
    expect_request(&f, 0, "POST /v1/comments", "{\"parent\":{\"page_id\":\"" PAGE "\"}," SENT "}");
    expect_request(&f, 1, "POST /v1/comments", "{\"discussion_id\":\"" TALK "\"," SENT "}");
    expect_request(&f, 3, "PATCH /v1/comments/" ONE, "{" SENT "}");
    expect_request(&f, 5, "DELETE /v1/comments/" ONE, "");
    end(&f);
}

static int
open_clock(void **state)
{
    (void)state;
    server_clock_open(START);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reading),
        cmocka_unit_test(test_runs),
        cmocka_unit_test(test_answers_that_are_none),
        cmocka_unit_test(test_writing),
    };

    return cmocka_run_group_tests(tests, open_clock, NULL);
}
