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

/* A text that a header line may hold, and that is long enough to be a secret. */
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

void
parse_bot(struct input_reader *reader, const struct input *input, const char *text)
{
    struct settings *settings = reader->target;
    char id[NOTION_ID_SIZE];

    if (*text == '\0')
        return;
    if (notion_id_parse(text, id))
        settings->bot = arena_strdup(reader->arena, id);
    else
        problem_add(reader, input->name, NULL, "the id of a Notion user, 32 hex digits");
}

void
parse_token(struct input_reader *reader, const struct input *input, const char *text)
{
    struct settings *settings = reader->target;

    if (*text == '\0')
        return;
    if (token_refused(reader, input->name, text, "GitHub"))
        return;
    if (is_token(text))
        settings->github_token = text;
    else
        problem_add(reader, input->name, NULL,
                    "a token, printable ASCII on one line without spaces");
}

void
parse_app_id(struct input_reader *reader, const struct input *input, const char *text)
{
    struct settings *settings = reader->target;

    if (*text == '\0')
        return;
    /* GitHub takes the client id ("Iv23li…") as well. */
    if (strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_") ==
        strlen(text))
        settings->app_id = text;
    else
        problem_add(reader, input->name, NULL, "the App's id or client id, of letters and digits");
}

/* Environment files cannot hold line breaks: "\n" written out means one. */
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
key_text(struct input_reader *reader, const struct input *input, const char *text)
{
    if (strstr(text, "-----BEGIN") != NULL)
        return text;
    if (access(text, R_OK) == 0)
        return settings_file(reader, input->name, text);
    problem_say(reader, input->name, NULL,
                "this is neither a private key in PEM form (-----BEGIN …) nor the path of a file "
                "that can be read: %s.",
                strerror(errno));
    return NULL;
}

void
parse_app_key(struct input_reader *reader, const struct input *input, const char *text)
{
    struct settings *settings = reader->target;

    if (*text == '\0')
        return;
    text = key_text(reader, input, text);
    if (text == NULL)
        return;
    text = with_line_breaks(reader->arena, text);
    if (rsa_key_valid(text))
        settings->app_key = text;
    else
        problem_add(reader, input->name, NULL,
                    "an RSA private key in PEM form without a passphrase, as GitHub made it for "
                    "the App");
}

/* Some libraries take any number and keep its lower 16 bits. */
static bool
is_port(const char *text)
{
    size_t digits = strspn(text, "0123456789");

    return digits > 0 && digits <= 5 && text[digits] == '\0' && strtol(text, NULL, 10) <= 65535;
}

static void
read_address(struct input_reader *reader, const char *name, const char *text,
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
        problem_add(reader, name, NULL, "an address and a port like 0.0.0.0:8080 or [::]:8080");
        return;
    }
    memcpy(address, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
}

void
parse_listen(struct input_reader *reader, const struct input *input, const char *text)
{
    struct settings *settings = reader->target;

    settings->listen = text;
    read_address(reader, input->name, text, &settings->address);
}

void
parse_metrics_listen(struct input_reader *reader, const struct input *input, const char *text)
{
    struct settings *settings = reader->target;

    settings->metrics_listen = text;
    settings->metrics_asked = strcmp(text, METRICS_DEFAULT) != 0;
    if (*text != '\0')
        read_address(reader, input->name, text, &settings->metrics_address);
}

void
parse_spool(struct input_reader *reader, const struct input *input, const char *text)
{
    struct settings *settings = reader->target;

    if (*text == '\0')
        problem_say(reader, input->name, NULL,
                    "required: the path of a file, on a disk that stays.");
    settings->spool = text;
}
