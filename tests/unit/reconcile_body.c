#include "reconcile_test.h"

#include "fields_test.h"
#include "markdown/markdown.h"
#include "model/body.h"

#define MINUTE ((int64_t)60 * 1000)

static const char *
github_hash(struct arena *arena, const char *text)
{
    return body_hash(arena, markdown_normal_github(arena, text));
}

static const char *
notion_hash(struct arena *arena, const char *text)
{
    return body_hash(arena, markdown_normal_notion(arena, text));
}

/* A linked pair: texts now and at the last agreement; base NULL:
 * never agreed, now NULL: not read. */
struct texts {
    const char *github, *notion, *base_github, *base_notion;
};

struct bodies {
    struct scene *scene;
    struct issue *issue;
    struct page *page;
    struct record *record;
};

static void
see_again(const struct bodies *it)
{
    scene_see_record(it->scene, it->record);
    scene_see_issue(it->scene, it->issue);
    scene_see_page(it->scene, it->page);
}

static struct bodies
see(struct scene *scene, const struct texts *texts)
{
    struct arena *arena = scene->arena;
    struct bodies it = {.scene = scene};
    const struct base_texts bases = {.base = {texts->base_github, texts->base_notion}};

    scene_clear(scene);
    it.issue = test_issue(arena, 1, "One", STATUS_OPEN, "");
    it.page = test_page(arena, P1, 1, "One", "To do", "");
    test_page_shows(it.page, it.issue);
    it.record = test_record(arena, it.issue, it.page);
    it.issue->body_hash = github_hash(arena, texts->github);
    put_value(&it.issue->values, FIELD_BODY, value_text(texts->github));
    if (texts->notion != NULL) {
        put_value(&it.page->values, FIELD_BODY, value_text(texts->notion));
        it.page->content = (struct content){.hash = notion_hash(arena, texts->notion),
                                            .read_at = NOON + 5 * MINUTE};
    }
    put_value(&it.record->base[SIDE_NOTION], FIELD_BODY, (struct value){0});
    put_value(&it.record->base[SIDE_GITHUB], FIELD_BODY, (struct value){0});
    if (texts->base_github != NULL) {
        put_value(&it.record->base[SIDE_GITHUB], FIELD_BODY,
                  value_text(github_hash(arena, texts->base_github)));
        put_value(&it.record->base[SIDE_NOTION], FIELD_BODY,
                  value_text(notion_hash(arena, texts->base_notion)));
    }
    see_again(&it);
    world_see_bodies(scene->world, 1, &bases);
    return it;
}

static const struct field_plan *
decide(struct scene *scene, const struct texts *texts)
{
    (void)see(scene, texts);
    return &scene_only_item(scene)->fields[FIELD_BODY];
}

static void
assert_writes(const struct field_plan *plan, enum field_row row, const char *github,
              const char *notion)
{
    const char *wanted[SIDE_COUNT] = {github, notion};

    assert_int_equal(plan->row, row);
    for (enum side s = 0; s < SIDE_COUNT; s++) {
        assert_int_equal(plan->write[s], wanted[s] != NULL);
        if (wanted[s] != NULL)
            assert_string_equal(plan->value[s].text, wanted[s]);
    }
}

static int
begin(void **state)
{
    int made = scene_make(state);
    struct scene *scene = *state;

    scene->rules.body_to[SIDE_GITHUB] = scene->rules.body_to[SIDE_NOTION] = true;
    return made;
}

static void
test_changes(void **state)
{
    const struct field_plan *plan = decide(*state, &(struct texts){"A", "A", "A", "A"});

    assert_writes(plan, ROW_F1_SAME, NULL, NULL);
    assert_false(plan->settles);
    plan = decide(*state, &(struct texts){"B", "A", "A", "A"});
    assert_writes(plan, ROW_F2_TO_NOTION, NULL, "B");
    assert_true(plan->settles);
    plan = decide(*state, &(struct texts){"A", "B", "A", "A"});
    assert_writes(plan, ROW_F3_TO_GITHUB, "B", NULL);
    plan = decide(*state, &(struct texts){"B", "B", "A", "A"});
    assert_writes(plan, ROW_F4_AGREE, NULL, NULL);
    assert_true(plan->settles);
    plan = decide(*state, &(struct texts){"", "A", "A", "A"});
    assert_writes(plan, ROW_F2_TO_NOTION, NULL, "");
}

/* Where a change arrives, what only that side has stays. */
static void
test_carries(void **state)
{
    const char *ours = "<!-- keep -->\n\nOne.\n\nTwo.";
    const struct field_plan *plan =
        decide(*state, &(struct texts){ours, "One.\n\nTwo!", ours, "One.\n\nTwo."});

    assert_int_equal(plan->row, ROW_F3_TO_GITHUB);
    assert_non_null(strstr(plan->value[SIDE_GITHUB].text, "<!-- keep -->"));
    assert_null(strstr(plan->value[SIDE_GITHUB].text, "Two."));
    assert_false(plan->conflict);
}

