#include "markdown_texts.h"

/* The same for Notion's text to GitHub; and edits from one text to another do what they say. */

static void
check_edits(struct arena *arena, const char *now, const char *wanted)
{
    const struct markdown_edit *edits;
    const char *text = now;
    size_t n;

    if (!markdown_edits(arena, now, wanted, &edits, &n)) {
        CHECK(!markdown_is_plain(now) || !markdown_is_plain(wanted));
        return;
    }
    CHECK(n <= 100);
    for (size_t i = 0; i < n; i++) {
        const char *at = strstr(text, edits[i].old_text);

        CHECK(at != NULL);
        CHECK(edits[i].old_text[0] != '\0' || *text == '\0' || n == 1);
        CHECK(edits[i].old_text[0] == '\0' || strstr(at + 1, edits[i].old_text) == NULL);
        text = arena_printf(arena, "%.*s%s%s", (int)(at - text), text, edits[i].new_text,
                            at + strlen(edits[i].old_text));
    }
    CHECK(strlen(text) <= strlen(now) + 3 * strlen(wanted) + 4);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct bytes bytes = {data, size};
    const char *split = memchr(data, '\f', size);
    const char *text = split != NULL ? arena_strndup(arena, (const char *)data,
                                                     (size_t)(split - (const char *)data))
                                     : take_rest(&bytes, arena);

    check_normal(arena, text, markdown_normal_notion);
    check_stable(arena, text, markdown_to_github, markdown_to_notion);
    check_cut(arena, text, markdown_cut_notion);
    if (split != NULL)
        check_edits(
            arena, text,
            arena_strndup(arena, split + 1, size - (size_t)(split + 1 - (const char *)data)));
    arena_free(arena);
    return 0;
}
