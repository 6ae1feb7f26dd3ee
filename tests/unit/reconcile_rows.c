#include "reconcile_test.h"

/* The existence rows: who belongs to whom, and what is done about it. */

struct linked {
    struct issue *issue;
    struct page *page;
    struct record *record;
};

/* Issue, page and record that agree; nothing is seen yet. */
static struct linked
make_link(struct scene *scene, int64_t number, const char *id)
{
    struct linked link;

    link.issue = test_issue(scene->arena, number, "Title", STATUS_OPEN, "bug");
    link.page = test_page(scene->arena, id, number, "Title", "To do", "bug");
    test_page_shows(link.page, link.issue);
    link.record = test_record(scene->arena, link.issue, link.page);
    return link;
}

static void
see_link(struct scene *scene, const struct linked *link)
{
    scene_see_record(scene, link->record);
    if (link->issue != NULL)
        scene_see_issue(scene, link->issue);
    if (link->page != NULL)
        scene_see_page(scene, link->page);
}

static struct page *
loose_page(struct scene *scene, const char *id, int64_t number)
{
    return test_page(scene->arena, id, number, "Title", "To do", "bug");
}

static struct issue *
loose_issue(struct scene *scene, int64_t number)
{
    return test_issue(scene->arena, number, "Title", STATUS_OPEN, "bug");
}

static void
gone(struct scene *scene, int64_t number)
{
    struct issue_entry *entry = world_issue(scene->world, number);

    entry->sight = SIGHT_GONE;
    entry->focus = true;
}

static void
test_linked_in_step(void **state)
{
    struct scene *scene = *state;
    const struct linked link = make_link(scene, 5, P1);

    see_link(scene, &link);
    assert_plan(scene, "");
    assert_int_equal(scene->plan->in_step, 1);
    assert_false(plan_writes(scene->plan));
}

static void
test_e1_creates_issue(void **state)
{
    static const struct {
        const char *title, *status;
        enum create_issues create;
        const char *plan;
    } cases[] = {
        {"New", "To do", CREATE_ISSUES_ALL, "E1 #0 1: create-issue write-page"},
        {"New", "", CREATE_ISSUES_ALL, "E1 #0 1: create-issue write-page"},
        {"New", "Done", CREATE_ISSUES_ALL, "E1 #0 1: create-issue write-issue write-page"},
        {"New", "Won't do", CREATE_ISSUES_ALL, "E1 #0 1: create-issue write-issue write-page"},
        {"New", "To do", CREATE_ISSUES_NONE, ""},
        {"", "To do", CREATE_ISSUES_ALL, ""},
        {" \n\t", "To do", CREATE_ISSUES_ALL, ""},
        {"\x7f ", "To do", CREATE_ISSUES_ALL, ""},
        {"New", "To do", CREATE_ISSUES_OPEN, "E1 #0 1: create-issue write-page"},
        {"New", "", CREATE_ISSUES_OPEN, "E1 #0 1: create-issue write-page"},
        {"New", "Done", CREATE_ISSUES_OPEN, ""},
        {"New", "Won't do", CREATE_ISSUES_OPEN, ""},
    };
    struct scene *scene = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        scene->rules.create_issues = cases[i].create;
        scene_see_page(scene, test_page(scene->arena, P1, 0, cases[i].title, cases[i].status, ""));
        assert_plan(scene, cases[i].plan);
        scene_clear(scene);
    }
}

static void
test_e1_values(void **state)
{
    struct scene *scene = *state;
    const struct item *item;

    scene_see_page(scene, test_page(scene->arena, P1, 0, " two\nlines ", "Won't do", "a,b"));
    item = scene_only_item(scene);
    assert_string_equal(item->fields[FIELD_TITLE].value[SIDE_GITHUB].text, "two lines");
    assert_string_equal(item->fields[FIELD_STATUS].value[SIDE_GITHUB].text, STATUS_NOT_PLANNED);
    assert_int_equal(item->fields[FIELD_LABELS].value[SIDE_GITHUB].len, 2);
    assert_false(item->fields[FIELD_URL].write[SIDE_GITHUB]);
    assert_true(item->saves);
}