static void
test_merges(void **state)
{
    const char *base = "One.\n\nTwo.\n\nThree.\n\nFour.";
    const char *both = "ONE.\n\nTwo.\n\nThree.\n\nFOUR.";
    const struct field_plan *plan =
        decide(*state, &(struct texts){"ONE.\n\nTwo.\n\nThree.\n\nFour.",
                                       "One.\n\nTwo.\n\nThree.\n\nFOUR.", base, base});

    assert_writes(plan, ROW_F6_MERGE, both, both);
    assert_true(plan->settles);
    assert_false(plan->conflict);
}

static void
test_meets(void **state)
{
    struct scene *scene = *state;
    const char *base = "One.\n\nTwo.\n\nThree.";
    const struct texts texts = {"One.\n\nGITHUB.\n\nThree.", "One.\n\nNOTION.\n\nThree.", base,
                                base};
    const struct item *item;
    const struct field_plan *plan;

    (void)see(scene, &texts);
    item = scene_only_item(scene);
    plan = &item->fields[FIELD_BODY];
    assert_writes(plan, ROW_F7_CONFLICT, NULL, "One.\n\nGITHUB.\n\nThree.");
    assert_true(plan->conflict);
    assert_int_equal(plan->winner, SIDE_GITHUB);
    assert_non_null(strstr(plan->lost, "NOTION"));
    assert_null(strstr(plan->lost, "Three"));
    assert_string_equal(test_item_text(scene->arena, item),
                        "linked #1 1: say-conflict write-content");
    scene->rules.on_conflict = POLICY_NOTION;
    plan = decide(scene, &texts);
    assert_writes(plan, ROW_F7_CONFLICT, "One.\n\nNOTION.\n\nThree.", NULL);
    assert_non_null(strstr(plan->lost, "GITHUB"));
}

static void
test_no_base_text(void **state)
{
    struct scene *scene = *state;
    const struct base_texts others = {{"something else", "something else"}, {NULL}};
    const struct field_plan *plan;

    (void)see(scene, &(struct texts){"G", "N", "B", "B"});
    world_see_bodies(scene->world, 1, &(struct base_texts){0});
    plan = &scene_only_item(scene)->fields[FIELD_BODY];
    assert_writes(plan, ROW_F7_CONFLICT, NULL, "G");
    assert_true(plan->conflict);
    assert_null(plan->lost);
    /* Nor does a text count that is not what the record speaks of. */
    (void)see(scene, &(struct texts){"G", "N", "B", "B"});
    world_see_bodies(scene->world, 1, &others);
    assert_writes(&scene_only_item(scene)->fields[FIELD_BODY], ROW_F7_CONFLICT, NULL, "G");
}

static void
test_no_base(void **state)
{
    const struct field_plan *plan = decide(*state, &(struct texts){"G", "", NULL, NULL});

    assert_writes(plan, ROW_F8_NO_BASE, NULL, "G");
    assert_writes(decide(*state, &(struct texts){"", "N", NULL, NULL}), ROW_F8_NO_BASE, "N", NULL);
    assert_writes(decide(*state, &(struct texts){"", "", NULL, NULL}), ROW_F8_NO_BASE, NULL, NULL);
    plan = decide(*state, &(struct texts){"Same", "Same", NULL, NULL});
    assert_writes(plan, ROW_F8_NO_BASE, NULL, NULL);
    assert_true(plan->settles);
    plan = decide(*state, &(struct texts){"G", "N", NULL, NULL});
    assert_writes(plan, ROW_F7_CONFLICT, NULL, "G");
    assert_true(plan->conflict);
}

/* When the content is read: the page's last edit, our own last
 * write, the issue's hash, an event. */
static void
test_looks(void **state)
{
    static const struct {
        int64_t edited, read;
        const char *by, *editor, *github;
        bool named, looks;
    } rows[] = {
        {NOON, NOON + MINUTE, NULL, "", "A", false, false},
        {NOON, NOON + MINUTE - 1, NULL, "", "A", false, true},
        {NOON, NOON + MINUTE - 1, "bot", "bot", "A", false, false},
        {NOON, NOON + MINUTE - 1, "bot", "ann", "A", false, true},
        {NOON + MINUTE, NOON + MINUTE - 1, "bot", "bot", "A", false, true},
        {NOON, 0, NULL, "", "A", false, true},
        {NOON, NOON + MINUTE, NULL, "", "B", false, true},
        {NOON, NOON + MINUTE, NULL, "", "A", true, true},
    };
    struct scene *scene = *state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct bodies it = see(scene, &(struct texts){rows[i].github, NULL, "A", "A"});

        it.page->edited_at = rows[i].edited;
        it.page->edited_by = rows[i].editor;
        it.record->body.read_at = rows[i].read;
        it.record->body.read_by = rows[i].by;
        see_again(&it);
        world_page(scene->world, P1)->named = rows[i].named;
        if ((scene_plan(scene)->items.len > 0) != rows[i].looks)
            fail_msg("row %zu", i);
    }
}

