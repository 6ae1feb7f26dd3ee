#include "config/config.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/hash.h"
#include "config/config_p.h"

static void
missing_input(struct input_reader *reader, const struct input *input)
{
    struct arena *arena = reader->arena;
    const char *variable = input_variable(arena, input);

    if (reader->config->in_actions)
        problem_say(reader, input->name, NULL,
                    "required, but empty. Give it under \"with:\", and check that the secret or "
                    "variable that you name there exists.");
    else if (input->secret)
        problem_say(reader, input->name, NULL, "required, but missing. Set %s or %s.", variable,
                    input->variable);
    else
        problem_say(reader, input->name, NULL, "required, but missing. Set %s or give --%s.",
                    input->variable != NULL ? input->variable : variable, input_flag(arena, input));
}

/* A variable INPUT_… that no input has: otherwise a typing error would go unnoticed. */
static const char *
unknown_variable(struct input_reader *reader, const char *name)
{
    struct arena *arena = reader->arena;
    struct nearest nearest = nearest_to(name);

    for (size_t i = 0; i < input_count; i++)
        if (!input_table[i].command_line) {
            if (strcasecmp(input_table[i].name, name) == 0)
                return NULL;
            nearest_offer(&nearest, input_table[i].name);
        }
    name = arena_strdup(arena, name);
    for (char *c = (char *)name; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
    return arena_printf(arena,
                        "%s: there is no such input; it is ignored. %sThe documentation "
                        "lists all inputs.",
                        problem_text(reader, name), problem_guess(arena, &nearest));
}

static void
look_for_unknown(struct input_reader *reader)
{
    static const char prefix[] = "INPUT_";
    VEC(const char *) warnings = {0};

    for (char **variable = environ; variable != NULL && *variable != NULL; variable++) {
        const char *name = *variable + (sizeof(prefix) - 1);
        const char *warning;

        if (strncmp(*variable, prefix, sizeof(prefix) - 1) != 0)
            continue;
        name = arena_strndup(reader->arena, name, strcspn(name, "="));
        /* What the runner itself adds to an action in a container. */
        if (strcmp(name, "ARGS") == 0 || strcmp(name, "ENTRYPOINT") == 0)
            continue;
        warning = unknown_variable(reader, name);
        if (warning != NULL)
            vec_push(&warnings, warning);
    }
    vec_take(&warnings, reader->arena, reader->config->warnings, reader->config->n_warnings);
}

/* Each text with its terminating zero, so that no two lists of texts look alike. An absent one
 * is a byte that no text holds. */
static uint64_t
hash_choice(uint64_t hash, const char *text)
{
    return text != NULL ? hash_bytes(hash, text, strlen(text) + 1) : hash_item(hash, "");
}

/* A hash of everything that decides what is compared, 16 hex digits. */
static const char *
fingerprint(const struct input_reader *reader)
{
    const struct config *config = reader->config;
    uint64_t hash = HASH_START;

    hash = hash_choice(hash, config->database);
    hash = hash_choice(hash, config->owner);
    hash = hash_choice(hash, config->repository);
    for (size_t i = 0; i < input_count; i++)
        if (input_table[i].compared) {
            hash = hash_choice(hash, input_table[i].name);
            hash = hash_choice(hash, input_text(reader, &input_table[i]));
        }
    for (enum field f = 0; f < config->fields.n; f++) {
        hash = hash_choice(hash, config->fields.items[f].name);
        hash = hash_choice(hash, config->properties[f].property);
    }
    for (size_t i = 0; i < config->n_statuses; i++) {
        hash = hash_choice(hash, config->statuses[i].option);
        hash = hash_choice(hash, config->statuses[i].state);
        hash = hash_choice(hash, config->statuses[i].label);
    }
    return arena_printf(reader->arena, "%016" PRIx64, hash);
}

/* The variables are described in docs.github.com, "Variables reference". */

/* NULL if it is not set or empty. */
static const char *
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

static void
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

enum config_result
config_read(struct arena *arena, int argc, char **argv, struct config *config,
            const struct config_problem **problems, size_t *n_problems)
{
    const char *actions = environment_text("GITHUB_ACTIONS");
    struct input_reader reader = {.arena = arena, .target = config, .config = config};
    enum config_result result;
    bool flags_are_wrong;

    *config = (struct config){.in_actions = actions != NULL && strcmp(actions, "true") == 0};
    fields_init(&config->fields);
    reader.flags = arena_array(arena, input_count, sizeof(*reader.flags));
    /* Flags never give a secret. */
    reader.secrets = arena_array(arena, input_count, sizeof(*reader.secrets));
    for (size_t i = 0; i < input_count; i++) {
        const char *secret = input_table[i].secret ? input_text(&reader, &input_table[i]) : NULL;

        if (secret != NULL)
            reader.secrets[reader.n_secrets++] = secret;
    }
    result = flags_read(&reader, argc, argv);
    flags_are_wrong = reader.problems.len > 0;
    for (size_t i = 0; i < input_count; i++) {
        const char *text = input_text(&reader, &input_table[i]);

        if (text != NULL)
            input_table[i].parse(&reader, &input_table[i], text);
        else if (input_table[i].required && !flags_are_wrong) /* a wrong flag may have meant it */
            missing_input(&reader, &input_table[i]);
    }
    check_taking_part(&reader);
    check_progress(&reader);
    environment_read(&reader);
    repository_check_host(&reader);
    look_for_unknown(&reader);
    vec_take(&reader.problems, arena, *problems, *n_problems);
    if (result != CONFIG_OK)
        return result;
    if (*n_problems > 0)
        return CONFIG_BAD;
    config->fingerprint = fingerprint(&reader);
    seal_init(&config->seal, "notion-sync marker", config->notion_token);
    return CONFIG_OK;
}
