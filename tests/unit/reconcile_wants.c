#include "reconcile_test.h"

/* What a pass asks for that read only what changed. Each test knows the truth, sees a part of it,
 * and answers what is asked round by round; "details 5 | lookups 5" are two rounds. */
struct truth {
    const struct issue *issues[3];
    const struct page *pages[3];
    const struct record *records[3];
    struct own_comment comment; /* on the first issue, if it has a marker */
};

static const struct issue *
true_issue(const struct truth *truth, int64_t number)
{
    for (size_t i = 0; i < 3; i++)
        if (truth->issues[i] != NULL && truth->issues[i]->number == number)
            return truth->issues[i];
    return NULL;
}

static const struct record *
true_record(const struct truth *truth, int64_t number)
{
    for (size_t i = 0; i < 3; i++)
        if (truth->records[i] != NULL && truth->records[i]->number == number)
            return truth->records[i];
    return NULL;
}

static void
answer_number(struct scene *scene, const struct truth *truth, int64_t number)
{
    struct issue_entry *entry = world_issue(scene->world, number);

    if (true_issue(truth, number) != NULL)
        world_see_issue(scene->world, true_issue(truth, number));
    else if (entry->sight == SIGHT_UNREAD)
        entry->sight = SIGHT_MISSING;
    world_see_record(scene->world, number, true_record(truth, number));
}

static void
answer_lookup(struct scene *scene, const struct truth *truth, int64_t number)
{
    for (size_t i = 0; i < 3; i++) {
        struct page *page;

        if (truth->pages[i] == NULL || truth->pages[i]->number != number || truth->pages[i]->gone)
            continue;
        page = arena_memdup(scene->arena, truth->pages[i], sizeof(*page));
        page->direct = false;
        world_see_page(scene->world, page);
    }
    world_issue(scene->world, number)->looked_up = true;
}

static void
answer_page(struct scene *scene, const struct truth *truth, const char *id)
{
    world_miss_page(scene->world, id);
    for (size_t i = 0; i < 3; i++)
        if (truth->pages[i] != NULL && strcmp(truth->pages[i]->id, id) == 0)
            world_see_page(scene->world, truth->pages[i]);
}

static void
answer_index(struct scene *scene, const struct truth *truth, const char *id)
{
    struct page_entry *entry = world_page(scene->world, id);

    entry->index_read = true;
    for (size_t i = 0; i < 3; i++)
        if (truth->records[i] != NULL && strcmp(truth->records[i]->page_id, id) == 0)
            entry->linked = truth->records[i]->number;
}

static void
answer(struct scene *scene, const struct truth *truth, const struct missing *missing)
{
    for (size_t i = 0; i < missing->details.len; i++)
        answer_number(scene, truth, missing->details.items[i]);
    for (size_t i = 0; i < missing->lookups.len; i++)
        answer_lookup(scene, truth, missing->lookups.items[i]);
    for (size_t i = 0; i < missing->probes.len; i++)
        world_issue(scene->world, missing->probes.items[i])->sight = SIGHT_GONE;
    for (size_t i = 0; i < missing->comments.len; i++)
        scene_see_comments(scene, missing->comments.items[i], &truth->comment,
                           truth->comment.marker != NULL);
    for (size_t i = 0; i < missing->pages.len; i++)
        answer_page(scene, truth, missing->pages.items[i]);
    for (size_t i = 0; i < missing->indexes.len; i++)
        answer_index(scene, truth, missing->indexes.items[i]);
}

static char *
numbers_text(struct arena *arena, char *text, const char *name, const struct number_list *list)
{
    for (size_t i = 0; i < list->len; i++)
        text = arena_printf(arena, "%s%s%s %d", text, *text != '\0' ? " " : "", name,
                            (int)list->items[i]);
    return text;
}

static char *
ids_text(struct arena *arena, char *text, const char *name, const struct id_list *list)
{
    for (size_t i = 0; i < list->len; i++)
        text = arena_printf(arena, "%s%s%s P%.1s", text, *text != '\0' ? " " : "", name,
                            list->items[i]);
    return text;
}

