#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http_server.h"
#include "notion/notion.h"

#define START  INT64_C(1772442000000)
#define HOUR   INT64_C(3600000)
#define TOKEN  "ntn_s3cret"
#define SOURCE "0a1b2c3d-0000-4000-8000-00000000d501"
#define PAGE   "0a1b2c3d-0000-4000-8000-0000000000a1"
#define OTHER  "0a1b2c3d-0000-4000-8000-0000000000a2"

#define ROW(id, time, title)                                                        \
    "{\"object\":\"page\",\"id\":\"" id "\",\"created_time\":\"" time               \
    "\",\"properties\":{\"Name\":{\"id\":\"title\",\"type\":\"title\",\"title\":["  \
    "{\"plain_text\":\"" title "\"}]},\"No\":{\"id\":\"n%3A\",\"type\":\"number\"," \
    "\"number\":5}}}"
#define LIST(rows, rest) "{\"object\":\"list\",\"results\":[" rows "]," rest "}"
#define LAST             "\"has_more\":false,\"next_cursor\":null"
#define MORE(cursor)     "\"has_more\":true,\"next_cursor\":\"" cursor "\""
#define CUT              LAST ",\"request_status\":{\"type\":\"incomplete\"}"
#define ONLY             "?filter_properties=n%3A&filter_properties=title"
#define NOT_FOUND        "{\"code\":\"object_not_found\",\"message\":\"Could not find it.\"}"
#define ONE              "2026-03-02T09:00:00.000Z"
#define TWO              "2026-03-02T09:01:00.000Z"

struct fixture {
    struct arena *arena;
    struct server server;
    struct reply replies[8];
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
    static const struct binding fields[FIELD_ROOM] = {
        [FIELD_TITLE] = {.id = "title", .name = "Name", .type = "title"},
    };
    static const struct binding number = {.id = "n%3A", .name = "No", .type = "number"};

    *f = (struct fixture){.arena = arena_new()};
    while (count > 1 && answers[count - 1].body == NULL)
        count--;
    for (int i = 0; i < count; i++)
        f->replies[i].text =
            arena_printf(f->arena, "HTTP/1.1 %d X\r\nContent-Length: %zu\r\n\r\n%s",
                         answers[i].status, strlen(answers[i].body), answers[i].body);
    server_start(&f->server, f->replies, count);
    f->http = http_start("notion-sync-test/1", NULL, clock_now() + HOUR, &f->err);
    assert_non_null(f->http);
    f->notion = notion_new(f->http, f->server.url, TOKEN, &f->err);
    assert_non_null(f->notion);
    notion_bind(f->notion, SOURCE, fields, &number);
}

static void
end(struct fixture *f)
{
    assert_null(strstr(f->err.text, TOKEN));
    notion_free(f->notion);
    http_stop(f->http);
    server_end(&f->server);
    arena_free(f->arena);
}

/* Expects the n-th request to be this line and body. */
static void
expect_request(struct fixture *f, int n, const char *line, const char *body)
{
    const char *request = f->server.requests[n];
    const char *got = strstr(request, "\r\n\r\n") + 4;

    if (strncmp(request, line, strlen(line)) != 0 || request[strlen(line)] != ' ')
        fail_msg("%s", request);
    assert_string_equal(got, body);
}

static void
expect_failure(struct fixture *f, enum err_kind kind, const char *text)
{
    if (f->err.kind != kind || strstr(f->err.text, text) == NULL)
        fail_msg("kind %d: %s", (int)f->err.kind, f->err.text);
}

static int
count_of(const char *text, const char *part)
{
    int n = 0;

    for (; (text = strstr(text, part)) != NULL; text++)
        n++;
    return n;
}

static void
test_headers(void **state)
{
    static const struct answer answers[] = {{200, ROW(PAGE, ONE, "T")}};
    struct fixture f;
    struct page *page;
    const char *request;

    (void)state;
    begin(&f, answers, 1);
    assert_true(
        notion_get_page(f.notion, "0A1B2C3D0000400080000000000000A1", f.arena, &page, &f.err));
    assert_string_equal(page->id, PAGE);
    assert_string_equal(value_of(&page->values, FIELD_TITLE)->text, "T");
    assert_int_equal(page->number, 5);
    assert_true(page->direct);
    request = f.server.requests[0];
    expect_request(&f, 0, "GET /v1/pages/" PAGE ONLY, "");
    assert_int_equal(count_of(request, "\r\nAuthorization: Bearer " TOKEN "\r\n"), 1);
    assert_int_equal(count_of(request, "\r\nNotion-Version: 2026-03-11\r\n"), 1);
    assert_int_equal(count_of(request, "\r\nContent-Type: application/json\r\n"), 1);
    end(&f);
}

