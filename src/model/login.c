#include "model/login.h"

#include <string.h>

#include "base/url.h"

#define BLANKS    " \t\r\n"
#define LOGIN_MAX 64

bool
login_valid(const char *text)
{
    return *text != '\0' && strlen(text) <= LOGIN_MAX &&
           text[strspn(
               text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_[]")] == '\0';
}

const char *
login_read(struct arena *arena, const char *text)
{
    const char *at = text + strspn(text, BLANKS);
    const char *login;
    struct url url;
    size_t length;

    if (url_split(at, &url))
        at = url.host.at;
    if (strchr(at, '/') != NULL)
        at = strchr(at, '/') + 1;
    at += *at == '@';
    length = strcspn(at, "/?#" BLANKS);
    login = arena_strndup(arena, at, length);
    /* One word, except that an address may have text after the login. */
    return at[length + strspn(at + length, BLANKS)] == '\0' || strchr("/?#", at[length]) != NULL
               ? (login_valid(login) ? login : NULL)
               : NULL;
}
