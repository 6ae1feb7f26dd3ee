#include <stdlib.h>
#include <string.h>

#include "config/config_p.h"

/* The variables are described in docs.github.com, "Variables reference". */

const char *
environment_text(const char *name)
{
    const char *text = getenv(name);

    return text != NULL && *text != '\0' ? text : NULL;
}

static const char *
text_or(struct arena *arena, const char *name, const char *fallback)
{
    const char *text = environment_text(name);

    return arena_strdup(arena, text != NULL ? text : fallback);
}

/* If only the address of the REST API is known, the others follow from it: a GitHub Enterprise
 * Server has HOST/api/v3 and HOST/api/graphql (docs.github.com, enterprise-server, "Forming calls
 * with GraphQL"). */
static void
read_urls(struct input_reader *reader)
{
    static const char rest[] = "/api/v3";
    struct config *config = reader->config;
    struct arena *arena = reader->arena;
    const char *graphql = NULL;
    const char *server = "https://github.com";
    const char *api = url_read(reader, "GITHUB_API_URL",
                               text_or(arena, "GITHUB_API_URL", "https://api.github.com"));
    size_t length = api != NULL ? strlen(api) : 0;

    if (length > sizeof(rest) - 1 && strcmp(api + length - (sizeof(rest) - 1), rest) == 0) {
        server = arena_strndup(arena, api, length - (sizeof(rest) - 1));
        graphql = arena_printf(arena, "%s/api/graphql", server);
    } else {
        graphql = arena_printf(arena, "%s/graphql", api != NULL ? api : "https://api.github.com");
    }
    config->github_api_url = api;
    config->github_graphql_url =
        url_read(reader, "GITHUB_GRAPHQL_URL", text_or(arena, "GITHUB_GRAPHQL_URL", graphql));
    config->github_server_url =
        url_read(reader, "GITHUB_SERVER_URL", text_or(arena, "GITHUB_SERVER_URL", server));
}

void
environment_read(struct input_reader *reader)
{
    struct config *config = reader->config;
    struct arena *arena = reader->arena;
    const char *debug = environment_text("RUNNER_DEBUG");
    const char *attempt = environment_text("GITHUB_RUN_ATTEMPT");

    read_urls(reader);
    config->run_id = text_or(arena, "GITHUB_RUN_ID", "local");
    config->run_attempt = 1;
    if (attempt != NULL && !number_read(attempt, 1, INT64_MAX, &config->run_attempt))
        problem_add(reader, "GITHUB_RUN_ATTEMPT", attempt, "a whole number from 1");
    config->output_file = text_or(arena, "GITHUB_OUTPUT", NULL);
    config->summary_file = text_or(arena, "GITHUB_STEP_SUMMARY", NULL);
    config->workflow_ref = text_or(arena, "GITHUB_WORKFLOW_REF", NULL);
    config->event_name = text_or(arena, "GITHUB_EVENT_NAME", NULL);
    config->event_file = text_or(arena, "GITHUB_EVENT_PATH", NULL);
    config->temp_folder = text_or(arena, "RUNNER_TEMP", text_or(arena, "TMPDIR", "/tmp"));
    if (debug != NULL && strcmp(debug, "1") == 0)
        config->log_level = LOG_DEBUG;
}