static const struct {
    struct answer answers[4];
    int requests;
    enum err_kind kind;
    const char *text;
} resolve_rows[] = {
    {{{200, "{\"data_sources\":[{\"id\":\"" SOURCE "\",\"name\":\"A\"}]}"}}, 1, ERR_NONE, ""},
    {{{404, NOT_FOUND}, {200, "{\"id\":\"" SOURCE "\"}"}}, 2, ERR_NONE, ""},
    {{{400, "{\"code\":\"validation_error\",\"message\":\"It is not a database.\"}"},
      {200, "{\"id\":\"" SOURCE "\"}"}},
     2,
     ERR_NONE,
     ""},
    {{{404, NOT_FOUND}, {404, NOT_FOUND}, {404, NOT_FOUND}, {401, "{}"}},
     4,
     ERR_NOT_FOUND,
     "••• → Connections"},
    {{{404, NOT_FOUND},
      {404, NOT_FOUND},
      {404, NOT_FOUND},
      {200, "{\"name\":\"Bot\",\"bot\":{\"workspace_name\":\"Home\"}}"}},
     4,
     ERR_NOT_FOUND,
     "the token is that of \"Bot\" in the workspace \"Home\""},
    {{{404, NOT_FOUND}, {404, NOT_FOUND}, {200, "{\"type\":\"child_page\"}"}},
     3,
     ERR_INPUT,
     "is no database but a page"},
    {{{404, NOT_FOUND}, {404, NOT_FOUND}, {200, "{\"type\":\"paragraph\"}"}},
     3,
     ERR_INPUT,
     "is no database but a block of a page"},
    {{{400, "{\"code\":\"validation_error\",\"message\":\"X is a page, not a database.\"}"},
      {404, NOT_FOUND}},
     2,
     ERR_INPUT,
     "is no database but a page"},
    {{{400, "{\"code\":\"validation_error\",\"message\":\"It is not a database.\"}"},
      {404, NOT_FOUND},
      {404, NOT_FOUND},
      {401, "{}"}},
     4,
     ERR_NOT_FOUND,
     "••• → Connections"},
    {{{404, "{}"}}, 1, ERR_DATA, "is notion_api_url right?"},
    {{{401, "{\"code\":\"unauthorized\"}"}}, 1, ERR_ACCESS, "check notion_token"},
    {{{404, NOT_FOUND}, {403, "{}"}}, 2, ERR_ACCESS, "\"Read content\""},
    {{{200, "{\"object\":\"database\",\"id\":\"x\"}"}}, 1, ERR_ACCESS, "\"Read content\""},
    {{{200, "{\"data_sources\":[]}"}}, 1, ERR_INPUT, "linked view"},
    {{{200, "{\"data_sources\":[{\"id\":\"a1\",\"name\":\"A\"},{\"id\":\"b2\"},7]}"}},
     1,
     ERR_INPUT,
     "the database has 3 data sources; set notion_database to the id of one of them: A (a1), "
     " (b2),  ()"},
    {{{200, "{\"in_trash\":true,\"data_sources\":[]}"}}, 1, ERR_NOT_FOUND, "in the trash"},
    {{{404, NOT_FOUND}, {200, "{\"id\":\"" SOURCE "\",\"in_trash\":true}"}},
     2,
     ERR_NOT_FOUND,
     "in the trash"},
    {{{200, "{\"data_sources\":[{\"id\":\"../x\"}]}"}}, 1, ERR_DATA, "not an id of Notion"},
    {{{404, NOT_FOUND}, {200, "[]"}}, 2, ERR_DATA, "not an id of Notion"},
};

static void
test_resolve(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(resolve_rows) / sizeof(resolve_rows[0]); i++) {
        struct fixture f;
        char id[NOTION_ID_SIZE];

        begin(&f, resolve_rows[i].answers, 4);
        if (notion_resolve(f.notion, PAGE, "notion_database", id, &f.err))
            assert_string_equal(id, SOURCE);
        expect_failure(&f, resolve_rows[i].kind, resolve_rows[i].text);
        assert_int_equal(f.server.count, resolve_rows[i].requests);
        expect_request(&f, 0, "GET /v1/databases/" PAGE, "");
        if (resolve_rows[i].requests > 1)
            expect_request(&f, 1, "GET /v1/data_sources/" PAGE, "");
        end(&f);
    }
}