/* E2: a pass that died after the create; whatever changed since is kept. */
static void
test_e2_adopts(void **state)
{
    static const struct {
        const char *on_github;
        int64_t changed;
        bool by_viewer;
        const char *in_notion, *plan;
        enum side written;
    } cases[] = {
        {STATUS_OPEN, 0, false, "To do", "E2 #9 1: write-page", SIDE_COUNT},
        {STATUS_OPEN, 0, false, "Done", "E2 #9 1: write-issue write-page", SIDE_GITHUB},
        {STATUS_CLOSED, 0, false, "To do", "E2 #9 1: write-page", SIDE_NOTION},
        {STATUS_CLOSED, NOON, false, "To do", "E2 #9 1: write-page", SIDE_NOTION},
        {STATUS_CLOSED, NOON, false, "Done", "E2 #9 1: write-page", SIDE_COUNT},
        /* Closed by the pass that died, as the page asked for; the page was opened since. */
        {STATUS_CLOSED, NOON, true, "To do", "E2 #9 1: say-status write-issue write-page",
         SIDE_GITHUB},
        {STATUS_CLOSED, NOON, true, "Done", "E2 #9 1: write-page", SIDE_COUNT},
        /* Closed so, and reopened by a person since. */
        {STATUS_OPEN, NOON, false, "Done", "E2 #9 1: write-page", SIDE_NOTION},
    };
    struct scene *scene = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct issue *issue = test_issue(scene->arena, 9, "Title", cases[i].on_github, "bug");
        const struct field_plan *status;

        issue->own = true;
        issue->marker = P1;
        issue->state_changed_at = cases[i].changed;
        issue->state_by_viewer = cases[i].by_viewer;
        scene_see_issue(scene, issue);
        scene_see_page(scene, test_page(scene->arena, P1, 0, "Title", cases[i].in_notion, "bug"));
        assert_plan(scene, cases[i].plan);
        status = &scene->plan->items.items[0]->fields[FIELD_STATUS];
        assert_false(status->conflict);
        for (enum side s = 0; s < SIDE_COUNT; s++)
            assert_int_equal(status->write[s], s == cases[i].written);
        scene_clear(scene);
    }
}

/* Only an own issue has a marker: the reader sets none for others, so text in an issue changes
 * nothing. */
static void
test_e2_not_by_title(void **state)
{
    struct scene *scene = *state;

    scene_see_issue(scene, loose_issue(scene, 9));
    scene_see_page(scene, loose_page(scene, P1, 0));
    assert_plan(scene, "E3 #9 -: create-page; E1 #0 1: create-issue write-page");
}

static void
test_e3_creates_page(void **state)
{
    static const struct {
        bool is_pull;
        const char *status;
        enum create_pages create;
        enum pulls pulls;
        bool creates;
    } cases[] = {
        {false, STATUS_OPEN, CREATE_PAGES_NONE, PULLS_ALL, false},
        {false, STATUS_OPEN, CREATE_PAGES_OPEN, PULLS_NONE, true},
        {false, STATUS_OPEN, CREATE_PAGES_ALL, PULLS_NONE, true},
        {false, STATUS_CLOSED, CREATE_PAGES_OPEN, PULLS_ALL, false},
        {false, STATUS_NOT_PLANNED, CREATE_PAGES_OPEN, PULLS_ALL, false},
        {false, STATUS_CLOSED, CREATE_PAGES_ALL, PULLS_NONE, true},
        {true, STATUS_OPEN, CREATE_PAGES_OPEN, PULLS_NONE, false},
        {true, STATUS_OPEN, CREATE_PAGES_OPEN, PULLS_LINKED, false},
        {true, STATUS_OPEN, CREATE_PAGES_ALL, PULLS_LINKED, false},
        {true, STATUS_OPEN, CREATE_PAGES_OPEN, PULLS_ALL, true},
        {true, STATUS_MERGED, CREATE_PAGES_OPEN, PULLS_ALL, false},
        {true, STATUS_MERGED, CREATE_PAGES_ALL, PULLS_ALL, true},
        {true, STATUS_OPEN, CREATE_PAGES_NONE, PULLS_ALL, false},
    };
    struct scene *scene = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        scene->rules.create_pages = cases[i].create;
        scene->rules.pull_requests = cases[i].pulls;
        scene_see_issue(scene,
                        cases[i].is_pull
                            ? test_pull(scene->arena, 4, "Title", cases[i].status, HEAD_A, "CLEAN")
                            : test_issue(scene->arena, 4, "Title", cases[i].status, ""));
        if (strcmp(test_plan_text(scene->arena, scene_plan(scene)),
                   cases[i].creates ? "E3 #4 -: create-page" : "") != 0)
            fail_msg("case %zu", i);
        scene_clear(scene);
    }
}

