#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fields_test.h"
#include "model/snapshot.h"

#define N 1000

/* What a linked issue with its page and record may take, texts included (bytes). */
#define ROOM 1024

static struct value
labels(struct arena *arena)
{
    const char **items = arena_array(arena, 2, sizeof(*items));

    items[0] = arena_strdup(arena, "bug");
    items[1] = arena_strdup(arena, "urgent");
    return value_set(items, 2);
}

static struct value
text(struct arena *arena, const char *beginning, int n)
{
    return value_text(arena_printf(arena, "%s %d", beginning, n));
}

static void
fill_issue(struct issue *issue, struct arena *arena, int n)
{
    *issue = (struct issue){.number = n, .own = true, .comments = 3, .read_at = 77};
    issue->url = arena_printf(arena, "https://github.com/acme/app/issues/%d", n);
    issue->author = arena_strdup(arena, "octocat");
    issue->body_hash = arena_printf(arena, "%016x-2048", (unsigned)n);
    issue->created_at = issue->updated_at = INT64_C(1773230400000);
    put_value(&issue->values, FIELD_TITLE, text(arena, "An issue with a title of usual length", n));
    put_value(&issue->values, FIELD_STATUS, value_text(arena_strdup(arena, "open")));
    put_value(&issue->values, FIELD_LABELS, labels(arena));
    put_value(&issue->values, FIELD_URL, value_text(issue->url));
    put_value(&issue->values, FIELD_TYPE, value_text("Issue"));
    put_value(&issue->values, FIELD_STATE, value_text("Open"));
}

static void
fill_page(struct page *page, struct arena *arena, int n)
{
    *page = (struct page){.number = n, .direct = true, .read_at = 78};
    page->id = arena_printf(arena, "10000000-0000-4000-8000-%012d", n);
    page->url = arena_printf(arena, "https://www.notion.so/A-page-1000000000004000%016d", n);
    page->edited_by = arena_strdup(arena, "20000000-0000-4000-8000-000000000001");
    page->created_at = page->edited_at = INT64_C(1773230400000);
    put_value(&page->values, FIELD_TITLE, text(arena, "An issue with a title of usual length", n));
    put_value(&page->values, FIELD_STATUS, value_text(arena_strdup(arena, "Not started")));
    put_value(&page->values, FIELD_LABELS, labels(arena));
    put_value(&page->values, FIELD_URL, text(arena, "https://github.com/acme/app/issues/", n));
    put_value(&page->values, FIELD_TYPE, value_text("Issue"));
    put_value(&page->values, FIELD_STATE, value_text("Open"));
}

static void
fill_record(struct record *record, struct arena *arena, int n)
{
    *record = (struct record){.number = n, .link_comment = 12345, .page_edited = 79};
    record->page_id = arena_printf(arena, "10000000-0000-4000-8000-%012d", n);
    record->body.read_at = 80;
    record->body.read_by = arena_strdup(arena, "20000000-0000-4000-8000-000000000001");
    for (enum side s = 0; s < SIDE_COUNT; s++) {
        put_value(&record->base[s], FIELD_TITLE,
                  text(arena, "An issue with a title of usual length", n));
        put_value(&record->base[s], FIELD_STATUS,
                  value_text(arena_strdup(arena, s == 0 ? "open" : "Done")));
        put_value(&record->base[s], FIELD_LABELS, labels(arena));
        put_value(&record->base[s], FIELD_BODY,
                  value_text(arena_printf(arena, "%016x-2048", (unsigned)n + s)));
    }
    for (enum field f = 0; f < 4; f++)
        record_put_property(record, f, "title", arena);
}

static void
same_values(const struct values *a, const struct values *b)
{
    assert_true(field_set_equal(a->has, b->has));
    FIELD_EACH(f, a->has)
    {
        assert_int_equal(value_of(a, f)->len, value_of(b, f)->len);
        assert_true(value_equal(value_of(a, f), value_of(b, f)));
    }
}

