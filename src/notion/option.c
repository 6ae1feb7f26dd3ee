#include "notion/notion.h"

#include <string.h>

#include "base/buf.h"

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
