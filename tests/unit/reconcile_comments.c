#include "fields_test.h"
#include "model/sealed.h"
#include "reconcile/comment.h"
#include "reconcile_test.h"

/* Which comments are planned, and which are known to be there already. */

#define COMMENT(text, at)                                                \
    {                                                                    \
        .id = (at), .marker = (text), .created_at = (at), .counts = true \
    }

static struct item *
plain_item(struct scene *scene)
{
    struct item *item = arena_alloc(scene->arena, sizeof(*item));
    struct issue *issue = test_pull(scene->arena, 5, "Title", STATUS_OPEN, HEAD_A, "CLEAN");

    issue->state_changed_at = 100;
    *item = (struct item){
        .row = ROW_LINKED,
        .number = 5,
        .page_id = P1,
        .issue = issue,
        .page = test_page(scene->arena, P1, 5, "Other", "Done", ""),
    };
    test_item_room(item, &scene->rules, scene->arena);
    item->fields[FIELD_STATUS].value[SIDE_GITHUB] = value_text(STATUS_CLOSED);
    return item;
}

static void
test_markers(void **state)
{
    static const struct {
        enum comment_kind kind;
        const char *marker;
    } cases[] = {
        {COMMENT_LINK, "page=" P1},
        {COMMENT_STATUS, "closed page=" P1},
        {COMMENT_MERGED, "merged page=" P1 " head=" HEAD_A},
        {COMMENT_REFUSED, "refused page=" P1 " head=" HEAD_A},
        {COMMENT_ENDED, "ended page=" P1},
    };
    struct scene *scene = *state;
    struct item *item = plain_item(scene);

    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(comment_marker(item, item->page_id, cases[i].kind, scene->arena),
                            cases[i].marker);
    item->fields[FIELD_STATUS].value[SIDE_GITHUB] = value_text(STATUS_OPEN);
    assert_string_equal(comment_marker(item, item->page_id, COMMENT_STATUS, scene->arena),
                        "reopened page=" P1);
}

/* A conflict's marker depends on its values, and fields that are in no conflict do not count. */
static void
test_conflict_markers(void **state)
{
    struct scene *scene = *state;
    struct item *item = plain_item(scene);
    struct issue *issue = arena_memdup(scene->arena, item->issue, sizeof(*issue));
    const char *title;
    const char *both;

    item->issue = issue;
    item->fields[FIELD_TITLE].conflict = true;
    title = comment_marker(item, item->page_id, COMMENT_CONFLICT, scene->arena);
    assert_non_null(strstr(title, "conflict page=" P1 " values="));
    put_value(&issue->values, FIELD_LABELS, test_set(scene->arena, "bug"));
    assert_string_equal(comment_marker(item, item->page_id, COMMENT_CONFLICT, scene->arena), title);
    item->fields[FIELD_STATUS].conflict = true;
    both = comment_marker(item, item->page_id, COMMENT_CONFLICT, scene->arena);
    assert_string_not_equal(both, title);
    put_value(&issue->values, FIELD_TITLE, value_text("Titl"));
    assert_string_not_equal(comment_marker(item, item->page_id, COMMENT_CONFLICT, scene->arena),
                            both);
}

static const char *
digest_with_key(const struct sealing *sealing, int64_t number, enum field field, const char *text,
                struct arena *arena)
{
    (void)sealing, (void)number, (void)field;
    return arena_printf(arena, SEALED_MARK "of-a-secret-key-%s", text);
}

/* The marker is on GitHub: an option that may not go there cannot be guessed from it. */
static void
test_secret_conflict_markers(void **state)
{
    struct scene *scene = *state;
    struct item *item = plain_item(scene);
    struct rules *rules = arena_memdup(scene->arena, &scene->rules, sizeof(*rules));
    const char *plain;

    item->rules = rules;
    item->fields[FIELD_STATUS].conflict = true;
    item->fields[FIELD_STATUS].winner = SIDE_NOTION;
    plain = comment_values(item, field_set_of(FIELD_STATUS), scene->arena);
    rules->digest = digest_with_key;
    assert_string_equal(comment_values(item, field_set_of(FIELD_STATUS), scene->arena), plain);
    rules->secret[FIELD_STATUS] = true;
    assert_string_equal(comment_values(item, field_set_of(FIELD_STATUS), scene->arena),
                        "of-a-secret-key-");
}

