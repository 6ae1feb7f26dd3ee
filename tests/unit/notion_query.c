#include "notion_test.h"

#define SORT "\"sorts\":[{\"timestamp\":\"created_time\",\"direction\":\"ascending\"}]"
#define EDITED                             \
    "{\"timestamp\":\"last_edited_time\"," \
    "\"last_edited_time\":{\"on_or_after\":\"2026-03-02T09:00:00.000Z\"}}"
#define CREATED "{\"timestamp\":\"created_time\",\"created_time\":{\"on_or_after\":\"then\"}}"
#define FIVE    "{\"property\":\"nr\",\"number\":{\"equals\":5}}"
#define SEVEN   "{\"property\":\"nr\",\"number\":{\"equals\":7}}"

static void
test_body(void **state)
{
    static const int64_t numbers[] = {5, 7};
    static const int64_t time = INT64_C(1772442000000);
    const struct {
        struct query_part part;
        const char *body;
    } rows[] = {
        {{.page_size = 100}, "{" SORT ",\"page_size\":100}"},
        {{.edited_since = time, .page_size = 100},
         "{\"filter\":" EDITED "," SORT ",\"page_size\":100}"},
        {{.created_since = "then", .cursor = "next", .page_size = 25},
         "{\"filter\":" CREATED "," SORT ",\"start_cursor\":\"next\",\"page_size\":25}"},
        {{.numbers = numbers, .n_numbers = 1, .page_size = 100},
         "{\"filter\":{\"or\":[" FIVE "]}," SORT ",\"page_size\":100}"},
        {{.edited_since = time,
          .created_since = "then",
          .numbers = numbers,
          .n_numbers = 2,
          .page_size = 1},
         "{\"filter\":{\"and\":[" EDITED "," CREATED ",{\"or\":[" FIVE "," SEVEN "]}]}," SORT
         ",\"page_size\":1}"},
    };
    struct arena *arena = arena_new();

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json_object *body = notion_query_body(&test_bound, &rows[i].part);

        assert_string_equal(json_write(arena, body), rows[i].body);
        json_object_put(body);
    }
    arena_free(arena);
}

#define OURS    "{\"property\":\"rp\",\"select\":{\"equals\":\"octo/hello\"}}"
#define NONE    "{\"property\":\"rp\",\"select\":{\"is_empty\":true}}"
#define EITHER  "{\"or\":[" OURS "," NONE "]}"
#define NEW     "{\"property\":\"nr\",\"number\":{\"is_empty\":true}}"
#define A       "{\"property\":\"a\",\"checkbox\":{\"equals\":true}}"
#define B       "{\"property\":\"b\",\"checkbox\":{\"equals\":true}}"
#define C       "{\"property\":\"c\",\"checkbox\":{\"equals\":true}}"
#define AND(of) "{\"and\":[" of "]}"
#define OR(of)  "{\"or\":[" of "]}"

/* Whatever the user asks for, rows of other repositories are left out, and two levels are not
 * exceeded. */
static void
test_user_filter(void **state)
{
    static const struct {
        const char *user;
        bool scoped;
        const char *filter;
    } rows[] = {
        {A, false, AND(NEW "," A)},
        {A, true, AND(NEW "," A "," EITHER)},
        {AND(A "," OR(B "," C)), true, AND(NEW "," A "," OR(B "," C) "," EITHER)},
        {OR(A "," B), true, AND(NEW "," OR(A "," B) "," EITHER)},
        {OR(AND(A "," B) "," C), false, OR(AND(NEW "," A "," B) "," AND(NEW "," C))},
        {OR(AND(A "," B) "," C), true,
         OR(AND(NEW "," OURS "," A "," B) "," AND(NEW "," NONE "," A "," B) "," AND(
             NEW "," OURS "," C) "," AND(NEW "," NONE "," C))},
        {OR(OR(A "," B) "," C), false, OR(AND(NEW "," A) "," AND(NEW "," B) "," AND(NEW "," C))},
    };
    struct bound bound = test_bound;
    struct arena *arena = arena_new();

    (void)state;
    bound.fields[FIELD_REPOSITORY] =
        (struct binding){.id = "rp", .name = "Repository", .type = "select"};
    bound.repository = "octo/hello";
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct query_part part = {.unnumbered = true, .page_size = 9};
        struct json_object *body;

        part.filter = test_json(rows[i].user);
        bound.repository_queryable = rows[i].scoped;
        body = notion_query_body(&bound, &part);
        assert_string_equal(json_write(arena, json_get(body, "filter")), rows[i].filter);
        json_object_put(body);
        json_object_put(part.filter);
    }
    arena_free(arena);
}

/* The later one of two pages takes the place of the earlier. */
static void
test_page_set(void **state)
{
    struct arena *arena = arena_new();
    struct page_list list = {0};
    struct table set = {0};
    const struct page *before = page_pack(&(struct page){.id = "7"}, arena);

    (void)state;
    vec_push(&list, before);
    for (int64_t turn = 0; turn < 2; turn++)
        for (int i = 0; i < 3000; i++) {
            struct page page = {.id = arena_printf(arena, "%d", i), .number = turn};

            page_set_put(&set, &list, page_pack(&page, arena));
        }
    assert_int_equal(list.len, 3001);
    assert_ptr_equal(list.items[0], before);
    for (int i = 0; i < 3000; i++) {
        assert_string_equal(list.items[i + 1]->id, arena_printf(arena, "%d", i));
        assert_int_equal(list.items[i + 1]->number, 1);
    }
    table_free(&set);
    vec_free(&list);
    arena_free(arena);
}

static void
test_ids(void **state)
{
    static const struct {
        const char *text, *id;
    } rows[] = {
        {"0A1B2C3D0000400080000000000000a1", PAGE},
        {PAGE, PAGE},
        {"0a1b2c3d-0000-4000-8000-0000000000a", NULL},
        {"0a1b2c3d-0000-4000-8000-0000000000a12", NULL},
        {"0a1b2c3d-0000-4000-8000-0000000000g1", NULL},
        {"0a1b2c3d/0000-4000-8000-0000000000a1", NULL},
        {"", NULL},
        {"-", NULL},
        {NULL, NULL},
    };
    struct err err;
    char id[NOTION_ID_SIZE];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(notion_check_id(rows[i].text, id, &err), rows[i].id != NULL);
        if (rows[i].id != NULL)
            assert_string_equal(id, rows[i].id);
        else
            assert_int_equal(err.kind, ERR_DATA);
    }
}

/* Either of two members says whether a list continues. */
static void
test_next_cursor(void **state)
{
    static const struct {
        const char *answer, *cursor;
        bool told;
    } rows[] = {
        {"{\"has_more\":true,\"next_cursor\":\"c\"}", "c", true},
        {"{\"has_more\":false,\"next_cursor\":null}", NULL, true},
        {"{}", NULL, true},
        {"{\"next_cursor\":\"c\"}", "c", true},
        {"{\"has_more\":false,\"next_cursor\":\"c\"}", NULL, true},
        {"{\"has_more\":true}", NULL, false},
        {"{\"has_more\":true,\"next_cursor\":null}", NULL, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json_object *answer = test_json(rows[i].answer);
        const char *cursor;

        assert_int_equal(notion_next_cursor(answer, &cursor), rows[i].told);
        if (rows[i].cursor == NULL)
            assert_null(cursor);
        else
            assert_string_equal(cursor, rows[i].cursor);
        json_object_put(answer);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_body),        cmocka_unit_test(test_user_filter),
        cmocka_unit_test(test_page_set),    cmocka_unit_test(test_ids),
        cmocka_unit_test(test_next_cursor),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
