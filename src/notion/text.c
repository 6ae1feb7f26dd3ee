#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "notion/notion.h"
#include "notion/notion_p.h"

char *
notion_string(struct arena *arena, struct json_object *string)
{
    const char *from = json_object_get_string(string);
    size_t length = (size_t)json_object_get_string_len(string);
    char *text = arena_alloc(arena, length + 1);
    char *to = text;

    for (size_t i = 0; i < length; i++)
        if (from[i] != '\0')
            *to++ = from[i];
    return text;
}

static struct json_object *
plain_text(struct json_object *item)
{
    struct json_object *text = json_get(item, "plain_text");

    return text != NULL ? text : json_path(item, "text", "content", NULL);
}

char *
notion_rich_text(struct arena *arena, struct json_object *items)
{
    size_t n = json_len(items);
    size_t size = 0;
    char *whole, *end;

    for (size_t i = 0; i < n; i++) {
        struct json_object *text = plain_text(json_at(items, i));

        if (!json_object_is_type(text, json_type_string))
            return NULL;
        size += (size_t)json_object_get_string_len(text);
    }
    whole = end = arena_alloc(arena, size + 1);
    for (size_t i = 0; i < n; i++) {
        struct json_object *text = plain_text(json_at(items, i));
        const char *from = json_object_get_string(text);
        size_t length = (size_t)json_object_get_string_len(text);

        for (size_t at = 0; at < length; at++)
            if (from[at] != '\0')
                *end++ = from[at];
    }
    return whole;
}

char *
notion_clean(struct arena *arena, const char *text)
{
    const char *end = text + strlen(text);
    char *out = arena_alloc(arena, 3 * strlen(text) + 1);
    char *to = out;
    uint32_t point;

    while (utf8_next(&text, end, &point))
        if ((point >= 0x20 && point != 0x7f) || point == '\n' || point == '\t')
            to += utf8_put(to, point);
    return out;
}

#define WIDE_COMMA "\xef\xbc\x8c" /* U+FF0C */
#define SELECTOR   "\xef\xb8\x8e" /* U+FE0E, which asks for a glyph that everybody shows anyway */
#define UNIT       3              /* bytes of either */

static size_t
selectors_at(const char *text)
{
    size_t n = 0;

    while (strncmp(text + n * UNIT, SELECTOR, UNIT) == 0)
        n++;
    return n;
}

char *
notion_option_from_label(struct arena *arena, const char *label)
{
    struct buf buf;

    buf_init(&buf, SIZE_MAX / 2);
    while (*label != '\0') {
        bool plain = *label == ',';
        bool wide = strncmp(label, WIDE_COMMA, UNIT) == 0;

        if (!plain && !wide) {
            buf_char(&buf, *label++);
            continue;
        }
        buf_str(&buf, WIDE_COMMA);
        label += plain ? 1 : UNIT;
        /* The selectors that follow are copied later; add as many again, and one more for wide. */
        for (size_t n = selectors_at(label) + (wide ? 1 : 0); n > 0; n--)
            buf_str(&buf, SELECTOR);
    }
    return buf_take(&buf, arena);
}

char *
notion_label_from_option(struct arena *arena, const char *option)
{
    struct buf buf;

    buf_init(&buf, SIZE_MAX / 2);
    while (*option != '\0') {
        size_t n;

        if (strncmp(option, WIDE_COMMA, UNIT) != 0) {
            buf_char(&buf, *option++);
            continue;
        }
        option += UNIT;
        n = selectors_at(option);
        buf_str(&buf, n % 2 == 1 ? WIDE_COMMA : ",");
        for (size_t i = 0; i < n / 2; i++)
            buf_str(&buf, SELECTOR);
        option += n * UNIT;
    }
    return buf_take(&buf, arena);
}