static void
test_e4_adopts(void **state)
{
    struct scene *scene = *state;

    scene_see_issue(scene, loose_issue(scene, 5));
    scene_see_page(scene, loose_page(scene, P1, 5));
    assert_plan(scene, "E4 #5 1: write-page");
    scene_clear(scene);
    /* In step already: there is nothing to write but the record. */
    scene_see_issue(scene, make_link(scene, 5, P1).issue);
    scene_see_page(scene, make_link(scene, 5, P1).page);
    assert_plan(scene, "E4 #5 1:");
    assert_true(scene->plan->items.items[0]->saves);
}

/* A linked pull request is one that a page names; with `none` even that is only reported. */
static void
test_e4_pull_requests(void **state)
{
    struct scene *scene = *state;

    for (enum pulls pulls = PULLS_NONE; pulls <= PULLS_ALL; pulls++) {
        scene->rules.pull_requests = pulls;
        scene_see_issue(scene, test_pull(scene->arena, 5, "Title", STATUS_OPEN, HEAD_A, "CLEAN"));
        scene_see_page(scene, test_page(scene->arena, P1, 5, "Title", "To do", ""));
        if (pulls == PULLS_NONE)
            assert_note(scene_only_item(scene), "`pull_requests` is none");
        else
            assert_plan(scene, "E4 #5 1: write-page");
        scene_clear(scene);
    }
}

static void
test_e5_no_such_issue(void **state)
{
    struct scene *scene = *state;
    const struct item *item;

    scene_see_page(scene, loose_page(scene, P1, 77));
    gone(scene, 77);
    item = scene_only_item(scene);
    assert_string_equal(test_item_text(scene->arena, item), "E5 #77 1:");
    assert_note(item, "no issue or pull request");
    assert_false(plan_writes(scene->plan));
    scene_clear(scene);
    scene_see_page(scene, loose_page(scene, P1, -1));
    item = scene_only_item(scene);
    assert_int_equal(item->row, ROW_E5_NO_ISSUE);
    assert_note(item, "whole positive number");
    assert_false(plan_writes(scene->plan));
}

/* E6: a duplicated row is reported and left as it is; the page of the record stays linked. */
static void
test_e6_duplicates(void **state)
{
    struct scene *scene = *state;
    const struct linked link = make_link(scene, 5, P1);

    see_link(scene, &link);
    scene_see_page(scene, test_page(scene->arena, P2, 5, "Copy", "To do", ""));
    scene_see_page(scene, loose_page(scene, P3, 5));
    assert_plan(scene, "E6 #5 2:; E6 #5 3:");
    assert_note(scene->plan->items.items[0], "another page is linked");
    assert_string_equal(scene->plan->items.items[0]->title, "Copy");
    assert_false(plan_writes(scene->plan));
}

static void
test_e6_none_is_known(void **state)
{
    struct scene *scene = *state;

    scene_see_issue(scene, loose_issue(scene, 5));
    scene_see_page(scene, loose_page(scene, P2, 5));
    scene_see_page(scene, loose_page(scene, P1, 5));
    assert_plan(scene, "E6 #5 1:; E6 #5 2:");
    assert_note(scene->plan->items.items[1], "none is known to be the first");
    assert_false(plan_writes(scene->plan));
}

/* Without a record the link comment, else the marker in the issue, says which page is meant. */
static void
test_e6_comment_or_marker_tells(void **state)
{
    static const struct own_comment link = {
        .id = 7, .marker = "page=" P2, .created_at = NOON, .counts = true};
    static const struct own_comment edited = {
        .id = 7, .marker = "page=" P2, .created_at = NOON, .edited = true};
    struct scene *scene = *state;

    for (int how = 0; how < 3; how++) {
        struct issue *issue = loose_issue(scene, 5);

        issue->comments = 1;
        issue->marker = how == 0 ? NULL : P1;
        scene_see_issue(scene, issue);
        scene_see_page(scene, loose_page(scene, P1, 5));
        scene_see_page(scene, loose_page(scene, P2, 5));
        scene_see_comments(scene, 5, how < 2 ? &link : &edited, 1);
        /* The comment outweighs the marker, unless somebody else changed it. */
        assert_plan(scene,
                    how < 2 ? "E6 #5 1:; E4 #5 2: write-page" : "E4 #5 1: write-page; E6 #5 2:");
        scene_clear(scene);
    }
}

