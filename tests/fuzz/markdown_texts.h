#ifndef TESTS_MARKDOWN_TEXTS_H
#define TESTS_MARKDOWN_TEXTS_H

#include "fuzz.h"
#include "markdown/markdown.h"

static const struct markdown_context fuzz_context = {
    .server_url = "https://github.com",
    .owner = "octo",
    .repository = "hello",
    .page_url = "https://app.notion.com/p/1",
    .issue_url = "https://github.com/octo/hello/issues/1",
};

typedef char *normal_fn(struct arena *arena, const char *text);
typedef char *
translate_fn(struct arena *arena, const char *text, const struct markdown_context *context);
typedef char *
cut_fn(struct arena *arena, const char *text, size_t max, const char *rest_url, bool *cut);

/* A result may be longer than what it was made of, by escapes and tags, but not by any factor. */
static inline void
check_text(const char *from, const char *text)
{
    CHECK(is_utf8(text));
    for (const char *c = text; *c != '\0'; c++)
        CHECK(((unsigned char)*c >= ' ' && *c != 0x7f) || *c == '\t' || *c == '\n');
    CHECK(strlen(text) <= 200 * strlen(from) + 1000);
}

static inline void
check_normal(struct arena *arena, const char *text, normal_fn *normal)
{
    check_text(text, normal(arena, text));
}

/* There, back, there: the third time says what the second did. */
static inline void
check_stable(struct arena *arena, const char *text, translate_fn *there, translate_fn *back)
{
    const char *last = there(arena, text, &fuzz_context);

    check_text(text, last);
    for (int i = 0; i < 2; i++)
        last = there(arena, back(arena, last, &fuzz_context), &fuzz_context);
    check_text(text, last);
    CHECK(strcmp(last, there(arena, back(arena, last, &fuzz_context), &fuzz_context)) == 0);
}

static inline void
check_cut(struct arena *arena, const char *text, cut_fn *cut_text)
{
    bool cut;
    size_t max = 100 + strlen(text) / 2;
    const char *part = cut_text(arena, text, max, "https://app.notion.com/p/1", &cut);

    CHECK(!cut || strlen(part) <= 3 * max);
    CHECK(cut || strcmp(part, text) == 0);
}

#endif
