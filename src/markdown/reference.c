#include "markdown/reference.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool
is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* "#" and a number, as a word. */
static size_t
number_length(const char *text)
{
    size_t digits = 0;

    if (*text != '#')
        return 0;
    while (isdigit((unsigned char)text[1 + digits]))
        digits++;
    return digits == 0 || digits > 9 || is_word(text[1 + digits]) ? 0 : 1 + digits;
}

static size_t
login_length(const char *text)
{
    size_t length = 0;

    if (!isalnum((unsigned char)*text))
        return 0;
    while (isalnum((unsigned char)text[length]) ||
           (text[length] == '-' && isalnum((unsigned char)text[length + 1])))
        length++;
    return length > 39 ? 0 : length;
}

static size_t
name_length(const char *text)
{
    size_t length = 0;

    while (isalnum((unsigned char)text[length]) ||
           (text[length] != '\0' && strchr("._-", text[length]) != NULL))
        length++;
    return length > 100 ? 0 : length;
}

static size_t
mention_length(const char *text)
{
    size_t login = login_length(text + 1);
    size_t team;

    if (login == 0)
        return 0;
    team = text[1 + login] == '/' ? name_length(text + 2 + login) : 0;
    while (team > 0 && strchr("._", text[1 + login + team]) != NULL)
        team--;
    if (team > 0)
        login += 1 + team;
    return is_word(text[1 + login]) || text[1 + login] == '-' ? 0 : 1 + login;
}

/* The length of the reference that starts at text (the text before it does not matter); 0: none. */
static size_t
reference_length(const char *text)
{
    size_t owner, name, number;

    if (*text == '#')
        return number_length(text);
    if (*text == '@')
        return mention_length(text);
    if ((strncmp(text, "GH-", 3) == 0 || strncmp(text, "gh-", 3) == 0) &&
        isdigit((unsigned char)text[3])) {
        number = 3;
        while (isdigit((unsigned char)text[number]))
            number++;
        return number > 12 || is_word(text[number]) ? 0 : number;
    }
    owner = login_length(text);
    if (owner == 0 || text[owner] != '/')
        return 0;
    name = name_length(text + owner + 1);
    number = name > 0 ? number_length(text + owner + 1 + name) : 0;
    return number > 0 ? owner + 1 + name + number : 0;
}

const char *
reference_find(const char *text, size_t *length)
{
    const char *at = text;

    while (*at != '\0') {
        bool start = at == text || !(is_word(at[-1]) || strchr("/#@&=-.", at[-1]) != NULL);

        if (start && *at != '@' && (*length = reference_length(at)) > 0)
            return at;
        at++;
        /* A reference cannot start within a word. */
        while (*at != '\0' && is_word(at[-1]) && is_word(*at))
            at++;
    }
    return NULL;
}

static bool
knows_repository(const struct markdown_context *context)
{
    return context != NULL && context->server_url != NULL && context->owner != NULL &&
           context->repository != NULL;
}

char *
reference_url(struct arena *arena, const char *reference, const struct markdown_context *context)
{
    const char *number = strrchr(reference, '#');
    const char *slash = strchr(reference, '/');

    if (!knows_repository(context))
        return NULL;
    if (*reference == '@' && slash != NULL)
        return arena_printf(arena, "%s/orgs/%.*s/teams/%s", context->server_url,
                            (int)(slash - reference - 1), reference + 1, slash + 1);
    if (*reference == '@')
        return arena_printf(arena, "%s/%s", context->server_url, reference + 1);
    if (number != NULL && number > reference)
        return arena_printf(arena, "%s/%.*s/issues/%s", context->server_url,
                            (int)(number - reference), reference, number + 1);
    return arena_printf(arena, "%s/%s/%s/issues/%s", context->server_url, context->owner,
                        context->repository, reference + (number != NULL ? 1 : 3));
}

/* An issue or pull request, however it is written. */
struct target {
    const char *owner, *name;
    size_t owner_length, name_length;
    long number;
};

static bool
take_number(const char *text, const char *ends, long *number)
{
    char *end;

    if (!isdigit((unsigned char)*text))
        return false;
    *number = strtol(text, &end, 10);
    return *end == '\0' || strchr(ends, *end) != NULL;
}

/* "owner/name", up to the character that ends it. */
static const char *
take_repository(const char *text, char ends, struct target *target)
{
    target->owner = text;
    target->owner_length = strcspn(text, "/?#");
    if (text[target->owner_length] != '/')
        return NULL;
    target->name = text + target->owner_length + 1;
    target->name_length = strcspn(target->name, "/?#");
    return target->name[target->name_length] == ends ? target->name + target->name_length : NULL;
}

