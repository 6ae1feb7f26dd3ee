#include "markdown_texts.h"

/* GitHub's text to Notion: what comes of it is stable from the second time on. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct bytes bytes = {data, size};
    const char *text = take_rest(&bytes, arena);

    check_normal(arena, text, markdown_normal_github);
    check_stable(arena, text, markdown_to_notion, markdown_to_github);
    check_cut(arena, text, markdown_cut_github);
    arena_free(arena);
    return 0;
}
