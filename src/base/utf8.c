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

static bool
utf8_valid(uint32_t point, size_t size)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};

    return point >= smallest[size] && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
}

bool
utf8_next(const char **text, const char *end, uint32_t *point)
{
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
    if (!utf8_valid(value, size))
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

uint32_t
utf8_fold(uint32_t point)
{
    if (point >= 'A' && point <= 'Z')
        return point + 32;
    if (point < 0xc0)
        return point;
    if (point <= 0xde)
        return point == 0xd7 ? point : point + 32;
    if (point >= 0x100 && point <= 0x137)
        return point == 0x130 || point == 0x131 ? point : point | 1;
    if (point >= 0x139 && point <= 0x148)
        return point % 2 == 1 ? point + 1 : point;
    if (point >= 0x14a && point <= 0x177)
        return point | 1;
    if (point >= 0x391 && point <= 0x3a9)
        return point + 32;
    if (point >= 0x410 && point <= 0x42f)
        return point + 32;
    if (point >= 0x400 && point <= 0x40f)
        return point + 80;
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
