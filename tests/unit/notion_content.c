#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json.h"
#include "http_server.h"
#include "markdown/markdown.h"
#include "model/body.h"
#include "notion/notion.h"

#define START INT64_C(1772442000000)
#define HOUR  INT64_C(3600000)
#define PAGE  "0a1b2c3d-0000-4000-8000-0000000000a1"
#define READ  "GET /v1/pages/" PAGE "/markdown?markdown_version=v2"
#define WRITE "PATCH /v1/pages/" PAGE "/markdown"

#define REFUSAL                                                                         \
    "{\"object\":\"error\",\"status\":400,\"code\":\"validation_error\",\"message\":\"" \
    "Could not find the old_str\"}"

struct fixture {
    struct arena *arena;
    struct server server;
    struct reply replies[8];
    struct http *http;
    struct notion *notion;
    struct value text;
    struct content content;
    struct err err;
};

/* What Notion answers: its page's Markdown, or an error's JSON. */
struct answer {
    int status;
    const char *text;
};

static const char *
page_json(struct arena *arena, const char *markdown, bool truncated)
{
    struct json_object *json = json_new_object();
    const char *text;

    json_add_string(json, "object", "page_markdown");
    json_add_string(json, "markdown", markdown);
    json_add_bool(json, "truncated", truncated);
    text = json_write(arena, json);
    json_object_put(json);
    return text;
}

static void
begin(struct fixture *f, const char *now, const struct answer *answers, int count)
{
    *f = (struct fixture){.arena = arena_new()};
    for (int i = 0; i < count; i++) {
        const char *body = answers[i].status == 200 ? page_json(f->arena, answers[i].text, false)
                                                    : answers[i].text;

        f->replies[i].text = arena_printf(
            f->arena,
            "HTTP/1.1 %d X\r\nContent-Length: %zu\r\nContent-Type: application/json\r\n\r\n%s",
            answers[i].status, strlen(body), body);
    }
    server_start(&f->server, f->replies, count);
    f->http = http_start("notion-sync-test/1", NULL, clock_now() + HOUR, &f->err);
    assert_non_null(f->http);
    f->notion = notion_new(f->http, f->server.url, "ntn_s3cret", &f->err);
    assert_non_null(f->notion);
    f->text = value_text(now);
    f->content.hash = body_hash(f->arena, markdown_normal_notion(f->arena, now));
}

static void
end(struct fixture *f, int requests)
{
    assert_int_equal(f->server.count, requests);
    for (int i = 0; i < f->server.count; i++)
        assert_null(strstr(f->server.requests[i], "allow_deleting_content"));
    notion_free(f->notion);
    http_stop(f->http);
    server_end(&f->server);
    arena_free(f->arena);
}

static bool
write_to(struct fixture *f, const char *wanted)
{
    return notion_write_content(f->notion, PAGE, wanted, f->arena, &f->text, &f->content, &f->err);
}

static void
expect(const struct fixture *f, int n, const char *line, const char *body)
{
    const char *request = f->server.requests[n];
    const char *got = strstr(request, "\r\n\r\n") + 4;

    if (strncmp(request, line, strlen(line)) != 0 || request[strlen(line)] != ' ')
        fail_msg("%s", request);
    assert_string_equal(got, body);
}

/* The body of a request that edits: pairs of old and new text, ended by NULL. */
static const char *
edits(struct arena *arena, const char *const *pairs)
{
    struct json_object *list = json_new_array();
    struct json_object *body = json_new_object();
    const char *text;

    for (; *pairs != NULL; pairs += 2) {
        struct json_object *edit = json_new_object();

        json_add_string(edit, "old_str", pairs[0]);
        json_push(list, json_add_string(edit, "new_str", pairs[1]));
    }
    json_add_string(body, "type", "update_content");
    json_add_string(body, "markdown_version", "v2");
    json_add(body, "update_content", json_add(json_new_object(), "content_updates", list));
    text = json_write(arena, body);
    json_object_put(body);
    return text;
}

#define NOW    "One.\n\nTwo.\n\nThree.\n\nFour.\n\nFive."
#define WANTED "ONE.\n\nTwo.\n\nTHREE.\n\nFour.\n\nFive."
#define HALF   "ONE.\n\nTwo.\n\nThree.\n\nFour.\n\nFive."

static const char *const both[] = {"One.", "ONE.", "Three.", "THREE.", NULL};
static const char *const second[] = {"Three.", "THREE.", NULL};

static void
test_read(void **state)
{
    static const struct answer answers[] = {{200, "A\n\nB"}};
    struct fixture f;

    (void)state;
    begin(&f, "", answers, 1);
    f.content = (struct content){.mixed = true};
    assert_true(notion_read_content(f.notion, PAGE, f.arena, &f.text, &f.content, &f.err));
    expect(&f, 0, READ, "");
    assert_string_equal(f.text.text, "A\n\nB");
    assert_string_equal(f.content.hash,
                        body_hash(f.arena, markdown_normal_notion(f.arena, "A\n\nB")));
    assert_false(f.content.partial);
    assert_false(f.content.mixed);
    end(&f, 1);
}

static void
test_partial(void **state)
{
    struct fixture f;
    struct answer answer = {200, ""};
    const char *body;

    (void)state;
    begin(&f, "", &answer, 1);
    body = page_json(f.arena, "A", true);
    f.replies[0].text = arena_printf(f.arena, "HTTP/1.1 200 X\r\nContent-Length: %zu\r\n\r\n%s",
                                     strlen(body), body);
    assert_true(notion_read_content(f.notion, PAGE, f.arena, &f.text, &f.content, &f.err));
    assert_true(f.content.partial);
    end(&f, 1);
}

