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

struct setting {
    const char *name;
    const char *fallback; /* "" where there is none */
    void (*parse)(struct settings_reader *, const char *name, const char *text);
    bool file; /* NAME_FILE may name a file that holds the value */
    const char *help;
};

static const struct setting table[] = {
    {"NOTION_WEBHOOK_SECRET", "", parse_secrets, true,
     "the subscription's verification token, or several, one a line; empty until Notion's\n"
     "      handshake showed it in the log"},
    {"NOTION_BOT_ID", "", parse_bot, false,
     "the integration's own user id: events that it alone caused are dropped"},
    {"GITHUB_TOKEN", "", parse_token, true, "a token with contents: write for the repositories"},
    {"GITHUB_APP_ID", "", parse_app_id, false, "instead of the token: the id of a GitHub App"},
    {"GITHUB_APP_PRIVATE_KEY", "", parse_app_key, true,
     "its private key: PEM text or a file's path"},
    {"ROUTES", "", parse_routes, true,
     "lines `data source = owner/name`: whose pages belong to which repository"},
    {"GITHUB_REPOSITORY", "", parse_rest, false, "owner/name: for everything that no route names"},
    {"GITHUB_API_URL", "https://api.github.com", parse_api_url, false,
     "of GitHub Enterprise Server"},
    {"LISTEN", "0.0.0.0:8080", parse_listen, false, "address and port; TLS is the proxy's"},
    {"METRICS_LISTEN", METRICS_DEFAULT, parse_metrics_listen, false,
     "address and port of /metrics and of the details of /readyz; empty: off"},
    {"SPOOL", "", parse_spool, false, "path of the file that keeps what was accepted; required"},
    {"COALESCE", "5", parse_coalesce, false,
     "seconds from the first event to the dispatch that carries it and those after it"},
    {"RATE", "50", parse_rate, false,
     "requests a second and address that are no valid events; 0: any number"},
    {"CONNECTIONS", "512", parse_connections, false, "open at once"},
    {"TRUSTED_PROXIES", "", parse_proxies, false,
     "addresses or networks whose X-Forwarded-For tells the address"},
    {"LOG_LEVEL", "info", parse_log_level, false, "error, warning, info or debug"},
};

#define SETTINGS (sizeof(table) / sizeof(table[0]))

void
settings_refuse(struct settings_reader *reader, const char *name, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = arena_vprintf(reader->arena, format, args);
    va_end(args);
    vec_push(reader->problems, (struct settings_problem){arena_strdup(reader->arena, name), text});
}

const char *
settings_trim(struct arena *arena, const char *text, size_t length)
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
settings_file(struct settings_reader *reader, const char *name, const char *path)
{
    const char *trimmed = NULL;
    FILE *file = fopen(path, "re");
    struct buf text;
    char block[4096];
    size_t n;

    if (file == NULL) {
        /* Not the path: it may be the secret itself, given in the wrong place. */
        settings_refuse(reader, name, "the file that it names: %s", strerror(errno));
        return NULL;
    }
    buf_init(&text, FILE_MAX);
    while ((n = fread(block, 1, sizeof(block), file)) > 0 && buf_add(&text, block, n))
        continue;
    if (ferror(file) || text.full)
        settings_refuse(reader, name,
                        "the file that it names cannot be read, or holds more than 1 MiB");
    else if (memchr(buf_text(&text), '\0', text.len) != NULL)
        settings_refuse(reader, name, "the file that it names is no text");
    else
        trimmed = settings_trim(reader->arena, buf_text(&text), text.len);
    (void)fclose(file);
    buf_release(&text);
    return trimmed;
}

static void
read_one(struct settings_reader *reader, const struct setting *setting, settings_lookup *lookup,
         void *context)
{
    const char *file_name = arena_printf(reader->arena, "%s_FILE", setting->name);
    const char *path = setting->file ? lookup(context, file_name) : NULL;
    const char *text = lookup(context, setting->name);
    bool given = text != NULL;

    text = text != NULL ? settings_trim(reader->arena, text, strlen(text)) : "";
    if (path != NULL && *path != '\0') {
        if (*text != '\0') {
            settings_refuse(reader, file_name, "give either this or %s", setting->name);
            return;
        }
        text = settings_file(reader, file_name, path);
        if (text == NULL)
            return;
    }
    if (*text == '\0' && !(given && setting->parse == parse_metrics_listen))
        text = setting->fallback;
    setting->parse(reader, setting->name, text);
}

/* Whether a setting whose name begins so is a problem already: what follows from it is none. */
static bool
is_refused(const struct settings_reader *reader, const char *prefix)
{
    for (size_t i = 0; i < reader->problems->len; i++)
        if (strncmp(reader->problems->items[i].name, prefix, strlen(prefix)) == 0)
            return true;
    return false;
}

static void
check_credentials(struct settings_reader *reader)
{
    const struct settings *settings = reader->settings;
    bool app = settings->app_id != NULL || settings->app_key != NULL;

    if (is_refused(reader, "GITHUB_TOKEN") || is_refused(reader, "GITHUB_APP"))
        return;
    if (settings->github_token != NULL && app)
        settings_refuse(reader, "GITHUB_TOKEN", "give either this or a GitHub App, not both");
    else if (app && settings->app_id == NULL)
        settings_refuse(reader, "GITHUB_APP_ID", "required beside the App's private key");
    else if (app && settings->app_key == NULL)
        settings_refuse(reader, "GITHUB_APP_PRIVATE_KEY", "required beside the App's id");
    else if (settings->github_token == NULL && !app)
        settings_refuse(reader, "GITHUB_TOKEN",
                        "required: a token, or GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY");
}

static void
check_repositories(struct settings_reader *reader)
{
    if (reader->settings->routes.n_repositories > 0 || is_refused(reader, "ROUTES") ||
        is_refused(reader, "GITHUB_REPOSITORY"))
        return;
    settings_refuse(reader, "GITHUB_REPOSITORY",
                    "required: owner/name of the repository, or ROUTES for several");
}

bool
settings_read(struct arena *arena, settings_lookup *lookup, void *context,
              struct settings *settings, struct settings_problems *problems)
{
    struct settings_reader reader = {arena, settings, problems};

    *settings = (struct settings){0};
    for (size_t i = 0; i < SETTINGS; i++)
        read_one(&reader, &table[i], lookup, context);
    check_credentials(&reader);
    check_repositories(&reader);
    return problems->len == 0;
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
        const struct setting *setting = &table[i];

        buf_printf(&text, "  %s", setting->name);
        if (setting->file)
            buf_printf(&text, ", or %s_FILE", setting->name);
        if (*setting->fallback != '\0')
            buf_printf(&text, " (default: %s)", setting->fallback);
        buf_printf(&text, "\n      %s\n", setting->help);
    }
    help = arena_strdup(arena, buf_text(&text));
    buf_release(&text);
    return help;
}
