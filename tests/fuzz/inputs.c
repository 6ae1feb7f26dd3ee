#include "fuzz.h"

#include "config/config.h"

#define NOTION_TOKEN "a-token-of-notion"
#define GITHUB_TOKEN "a-token-of-github"

static const char *const variables[] = {
    "INPUT_NOTION_DATABASE", "INPUT_REPOSITORY",       "INPUT_MODE",
    "INPUT_FULL_EVERY",      "INPUT_DRY_RUN",          "INPUT_SETUP",
    "INPUT_CREATE_ISSUES",   "INPUT_CREATE_PAGES",     "INPUT_PULL_REQUESTS",
    "INPUT_PROPERTY_MAP",    "INPUT_STATUS_MAP",       "INPUT_LINK_COMMENTS",
    "INPUT_ON_CONFLICT",     "INPUT_MERGE_METHOD",     "INPUT_PULL_REQUEST_DONE",
    "INPUT_ON_PAGE_DELETED", "INPUT_ON_ISSUE_DELETED", "INPUT_MAX_DELETIONS",
    "INPUT_MAX_RUNTIME",     "INPUT_STATE_REF",        "INPUT_NOTION_API_URL",
    "INPUT_LOG_LEVEL",       "GITHUB_API_URL",         "GITHUB_GRAPHQL_URL",
    "GITHUB_SERVER_URL",     "GITHUB_RUN_ID",          "GITHUB_RUN_ATTEMPT",
    "GITHUB_OUTPUT",         "GITHUB_STEP_SUMMARY",    "RUNNER_TEMP",
    "GITHUB_EVENT_NAME",     "GITHUB_EVENT_PATH",      "GITHUB_ACTIONS",
    "INPUT_NOTION_FILTER",   "INPUT_SYNC_BODY",        "INPUT_ISSUE_LABELS",
    "INPUT_FIELDS",          "INPUT_DIRECTIONS",       "INPUT_LABEL_IGNORE",
    "INPUT_PROGRESS_MAP",    "INPUT_NEW_ISSUE_LABELS", "INPUT_ISSUE_FILTER",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
check_text(const char *text)
{
    for (; *text != '\0'; text++)
        CHECK((unsigned char)*text >= 0x20 && *text != 0x7f);
}

static void
check_problems(const struct config_problem *problems, size_t n)
{
    CHECK(n > 0);
    for (size_t i = 0; i < n; i++) {
        const struct config_problem *problem = &problems[i];

        CHECK(problem->input != NULL && problem->message != NULL);
        check_text(problem->message);
        if (problem->given == NULL)
            continue;
        check_text(problem->given);
        CHECK(utf8_length(problem->given) <= 80 && is_utf8(problem->given));
        CHECK(strstr(problem->given, NOTION_TOKEN) == NULL &&
              strstr(problem->given, GITHUB_TOKEN) == NULL);
    }
}

static void
check_base_url(const char *url)
{
    CHECK(strncasecmp(url, "http", 4) == 0 && url[strlen(url) - 1] != '/');
    CHECK(strpbrk(url, " \r\n@?#") == NULL);
}

static void
check_config(const struct config *config)
{
    CHECK(is_notion_id(config->database));
    CHECK(config->notion_token[0] != '\0' && config->github_token[0] != '\0');
    CHECK(config->owner[0] != '\0' && config->repository[0] != '\0');
    CHECK(strpbrk(config->owner, "/ \r\n") == NULL &&
          strpbrk(config->repository, "/ \r\n") == NULL);
    CHECK((config->state_ref == NULL) != (config->state_folder == NULL));
    CHECK(config->state_ref == NULL || strncmp(config->state_ref, "refs/", 5) == 0);
    check_base_url(config->notion_api_url);
    check_base_url(config->github_api_url);
    check_base_url(config->github_graphql_url);
    check_base_url(config->github_server_url);
    CHECK(config->full_every >= 0 && config->max_runtime > 0 && config->max_deletions >= 0 &&
          config->max_changes >= 0);
    CHECK(config->max_runtime < INT64_MAX / 60000 && config->full_every < INT64_MAX / 3600000);
    CHECK(config->temp_folder != NULL && config->run_id != NULL && config->run_attempt > 0);
    CHECK(strlen(config->fingerprint) == 16 &&
          strspn(config->fingerprint, "0123456789abcdef") == 16);
    for (enum field f = 0; f < config->fields.n; f++)
        CHECK(config->properties[f].off || config->properties[f].property == NULL ||
              config->properties[f].property[0] != '\0');
    for (size_t i = 0; i < config->n_statuses; i++)
        CHECK(config->statuses[i].option[0] != '\0' && config->statuses[i].state[0] != '\0');
}

static const char *
check_read(struct arena *arena, char *flag)
{
    char *argv[] = {arena_strdup(arena, "notion-sync"), flag, NULL};
    struct config config;
    const struct config_problem *problems;
    size_t n = 0;
    enum config_result result =
        config_read(arena, flag != NULL ? 2 : 1, argv, &config, &problems, &n);

    if (result == CONFIG_BAD)
        check_problems(problems, n);
    if (result != CONFIG_OK)
        return NULL;
    CHECK(n == 0);
    check_config(&config);
    return config.fingerprint;
}

/* The environment of a step: the byte before a text says which variable it is for. */
static void
set_variables(struct bytes *bytes, struct arena *arena)
{
    clearenv();
    setenv("INPUT_NOTION_TOKEN", NOTION_TOKEN, 1);
    setenv("INPUT_GITHUB_TOKEN", GITHUB_TOKEN, 1);
    setenv("INPUT_NOTION_DATABASE", "2f1c8a3e0b4d4c5e9f60718293a4b5c6", 1);
    setenv("GITHUB_REPOSITORY", "octo/hello", 1);
    while (bytes->left > 0) {
        const char *name = variables[take_below(bytes, COUNT(variables))];

        setenv(name, take_text(bytes, arena), 1);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct bytes bytes = {data, size};
    const char *flag = take_flag(&bytes) ? take_text(&bytes, arena) : NULL;
    const char *first;
    const char *second;

    set_variables(&bytes, arena);
    first = check_read(arena, arena_strdup(arena, flag));
    second = check_read(arena, arena_strdup(arena, flag));
    CHECK((first == NULL) == (second == NULL));
    CHECK(first == NULL || strcmp(first, second) == 0);
    arena_free(arena);
    return 0;
}
