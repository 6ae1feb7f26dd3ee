#include "webhook/settings.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "config/engine.h"
#include "model/notion_id.h"
#include "webhook/app_token.h"

/* Limit for a file that a setting names: a token, a key or a list of routes. */
#define FILE_MAX        ((size_t)1 << 20)
#define METRICS_DEFAULT "127.0.0.1:9090"
#define TOKEN_MIN       8

/* Returns the whole of a small file, trimmed; NULL if it cannot be read, which adds a problem. */
static const char *
read_file(struct input_reader *reader, const char *name, const char *path)
{
    const char *trimmed = NULL;
    FILE *file = fopen(path, "re");
    struct buf text;
    char block[4096];
    size_t n;

    if (file == NULL) {
        /* Does not show the path: it may be the secret itself, given in the wrong place. */
        problem_say(reader, name, NULL, "the file that it names cannot be opened: %s.",
                    strerror(errno));
        return NULL;
    }
    buf_init(&text, FILE_MAX);
    while ((n = fread(block, 1, sizeof(block), file)) > 0 && buf_add(&text, block, n))
        continue;
    if (ferror(file) || text.full)
        problem_say(reader, name, NULL,
                    "the file that it names cannot be read, or holds more than 1 MiB.");
    else if (memchr(buf_text(&text), '\0', text.len) != NULL)
        problem_say(reader, name, NULL, "the file that it names is not text.");
    else
        trimmed = text_trim(reader->arena, buf_text(&text), text.len);
    (void)fclose(file);
    buf_release(&text);
    return trimmed;
}

/* A text that fits into a header line and is long enough to be a secret. */
static bool
is_token(const char *text)
{
    size_t length = strlen(text);

    for (size_t i = 0; i < length; i++)
        if (text[i] <= ' ' || text[i] > '~')
            return false;
    return length >= TOKEN_MIN;
}

static void
parse_secrets(struct input_reader *reader, const struct input *input, const char *text)
{
    struct settings *settings = reader->target;

    while (*text != '\0') {
        size_t length = strcspn(text, " \t\r\n");
        const char *secret = arena_strndup(reader->arena, text, length);

        text += length;
        text += strspn(text, " \t\r\n");
        if (settings->n_secrets == SECRETS_MAX || !is_token(secret)) {
            problem_add(reader, input->name, NULL,
                        "up to %d verification tokens, one a line, as Notion's handshake showed "
                        "them",
                        SECRETS_MAX);
            return;
        }
        settings->secrets[settings->n_secrets++] = secret;
    }
}

static void
parse_bot(struct input_reader *reader, const struct input *input, const char *text)
{
    struct settings *settings = reader->target;
    char id[NOTION_ID_SIZE];

    if (notion_id_parse(text, id))
        settings->bot = arena_strdup(reader->arena, id);
    else
        problem_add(reader, input->name, NULL, "the id of a Notion user, 32 hex digits");
}

static void
parse_app_id(struct input_reader *reader, const struct input *input, const char *text)
{
    struct settings *settings = reader->target;

    /* GitHub accepts the client id ("Iv23li…") as well. */
    if (strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_") ==
        strlen(text))
        settings->app_id = text;
    else
        problem_add(reader, input->name, NULL, "the App's id or client id, of letters and digits");
}

/* Environment files cannot hold line breaks, so a written-out "\n" means one. */
static char *
with_line_breaks(struct arena *arena, const char *text)
{
    char *out = arena_strdup(arena, text);
    char *to = out;

    for (; *text != '\0'; text++) {
        if (text[0] == '\\' && text[1] == 'n') {
            *to++ = '\n';
            text++;
        } else {
            *to++ = *text;
        }
    }
    *to = '\0';
    return out;
}