/* What is kept is whole after the original is gone. */
static void
test_round_trip(void **state)
{
    struct arena *arena = arena_new();
    struct arena *original = arena_new();
    const struct issue *issue;
    const struct page *page;
    const struct record *record;
    struct issue i;
    struct page p;
    struct record r;

    (void)state;
    fill_issue(&i, original, 5);
    put_pull(&i, (struct pull){.head_sha = arena_strdup(original, "abc")});
    put_value(&i.values, FIELD_MILESTONE, value_text(""));
    put_value(&i.values, FIELD_ASSIGNEES, value_set(NULL, 0));
    fill_page(&p, original, 5);
    fill_record(&r, original, 5);
    r.page_id = arena_strdup(arena, r.page_id);
    r.body.left[SIDE_NOTION] = arena_strdup(original, "left");
    issue = issue_pack(&i, arena);
    page = page_pack(&p, arena);
    record = record_pack(&r, NULL, arena);
    arena_free(original);

    original = arena_new();
    fill_issue(&i, original, 5);
    put_value(&i.values, FIELD_MILESTONE, value_text(""));
    put_value(&i.values, FIELD_ASSIGNEES, value_set(NULL, 0));
    fill_page(&p, original, 5);
    fill_record(&r, original, 5);
    same_values(&issue->values, &i.values);
    assert_string_equal(issue->url, i.url);
    assert_string_equal(issue_pull(issue)->head_sha, "abc");
    assert_int_equal(issue->comments, 3);
    assert_true(issue->own);
    assert_null(issue->marker);
    same_values(&page->values, &p.values);
    assert_string_equal(page->id, p.id);
    assert_string_equal(page->edited_by, p.edited_by);
    assert_int_equal(page->read_at, 78);
    for (enum side s = 0; s < SIDE_COUNT; s++)
        same_values(&record->base[s], &r.base[s]);
    assert_string_equal(record->page_id, r.page_id);
    assert_string_equal(record->body.left[SIDE_NOTION], "left");
    assert_string_equal(record_property(record, 1), "title");
    assert_int_equal(record->body.read_at, 80);
    arena_free(original);
    arena_free(arena);
}

/* Equal texts are one, whatever else is shared meanwhile; they outlive what they were copied of. */
static void
test_text_intern(void **state)
{
    struct arena *arena = arena_new();
    const char *first[500];
    char text[16];

    (void)state;
    for (size_t turn = 0; turn < 2; turn++)
        for (size_t i = 0; i < 500; i++) {
            snprintf(text, sizeof(text), "text %zu", i);
            if (turn == 0)
                first[i] = text_intern(text, arena);
            else
                assert_ptr_equal(text_intern(text, arena), first[i]);
        }
    for (size_t i = 0; i < 500; i++) {
        snprintf(text, sizeof(text), "text %zu", i);
        assert_string_equal(first[i], text);
    }
    assert_string_equal(text_intern("", arena), "");
    assert_null(text_intern(NULL, arena));
    arena_free(arena);
}

/* A value is kept once, in its order and case, and a set is not the text that it looks like. */
static void
test_value_intern(void **state)
{
    struct arena *arena = arena_new();
    const char *const items[][2] = {{"a", "b"}, {"b", "a"}, {"A", "b"}, {"ab", ""}, {"a", NULL}};
    const struct value values[] = {
        value_set(items[0], 2), value_set(items[1], 2), value_set(items[2], 2),
        value_set(items[3], 2), value_set(items[4], 1), value_set(NULL, 0),
        value_text("a"),        value_text(""),
    };
    const struct value *kept[sizeof(values) / sizeof(values[0])];

    (void)state;
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        const struct value copy = value_copy(arena, &values[i]);

        kept[i] = value_intern(&values[i], arena);
        assert_ptr_equal(value_intern(&copy, arena), kept[i]);
        assert_int_equal(kept[i]->kind, values[i].kind);
        assert_string_equal(value_display(arena, kept[i]), value_display(arena, &values[i]));
        for (size_t k = 0; k < i; k++)
            assert_ptr_not_equal(kept[k], kept[i]);
    }
    arena_free(arena);
}

/* A hundred thousand of them fit into the memory that a full pass may take. */
static void
test_room(void **state)
{
    struct arena *github = arena_new();
    struct arena *notion = arena_new();
    const struct record *kept = NULL;

    (void)state;
    for (int n = 1; n <= N; n++) {
        struct arena *original = arena_new();
        struct issue issue;
        struct page page;
        struct record record;
        const struct page *kept_page;

        fill_issue(&issue, original, n);
        fill_page(&page, original, n);
        fill_record(&record, original, n);
        issue_pack(&issue, github);
        kept_page = page_pack(&page, notion);
        record.page_id = kept_page->id; /* as the world does */
        kept = record_pack(&record, kept, github);
        arena_free(original);
    }
    if (arena_used(github) + arena_used(notion) > (size_t)N * ROOM)
        fail_msg("%zu bytes a record", (arena_used(github) + arena_used(notion)) / N);
    arena_free(notion);
    arena_free(github);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_text_intern),
        cmocka_unit_test(test_value_intern),
        cmocka_unit_test(test_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
