#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/url.h"
#include "config/config_p.h"
#include "model/notion_id.h"

/* GitHub: 39 characters of an owner (with room for what its servers allow), 100 of a name. */
#define REPOSITORY_MAX 200
#define ALNUM          "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

_Static_assert(sizeof(enum mode) == sizeof(int), "parse_choice copies int into enums");

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

const char *
list_next(struct arena *arena, const char **text)
{
    while (**text != '\0') {
        const char *line = *text;
        size_t length = strcspn(line, "\r\n");
        const char *entry;
        size_t end = 0;

        /* A # begins a comment at the start of a line and after white space: "C#" is a name. */
        while (end < length &&
               !(line[end] == '#' && (end == 0 || isspace((unsigned char)line[end - 1]))))
            end++;
        entry = text_trim(arena, line, end);
        *text += length;
        *text += strspn(*text, "\r\n");
        if (*entry != '\0')
            return entry;
    }
    return NULL;
}

const char *
list_pair(struct arena *arena, const char *entry, const char *equals, const char **value)
{
    size_t length = equals != NULL ? (size_t)(equals - entry) : strlen(entry);

    *value = equals != NULL ? text_trim(arena, equals + 1, strlen(equals + 1)) : "";
    return text_trim(arena, entry, length);
}

/* A token becomes part of a header line, so it may not contain a character that ends the line. */
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
    int place = word_place("false true False True FALSE TRUE", text);

    return place < 0 ? -1 : place % 2;
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

int
word_place(const char *words, const char *word)
{
    size_t length;

    for (int place = 0; *words != '\0'; place++) {
        length = strcspn(words, " ");
        if (strncmp(word, words, length) == 0 && word[length] == '\0')
            return place;
        words += length + (words[length] == ' ');
    }
    return -1;
}

void
parse_choice(struct input_reader *reader, const struct input *input, const char *text)
{
    int value = word_place(input->choices, text);
    const char *word = input->choices;
    struct buf allowed;

    if (value >= 0) {
        memcpy(place(reader, input), &value, sizeof(value));
        return;
    }
    buf_init(&allowed, 1024);
    for (size_t length; *word != '\0'; word += length + (word[length] == ' ')) {
        length = strcspn(word, " ");
        buf_printf(&allowed, "%s\"%.*s\"",
                   word == input->choices ? ""
                   : word[length] == '\0' ? " or "
                                          : ", ",
                   (int)length, word);
    }
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

static void
read_database(struct input_reader *reader, const struct input *input, const char *text,
              const char *allowed)
{
    char id[NOTION_ID_SIZE];

    if (notion_id_from_url(text, id))
        place_text(reader, input, arena_strdup(reader->arena, id));
    else
        problem_add(reader, input->name, text, "%s", allowed);
}

void
parse_database(struct input_reader *reader, const struct input *input, const char *text)
{
    read_database(reader, input, text,
                  "the id (32 hex digits, with or without dashes) or the URL of a database or "
                  "data source (the id behind ?v= is that of a view)");
}

void
parse_people_database(struct input_reader *reader, const struct input *input, const char *text)
{
    if (*text != '\0')
        read_database(reader, input, text,
                      "the link or id (32 hex digits) of a Notion database, or of one of its data "
                      "sources, that has a column for people and one for GitHub logins");
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

/*
 * "owner/name" as GitHub writes it, of that or of an address of the repository
 * (https://github.com/owner/name/pulls, git@github.com:owner/name.git); NULL: neither. *host
 * becomes the address's host, or NULL.
 */
static const char *
repository_read(struct arena *arena, const char *text, const char **host)
{
    static const char suffix[] = ".git";
    struct url url;
    size_t length;
    char *name;

    *host = NULL;
    if (!url_split(text, &url)) {
        /* Without a scheme or a user, only a host has a dot: an owner has none. */
        char *address = arena_printf(arena, "ssh://%s", text);
        char *end = address + strlen("ssh://");

        end += strcspn(end, "/:");
        if (*end == ':')
            *end = '/';
        if (!url_split(address, &url) ||
            (url.user.at == NULL && memchr(url.host.at, '.', url.host.length) == NULL))
            return repository_valid(text) ? text : NULL;
    }
    if (*url.path != '/')
        return NULL;
    length = strcspn(url.path + 1, "/");
    length += url.path[1 + length] == '/';
    length += strcspn(url.path + 1 + length, "/?#");
    name = arena_strndup(arena, url.path + 1, length);
    if (length > strlen(suffix) && strcmp(name + length - strlen(suffix), suffix) == 0)
        name[length - strlen(suffix)] = '\0';
    if (!repository_valid(name))
        return NULL;
    *host = arena_strndup(arena, url.host.at, url.host.length);
    return name;
}

void
repository_check_host(struct input_reader *reader)
{
    const struct config *config = reader->config;
    const char *server = config->github_server_url;
    struct url url;

    if (config->repository_host == NULL || server == NULL ||
        (url_split(server, &url) && url_part_is(&url.host, config->repository_host)))
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

bool
git_ref_valid(const char *name)
{
    static const char lock[] = ".lock";
    size_t tail = strlen(lock);
    size_t components = 0;

    for (const char *c = name; *c != '\0'; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7f || strchr("~^:?*[\\", *c) != NULL)
            return false;
    if (strncmp(name, "refs/", strlen("refs/")) != 0 || strstr(name, "..") != NULL ||
        strstr(name, "@{") != NULL)
        return false;
    for (const char *at = name;; at++) {
        size_t length = strcspn(at, "/");

        if (length == 0 || *at == '.' ||
            (length >= tail && memcmp(at + length - tail, lock, tail) == 0))
            return false;
        components++;
        at += length;
        if (*at == '\0')
            return components >= 3 && at[-1] != '.';
    }
}

/* This comes after parse_database in the table, because the id is part of the default. */
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
