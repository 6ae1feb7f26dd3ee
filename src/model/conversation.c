#include "model/conversation.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

#define MARKER_KEY  "comment="
#define MARKER_PART " part="
#define HEADER      " commented"
#define HEADER_PART ", part "
#define QUOTE_START "Kept by the sync, conflict "
#define ANCHOR      "#issuecomment-"

/* Reads a part number, from 2 on, that is the whole rest of a text; 0 for anything else. */
static int
read_part(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    long part;

    if (digits == 0 || digits > 4 || text[digits] != '\0' || *text == '0')
        return 0;
    part = strtol(text, NULL, 10);
    return part > 1 ? (int)part : 0;
}

char *
copy_marker(struct arena *arena, const char *id, int part)
{
    return part > 1 ? arena_printf(arena, MARKER_KEY "%s" MARKER_PART "%d", id, part)
                    : arena_printf(arena, MARKER_KEY "%s", id);
}

bool
copy_marker_read(struct arena *arena, const char *marker, const char **id, int *part)
{
    const char *at;
    size_t length;

    if (marker == NULL || strncmp(marker, MARKER_KEY, strlen(MARKER_KEY)) != 0)
        return false;
    marker += strlen(MARKER_KEY);
    length = strcspn(marker, " ");
    at = marker + length;
    *part = 1;
    if (*at != '\0') {
        if (strncmp(at, MARKER_PART, strlen(MARKER_PART)) != 0)
            return false;
        *part = read_part(at + strlen(MARKER_PART));
    }
    *id = arena_strndup(arena, marker, length);
    return length > 0 && *part > 0;
}

char *
copy_header(struct arena *arena, const char *author, int part)
{
    return part > 1 ? arena_printf(arena, "%s" HEADER HEADER_PART "%d", author, part)
                    : arena_printf(arena, "%s" HEADER, author);
}

bool
copy_header_read(struct arena *arena, const struct run *first, const char **id, int *part)
{
    const char *words = strstr(first->text, HEADER);
    const char *anchor = first->link != NULL ? strstr(first->link, ANCHOR) : NULL;
    size_t digits;

    if (words == NULL || anchor == NULL)
        return false;
    words += strlen(HEADER);
    *part = 1;
    if (*words != '\0') {
        if (strncmp(words, HEADER_PART, strlen(HEADER_PART)) != 0)
            return false;
        *part = read_part(words + strlen(HEADER_PART));
    }
    anchor += strlen(ANCHOR);
    digits = strspn(anchor, "0123456789");
    *id = arena_strndup(arena, anchor, digits);
    return *part > 0 && digits > 0 && anchor[digits] == '\0';
}

char *
quote_header(struct arena *arena, const char *values, size_t part)
{
    return part > 1 ? arena_printf(arena, QUOTE_START "%s" HEADER_PART "%zu", values, part)
                    : arena_printf(arena, QUOTE_START "%s", values);
}

bool
quote_header_is(const struct run *first)
{
    return strncmp(first->text, QUOTE_START, strlen(QUOTE_START)) == 0;
}

uint64_t
digest_add(uint64_t digest, const char *text)
{
    return hash_item(digest != 0 ? digest : HASH_START, text);
}

char *
digest_text(struct arena *arena, uint64_t digest)
{
    return arena_printf(arena, "%016" PRIx64, digest);
}
