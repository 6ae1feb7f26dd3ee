#include "github_wire.h"

#define NOTION_ID "4dc5fc5f-4ccb-8482-bd99-b595d04d2b5f"
/* As in a comment on #1. */
#define MARKED "<!-- notion-sync comment=" NOTION_ID " tag=bb3d69f9a7c8ff84 -->"
#define AT     "\"createdAt\":\"2026-03-02T09:00:05Z\",\"lastEditedAt\":null"
#define COMMENT(id, author, own, body)                                           \
    "{\"url\":\"https://g/o/r/issues/1#issuecomment-" id "\",\"author\":" author \
    ",\"viewerDidAuthor\":" own ",\"body\":\"" body "\"," AT "}"
#define USER(login) "{\"__typename\":\"User\",\"login\":\"" login "\"}"
#define BOT         "{\"__typename\":\"Bot\",\"login\":\"robot\"}"
#define SAID(nodes) \
    "\"i1\":{\"comments\":{\"nodes\":[" nodes "],\"pageInfo\":{\"hasNextPage\":false}}}"
#define DATA(fields) "{\"data\":{\"repository\":{" fields "}}}"

#define PLAIN  COMMENT("5", USER("octo"), "false", "Hello *you*")
#define COPY   COMMENT("6", USER("me"), "true", "Copy\\n\\n" MARKED)
#define LINK   COMMENT("7", USER("me"), "true", "L\\n\\n<!-- notion-sync page=x -->")
#define BEEP   COMMENT("8", BOT, "false", "Beep")
#define FORGED COMMENT("9", USER("mallory"), "false", "Forged\\n\\n" MARKED)
#define GHOST  COMMENT("10", "null", "false", "Ghost")

static void
test_remarks(void **state)
{
    static const struct step step = {
        "200 OK", DATA(SAID(PLAIN "," COPY "," LINK "," BEEP "," FORGED "," GHOST)), NULL};
    int64_t number = 1;
    struct remarks list = {0};
    struct wire wire;
    struct err err;

    (void)state;
    wire_open(&wire, &step, 1, NULL);
    if (!github_read_conversations(wire.github, &number, 1, wire.arena, &list, &err))
        fail_msg("%s", err.text);
    assert_int_equal(list.len, 6);
    assert_string_equal(list.items[0].id, "5");
    assert_string_equal(list.items[0].author, "octo");
    assert_int_equal(list.items[0].text.len, 2);
    assert_true(list.items[0].text.items[1].italic);
    assert_false(list.items[0].apart || list.items[0].edited);
    assert_null(list.items[0].copy_of);
    assert_string_equal(list.items[1].copy_of, NOTION_ID);
    assert_int_equal(list.items[1].part, 1);
    assert_true(list.items[2].apart);
    assert_true(list.items[3].apart);
    assert_null(list.items[4].copy_of);
    assert_false(list.items[4].apart);
    assert_string_equal(list.items[5].author, "");
    wire_close(&wire, 1);
}

#define HEARD(issue, type, login, body)                                                    \
    "{\"issue_url\":\"https://api/repos/o/r/issues/" issue "\",\"user\":{\"type\":\"" type \
    "\",\"login\":\"" login "\"},\"body\":\"" body "\"}"

static void
test_heard(void **state)
{
    static const struct step steps[] = {
        {"200 OK",
         "[" HEARD("3", "User", "octo", "Hi") "," HEARD("4", "Bot", "robot[bot]", "Beep") "]",
         "Link: </repos/o/r/issues/comments?page=2>; rel=\"next\"\r\n"},
        {"200 OK",
         "[" HEARD("5", "User", "me", "Copy\\n\\n" MARKED) "," HEARD("6", "User", "me",
                                                                     "By hand") "]",
         NULL},
    };
    struct heard_list list = {0};
    struct wire wire;
    struct err err;

    (void)state;
    wire_open(&wire, steps, 2, NULL);
    if (!github_list_heard(wire.github, "me", INT64_C(1772442030500), &list, &err))
        fail_msg("%s", err.text);
    assert_int_equal(list.len, 2);
    assert_int_equal(list.items[0], 3);
    assert_int_equal(list.items[1], 6);
    assert_non_null(strstr(wire.server.requests[0],
                           "GET /repos/o/r/issues/comments?since=2026-03-02T09:00:30Z&sort=updated&"
                           "direction=asc&per_page=100 "));
    vec_free(&list);
    wire_close(&wire, 2);
}

static void
expect_heard_fails(const char *body)
{
    const struct step step = {"200 OK", body, NULL};
    struct heard_list list = {0};
    struct wire wire;
    struct err err;

    wire_open(&wire, &step, 1, NULL);
    assert_false(github_list_heard(wire.github, "me", 0, &list, &err));
    assert_int_equal(err.kind, ERR_DATA);
    vec_free(&list);
    wire_close(&wire, 1);
}

static void
test_heard_is_no_list(void **state)
{
    (void)state;
    expect_heard_fails("{}");
    expect_heard_fails("[{}]");
    expect_heard_fails("[" HEARD("0", "User", "octo", "Hi") "]");
    expect_heard_fails("[" HEARD("7x", "User", "octo", "Hi") "]");
}

static void
test_writing(void **state)
{
    static const struct step steps[] = {
        {"201 Created", "{\"id\":5}", NULL},
        {"200 OK", "{\"id\":5}", NULL},
        {"404 Not Found", "{\"message\":\"Not Found\"}", NULL},
        {"204 No Content", "", NULL},
        {"404 Not Found", "{\"message\":\"Not Found\"}", NULL},
    };
    static const struct run run = {.text = "Hi @octo", .bold = true};
    const struct runs text = {&run, 1};
    const char *marker = "comment=" NOTION_ID;
    struct wire wire;
    struct err err;
    int64_t id;

    (void)state;
    wire_open(&wire, steps, 5, NULL);
    assert_true(github_post_copy(wire.github, 1, &text, marker, &id, &err));
    assert_int_equal(id, 5);
    assert_true(github_edit_copy(wire.github, 1, "5", &text, marker, &err));
    assert_false(github_edit_copy(wire.github, 1, "5", &text, marker, &err));
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    assert_true(github_delete_copy(wire.github, "5", &err));
    assert_true(github_delete_copy(wire.github, "5", &err));
    assert_non_null(strstr(wire.server.requests[0], "POST /repos/o/r/issues/1/comments "));
    assert_non_null(
        strstr(wire.server.requests[0], "{\"body\":\"**Hi @\xe2\x81\xa0octo**\\n\\n" MARKED "\"}"));
    assert_non_null(strstr(wire.server.requests[1], "PATCH /repos/o/r/issues/comments/5 "));
    assert_non_null(strstr(wire.server.requests[1], MARKED));
    assert_non_null(strstr(wire.server.requests[3], "DELETE /repos/o/r/issues/comments/5 "));
    wire_close(&wire, 5);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_remarks),
        cmocka_unit_test(test_heard),
        cmocka_unit_test(test_heard_is_no_list),
        cmocka_unit_test(test_writing),
    };

    log_init(LOG_ERROR, false);
    server_clock_open(START);
    return cmocka_run_group_tests_name("github: conversations on the wire", tests, NULL, NULL);
}