#define QUERY "POST /v1/data_sources/" SOURCE "/query" ONLY
#define SORT  "\"sorts\":[{\"timestamp\":\"created_time\",\"direction\":\"ascending\"}]"

struct listed {
    bool done, complete;
    size_t len;
    const char *first, *last; /* titles */
};

static struct listed
list(struct fixture *f, const struct page_query *query)
{
    struct page_list pages = {0};
    struct listed listed = {0};

    listed.done = notion_query(f->notion, query, f->arena, &pages, &listed.complete, &f->err);
    listed.len = pages.len;
    if (pages.len > 0) {
        listed.first = value_of(&pages.items[0]->values, FIELD_TITLE)->text;
        listed.last = value_of(&pages.items[pages.len - 1]->values, FIELD_TITLE)->text;
    }
    vec_free(&pages);
    return listed;
}

static void
test_query_pages(void **state)
{
    static const struct answer answers[] = {
        {200, LIST(ROW(PAGE, ONE, "old") "," ROW(OTHER, ONE, "B"), MORE("c1"))},
        {200, LIST(ROW(PAGE, ONE, "new") ",{\"object\":\"data_source\"}", LAST)},
    };
    static const struct page_query query = {.edited_since = START};
    struct fixture f;
    struct listed listed;

    (void)state;
    begin(&f, answers, 2);
    listed = list(&f, &query);
    assert_true(listed.done && listed.complete);
    assert_int_equal(listed.len, 2);
    assert_string_equal(listed.first, "new");
    assert_string_equal(listed.last, "B");
    assert_int_equal(f.server.count, 2);
    expect_request(&f, 0, QUERY,
                   "{\"filter\":{\"timestamp\":\"last_edited_time\",\"last_edited_time\":{"
                   "\"on_or_after\":\"2026-03-02T09:00:00.000Z\"}}," SORT ",\"page_size\":100}");
    expect_request(&f, 1, QUERY,
                   "{\"filter\":{\"timestamp\":\"last_edited_time\",\"last_edited_time\":{"
                   "\"on_or_after\":\"2026-03-02T09:00:00.000Z\"}}," SORT
                   ",\"start_cursor\":\"c1\",\"page_size\":100}");
    end(&f);
}

static void
test_query_windows(void **state)
{
    static const struct answer ends[] = {
        {200, LIST(ROW(PAGE, ONE, "A") "," ROW(OTHER, TWO, "B"), CUT)},
        {200, LIST(ROW(OTHER, TWO, "B"), LAST)},
    };
    static const struct answer one_minute[] = {
        {200, LIST(ROW(PAGE, ONE, "A"), CUT)},
        {200, LIST(ROW(PAGE, ONE, "A"), CUT)},
        {200, LIST(ROW(OTHER, TWO, "B"), LAST)},
    };
    static const struct answer stuck[] = {{200, LIST(ROW(PAGE, ONE, "A"), CUT)}};
    static const struct answer cut_early[] = {
        {200,
         LIST(ROW(PAGE, ONE, "A"), MORE("c1") ",\"request_status\":{\"type\":\"incomplete\"}")},
        {200, LIST(ROW(OTHER, TWO, "B"), LAST)},
        {200, LIST("", LAST)},
    };
    static const struct page_query all = {0};
    struct fixture f;
    struct listed listed;

    (void)state;
    begin(&f, ends, 2);
    listed = list(&f, &all);
    assert_true(listed.done && listed.complete);
    assert_int_equal(listed.len, 2);
    assert_int_equal(f.server.count, 2);
    expect_request(&f, 0, QUERY, "{" SORT ",\"page_size\":100}");
    expect_request(&f, 1, QUERY,
                   "{\"filter\":{\"timestamp\":\"created_time\",\"created_time\":{"
                   "\"on_or_after\":\"" TWO "\"}}," SORT ",\"page_size\":100}");
    end(&f);

    begin(&f, one_minute, 3);
    listed = list(&f, &all);
    assert_true(listed.done);
    assert_false(listed.complete);
    assert_int_equal(listed.len, 2);
    expect_request(&f, 2, QUERY,
                   "{\"filter\":{\"timestamp\":\"created_time\",\"created_time\":{"
                   "\"after\":\"" ONE "\"}}," SORT ",\"page_size\":100}");
    end(&f);

    begin(&f, stuck, 1);
    listed = list(&f, &all);
    assert_true(listed.done);
    assert_false(listed.complete);
    assert_int_equal(listed.len, 1);
    assert_int_equal(f.server.count, 3);
    end(&f);

    begin(&f, cut_early, 3);
    listed = list(&f, &all);
    assert_true(listed.done && listed.complete);
    assert_int_equal(f.server.count, 3);
    end(&f);
}

