#include "config/engine.h"
#include "webhook/event.h"

#include <stdio.h>

#include "webhook_test.h"

/* Of the documented form; joined so that scanners for secrets stay quiet. */
#define TOKEN \
    "secret"  \
    "_0123456789012345678901234567890123456789012"

#define BOT    "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"
#define PAGE   "22222222-2222-4222-8222-222222222222"
#define OTHER  "22222222-2222-4222-8222-333333333333"
#define SOURCE "44444444-4444-4444-8444-444444444444"
#define BASE   "55555555-5555-4555-8555-555555555555"

#define EVENT(type, rest) "{\"id\":\"e1\",\"type\":\"" type "\"" rest "}"
#define PAGE_ENTITY       ",\"entity\":{\"id\":\"" PAGE "\",\"type\":\"page\"}"
#define AUTHORS(list)     ",\"authors\":[" list "]"
#define BY(id)            "{\"id\":\"" id "\",\"type\":\"bot\"}"

static struct event
read(struct arena *arena, const char *body)
{
    struct event event;
    struct err err = {0};

    if (!event_read(body, strlen(body), BOT, arena, &event, &err))
        fail_msg("%s: %s", body, err.text);
    return event;
}

static void
test_kinds(void **state)
{
    static const struct {
        const char *body;
        enum event_kind kind;
    } rows[] = {
        {EVENT("page.created", PAGE_ENTITY), EVENT_HEEDED},
        {EVENT("page.locked", PAGE_ENTITY), EVENT_IGNORED},
        {EVENT("page.created.twice", PAGE_ENTITY), EVENT_IGNORED},
        {EVENT("PAGE.CREATED", PAGE_ENTITY), EVENT_IGNORED},
        {EVENT("file_upload.created", ""), EVENT_IGNORED},
        {EVENT("data_source.schema_updated", ""), EVENT_HEEDED},
        {EVENT("comment.deleted", ""), EVENT_HEEDED},
        {EVENT("page.created", AUTHORS(BY(BOT))), EVENT_OWN},
        {EVENT("page.created", AUTHORS(BY(BOT) "," BY(BOT))), EVENT_OWN},
        {EVENT("page.created", AUTHORS(BY(BOT) "," BY(PAGE))), EVENT_HEEDED},
        {EVENT("page.created", AUTHORS(BY(BOT) ",7")), EVENT_HEEDED},
        {EVENT("page.created", AUTHORS("")), EVENT_HEEDED},
        {EVENT("page.created", ",\"authors\":null"), EVENT_HEEDED},
        {EVENT("page.locked", AUTHORS(BY(BOT))), EVENT_IGNORED},
        {"{\"verification_token\":\"" TOKEN "\"}", EVENT_HANDSHAKE},
        {"{\"verification_token\":\"" TOKEN "\",\"id\":\"e\",\"type\":\"page.created\"}",
         EVENT_HEEDED},
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        if (read(*state, rows[i].body).kind != rows[i].kind)
            fail_msg("%s: kind %d", rows[i].body, (int)read(*state, rows[i].body).kind);
    assert_string_equal(read(*state, "{\"verification_token\":\"" TOKEN "\"}").token, TOKEN);
}

static void
test_what_is_no_event(void **state)
{
    static const char *const bodies[] = {
        "",
        "{",
        "[]",
        "null",
        "\"page.created\"",
        "{}",
        "{\"id\":\"e1\"}",
        "{\"type\":\"page.created\"}",
        "{\"id\":null,\"type\":\"page.created\"}",
        "{\"id\":\"\",\"type\":\"page.created\"}",
        "{\"id\":\"a b\",\"type\":\"page.created\"}",
        "{\"id\":\"\xc3\xa4\",\"type\":\"page.created\"}",
        "{\"id\":\"e1\",\"type\":\"a\\nb\"}",
        "{\"verification_token\":\"\"}",
        "{\"verification_token\":\"" TOKEN "/\"}",
        "{\"verification_token\":\"secret_"
        "0123456789012345678901234567890"
        "\"}",
        "{\"verification_token\":\"" TOKEN TOKEN TOKEN TOKEN "\"}",
        "{\"verification_token\":\"x" TOKEN "\"}",
        "{\"verification_token\":\"a\\nb\"}",
    };

    for (size_t i = 0; i < COUNT(bodies); i++) {
        struct event event;
        struct err err = {0};

        if (event_read(bodies[i], strlen(bodies[i]), NULL, *state, &event, &err))
            fail_msg("%s was read", bodies[i]);
        assert_int_equal(err.kind, ERR_DATA);
    }
}

static void
test_pages_and_sources(void **state)
{
    static const struct {
        const char *body;
        size_t n_pages, n_sources;
        bool from_comment;
    } rows[] = {
        {EVENT("page.moved", PAGE_ENTITY), 1, 0, false},
        {EVENT("page.moved",
               PAGE_ENTITY ",\"data\":{\"parent\":{\"id\":\"" BASE
                           "\",\"type\":\"database\",\"data_source_id\":\"" SOURCE "\"}}"),
         1, 2, false},
        {EVENT("page.moved",
               PAGE_ENTITY ",\"data\":{\"parent\":{\"id\":\"" OTHER "\",\"type\":\"page\"}}"),
         1, 0, false},
        {EVENT("data_source.content_updated",
               ",\"entity\":{\"id\":\"" SOURCE "\",\"type\":\"data_source\"},\"data\":{\"parent\":{"
               "\"id\":\"" BASE "\",\"type\":\"database\"},\"updated_blocks\":[{\"id\":\"" PAGE
               "\",\"type\":\"page\"},{\"id\":\"" PAGE "\",\"type\":\"page\"},{\"id\":\"" OTHER
               "\",\"type\":\"block\"},{\"id\":7,\"type\":\"page\"},null]}"),
         1, 2, false},
        {EVENT("comment.created", ",\"entity\":{\"id\":\"" SOURCE
                                  "\",\"type\":\"comment\"},\"data\":{\"page_id\":\"" PAGE
                                  "\",\"parent\":{\"id\":\"" OTHER "\",\"type\":\"block\"}}"),
         1, 0, true},
        {EVENT("page.moved", ",\"entity\":7,\"data\":[]"), 0, 0, false},
        {EVENT("page.moved", ",\"entity\":{\"id\":\"../../x\",\"type\":\"page\"}"), 0, 0, false},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct event event = read(*state, rows[i].body);

        if (event.n_pages != rows[i].n_pages || event.n_sources != rows[i].n_sources ||
            event.from_comment != rows[i].from_comment)
            fail_msg("%s: %zu pages, %zu sources", rows[i].body, event.n_pages, event.n_sources);
        if (event.n_pages > 0)
            assert_string_equal(event.pages[0], PAGE);
    }
}

static void
test_many_blocks(void **state)
{
    struct arena *arena = *state;
    char *body = arena_alloc(arena, 200000);
    struct event event;
    char *to = body;

    to += sprintf(to, "%s",
                  "{\"id\":\"e1\",\"type\":\"page.created\",\"data\":{\"updated_blocks\":[");
    for (int i = 0; i < 2000; i++)
        to += sprintf(to, "%s{\"id\":\"22222222-2222-4222-8222-%012d\",\"type\":\"page\"}",
                      i > 0 ? "," : "", i);
    sprintf(to, "]}}");
    event = read(arena, body);
    assert_int_equal(event.n_pages, EVENT_PAGES_MAX);
}

static void
test_repository_names(void **state)
{
    static const char *const good[] = {"a/b", "acme-1/app.js", "a_b/.github", "A/-"};
    static const char *const bad[] = {"",     "a",     "/b",      "a/",   "a/b/c",     "a/.",
                                      "a/..", "a b/c", "a/b?x=1", "a/b#", "\xc3\xa4/b"};

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++)
        assert_true(repository_valid(good[i]));
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(repository_valid(bad[i]));
}