/* E7: of two own issues with a page's marker the older is it. */
static void
test_e7_two_claims(void **state)
{
    struct scene *scene = *state;

    for (int64_t number = 12; number >= 8; number -= 2) {
        struct issue *issue = loose_issue(scene, number);

        issue->own = true;
        issue->marker = P1;
        scene_see_issue(scene, issue);
    }
    scene_see_page(scene, loose_page(scene, P1, 0));
    assert_plan(scene, "E2 #8 1: write-page; E7 #10 1:; E7 #12 1:");
    assert_note(scene->plan->items.items[1], "belongs to another issue");
    scene_clear(scene);

    const struct linked link = make_link(scene, 20, P1);
    struct issue *copy = loose_issue(scene, 9);

    copy->own = true;
    copy->marker = P1;
    see_link(scene, &link);
    scene_see_issue(scene, copy);
    assert_plan(scene, "E7 #9 1:");
    assert_false(plan_writes(scene->plan));
}

/* The marker of an issue that has its page was edited: the page that it names now is as free as
 * before. */
static void
test_e7_edited_marker(void **state)
{
    struct scene *scene = *state;

    for (int recorded = 0; recorded < 2; recorded++) {
        struct linked link = make_link(scene, 5, P1);

        link.issue->own = true;
        link.issue->marker = P2;
        if (!recorded)
            link.record = NULL;
        world_see_record(scene->world, 5, link.record);
        scene_see_issue(scene, link.issue);
        scene_see_page(scene, link.page);
        scene_see_page(scene, loose_page(scene, P2, 0));
        assert_plan(scene, recorded ? "E1 #0 2: create-issue write-page"
                                    : "E4 #5 1:; E1 #0 2: create-issue write-page");
        scene_clear(scene);
    }
}

static void
test_e1_filtered(void **state)
{
    struct scene *scene = *state;
    struct missing missing;

    scene->rules.pages_filtered = true;
    scene_see_page(scene, loose_page(scene, P1, 0));
    assert_null(reconcile_plan(scene->world, &scene->rules, &missing, scene->arena));
    assert_int_equal(missing.matches.len, 1);
    missing_free(&missing);
    world_page(scene->world, P1)->filter_asked = true;
    assert_plan(scene, "");
    world_page(scene->world, P1)->matches = true;
    assert_plan(scene, "E1 #0 1: create-issue write-page");
}

static void
test_e3_labels(void **state)
{
    static const char *const wanted[] = {"Bug", "urgent"};
    static const struct {
        const char *labels, *plan;
    } cases[] = {
        {"bug", "E3 #5 -: create-page"},
        {"docs,URGENT", "E3 #5 -: create-page"},
        {"docs", ""},
        {"", ""},
    };
    struct scene *scene = *state;

    scene->rules.issue_labels = value_set(wanted, 2);
    for (size_t i = 0; i < COUNT(cases); i++) {
        scene_see_issue(scene, test_issue(scene->arena, 5, "Title", STATUS_OPEN, cases[i].labels));
        assert_plan(scene, cases[i].plan);
        scene_clear(scene);
    }
}

/* A row of another repository is not touched, whatever it shows; one that was ours has left. */
static void
test_foreign_rows(void **state)
{
    struct scene *scene = *state;
    struct linked link = make_link(scene, 5, P1);
    struct page *page = loose_page(scene, P2, 0);

    page->foreign = page->direct = true;
    scene_see_page(scene, page);
    page = loose_page(scene, P3, 6);
    page->foreign = page->direct = true;
    scene_see_page(scene, page);
    scene_see_issue(scene, test_issue(scene->arena, 6, "Title", STATUS_OPEN, ""));
    assert_plan(scene, "E3 #6 -: create-page");
    scene_clear(scene);

    link.page->foreign = link.page->direct = true;
    see_link(scene, &link);
    assert_plan(scene, "E10 #5 1: say-ended");
    assert_string_equal(scene->plan->items.items[0]->because,
                        "its Notion page was given to another repository");
}

