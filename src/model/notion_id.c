#include "model/notion_id.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "base/url.h"

#define COMPACT_LENGTH (NOTION_ID_COMPACT_SIZE - 1)
#define DASHED_LENGTH  (NOTION_ID_SIZE - 1)

static bool
id_read(const char *text, size_t length, char id[NOTION_ID_SIZE])
{
    bool dashed = length == DASHED_LENGTH;
    char *out = id;

    if (!dashed && length != COMPACT_LENGTH)
        return false;
    for (size_t digits = 0; digits < COMPACT_LENGTH; digits++) {
        if (digits == 8 || digits == 12 || digits == 16 || digits == 20) {
            if (dashed && *text++ != '-')
                return false;
            *out++ = '-';
        }
        if (!isxdigit((unsigned char)*text))
            return false;
        *out++ = (char)tolower((unsigned char)*text++);
    }
    *out = '\0';
    return true;
}

/* An id is a whole part of the path, or ends it after a title and a dash. */
static bool
id_read_end(const char *part, size_t length, char id[NOTION_ID_SIZE])
{
    static const size_t lengths[] = {DASHED_LENGTH, COMPACT_LENGTH};

    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        size_t title = length - lengths[i];

        if (length < lengths[i] || (title > 0 && part[title - 1] != '-'))
            continue;
        if (id_read(part + title, lengths[i], id))
            return true;
    }
    return false;
}

bool
notion_id_parse(const char *text, char id[NOTION_ID_SIZE])
{
    char read[NOTION_ID_SIZE];

    if (text == NULL || !id_read(text, strlen(text), read))
        return false;
    memcpy(id, read, sizeof(read));
    return true;
}

bool
notion_id_is_tidy(const char *text)
{
    char id[NOTION_ID_SIZE];

    return notion_id_parse(text, id) && strcmp(text, id) == 0;
}

bool
notion_id_from_url(const char *text, char id[NOTION_ID_SIZE])
{
    struct url url;
    /* The URL of a collection has its id in place of the host. */
    const char *part = !url_split(text, &url)                   ? text
                       : url_part_is(&url.scheme, "collection") ? url.host.at
                                                                : url.path;
    char read[NOTION_ID_SIZE];
    bool found = false;

    for (;;) {
        size_t length = strcspn(part, "/?#");

        if (id_read_end(part, length, read)) {
            memcpy(id, read, sizeof(read));
            found = true;
        }
        if (part[length] != '/')
            return found;
        part += length + 1;
    }
}

void
notion_id_compact(const char *id, char out[NOTION_ID_COMPACT_SIZE])
{
    for (; *id != '\0'; id++)
        if (*id != '-')
            *out++ = *id;
    *out = '\0';
}

char *
notion_bare_url(struct arena *arena, const char *url)
{
    char id[NOTION_ID_SIZE];
    char compact[NOTION_ID_COMPACT_SIZE];
    size_t length = url != NULL ? strcspn(url, "?#") : 0;

    if (url == NULL || !notion_id_from_url(url, id))
        return NULL;
    notion_id_compact(id, compact);
    while (length > 0 && url[length - 1] != '/')
        length--;
    return arena_printf(arena, "%.*s%s", (int)length, url, compact);
}
