#include "fuzz.h"

#include "config/engine.h"
#include "webhook/address.h"
#include "webhook/event.h"
#include "webhook/settings.h"

#define OWN "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"

static bool
is_plain(const char *text, size_t size)
{
    size_t length = strlen(text);

    for (size_t i = 0; i < length; i++)
        if (text[i] <= ' ' || text[i] > '~')
            return false;
    return length > 0 && length < size;
}

static void
check_routes(const struct event *event)
{
    const char *repositories[] = {"a/b", "c/d"};
    struct route items[] = {{"44444444-4444-4444-8444-444444444444", 1}};
    const struct routes routes = {.repositories = repositories,
                                  .n_repositories = 2,
                                  .items = items,
                                  .n_items = 1,
                                  .has_rest = true};
    size_t targets[2];
    size_t n = route_event(&routes, event, targets);

    CHECK(n >= 1 && n <= 2);
    for (size_t i = 0; i < n; i++)
        CHECK(targets[i] < 2);
}

static void
check_event(const uint8_t *data, size_t size, struct arena *arena)
{
    char *body = arena_strndup(arena, (const char *)data, size);
    struct event event;
    struct err err;

    memcpy(body, data, size);
    if (!event_read(body, size, OWN, arena, &event, &err)) {
        check_err(&err);
        CHECK(err.kind == ERR_DATA);
        return;
    }
    if (event.kind == EVENT_HANDSHAKE) {
        CHECK(is_plain(event.token, EVENT_TOKEN_SIZE));
        return;
    }
    CHECK(is_plain(event.id, EVENT_ID_SIZE) && is_plain(event.type, EVENT_TYPE_SIZE));
    CHECK(event.n_pages <= EVENT_PAGES_MAX && event.n_sources <= EVENT_SOURCES_MAX);
    CHECK(event.kind != EVENT_IGNORED || event.n_pages + event.n_sources == 0);
    for (size_t i = 0; i < event.n_pages; i++)
        CHECK(is_notion_id(event.pages[i]));
    for (size_t i = 0; i < event.n_sources; i++)
        CHECK(is_notion_id(event.sources[i]));
    check_routes(&event);
}

static void
check_signature(struct bytes *bytes, struct arena *arena)
{
    const char *secret = take_text(bytes, arena);
    const char *header = take_text(bytes, arena);

    CHECK(!signature_valid(header, bytes->at, bytes->left, secret) || strlen(header) == 71);
    CHECK(!signature_well_formed(header) || strlen(header) == 71);
}

static void
check_address(struct bytes *bytes, struct arena *arena)
{
    const char *forwarded = take_text(bytes, arena);
    const char *text = take_rest(bytes, arena);
    struct network proxies[2];
    struct address peer;
    struct address client;
    char shown[ADDRESS_TEXT_SIZE];

    CHECK(network_read("10.0.0.0/8", 10, &proxies[0]));
    if (!network_read(text, strlen(text), &proxies[1]))
        proxies[1] = proxies[0];
    CHECK(proxies[1].bits <= 128 && network_holds(&proxies[1], &proxies[1].address));
    if (!address_read(text, strlen(text), &peer))
        peer = proxies[0].address;
    client = address_client(&peer, forwarded, proxies, 2);
    address_text(&client, shown);
    CHECK(address_read(shown, strlen(shown), &peer));
    CHECK(memcmp(&peer, &client, sizeof(peer)) == 0);
}

struct environment {
    struct bytes *bytes;
    struct arena *arena;
};

static const char *
lookup(void *context, const char *name)
{
    const struct environment *environment = context;
    size_t length = strlen(name);
    const char *text;

    /* No file is looked for. */
    if (length > 5 && strcmp(name + length - 5, "_FILE") == 0)
        return NULL;
    text = take_text(environment->bytes, environment->arena);
    return strcmp(name, "GITHUB_APP_PRIVATE_KEY") == 0 && *text != '\0'
               ? arena_printf(environment->arena, "-----BEGIN%s", text)
               : text;
}

static void
check_settings(struct bytes *bytes, struct arena *arena)
{
    struct environment environment = {bytes, arena};
    const struct config_problem *problems;
    struct settings settings;
    size_t n;
    bool ok = settings_read(arena, lookup, &environment, &settings, &problems, &n);

    CHECK(ok == (n == 0));
    for (size_t i = 0; i < n; i++)
        CHECK(*problems[i].input != '\0' && *problems[i].message != '\0');
    if (ok) {
        CHECK(settings.n_secrets <= SECRETS_MAX && settings.routes.n_repositories > 0);
        CHECK(settings.coalesce >= 0 && settings.connections > 0 && *settings.spool != '\0');
        CHECK((settings.github_token != NULL) != (settings.app_key != NULL));
    }
    for (size_t i = 0; i < settings.routes.n_repositories; i++)
        CHECK(repository_valid(settings.routes.repositories[i]));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct bytes bytes = {data, size};

    if (size > 0 && *data == '{')
        check_event(data, size, arena);
    else
        switch (take_below(&bytes, 3)) {
        case 0:
            check_signature(&bytes, arena);
            break;
        case 1:
            check_address(&bytes, arena);
            break;
        default:
            check_settings(&bytes, arena);
            break;
        }
    arena_free(arena);
    return 0;
}