static void
test_find(void **state)
{
    static const struct {
        enum comment_kind kind;
        struct own_comment comments[3];
        int64_t found;
    } cases[] = {
        {COMMENT_LINK, {COMMENT("page=" P1, 50)}, 50},
        {COMMENT_LINK, {COMMENT("page=" P2, 50)}, 0},
        {COMMENT_LINK, {COMMENT("page=" P1 " head=x", 50)}, 0},
        {COMMENT_LINK, {{.id = 50, .marker = "page=" P1, .edited = true}}, 0},
        {COMMENT_LINK, {COMMENT("page=" P1, 50), COMMENT("ended page=" P1, 60)}, 0},
        {COMMENT_LINK, {COMMENT("page=" P1, 50), COMMENT("ended page=" P2, 60)}, 50},
        {COMMENT_LINK,
         {COMMENT("page=" P1, 50), COMMENT("ended page=" P1, 60), COMMENT("page=" P1, 70)},
         70},
        {COMMENT_LINK,
         {COMMENT("page=" P1, 50), {.id = 60, .marker = "ended page=" P1, .edited = true}},
         50},
        {COMMENT_ENDED, {COMMENT("ended page=" P1, 60)}, 60},
        {COMMENT_ENDED, {COMMENT("ended page=" P1, 60), COMMENT("page=" P1, 70)}, 0},
        {COMMENT_ENDED, {COMMENT("page=" P1, 50)}, 0},
        /* A comment on a change of state counts until the next one (at 100). */
        {COMMENT_STATUS, {COMMENT("closed page=" P1, 99)}, 0},
        {COMMENT_STATUS, {COMMENT("closed page=" P1, 100)}, 100},
        {COMMENT_STATUS, {COMMENT("closed page=" P1, 120)}, 120},
        {COMMENT_STATUS, {COMMENT("reopened page=" P1, 120)}, 0},
        {COMMENT_STATUS,
         {{.id = 120, .marker = "closed page=" P1, .created_at = 120, .edited = true}},
         0},
        {COMMENT_MERGED, {COMMENT("merged page=" P1 " head=" HEAD_A, 5)}, 5},
        {COMMENT_MERGED, {COMMENT("merged page=" P1 " head=" HEAD_B, 5)}, 0},
        {COMMENT_REFUSED, {COMMENT("refused page=" P1 " head=" HEAD_A, 5)}, 5},
        {COMMENT_REFUSED, {COMMENT("refused page=" P1 " head=" HEAD_B, 5)}, 0},
    };
    struct scene *scene = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct item *item = plain_item(scene);
        const struct own_comment *found;

        item->comments = cases[i].comments;
        while (item->n_comments < 3 && cases[i].comments[item->n_comments].marker != NULL)
            item->n_comments++;
        found = comment_find(item, cases[i].kind, scene->arena);
        if ((found != NULL ? found->id : 0) != cases[i].found)
            fail_msg("case %zu: %d", i, found != NULL ? (int)found->id : 0);
    }
}

/* Exactly once: a change that was announced before the pass died is made, but not announced again.
 */
static void
test_told_before_the_crash(void **state)
{
    static const struct own_comment told = COMMENT("closed page=" P1, NOON + 60000);
    struct scene *scene = *state;

    for (int i = 0; i < 3; i++) {
        struct issue *issue = test_issue(scene->arena, 5, "Title", STATUS_OPEN, "");
        struct page *page = test_page(scene->arena, P1, 5, "Title", "To do", "");
        struct record *record = test_record(scene->arena, issue, page);

        test_page_shows(page, issue);
        put_value(&page->values, FIELD_STATUS, value_text("Done"));
        issue->comments = i > 0;
        /* Reopened since the comment: that one was about an earlier closing. */
        issue->state_changed_at = i == 2 ? NOON + 120000 : NOON;
        record->state_seen = issue->state_changed_at;
        scene_see_record(scene, record);
        scene_see_issue(scene, issue);
        scene_see_page(scene, page);
        scene_see_comments(scene, 5, &told, i > 0);
        assert_plan(scene, i == 1 ? "linked #5 1: write-issue write-page"
                                  : "linked #5 1: say-status write-issue write-page");
        scene_clear(scene);
    }
}