/* The base's texts are asked for only if there is something to compare. */
static void
test_wants_bodies(void **state)
{
    struct scene *scene = *state;
    struct bodies it = see(scene, &(struct texts){"A", NULL, "A", "A"});
    struct missing missing;

    it.record->body.read_at = NOON + MINUTE;
    see_again(&it);
    world_issue(scene->world, 1)->bodies = NULL;
    assert_non_null(reconcile_plan(scene->world, &scene->rules, &missing, scene->arena));
    missing_free(&missing);
    it.issue->body_hash = github_hash(scene->arena, "B");
    see_again(&it);
    assert_null(reconcile_plan(scene->world, &scene->rules, &missing, scene->arena));
    assert_int_equal(missing.bodies.len, 1);
    assert_int_equal(missing.bodies.items[0], 1);
    missing_free(&missing);
}

/* Neither side is written if Notion's text would have to change in what Markdown cannot carry;
 * once. */
static void
test_stays(void **state)
{
    struct scene *scene = *state;
    const char *notion = "<unknown url=\"https://notion.test/x\"/>";
    const struct texts texts = {"B", notion, "A", notion};
    struct bodies it = see(scene, &texts);
    const struct item *item = scene_only_item(scene);
    const struct field_plan *plan = &item->fields[FIELD_BODY];
    struct outcome outcome = {.issue = it.issue, .page = it.page};
    struct record *record;

    assert_writes(plan, ROW_F7_CONFLICT, NULL, NULL);
    assert_true(plan->conflict);
    assert_true(plan->stays);
    assert_false(plan->settles);
    assert_string_equal(test_item_text(scene->arena, item), "linked #1 1: say-conflict");
    record = reconcile_settle(item, &outcome, scene->arena);
    assert_string_equal(record->body.left[SIDE_GITHUB], it.issue->body_hash);
    assert_string_equal(value_of(&record->base[SIDE_GITHUB], FIELD_BODY)->text,
                        github_hash(scene->arena, "A"));
    it = see(scene, &texts);
    it.record->body = record->body;
    see_again(&it);
    assert_false(scene_only_item(scene)->fields[FIELD_BODY].conflict);
    /* Without a look, too. */
    it = see(scene, &(struct texts){"B", NULL, "A", notion});
    it.record->body = record->body;
    see_again(&it);
    assert_int_equal(scene_plan(scene)->items.len, 0);
    /* Another text is another matter. */
    it = see(scene, &(struct texts){"C", notion, "A", notion});
    it.record->body = record->body;
    see_again(&it);
    assert_true(scene_only_item(scene)->fields[FIELD_BODY].conflict);
}

static void
test_partial(void **state)
{
    struct scene *scene = *state;
    struct bodies it = see(scene, &(struct texts){"A", "B", "A", "A"});
    const struct item *item;

    it.page->content.partial = true;
    see_again(&it);
    item = scene_only_item(scene);
    assert_writes(&item->fields[FIELD_BODY], FIELD_ROW_NONE, NULL, NULL);
    assert_note(item, "does not show all of the page's content");
    assert_true(item->body.left);
}

static void
test_cut(void **state)
{
    struct scene *scene = *state;
    char *text = arena_alloc(scene->arena, 5 * 70000 + 1);
    struct bodies it;
    const struct item *item;

    for (size_t i = 0; i < 70000; i++)
        memcpy(text + 5 * i, "word\n", 5);
    (void)see(scene, &(struct texts){"", text, NULL, NULL});
    item = scene_only_item(scene);
    assert_true(item->fields[FIELD_BODY].write[SIDE_GITHUB]);
    assert_true(item->body.cut[SIDE_GITHUB]);
    assert_true(strlen(item->fields[FIELD_BODY].value[SIDE_GITHUB].text) <= 65536);
    assert_non_null(strstr(item->fields[FIELD_BODY].value[SIDE_GITHUB].text, "notion.test"));
    /* What is edited in the copy stays there. */
    it = see(scene, &(struct texts){"edited copy", "page", "copy", "page"});
    it.record->cut[SIDE_GITHUB] = true;
    see_again(&it);
    item = scene_only_item(scene);
    assert_false(item->fields[FIELD_BODY].write[SIDE_NOTION]);
    assert_note(item, "only the beginning of the page's content");
    it = see(scene, &(struct texts){"issue", "edited copy", "issue", "copy"});
    it.record->cut[SIDE_NOTION] = true;
    see_again(&it);
    item = scene_only_item(scene);
    assert_false(item->fields[FIELD_BODY].write[SIDE_GITHUB]);
    assert_note(item, "only the beginning of the issue's text");
    /* A change of the whole makes a new copy. */
    it = see(scene, &(struct texts){"copy", "new page", "copy", "page"});
    it.record->cut[SIDE_GITHUB] = true;
    see_again(&it);
    assert_true(scene_only_item(scene)->fields[FIELD_BODY].write[SIDE_GITHUB]);
}

