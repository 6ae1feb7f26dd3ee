#include "markdown/html.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

bool
html_is_one_of(const char *name, const char *names)
{
    size_t length = strlen(name);

    for (const char *at = names; length > 0 && (at = strstr(at, name)) != NULL; at++)
        if (at > names && at[-1] == ' ' && at[length] == ' ')
            return true;
    return false;
}

/* The end of a tag that starts at `at`, or NULL: a ">" in a quoted value does not end it. */
static const char *
tag_end(const char *at)
{
    char quote = '\0';

    for (; *at != '\0'; at++) {
        if (quote != '\0')
            quote = *at == quote ? '\0' : quote;
        else if (*at == '"' || *at == '\'')
            quote = at[-1] == '=' ? *at : '\0';
        else if (*at == '>')
            return at + 1;
        else if (*at == '<')
            return NULL;
    }
    return NULL;
}

static bool
read_tag(const char *at, struct html_token *token)
{
    const char *name = at + (at[1] == '/' ? 2 : 1);
    const char *end, *after = name;
    size_t length;

    if (!isalpha((unsigned char)*name))
        return false;
    while (isalnum((unsigned char)*after) || *after == '-' || *after == '_')
        after++;
    end = tag_end(after);
    if (end == NULL)
        return false;
    token->kind = at[1] == '/' ? HTML_CLOSE : HTML_OPEN;
    token->length = (size_t)(end - at);
    length = (size_t)(after - name);
    token->name[0] = '\0';
    if (length < sizeof(token->name)) {
        for (size_t i = 0; i < length; i++)
            token->name[i] = (char)tolower((unsigned char)name[i]);
        token->name[length] = '\0';
    }
    token->attrs = after;
    token->attrs_length = (size_t)(end - after) - 1;
    token->empty = token->attrs_length > 0 && end[-2] == '/';
    if (token->empty)
        token->attrs_length--;
    return true;
}

static bool
read_other(const char *at, struct html_token *token)
{
    static const struct {
        const char *start, *end;
        enum html_kind kind;
    } rows[] = {
        {"<!--", "-->", HTML_COMMENT},
        {"<?", "?>", HTML_OTHER},
        {"<![CDATA[", "]]>", HTML_OTHER},
        {"<!", ">", HTML_OTHER},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t length = strlen(rows[i].start);
        const char *end;

        if (strncmp(at, rows[i].start, length) != 0)
            continue;
        end = strstr(at + length, rows[i].end);
        token->kind = rows[i].kind;
        token->length = end != NULL ? (size_t)(end - at) + strlen(rows[i].end) : strlen(at);
        return true;
    }
    return false;
}

bool
html_next(const char **at, struct html_token *token)
{
    size_t length;

    if (**at == '\0')
        return false;
    *token = (struct html_token){.kind = HTML_TEXT, .text = *at};
    if (**at != '<' || (!read_tag(*at, token) && !read_other(*at, token))) {
        length = 1 + strcspn(*at + 1, "<");
        token->length = length;
    }
    *at += token->length;
    return true;
}

static uint32_t
number_of(const char *at, const char **end)
{
    bool hex = at[2] == 'x' || at[2] == 'X';
    char *after;
    unsigned long number;

    if (!isxdigit((unsigned char)at[hex ? 3 : 2]))
        return 0;
    number = strtoul(at + (hex ? 3 : 2), &after, hex ? 16 : 10);
    if (number == '\r')
        number = ' ';
    if (*after != ';' || number == 0x7f ||
        (number > 0 && number < ' ' && number != '\t' && number != '\n'))
        return 0;
    *end = after + 1;
    return number == 0 || number > 0x10ffff || (number >= 0xd800 && number < 0xe000)
               ? 0xfffd
               : (uint32_t)number;
}

/* The character of the entity at `at`; 0: there is none. */
static uint32_t
entity(const char *at, const char **end)
{
    static const struct {
        const char *name;
        uint32_t point;
    } rows[] = {{"&amp;", '&'},  {"&lt;", '<'},    {"&gt;", '>'},
                {"&quot;", '"'}, {"&apos;", '\''}, {"&nbsp;", 0xa0}};

    if (at[1] == '#')
        return number_of(at, end);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strncmp(at, rows[i].name, strlen(rows[i].name)) == 0) {
            *end = at + strlen(rows[i].name);
            return rows[i].point;
        }
    }
    return 0;
}

char *
html_text(struct arena *arena, const char *text, size_t length)
{
    const char *at = arena_strndup(arena, text, length);
    char *out = arena_alloc(arena, length + 1);
    char *to = out;

    while (*at != '\0') {
        const char *after = at + 1;
        uint32_t point = *at == '&' ? entity(at, &after) : 0;

        if (point != 0)
            to += utf8_put(to, point);
        else
            *to++ = *at;
        at = point != 0 ? after : at + 1;
    }
    return out;
}

bool
html_next_attribute(const char **at, const char *end, const char **name, size_t *name_length,
                    const char **value, size_t *value_length)
{
    const char *p = *at;

    while (p < end && (is_blank(*p) || *p == '/' || *p == '='))
        p++;
    if (p == end)
        return false;
    *name = p;
    while (p < end && !is_blank(*p) && *p != '=' && *p != '/')
        p++;
    *name_length = (size_t)(p - *name);
    *value = NULL;
    *value_length = 0;
    if (p < end && *p == '=') {
        const char *stop;

        p++;
        if (p < end && (*p == '"' || *p == '\'')) {
            stop = memchr(p + 1, *p, (size_t)(end - p) - 1);
            *value = p + 1;
            p = stop != NULL ? stop : end;
            *value_length = (size_t)(p - *value);
            p += p < end;
        } else {
            *value = p;
            while (p < end && !is_blank(*p))
                p++;
            *value_length = (size_t)(p - *value);
        }
    }
    *at = p;
    return true;
}

char *
html_attribute(struct arena *arena, const char *attrs, size_t length, const char *name)
{
    const char *end = attrs + length;
    const char *found, *value;
    size_t found_length, value_length;

    while (html_next_attribute(&attrs, end, &found, &found_length, &value, &value_length)) {
        char *text, *last;

        if (found_length != strlen(name) || strncasecmp(found, name, found_length) != 0)
            continue;
        text = html_text(arena, value != NULL ? value : "", value_length);
        for (char *c = text; *c != '\0'; c++)
            *c = is_blank(*c) ? ' ' : *c;
        text += strspn(text, " ");
        for (last = text + strlen(text); last > text && last[-1] == ' '; last--)
            last[-1] = '\0';
        return text;
    }
    return NULL;
}
