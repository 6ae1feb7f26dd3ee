#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/url.h"
#include "model/notion_id.h"
#include "webhook/rsa.h"
#include "webhook/settings_p.h"

#define TOKEN_MIN 8

/* What may stand in a header line, and is long enough to be a secret. */
static bool
is_token(const char *text)
{
    size_t length = strlen(text);

    for (size_t i = 0; i < length; i++)
        if (text[i] <= ' ' || text[i] > '~')
            return false;
    return length >= TOKEN_MIN;
}

void
parse_secrets(struct settings_reader *reader, const char *name, const char *text)
{
    struct settings *settings = reader->settings;

    while (*text != '\0') {
        size_t length = strcspn(text, " \t\r\n");
        const char *secret = arena_strndup(reader->arena, text, length);

        text += length;
        text += strspn(text, " \t\r\n");
        if (settings->n_secrets == SECRETS_MAX || !is_token(secret)) {
            settings_refuse(
                reader, name,
                "up to %d verification tokens, one a line, as Notion's handshake showed "
                "them",
                SECRETS_MAX);
            return;
        }
        settings->secrets[settings->n_secrets++] = secret;
    }
}

void
parse_bot(struct settings_reader *reader, const char *name, const char *text)
{
    char id[NOTION_ID_SIZE];

    if (*text == '\0')
        return;
    if (notion_id_parse(text, id))
        reader->settings->bot = arena_strdup(reader->arena, id);
    else
        settings_refuse(reader, name, "the id of a Notion user: 32 hex digits");
}

void
parse_token(struct settings_reader *reader, const char *name, const char *text)
{
    if (*text == '\0')
        return;
    if (is_token(text))
        reader->settings->github_token = text;
    else
        settings_refuse(reader, name, "a token: printable ASCII on one line, without spaces");
}

void
parse_app_id(struct settings_reader *reader, const char *name, const char *text)
{
    if (*text == '\0')
        return;
    /* GitHub takes the client id ("Iv23li…") as well. */
    if (strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_") ==
        strlen(text))
        reader->settings->app_id = text;
    else
        settings_refuse(reader, name, "the App's id or client id: letters and digits");
}

/* Environment files cannot hold line breaks: "\n" written out stands for them. */
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

/* The key itself, or what the file holds that the text names. A text that is neither may be a key
 * in another form (base64, say): it is not shown. */
static const char *
key_text(struct settings_reader *reader, const char *name, const char *text)
{
    if (strstr(text, "-----BEGIN") != NULL)
        return text;
    if (access(text, R_OK) == 0)
        return settings_file(reader, name, text);
    settings_refuse(reader, name,
                    "neither a private key in PEM form (-----BEGIN …) nor the path of a file that "
                    "can be read: %s",
                    strerror(errno));
    return NULL;
}

void
parse_app_key(struct settings_reader *reader, const char *name, const char *text)
{
    if (*text == '\0')
        return;
    text = key_text(reader, name, text);
    if (text == NULL)
        return;
    text = with_line_breaks(reader->arena, text);
    if (rsa_key_valid(text))
        reader->settings->app_key = text;
    else
        settings_refuse(
            reader, name,
            "an RSA private key in PEM form without a passphrase, as GitHub made it for "
            "the App");
}

void
parse_api_url(struct settings_reader *reader, const char *name, const char *text)
{
    size_t length = strlen(text);
    struct err err;

    if (!url_allowed(text, &err)) {
        settings_refuse(reader, name, "%s", err.text);
        return;
    }
    while (text[length - 1] == '/')
        length--;
    reader->settings->github_api_url = arena_strndup(reader->arena, text, length);
}

/* Some libraries take any number and keep its lower 16 bits. */
static bool
is_port(const char *text)
{
    size_t digits = strspn(text, "0123456789");

    return digits > 0 && digits <= 5 && text[digits] == '\0' && strtol(text, NULL, 10) <= 65535;
}

static void
read_address(struct settings_reader *reader, const char *name, const char *text,
             struct sockaddr_storage *address)
{
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                                   .ai_socktype = SOCK_STREAM};
    const char *colon = strrchr(text, ':');
    struct addrinfo *found = NULL;
    char *host;

    if (colon != NULL && is_port(colon + 1)) {
        bool brackets = *text == '[' && colon > text + 1 && colon[-1] == ']';

        host = arena_strndup(reader->arena, text + brackets,
                             (size_t)(colon - text) - (brackets ? 2 : 0));
        if (getaddrinfo(*host != '\0' ? host : NULL, colon + 1, &hints, &found) != 0)
            found = NULL;
    }
    if (found == NULL) {
        settings_refuse(reader, name, "an address and a port like 0.0.0.0:8080 or [::]:8080");
        return;
    }
    memcpy(address, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
}

void
parse_listen(struct settings_reader *reader, const char *name, const char *text)
{
    reader->settings->listen = text;
    read_address(reader, name, text, &reader->settings->address);
}

void
parse_metrics_listen(struct settings_reader *reader, const char *name, const char *text)
{
    reader->settings->metrics_listen = text;
    reader->settings->metrics_asked = strcmp(text, METRICS_DEFAULT) != 0;
    if (*text != '\0')
        read_address(reader, name, text, &reader->settings->metrics_address);
}

void
parse_spool(struct settings_reader *reader, const char *name, const char *text)
{
    if (*text == '\0')
        settings_refuse(reader, name, "required: the path of a file, on a disk that stays");
    reader->settings->spool = text;
}

static int64_t
whole_number(struct settings_reader *reader, const char *name, const char *text, int64_t min,
             int64_t max)
{
    int64_t value = 0;
    size_t digits = strspn(text, "0123456789");

    for (size_t i = 0; i < digits && value <= max; i++)
        value = value * 10 + (text[i] - '0');
    if (digits == 0 || text[digits] != '\0' || value < min || value > max)
        settings_refuse(reader, name, "a whole number from %" PRId64 " to %" PRId64, min, max);
    return value;
}

void
parse_coalesce(struct settings_reader *reader, const char *name, const char *text)
{
    reader->settings->coalesce = whole_number(reader, name, text, 0, 3600) * 1000;
}

void
parse_rate(struct settings_reader *reader, const char *name, const char *text)
{
    reader->settings->rate = whole_number(reader, name, text, 0, 1000000);
}

void
parse_connections(struct settings_reader *reader, const char *name, const char *text)
{
    reader->settings->connections = whole_number(reader, name, text, 1, 65536);
}

void
parse_log_level(struct settings_reader *reader, const char *name, const char *text)
{
    static const char *const names[] = {[LOG_ERROR] = "error",
                                        [LOG_WARNING] = "warning",
                                        [LOG_INFO] = "info",
                                        [LOG_DEBUG] = "debug"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(text, names[i]) == 0) {
            reader->settings->log_level = (enum log_level)i;
            return;
        }
    }
    settings_refuse(reader, name, "one of error, warning, info, debug");
}