/* Comments and markers of passes with another database: nothing follows from them. */
static void
test_other_databases(void **state)
{
    static const struct own_comment both[] = {
        {.id = 1, .marker = "page=" P1, .created_at = NOON, .counts = true},
        {.id = 2, .marker = "page=" P2, .created_at = NOON + 1, .counts = true},
    };
    struct scene *scene = *state;
    struct issue *issue = loose_issue(scene, 5);
    struct page *page = loose_page(scene, P2, 0);

    issue->own = true;
    issue->marker = P2;
    issue->comments = 2;
    page->gone = page->elsewhere = page->direct = true;
    for (int seen = 0; seen < 2; seen++) {
        scene_see_issue(scene, issue);
        if (seen == 1)
            scene_see_page(scene, page);
        else
            world_page(scene->world, P2)->sight = SIGHT_GONE;
        scene_see_comments(scene, 5, both + 1, 1);
        assert_plan(scene, "E3 #5 -: create-page");
        scene_clear(scene);

        /* The last word on this database is the other comment. */
        scene_see_issue(scene, issue);
        if (seen == 1)
            scene_see_page(scene, page);
        else
            world_page(scene->world, P2)->sight = SIGHT_GONE;
        scene_see_page(scene, loose_page(scene, P1, 0));
        scene_see_comments(scene, 5, both, 2);
        assert_plan(scene, "E10 #5 1: say-ended; none #0 1:");
        scene_clear(scene);
    }
}

static void
test_e8_page_gone(void **state)
{
    static const struct {
        enum page_deleted rule;
        const char *status;
        bool closes; /* if the page is known to be in the trash */
    } cases[] = {
        {PAGE_DELETED_UNLINK, STATUS_OPEN, false},
        {PAGE_DELETED_UNLINK, STATUS_CLOSED, false},
        {PAGE_DELETED_CLOSE, STATUS_OPEN, true},
        {PAGE_DELETED_CLOSE, STATUS_CLOSED, false},
    };
    struct scene *scene = *state;

    for (size_t i = 0; i < COUNT(cases) * 2; i++) {
        struct linked link = make_link(scene, 5, P1);
        bool closes = cases[i / 2].closes && i % 2 == 0;
        const struct item *item;

        scene->rules.on_page_deleted = cases[i / 2].rule;
        put_value(&link.issue->values, FIELD_STATUS, value_text(cases[i / 2].status));
        link.page->gone = true;
        /* In the trash, or 404 when asked for by its id. */
        if (i % 2 == 1)
            link.page = NULL;
        see_link(scene, &link);
        if (i % 2 == 1)
            world_page(scene->world, P1)->sight = SIGHT_GONE;
        item = scene_only_item(scene);
        assert_string_equal(test_item_text(scene->arena, item),
                            closes ? "E8 #5 1: say-ended write-issue" : "E8 #5 1: say-ended");
        assert_true(item->ends_link && item->saves && item->unlinks);
        assert_int_equal(item_changes(item), closes);
        if (cases[i / 2].closes && !closes)
            assert_note(item, "the issue stays open");
        if (closes)
            assert_string_equal(item->fields[FIELD_STATUS].value[SIDE_GITHUB].text,
                                STATUS_NOT_PLANNED);
        assert_non_null(strstr(item->because, i % 2 == 1 ? "does not exist" : "trash"));
        scene_clear(scene);
    }
}

/* The row was duplicated and the first one deleted: the other takes its place. */
static void
test_e8_other_row_takes_over(void **state)
{
    struct scene *scene = *state;
    struct linked link = make_link(scene, 5, P1);

    link.page->gone = true;
    see_link(scene, &link);
    scene_see_page(scene, loose_page(scene, P2, 5));
    scene->rules.on_page_deleted = PAGE_DELETED_CLOSE;
    assert_plan(scene, "E4 #5 2: write-page");
    /* The first row's link ends anyway. */
    assert_true(scene->plan->items.items[0]->unlinks);
}