static bool
target_of_reference(const char *text, const struct markdown_context *context, struct target *target)
{
    *target = (struct target){context->owner, context->repository, strlen(context->owner),
                              strlen(context->repository), 0};
    if (strncasecmp(text, "GH-", 3) == 0)
        return take_number(text + 3, "", &target->number);
    if (*text != '#')
        text = take_repository(text, '#', target);
    return text != NULL && take_number(text + 1, "", &target->number);
}

static bool
target_of_url(const char *url, const struct markdown_context *context, struct target *target)
{
    size_t server = strlen(context->server_url);
    const char *rest;

    if (strncasecmp(url, context->server_url, server) != 0 || url[server] != '/')
        return false;
    rest = take_repository(url + server + 1, '/', target);
    if (rest == NULL)
        return false;
    rest += strncmp(rest, "/issues/", 8) == 0 ? 8 : strncmp(rest, "/pull/", 6) == 0 ? 6 : 0;
    return take_number(rest, "", &target->number);
}

static bool
same_name(const char *a, size_t a_length, const char *b, size_t b_length)
{
    return a_length == b_length && strncasecmp(a, b, a_length) == 0;
}

bool
reference_is(const char *reference, const char *url, const struct markdown_context *context)
{
    struct target a, b;
    struct arena *arena;
    bool same;

    if (reference_length(reference) != strlen(reference) || *reference == '\0' ||
        !knows_repository(context))
        return false;
    if (*reference != '@')
        return target_of_reference(reference, context, &a) && target_of_url(url, context, &b) &&
               a.number == b.number &&
               same_name(a.owner, a.owner_length, b.owner, b.owner_length) &&
               same_name(a.name, a.name_length, b.name, b.name_length);
    arena = arena_new();
    same = strcasecmp(reference_url(arena, reference, context), url) == 0;
    arena_free(arena);
    return same;
}

bool
reference_allowed(const char *url)
{
    static const char *const schemes[] = {"http", "https", "mailto"};
    char scheme[8] = "";
    size_t length = 0;

    for (; *url != '\0' && *url != ':'; url++) {
        /* Browsers read a scheme without the blanks and control characters in it. */
        if ((unsigned char)*url <= ' ' || *url == 0x7f)
            continue;
        /* A path. */
        if (length == 0 ? !isalpha((unsigned char)*url)
                        : !isalnum((unsigned char)*url) && strchr("+.-", *url) == NULL)
            return true;
        if (length < sizeof(scheme) - 1)
            scheme[length++] = (char)tolower((unsigned char)*url);
    }
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
        if (strcmp(scheme, schemes[i]) == 0)
            return true;
    return *url == '\0' || length == 0;
}

bool
reference_is_whole(const char *url)
{
    return strncasecmp(url, "https://", 8) == 0 || strncasecmp(url, "http://", 7) == 0 ||
           strncasecmp(url, "mailto:", 7) == 0;
}

const char *
reference_absolute(struct arena *arena, const char *url, bool image,
                   const struct markdown_context *context)
{
    const char *scheme = url;
    int up = 0;

    while (isalnum((unsigned char)*scheme) || (*scheme != '\0' && strchr("+.-", *scheme) != NULL))
        scheme++;
    if (*url == '\0' || (isalpha((unsigned char)*url) && *scheme == ':') ||
        !knows_repository(context))
        return url;
    if (strncmp(url, "//", 2) == 0)
        return arena_printf(arena, "https:%s", url);
    if (*url == '/')
        return arena_printf(arena, "%s%s", context->server_url, url);
    if (*url == '#' || *url == '?')
        return context->issue_url != NULL ? arena_printf(arena, "%s%s", context->issue_url, url)
                                          : url;
    while (strncmp(url, "../", 3) == 0 || strncmp(url, "./", 2) == 0) {
        up += url[1] == '.';
        url += url[1] == '.' ? 3 : 2;
    }
    /* Relative to /owner/repository/issues/12, as in a browser; without dots it is a file. */
    if (up == 1)
        return arena_printf(arena, "%s/%s/%s/%s", context->server_url, context->owner,
                            context->repository, url);
    if (up == 2)
        return arena_printf(arena, "%s/%s/%s", context->server_url, context->owner, url);
    if (up > 2)
        return arena_printf(arena, "%s/%s", context->server_url, url);
    return arena_printf(arena, "%s/%s/%s/%s/HEAD/%s", context->server_url, context->owner,
                        context->repository, image ? "raw" : "blob", url);
}
