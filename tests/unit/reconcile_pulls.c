#include "reconcile_test.h"

#include "fields_test.h"
#include "reconcile/pull.h"

/* A pull request and its page, linked; by default the page was just set to Done. */
struct pull_case {
    enum pull_done rule;
    const char *github, *notion; /* now */
    const char *base_github, *base_notion;
    const char *tried_head, *tried_state; /* NULL: no merge was refused */
    const char *plan;
};

/* Nothing blocks the merge except what GitHub says. */
static const struct merge_facts good = {.head = HEAD_A, .author_writes = true};

static const struct item *
pull_item(struct scene *scene, const struct pull_case *it)
{
    struct issue *pull = test_pull(scene->arena, 5, "Title", it->github, HEAD_A, "BLOCKED");
    struct page *page = test_page(scene->arena, P1, 5, "Title", it->notion, "");
    struct record *record = test_record(scene->arena, pull, page);

    scene->rules.pull_request_done = it->rule;
    test_page_shows(page, pull);
    put_value(&record->base[SIDE_GITHUB], FIELD_STATUS, value_text(it->base_github));
    put_value(&record->base[SIDE_NOTION], FIELD_STATUS, value_text(it->base_notion));
    record_own_pulls(record, scene->arena)->tried_head = it->tried_head;
    record_own_pulls(record, scene->arena)->tried_state = it->tried_state;
    scene_see_record(scene, record);
    scene_see_issue(scene, pull);
    scene_see_page(scene, page);
    world_issue(scene->world, 5)->merge_facts = &good;
    scene_plan(scene);
    return scene->plan->items.len > 0 ? scene->plan->items.items[0] : NULL;
}

static void
test_done(void **state)
{
    static const struct pull_case cases[] = {
        {PULL_DONE_MERGE, STATUS_OPEN, "Done", STATUS_OPEN, "To do", NULL, NULL,
         "linked #5 1: merge say-merged write-page"},
        {PULL_DONE_CLOSE, STATUS_OPEN, "Done", STATUS_OPEN, "To do", NULL, NULL,
         "linked #5 1: say-status write-issue write-page"},
        {PULL_DONE_NONE, STATUS_OPEN, "Done", STATUS_OPEN, "To do", NULL, NULL, "linked #5 1:"},
        {PULL_DONE_NONE, STATUS_OPEN, "Done", STATUS_OPEN, "Done", NULL, NULL, ""},
        {PULL_DONE_MERGE, STATUS_CLOSED, "Doing", STATUS_CLOSED, "Done", NULL, NULL,
         "linked #5 1: say-status write-issue write-page"},
        {PULL_DONE_MERGE, STATUS_MERGED, "To do", STATUS_OPEN, "To do", NULL, NULL,
         "linked #5 1: write-page"},
        {PULL_DONE_MERGE, STATUS_MERGED, "Done", STATUS_OPEN, "To do", NULL, NULL, "linked #5 1:"},
        /* Refused before: not again until the head or what GitHub says of it is another. */
        {PULL_DONE_MERGE, STATUS_OPEN, "Done", STATUS_OPEN, "To do", HEAD_A, "BLOCKED",
         "linked #5 1:"},
        {PULL_DONE_MERGE, STATUS_OPEN, "Done", STATUS_OPEN, "To do", HEAD_B, "BLOCKED",
         "linked #5 1: merge say-merged write-page"},
        {PULL_DONE_MERGE, STATUS_OPEN, "Done", STATUS_OPEN, "To do", HEAD_A, "DIRTY",
         "linked #5 1: merge say-merged write-page"},
        {PULL_DONE_CLOSE, STATUS_OPEN, "Done", STATUS_OPEN, "To do", HEAD_A, "BLOCKED",
         "linked #5 1: say-status write-issue write-page"},
    };
    struct scene *scene = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        pull_item(scene, &cases[i]);
        if (strcmp(test_plan_text(scene->arena, scene->plan), cases[i].plan) != 0)
            fail_msg("case %zu: %s", i, test_plan_text(scene->arena, scene->plan));
        scene_clear(scene);
    }
}

