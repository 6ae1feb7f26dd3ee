#include "state_test.h"

#include "fields_test.h"
#include "model/sealed.h"
#include "state/record.h"

#define TEXT(value)                         \
    {                                       \
        .kind = VALUE_TEXT, .text = (value) \
    }
#define SET(list, n)                                   \
    {                                                  \
        .kind = VALUE_SET, .items = (list), .len = (n) \
    }
/* What the fields have, in an arena called arena. */
#define VALUES(...)   values_pack((struct value[FIELD_ROOM]){__VA_ARGS__}, FIELD_ROOM, arena)
#define HEAD          "0123456789abcdef0123456789abcdef01234567"
#define GOOD(members) "{\"version\":1,\"number\":12,\"page\":\"" TEST_PAGE "\"" members "}"

static const char *const labels[] = {"bug", "\xc3\xa4 \"quoted\" \\ /", "line\nbreak"};

static void
assert_same_value(const struct value *read, const struct value *written)
{
    assert_int_equal(read->kind, written->kind);
    if (written->kind == VALUE_TEXT)
        assert_string_equal(read->text, written->text);
    assert_int_equal(read->len, written->len);
    for (size_t i = 0; i < written->len; i++)
        assert_string_equal(read->items[i], written->items[i]);
}

static void
assert_same_text(const char *read, const char *written)
{
    if (written == NULL)
        assert_null(read);
    else
        assert_string_equal(read, written);
}

static void
assert_same_record(const struct record *read, const struct record *written)
{
    assert_int_equal(read->number, written->number);
    assert_string_equal(read->page_id, written->page_id);
    assert_int_equal(read->is_pull, written->is_pull);
    assert_int_equal(read->tombstone, written->tombstone);
    assert_int_equal(read->link_comment, written->link_comment);
    assert_int_equal(read->page_edited, written->page_edited);
    assert_same_text(read->open_option, written->open_option);
    assert_same_text(record_pulls(read)->tried_head, record_pulls(written)->tried_head);
    assert_same_text(record_pulls(read)->tried_state, record_pulls(written)->tried_state);
    assert_int_equal(read->body.read_at, written->body.read_at);
    assert_same_text(read->body.read_by, written->body.read_by);
    for (enum side s = 0; s < SIDE_COUNT; s++) {
        assert_same_text(read->body.left[s], written->body.left[s]);
        assert_int_equal(read->cut[s], written->cut[s]);
    }
    FIELD_EACH(f, all_fields()->based)
    for (enum side s = 0; s < SIDE_COUNT; s++)
        assert_same_value(value_of(&read->base[s], f), value_of(&written->base[s], f));
}