static void
test_e9_issue_gone(void **state)
{
    static const struct {
        enum issue_deleted rule;
        int64_t number;
        bool page_gone;
        const char *plan;
    } cases[] = {
        {ISSUE_DELETED_UNLINK, 5, false, "E9 #5 1: clear-number"},
        {ISSUE_DELETED_TRASH, 5, false, "E9 #5 1: trash-page"},
        {ISSUE_DELETED_TRASH, 5, true, "E9 #5 1:"},
        {ISSUE_DELETED_TRASH, 0, false, "E9 #5 1:"},
        {ISSUE_DELETED_UNLINK, 0, false, "E9 #5 1:"},
    };
    struct scene *scene = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct linked link = make_link(scene, 5, P1);
        const struct item *item;

        scene->rules.on_issue_deleted = cases[i].rule;
        link.issue = NULL;
        link.page->number = cases[i].number;
        link.page->gone = cases[i].page_gone;
        see_link(scene, &link);
        gone(scene, 5);
        item = scene_only_item(scene);
        assert_string_equal(test_item_text(scene->arena, item), cases[i].plan);
        assert_true(item->ends_link && item->saves && item->unlinks);
        scene_clear(scene);
    }
}

static void
test_e9_says_why(void **state)
{
    struct scene *scene = *state;

    for (int moved = 0; moved < 2; moved++) {
        struct linked link = make_link(scene, 5, P1);

        link.issue = NULL;
        see_link(scene, &link);
        gone(scene, 5);
        world_issue(scene->world, 5)->moved_to = moved != 0 ? "octo/other#1" : NULL;
        assert_non_null(strstr(scene_only_item(scene)->because, moved ? "transferred" : "deleted"));
        scene_clear(scene);
    }
}

/* All of them are in the plan; the guard counts each link that would end, and names some. */
static void
test_endings_are_counted(void **state)
{
    struct scene *scene = *state;
    struct err err;

    for (int64_t number = 1; number <= 25; number++) {
        struct linked link =
            make_link(scene, number,
                      arena_printf(scene->arena, "%08d-0000-4000-8000-000000000000", (int)number));

        link.issue = NULL;
        see_link(scene, &link);
        gone(scene, number);
    }
    assert_true(plan_check_limits(scene_plan(scene), 25, 0, &err));
    assert_true(plan_check_limits(scene->plan, 25, 1, &err));
    assert_false(plan_check_limits(scene->plan, 24, 0, &err));
    assert_int_equal(err.kind, ERR_INPUT);
    assert_non_null(strstr(err.text, "25 links"));
    assert_non_null(strstr(err.text, "#1, #2, #3, #4, #5, #6, #7, #8, #9, #10 and 15 more"));
}

static void
test_one_ending_is_one(void **state)
{
    struct scene *scene = *state;
    struct linked link = make_link(scene, 1, P1);
    struct err err;

    link.issue = NULL;
    see_link(scene, &link);
    gone(scene, 1);
    assert_false(plan_check_limits(scene_plan(scene), 0, 0, &err));
    assert_non_null(strstr(err.text, "1 link between a page and an issue would end"));
}

static void
test_e10_number_taken_away(void **state)
{
    struct scene *scene = *state;
    struct linked link = make_link(scene, 5, P1);

    link.page->number = 0;
    see_link(scene, &link);
    assert_plan(scene, "E10 #5 1: say-ended");
    assert_non_null(strstr(scene->plan->items.items[0]->because, "cleared"));
    scene_clear(scene);

    link.page->number = 6;
    see_link(scene, &link);
    scene_see_issue(scene, loose_issue(scene, 6));
    assert_plan(scene, "E10 #5 1: say-ended; E4 #6 1: write-page");
    assert_non_null(strstr(scene->plan->items.items[0]->because, "changed"));
    scene_clear(scene);

    link.page->number = 77;
    see_link(scene, &link);
    scene_see_page(scene, link.page);
    gone(scene, 77);
    assert_plan(scene, "E10 #5 1: say-ended; E5 #77 1:");
}

/* The number went from one row to another: so does the link, and the first row is as any without a
 * number. */
static void
test_e10_number_moved_to_another_row(void **state)
{
    struct scene *scene = *state;
    struct linked link = make_link(scene, 5, P1);

    link.page->number = 0;
    see_link(scene, &link);
    scene_see_page(scene, loose_page(scene, P2, 5));
    assert_plan(scene, "E4 #5 2: write-page; E1 #0 1: create-issue write-page");
}