/* What is never merged, whatever GitHub would allow. */
static void
test_obstacles(void **state)
{
    static const struct {
        struct pull pull;
        struct merge_facts facts;
        bool arms;
        const char *says; /* NULL: nothing blocks it */
    } cases[] = {
        {{.head_sha = HEAD_A}, {.head = HEAD_A, .author_writes = true}, false, NULL},
        {{.head_sha = HEAD_A, .draft = true},
         {.head = HEAD_A, .author_writes = true},
         false,
         "draft"},
        {{.head_sha = HEAD_A}, {.head = HEAD_B, .author_writes = true}, false, "moved"},
        {{.head_sha = HEAD_A}, {.head = HEAD_A}, false, "may not write"},
        {{.head_sha = HEAD_A}, {.head = HEAD_A, .approved = true}, false, NULL},
        {{.head_sha = HEAD_A},
         {.head = HEAD_A, .fork = true, .author_writes = true},
         false,
         "fork"},
        {{.head_sha = HEAD_A}, {.head = HEAD_A, .fork = true, .approved = true}, false, NULL},
        {{.head_sha = HEAD_A},
         {.head = HEAD_A, .author_writes = true, .changes_requested = true, .approved = true},
         true,
         "asks for changes"},
        {{.head_sha = HEAD_A},
         {.head = HEAD_A, .author_writes = true, .checks = CHECKS_RUN, .check = "ci"},
         false,
         "\"ci\" still runs"},
        {{.head_sha = HEAD_A},
         {.head = HEAD_A, .author_writes = true, .checks = CHECKS_RUN, .check = "ci"},
         true,
         NULL},
        {{.head_sha = HEAD_A},
         {.head = HEAD_A, .author_writes = true, .checks = CHECKS_FAIL, .check = "ci"},
         true,
         "\"ci\" fails"},
        {{.head_sha = HEAD_A, .merge_state = "UNSTABLE"},
         {.head = HEAD_A, .author_writes = true, .checks = CHECKS_HIDDEN},
         false,
         "UNSTABLE"},
        {{.head_sha = HEAD_A, .merge_state = "HAS_HOOKS"},
         {.head = HEAD_A, .author_writes = true, .checks = CHECKS_HIDDEN},
         false,
         NULL},
        {{.head_sha = HEAD_A},
         {.head = HEAD_A, .author_writes = true, .checks = CHECKS_HIDDEN},
         false,
         "checks: read"},
    };
    struct scene *scene = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *says =
            pull_obstacle(&cases[i].pull, &cases[i].facts, cases[i].arms, scene->arena);

        if ((says == NULL) != (cases[i].says == NULL) ||
            (says != NULL && strstr(says, cases[i].says) == NULL))
            fail_msg("case %zu: %s", i, says != NULL ? says : "(nothing)");
    }
}

/* A refused merge stays on the list of what is looked at again, and costs no write. */
static void
test_refused_before(void **state)
{
    static const struct pull_case it = {PULL_DONE_MERGE, STATUS_OPEN, "Done",    STATUS_OPEN,
                                        "To do",         HEAD_A,      "BLOCKED", NULL};
    struct scene *scene = *state;
    const struct item *item = pull_item(scene, &it);

    assert_int_equal(item->again, AGAIN_MERGE);
    assert_false(item->saves);
    assert_note(item, "nothing has changed since");
    assert_false(plan_writes(scene->plan));
}

/* Done was set while it did nothing: that is no wish to merge now, and the run says so. */
static void
test_done_before_it_counted(void **state)
{
    static const enum pull_done rules[] = {PULL_DONE_MERGE, PULL_DONE_AUTO_MERGE, PULL_DONE_CLOSE};
    struct scene *scene = *state;

    for (size_t i = 0; i < COUNT(rules); i++) {
        const struct pull_case it = {rules[i], STATUS_OPEN, "Done", STATUS_OPEN,
                                     "Done",   NULL,        NULL,   NULL};
        const struct item *item = pull_item(scene, &it);

        assert_non_null(item);
        assert_note(item, "to done again after the next run");
        assert_false(plan_writes(scene->plan));
        scene_clear(scene);
    }
}

/* A page that is linked while it says Done was never seen open, so it is set back, also if the
 * status goes to GitHub only. If it goes to Notion only, Done is no wish for a merge: it is
 * replaced and quoted. */
static void
test_done_when_linked(void **state)
{
    static const struct {
        enum direction direction;
        const char *plan;
    } cases[] = {
        {BOTH_WAYS, "E4 #5 1: say-void write-page"},
        {TO_GITHUB, "E4 #5 1: say-void write-page"},
        {TO_NOTION, "E4 #5 1: say-conflict write-page"},
    };
    struct scene *scene = *state;

    scene->rules.pull_request_done = PULL_DONE_MERGE;
    scene->rules.pull_requests = PULLS_LINKED;
    for (size_t i = 0; i < COUNT(cases); i++) {
        scene->rules.direction[FIELD_STATUS] = cases[i].direction;
        scene_see_issue(scene, test_pull(scene->arena, 5, "Title", STATUS_OPEN, HEAD_A, "CLEAN"));
        scene_see_page(scene, test_page(scene->arena, P1, 5, "Title", "Done", ""));
        assert_plan(scene, cases[i].plan);
        scene_clear(scene);
    }
}

/* A merged pull request cannot be reopened: reported once, and then in sync. */
static void
test_merged_stays_merged(void **state)
{
    static const struct pull_case it = {PULL_DONE_MERGE, STATUS_MERGED, "Doing", STATUS_MERGED,
                                        "Done",          NULL,          NULL,    NULL};
    struct scene *scene = *state;
    const struct item *item = pull_item(scene, &it);
    const struct outcome outcome = {.issue = item->issue, .page = item->page};
    const struct record *record;

    assert_string_equal(test_item_text(scene->arena, item), "linked #5 1:");
    assert_note(item, "cannot be reopened");
    assert_true(item->saves);
    record = reconcile_settle(item, &outcome, scene->arena);
    scene_clear(scene);
    scene_see_record(scene, record);
    scene_see_issue(scene, item->issue);
    scene_see_page(scene, item->page);
    assert_plan(scene, "");
}