/* A cursor that is refused was good when it was given: the rows after the last one are asked for
 * by their time. */
static void
test_query_cursor_lost(void **state)
{
    static const struct answer lost[] = {
        {200, LIST(ROW(PAGE, ONE, "A"), MORE("c1"))},
        {400, "{\"message\":\"start_cursor is invalid\"}"},
        {200, LIST(ROW(PAGE, ONE, "A") "," ROW(OTHER, TWO, "B"), LAST)},
    };
    static const struct answer lost_again[] = {
        {200, LIST(ROW(PAGE, ONE, "A"), MORE("c1"))},
        {400, "{\"message\":\"start_cursor is invalid\"}"},
        {200, LIST(ROW(PAGE, ONE, "A"), MORE("c2"))},
        {400, "{\"message\":\"start_cursor is invalid\"}"},
    };
    static const struct page_query all = {0};
    struct fixture f;
    struct listed listed;

    (void)state;
    begin(&f, lost, 3);
    listed = list(&f, &all);
    assert_true(listed.done && listed.complete);
    assert_int_equal(listed.len, 2);
    expect_request(&f, 2, QUERY,
                   "{\"filter\":{\"timestamp\":\"created_time\",\"created_time\":{"
                   "\"on_or_after\":\"" ONE "\"}}," SORT ",\"page_size\":100}");
    end(&f);
    begin(&f, lost_again, 4);
    listed = list(&f, &all);
    assert_false(listed.done || listed.complete);
    expect_failure(&f, ERR_REFUSED, "start_cursor is invalid");
    assert_int_equal(f.server.count, 4);
    end(&f);
}

static void
test_query_failures(void **state)
{
    static const struct {
        struct answer answers[2];
        int requests;
        size_t len;
        enum err_kind kind;
        const char *text;
    } rows[] = {
        {{{200, LIST(ROW(PAGE, ONE, "A"), MORE("c1"))}, {200, LIST("", MORE("c1"))}},
         2,
         1,
         ERR_DATA,
         "in circles"},
        {{{200, LIST(ROW(PAGE, ONE, "A"), "\"has_more\":true")}},
         1,
         1,
         ERR_DATA,
         "has more, but no cursor to it"},
        {{{200, "{}"}}, 1, 0, ERR_DATA, "no list"},
        {{{200, LIST("{\"object\":\"page\"}", LAST)}}, 1, 0, ERR_DATA, "without an id"},
        {{{200, LIST("{\"object\":\"page\",\"id\":\"" PAGE "\"}", LAST)}},
         1,
         0,
         ERR_ACCESS,
         "\"Read content\""},
        {{{200, LIST(ROW(PAGE, ONE, "A"), MORE("c1"))}, {404, NOT_FOUND}},
         2,
         1,
         ERR_NOT_FOUND,
         "querying the database"},
        {{{400, "{\"message\":\"bad filter\"}"}}, 1, 0, ERR_REFUSED, "bad filter"},
    };
    static const struct page_query all = {0};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fixture f;
        struct listed listed;

        begin(&f, rows[i].answers, 2);
        listed = list(&f, &all);
        assert_false(listed.done || listed.complete);
        assert_int_equal(listed.len, rows[i].len);
        expect_failure(&f, rows[i].kind, rows[i].text);
        assert_int_equal(f.server.count, rows[i].requests);
        end(&f);
    }
}

static void
test_query_limit(void **state)
{
    static const struct answer answers[] = {
        {200, LIST(ROW(PAGE, ONE, "A"), MORE("c1"))},
        {200, LIST(ROW(OTHER, ONE, "B"), LAST)},
    };
    static const struct {
        int max, requests;
        bool complete;
    } rows[] = {{1, 1, false}, {2, 2, true}, {3, 2, true}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct page_query query = {.max_pages = rows[i].max};
        struct fixture f;
        struct listed listed;

        begin(&f, answers, 2);
        listed = list(&f, &query);
        assert_true(listed.done);
        assert_int_equal(listed.complete, rows[i].complete);
        assert_int_equal(listed.len, rows[i].requests);
        assert_int_equal(f.server.count, rows[i].requests);
        expect_request(&f, 0, QUERY,
                       arena_printf(f.arena, "{" SORT ",\"page_size\":%d}", rows[i].max));
        end(&f);
    }
}

