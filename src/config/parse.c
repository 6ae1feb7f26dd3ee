#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/url.h"
#include "config/config_p.h"
#include "config/git_ref.h"
#include "model/notion_id.h"

/* GitHub: 39 characters of an owner (with room for what its servers allow), 100 of a name. */
#define REPOSITORY_MAX 200
#define ALNUM          "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

_Static_assert(sizeof(enum mode) == sizeof(unsigned), "parse_choice copies unsigned into enums");

const struct choice log_levels[] = {
    {"error", LOG_ERROR}, {"warning", LOG_WARNING}, {"info", LOG_INFO}, {"debug", LOG_DEBUG}, {0}};

static void *
place(const struct input_reader *reader, const struct input *input)
{
    return (char *)reader->target + input->at;
}

static void
place_text(const struct input_reader *reader, const struct input *input, const char *text)
{
    memcpy(place(reader, input), &text, sizeof(text));
}

const char *
text_trim(struct arena *arena, const char *text, size_t length)
{
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    while (length > 0 && isspace((unsigned char)*text)) {
        text++;
        length--;
    }
    return arena_strndup(arena, text, length);
}

/* A token becomes part of a header line, so nothing may end that line. */
void
parse_secret(struct input_reader *reader, const struct input *input, const char *text)
{
    const char *wanted = strcasecmp(input->name, "notion_token") == 0 ? "Notion" : "GitHub";
    const char *c = text;

    while (*c > ' ' && *c <= '~')
        c++;
    if (*c != '\0' || c - text < input->min)
        problem_add(reader, input->name, NULL,
                    "a token, printable ASCII on one line without spaces");
    else if (!token_refused(reader, input->name, text, wanted))
        place_text(reader, input, text);
}

void
parse_text(struct input_reader *reader, const struct input *input, const char *text)
{
    place_text(reader, input, text);
}

/* 0, 1, or -1 for any other text. */
static int
boolean_read(const char *text)
{
    static const char *const words[2][3] = {{"false", "False", "FALSE"}, {"true", "True", "TRUE"}};

    for (int i = 0; i < 2; i++)
        for (size_t j = 0; j < 3; j++)
            if (strcmp(text, words[i][j]) == 0)
                return i;
    return -1;
}

void
parse_boolean(struct input_reader *reader, const struct input *input, const char *text)
{
    bool value = boolean_read(text) == 1;

    if (boolean_read(text) < 0)
        problem_add(reader, input->name, text, "\"true\" or \"false\"");
    else
        memcpy(place(reader, input), &value, sizeof(value));
}

void
parse_choice(struct input_reader *reader, const struct input *input, const char *text)
{
    struct buf allowed;

    for (const struct choice *choice = input->choices; choice->name != NULL; choice++)
        if (strcmp(text, choice->name) == 0) {
            memcpy(place(reader, input), &choice->value, sizeof(choice->value));
            return;
        }
    buf_init(&allowed, 1024);
    for (const struct choice *choice = input->choices; choice->name != NULL; choice++)
        buf_printf(&allowed, "%s\"%s\"",
                   choice == input->choices ? ""
                   : choice[1].name == NULL ? " or "
                                            : ", ",
                   choice->name);
    problem_add(reader, input->name, text, "%s", buf_text(&allowed));
    buf_release(&allowed);
}

void
parse_create_issues(struct input_reader *reader, const struct input *input, const char *text)
{
    parse_choice(reader, input,
                 boolean_read(text) == 1   ? "all"
                 : boolean_read(text) == 0 ? "none"
                                           : text);
}

bool
number_read(const char *text, int64_t min, int64_t max, int64_t *number)
{
    int64_t value = 0;

    if (*text == '\0')
        return false;
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9' || value > (INT64_MAX - (*text - '0')) / 10)
            return false;
        value = value * 10 + (*text - '0');
    }
    if (value < min || value > max)
        return false;
    *number = value;
    return true;
}

void
parse_number(struct input_reader *reader, const struct input *input, const char *text)
{
    int64_t value;

    if (number_read(text, input->min, input->max, &value))
        memcpy(place(reader, input), &value, sizeof(value));
    else
        problem_add(reader, input->name, text, "a whole number from %" PRId64 " to %" PRId64,
                    input->min, input->max);
}

const char *
url_read(struct input_reader *reader, const char *name, const char *text)
{
    size_t length = strlen(text);
    struct err err;

    if (!url_allowed(text, &err)) {
        problem_add(reader, name, text, "%s", err.text);
        return NULL;
    }
    while (text[length - 1] == '/')
        length--;
    return arena_strndup(reader->arena, text, length);
}

void
parse_url(struct input_reader *reader, const struct input *input, const char *text)
{
    place_text(reader, input, url_read(reader, input->name, text));
}

void
parse_database(struct input_reader *reader, const struct input *input, const char *text)
{
    char id[NOTION_ID_SIZE];

    if (notion_id_from_url(text, id))
        reader->config->database = arena_strdup(reader->arena, id);
    else
        problem_add(reader, input->name, text,
                    "the id (32 hex digits, with or without dashes) or the URL of a database or "
                    "data source (the id behind ?v= is that of a view)");
}