/* After a refusal the page keeps asking, whichever side is newer by then and whatever it had won
 * against. */
static void
test_refusal_is_settled(void **state)
{
    static const struct pull_case cases[] = {
        {PULL_DONE_MERGE, STATUS_OPEN, "Done", STATUS_OPEN, "Doing", NULL, NULL, "Doing"},
        {PULL_DONE_MERGE, STATUS_OPEN, "Done", STATUS_CLOSED, "Shipped", NULL, NULL, "To do"},
    };
    struct scene *scene = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct outcome outcome = {.tried_head = HEAD_A, .tried_state = "BLOCKED"};
        const struct record *record;
        const struct item *item;
        struct issue *commented;

        scene->rules.on_conflict = POLICY_NOTION;
        item = pull_item(scene, &cases[i]);
        outcome.issue = item->issue;
        outcome.page = item->page;
        record = reconcile_settle(item, &outcome, scene->arena);
        assert_string_equal(record->pulls->tried_head, HEAD_A);
        assert_string_equal(record->pulls->tried_state, "BLOCKED");
        assert_string_equal(value_of(&record->base[SIDE_GITHUB], FIELD_STATUS)->text, STATUS_OPEN);
        assert_string_equal(value_of(&record->base[SIDE_NOTION], FIELD_STATUS)->text,
                            cases[i].plan);

        commented = arena_memdup(scene->arena, item->issue, sizeof(*commented));
        commented->updated_at += 3600000;
        scene_clear(scene);
        scene->rules.on_conflict = POLICY_NEWEST;
        scene_see_record(scene, record);
        scene_see_issue(scene, commented);
        scene_see_page(scene, item->page);
        assert_plan(scene, "linked #5 1:");
        assert_int_equal(scene->plan->items.items[0]->again, AGAIN_MERGE);
        assert_false(plan_writes(scene->plan));
        scene_clear(scene);
    }
}

/* What a merge that is not tried again cannot overwrite is no conflict. */
static void
test_no_conflict_without_a_write(void **state)
{
    static const enum pull_done rules[] = {PULL_DONE_MERGE, PULL_DONE_NONE};
    struct scene *scene = *state;

    scene->rules.on_conflict = POLICY_NOTION;
    for (size_t i = 0; i < COUNT(rules); i++) {
        const struct pull_case it = {rules[i],  STATUS_OPEN, "Done",    STATUS_CLOSED,
                                     "Shipped", HEAD_A,      "BLOCKED", NULL};

        assert_string_equal(test_item_text(scene->arena, pull_item(scene, &it)), "linked #5 1:");
        assert_false(scene->plan->items.items[0]->fields[FIELD_STATUS].conflict);
        scene_clear(scene);
    }
}

/* The merge was done by a pass that died before it could say so. */
static void
test_merge_told_after_crash(void **state)
{
    static const struct own_comment told = {
        .id = 9, .marker = "merged page=" P1 " head=" HEAD_A, .created_at = NOON, .counts = true};
    struct scene *scene = *state;

    for (int i = 0; i < 3; i++) {
        struct issue *pull = test_pull(scene->arena, 5, "Title", STATUS_OPEN, HEAD_A, "CLEAN");
        struct page *page = test_page(scene->arena, P1, 5, "Title", "To do", "");
        struct record *record = test_record(scene->arena, pull, page);

        put_value(&pull->values, FIELD_STATUS, value_text(STATUS_MERGED));
        put_pull(pull, (struct pull){.head_sha = HEAD_A,
                                     .base = "main",
                                     .merge_state = "CLEAN",
                                     .merged = true,
                                     .merged_by_viewer = i != 0});
        put_value(&page->values, FIELD_STATUS, value_text("Done"));
        test_page_shows(page, pull);
        scene_see_record(scene, record);
        scene_see_issue(scene, pull);
        scene_see_page(scene, page);
        scene_see_comments(scene, 5, &told, i == 2);
        assert_plan(scene, i == 1 ? "linked #5 1: say-merged" : "linked #5 1:");
        scene_clear(scene);
    }
}

#define PULL_TEST(test) cmocka_unit_test_setup_teardown(test, scene_make, scene_delete)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        PULL_TEST(test_done),
        PULL_TEST(test_obstacles),
        PULL_TEST(test_refused_before),
        PULL_TEST(test_done_before_it_counted),
        PULL_TEST(test_done_when_linked),
        PULL_TEST(test_merged_stays_merged),
        PULL_TEST(test_refusal_is_settled),
        PULL_TEST(test_no_conflict_without_a_write),
        PULL_TEST(test_merge_told_after_crash),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