static void
test_one_way(void **state)
{
    struct scene *scene = *state;
    const char *base = "One.\n\nTwo.\n\nThree.";
    const struct item *item;
    const struct field_plan *plan;

    scene->rules.body_to[SIDE_GITHUB] = false;
    (void)see(scene, &(struct texts){"A", "B", "A", "A"});
    item = scene_only_item(scene);
    assert_true(item->body.left);
    assert_false(item->fields[FIELD_BODY].write[SIDE_GITHUB]);
    plan = decide(scene,
                  &(struct texts){"ONE.\n\nTwo.\n\nThree.", "One.\n\nTwo.\n\nTHREE.", base, base});
    assert_writes(plan, ROW_F6_MERGE, NULL, "ONE.\n\nTwo.\n\nTHREE.");
    assert_writes(decide(scene, &(struct texts){"", "N", NULL, NULL}), ROW_F8_NO_BASE, NULL, NULL);
    assert_writes(decide(scene, &(struct texts){"G", "", NULL, NULL}), ROW_F8_NO_BASE, NULL, "G");
    scene->rules.body_to[SIDE_GITHUB] = true;
    scene->rules.body_to[SIDE_NOTION] = false;
    plan = decide(scene, &(struct texts){"G", "N", NULL, NULL});
    assert_writes(plan, ROW_F7_CONFLICT, "N", NULL);
    assert_int_equal(plan->winner, SIDE_NOTION);
    assert_writes(decide(scene, &(struct texts){"G", "", NULL, NULL}), ROW_F8_NO_BASE, NULL, NULL);
}

/* A failed write leaves the base, and the next pass looks again. */
static void
test_settle(void **state)
{
    struct scene *scene = *state;
    struct bodies it = see(scene, &(struct texts){"A", "B", "A", "A"});
    const struct item *item = scene_only_item(scene);
    struct issue answer = *it.issue;
    struct outcome outcome = {.issue = it.issue, .page = it.page};
    struct record *record;

    outcome.failed[SIDE_GITHUB] = true;
    record = reconcile_settle(item, &outcome, scene->arena);
    assert_int_equal(record->body.read_at, 0);
    assert_null(record->body.texts);
    assert_string_equal(value_of(&record->base[SIDE_NOTION], FIELD_BODY)->text,
                        notion_hash(scene->arena, "A"));
    outcome.failed[SIDE_GITHUB] = false;
    put_value(&answer.values, FIELD_BODY, value_text("B, as answered"));
    answer.body_hash = github_hash(scene->arena, "B, as answered");
    outcome.issue = &answer;
    record = reconcile_settle(item, &outcome, scene->arena);
    assert_int_equal(record->body.read_at, NOON + 5 * MINUTE);
    assert_string_equal(record->body.texts->base[SIDE_GITHUB], "B, as answered");
    assert_string_equal(record->body.texts->base[SIDE_NOTION], "B");
    assert_string_equal(value_of(&record->base[SIDE_GITHUB], FIELD_BODY)->text, answer.body_hash);
    assert_string_equal(value_of(&record->base[SIDE_NOTION], FIELD_BODY)->text,
                        notion_hash(scene->arena, "B"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_changes, begin, scene_delete),
        cmocka_unit_test_setup_teardown(test_carries, begin, scene_delete),
        cmocka_unit_test_setup_teardown(test_merges, begin, scene_delete),
        cmocka_unit_test_setup_teardown(test_meets, begin, scene_delete),
        cmocka_unit_test_setup_teardown(test_no_base_text, begin, scene_delete),
        cmocka_unit_test_setup_teardown(test_no_base, begin, scene_delete),
        cmocka_unit_test_setup_teardown(test_looks, begin, scene_delete),
        cmocka_unit_test_setup_teardown(test_wants_bodies, begin, scene_delete),
        cmocka_unit_test_setup_teardown(test_stays, begin, scene_delete),
        cmocka_unit_test_setup_teardown(test_partial, begin, scene_delete),
        cmocka_unit_test_setup_teardown(test_cut, begin, scene_delete),
        cmocka_unit_test_setup_teardown(test_one_way, begin, scene_delete),
        cmocka_unit_test_setup_teardown(test_settle, begin, scene_delete),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
