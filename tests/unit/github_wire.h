#ifndef TESTS_UNIT_GITHUB_WIRE_H
#define TESTS_UNIT_GITHUB_WIRE_H

#include "fields_test.h"
#include "github_test.h"

#include "base/log.h"
#include "http_server.h"

#define START INT64_C(1800000000000)
#define HOUR  INT64_C(3600000)

/* A reply of the scripted server, status NULL: the connection is cut instead. */
struct step {
    const char *status, *body, *headers;
};

struct wire {
    struct server server;
    struct reply replies[SERVER_REQUESTS];
    struct http *http;
    struct github *github;
    struct arena *arena;
};

static inline void
wire_open(struct wire *wire, const struct step *steps, size_t n, const char *state_ref)
{
    struct github_config config = {
        .token = "s3cret",
        .owner = "o",
        .repository = "r",
        .state_ref = state_ref,
    };
    struct err err = {0};

    seal_init(&config.seal, "notion-sync marker", "ntn_test");
    wire->arena = arena_new();
    for (size_t i = 0; i < n; i++) {
        struct reply *reply = &wire->replies[i];

        *reply = (struct reply){.close = true};
        if (steps[i].status != NULL)
            reply->text =
                arena_printf(wire->arena,
                             "HTTP/1.1 %s\r\nConnection: close\r\n%s"
                             "Content-Length: %zu\r\n\r\n%s",
                             steps[i].status, steps[i].headers != NULL ? steps[i].headers : "",
                             strlen(steps[i].body), steps[i].body);
    }
    server_start(&wire->server, wire->replies, (int)n);
    wire->http = http_start("wire-test/1", NULL, clock_now() + HOUR, &err);
    assert_non_null(wire->http);
    config.api_url = wire->server.url;
    config.graphql_url = arena_printf(wire->arena, "%s/graphql", wire->server.url);
    wire->github = github_new(wire->http, &config, &err);
    if (wire->github == NULL)
        fail_msg("%s", err.text);
    github_select(wire->github, all_fields(), (struct field_set){{0}}, false, false, false);
    /* As the overview would say. */
    wire->github->key.repository = 42;
    wire->github->viewer = "me";
}

/* Ends it, after so many requests. */
static inline void
wire_close(struct wire *wire, int requests)
{
    int count = wire->server.count;

    github_free(wire->github);
    http_stop(wire->http);
    server_end(&wire->server);
    arena_free(wire->arena);
    if (count != requests)
        fail_msg("%d requests instead of %d", count, requests);
}

/* The n-th request must begin with `line` (method and path) and have this body, unless it is
 * NULL. */
static inline void
wire_sent(struct wire *wire, int n, const char *line, const char *body)
{
    const char *request = n < wire->server.count ? wire->server.requests[n] : "";
    const char *sent = strstr(request, "\r\n\r\n");

    if (strncmp(request, line, strlen(line)) != 0 || request[strlen(line)] != ' ')
        fail_msg("request %d: %.200s instead of %s", n, request, line);
    if (body != NULL)
        test_text(sent + 4, body, line);
}

/* The body of the n-th request, a GraphQL query; to be freed with json_object_put. */
static inline struct json_object *
wire_query(struct wire *wire, int n)
{
    wire_sent(wire, n, "POST /graphql", NULL);
    return test_json(strstr(wire->server.requests[n], "\r\n\r\n") + 4);
}

/* Its variables as text. */
static inline void
wire_variables(struct wire *wire, int n, const char *wanted)
{
    struct json_object *tree = wire_query(wire, n);

    test_text(json_write(wire->arena, json_get(tree, "variables")), wanted, "variables");
    json_object_put(tree);
}

#endif
