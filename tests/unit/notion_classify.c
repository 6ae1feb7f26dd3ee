#include "notion_test.h"

#define NOW     INT64_C(1772442000000)
#define BLOCKED "{\"additional_data\":{\"rate_limit_reason\":\"public_api_request_blocked\"}}"
#define BUSY    "{\"additional_data\":{\"rate_limit_reason\":\"public_api_request_rate_limit\"}}"
#define SAVED   "{\"message\":\"The change was saved, but its answer was lost.\"}"
#define ADOPT   "{\"additional_data\":{\"committed_resource_id\":\"" PAGE "\"}}"

static void
test_meaning(void **state)
{
    static const struct {
        int status;
        bool writes;
        const char *body;
        enum retry_meaning meaning;
    } rows[] = {
        {200, false, "{}", RETRY_DONE},
        {200, true, "", RETRY_DONE},
        {202, true, "{}", RETRY_DONE},
        {301, false, "", RETRY_FINAL},
        {400, true, "{\"code\":\"validation_error\"}", RETRY_FINAL},
        {401, false, "{}", RETRY_FINAL},
        {403, true, "<html>", RETRY_FINAL},
        {404, false, "{}", RETRY_FINAL},
        {409, true, "{}", RETRY_TRANSIENT},
        {429, true, "{}", RETRY_LIMITED},
        {429, false, "too many", RETRY_LIMITED},
        {429, true, BUSY, RETRY_LIMITED},
        {429, true, BLOCKED, RETRY_FINAL},
        {529, false, "{}", RETRY_LIMITED},
        {529, true, BLOCKED, RETRY_FINAL},
        {500, true, "{}", RETRY_UNCLEAR},
        {500, false, "{}", RETRY_UNCLEAR},
        {502, false, "<html>", RETRY_UNCLEAR},
        {504, true, "", RETRY_UNCLEAR},
        {520, true, "", RETRY_UNCLEAR},
        {503, false, "{}", RETRY_TRANSIENT},
        {503, false, SAVED, RETRY_TRANSIENT},
        {503, true, "{}", RETRY_UNCLEAR},
        {503, true, "<html>", RETRY_UNCLEAR},
        {503, true, "{\"message\":\"The change was not saved.\"}", RETRY_UNCLEAR},
        {503, true, "{\"message\":\"The change may have been saved.\"}", RETRY_UNCLEAR},
        {503, true, "{\"message\":null,\"additional_data\":[]}", RETRY_UNCLEAR},
        {503, true, SAVED, RETRY_FINAL},
        {503, true, ADOPT, RETRY_FINAL},
        {500, true, ADOPT, RETRY_UNCLEAR},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct retry_seen seen = {
            .status = rows[i].status,
            .writes = rows[i].writes,
            .body = rows[i].body,
            .body_length = strlen(rows[i].body),
            .now = NOW,
        };

        if (notion_classify(&seen).meaning != rows[i].meaning)
            fail_msg("%d %s", rows[i].status, rows[i].body);
    }
}

static void
test_no_answer(void **state)
{
    struct retry_seen seen = {.body = ""};

    (void)state;
    assert_int_equal(notion_classify(&seen).meaning, RETRY_TRANSIENT);
    seen.sent = true;
    assert_int_equal(notion_classify(&seen).meaning, RETRY_UNCLEAR);
}

static void
test_wait(void **state)
{
    static const struct {
        int64_t retry_after;
        const char *body;
        int64_t wait;
    } rows[] = {
        {NOW + 42000, "{}", 42000},
        {NOW + 3600000, "{}", 3600000},
        {NOW - 5, "{}", 1},
        {NOW + 2000, "{\"additional_data\":{\"retry_after\":\"30\"}}", 2000},
        {0, "{\"additional_data\":{\"retry_after\":\"30\"}}", 30000},
        {0, "{\"additional_data\":{\"retry_after\":30}}", 30000},
        {0, "{\"additional_data\":{\"retry_after\":\"soon\"}}", 0},
        {0, "{\"additional_data\":{\"retry_after\":\"-9\"}}", 0},
        {0, "{\"additional_data\":{\"retry_after\":\"99999999999999999999\"}}", 0},
        {0, "{}", 0},
        {0, "", 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct retry_seen seen = {
            .status = 429,
            .body = rows[i].body,
            .body_length = strlen(rows[i].body),
            .now = NOW,
            .retry_after = rows[i].retry_after,
        };

        if (notion_classify(&seen).wait != rows[i].wait)
            fail_msg("%s", rows[i].body);
    }
}

/* What a refusal says to the user. */
static void
test_refusals(void **state)
{
    static const struct {
        int status;
        enum need need;
        const char *body;
        enum err_kind kind;
        const char *text;
    } rows[] = {
        {400, NEED_UPDATE, "{\"message\":\"body failed\\nvalidation\"}", ERR_REFUSED,
         "doing it: Notion refuses: body failed validation (400); " ERR_CURE_REFUSED},
        {400, NEED_UPDATE, "{}", ERR_REFUSED,
         "doing it: Notion refuses: no reason given (400); correct what it names, or"},
        {401, NEED_READ, "{\"message\":\"API token is invalid.\"}", ERR_ACCESS,
         "doing it: Notion does not accept the token (API token is invalid.); check notion_token"},
        {403, NEED_READ, "{}", ERR_ACCESS, "needs the capability \"Read content\""},
        {403, NEED_UPDATE, "{}", ERR_ACCESS, "needs the capability \"Update content\""},
        {403, NEED_INSERT, "{}", ERR_ACCESS, "needs the capability \"Insert content\""},
        {403, NEED_USERS, "{}", ERR_ACCESS, "needs the capability \"Read user information\""},
        {403, NEED_INSERT, "{\"additional_data\":{\"block_limit\":1000}}", ERR_ACCESS,
         "the Notion workspace is full"},
        {404, NEED_READ, "{\"code\":\"object_not_found\"}", ERR_NOT_FOUND,
         "is not shared with the connection"},
        {404, NEED_READ, "{}", ERR_DATA, "is notion_api_url right?"},
        {404, NEED_READ, "", ERR_DATA, "is notion_api_url right?"},
        {429, NEED_READ, BLOCKED, ERR_ACCESS, "Notion blocks the requests of this connection"},
        {302, NEED_READ, "", ERR_DATA, "unexpected answer 302"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct ask ask = {.what = "doing it", .need = rows[i].need};
        struct reply reply = {.status = rows[i].status};
        struct err err = {0};

        if (rows[i].body[0] != '\0')
            reply.json = test_json(rows[i].body);
        assert_false(notion_refused(&ask, &reply, &err));
        if (err.kind != rows[i].kind || strstr(err.text, rows[i].text) == NULL)
            fail_msg("%d %s: %s", rows[i].status, rows[i].body, err.text);
        notion_reply_release(&reply);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_meaning),
        cmocka_unit_test(test_no_answer),
        cmocka_unit_test(test_wait),
        cmocka_unit_test(test_refusals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