static char *
wants_text(struct arena *arena, const struct missing *missing)
{
    char *text = arena_strdup(arena, "");

    text = numbers_text(arena, text, "details", &missing->details);
    text = numbers_text(arena, text, "lookups", &missing->lookups);
    text = numbers_text(arena, text, "comments", &missing->comments);
    text = numbers_text(arena, text, "probes", &missing->probes);
    text = numbers_text(arena, text, "changes", &missing->changes);
    text = ids_text(arena, text, "pages", &missing->pages);
    return ids_text(arena, text, "indexes", &missing->indexes);
}

/* Asks until nothing is wanted, and checks the rounds and the plan that follows. */
static void
assert_asks(struct scene *scene, const struct truth *truth, const char *rounds, const char *plan)
{
    char *asked = arena_strdup(scene->arena, "");
    struct missing missing;

    for (int round = 0; reconcile_plan(scene->world, &scene->rules, &missing, scene->arena) == NULL;
         round++) {
        struct missing repeated;
        char *text = wants_text(scene->arena, &missing);

        assert_true(round < 8);
        assert_null(reconcile_plan(scene->world, &scene->rules, &repeated, scene->arena));
        assert_string_equal(wants_text(scene->arena, &repeated), text);
        missing_free(&repeated);
        asked = arena_printf(scene->arena, "%s%s%s", asked, round > 0 ? " | " : "", text);
        answer(scene, truth, &missing);
        world_hide_changes(scene->world, &missing.changes);
        missing_free(&missing);
    }
    missing_free(&missing);
    assert_string_equal(asked, rounds);
    assert_plan(scene, plan);
    scene_clear(scene);
}

static int
wants_make(void **state)
{
    struct scene *scene;

    if (scene_make(state) != 0)
        return -1;
    scene = *state;
    scene->rules.pages_complete = scene->rules.records_complete = false;
    return 0;
}

/* Issue 5 and page 1 agree and are recorded. */
static struct truth
linked_truth(struct scene *scene)
{
    struct issue *issue = test_issue(scene->arena, 5, "Title", STATUS_OPEN, "");
    struct page *page = test_page(scene->arena, P1, 5, "Title", "To do", "");

    test_page_shows(page, issue);
    return (struct truth){
        .issues = {issue}, .pages = {page}, .records = {test_record(scene->arena, issue, page)}};
}

static void
focus_issue(struct scene *scene, const struct issue *issue)
{
    world_see_issue(scene->world, issue);
    world_issue(scene->world, issue->number)->focus = true;
}

static void
focus_page(struct scene *scene, const struct page *page)
{
    struct page *seen = arena_memdup(scene->arena, page, sizeof(*seen));

    seen->direct = false;
    world_see_page(scene->world, seen);
    world_page(scene->world, page->id)->focus = true;
}

static void
test_linked(void **state)
{
    struct scene *scene = *state;
    const struct truth truth = linked_truth(scene);

    focus_issue(scene, truth.issues[0]);
    assert_asks(scene, &truth, "details 5 | lookups 5", "");
    focus_page(scene, truth.pages[0]);
    assert_asks(scene, &truth, "details 5", "");
    focus_issue(scene, truth.issues[0]);
    focus_page(scene, truth.pages[0]);
    assert_asks(scene, &truth, "details 5", "");
    /* Named by an event. */
    world_issue(scene->world, 5)->focus = true;
    assert_asks(scene, &truth, "details 5 | lookups 5", "");
    world_page(scene->world, P1)->focus = true;
    assert_asks(scene, &truth, "pages P1 | details 5", "");
}

static void
test_new_ones(void **state)
{
    struct scene *scene = *state;
    struct issue *issue = test_issue(scene->arena, 8, "Title", STATUS_OPEN, "");
    const struct page *page = test_page(scene->arena, P2, 0, "New", "To do", "");
    const struct truth truth = {.issues = {issue}, .pages = {page}};

    focus_page(scene, page);
    assert_asks(scene, &truth, "indexes P2", "E1 #0 2: create-issue write-page");
    focus_issue(scene, issue);
    assert_asks(scene, &truth, "details 8 | lookups 8", "E3 #8 -: create-page");
    /* What anybody wrote there may be the link comment. */
    issue->comments = 3;
    focus_issue(scene, issue);
    assert_asks(scene, &truth, "details 8 | comments 8 | lookups 8", "E3 #8 -: create-page");
    put_value(&issue->values, FIELD_STATUS, value_text(STATUS_CLOSED));
    issue->comments = 0;
    focus_issue(scene, issue);
    assert_asks(scene, &truth, "details 8", "");
}