static void
parse_app_key(struct input_reader *reader, const struct input *input, const char *text)
{
    struct settings *settings = reader->target;

    /* The key itself, or the path of its file. Any other text may be a key in another form
     * (base64, for example), so it is not shown. */
    if (strstr(text, "-----BEGIN") == NULL) {
        if (access(text, R_OK) != 0) {
            problem_say(reader, input->name, NULL,
                        "this is neither a private key in PEM form (-----BEGIN …) nor the path of "
                        "a file that can be read: %s.",
                        strerror(errno));
            return;
        }
        text = read_file(reader, input->name, text);
        if (text == NULL)
            return;
    }
    text = with_line_breaks(reader->arena, text);
    if (app_key_valid(text))
        settings->app_key = text;
    else
        problem_add(reader, input->name, NULL,
                    "an RSA private key in PEM form without a passphrase, as GitHub made it for "
                    "the App");
}

static void
read_address(struct input_reader *reader, const char *name, const char *text,
             struct sockaddr_storage *address)
{
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                                   .ai_socktype = SOCK_STREAM};
    const char *colon = strrchr(text, ':');
    struct addrinfo *found = NULL;
    int64_t port;
    char *host;

    /* Some libraries accept any number and keep its lower 16 bits. */
    if (colon != NULL && number_read(colon + 1, 0, 65535, &port)) {
        bool brackets = *text == '[' && colon > text + 1 && colon[-1] == ']';

        host = arena_strndup(reader->arena, text + brackets,
                             (size_t)(colon - text) - (brackets ? 2 : 0));
        if (getaddrinfo(*host != '\0' ? host : NULL, colon + 1, &hints, &found) != 0)
            found = NULL;
    }
    if (found == NULL) {
        problem_add(reader, name, NULL, "an address and a port like 0.0.0.0:8080 or [::]:8080");
        return;
    }
    memcpy(address, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
}

static void
parse_listen(struct input_reader *reader, const struct input *input, const char *text)
{
    struct settings *settings = reader->target;

    settings->listen = text;
    read_address(reader, input->name, text, &settings->address);
}

static void
parse_metrics_listen(struct input_reader *reader, const struct input *input, const char *text)
{
    struct settings *settings = reader->target;

    settings->metrics_listen = text;
    settings->metrics_asked = strcmp(text, METRICS_DEFAULT) != 0;
    if (*text != '\0')
        read_address(reader, input->name, text, &settings->metrics_address);
}

/* The next line of a list without its comment, trimmed; NULL at the end. Several entries may share
 * a line with commas between them, since some places cannot hold line breaks. */
static const char *
next_entry(struct arena *arena, const char **text)
{
    while (**text != '\0') {
        size_t length = strcspn(*text, "\n,#");
        const char *entry = text_trim(arena, *text, length);

        *text += length;
        if (**text == '#')
            *text += strcspn(*text, "\n");
        if (**text != '\0')
            (*text)++;
        if (*entry != '\0')
            return entry;
    }
    return NULL;
}

static void
parse_route(struct input_reader *reader, const struct input *input, const char *entry)
{
    struct routes *routes = &((struct settings *)reader->target)->routes;
    const char *equals = strrchr(entry, '=');
    const char *repository = NULL;
    struct route route;
    bool ok = equals != NULL;

    if (ok) {
        const char *source = text_trim(reader->arena, entry, (size_t)(equals - entry));

        repository = text_trim(reader->arena, equals + 1, strlen(equals + 1));
        ok = notion_id_from_url(source, route.source) && repository_valid(repository);
    }
    if (!ok) {
        problem_add(reader, input->name, entry,
                    "the id or URL of a data source or database, `=`, owner/name");
        return;
    }
    route.target = route_repository(routes, repository);
    routes->items[routes->n_items++] = route;
}

static void
parse_routes(struct input_reader *reader, const struct input *input, const char *text)
{
    struct routes *routes = &((struct settings *)reader->target)->routes;
    size_t n = 1;
    const char *entry;

    for (const char *c = text; *c != '\0'; c++)
        n += *c == '\n' || *c == ',';
    /* Room for one more, GITHUB_REPOSITORY. */
    routes->repositories = arena_array(reader->arena, n + 1, sizeof(*routes->repositories));
    routes->items = arena_array(reader->arena, n, sizeof(*routes->items));
    while ((entry = next_entry(reader->arena, &text)) != NULL)
        parse_route(reader, input, entry);
}