/* Only what differs is sent, and what is answered is kept. */
static void
test_edits(void **state)
{
    static const struct answer answers[] = {{200, WANTED}};
    struct fixture f;

    (void)state;
    begin(&f, NOW, answers, 1);
    assert_true(write_to(&f, WANTED));
    expect(&f, 0, WRITE, edits(f.arena, both));
    assert_string_equal(f.text.text, WANTED);
    assert_false(f.content.mixed);
    end(&f, 1);
}

static void
test_nothing_to_do(void **state)
{
    static const struct answer answers[] = {{200, ""}};
    struct fixture f;

    (void)state;
    begin(&f, NOW, answers, 1);
    assert_true(write_to(&f, NOW));
    end(&f, 0);
}

/* An empty page has no text that an edit could name. */
static void
test_empty(void **state)
{
    static const struct answer answers[] = {{200, "A"}};
    struct fixture f;

    (void)state;
    begin(&f, "", answers, 1);
    assert_true(write_to(&f, "A"));
    expect(&f, 0, WRITE,
           "{\"type\":\"replace_content\",\"markdown_version\":\"v2\",\"replace_content\":{\"new_"
           "str\":\"A\"}}");
    end(&f, 1);
}

/* Refused, but the first edit was made; answered, but the second one was not: the rest is sent. */
static void
test_made_in_part(void **state)
{
    static const struct answer refused[] = {{400, REFUSAL}, {200, HALF}, {200, WANTED}};
    static const struct answer answered[] = {{200, HALF}, {200, WANTED}};
    struct fixture f;

    (void)state;
    begin(&f, NOW, answered, 2);
    assert_true(write_to(&f, WANTED));
    expect(&f, 1, WRITE, edits(f.arena, second));
    assert_string_equal(f.text.text, WANTED);
    end(&f, 2);
    begin(&f, NOW, refused, 3);
    assert_true(write_to(&f, WANTED));
    expect(&f, 2, WRITE, edits(f.arena, second));
    end(&f, 3);
}

static void
test_refused(void **state)
{
    static const struct answer answers[] = {{400, REFUSAL}, {200, NOW}};
    struct fixture f;

    (void)state;
    begin(&f, NOW, answers, 2);
    assert_false(write_to(&f, WANTED));
    assert_int_equal(f.err.kind, ERR_REFUSED);
    assert_non_null(strstr(f.err.text, "old_str"));
    expect(&f, 1, READ, "");
    end(&f, 2);
}

/* Somebody else's edit is not overwritten, and is reported. */
static void
test_others(void **state)
{
    static const struct answer before[] = {{400, REFUSAL}, {200, "One.\n\nTwo!\n\nThree."}};
    static const struct answer meanwhile[] = {{200, "ONE.\n\nTwo.\n\nTHREE.\n\nFour.\n\nFIVE!"}};
    struct fixture f;

    (void)state;
    begin(&f, NOW, before, 2);
    assert_false(write_to(&f, WANTED));
    assert_int_equal(f.err.kind, ERR_CONFLICT);
    end(&f, 2);
    begin(&f, NOW, meanwhile, 1);
    assert_true(write_to(&f, WANTED));
    assert_true(f.content.mixed);
    end(&f, 1);
}

/* What Notion writes in its own way is neither sent again nor somebody's edit. */
static void
test_rewritten(void **state)
{
    static const struct answer answers[] = {
        {200, "ONE, as Notion says.\n\nTwo.\n\nTHREE.\n\nFour.\n\nFive."}};
    struct fixture f;

    (void)state;
    begin(&f, NOW, answers, 1);
    assert_true(write_to(&f, WANTED));
    assert_false(f.content.mixed);
    assert_non_null(strstr(f.text.text, "as Notion says"));
    end(&f, 1);
    begin(&f, "", answers, 1);
    assert_true(write_to(&f, WANTED));
    assert_false(f.content.mixed);
    end(&f, 1);
}

/* What Notion takes and does not keep is not sent for ever. */
static void
test_ignored(void **state)
{
    static const struct answer answers[] = {{200, NOW}};
    struct fixture f;

    (void)state;
    begin(&f, NOW, answers, 1);
    assert_true(write_to(&f, WANTED));
    assert_string_equal(f.text.text, NOW);
    end(&f, 2);
}

static void
test_cannot_carry(void **state)
{
    static const struct answer answers[] = {{200, ""}};
    struct fixture f;

    (void)state;
    begin(&f, "<unknown url=\"https://notion.test/x\" />", answers, 1);
    assert_false(write_to(&f, "All new."));
    assert_int_equal(f.err.kind, ERR_REFUSED);
    assert_non_null(strstr(f.err.text, "that Markdown cannot carry"));
    end(&f, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),         cmocka_unit_test(test_partial),
        cmocka_unit_test(test_edits),        cmocka_unit_test(test_nothing_to_do),
        cmocka_unit_test(test_empty),        cmocka_unit_test(test_made_in_part),
        cmocka_unit_test(test_refused),      cmocka_unit_test(test_others),
        cmocka_unit_test(test_ignored),      cmocka_unit_test(test_rewritten),
        cmocka_unit_test(test_cannot_carry),
    };

    server_clock_open(START);
    return cmocka_run_group_tests_name("notion: content", tests, NULL, NULL);
}