/* A page found by its number is linked, not created. */
static void
test_lookup_finds_page(void **state)
{
    struct scene *scene = *state;
    struct truth truth = linked_truth(scene);

    truth.records[0] = NULL;
    focus_issue(scene, truth.issues[0]);
    assert_asks(scene, &truth, "details 5 | lookups 5", "E4 #5 1:");
}

static void
test_gone_only_when_asked(void **state)
{
    struct scene *scene = *state;
    struct truth truth = linked_truth(scene);
    struct issue *issue = arena_memdup(scene->arena, truth.issues[0], sizeof(*issue));
    struct page *page = arena_memdup(scene->arena, truth.pages[0], sizeof(*page));

    /* Comments are read before one is made: it may be there already. */
    page->gone = true;
    issue->comments = 1;
    truth.pages[0] = page;
    truth.issues[0] = issue;
    focus_issue(scene, issue);
    assert_asks(scene, &truth, "details 5 | lookups 5 | pages P1 | comments 5",
                "E8 #5 1: say-ended");
    truth.comment = (struct own_comment){.id = 3, .marker = "ended page=" P1, .counts = true};
    focus_issue(scene, issue);
    assert_asks(scene, &truth, "details 5 | lookups 5 | pages P1 | comments 5", "E8 #5 1:");
    truth.pages[0] = NULL;
    truth.comment.marker = NULL;
    focus_issue(scene, issue);
    assert_asks(scene, &truth, "details 5 | lookups 5 | pages P1 | comments 5",
                "E8 #5 1: say-ended");

    truth = linked_truth(scene);
    truth.issues[0] = NULL;
    focus_page(scene, truth.pages[0]);
    assert_asks(scene, &truth, "details 5 | probes 5", "E9 #5 1: clear-number");
    world_issue(scene->world, 5)->focus = true;
    assert_asks(scene, &truth, "details 5 | probes 5 | lookups 5", "E9 #5 1: clear-number");
}

/* A query may lag behind a number that was just written: only the page itself says that it was
 * taken away. */
static void
test_number_lags(void **state)
{
    struct scene *scene = *state;
    struct truth truth = linked_truth(scene);
    struct page *stale = arena_memdup(scene->arena, truth.pages[0], sizeof(*stale));

    stale->number = 0;
    focus_page(scene, stale);
    assert_asks(scene, &truth, "indexes P1 | details 5 | pages P1", "");
    truth.pages[0] = stale;
    focus_page(scene, stale);
    assert_asks(scene, &truth, "indexes P1 | details 5 | pages P1 | lookups 5",
                "E10 #5 1: say-ended");
}

/* The row may be one from before the base was taken: what looks like an edit there is looked at
 * again. */
static void
test_row_lags(void **state)
{
    static const struct {
        int64_t edited, asked; /* the row's last edit, and when it was asked for, since the base */
        const char *title, *rounds, *plan;
    } cases[] = {
        {0, 60000, "Before", "details 5 | pages P1", ""},
        {-60000, 60000, "Before", "details 5 | pages P1", ""},
        {0, 60000, "Title", "details 5", ""},
        {60000, 60000, "Edited", "details 5", "linked #5 1: write-issue"},
        {0, 3600000, "Edited", "details 5", "linked #5 1: write-issue"},
    };
    struct scene *scene = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct truth truth = linked_truth(scene);
        struct record *record = arena_memdup(scene->arena, truth.records[0], sizeof(*record));
        struct page *row = arena_memdup(scene->arena, truth.pages[0], sizeof(*row));

        record->page_edited = NOON;
        truth.records[0] = record;
        row->edited_at = NOON + cases[i].edited;
        put_value(&row->values, FIELD_TITLE, value_text(cases[i].title));
        scene->rules.notion_time = NOON + cases[i].asked;
        focus_page(scene, row);
        assert_asks(scene, &truth, cases[i].rounds, cases[i].plan);
    }
}