static void
test_routes(void **state)
{
    const char *repositories[20] = {0};
    struct route items[20] = {0};
    struct routes routes = {.repositories = repositories, .items = items};
    struct event event =
        read(*state, EVENT("page.moved", PAGE_ENTITY
                           ",\"data\":{\"parent\":{\"data_source_id\":\"" SOURCE "\"}}"));
    struct event comment =
        read(*state, EVENT("comment.created", ",\"entity\":{\"type\":\"comment\"},\"data\":{"
                                              "\"page_id\":\"" PAGE "\"}"));
    size_t targets[20];

    assert_int_equal(route_repository(&routes, "acme/app"), 0);
    assert_int_equal(route_repository(&routes, "acme/web"), 1);
    assert_int_equal(route_repository(&routes, "Acme/App"), 0);
    assert_int_equal(route_event(&routes, &event, targets), 0);
    assert_int_equal(route_event(&routes, &comment, targets), 2);

    routes.n_items = 3;
    items[0] = (struct route){SOURCE, 1};
    items[1] = (struct route){BASE, 0};
    items[2] = (struct route){SOURCE, 1};
    assert_int_equal(route_event(&routes, &event, targets), 1);
    assert_int_equal(targets[0], 1);

    routes.has_rest = true;
    routes.rest = 0;
    items[0].target = items[2].target = 0;
    memcpy(items[0].source, OTHER, sizeof(OTHER));
    memcpy(items[2].source, OTHER, sizeof(OTHER));
    assert_int_equal(route_event(&routes, &event, targets), 1);
    assert_int_equal(targets[0], 0);

    /* Too many to send every comment to all of them. */
    for (size_t i = 2; i <= ROUTE_EVERYWHERE_MAX; i++)
        repositories[routes.n_repositories++] = "acme/more";
    assert_int_equal(route_event(&routes, &comment, targets), 1);
    routes.has_rest = false;
    assert_int_equal(route_event(&routes, &comment, targets), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(test_kinds),
        WITH_ARENA(test_what_is_no_event),
        WITH_ARENA(test_pages_and_sources),
        WITH_ARENA(test_many_blocks),
        cmocka_unit_test(test_repository_names),
        WITH_ARENA(test_routes),
    };

    return RUN(tests);
}
