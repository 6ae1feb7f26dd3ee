#include <string.h>

#include "base/utf8.h"
#include "markdown/units.h"

static size_t
measure(enum markdown_dialect dialect, const char *text)
{
    return dialect == MARKDOWN_GITHUB ? utf8_length16(text) : strlen(text);
}

static char *
cut_text(struct arena *arena, enum markdown_dialect dialect, const char *text, size_t max,
         const char *rest_url, bool *cut)
{
    struct units units;
    char *rest;
    size_t used, last = 0;

    *cut = measure(dialect, text) > max;
    if (!*cut)
        return arena_strdup(arena, text);
    rest = arena_strdup(arena, "…");
    if (rest_url != NULL)
        rest = arena_printf(arena, "… [%s](%s)",
                            dialect == MARKDOWN_GITHUB ? "the rest is in Notion"
                                                       : "the rest is on GitHub",
                            rest_url);
    used = measure(dialect, rest);
    units = units_split(arena, dialect, NULL, text, false);
    for (size_t i = 0; i < units.list.len; i++) {
        size_t end = units.list.items[i].end_line;
        size_t more =
            2 + (end - last) + measure(dialect, units_lines(arena, &units, last + 1, end));

        if (used + more > max)
            break;
        used += more;
        last = end;
    }
    if (last > 0)
        rest = arena_printf(arena, "%s\n\n%s", units_lines(arena, &units, 1, last), rest);
    units_free(&units);
    return rest;
}

char *
markdown_cut_github(struct arena *arena, const char *text, size_t max_chars, const char *rest_url,
                    bool *cut)
{
    return cut_text(arena, MARKDOWN_GITHUB, text, max_chars, rest_url, cut);
}

char *
markdown_cut_notion(struct arena *arena, const char *text, size_t max_bytes, const char *rest_url,
                    bool *cut)
{
    return cut_text(arena, MARKDOWN_NOTION, text, max_bytes, rest_url, cut);
}
