#include "markdown_texts.h"

#include "markdown/lens.h"
#include "markdown/merge.h"

/* Three texts, parted by form feeds: merged by lines and words; as edits of GitHub's text, and of
 * Notion's. */

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

/* Line ends apart, which come back as LF. */
static void
check_merge(struct arena *arena, enum merge_pieces by, const char *base, const char *x,
            const char *y)
{
    struct merge_result one = merge_texts(arena, by, base, x, y);
    struct merge_result two = merge_texts(arena, by, base, y, x);
    const char *same = merge_texts(arena, by, x, x, x).text;

    CHECK(strcmp(merge_texts(arena, by, base, x, base).text, same) == 0);
    CHECK(strcmp(merge_texts(arena, by, base, base, x).text, same) == 0);
    CHECK(strcmp(merge_texts(arena, by, base, x, x).text, same) == 0);
    CHECK(one.conflict == two.conflict);
    CHECK(by == MERGE_WORDS || one.conflict || strcmp(one.text, two.text) == 0);
}

/* A pair that says the same, edited to x on GitHub and to y in Notion. */
static void
check_lens(struct arena *arena, const char *base, const char *x, const char *y)
{
    const char *notion = markdown_to_notion(arena, base, &fuzz_context);
    struct lens_texts none = {{base, notion}, {base, notion}, MARKDOWN_GITHUB};
    struct lens_texts both = {{base, notion}, {x, y}, MARKDOWN_NOTION};
    struct lens_result result = lens_merge(arena, &fuzz_context, &none);

    CHECK(result.possible && !result.conflict);
    CHECK(strcmp(result.text[MARKDOWN_GITHUB], base) == 0);
    CHECK(strcmp(result.text[MARKDOWN_NOTION], notion) == 0);
    result = lens_merge(arena, &fuzz_context, &both);
    CHECK(result.possible || result.text[MARKDOWN_GITHUB] == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    const uint8_t *end = data + size;
    const char *base = take_part(arena, &data, end);
    const char *x = take_part(arena, &data, end);
    const char *y = take_part(arena, &data, end);

    check_merge(arena, MERGE_LINES, base, x, y);
    check_merge(arena, MERGE_WORDS, base, x, y);
    check_lens(arena, base, x, y);
    arena_free(arena);
    return 0;
}