static void
test_query_numbers(void **state)
{
    static const struct answer answers[] = {{200, LIST(ROW(PAGE, ONE, "A"), LAST)}};
    int64_t numbers[101];
    struct page_query query = {.numbers = numbers, .n_numbers = 101};
    struct fixture f;
    struct listed listed;

    (void)state;
    for (int i = 0; i < 101; i++)
        numbers[i] = i + 1;
    begin(&f, answers, 1);
    listed = list(&f, &query);
    assert_true(listed.done && listed.complete);
    assert_int_equal(listed.len, 1);
    assert_int_equal(f.server.count, 2);
    assert_int_equal(count_of(f.server.requests[0], "\"equals\""), 100);
    expect_request(
        &f, 1, QUERY,
        "{\"filter\":{\"or\":[{\"property\":\"n%3A\",\"number\":{\"equals\":101}}]}," SORT
        ",\"page_size\":100}");
    query.max_pages = 1;
    listed = list(&f, &query);
    assert_true(listed.done);
    assert_false(listed.complete);
    assert_int_equal(f.server.count, 3);
    query.n_numbers = 0;
    listed = list(&f, &query);
    assert_true(listed.done && listed.complete);
    assert_int_equal(f.server.count, 3);
    end(&f);
}

/* Before the schema was read: rows are counted, their fields take no part. */
static void
test_query_unbound(void **state)
{
    static const struct answer answers[] = {{200, LIST(ROW(PAGE, ONE, "A"), LAST)}};
    static const struct binding nothing[FIELD_ROOM];
    static const int64_t numbers[] = {5};
    const struct page_query by_number = {.numbers = numbers, .n_numbers = 1};
    const struct page_query all = {0};
    struct fixture f;
    struct listed listed;

    (void)state;
    begin(&f, answers, 1);
    notion_bind(f.notion, SOURCE, nothing, NULL);
    listed = list(&f, &all);
    assert_true(listed.done && listed.complete);
    assert_int_equal(listed.len, 1);
    assert_null(listed.first);
    listed = list(&f, &by_number);
    assert_true(listed.done && listed.complete);
    assert_int_equal(listed.len, 0);
    assert_int_equal(f.server.count, 1);
    end(&f);
}

/* Six answers of 504 to whole pages, then smaller ones. */
static void
test_query_smaller(void **state)
{
    static const struct answer answers[] = {
        {504, "{}"},
        {504, "{}"},
        {504, "{}"},
        {504, "{}"},
        {504, "{}"},
        {504, "{}"},
        {200, LIST(ROW(PAGE, ONE, "A"), LAST)},
    };
    static const struct page_query all = {0};
    struct fixture f;
    struct listed listed;

    (void)state;
    begin(&f, answers, 7);
    listed = list(&f, &all);
    assert_true(listed.done && listed.complete);
    expect_request(&f, 5, QUERY, "{" SORT ",\"page_size\":100}");
    expect_request(&f, 6, QUERY, "{" SORT ",\"page_size\":25}");
    end(&f);
}

#define PART(text) "{\"object\":\"property_item\",\"title\":{\"plain_text\":\"" text "\"}}"
#define LONG                                                                               \
    "{\"object\":\"page\",\"id\":\"" PAGE "\",\"properties\":{\"Name\":{\"id\":\"title\"," \
    "\"type\":\"title\",\"has_more\":true,\"title\":[{\"plain_text\":\"cut\"}]}}}"

