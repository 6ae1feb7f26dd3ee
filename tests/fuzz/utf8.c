#include "fuzz.h"

static void
check_points(const char *text, const char *end)
{
    uint32_t point;
    char bytes[4];

    while (text < end) {
        const char *start = text;

        CHECK(utf8_next(&text, end, &point));
        CHECK(text > start && text <= end && text - start <= 4);
        CHECK(point <= 0x10ffff && (point < 0xd800 || point > 0xdfff));
        CHECK(utf8_fold(utf8_fold(point)) == utf8_fold(point));
        if (point != 0xfffd)
            CHECK(utf8_put(bytes, point) == (size_t)(text - start) &&
                  memcmp(bytes, start, (size_t)(text - start)) == 0);
        else
            CHECK(text - start == 1 || memcmp(start, "\xef\xbf\xbd", 3) == 0);
    }
    CHECK(!utf8_next(&text, end, &point));
}

static void
check_cut(struct arena *arena, const char *text, size_t size)
{
    char *cut = arena_strdup(arena, text);
    size_t length = strlen(text);

    utf8_cut(cut, size);
    CHECK(strlen(cut) <= size && memcmp(cut, text, strlen(cut)) == 0);
    if (length <= size && is_utf8(text))
        CHECK(strlen(cut) == length);
    CHECK(strlen(cut) + 3 >= (length < size ? length : size));
    CHECK(utf8_offset(text, utf8_length(cut)) == strlen(cut));
}

static char *
folded(struct arena *arena, const char *text)
{
    const char *end = text + strlen(text);
    char *out = arena_alloc(arena, 4 * strlen(text) + 1);
    char *to = out;
    uint32_t point;

    while (utf8_next(&text, end, &point))
        to += utf8_put(to, utf8_fold(point));
    return out;
}

static void
check_compare(struct arena *arena, const char *a, const char *b)
{
    int order = utf8_casecmp(a, b);

    CHECK(utf8_casecmp(a, a) == 0);
    CHECK((order > 0) - (order < 0) == (utf8_casecmp(b, a) < 0) - (utf8_casecmp(b, a) > 0));
    CHECK((order == 0) == (strcmp(folded(arena, a), folded(arena, b)) == 0));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct bytes bytes = {data, size};
    size_t cut = take_byte(&bytes);
    const char *a;
    const char *b;

    check_points((const char *)data, (const char *)data + size);
    a = take_text(&bytes, arena);
    b = take_rest(&bytes, arena);
    check_points(b, b + strlen(b));
    CHECK(utf8_length(b) <= strlen(b));
    CHECK(utf8_length16(b) >= utf8_length(b) && utf8_length16(b) <= 2 * utf8_length(b));
    check_cut(arena, b, cut);
    check_compare(arena, a, b);
    arena_free(arena);
    return 0;
}
