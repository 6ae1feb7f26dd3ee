#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/utf8.h"
#include "base/vec.h"

#define COUNT(of) (sizeof(of) / sizeof((of)[0]))

static void
test_utf8_next(void **state)
{
    static const struct {
        const char *text;
        size_t length;
        uint32_t points[5];
        size_t count;
    } rows[] = {
        {"", 0, {0}, 0},
        {"a\0b", 3, {'a', 0, 'b'}, 3},
        {"\xc3\xa9", 2, {0xe9}, 1},
        {"\xe2\x82\xac", 3, {0x20ac}, 1},
        {"\xf0\x9f\x98\x80", 4, {0x1f600}, 1},
        {"\xf4\x8f\xbf\xbf", 4, {0x10ffff}, 1},
        {"\xf4\x90\x80\x80", 4, {0xfffd, 0xfffd, 0xfffd, 0xfffd}, 4}, /* over U+10FFFF */
        {"\xed\xa0\x80", 3, {0xfffd, 0xfffd, 0xfffd}, 3},             /* a surrogate */
        {"\xc0\xaf", 2, {0xfffd, 0xfffd}, 2},                         /* overlong */
        {"\xe0\x80\xaf", 3, {0xfffd, 0xfffd, 0xfffd}, 3},
        {"\xe2\x82", 2, {0xfffd, 0xfffd}, 2}, /* cut */
        {"\xe2\x82x", 3, {0xfffd, 0xfffd, 'x'}, 3},
        {"\x80y", 2, {0xfffd, 'y'}, 2},
        {"\xff", 1, {0xfffd}, 1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *at = rows[i].text;
        const char *end = at + rows[i].length;
        uint32_t point;
        size_t count = 0;

        while (utf8_next(&at, end, &point)) {
            assert_true(count < rows[i].count);
            assert_int_equal(point, rows[i].points[count]);
            count++;
        }
        assert_int_equal(count, rows[i].count);
        assert_ptr_equal(at, end);
    }
}

static void
test_utf8_put(void **state)
{
    static const uint32_t points[] = {0,      0x7f,   0x80,    0x7ff,   0x800,
                                      0xfffd, 0xffff, 0x10000, 0x10ffff};

    (void)state;
    for (size_t i = 0; i < COUNT(points); i++) {
        char text[4];
        const char *at = text;
        size_t size = utf8_put(text, points[i]);
        uint32_t point;

        assert_true(utf8_next(&at, text + size, &point));
        assert_int_equal(point, points[i]);
        assert_ptr_equal(at, text + size);
    }
}

static void
test_utf8_cut(void **state)
{
    static const struct {
        const char *text;
        size_t size;
        const char *cut;
    } rows[] = {
        {"abc", 3, "abc"},
        {"abc", 2, "ab"},
        {"abc", 0, ""},
        {"a\xc3\xa9", 3, "a\xc3\xa9"},
        {"a\xc3\xa9", 2, "a"},
        {"a\xe2\x82\xac", 3, "a"},
        {"\xf0\x9f\x98\x80", 3, ""},
        {"\xf0\x9f\x98\x80", 1, ""},
        {"\xf0\x9f\x98\x80x", 4, "\xf0\x9f\x98\x80"},
        {"", 5, ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[16];

        strcpy(text, rows[i].text);
        utf8_cut(text, rows[i].size);
        assert_string_equal(text, rows[i].cut);
    }
}

static void
test_utf8_lengths(void **state)
{
    (void)state;
    assert_int_equal(utf8_length("a\xc3\xa9\xf0\x9f\x98\x80\xff"), 4);
    assert_int_equal(utf8_length16("a\xc3\xa9\xf0\x9f\x98\x80\xff"), 5);
    assert_int_equal(utf8_offset("a\xc3\xa9\xf0\x9f\x98\x80z", 3), 7);
    assert_int_equal(utf8_offset("a\xc3\xa9", 9), 3);
}

static void
test_utf8_casecmp(void **state)
{
    static const struct {
        const char *a;
        const char *b;
        int order;
    } rows[] = {
        {"Done", "dONE", 0},
        {"ÄÖÜ", "äöü", 0},
        {"ŽŠČĹŁŸ", "žščĺłÿ", 0},
        {"ΆΣΟΣ", "άσος", 0},
        {"ЁЖЯҐӀ", "ёжяґӏ", 0},
        {"×", "÷", -1},
        {"a", "b", -1},
        {"b", "A", 1},
        {"ab", "a", 1},
        {"a", "ab", -1},
        {"", "", 0},
        {"İ", "i", 1},
        {"\xff", "\xef\xbf\xbd", 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int order = utf8_casecmp(rows[i].a, rows[i].b);

        if ((order > 0) - (order < 0) != rows[i].order)
            fail_msg("%s and %s: %d", rows[i].a, rows[i].b, order);
    }
}

static void
test_buf(void **state)
{
    struct buf buf;

    (void)state;
    buf_init(&buf, 10);
    assert_string_equal(buf_text(&buf), "");
    assert_true(buf_str(&buf, "12345"));
    assert_true(buf_char(&buf, '6'));
    assert_true(buf_printf(&buf, "%04d", 7890));
    assert_string_equal(buf_text(&buf), "1234567890");
    assert_true(buf_add(&buf, "", 0));
    assert_false(buf.full);
    assert_false(buf_char(&buf, 'x'));
    assert_true(buf.full);
    assert_string_equal(buf_text(&buf), "1234567890");
    buf_clear(&buf);
    assert_string_equal(buf_text(&buf), "");
    assert_false(buf_str(&buf, "12345678901"));
    assert_false(buf_char(&buf, 'x')); /* a piece is missing: what follows must not close up */
    assert_int_equal(buf.len, 0);
    buf_clear(&buf);
    assert_false(buf_printf(&buf, "%011d", 1));
    assert_string_equal(buf_text(&buf), "");
    buf_clear(&buf);
    assert_true(buf_add(&buf, "a\0b", 3));
    assert_memory_equal(buf_text(&buf), "a\0b", 4);
    buf_release(&buf);
    assert_null(buf.data);
    assert_int_equal(buf.max, 10);
}

static void
test_buf_growth(void **state)
{
    struct buf buf;

    (void)state;
    buf_init(&buf, 100000);
    for (int i = 0; i < 100000; i++)
        assert_true(buf_char(&buf, (char)('a' + i % 26)));
    assert_false(buf_char(&buf, 'x'));
    assert_int_equal(strlen(buf_text(&buf)), 100000);
    for (int i = 0; i < 100000; i++)
        assert_int_equal(buf.data[i], 'a' + i % 26);
    buf_release(&buf);
}

static void
test_arena(void **state)
{
    struct arena *arena = arena_new();
    char *texts[1000];

    (void)state;
    for (int i = 0; i < 1000; i++) {
        unsigned char *memory = arena_alloc(arena, (size_t)i * 37 % 9000);

        assert_int_equal((uintptr_t)memory % _Alignof(int64_t), 0);
        for (int j = 0; j < i * 37 % 9000; j++) {
            assert_int_equal(memory[j], 0);
            memory[j] = 0xff;
        }
        texts[i] = arena_printf(arena, "number %d", i);
    }
    for (int i = 0; i < 1000; i++) {
        const struct arena_mark mark = arena_mark(arena);

        memset(arena_alloc(arena, (size_t)i * 37 % 9000), 0xff, (size_t)i * 37 % 9000);
        arena_printf(arena, "text %d", i);
        arena_rewind(arena, mark);
        assert_int_equal(*(unsigned char *)arena_alloc(arena, 1), 0);
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(atoi(texts[i] + 7), i);
    assert_null(arena_strdup(arena, NULL));
    assert_string_equal(arena_strdup(arena, "x"), "x");
    assert_string_equal(arena_strndup(arena, "xyz", 2), "xy");
    assert_memory_equal(arena_memdup(arena, "x\0y", 3), "x\0y", 3);
    assert_non_null(arena_array(arena, 0, 8));
    assert_true(arena_used(arena) > 1000 * 16);
    arena_free(arena);
    arena_free(NULL);
}

static void
test_vec(void **state)
{
    struct arena *arena = arena_new();
    VEC(int) numbers = {0};
    SMALL_VEC(int) list = {0};

    (void)state;
    for (int i = 0; i < 1000; i++) {
        vec_push(&numbers, i);
        small_push(&list, arena, i);
    }
    assert_int_equal(numbers.len, 1000);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(numbers.items[i], i);
        assert_int_equal(list.items[i], i);
    }
    assert_int_equal(list.len, 1000);
    vec_free(&numbers);
    assert_null(numbers.items);
    assert_int_equal(numbers.cap, 0);
    arena_free(arena);
}

static void
test_err(void **state)
{
    struct err err = {0};

    (void)state;
    assert_false(err_set(&err, ERR_REFUSED, "issue #%d: %s", 7, "a\nb\x7f\x1b[31m"));
    assert_int_equal(err.kind, ERR_REFUSED);
    assert_string_equal(err.text, "issue #7: a b  [31m");
    assert_false(err_context(&err, "writing %s", "page"));
    assert_int_equal(err.kind, ERR_REFUSED);
    assert_string_equal(err.text, "writing page: issue #7: a b  [31m");
    assert_false(err_set(&err, ERR_DATA, "%s, again", err.text));
    assert_string_equal(err.text, "writing page: issue #7: a b  [31m, again");
    err_clear(&err);
    assert_int_equal(err.kind, ERR_NONE);
    assert_string_equal(err.text, "");
    assert_false(err_set(NULL, ERR_DATA, "x"));
    assert_false(err_context(NULL, "x"));
    err_clear(NULL);
}

static void
test_err_cut(void **state)
{
    char text[3 * ERR_TEXT_SIZE];
    struct err err;

    (void)state;
    for (size_t i = 0; i < ERR_TEXT_SIZE; i++)
        memcpy(text + 3 * i, "\xe2\x82\xac", 3);
    text[sizeof(text) - 1] = '\0';
    assert_false(err_set(&err, ERR_DATA, "%s", text));
    assert_int_equal(strlen(err.text), (ERR_TEXT_SIZE - 1) / 3 * 3);
    assert_false(err_context(&err, "%s", text));
    assert_true(strlen(err.text) < ERR_TEXT_SIZE);
    assert_true(strlen(err.text) > ERR_TEXT_SIZE - 5);
    assert_null(strstr(err.text, "\xe2\x82:"));
    for (const char *at = err.text; *at != '\0';) {
        uint32_t point;

        assert_true(utf8_next(&at, err.text + strlen(err.text), &point));
        assert_int_not_equal(point, 0xfffd);
    }
}

/* A secret of which the end did not fit. */
static void
test_err_secret(void **state)
{
    static const char secret[] = "github_pat_0123456789abcdefghijklmnopqrstuvwxyz";
    struct err err;

    (void)state;
    log_secret(secret);
    for (int shown = 16; shown < (int)strlen(secret); shown++) {
        err_set(&err, ERR_DATA, "%*s%s", ERR_TEXT_SIZE - 1 - shown, ":", secret);
        assert_null(strstr(err.text, "github_pat"));
        assert_non_null(strstr(err.text, ":***"));
    }
    log_forget(secret);
}

/* The vectors of draft-eastlake-fnv: the state remembers hashes, so they must never change. */
static void
test_hash(void **state)
{
    (void)state;
    assert_int_equal(hash_text(HASH_START, ""), UINT64_C(0xcbf29ce484222325));
    assert_int_equal(hash_text(HASH_START, "a"), UINT64_C(0xaf63dc4c8601ec8c));
    assert_int_equal(hash_text(HASH_START, "foobar"), UINT64_C(0x85944171f73967e8));
    assert_int_equal(hash_text(hash_text(HASH_START, "foo"), "bar"),
                     hash_text(HASH_START, "foobar"));
    assert_int_not_equal(hash_item(hash_item(HASH_START, "foo"), "bar"),
                         hash_item(hash_item(HASH_START, "fo"), "obar"));
    assert_int_equal(hash_item(HASH_START, "a"), hash_bytes(HASH_START, "a\xff", 2));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8_next),    cmocka_unit_test(test_utf8_put),
        cmocka_unit_test(test_utf8_cut),     cmocka_unit_test(test_utf8_lengths),
        cmocka_unit_test(test_utf8_casecmp), cmocka_unit_test(test_buf),
        cmocka_unit_test(test_buf_growth),   cmocka_unit_test(test_arena),
        cmocka_unit_test(test_vec),          cmocka_unit_test(test_err),
        cmocka_unit_test(test_err_cut),      cmocka_unit_test(test_hash),
        cmocka_unit_test(test_err_secret),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