static void
parse_rest(struct input_reader *reader, const struct input *input, const char *text)
{
    struct routes *routes = &((struct settings *)reader->target)->routes;

    if (!repository_valid(text)) {
        problem_add(reader, input->name, NULL, "owner/name of a repository");
        return;
    }
    if (routes->repositories == NULL)
        routes->repositories = arena_array(reader->arena, 1, sizeof(*routes->repositories));
    routes->rest = route_repository(routes, text);
    routes->has_rest = true;
}

static void
parse_proxies(struct input_reader *reader, const struct input *input, const char *text)
{
    struct settings *settings = reader->target;
    const char *separators = ", \t\r\n";
    size_t room = strlen(text) / 2 + 1;

    settings->proxies = arena_array(reader->arena, room, sizeof(*settings->proxies));
    for (text += strspn(text, separators); *text != '\0'; text += strspn(text, separators)) {
        size_t length = strcspn(text, separators);

        if (!network_read(text, length, &settings->proxies[settings->n_proxies])) {
            problem_add(reader, input->name, NULL,
                        "addresses or networks like 10.0.0.0/8, fd00::/8");
            return;
        }
        settings->n_proxies++;
        text += length;
    }
}

#define AT(member) .at = offsetof(struct settings, member)

/* clang-format off */
static const struct input table[] = {
    {.name = "NOTION_WEBHOOK_SECRET", .parse = parse_secrets, .file = true,
     .help = "the subscription's verification token, or several, one a line; empty until Notion's\n"
             "      handshake showed it in the log"},
    {.name = "NOTION_BOT_ID", .parse = parse_bot,
     .help = "the connection's own user id: events that only it caused are dropped"},
    {.name = "GITHUB_TOKEN", .parse = parse_secret, AT(github_token),
     .min = TOKEN_MIN, .file = true,
     .help = "a token with contents: write for the repositories"},
    {.name = "GITHUB_APP_ID", .parse = parse_app_id,
     .help = "instead of the token: the id of a GitHub App"},
    {.name = "GITHUB_APP_PRIVATE_KEY", .parse = parse_app_key, .file = true,
     .help = "its private key: PEM text or a file's path"},
    {.name = "ROUTES", .parse = parse_routes, .file = true,
     .help = "lines `data source = owner/name`: whose pages belong to which repository"},
    {.name = "GITHUB_REPOSITORY", .parse = parse_rest,
     .help = "owner/name: for everything that no route names"},
    {.name = "GITHUB_API_URL", .fallback = "https://api.github.com", .parse = parse_url,
     AT(github_api_url), .help = "of GitHub Enterprise Server"},
    {.name = "LISTEN", .fallback = "0.0.0.0:8080", .parse = parse_listen,
     .help = "address and port; TLS is the proxy's"},
    {.name = "METRICS_LISTEN", .fallback = METRICS_DEFAULT, .parse = parse_metrics_listen,
     .empties = true,
     .help = "address and port of /metrics and of the details of /readyz; empty: off"},
    {.name = "SPOOL", .parse = parse_text, AT(spool), .required = true,
     .shown = "the path of a file, on a disk that stays",
     .help = "path of the file that keeps what was accepted; required"},
    {.name = "COALESCE", .fallback = "5", .parse = parse_number, AT(coalesce), .max = 3600,
     .help = "seconds from the first event to the dispatch that carries it and those after it"},
    {.name = "RATE", .fallback = "50", .parse = parse_number, AT(rate), .max = 1000000,
     .help = "requests a second and client that are no valid events; 0: any number"},
    {.name = "CONNECTIONS", .fallback = "512", .parse = parse_number, AT(connections),
     .min = 1, .max = 65536, .help = "open at once"},
    {.name = "TRUSTED_PROXIES", .parse = parse_proxies,
     .help = "addresses or networks whose X-Forwarded-For names the client"},
    {.name = "LOG_LEVEL", .fallback = "info", .parse = parse_choice, AT(log_level),
     .choices = LOG_LEVELS, .help = "error, warning, info or debug"},
};
/* clang-format on */

