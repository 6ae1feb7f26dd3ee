#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/clock.h"
#include "http/http_p.h"

#define HEAD_MAX ((size_t)64 * 1024)

static const char *const head_names[HEAD_COUNT] = {
    [HEAD_DATE] = "date",
    [HEAD_LOCATION] = "location",
    [HEAD_LINK] = "link",
    [HEAD_RETRY_AFTER] = "retry-after",
    [HEAD_LIMIT] = "x-ratelimit-limit",
    [HEAD_REMAINING] = "x-ratelimit-remaining",
    [HEAD_RESET] = "x-ratelimit-reset",
    [HEAD_PERMISSIONS] = "x-accepted-github-permissions",
};

void
head_release(struct head *head)
{
    for (int i = 0; i < HEAD_COUNT; i++)
        free(head->value[i]);
    *head = (struct head){0};
}

static void
head_keep(struct head *head, const char *line, size_t length)
{
    const char *colon = memchr(line, ':', length);
    size_t name = colon != NULL ? (size_t)(colon - line) : length;

    if (colon == NULL)
        return;
    length -= name + 1;
    line = colon + 1;
    while (length > 0 && (*line == ' ' || *line == '\t')) {
        line++;
        length--;
    }
    for (int i = 0; i < HEAD_COUNT; i++) {
        if (strlen(head_names[i]) != name || strncasecmp(head_names[i], colon - name, name) != 0)
            continue;
        free(head->value[i]);
        head->value[i] = mem_alloc(length + 1);
        memcpy(head->value[i], line, length);
    }
}

bool
head_line(struct head *head, const char *line, size_t length)
{
    if (length > HEAD_MAX - head->size)
        return false;
    head->size += length;
    while (length > 0 && strchr("\r\n \t", line[length - 1]) != NULL)
        length--;
    if (length >= 5 && strncmp(line, "HTTP/", 5) == 0) {
        const char *end = line + length;
        size_t size = head->size;

        head_release(head);
        head->size = size;
        while (line < end && *line != ' ')
            line++;
        while (line < end && *line == ' ')
            line++;
        for (int i = 0; i < 3 && line < end && *line >= '0' && *line <= '9'; i++)
            head->status = head->status * 10 + (*line++ - '0');
    } else if (length > 0 && !head->complete) { /* later lines are trailers */
        head_keep(head, line, length);
    } else if (head->status >= 200) {
        head->complete = true;
    }
    return true;
}

int64_t
head_number(const struct head *head, enum head_name name, int64_t fallback)
{
    const char *text = head->value[name];
    size_t digits = text != NULL ? strspn(text, "0123456789") : 0;

    return digits > 0 && digits < 16 && text[digits] == '\0' ? strtoll(text, NULL, 10) : fallback;
}

int64_t
head_date(const struct head *head)
{
    int64_t date;

    return head->value[HEAD_DATE] != NULL && clock_parse_http(head->value[HEAD_DATE], &date) ? date
                                                                                             : 0;
}

/* Moves *at past one parameter of a link. *value and *length are its value without quotation
 * marks. Returns false at the end of the link. */
static bool
head_parameter(const char **at, const char **name, const char **value, size_t *length)
{
    *at += strspn(*at, " \t");
    if (**at != ';')
        return false;
    *at += 1;
    *at += strspn(*at, " \t");
    *name = *at;
    *at += strcspn(*at, "=;, \t");
    *value = *at;
    *length = 0;
    if (**at != '=')
        return true;
    *at += 1;
    if (**at == '"') {
        *value = *at + 1;
        *length = strcspn(*value, "\"");
        *at = *value + *length + ((*value)[*length] == '"');
    } else {
        *value = *at;
        *length = strcspn(*at, ";, \t");
        *at += *length;
    }
    return true;
}

/* rel holds any number of relation types (RFC 8288, 3.3). */
static bool
head_has_type(const char *value, size_t length, const char *type)
{
    size_t size = strlen(type);

    for (size_t i = 0; i < length;) {
        size_t word = i;

        while (word < length && value[word] != ' ')
            word++;
        if (word - i == size && strncasecmp(value + i, type, size) == 0)
            return true;
        i = word + 1;
    }
    return false;
}

char *
head_next(const struct head *head, const char *url)
{
    const char *at = head->value[HEAD_LINK];

    while (at != NULL && (at = strchr(at, '<')) != NULL) {
        const char *target = at + 1;
        const char *end = strchr(target, '>');
        const char *name;
        const char *value;
        size_t length;
        bool next = false;

        if (end == NULL)
            return NULL;
        at = end + 1;
        while (head_parameter(&at, &name, &value, &length))
            next =
                next || (strncasecmp(name, "rel=", 4) == 0 && head_has_type(value, length, "next"));
        if (next) {
            char *copy = mem_alloc((size_t)(end - target) + 1);
            char *whole;

            memcpy(copy, target, (size_t)(end - target));
            whole = http_url_resolve(url, copy);
            free(copy);
            return whole;
        }
    }
    return NULL;
}
