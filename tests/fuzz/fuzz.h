#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/utf8.h"

/* libFuzzer's entry point: https://llvm.org/docs/LibFuzzer.html. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What each branch of our own code does: only cost.c counts them, and libFuzzer takes the call for
 * an error. */
#ifndef FUZZ_AT_BRANCH
#define FUZZ_AT_BRANCH ((void)0)
#endif

void __wrap___sanitizer_cov_trace_pc(void);

void
__wrap___sanitizer_cov_trace_pc(void)
{
    FUZZ_AT_BRANCH;
}

/* A property that holds for every input; a broken one is a crash, which libFuzzer keeps. */
#define CHECK(condition) \
    ((condition) ? (void)0 : fuzz_failed(#condition, __FILE__, __LINE__, __func__))

NO_RETURN static inline void
fuzz_failed(const char *condition, const char *file, int line, const char *function)
{
    fprintf(stderr, "%s:%d: %s: does not hold: %s\n", file, line, function, condition);
    abort();
}

/* A failure that people can be shown: a kind, and words in one line. */
static inline void
check_err(const struct err *err)
{
    CHECK(err->kind > ERR_NONE && err->kind <= ERR_INPUT);
    CHECK(err->text[0] != '\0' && strlen(err->text) < sizeof(err->text));
    CHECK(strpbrk(err->text, "\r\n") == NULL);
}

/* The input as a source of choices; at its end it gives zeros. */
struct bytes {
    const uint8_t *at;
    size_t left;
};

static inline unsigned
take_byte(struct bytes *bytes)
{
    if (bytes->left == 0)
        return 0;
    bytes->left--;
    return *bytes->at++;
}

static inline bool
take_flag(struct bytes *bytes)
{
    return (take_byte(bytes) & 1) != 0;
}

static inline size_t
take_below(struct bytes *bytes, size_t n)
{
    return take_byte(bytes) % n;
}

static inline int64_t
take_number(struct bytes *bytes)
{
    uint64_t number = 0;

    for (size_t i = 0; i < 8; i++)
        number = number << 8 | take_byte(bytes);
    return (int64_t)number;
}

/* How often a long text repeats its byte: up to 256 times this. */
#ifndef FUZZ_LONG
#define FUZZ_LONG ((size_t)16)
#endif

/* A text without NUL whose first byte is its length; from 0xf0 on the next byte is repeated. */
static inline char *
take_text(struct bytes *bytes, struct arena *arena)
{
    size_t length = take_byte(bytes);
    char *text;

    if (length >= 0xf0) {
        size_t n = (length - 0xef) * (length - 0xef) * FUZZ_LONG;
        int c = (int)take_byte(bytes);

        text = arena_alloc(arena, n + 1);
        memset(text, c, n);
        return text;
    }
    length = length < bytes->left ? length : bytes->left;
    text = arena_strndup(arena, (const char *)bytes->at, length);
    bytes->at += length;
    bytes->left -= length;
    return text;
}

/* The same with ill-formed bytes replaced: what JSON can hold. */
static inline char *
take_unicode(struct bytes *bytes, struct arena *arena)
{
    const char *text = take_text(bytes, arena);
    const char *end = text + strlen(text);
    char *out = arena_alloc(arena, 3 * strlen(text) + 1);
    char *to = out;
    uint32_t point;

    while (utf8_next(&text, end, &point))
        to += utf8_put(to, point);
    return out;
}

/* What is left, as text. */
static inline char *
take_rest(struct bytes *bytes, struct arena *arena)
{
    char *text = arena_strndup(arena, (const char *)bytes->at, bytes->left);

    bytes->at += bytes->left;
    bytes->left = 0;
    return text;
}

/* Whether every byte belongs to a well-formed code point. */
static inline bool
is_utf8(const char *text)
{
    const char *end = text + strlen(text);
    uint32_t point;
    char bytes[4];

    while (text < end) {
        const char *start = text;

        if (!utf8_next(&text, end, &point))
            return false;
        if (point == 0xfffd &&
            (text - start != 3 || utf8_put(bytes, point) != 3 || memcmp(bytes, start, 3) != 0))
            return false;
    }
    return true;
}

/* Notion's own form of an id. */
static inline bool
is_notion_id(const char *id)
{
    for (size_t i = 0; i < 36; i++)
        if (i == 8 || i == 13 || i == 18 || i == 23
                ? id[i] != '-'
                : id[i] == '\0' || strchr("0123456789abcdef", id[i]) == NULL)
            return false;
    return id[36] == '\0';
}

#endif
