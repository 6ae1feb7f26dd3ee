#include "markdown_texts.h"

#include "markdown/merge.h"

/* Three texts, parted by form feeds, merged in both ways. */

static const char *
take_part(struct arena *arena, const uint8_t **at, const uint8_t *end)
{
    const uint8_t *stop = memchr(*at, '\f', (size_t)(end - *at));
    const char *text;

    if (stop == NULL)
        stop = end;
    text = arena_strndup(arena, (const char *)*at, (size_t)(stop - *at));
    *at = stop < end ? stop + 1 : end;
    return text;
}

/* Line ends apart, which both give back as LF. */
static void
check_lines(struct arena *arena, const char *base, const char *x, const char *y)
{
    struct merge_result one = merge_lines(arena, base, x, y, true);
    struct merge_result two = merge_lines(arena, base, y, x, false);
    const char *same = merge_lines(arena, x, x, x, true).text;

    CHECK(strcmp(merge_lines(arena, base, x, base, true).text, same) == 0);
    CHECK(strcmp(merge_lines(arena, base, base, x, true).text, same) == 0);
    CHECK(strcmp(merge_lines(arena, base, x, x, true).text, same) == 0);
    CHECK(one.conflict == two.conflict);
    CHECK(strcmp(one.text, two.text) == 0 && strcmp(one.lost, two.lost) == 0);
}

static void
check_blocks(struct arena *arena, enum markdown_dialect dialect, const char *base, const char *x,
             const char *y)
{
    CHECK(!merge_markdown(arena, dialect, &fuzz_context, base, x, base, true).conflict);
    CHECK(!merge_markdown(arena, dialect, &fuzz_context, base, base, x, true).conflict);
    CHECK(!merge_markdown(arena, dialect, &fuzz_context, base, x, x, true).conflict);
    CHECK(is_utf8(merge_markdown(arena, dialect, &fuzz_context, base, x, y, false).text));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    const uint8_t *end = data + size;
    const char *base = take_part(arena, &data, end);
    const char *x = take_part(arena, &data, end);
    const char *y = take_part(arena, &data, end);

    check_lines(arena, base, x, y);
    check_blocks(arena, MARKDOWN_GITHUB, base, x, y);
    check_blocks(arena, MARKDOWN_NOTION, base, x, y);
    arena_free(arena);
    return 0;
}