#define SETTINGS (sizeof(table) / sizeof(table[0]))

static void
read_one(struct input_reader *reader, const struct input *setting, settings_lookup *lookup,
         void *context)
{
    const char *file_name = arena_printf(reader->arena, "%s_FILE", setting->name);
    const char *path = setting->file ? lookup(context, file_name) : NULL;
    const char *text = lookup(context, setting->name);
    bool given = text != NULL;

    text = text != NULL ? text_trim(reader->arena, text, strlen(text)) : "";
    if (path != NULL && *path != '\0') {
        if (*text != '\0') {
            problem_say(reader, file_name, NULL, "give either this or %s, not both.",
                        setting->name);
            return;
        }
        text = read_file(reader, file_name, path);
        if (text == NULL)
            return;
    }
    if (*text == '\0' && !(given && setting->empties))
        text = setting->fallback;
    if (text != NULL)
        setting->parse(reader, setting, text);
    else if (setting->required)
        problem_say(reader, setting->name, NULL, "required: %s.", setting->shown);
}

/* Whether there already is a problem with a setting whose name begins so. Then problems that
 * follow from it are not reported. */
static bool
is_refused(const struct input_reader *reader, const char *prefix)
{
    for (size_t i = 0; i < reader->problems.len; i++)
        if (strncmp(reader->problems.items[i].input, prefix, strlen(prefix)) == 0)
            return true;
    return false;
}

static void
check_credentials(struct input_reader *reader)
{
    const struct settings *settings = reader->target;
    bool app = settings->app_id != NULL || settings->app_key != NULL;

    if (is_refused(reader, "GITHUB_TOKEN") || is_refused(reader, "GITHUB_APP"))
        return;
    if (settings->github_token != NULL && app)
        problem_say(reader, "GITHUB_TOKEN", NULL, "give either this or a GitHub App, not both.");
    else if (app && settings->app_id == NULL)
        problem_say(reader, "GITHUB_APP_ID", NULL, "required beside the App's private key.");
    else if (app && settings->app_key == NULL)
        problem_say(reader, "GITHUB_APP_PRIVATE_KEY", NULL, "required beside the App's id.");
    else if (settings->github_token == NULL && !app)
        problem_say(reader, "GITHUB_TOKEN", NULL,
                    "required: a token, or GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY.");
}

bool
settings_read(struct arena *arena, settings_lookup *lookup, void *context,
              struct settings *settings, const struct config_problem **problems, size_t *n_problems)
{
    struct input_reader reader = {.arena = arena, .target = settings};

    *settings = (struct settings){0};
    for (size_t i = 0; i < SETTINGS; i++)
        read_one(&reader, &table[i], lookup, context);
    check_credentials(&reader);
    if (settings->routes.n_repositories == 0 && !is_refused(&reader, "ROUTES") &&
        !is_refused(&reader, "GITHUB_REPOSITORY"))
        problem_say(&reader, "GITHUB_REPOSITORY", NULL,
                    "required: owner/name of the repository, or ROUTES for several.");
    vec_take(&reader.problems, arena, *problems, *n_problems);
    return *n_problems == 0;
}

const char *
settings_help(struct arena *arena)
{
    struct buf text;

    buf_init(&text, 16 * 1024);
    buf_str(&text, "usage: notion-sync-webhook [--help | --version]\n\n"
                   "Receives Notion's webhooks and starts passes of notion-sync by\n"
                   "repository_dispatch. Settings are environment variables; NAME_FILE names a\n"
                   "file that holds the value of NAME:\n\n");
    for (size_t i = 0; i < SETTINGS; i++) {
        const struct input *setting = &table[i];

        buf_printf(&text, "  %s", setting->name);
        if (setting->file)
            buf_printf(&text, ", or %s_FILE", setting->name);
        if (setting->fallback != NULL)
            buf_printf(&text, " (default: %s)", setting->fallback);
        buf_printf(&text, "\n      %s\n", setting->help);
    }
    return buf_take(&text, arena);
}