/* An ended link is remembered: neither end gets a new partner, until a person links it. */
static void
test_ended_links(void **state)
{
    struct scene *scene = *state;
    struct linked link = make_link(scene, 5, P1);

    scene->rules.create_pages = CREATE_PAGES_ALL;
    link.record->tombstone = true;
    link.page->number = 0;
    see_link(scene, &link);
    assert_note(scene_only_item(scene), "link of this page was ended");
    assert_false(plan_writes(scene->plan));
    scene_clear(scene);

    link.page->number = 5;
    see_link(scene, &link);
    assert_plan(scene, "E4 #5 1:");
    assert_true(scene->plan->items.items[0]->saves);
}

/* The same without a record: comments say that the link was ended. */
static void
test_ended_links_by_comments(void **state)
{
    static const struct own_comment made_ended[] = {
        {.id = 1, .marker = "page=" P1, .created_at = NOON, .counts = true},
        {.id = 2, .marker = "ended page=" P1, .created_at = NOON + 1, .counts = true},
    };
    static const struct own_comment made[] = {
        {.id = 1, .marker = "page=" P1, .created_at = NOON, .counts = true},
    };
    struct scene *scene = *state;
    struct issue *issue = loose_issue(scene, 5);

    issue->own = true;
    issue->marker = P1;
    issue->comments = 2;
    scene_see_issue(scene, issue);
    scene_see_page(scene, loose_page(scene, P1, 0));
    scene_see_comments(scene, 5, made_ended, 2);
    assert_plan(scene, "E10 #5 1:");
    assert_true(scene->plan->items.items[0]->ends_link && scene->plan->items.items[0]->saves);
    scene_clear(scene);

    /* A link that was not ended, and a page that does not carry the number any more. */
    scene_see_issue(scene, issue);
    scene_see_page(scene, loose_page(scene, P1, 0));
    scene_see_comments(scene, 5, made, 1);
    assert_plan(scene, "E10 #5 1: say-ended");
}

/* Not having seen something says nothing about it. */
static void
test_not_seen_is_not_gone(void **state)
{
    struct scene *scene = *state;
    const struct linked link = make_link(scene, 5, P1);
    struct missing missing;

    scene_see_record(scene, link.record);
    scene_see_issue(scene, link.issue);
    world_page(scene->world, P1)->sight = SIGHT_MISSING;
    assert_null(reconcile_plan(scene->world, &scene->rules, &missing, scene->arena));
    missing_free(&missing);
    scene_clear(scene);

    scene_see_record(scene, link.record);
    scene_see_page(scene, link.page);
    world_issue(scene->world, 5)->sight = SIGHT_MISSING;
    world_issue(scene->world, 5)->focus = true;
    assert_null(reconcile_plan(scene->world, &scene->rules, &missing, scene->arena));
    missing_free(&missing);
}

#define ROW_TEST(test) cmocka_unit_test_setup_teardown(test, scene_make, scene_delete)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ROW_TEST(test_linked_in_step),
        ROW_TEST(test_e1_creates_issue),
        ROW_TEST(test_e1_values),
        ROW_TEST(test_e2_adopts),
        ROW_TEST(test_e2_not_by_title),
        ROW_TEST(test_e3_creates_page),
        ROW_TEST(test_e1_filtered),
        ROW_TEST(test_e3_labels),
        ROW_TEST(test_foreign_rows),
        ROW_TEST(test_other_databases),
        ROW_TEST(test_e4_adopts),
        ROW_TEST(test_e4_pull_requests),
        ROW_TEST(test_e5_no_such_issue),
        ROW_TEST(test_e6_duplicates),
        ROW_TEST(test_e6_none_is_known),
        ROW_TEST(test_e6_comment_or_marker_tells),
        ROW_TEST(test_e7_two_claims),
        ROW_TEST(test_e7_edited_marker),
        ROW_TEST(test_e8_page_gone),
        ROW_TEST(test_e8_other_row_takes_over),
        ROW_TEST(test_e9_issue_gone),
        ROW_TEST(test_e9_says_why),
        ROW_TEST(test_endings_are_counted),
        ROW_TEST(test_one_ending_is_one),
        ROW_TEST(test_e10_number_taken_away),
        ROW_TEST(test_e10_number_moved_to_another_row),
        ROW_TEST(test_ended_links),
        ROW_TEST(test_ended_links_by_comments),
        ROW_TEST(test_not_seen_is_not_gone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