/* A row that still shows the number of a link that was ended is no new link. */
static void
test_ended_link_lags(void **state)
{
    struct scene *scene = *state;
    struct truth truth = linked_truth(scene);
    struct record *ended = arena_memdup(scene->arena, truth.records[0], sizeof(*ended));
    const struct page *row = truth.pages[0];
    struct page *page = arena_memdup(scene->arena, row, sizeof(*page));

    ended->tombstone = true;
    truth.records[0] = ended;
    focus_page(scene, row);
    assert_asks(scene, &truth, "details 5 | pages P1", "E4 #5 1:");
    page->gone = true;
    truth.pages[0] = page;
    focus_page(scene, row);
    assert_asks(scene, &truth, "details 5 | pages P1", "");
    truth.pages[0] = NULL;
    focus_page(scene, row);
    assert_asks(scene, &truth, "details 5 | pages P1", "");
}

/* A link moves to the row that says itself that it carries the number. */
static void
test_heir_lags(void **state)
{
    struct scene *scene = *state;
    struct truth truth = linked_truth(scene);
    struct page *page = arena_memdup(scene->arena, truth.pages[0], sizeof(*page));
    struct page *row = test_page(scene->arena, P2, 5, "Title", "To do", "");
    struct page *heir = arena_memdup(scene->arena, row, sizeof(*heir));

    page->number = 0;
    test_page_shows(heir, truth.issues[0]);
    truth.pages[0] = page;
    truth.pages[1] = heir;
    focus_page(scene, page);
    focus_page(scene, row);
    assert_asks(scene, &truth, "details 5 indexes P1 | pages P1 indexes P2 | lookups 5 | pages P2",
                "E4 #5 2:; E1 #0 1: create-issue write-page");
    heir->number = 0;
    heir->gone = true;
    focus_page(scene, page);
    focus_page(scene, row);
    assert_asks(scene, &truth, "details 5 indexes P1 | pages P1 indexes P2 | lookups 5 | pages P2",
                "E10 #5 1: say-ended");
}

static void
test_number_changed(void **state)
{
    struct scene *scene = *state;
    struct truth truth = linked_truth(scene);
    struct page *page = arena_memdup(scene->arena, truth.pages[0], sizeof(*page));

    page->number = 6;
    truth.pages[0] = page;
    truth.issues[1] = test_issue(scene->arena, 6, "Title", STATUS_OPEN, "");
    focus_page(scene, page);
    assert_asks(scene, &truth, "details 6 | indexes P1 | details 5 | pages P1 | lookups 5",
                "E10 #5 1: say-ended; E4 #6 1: write-page");
}

/* After a pass that died between the issue and the page. */
static void
test_created_before_the_crash(void **state)
{
    struct scene *scene = *state;
    struct issue *issue = test_issue(scene->arena, 9, "New", STATUS_OPEN, "");
    struct truth truth = {.issues = {issue},
                          .pages = {test_page(scene->arena, P2, 0, "New", "To do", "")}};

    issue->own = true;
    issue->marker = P2;
    focus_issue(scene, issue);
    assert_asks(scene, &truth, "details 9 | lookups 9 | pages P2 | indexes P2 | changes 9",
                "E2 #9 2: write-page");
    focus_issue(scene, issue);
    focus_page(scene, truth.pages[0]);
    assert_asks(scene, &truth, "details 9 indexes P2 | lookups 9 | changes 9",
                "E2 #9 2: write-page");
}

/* Lists are without doubles and in order, however often something is needed. */
static void
test_nothing_twice(void **state)
{
    struct scene *scene = *state;
    const struct truth truth = {0};

    for (int64_t number = 9; number >= 7; number--)
        world_issue(scene->world, number)->focus = true;
    focus_page(scene, test_page(scene->arena, P2, 7, "A", "", ""));
    focus_page(scene, test_page(scene->arena, P1, 7, "B", "", ""));
    assert_asks(scene, &truth, "details 7 details 8 details 9 | indexes P1 indexes P2",
                "E5 #7 1:; E5 #7 2:");
}

#define WANTS_TEST(test) cmocka_unit_test_setup_teardown(test, wants_make, scene_delete)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WANTS_TEST(test_linked),
        WANTS_TEST(test_new_ones),
        WANTS_TEST(test_lookup_finds_page),
        WANTS_TEST(test_gone_only_when_asked),
        WANTS_TEST(test_number_lags),
        WANTS_TEST(test_row_lags),
        WANTS_TEST(test_ended_link_lags),
        WANTS_TEST(test_heir_lags),
        WANTS_TEST(test_number_changed),
        WANTS_TEST(test_created_before_the_crash),
        WANTS_TEST(test_nothing_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