static void
see_linked(struct scene *scene, int64_t number, int64_t link_comment, bool changed, bool created)
{
    const char *id = arena_printf(scene->arena, "%08d-0000-4000-8000-000000000000", (int)number);
    struct issue *issue = test_issue(scene->arena, number, "Title", STATUS_OPEN, "");
    struct page *page = test_page(scene->arena, id, number, "Title", "To do", "");
    struct record *record = test_record(scene->arena, issue, page);

    record->link_comment = link_comment;
    test_page_shows(page, issue);
    issue->own = created;
    issue->marker = created ? id : NULL;
    if (changed)
        put_value(&page->values, FIELD_TITLE, value_text("Other"));
    scene_see_record(scene, record);
    scene_see_issue(scene, issue);
    scene_see_page(scene, page);
}

static void
test_link_comments(void **state)
{
    static const struct {
        enum link_comments rule;
        int64_t made;
        bool changed, created, says;
    } cases[] = {
        {LINK_COMMENTS_ALL, 0, false, false, true},
        {LINK_COMMENTS_ALL, 7, false, false, false},
        {LINK_COMMENTS_CREATED, 0, false, false, false},
        {LINK_COMMENTS_CREATED, 0, true, false, true},
        {LINK_COMMENTS_CREATED, 7, true, false, false},
        {LINK_COMMENTS_CREATED, 0, false, true, true},
        {LINK_COMMENTS_NONE, 0, true, true, false},
    };
    struct scene *scene = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        scene->rules.link_comments = cases[i].rule;
        see_linked(scene, 5, cases[i].made, cases[i].changed, cases[i].created);
        if ((strstr(test_plan_text(scene->arena, scene_plan(scene)), "say-link") != NULL) !=
            cases[i].says)
            fail_msg("case %zu", i);
        scene_clear(scene);
    }
}

/* What only goes to Notion is no reason to comment on the issue. */
static void
test_link_comment_not_for_pages(void **state)
{
    struct scene *scene = *state;
    struct issue *issue = test_issue(scene->arena, 5, "Title", STATUS_OPEN, "");
    struct page *page = test_page(scene->arena, P1, 5, "Title", "To do", "");
    struct record *record = test_record(scene->arena, issue, page);

    scene->rules.link_comments = LINK_COMMENTS_CREATED;
    record->link_comment = 0;
    put_value(&issue->values, FIELD_TITLE, value_text("Other"));
    scene_see_record(scene, record);
    scene_see_issue(scene, issue);
    scene_see_page(scene, page);
    assert_plan(scene, "linked #5 1: write-page");
}

/* One that is there but was never recorded is recorded, and not made again. */
static void
test_link_comment_found(void **state)
{
    static const struct own_comment there = COMMENT("page=00000005-0000-4000-8000-000000000000", 7);
    struct scene *scene = *state;

    scene->rules.link_comments = LINK_COMMENTS_ALL;
    see_linked(scene, 5, 0, false, false);
    scene_see_comments(scene, 5, &there, 1);
    assert_plan(scene, "linked #5 0:");
    assert_true(scene->plan->items.items[0]->saves);
    assert_int_equal(scene->plan->items.items[0]->link_comment, 7);
}

/* At most 60 a pass, the newest first; what is left is due, also when an item is decided again. */
static void
test_link_comments_limit(void **state)
{
    struct scene *scene = *state;
    size_t said = 0;
    const struct plan *plan;

    scene->rules.link_comments = LINK_COMMENTS_ALL;
    for (int64_t number = 1; number <= 70; number++)
        see_linked(scene, number, 0, number % 2 == 0, false);
    plan = scene_plan(scene);
    assert_int_equal(plan->items.len, 70);
    for (size_t i = 0; i < plan->items.len; i++) {
        const struct item *item = plan->items.items[i];
        const struct item *again =
            reconcile_again(item, item->issue, item->page, &scene->rules, scene->arena);
        bool says = strstr(test_item_text(scene->arena, item), "say-link") != NULL;

        assert_int_equal(item->number, i + 1);
        assert_int_equal(says, item->number > 10);
        assert_int_equal(item->again, says ? AGAIN_NO : AGAIN_COMMENT);
        assert_string_equal(test_item_text(scene->arena, again),
                            test_item_text(scene->arena, item));
        assert_int_equal(again->again, item->again);
        said += says;
    }
    assert_int_equal(said, 60);
}

/* What comes after the page was written changes its columns; a page of no such column is not
 * written twice. */
