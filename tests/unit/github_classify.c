#include "github_test.h"

#define NOW       INT64_C(1772442000000)
#define SECONDARY "{\"message\":\"You have exceeded a secondary rate limit.\"}"
#define DENIED    "{\"message\":\"Resource not accessible by integration\"}"
#define LIMITED   "{\"errors\":[{\"type\":\"RATE_LIMITED\",\"message\":\"API rate limit exceeded\"}]}"
#define FAILED                                                                             \
    "{\"data\":null,\"errors\":[{\"message\":\"Something went wrong while executing your " \
    "query.\"}]}"
#define MISSING                                                                     \
    "{\"data\":{\"repository\":{\"i1\":null}},\"errors\":[{\"type\":\"NOT_FOUND\"," \
    "\"path\":[\"repository\",\"i1\"],\"message\":\"Could not resolve\"}]}"
#define QUOTED "{\"data\":{\"title\":\"\\\"errors\\\":[{\\\"type\\\":\\\"RATE_LIMITED\\\"}]\"}}"

struct row {
    int status;
    bool sent;
    int64_t retry_after, remaining, reset;
    const char *body;
    enum retry_meaning meaning;
    int64_t wait;
};

static void
check(retry_classify *classify, const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct retry_seen seen = {.status = rows[i].status,
                                  .sent = rows[i].sent,
                                  .json = true,
                                  .body = rows[i].body,
                                  .body_length = strlen(rows[i].body),
                                  .now = NOW,
                                  .retry_after = rows[i].retry_after,
                                  .limit_remaining = rows[i].remaining,
                                  .limit_reset = rows[i].reset};
        struct retry_verdict verdict = classify(&seen);

        if (verdict.meaning != rows[i].meaning || verdict.wait != rows[i].wait)
            fail_msg("row %zu: %d, %lld ms", i, (int)verdict.meaning, (long long)verdict.wait);
    }
}

/* What holds for both APIs. */
static const struct row common[] = {
    {0, true, 0, -1, 0, "", RETRY_UNCLEAR, 0},
    {0, false, 0, -1, 0, "", RETRY_TRANSIENT, 0},
    {200, true, 0, -1, 0, "{}", RETRY_DONE, 0},
    {200, true, 0, 0, NOW + 5000, "{}", RETRY_DONE, 0},
    {301, true, 0, -1, 0, "{}", RETRY_FINAL, 0},
    {401, true, 0, 59, 0, "{}", RETRY_FINAL, 0},
    {403, true, 0, 59, NOW + 5000, DENIED, RETRY_FINAL, 0},
    {403, true, NOW + 60000, 59, NOW + 5000, SECONDARY, RETRY_LIMITED, 60000},
    {403, true, NOW + 60000, 0, NOW + 5000, "{}", RETRY_LIMITED, 60000},
    {403, true, 0, 0, NOW + 5000, "{}", RETRY_LIMITED, 5000},
    {429, true, 0, 0, NOW + 5000, "{}", RETRY_LIMITED, 5000},
    {429, true, 0, 0, NOW - 5000, "{}", RETRY_LIMITED, 1},
    {403, true, 0, 59, NOW + 5000, SECONDARY, RETRY_LIMITED, 0},
    {403, true, 0, -1, 0, "triggered an abuse detection mechanism", RETRY_LIMITED, 0},
    {429, true, 0, 59, NOW + 5000, "", RETRY_LIMITED, 0},
    {404, true, 0, 59, 0, "{}", RETRY_FINAL, 0},
    {405, true, 0, 59, 0, "{}", RETRY_FINAL, 0},
    {409, true, 0, 59, 0, "{}", RETRY_FINAL, 0},
    {410, true, 0, 59, 0, "{}", RETRY_FINAL, 0},
    {422, true, 0, 59, 0, "{}", RETRY_FINAL, 0},
    {500, true, 0, 59, 0, "{}", RETRY_UNCLEAR, 0},
    {502, true, 0, 59, 0, "<html>", RETRY_UNCLEAR, 0},
    {503, true, NOW + 1000, 59, 0, "", RETRY_UNCLEAR, 0},
    {504, true, 0, 59, 0, "", RETRY_UNCLEAR, 0},
};

static void
test_rest(void **state)
{
    static const struct row rows[] = {
        {201, true, 0, -1, 0, "{\"number\":1}", RETRY_DONE, 0},
        {204, true, 0, -1, 0, "", RETRY_DONE, 0},
        {200, true, 0, -1, 0, LIMITED, RETRY_DONE, 0},
    };

    (void)state;
    check(github_classify, common, COUNT(common));
    check(github_classify, rows, COUNT(rows));
}

static void
test_graphql(void **state)
{
    static const struct row rows[] = {
        {200, true, 0, 0, NOW + 5000, LIMITED, RETRY_LIMITED, 5000},
        {200, true, NOW + 7000, 0, NOW + 5000, LIMITED, RETRY_LIMITED, 7000},
        {200, true, 0, 59, NOW + 5000, LIMITED, RETRY_LIMITED, 0},
        {200, true, 0, 59, 0,
         "{\"errors\":[{\"message\":\"You have exceeded a secondary rate limit\"}]}", RETRY_LIMITED,
         0},
        {200, true, 0, 0, NOW + 5000,
         "{\"errors\":[{\"message\":\"API rate limit already exceeded for user ID 1.\"}]}",
         RETRY_LIMITED, 5000},
        {200, true, 0, 59, 0, FAILED, RETRY_UNCLEAR, 0},
        {200, true, 0, 59, 0,
         "{\"errors\":[{\"message\":\"We couldn't respond to your request in time.\"}]}",
         RETRY_UNCLEAR, 0},
        {200, true, 0, 59, 0, MISSING, RETRY_DONE, 0},
        {200, true, 0, 59, 0, QUOTED, RETRY_DONE, 0},
        {200, true, 0, 59, 0, "{\"errors\":[{}]}", RETRY_DONE, 0},
        {200, true, 0, 59, 0, "{\"errors\":7}", RETRY_DONE, 0},
        {200, true, 0, 59, 0, "{\"errors\":[7,null,{\"type\":7,\"message\":[]}]}", RETRY_DONE, 0},
        {200, true, 0, 59, 0, "{\"errors\":[", RETRY_UNCLEAR, 0},
        {200, true, 0, 59, 0,
         "{\"errors\":[{\"message\":\"Something went wrong while executing your query\"},"
         "{\"type\":\"RATE_LIMITED\"}]}",
         RETRY_LIMITED, 0},
        {200, true, 0, 59, 0,
         "{\"errors\":[{\"type\":\"RATE_LIMITED\"},"
         "{\"message\":\"Something went wrong while executing your query\"}]}",
         RETRY_LIMITED, 0},
    };

    (void)state;
    check(github_classify_graphql, common, COUNT(common));
    check(github_classify_graphql, rows, COUNT(rows));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rest),
        cmocka_unit_test(test_graphql),
    };

    return cmocka_run_group_tests_name("github: what answers mean", tests, NULL, NULL);
}