/* What is written is read again: every member, and absent, empty and filled values apart. */
static void
test_round_trip(void **state)
{
    struct arena *arena = arena_new();
    const struct record records[] = {
        {.number = 12, .page_id = TEST_PAGE},
        {.number = 12, .page_id = TEST_PAGE, .tombstone = true, .link_comment = 9007199254740993},
        {.number = 12,
         .page_id = TEST_PAGE,
         .is_pull = true,
         .page_edited = INT64_C(1772442600000),
         .open_option = "In \"progress\"",
         .pulls = &(struct pull_record){.tried_head = HEAD, .tried_state = "BLOCKED"},
         .body = {.read_at = INT64_C(1772442600000)},
         .cut = {false, true},
         .base =
             {VALUES([FIELD_TITLE] = TEXT("A \xe2\x82\xac title"), [FIELD_STATUS] = TEXT("open"),
                     [FIELD_LABELS] = SET(labels, COUNT(labels))),
              VALUES([FIELD_TITLE] = TEXT(""), [FIELD_STATUS] = TEXT("In progress"),
                     [FIELD_LABELS] = SET(labels, 0))}},
        {.number = 12,
         .page_id = TEST_PAGE,
         .body = {.read_at = INT64_C(1772442600000), .read_by = TEST_PAGE, .left = {"1-1", "2-2"}},
         .base = {VALUES([FIELD_BODY] = TEXT("1-1")), VALUES([FIELD_BODY] = TEXT("3-3"))}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(records); i++) {
        struct record *read;
        struct err err;

        assert_true(record_read(arena, record_write(arena, &records[i], nothing_sealed()), 12,
                                nothing_sealed(), &read, &err));
        assert_same_record(read, &records[i]);
    }
    arena_free(arena);
}

static void
test_bodies(void **state)
{
    static const char *const damaged[] = {
        "",
        "{",
        "[]",
        "{\"version\":3,\"number\":12,\"github\":\"a\",\"notion\":\"b\"}",
        "{\"version\":1,\"number\":13,\"github\":\"a\",\"notion\":\"b\"}",
        "{\"version\":1,\"number\":12,\"github\":1}"};
    struct arena *arena = arena_new();
    struct base_texts texts = {.base = {"a\n\xe2\x82\xac", ""}};

    (void)state;
    assert_string_equal(state_bodies_path(arena, 12), "bodies/0/12.json");
    texts = bodies_read(arena, bodies_write(arena, 12, &texts, nothing_sealed()), 12);
    assert_string_equal(texts.base[SIDE_GITHUB], "a\n\xe2\x82\xac");
    assert_string_equal(texts.base[SIDE_NOTION], "");
    for (size_t i = 0; i < COUNT(damaged); i++) {
        texts = bodies_read(arena, damaged[i], 12);
        if (texts.base[SIDE_GITHUB] != NULL || texts.base[SIDE_NOTION] != NULL)
            fail_msg("%s", damaged[i]);
    }
    assert_null(bodies_read(arena, NULL, 12).base[SIDE_GITHUB]);
    arena_free(arena);
}

/* A field that only one side ever had was never agreed on. */
static void
test_half_a_base_is_none(void **state)
{
    struct arena *arena = arena_new();
    struct record record = {.number = 12, .page_id = TEST_PAGE};
    struct record *read;
    struct err err;

    (void)state;
    put_value(&record.base[SIDE_GITHUB], FIELD_TITLE, value_text("here"));
    assert_true(record_read(arena, record_write(arena, &record, nothing_sealed()), 12,
                            nothing_sealed(), &read, &err));
    assert_int_equal(value_of(&read->base[SIDE_GITHUB], FIELD_TITLE)->kind, VALUE_ABSENT);
    assert_int_equal(value_of(&read->base[SIDE_NOTION], FIELD_TITLE)->kind, VALUE_ABSENT);
    arena_free(arena);
}

/* Readable with plain git: the same record is always the same text, and ends its last line. */
static void
test_text_is_stable(void **state)
{
    struct arena *arena = arena_new();
    const struct record record = {.number = 12, .page_id = TEST_PAGE};
    char *text = record_write(arena, &record, nothing_sealed());

    (void)state;
    assert_string_equal(text, record_write(arena, &record, nothing_sealed()));
    assert_int_equal(text[strlen(text) - 1], '\n');
    assert_null(strstr(text, "ended"));
    arena_free(arena);
}

static void
test_unreadable(void **state)
{
    static const struct {
        const char *text;
        enum err_kind kind;
    } cases[] = {
        {"", ERR_DATA},
        {"{", ERR_DATA},
        {"null", ERR_STATE},
        {"[]", ERR_STATE},
        {"{}", ERR_STATE},
        {"{\"version\":3,\"number\":12,\"page\":\"" TEST_PAGE "\"}", ERR_STATE},
        {"{\"version\":\"1\",\"number\":12,\"page\":\"" TEST_PAGE "\"}", ERR_STATE},
        {"{\"version\":1,\"number\":13,\"page\":\"" TEST_PAGE "\"}", ERR_DATA},
        {"{\"version\":1,\"number\":\"12\",\"page\":\"" TEST_PAGE "\"}", ERR_DATA},
        {"{\"version\":1,\"number\":12}", ERR_DATA},
        {"{\"version\":1,\"number\":12,\"page\":null}", ERR_DATA},
        {"{\"version\":1,\"number\":12,\"page\":\"short\"}", ERR_DATA},
        {"{\"version\":1,\"number\":12,\"page\":\"../../../../../../../../../../../../tmp\"}",
         ERR_DATA},
        {GOOD(",\"fields\":{\"title\":{\"github\":\"a\"}}"), ERR_DATA},
        {GOOD(",\"fields\":{\"title\":{\"github\":\"a\",\"notion\":1}}"), ERR_DATA},
        {GOOD(",\"fields\":{\"title\":\"a\"}"), ERR_DATA},
        {GOOD(",\"fields\":{\"title\":{\"github\":[\"a\"],\"notion\":\"a\"}}"), ERR_DATA},
        {GOOD(",\"fields\":{\"labels\":{\"github\":\"a\",\"notion\":[]}}"), ERR_DATA},
        {GOOD(",\"fields\":{\"labels\":{\"github\":[\"a\",null],\"notion\":[]}}"), ERR_DATA},
        {GOOD(",\"fields\":{\"labels\":{\"github\":[[]],\"notion\":[]}}"), ERR_DATA},
        {GOOD("") "x", ERR_DATA},
        {"{\"version\":1,\"page\":\"\xff\"}", ERR_DATA},
    };
    struct arena *arena = arena_new();

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct record *record;
        struct err err;

        err_clear(&err);
        if (record_read(arena, cases[i].text, 12, nothing_sealed(), &record, &err))
            fail_msg("read: %s", cases[i].text);
        test_failed(&err, cases[i].kind, "#12");
    }
    arena_free(arena);
}

