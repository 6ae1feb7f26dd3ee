#include "base/utf8.h"

#include <string.h>

static size_t
utf8_size(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first <= 0xdf)
        return 2;
    if (first >= 0xe0 && first <= 0xef)
        return 3;
    if (first >= 0xf0 && first <= 0xf4)
        return 4;
    return 0;
}

bool
utf8_next(const char **text, const char *end, uint32_t *point)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    static const unsigned char first_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    const unsigned char *in = (const unsigned char *)*text;
    size_t left = (size_t)(end - *text);
    size_t size;
    uint32_t value;

    if (left == 0)
        return false;
    size = utf8_size(in[0]);
    if (size == 0 || size > left)
        goto bad;
    value = in[0] & first_bits[size];
    for (size_t i = 1; i < size; i++) {
        if ((in[i] & 0xc0) != 0x80)
            goto bad;
        value = value << 6 | (in[i] & 0x3f);
    }
    if (value < smallest[size] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        goto bad;
    *point = value;
    *text += size;
    return true;
bad:
    *point = 0xfffd;
    *text += 1;
    return true;
}

size_t
utf8_put(char *out, uint32_t point)
{
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (char)(0xc0 | point >> 6);
        out[1] = (char)(0x80 | (point & 0x3f));
        return 2;
    }
    if (point < 0x10000) {
        out[0] = (char)(0xe0 | point >> 12);
        out[1] = (char)(0x80 | (point >> 6 & 0x3f));
        out[2] = (char)(0x80 | (point & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | point >> 18);
    out[1] = (char)(0x80 | (point >> 12 & 0x3f));
    out[2] = (char)(0x80 | (point >> 6 & 0x3f));
    out[3] = (char)(0x80 | (point & 0x3f));
    return 4;
}

size_t
utf8_length(const char *text)
{
    const char *end = text + strlen(text);
    uint32_t point;
    size_t n = 0;

    while (utf8_next(&text, end, &point))
        n++;
    return n;
}

size_t
utf8_length16(const char *text)
{
    const char *end = text + strlen(text);
    uint32_t point;
    size_t n = 0;

    while (utf8_next(&text, end, &point))
        n += point > 0xffff ? 2 : 1;
    return n;
}

void
utf8_cut(char *text, size_t size)
{
    size_t length = strnlen(text, size + 1);
    size_t start;

    if (length > size)
        length = size;
    start = length;
    while (start > 0 && length - start < 4 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
        start--;
    if (start > 0 && utf8_size((unsigned char)text[start - 1]) > length - start + 1)
        length = start - 1;
    text[length] = '\0';
}

size_t
utf8_offset(const char *text, size_t points)
{
    const char *at = text;
    const char *end = text + strlen(text);
    uint32_t point;

    while (points-- > 0 && utf8_next(&at, end, &point))
        continue;
    return (size_t)(at - text);
}

/* Runs of capital letters: each letter, step apart, folds to the code point delta further on. */
static const struct {
    uint16_t first, last, step, delta;
} utf8_folds[] = {
    {'A', 'Z', 1, 32},     {0xb5, 0xb5, 1, 0x307}, {0xc0, 0xd6, 1, 32},   {0xd8, 0xde, 1, 32},
    {0x100, 0x12e, 2, 1},  {0x132, 0x136, 2, 1},   {0x139, 0x147, 2, 1},  {0x14a, 0x176, 2, 1},
    {0x179, 0x17d, 2, 1},  {0x386, 0x386, 1, 38},  {0x388, 0x38a, 1, 37}, {0x38c, 0x38c, 1, 64},
    {0x38e, 0x38f, 1, 63}, {0x391, 0x3a1, 1, 32},  {0x3a3, 0x3ab, 1, 32}, {0x3c2, 0x3c2, 1, 1},
    {0x400, 0x40f, 1, 80}, {0x410, 0x42f, 1, 32},  {0x460, 0x480, 2, 1},  {0x48a, 0x4be, 2, 1},
    {0x4c0, 0x4c0, 1, 15}, {0x4c1, 0x4cd, 2, 1},   {0x4d0, 0x52e, 2, 1},
};

uint32_t
utf8_fold(uint32_t point)
{
    if (point == 0x178) /* these two fold to letters of Latin-1 and ASCII */
        return 0xff;
    if (point == 0x17f)
        return 's';
    for (size_t i = 0; i < sizeof(utf8_folds) / sizeof(utf8_folds[0]); i++)
        if (point >= utf8_folds[i].first && point <= utf8_folds[i].last)
            return (point - utf8_folds[i].first) % utf8_folds[i].step == 0
                       ? point + utf8_folds[i].delta
                       : point;
    return point;
}

int
utf8_casecmp(const char *a, const char *b)
{
    const char *a_end = a + strlen(a);
    const char *b_end = b + strlen(b);

    for (;;) {
        uint32_t x = 0;
        uint32_t y = 0;
        bool more_a = utf8_next(&a, a_end, &x);
        bool more_b = utf8_next(&b, b_end, &y);

        if (!more_a || !more_b)
            return (int)more_a - (int)more_b;
        x = utf8_fold(x);
        y = utf8_fold(y);
        if (x != y)
            return x < y ? -1 : 1;
    }
}
