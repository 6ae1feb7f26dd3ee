#include "fuzz.h"

#include <time.h>

#include "base/clock.h"
#include "github/github.h"
#include "http/http_p.h"
#include "notion/notion.h"

#define YEAR_0    INT64_C(-62167219200000)
#define YEAR_9999 INT64_C(253402300799999)

static void
check_date(const char *text)
{
    char shown[CLOCK_TEXT_SIZE];
    char date[64];
    struct tm tm;
    int64_t time;
    int64_t again;
    time_t seconds;

    if (clock_parse(text, &time)) {
        clock_format(time, shown);
        CHECK(strlen(shown) == strlen("2026-03-11T09:00:00.000Z"));
        CHECK(clock_parse(shown, &again));
        if (time >= YEAR_0 && time <= YEAR_9999)
            CHECK(again == time);
        else
            CHECK(again >= YEAR_0 && again <= YEAR_9999);
    }
    if (clock_parse_http(text, &time)) {
        seconds = (time_t)(time / 1000);
        CHECK(time % 1000 == 0 && gmtime_r(&seconds, &tm) != NULL);
        CHECK(strftime(date, sizeof(date), "%a, %d %b ", &tm) > 0);
        CHECK(strncmp(text + 5, date + 5, strlen(date) - 5) == 0);
        CHECK(strlen(text) == strlen("Sun, 06 Nov 1994 08:49:37 GMT"));
    }
}

static void
check_retry_after(const char *text, int64_t now)
{
    int64_t time = retry_parse_after(text, now);

    if (text[0] != '\0' && strspn(text, "0123456789") == strlen(text))
        CHECK(time >= now && time - now >= 0);
    else if (time != 0)
        CHECK(clock_parse_http(text, &time));
}

static void
check_next(const struct retry_verdict *verdict, int attempt, int64_t left, int jitter)
{
    for (int i = 0; i < 2; i++) {
        enum retry_safety safety = i == 0 ? RETRY_SAFE : RETRY_LOOK_FIRST;
        struct retry_decision next = retry_next(verdict, safety, attempt, left, jitter);

        if (verdict->meaning == RETRY_DONE || verdict->meaning == RETRY_FINAL)
            CHECK(next.action == RETRY_RETURN);
        else
            CHECK(next.action != RETRY_RETURN);
        if (verdict->meaning == RETRY_UNCLEAR && safety == RETRY_LOOK_FIRST)
            CHECK(next.action == RETRY_GIVE_UP);
        if (attempt >= RETRY_WAITS)
            CHECK(next.action != RETRY_AGAIN);
        if (next.action == RETRY_AGAIN)
            CHECK(next.delay >= verdict->wait && next.delay > 0 && next.delay < left);
    }
}

static void
check_classify(retry_classify *classify, const struct retry_seen *seen, int attempt, int64_t left)
{
    struct retry_verdict verdict = classify(seen);

    CHECK(verdict.meaning <= RETRY_UNCLEAR && verdict.wait >= 0);
    if (seen->status >= 200 && seen->status < 300 && classify != github_classify_graphql)
        CHECK(verdict.meaning == RETRY_DONE);
    if (seen->status == 401 || seen->status == 404 || seen->status == 422)
        CHECK(verdict.meaning == RETRY_FINAL);
    if (verdict.meaning == RETRY_LIMITED || verdict.meaning == RETRY_TRANSIENT)
        CHECK(seen->status != 0 || !seen->sent);
    check_next(&verdict, attempt, left, 500);
}

/* An answer: header lines, an empty one, the body. */
static void
check_answer(struct arena *arena, const char *text, struct bytes *choices)
{
    static const char url[] = "https://api.github.com/repos/o/r/issues?page=2";
    const char *line = text;
    struct head head = {0};
    struct retry_seen seen;
    char *next;

    for (size_t length; *line != '\0' && !head.complete; line += length) {
        length = strcspn(line, "\n");
        length += line[length] == '\n';
        if (!head_line(&head, line, length))
            break;
    }
    next = head_next(&head, url);
    if (next != NULL) {
        char *origin = http_url_origin(next);

        CHECK(head.value[HEAD_LINK] != NULL && strpbrk(next, " \r\n\t") == NULL);
        free(origin);
        free(next);
    }
    CHECK(head_number(&head, HEAD_REMAINING, -1) >= -1);
    CHECK(head.status >= 0 && head.status <= 999);
    seen = (struct retry_seen){
        .status = head.status,
        .sent = take_flag(choices),
        .writes = take_flag(choices),
        .json = take_flag(choices),
        .body = arena_strdup(arena, line),
        .body_length = strlen(line),
        .now = head_date(&head),
        .limit_remaining = head_number(&head, HEAD_REMAINING, -1),
        .limit_reset = head_number(&head, HEAD_RESET, 0) < YEAR_9999 / 1000
                           ? head_number(&head, HEAD_RESET, 0) * 1000
                           : 0,
    };
    if (head.value[HEAD_RETRY_AFTER] != NULL)
        seen.retry_after = retry_parse_after(head.value[HEAD_RETRY_AFTER], seen.now);
    check_classify(github_classify, &seen, (int)take_below(choices, 12) + 1, INT64_C(1800000));
    check_classify(github_classify_graphql, &seen, 1, take_number(choices) & INT64_MAX);
    check_classify(notion_classify, &seen, 3, INT64_C(1800000));
    head_release(&head);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct bytes bytes = {data, size};
    struct bytes choices = {data, size};
    const char *text;

    if (size > 0 && data[0] < ' ')
        choices.left = 10 < size ? 10 : size;
    else
        choices.left = 0;
    bytes.at += choices.left;
    bytes.left -= choices.left;
    text = take_rest(&bytes, arena);
    check_date(text);
    check_retry_after(text, INT64_C(1773230400000));
    check_answer(arena, text, &choices);
    arena_free(arena);
    return 0;
}
