#include "webhook/settings.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "webhook/settings_p.h"

/* Of a file that a setting names: a token, a key or a list of routes. */
#define FILE_MAX ((size_t)1 << 20)

#define AT(member) .at = offsetof(struct settings, member)

/* clang-format off */
static const struct input table[] = {
    {.name = "NOTION_WEBHOOK_SECRET", .parse = parse_secrets, .file = true,
     .help = "the subscription's verification token, or several, one a line; empty until Notion's\n"
             "      handshake showed it in the log"},
    {.name = "NOTION_BOT_ID", .parse = parse_bot,
     .help = "the connection's own user id: events that only it caused are dropped"},
    {.name = "GITHUB_TOKEN", .parse = parse_token, .file = true,
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
    {.name = "SPOOL", .parse = parse_spool,
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
     .choices = log_levels, .help = "error, warning, info or debug"},
};
/* clang-format on */

#define SETTINGS (sizeof(table) / sizeof(table[0]))

const char *
settings_file(struct input_reader *reader, const char *name, const char *path)
{
    const char *trimmed = NULL;
    FILE *file = fopen(path, "re");
    struct buf text;
    char block[4096];
    size_t n;

    if (file == NULL) {
        /* Not the path: it may be the secret itself, given in the wrong place. */
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
        text = settings_file(reader, file_name, path);
        if (text == NULL)
            return;
    }
    if (*text == '\0' && !(given && setting->empties) && setting->fallback != NULL)
        text = setting->fallback;
    setting->parse(reader, setting, text);
}

/* Whether a setting whose name begins so is a problem already: what follows from it is none. */
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

static void
check_repositories(struct input_reader *reader)
{
    const struct settings *settings = reader->target;

    if (settings->routes.n_repositories > 0 || is_refused(reader, "ROUTES") ||
        is_refused(reader, "GITHUB_REPOSITORY"))
        return;
    problem_say(reader, "GITHUB_REPOSITORY", NULL,
                "required: owner/name of the repository, or ROUTES for several.");
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
    check_repositories(&reader);
    *n_problems = reader.problems.len;
    *problems = arena_memdup(arena, reader.problems.items,
                             reader.problems.len * sizeof(*reader.problems.items));
    vec_free(&reader.problems);
    return *n_problems == 0;
}

const char *
settings_help(struct arena *arena)
{
    const char *help;
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
    help = arena_strdup(arena, buf_text(&text));
    buf_release(&text);
    return help;
}
