#include "reconcile/marked.h"

#include <string.h>

#include "base/utf8.h"

#define BLANKS " \t\r\n"

static struct runs
without(const struct runs *text, size_t bytes, struct arena *arena)
{
    struct run *items = arena_array(arena, text->len, sizeof(*items));
    size_t n = 0;

    for (size_t i = 0; i < text->len; i++) {
        size_t length = strlen(text->items[i].text);
        size_t cut = bytes < length ? bytes : length;

        bytes -= cut;
        if (cut == length)
            continue;
        items[n] = text->items[i];
        items[n++].text += cut;
    }
    return (struct runs){items, n};
}

bool
marked_read(const struct runs *text, const char *word, struct arena *arena, struct runs *rest)
{
    const char *plain = runs_text(text, arena);
    const char *start = plain + strspn(plain, BLANKS);
    size_t length = strcspn(start, BLANKS);

    if (utf8_casecmp(arena_strndup(arena, start, length), word) != 0)
        return false;
    start += length;
    start += strspn(start, BLANKS);
    *rest = without(text, (size_t)(start - plain), arena);
    return true;
}