/* Members that are unknown or of another type do not stop the reader
 * if nothing hangs on them. */
static void
test_odd_members(void **state)
{
    struct arena *arena = arena_new();
    struct record *record;
    struct err err;

    (void)state;
    assert_true(record_read(arena,
                            GOOD(",\"more\":{},\"ended\":\"yes\",\"link_comment\":\"5\","
                                 "\"open_option\":7,\"kind\":[],\"fields\":{\"colour\":1}"),
                            12, nothing_sealed(), &record, &err));
    assert_false(record->tombstone);
    assert_false(record->is_pull);
    assert_int_equal(record->link_comment, 0);
    assert_null(record->open_option);
    assert_true(record_read(arena, GOOD(",\"fields\":null"), 12, nothing_sealed(), &record, &err));
    arena_free(arena);
}

/* What Notion holds is not to be found in a sealed file; the key that sealed it distinguishes equal
 * from other, and with another key nothing is known. */
static void
test_sealed(void **state)
{
    static const char *const hidden[] = {"innersecret", "bug"};
    struct arena *arena = arena_new();
    struct sealing sealing = {
        .key = "0123abcd", .fields = all_fields(), .sealed = all_fields()->sealed};
    struct sealing other = {
        .key = "ffffffff", .fields = all_fields(), .sealed = all_fields()->sealed};
    const struct intent intent = {
        .fields = field_set_of(FIELD_TITLE),
        .holds = {VALUES([FIELD_TITLE] = TEXT("Here")), VALUES([FIELD_TITLE] = TEXT("Layoffs"))}};
    struct record record = {.number = 12,
                            .page_id = TEST_PAGE,
                            .open_option = "Legal",
                            .body = {.read_at = 60000, .left = {"1-1", "2-2"}},
                            .intents = &intent,
                            .n_intents = 1};
    struct record *read;
    struct err err;
    const char *text;

    (void)state;
    seal_init(&sealing.seal, "test", "one");
    seal_init(&other.seal, "test", "two");
    for (enum side s = 0; s < SIDE_COUNT; s++) {
        put_value(&record.base[s], FIELD_TITLE, value_text(s == SIDE_NOTION ? "Layoffs" : "Here"));
        put_value(&record.base[s], FIELD_LABELS,
                  value_set(hidden + (s == SIDE_GITHUB), s == SIDE_NOTION ? 2 : 1));
        put_value(&record.base[s], FIELD_BODY, value_text(s == SIDE_NOTION ? "abcdef-3" : "1-1"));
    }
    text = record_write(arena, &record, &sealing);
    assert_null(strstr(text, "Layoffs"));
    assert_null(strstr(text, "Legal"));
    assert_null(strstr(text, "innersecret"));
    assert_null(strstr(text, "abcdef-3"));
    assert_null(strstr(text, "2-2"));
    assert_non_null(strstr(text, "Here"));
    assert_true(record_read(arena, text, 12, &sealing, &read, &err));
    assert_string_equal(value_of(&read->base[SIDE_NOTION], FIELD_TITLE)->text,
                        sealing_text(&sealing, 12, FIELD_TITLE, "Layoffs", arena));
    assert_string_not_equal(value_of(&read->base[SIDE_NOTION], FIELD_TITLE)->text,
                            sealing_text(&sealing, 13, FIELD_TITLE, "Layoffs", arena));
    assert_string_equal(text, record_write(arena, read, &sealing));
    assert_true(record_read(arena, text, 12, &other, &read, &err));
    assert_true(value_is_lost(value_of(&read->base[SIDE_NOTION], FIELD_TITLE)));
    assert_true(value_is_lost(value_of(&read->base[SIDE_NOTION], FIELD_LABELS)));
    assert_string_equal(value_of(&read->base[SIDE_GITHUB], FIELD_TITLE)->text, "Here");
    assert_true(record_read(arena, record_write(arena, read, &other), 12, &other, &read, &err));
    assert_true(value_is_lost(value_of(&read->base[SIDE_NOTION], FIELD_TITLE)));
    arena_free(arena);
}

/* A page without an issue: what is in the place of its note is no note, and never says what the
 * page holds. */