bool
repository_valid(const char *text)
{
    size_t owner = strspn(text, ALNUM "-_");
    const char *name = text + owner + 1;

    if (owner == 0 || text[owner] != '/' || strlen(text) > REPOSITORY_MAX)
        return false;
    return *name != '\0' && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
           name[strspn(name, ALNUM "-_.")] == '\0';
}

/* Where the path of an address begins, NULL: the text is not one. *host is what comes before. */
static const char *
address_path(struct arena *arena, const char *text, const char **host)
{
    const char *scheme = strstr(text, "://");
    const char *start = scheme != NULL ? scheme + strlen("://") : text;
    const char *end = start + strcspn(start, "/:");
    const char *user = memchr(start, '@', (size_t)(end - start));

    if (user != NULL)
        start = user + 1;
    /* Without a scheme or a user only a host has a dot: owners have none. */
    if (*end == '\0' ||
        (scheme == NULL && user == NULL && memchr(start, '.', (size_t)(end - start)) == NULL))
        return NULL;
    *host = arena_strndup(arena, start, (size_t)(end - start));
    if (*end == ':' && scheme != NULL)
        end += strcspn(end, "/");
    return end + (*end != '\0');
}

const char *
repository_read(struct arena *arena, const char *text, const char **host)
{
    static const char suffix[] = ".git";
    const char *path;
    size_t owner, length;
    char *name;

    *host = NULL;
    path = address_path(arena, text, host);
    if (path == NULL)
        return repository_valid(text) ? text : NULL;
    owner = strcspn(path, "/");
    length = owner + (path[owner] == '/');
    length += strcspn(path + length, "/?#");
    name = arena_strndup(arena, path, length);
    if (length > sizeof(suffix) - 1 && strcmp(name + length - (sizeof(suffix) - 1), suffix) == 0)
        name[length - (sizeof(suffix) - 1)] = '\0';
    if (repository_valid(name))
        return name;
    *host = NULL;
    return NULL;
}

void
repository_check_host(struct input_reader *reader)
{
    const struct config *config = reader->config;
    const char *server = config->github_server_url;
    const char *host;

    if (config->repository_host == NULL || server == NULL)
        return;
    host = strstr(server, "://") + strlen("://");
    if (strncasecmp(host, config->repository_host, strlen(config->repository_host)) == 0 &&
        strchr(":/", host[strlen(config->repository_host)]) != NULL)
        return;
    problem_say(reader, "repository", config->repository_host,
                "this URL is of another server than GITHUB_SERVER_URL (%s). Use a repository of "
                "that server, or set GITHUB_API_URL and GITHUB_SERVER_URL to yours.",
                problem_text(reader, server));
}

void
parse_repository(struct input_reader *reader, const struct input *input, const char *text)
{
    const char *name = repository_read(reader->arena, text, &reader->config->repository_host);
    size_t owner;

    if (name == NULL) {
        problem_add(reader, input->name, text,
                    "owner/name, for example octo-org/website, or the repository's URL");
        return;
    }
    owner = strcspn(name, "/");
    reader->config->owner = arena_strndup(reader->arena, name, owner);
    reader->config->repository = name + owner + 1;
}

void
parse_filter(struct input_reader *reader, const struct input *input, const char *text)
{
    struct json_object *filter = NULL;

    if (*text == '\0')
        return;
    if (json_read(text, strlen(text), &filter, NULL) &&
        json_object_is_type(filter, json_type_object))
        reader->config->notion_filter = json_write(reader->arena, filter);
    else
        problem_add(reader, input->name, text,
                    "the filter of a Notion query, a JSON object: {\"property\": NAME, TYPE: "
                    "{CONDITION: VALUE}}, or several of them in {\"and\": [...]}");
    json_object_put(filter);
}

/* Comes after parse_database in the table: the default is made of the id. */
void
parse_state_ref(struct input_reader *reader, const struct input *input, const char *text)
{
    static const char folder[] = "file:";
    struct config *config = reader->config;

    if (*text == '\0' && config->database != NULL) {
        char id[NOTION_ID_COMPACT_SIZE];

        notion_id_compact(config->database, id);
        config->state_ref = arena_printf(reader->arena, "refs/notion-sync/%s", id);
        config->state_branch = arena_printf(reader->arena, "refs/heads/notion-sync/%s", id);
    } else if (strncmp(text, folder, sizeof(folder) - 1) == 0 && text[sizeof(folder) - 1] != '\0') {
        config->state_folder = text + sizeof(folder) - 1;
    } else if (git_ref_valid(text)) {
        config->state_ref = text;
    } else if (*text != '\0') {
        problem_add(reader, input->name, text,
                    "a full ref name that git accepts, refs/NAMESPACE/NAME, or file:FOLDER");
    }
}
