#include "fuzz.h"

#include "../unit/fields_test.h"
#include "base/json.h"
#include "state/cursor.h"
#include "state/record.h"

#define NUMBER INT64_C(12)

static void
check_json(struct arena *arena, const char *text)
{
    struct json_object *tree;
    struct json_object *again;
    struct err err;
    char *written;

    if (!json_read(text, strlen(text), &tree, &err)) {
        check_err(&err);
        CHECK(tree == NULL);
        return;
    }
    written = json_write(arena, tree);
    CHECK(is_utf8(written) && strpbrk(written, "\r\n") == NULL);
    CHECK(json_read(written, strlen(written), &again, NULL));
    CHECK(json_object_equal(tree, again) == 1);
    json_object_put(tree);
    json_object_put(again);
}

static void
check_record_is(struct arena *arena, const struct record *record)
{
    const struct sealing plain = {.fields = all_fields()};
    const char *written = record_write(arena, record, &plain);
    struct record *again;

    CHECK(record_read(arena, written, record->number, &plain, &again, NULL));
    CHECK(strcmp(record_write(arena, again, &plain), written) == 0);
    CHECK(again->is_pull == record->is_pull && again->tombstone == record->tombstone &&
          again->link_comment == record->link_comment);
    for (size_t side = 0; side < SIDE_COUNT; side++)
        FIELD_EACH(f, all_fields()->based)
    CHECK(value_equal(value_of(&again->base[side], f), value_of(&record->base[side], f)));
}

static void
check_record(struct arena *arena, const char *text)
{
    const struct sealing plain = {.fields = all_fields()};
    struct record *record;
    struct err err;

    if (!record_read(arena, text, NUMBER, &plain, &record, &err)) {
        check_err(&err);
        CHECK(err.kind == ERR_STATE || err.kind == ERR_DATA);
        return;
    }
    CHECK(record->number == NUMBER && is_notion_id(record->page_id));
    FIELD_EACH(f, all_fields()->based)
    {
        enum value_kind kind = all_fields()->items[f].is_set ? VALUE_SET : VALUE_TEXT;

        CHECK((value_of(&record->base[SIDE_GITHUB], f)->kind == VALUE_ABSENT) ==
              (value_of(&record->base[SIDE_NOTION], f)->kind == VALUE_ABSENT));
        CHECK(value_of(&record->base[SIDE_GITHUB], f)->kind == VALUE_ABSENT ||
              value_of(&record->base[SIDE_GITHUB], f)->kind == kind);
    }
    check_record_is(arena, record);
}

static void
check_cursor(struct arena *arena, const char *text)
{
    struct cursor cursor;
    struct cursor again;
    struct err err;
    const char *written;

    if (!cursor_read(arena, text, &cursor, &err)) {
        check_err(&err);
        CHECK(err.kind == ERR_STATE || err.kind == ERR_DATA);
        return;
    }
    for (size_t i = 0; i < cursor.n_numbers; i++)
        CHECK(cursor.numbers[i] > 0);
    for (size_t i = 0; i < cursor.n_comments; i++)
        CHECK(cursor.comments[i] > 0);
    for (size_t i = 0; i < cursor.n_pages; i++)
        CHECK(is_notion_id(cursor.pages[i]));
    CHECK(is_notion_id(cursor.database) && is_notion_id(cursor.data_source));
    written = cursor_write(arena, &cursor);
    CHECK(cursor_read(arena, written, &again, NULL));
    CHECK(strcmp(cursor_write(arena, &again), written) == 0);
}

static void
check_lock(struct arena *arena, const char *text)
{
    struct lease lock = lease_read(arena, text);
    struct lease again = lease_read(arena, lease_write(arena, &lock));

    CHECK(lock.run_id != NULL && lock.host != NULL);
    CHECK(strcmp(again.run_id, lock.run_id) == 0 && again.attempt == lock.attempt);
    CHECK(lease_is_dead(&lock, "", 0, INT64_MAX / 2));
    /* The holder itself must not find its own lock dead. */
    CHECK(!lease_is_dead(&lock, lock.run_id, lock.attempt, lock.time));
}

static struct value
take_value(struct bytes *bytes, bool is_set, struct arena *arena)
{
    const char **items;
    size_t n;

    if (!is_set)
        return value_text(take_unicode(bytes, arena));
    n = take_below(bytes, 4);
    items = arena_array(arena, n, sizeof(*items));
    for (size_t i = 0; i < n; i++)
        items[i] = take_unicode(bytes, arena);
    return value_set(items, n);
}

/* A record of any texts comes back as it was. */
static void
check_built(struct arena *arena, struct bytes *bytes)
{
    struct record record = {
        .number = 1 + (take_number(bytes) & INT64_MAX) / 2,
        .page_id = "2f1c8a3e-0b4d-4c5e-9f60-718293a4b5c6",
        .is_pull = take_flag(bytes),
        .tombstone = take_flag(bytes),
        .link_comment = (int64_t)take_byte(bytes),
    };
    unsigned fields = take_byte(bytes);

    if (take_flag(bytes))
        record.open_option = take_unicode(bytes, arena);
    if (take_flag(bytes)) {
        struct pull_record *pulls = record_own_pulls(&record, arena);

        pulls->tried_head = take_unicode(bytes, arena);
        pulls->tried_state = take_unicode(bytes, arena);
    }
    FIELD_EACH(f, all_fields()->based)
    for (size_t side = 0; (fields & 1U << f) != 0 && side < SIDE_COUNT; side++)
        values_put(&record.base[side], f, take_value(bytes, all_fields()->items[f].is_set, arena),
                   arena);
    check_record_is(arena, &record);
    CHECK(state_path_number(state_record_path(arena, record.number)) == record.number);
    CHECK(page_note_read(page_note_write(arena, record.number)) == record.number);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct bytes bytes = {data, size};
    struct bytes again = {data, size};
    const char *text = take_rest(&bytes, arena);

    check_json(arena, text);
    check_record(arena, text);
    check_cursor(arena, text);
    check_lock(arena, text);
    CHECK(page_note_read(text) >= 0);
    check_built(arena, &again);
    arena_free(arena);
    return 0;
}