static void
test_whole_text(void **state)
{
    static const struct {
        struct answer answers[3];
        bool done;
        const char *text; /* of the title, NULL: absent; or of the failure */
    } rows[] = {
        {{{200, LONG}, {200, LIST(PART("a"), MORE("c 1"))}, {200, LIST(PART("b"), LAST)}},
         true,
         "ab"},
        {{{200, LONG}, {404, NOT_FOUND}}, true, NULL},
        {{{200, LONG}, {200, LIST("{}", LAST)}}, true, NULL},
        {{{200, LONG}, {200, "{}"}}, false, "no list"},
        {{{200, LONG}, {200, LIST(PART("a"), "\"has_more\":true")}}, false, "no list"},
        {{{200, LONG}, {400, "{}"}}, false, "reading \"Name\" of the page " PAGE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fixture f;
        struct page *page;
        bool done;

        begin(&f, rows[i].answers, 3);
        done = notion_get_page(f.notion, PAGE, f.arena, &page, &f.err);
        assert_int_equal(done, rows[i].done);
        if (!done)
            assert_non_null(strstr(f.err.text, rows[i].text));
        else if (rows[i].text == NULL)
            assert_int_equal(value_of(&page->values, FIELD_TITLE)->kind, VALUE_ABSENT);
        else
            assert_string_equal(value_of(&page->values, FIELD_TITLE)->text, rows[i].text);
        expect_request(&f, 1, "GET /v1/pages/" PAGE "/properties/title?page_size=100", "");
        if (i == 0)
            expect_request(
                &f, 2, "GET /v1/pages/" PAGE "/properties/title?page_size=100&start_cursor=c%201",
                "");
        end(&f);
    }
}

#define SAVED(more) "{\"message\":\"The change was saved.\"" more "}"
#define AS(id)      ",\"additional_data\":{\"committed_resource_id\":\"" id "\"}"
#define STUB        "{\"object\":\"page\",\"id\":\"" PAGE "\"}"
#define TASK        "{\"object\":\"async_task\",\"id\":\"" OTHER "\",\"status\":\"queued\"}"
#define TITLE       "{\"title\":[{\"text\":{\"content\":\"T\"}}]}"
#define WRITTEN     "{\"title\":" TITLE ",\"n%3A\":{\"number\":5}}"

static const struct value title_text = {.kind = VALUE_TEXT, .text = "T"};
static const struct value *const title_only = &title_text;
static const struct page_change change = {
    .values = {{{FIELD_BIT(FIELD_TITLE)}}, &title_only}, .sets_number = true, .number = 5};

static void
test_create(void **state)
{
    static const struct {
        struct answer answers[2];
        int requests;
        enum err_kind kind;
        const char *text;
    } rows[] = {
        {{{200, ROW(PAGE, ONE, "T")}}, 1, ERR_NONE, ""},
        {{{503, SAVED(AS(PAGE))}, {200, ROW(PAGE, ONE, "T")}}, 2, ERR_NONE, ""},
        {{{503, SAVED(AS(PAGE))}, {404, NOT_FOUND}}, 2, ERR_AMBIGUOUS, "not found"},
        {{{503, SAVED("")}}, 1, ERR_AMBIGUOUS, "does not say as which page"},
        {{{503, SAVED(AS("../users"))}}, 1, ERR_AMBIGUOUS, "not an id of Notion"},
        {{{503, "{}"}}, 1, ERR_AMBIGUOUS, ""},
        {{{500, "{}"}}, 1, ERR_AMBIGUOUS, ""},
        {{{200, STUB}, {200, ROW(PAGE, ONE, "T")}}, 2, ERR_NONE, ""},
        {{{200, STUB}, {200, STUB}}, 2, ERR_AMBIGUOUS, "\"Read content\""},
        {{{202, TASK}}, 1, ERR_AMBIGUOUS, "does not say as which page"},
        {{{200, "{}"}}, 1, ERR_AMBIGUOUS, "does not say as which page"},
        {{{200, ""}}, 1, ERR_AMBIGUOUS, "does not say as which page"},
        {{{200, "<html>"}}, 1, ERR_AMBIGUOUS, ""},
        {{{409, "{}"}, {200, ROW(PAGE, ONE, "T")}}, 2, ERR_NONE, ""},
        {{{400, "{\"message\":\"no such option\"}"}}, 1, ERR_REFUSED, "no such option"},
        {{{403, "{}"}}, 1, ERR_ACCESS, "\"Insert content\""},
        {{{404, NOT_FOUND}}, 1, ERR_NOT_FOUND, "creating the page for #5"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fixture f;
        struct page *page;

        begin(&f, rows[i].answers, 2);
        if (notion_create_page(f.notion, &change, f.arena, &page, &f.err)) {
            assert_string_equal(page->id, PAGE);
            assert_true(page->direct);
        } else {
            assert_null(page);
        }
        expect_failure(&f, rows[i].kind, rows[i].text);
        assert_int_equal(f.server.count, rows[i].requests);
        expect_request(&f, 0, "POST /v1/pages" ONLY,
                       "{\"parent\":{\"type\":\"data_source_id\",\"data_source_id\":\"" SOURCE
                       "\"},\"properties\":" WRITTEN "}");
        end(&f);
    }
}

static void
test_update(void **state)
{
    static const struct {
        struct answer answers[2];
        int requests;
        enum err_kind kind;
        const char *text;
    } rows[] = {
        {{{200, ROW(PAGE, ONE, "T")}}, 1, ERR_NONE, ""},
        {{{503, SAVED("")}, {200, ROW(PAGE, ONE, "T")}}, 2, ERR_NONE, ""},
        {{{500, "{}"}, {200, ROW(PAGE, ONE, "T")}}, 2, ERR_NONE, ""},
        {{{400, "{\"message\":\"archived\"}"}}, 1, ERR_REFUSED, "updating the page " PAGE},
        {{{403, "{}"}}, 1, ERR_ACCESS, "\"Update content\""},
        {{{200, STUB}, {200, ROW(PAGE, ONE, "T")}}, 2, ERR_NONE, ""},
        {{{200, "{}"}, {200, "{}"}}, 2, ERR_DATA, "without an id"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fixture f;
        struct page *page;

        begin(&f, rows[i].answers, 2);
        if (notion_update_page(f.notion, PAGE, &change, f.arena, &page, &f.err))
            assert_true(page->direct);
        expect_failure(&f, rows[i].kind, rows[i].text);
        assert_int_equal(f.server.count, rows[i].requests);
        expect_request(&f, 0, "PATCH /v1/pages/" PAGE ONLY, "{\"properties\":" WRITTEN "}");
        end(&f);
    }
}

static void
test_trash(void **state)
{
    static const struct {
        struct answer answers[2];
        bool done;
    } rows[] = {
        {{{200, "{}"}}, true},
        {{{503, SAVED("")}}, true},
        {{{400, "{}"}, {200, "{\"id\":\"" PAGE "\",\"in_trash\":true,\"properties\":{}}"}}, true},
        {{{400, "{}"}, {200, ROW(PAGE, ONE, "T")}}, false},
        {{{404, NOT_FOUND}}, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fixture f;

        begin(&f, rows[i].answers, 2);
        assert_int_equal(notion_trash_page(f.notion, PAGE, &f.err), rows[i].done);
        expect_request(&f, 0, "PATCH /v1/pages/" PAGE, "{\"in_trash\":true}");
        end(&f);
    }
}

#define COLUMN(type) \
    "{\"properties\":{\"GitHub ID\":{\"id\":\"nr\",\"type\":\"" type "\",\"" type "\":{}}}}"

static void
test_add_properties(void **state)
{
    static const struct new_property number = {.name = "GitHub ID", .type = "number"};
    static const struct {
        struct answer answers[2];
        enum err_kind kind;
        const char *text;
    } rows[] = {
        {{{200, COLUMN("number")}}, ERR_NONE, ""},
        {{{503, SAVED("")}, {200, COLUMN("number")}}, ERR_NONE, ""},
        {{{200, COLUMN("rich_text")}}, ERR_DATA, "add it to the database (type number)"},
        {{{200, "{}"}}, ERR_DATA, "add it to the database (type number)"},
        {{{403, "{}"}}, ERR_ACCESS, "creating the column \"GitHub ID\""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct schema schema;
        struct fixture f;

        begin(&f, rows[i].answers, 2);
        if (notion_add_properties(f.notion, SOURCE, &number, 1, f.arena, &schema, &f.err))
            assert_string_equal(schema_find(&schema, "GitHub ID")->id, "nr");
        expect_failure(&f, rows[i].kind, rows[i].text);
        expect_request(&f, 0, "PATCH /v1/data_sources/" SOURCE,
                       "{\"properties\":{\"GitHub ID\":{\"number\":{\"format\":\"number\"}}}}");
        end(&f);
    }
}

/* The options that are there are read right before and sent along: Notion takes the whole list. */
static void
test_add_status_options(void **state)
{
    static const struct option added[] = {{"done", GROUP_COMPLETE, NULL},
                                          {"Won't do", GROUP_COMPLETE, NULL}};
    static const char column[] =
        "{\"properties\":{\"Stage\":{\"id\":\"s\",\"type\":\"status\",\"status\":{\"options\":"
        "[{\"id\":\"1\",\"name\":\"Done\",\"color\":\"green\",\"description\":\"over\"}]}}}}";
    const struct answer taken[] = {{200, column}, {200, column}};
    const struct answer refused[] = {{200, column},
                                     {400, "{\"message\":\"group\"}"},
                                     {400, "{\"message\":\"not via the API\"}"}};
    struct fixture f;

    (void)state;
    begin(&f, taken, 2);
    assert_true(notion_add_status_options(f.notion, SOURCE, "Stage", added, 2, &f.err));
    expect_request(&f, 0, "GET /v1/data_sources/" SOURCE, "");
    expect_request(
        &f, 1, "PATCH /v1/data_sources/" SOURCE,
        "{\"properties\":{\"Stage\":{\"status\":{\"options\":[{\"id\":\"1\",\"name\":\"Done\","
        "\"color\":"
        "\"green\",\"description\":\"over\"},{\"name\":\"Won't do\",\"group\":\"Complete\"}]}}}}");
    end(&f);
    begin(&f, taken, 1);
    assert_true(notion_add_status_options(f.notion, SOURCE, "Stage", added, 1, &f.err));
    end(&f);
    begin(&f, refused, 3);
    assert_false(notion_add_status_options(f.notion, SOURCE, "Stage", added, 2, &f.err));
    expect_failure(&f, ERR_INPUT, "not via the API (400)): add them in Notion");
    end(&f);
}

static void
test_schema(void **state)
{
    static const struct answer answers[] = {
        {200, COLUMN("number")},
        {200, "{\"in_trash\":true,\"properties\":{}}"},
        {200, "{\"object\":\"data_source\"}"},
    };
    struct fixture f;
    struct schema schema;

    (void)state;
    begin(&f, answers, 3);
    assert_true(notion_read_schema(f.notion, SOURCE, f.arena, &schema, &f.err));
    assert_int_equal(schema.n_properties, 1);
    expect_request(&f, 0, "GET /v1/data_sources/" SOURCE, "");
    assert_false(notion_read_schema(f.notion, SOURCE, f.arena, &schema, &f.err));
    expect_failure(&f, ERR_NOT_FOUND, "in the trash");
    assert_false(notion_read_schema(f.notion, SOURCE, f.arena, &schema, &f.err));
    expect_failure(&f, ERR_ACCESS, "\"Read content\"");
    end(&f);
}

static void
test_users(void **state)
{
    static const struct answer answers[] = {
        {200, "{\"object\":\"user\",\"name\":\"Paula\"}"},
        {403, "{}"},
        {200, "{\"object\":\"user\",\"name\":null}"},
    };
    struct fixture f;

    (void)state;
    begin(&f, answers, 3);
    for (int i = 0; i < 2; i++)
        assert_string_equal(notion_user_name(f.notion, PAGE, f.arena), "Paula");
    for (int i = 0; i < 2; i++)
        assert_null(notion_user_name(f.notion, OTHER, f.arena));
    for (int i = 0; i < 2; i++)
        assert_null(notion_user_name(f.notion, SOURCE, f.arena));
    assert_null(notion_user_name(f.notion, "me", f.arena));
    assert_null(notion_user_name(f.notion, "", f.arena));
    assert_int_equal(f.server.count, 3);
    expect_request(&f, 0, "GET /v1/users/" PAGE, "");
    end(&f);
}

/* Ids come from comments and files that anybody may have written. */
static void
test_hostile_ids(void **state)
{
    static const char *const ids[] = {"", "me", "../users/me", PAGE "/markdown", PAGE "?x=1"};
    static const struct answer answers[] = {{200, "{}"}};
    struct fixture f;
    struct schema schema;
    struct page *page;
    char id[NOTION_ID_SIZE];

    (void)state;
    begin(&f, answers, 1);
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        assert_false(notion_get_page(f.notion, ids[i], f.arena, &page, &f.err));
        expect_failure(&f, ERR_DATA, "is not an id of Notion");
        assert_false(notion_update_page(f.notion, ids[i], &change, f.arena, &page, &f.err));
        assert_false(notion_trash_page(f.notion, ids[i], &f.err));
        assert_false(notion_resolve(f.notion, ids[i], "notion_database", id, &f.err));
        assert_false(notion_read_schema(f.notion, ids[i], f.arena, &schema, &f.err));
        assert_null(notion_user_name(f.notion, ids[i], f.arena));
    }
    assert_int_equal(f.server.count, 0);
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
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_resolve),
        cmocka_unit_test(test_query_pages),
        cmocka_unit_test(test_query_windows),
        cmocka_unit_test(test_query_cursor_lost),
        cmocka_unit_test(test_query_failures),
        cmocka_unit_test(test_query_limit),
        cmocka_unit_test(test_query_numbers),
        cmocka_unit_test(test_query_unbound),
        cmocka_unit_test(test_query_smaller),
        cmocka_unit_test(test_whole_text),
        cmocka_unit_test(test_create),
        cmocka_unit_test(test_update),
        cmocka_unit_test(test_trash),
        cmocka_unit_test(test_add_properties),
        cmocka_unit_test(test_add_status_options),
        cmocka_unit_test(test_schema),
        cmocka_unit_test(test_users),
        cmocka_unit_test(test_hostile_ids),
    };

    return cmocka_run_group_tests(tests, open_clock, NULL);
}