static void
test_page_alone(void **state)
{
    static const int64_t numbers[] = {7, 12};
    const struct pull_record pulls = {
        .stage = STAGE_CHANGES_REQUESTED, .n_numbers = 2, .numbers = numbers};
    struct arena *arena = arena_new();
    struct sealing sealing = {.key = "0123abcd", .fields = all_fields()};
    const struct intent intent = {
        .page_id = TEST_PAGE,
        .stage = STAGE_APPROVED,
        .fields = field_set_of(FIELD_STATUS),
        .writes = {{{0}}, field_set_of(FIELD_STATUS)},
        .holds = {VALUES([FIELD_STATUS] = TEXT("open")), VALUES([FIELD_STATUS] = TEXT("Legal"))}};
    struct record record = {.number = page_key(TEST_PAGE),
                            .page_id = TEST_PAGE,
                            .pulls = &pulls,
                            .intents = &intent,
                            .n_intents = 1};
    struct record *read;
    struct err err;
    const char *text;

    (void)state;
    seal_init(&sealing.seal, "test", "one");
    put_value(&record.base[SIDE_GITHUB], FIELD_STATUS, value_text("open"));
    put_value(&record.base[SIDE_NOTION], FIELD_STATUS, value_text("Secret"));
    assert_string_equal(state_path_of(arena, &record), state_page_path(arena, TEST_PAGE));
    text = record_write(arena, &record, &sealing);
    assert_null(strstr(text, "Secret"));
    assert_null(strstr(text, "Legal"));
    assert_int_equal(page_note_read(text), 0);
    if (!record_read(arena, text, record.number, &sealing, &read, &err))
        fail_msg("%s", err.text);
    assert_int_equal(read->pulls->stage, STAGE_CHANGES_REQUESTED);
    assert_int_equal(read->pulls->n_numbers, 2);
    assert_int_equal(read->pulls->numbers[1], 12);
    assert_int_equal(read->intents[0].stage, STAGE_APPROVED);
    assert_false(record_read(arena, text, 12, &sealing, &read, &err));
    /* A later version may know more stages. */
    assert_true(record_read(arena, GOOD(",\"stage\":\"queued\",\"pulls\":[3,\"4\",-5]"), 12,
                            &sealing, &read, &err));
    assert_int_equal(read->pulls->stage, STAGE_UNKNOWN);
    assert_int_equal(read->pulls->n_numbers, 1);
    arena_free(arena);
}

static void
test_record_paths(void **state)
{
    static const struct {
        int64_t number;
        const char *path;
    } cases[] = {
        {1, "records/0/1.json"},
        {99, "records/0/99.json"},
        {100, "records/1/100.json"},
        {123456, "records/1234/123456.json"},
        {INT64_MAX, "records/92233720368547758/9223372036854775807.json"},
    };
    static const char *const others[] = {
        "",
        "records",
        "records/0/0.json",
        "records/0/012.json",
        "records/00/12.json",
        "records/0/-1.json",
        "records/1/1.json",
        "records/0/1.json.tmp",
        "records/0/1",
        "records/0/x.json",
        "a/records/0/1.json",
        STATE_CURSOR,
        "pages/2f/" TEST_PAGE ".json",
    };
    struct arena *arena = arena_new();

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_string_equal(state_record_path(arena, cases[i].number), cases[i].path);
        assert_int_equal(state_path_number(cases[i].path), cases[i].number);
    }
    for (size_t i = 0; i < COUNT(others); i++)
        assert_int_equal(state_path_number(others[i]), 0);
    assert_string_equal(state_page_path(arena, TEST_PAGE), "pages/2f/" TEST_PAGE ".json");
    arena_free(arena);
}

static void
test_page_notes(void **state)
{
    static const struct {
        const char *text;
        int64_t number;
    } cases[] = {
        {NULL, 0},
        {"", 0},
        {"[]", 0},
        {"{}", 0},
        {"{\"number\":-3}", 0},
        {"{\"number\":\"3\"}", 0},
        {"{\"number\":3}", 3},
    };
    struct arena *arena = arena_new();

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(page_note_read(cases[i].text), cases[i].number);
    assert_int_equal(page_note_read(page_note_write(arena, 4711)), 4711);
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),     cmocka_unit_test(test_half_a_base_is_none),
        cmocka_unit_test(test_text_is_stable), cmocka_unit_test(test_unreadable),
        cmocka_unit_test(test_odd_members),    cmocka_unit_test(test_sealed),
        cmocka_unit_test(test_record_paths),   cmocka_unit_test(test_page_notes),
        cmocka_unit_test(test_bodies),         cmocka_unit_test(test_page_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