static void
test_shows_last(void **state)
{
    struct scene *scene = *state;
    const struct item *item;

    scene->rules.link_comments = LINK_COMMENTS_ALL;
    scene->rules.on[FIELD_COMMENTS] = true;
    for (int64_t number = 1; number <= 61; number++)
        see_linked(scene, number, 0, number % 2 == 0, false);
    scene_plan(scene);
    item = scene->plan->items.items[60];
    assert_non_null(strstr(test_item_text(scene->arena, item), "say-link show-page"));
    item = scene->plan->items.items[0];
    assert_null(strstr(test_item_text(scene->arena, item), "show-page"));
}

/* Pages that become issues are the newest of all. */
static void
test_limit_favours_new_issues(void **state)
{
    struct scene *scene = *state;

    scene->rules.link_comments = LINK_COMMENTS_ALL;
    for (int64_t number = 1; number <= 60; number++)
        see_linked(scene, number, 0, false, false);
    scene_see_page(scene, test_page(scene->arena, P1, 0, "New", "To do", ""));
    scene_plan(scene);
    assert_string_equal(test_item_text(scene->arena, scene->plan->items.items[60]),
                        "E1 #0 1: create-issue write-page say-link");
    assert_int_equal(scene->plan->items.items[0]->again, AGAIN_COMMENT);
    assert_int_equal(scene->plan->items.items[1]->again, AGAIN_NO);
}

/* Decided again: what has changed since is taken up, what was asked for first is not forgotten. */
static void
test_decided_again(void **state)
{
    struct scene *scene = *state;
    const struct item *item;
    const struct item *again;
    struct issue *issue;

    see_linked(scene, 5, 7, true, false);
    item = scene_only_item(scene);
    assert_string_equal(test_item_text(scene->arena, item), "linked #5 0: write-issue");
    issue = arena_memdup(scene->arena, item->issue, sizeof(*issue));
    put_value(&issue->values, FIELD_TITLE, value_text("Third"));
    again = reconcile_again(item, issue, item->page, &scene->rules, scene->arena);
    assert_string_equal(test_item_text(scene->arena, again),
                        "linked #5 0: say-conflict write-page");
    put_value(&issue->values, FIELD_TITLE, value_text("Other"));
    again = reconcile_again(item, issue, item->page, &scene->rules, scene->arena);
    assert_string_equal(test_item_text(scene->arena, again), "linked #5 0:");
    assert_true(again->saves);
}

/* What the record knows counts without a tag, unless somebody edited it; nothing else does. */
static void
test_vouched(void **state)
{
    static const struct {
        int64_t id;
        const char *marker;
        bool edited, ended, counts;
    } rows[] = {
        {7, "page=" P1, false, false, true},
        {7, "page=" P1, true, false, false},
        {7, "page=" P2, false, false, false},
        {8, "page=" P1, false, false, false},
        {8, "ended page=" P1, false, true, true},
        {8, "ended page=" P1, false, false, false},
        {8, "ended page=" P2, false, true, false},
        {8, "refused page=" P1 " head=abc", false, false, true},
        {8, "refused page=" P1 " head=abd", false, false, false},
        {8, "closed page=" P1, false, false, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct own_comment comment = {
            .id = rows[i].id, .marker = rows[i].marker, .edited = rows[i].edited};
        const struct record record = {.page_id = P1,
                                      .link_comment = 7,
                                      .tombstone = rows[i].ended,
                                      .pulls = &(struct pull_record){.tried_head = "abc"}};

        comments_vouch(&comment, 1, &record);
        if (comment.counts != rows[i].counts)
            fail_msg("row %zu: %s", i, rows[i].marker);
    }
}

#define COMMENT_TEST(test) cmocka_unit_test_setup_teardown(test, scene_make, scene_delete)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vouched),
        COMMENT_TEST(test_markers),
        COMMENT_TEST(test_conflict_markers),
        COMMENT_TEST(test_secret_conflict_markers),
        COMMENT_TEST(test_find),
        COMMENT_TEST(test_told_before_the_crash),
        COMMENT_TEST(test_link_comments),
        COMMENT_TEST(test_link_comment_not_for_pages),
        COMMENT_TEST(test_link_comment_found),
        COMMENT_TEST(test_link_comments_limit),
        COMMENT_TEST(test_shows_last),
        COMMENT_TEST(test_limit_favours_new_issues),
        COMMENT_TEST(test_decided_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
