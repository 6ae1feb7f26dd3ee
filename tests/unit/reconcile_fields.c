#include "reconcile_test.h"

/* The field rows: one field changes, the others are in sync. NULL in a base: never agreed. */
struct field_case {
    enum field field;
    const char *base_github, *base_notion, *github, *notion;
    enum field_row row;
    const char *write_github, *write_notion; /* NULL: not written */
    bool conflict;
};

#define LONG_LABEL "a label that is far longer than the fifty characters which GitHub takes"

static struct value
case_value(struct arena *arena, enum field field, const char *text)
{
    return all_fields()->items[field].is_set ? test_set(arena, text) : value_text(text);
}

static const struct item *
case_item(struct scene *scene, const struct field_case *it)
{
    struct issue *issue = test_issue(scene->arena, 5, "Title", STATUS_OPEN, "");
    struct page *page = test_page(scene->arena, P1, 5, "Title", "To do", "");
    struct record *record = test_record(scene->arena, issue, page);
    struct item *item = arena_alloc(scene->arena, sizeof(*item));

    for (enum side s = 0; s < SIDE_COUNT; s++)
        put_value(&record->base[s], it->field, (struct value){0});
    if (it->base_github != NULL) {
        put_value(&record->base[SIDE_GITHUB], it->field,
                  case_value(scene->arena, it->field, it->base_github));
        put_value(&record->base[SIDE_NOTION], it->field,
                  case_value(scene->arena, it->field, it->base_notion));
    }
    put_value(&issue->values, it->field, case_value(scene->arena, it->field, it->github));
    put_value(&page->values, it->field, case_value(scene->arena, it->field, it->notion));
    *item =
        (struct item){.row = ROW_LINKED, .number = 5, .page_id = P1, .issue = issue, .page = page};
    test_item_room(item, &scene->rules, scene->arena);
    item->record = item->known = record;
    fields_decide(item, scene->arena);
    return item;
}

static void
check_write(struct scene *scene, const struct field_case *it, const struct field_plan *plan,
            enum side side, const char *expected, size_t i)
{
    struct value value;

    if (plan->write[side] != (expected != NULL))
        fail_msg("case %zu: %s is%s written", i, side_name(side), expected != NULL ? " not" : "");
    if (expected == NULL)
        return;
    value = case_value(scene->arena, it->field, expected);
    if (!value_equal(&value, &plan->value[side]))
        fail_msg("case %zu: \"%s\" goes to %s", i, value_display(scene->arena, &plan->value[side]),
                 side_name(side));
}

static void
check_cases(struct scene *scene, const struct field_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct item *item = case_item(scene, &cases[i]);
        const struct field_plan *plan = &item->fields[cases[i].field];

        if (plan->row != cases[i].row)
            fail_msg("case %zu: row %d", i, (int)plan->row);
        if (plan->conflict != cases[i].conflict)
            fail_msg("case %zu: conflict %d", i, plan->conflict);
        check_write(scene, &cases[i], plan, SIDE_GITHUB, cases[i].write_github, i);
        check_write(scene, &cases[i], plan, SIDE_NOTION, cases[i].write_notion, i);
    }
}

#define G STATUS_OPEN

static void
test_titles(void **state)
{
    static const struct field_case cases[] = {
        {FIELD_TITLE, "a", "a", "a", "a", ROW_F1_SAME, NULL, NULL, false},
        {FIELD_TITLE, "a", "a", "b", "a", ROW_F2_TO_NOTION, NULL, "b", false},
        {FIELD_TITLE, "a", "a", "a", "b", ROW_F3_TO_GITHUB, "b", NULL, false},
        {FIELD_TITLE, "a", "a", "b", "b", ROW_F4_AGREE, NULL, NULL, false},
        {FIELD_TITLE, "a", "a", "b", "b ", ROW_F4_AGREE, NULL, NULL, false},
        {FIELD_TITLE, "a", "a", "b", "c", ROW_F7_CONFLICT, NULL, "b", true},
        {FIELD_TITLE, "a", "a", "a", "a ", ROW_F3_TO_GITHUB, NULL, NULL, false},
        {FIELD_TITLE, "a", "a", "a", " two\r\nlines\t", ROW_F3_TO_GITHUB, "two  lines", NULL,
         false},
        {FIELD_TITLE, "a b", "a\nb", "a b", "a\nb", ROW_F1_SAME, NULL, NULL, false},
        /* GitHub has no empty title: an emptied one is filled again. */
        {FIELD_TITLE, "a", "a", "a", "", ROW_F2_TO_NOTION, NULL, "a", false},
        {FIELD_TITLE, "a", "a", "b", "", ROW_F2_TO_NOTION, NULL, "b", false},
        {FIELD_TITLE, "a", "a", "a", " \n", ROW_F2_TO_NOTION, NULL, "a", false},
        {FIELD_TITLE, NULL, NULL, "a", "a", ROW_F8_NO_BASE, NULL, NULL, false},
        {FIELD_TITLE, NULL, NULL, "a", " a", ROW_F8_NO_BASE, NULL, NULL, false},
        {FIELD_TITLE, NULL, NULL, "a", "", ROW_F8_NO_BASE, NULL, "a", false},
        {FIELD_TITLE, NULL, NULL, "a", "  ", ROW_F8_NO_BASE, NULL, "a", false},
        {FIELD_TITLE, NULL, NULL, "a", "b", ROW_F7_CONFLICT, NULL, "a", true},
    };

    check_cases(*state, cases, COUNT(cases));
}

static void
test_long_titles(void **state)
{
    struct scene *scene = *state;
    char notion[400 * 2 + 1] = "";
    char github[256 * 2 + 1] = "";
    struct field_case it = {FIELD_TITLE,      "a",    "a",  "a",  notion,
                            ROW_F3_TO_GITHUB, github, NULL, false};

    for (size_t i = 0; i < 400; i++)
        memcpy(notion + 2 * i, "\xc3\xa4", 3);
    memcpy(github, notion, sizeof(github) - 1);
    check_cases(scene, &it, 1);
    it = (struct field_case){FIELD_TITLE, github, notion, github, notion,
                             ROW_F1_SAME, NULL,   NULL,   false};
    check_cases(scene, &it, 1);
}

static void
test_statuses(void **state)
{
    static const struct field_case cases[] = {
        {FIELD_STATUS, G, "To do", G, "To do", ROW_F1_SAME, NULL, NULL, false},
        {FIELD_STATUS, G, "To do", STATUS_CLOSED, "To do", ROW_F2_TO_NOTION, NULL, "Done", false},
        {FIELD_STATUS, G, "To do", STATUS_NOT_PLANNED, "To do", ROW_F2_TO_NOTION, NULL, "Won't do",
         false},
        {FIELD_STATUS, G, "To do", STATUS_DUPLICATE, "To do", ROW_F2_TO_NOTION, NULL, "Won't do",
         false},
        {FIELD_STATUS, STATUS_CLOSED, "Shipped", G, "Shipped", ROW_F2_TO_NOTION, NULL, "To do",
         false},
        {FIELD_STATUS, STATUS_CLOSED, "Done", STATUS_NOT_PLANNED, "Done", ROW_F2_TO_NOTION, NULL,
         "Won't do", false},
        /* An option of the same meaning shows it already. */
        {FIELD_STATUS, STATUS_NOT_PLANNED, "Shipped", STATUS_CLOSED, "Shipped", ROW_F2_TO_NOTION,
         NULL, NULL, false},
        {FIELD_STATUS, G, "To do", G, "Doing", ROW_F3_TO_GITHUB, NULL, NULL, false},
        {FIELD_STATUS, G, "To do", G, "", ROW_F3_TO_GITHUB, NULL, NULL, false},
        {FIELD_STATUS, G, "To do", G, "unheard of", ROW_F3_TO_GITHUB, NULL, NULL, false},
        {FIELD_STATUS, G, "To do", G, "Done", ROW_F3_TO_GITHUB, STATUS_CLOSED, NULL, false},
        {FIELD_STATUS, G, "To do", G, "Won't do", ROW_F3_TO_GITHUB, STATUS_NOT_PLANNED, NULL,
         false},
        {FIELD_STATUS, STATUS_CLOSED, "Done", STATUS_CLOSED, "Won't do", ROW_F3_TO_GITHUB, NULL,
         NULL, false},
        {FIELD_STATUS, STATUS_DUPLICATE, "Won't do", STATUS_DUPLICATE, "Doing", ROW_F3_TO_GITHUB, G,
         NULL, false},
        {FIELD_STATUS, STATUS_CLOSED, "Done", STATUS_CLOSED, "", ROW_F3_TO_GITHUB, G, NULL, false},
        {FIELD_STATUS, G, "To do", STATUS_CLOSED, "Done", ROW_F4_AGREE, NULL, NULL, false},
        {FIELD_STATUS, G, "To do", STATUS_CLOSED, "Won't do", ROW_F4_AGREE, NULL, NULL, false},
        {FIELD_STATUS, STATUS_CLOSED, "Done", G, "Doing", ROW_F4_AGREE, NULL, NULL, false},
        /* Moved from one open option to another while it was closed on GitHub. */
        {FIELD_STATUS, G, "To do", STATUS_CLOSED, "Doing", ROW_F2_TO_NOTION, NULL, "Done", false},
        {FIELD_STATUS, STATUS_CLOSED, "Done", G, "Shipped", ROW_F7_CONFLICT, NULL, "To do", true},
        {FIELD_STATUS, STATUS_CLOSED, "Done", STATUS_NOT_PLANNED, "To do", ROW_F7_CONFLICT, NULL,
         "Won't do", true},
        {FIELD_STATUS, NULL, NULL, G, "", ROW_F8_NO_BASE, NULL, "To do", false},
        {FIELD_STATUS, NULL, NULL, STATUS_CLOSED, "", ROW_F8_NO_BASE, NULL, "Done", false},
        {FIELD_STATUS, NULL, NULL, G, "Doing", ROW_F8_NO_BASE, NULL, NULL, false},
        {FIELD_STATUS, NULL, NULL, STATUS_NOT_PLANNED, "Done", ROW_F8_NO_BASE, NULL, NULL, false},
        {FIELD_STATUS, NULL, NULL, G, "Done", ROW_F7_CONFLICT, NULL, "To do", true},
        {FIELD_STATUS, NULL, NULL, STATUS_CLOSED, "Doing", ROW_F7_CONFLICT, NULL, "Done", true},
    };

    check_cases(*state, cases, COUNT(cases));
}

static void
test_labels(void **state)
{
    static const struct field_case cases[] = {
        {FIELD_LABELS, "a,b", "a,b", "b,A", "B,a", ROW_F1_SAME, NULL, NULL, false},
        {FIELD_LABELS, "a", "a", "a,b", "a", ROW_F2_TO_NOTION, NULL, "a,b", false},
        {FIELD_LABELS, "a", "a", "", "a", ROW_F2_TO_NOTION, NULL, "", false},
        {FIELD_LABELS, "a", "a", "a", "a,b", ROW_F3_TO_GITHUB, "a,b", NULL, false},
        {FIELD_LABELS, "a", "a", "a", "", ROW_F3_TO_GITHUB, "", NULL, false},
        {FIELD_LABELS, "a", "a", "a,b", "B,a", ROW_F4_AGREE, NULL, NULL, false},
        {FIELD_LABELS, "a", "a", "a,b", "a,c", ROW_F5_BOTH, "a,b,c", "a,b,c", false},
        {FIELD_LABELS, "a,b", "a,b", "a", "b", ROW_F5_BOTH, "", "", false},
        {FIELD_LABELS, "a,b", "a,b", "a", "a,b,c", ROW_F5_BOTH, "a,c", "a,c", false},
        {FIELD_LABELS, "a", "a", "", "a,c", ROW_F5_BOTH, "c", "c", false},
        /* What only one side can hold stays there and is nobody's change. */
        {FIELD_LABELS, "a", "a," LONG_LABEL, "a", "a," LONG_LABEL, ROW_F1_SAME, NULL, NULL, false},
        {FIELD_LABELS, "a", "a", "a", "a," LONG_LABEL, ROW_F3_TO_GITHUB, NULL, NULL, false},
        {FIELD_LABELS, "a", "a," LONG_LABEL, "a,b", "a," LONG_LABEL, ROW_F2_TO_NOTION, NULL,
         "a,b," LONG_LABEL, false},
        {FIELD_LABELS, "a", "a," LONG_LABEL, "a", "a", ROW_F3_TO_GITHUB, NULL, NULL, false},
        /* Without a base nothing is known to have been removed. */
        {FIELD_LABELS, NULL, NULL, "a", "", ROW_F8_NO_BASE, NULL, "a", false},
        {FIELD_LABELS, NULL, NULL, "", "a", ROW_F8_NO_BASE, "a", NULL, false},
        {FIELD_LABELS, NULL, NULL, "a", "A", ROW_F8_NO_BASE, NULL, NULL, false},
        {FIELD_LABELS, NULL, NULL, "a,b", "b,c", ROW_F8_NO_BASE, "a,b,c", "a,b,c", false},
        {FIELD_LABELS, NULL, NULL, "a", LONG_LABEL, ROW_F8_NO_BASE, NULL, "a," LONG_LABEL, false},
    };

    check_cases(*state, cases, COUNT(cases));
}

/* Labels that label_ignore covers take part in nothing: they are in no base, and stay. */
static void
test_ignored_labels(void **state)
{
    static const char *const globs[] = {"x/*", LONG_LABEL};
    static const struct field_case cases[] = {
        {FIELD_LABELS, "a", "a", "a,x/1", "a,X/2", ROW_F1_SAME, NULL, NULL, false},
        {FIELD_LABELS, "a", "a", "a,b,x/1", "a,x/2", ROW_F2_TO_NOTION, NULL, "a,x/2,b", false},
        {FIELD_LABELS, "a", "a", "a,x/1", "x/2,b", ROW_F3_TO_GITHUB, "x/1,b", NULL, false},
        {FIELD_LABELS, "a", "a", "x/1", "x/2,a,b", ROW_F5_BOTH, "x/1,b", "x/2,b", false},
        {FIELD_LABELS, "a,x/1", "a,x/1", "a", "a,x/1", ROW_F1_SAME, NULL, NULL, false},
        {FIELD_LABELS, NULL, NULL, "x/1", "x/2", ROW_F8_NO_BASE, NULL, NULL, false},
        {FIELD_LABELS, NULL, NULL, "a,x/1", "x/2", ROW_F8_NO_BASE, NULL, "x/2,a", false},
        {FIELD_LABELS, "a", "a", "a", "a," LONG_LABEL, ROW_F1_SAME, NULL, NULL, false},
    };
    struct scene *scene = *state;

    scene->rules.ignored_labels = globs;
    scene->rules.n_ignored_labels = COUNT(globs);
    check_cases(*state, cases, COUNT(cases));
}

/* Columns that only show GitHub's side are put right whatever is there. */
static void
test_to_notion(void **state)
{
    static const struct field_case cases[] = {
        {FIELD_STATE, NULL, NULL, "Open", "Open", ROW_F1_SAME, NULL, NULL, false},
        {FIELD_STATE, NULL, NULL, "Closed", "Open", ROW_F2_TO_NOTION, NULL, "Closed", false},
        {FIELD_TYPE, NULL, NULL, "Issue", "", ROW_F2_TO_NOTION, NULL, "Issue", false},
        {FIELD_URL, NULL, NULL, "https://a/1", "https://b/2", ROW_F2_TO_NOTION, NULL, "https://a/1",
         false},
    };

    check_cases(*state, cases, COUNT(cases));
}

static void
test_policies(void **state)
{
    static const struct {
        enum policy policy;
        int64_t github, notion;
        enum side winner;
    } cases[] = {
        {POLICY_GITHUB, NOON, NOON + 60000, SIDE_GITHUB},
        {POLICY_NOTION, NOON + 60000, NOON, SIDE_NOTION},
        {POLICY_NEWEST, NOON, NOON + 60000, SIDE_NOTION},
        {POLICY_NEWEST, NOON + 60000, NOON, SIDE_GITHUB},
        {POLICY_NEWEST, NOON, NOON, SIDE_GITHUB},
    };
    static const struct field_case fields[] = {
        {FIELD_TITLE, "a", "a", "b", "c", ROW_F7_CONFLICT, "c", "b", true},
        {FIELD_TITLE, NULL, NULL, "b", "c", ROW_F7_CONFLICT, "c", "b", true},
        {FIELD_STATUS, NULL, NULL, G, "Done", ROW_F7_CONFLICT, STATUS_CLOSED, "To do", true},
        {FIELD_STATUS, STATUS_CLOSED, "Done", G, "Shipped", ROW_F7_CONFLICT, STATUS_CLOSED, "To do",
         true},
    };
    struct scene *scene = *state;

    for (size_t i = 0; i < COUNT(cases) * COUNT(fields); i++) {
        struct field_case it = fields[i % COUNT(fields)];
        size_t c = i / COUNT(fields);
        struct item *item = arena_memdup(scene->arena, case_item(scene, &it), sizeof(*item));
        struct issue *issue = arena_memdup(scene->arena, item->issue, sizeof(*issue));
        struct page *page = arena_memdup(scene->arena, item->page, sizeof(*page));

        scene->rules.on_conflict = cases[c].policy;
        issue->updated_at = cases[c].github;
        page->edited_at = cases[c].notion;
        item->issue = issue;
        item->page = page;
        fields_decide(item, scene->arena);
        assert_int_equal(item->fields[it.field].winner, cases[c].winner);
        if (cases[c].winner == SIDE_NOTION)
            it.write_notion = NULL;
        else
            it.write_github = NULL;
        check_write(scene, &it, &item->fields[it.field], SIDE_GITHUB, it.write_github, i);
        check_write(scene, &it, &item->fields[it.field], SIDE_NOTION, it.write_notion, i);
    }
}

/* A field that is off, or that a side does not have, takes part in nothing. */
static void
test_off_and_absent(void **state)
{
    static const struct field_case changed = {FIELD_TITLE,     "a",  "a", "b", "c",
                                              ROW_F7_CONFLICT, NULL, "b", true};
    struct scene *scene = *state;
    struct item *item = arena_memdup(scene->arena, case_item(scene, &changed), sizeof(*item));
    struct page *page = arena_memdup(scene->arena, item->page, sizeof(*page));

    put_value(&page->values, FIELD_TITLE, (struct value){0});
    item->page = page;
    fields_decide(item, scene->arena);
    assert_int_equal(item->fields[FIELD_TITLE].row, FIELD_ROW_NONE);
    assert_false(item->fields[FIELD_TITLE].write[SIDE_NOTION]);
    scene->rules.on[FIELD_TITLE] = false;
    item = arena_memdup(scene->arena, case_item(scene, &changed), sizeof(*item));
    assert_int_equal(item->fields[FIELD_TITLE].row, FIELD_ROW_NONE);
    assert_false(fields_write(item, SIDE_GITHUB));
}

/* Changes that do not go the field's way stay where they are, until the next one that does. */
static void
test_to_notion_by_choice(void **state)
{
    static const struct field_case cases[] = {
        {FIELD_TITLE, "a", "a", "b", "a", ROW_F2_TO_NOTION, NULL, "b", false},
        {FIELD_TITLE, "a", "a", "a", "b", ROW_F9_ONE_WAY, NULL, NULL, false},
        {FIELD_TITLE, "a", "a", "a", "", ROW_F2_TO_NOTION, NULL, "a", false},
        {FIELD_TITLE, "a", "a", "b", "b", ROW_F4_AGREE, NULL, NULL, false},
        {FIELD_TITLE, "a", "a", "b", "c", ROW_F7_CONFLICT, NULL, "b", true},
        {FIELD_TITLE, NULL, NULL, "a", "b", ROW_F7_CONFLICT, NULL, "a", true},
        {FIELD_STATUS, G, "To do", G, "Done", ROW_F9_ONE_WAY, NULL, NULL, false},
        {FIELD_STATUS, G, "To do", STATUS_CLOSED, "Doing", ROW_F2_TO_NOTION, NULL, "Done", false},
        {FIELD_STATUS, STATUS_CLOSED, "Done", G, "Shipped", ROW_F7_CONFLICT, NULL, "To do", true},
        {FIELD_LABELS, "a", "a", "a,b", "a", ROW_F2_TO_NOTION, NULL, "a,b", false},
        {FIELD_LABELS, "a", "a", "a", "a,b", ROW_F9_ONE_WAY, NULL, NULL, false},
        {FIELD_LABELS, "a", "a", "b", "a,c", ROW_F5_BOTH, NULL, "c,b", false},
        {FIELD_LABELS, "a,b", "a,b", "a,b,c", "b", ROW_F5_BOTH, NULL, "b,c", false},
        {FIELD_LABELS, NULL, NULL, "a", "b", ROW_F8_NO_BASE, NULL, "a,b", false},
        {FIELD_LABELS, NULL, NULL, "", "b", ROW_F8_NO_BASE, NULL, NULL, false},
    };
    struct scene *scene = *state;

    FIELD_EACH(f, all_fields()->based)
    scene->rules.direction[f] = TO_NOTION;
    scene->rules.on_conflict = POLICY_NOTION;
    check_cases(scene, cases, COUNT(cases));
}

static void
test_to_github_by_choice(void **state)
{
    static const struct field_case cases[] = {
        {FIELD_TITLE, "a", "a", "a", "b", ROW_F3_TO_GITHUB, "b", NULL, false},
        {FIELD_TITLE, "a", "a", "b", "a", ROW_F9_ONE_WAY, NULL, NULL, false},
        {FIELD_TITLE, "a", "a", "b", "", ROW_F9_ONE_WAY, NULL, NULL, false},
        {FIELD_TITLE, "a", "a", "b", "c", ROW_F7_CONFLICT, "c", NULL, true},
        {FIELD_TITLE, NULL, NULL, "a", "", ROW_F9_ONE_WAY, NULL, NULL, false},
        {FIELD_STATUS, G, "To do", STATUS_CLOSED, "To do", ROW_F9_ONE_WAY, NULL, NULL, false},
        {FIELD_STATUS, G, "To do", STATUS_CLOSED, "Doing", ROW_F9_ONE_WAY, NULL, NULL, false},
        {FIELD_STATUS, STATUS_CLOSED, "Done", G, "Shipped", ROW_F9_ONE_WAY, NULL, NULL, false},
        {FIELD_STATUS, STATUS_CLOSED, "Done", STATUS_NOT_PLANNED, "Doing", ROW_F7_CONFLICT, G, NULL,
         true},
        {FIELD_STATUS, NULL, NULL, STATUS_CLOSED, "To do", ROW_F9_ONE_WAY, NULL, NULL, false},
        {FIELD_STATUS, NULL, NULL, STATUS_CLOSED, "Doing", ROW_F7_CONFLICT, G, NULL, true},
        {FIELD_LABELS, "a", "a", "a", "a,b", ROW_F3_TO_GITHUB, "a,b", NULL, false},
        {FIELD_LABELS, "a", "a", "a,b", "a", ROW_F9_ONE_WAY, NULL, NULL, false},
        {FIELD_LABELS, "a", "a", "a,b", "c", ROW_F5_BOTH, "b,c", NULL, false},
        {FIELD_LABELS, "a", "a", "a,b", "", ROW_F5_BOTH, "b", NULL, false},
    };
    struct scene *scene = *state;

    FIELD_EACH(f, all_fields()->based)
    scene->rules.direction[f] = TO_GITHUB;
    check_cases(scene, cases, COUNT(cases));
}

/* What people do on the far side of a one-way set is no part of what both agree on, so that what
 * comes later does not take it away, and it is there on the day when the field goes both ways. */
static void
test_one_way_sets_agree_on_what_came(void **state)
{
    static const struct field_case it = {FIELD_LABELS, "a,b", "a,b", "a,b,c", "b,d",
                                         ROW_F5_BOTH,  NULL,  NULL,  false};
    struct scene *scene = *state;
    struct page *answer;
    struct outcome outcome;
    const struct record *record;
    const struct item *item;

    scene->rules.direction[FIELD_LABELS] = TO_NOTION;
    item = case_item(scene, &it);
    answer = arena_memdup(scene->arena, item->page, sizeof(*answer));
    put_value(&answer->values, FIELD_LABELS, item->fields[FIELD_LABELS].value[SIDE_NOTION]);
    outcome = (struct outcome){.issue = item->issue, .page = answer};
    record = reconcile_settle(item, &outcome, scene->arena);
    assert_string_equal(
        value_display(scene->arena, value_of(&record->base[SIDE_GITHUB], FIELD_LABELS)), "a, b, c");
    assert_string_equal(
        value_display(scene->arena, value_of(&record->base[SIDE_NOTION], FIELD_LABELS)), "b, c, a");
}

/* A page or issue that was made for the other side is filled, whatever the direction. */
static void
test_one_way_after_creating(void **state)
{
    static const struct field_case it = {FIELD_LABELS,   NULL, NULL, "",   "a",
                                         ROW_F8_NO_BASE, "a",  NULL, false};
    struct scene *scene = *state;
    struct item *item;

    scene->rules.direction[FIELD_LABELS] = TO_NOTION;
    item = arena_memdup(scene->arena, case_item(scene, &it), sizeof(*item));
    item->row = ROW_E2_RECOVER;
    item->record = item->known = NULL;
    fields_decide(item, scene->arena);
    check_write(scene, &it, &item->fields[FIELD_LABELS], SIDE_GITHUB, "a", 0);
}

/* Adopted again after a crash, and unchanged on GitHub since it was made: what the page says
 * counts. An empty column says nothing, so it is filled. */
static void
test_as_made(void **state)
{
    static const int64_t unchanged[FIELD_BUILTINS];
    static const struct field_case cases[] = {
        {FIELD_TITLE, NULL, NULL, "a", "b", ROW_F8_NO_BASE, "b", NULL, false},
        {FIELD_LABELS, NULL, NULL, "a, b", "a", ROW_F8_NO_BASE, "a", NULL, false},
        {FIELD_TITLE, NULL, NULL, "a", " ", ROW_F8_NO_BASE, NULL, "a", false},
        {FIELD_LABELS, NULL, NULL, "a, b", "", ROW_F8_NO_BASE, NULL, "a, b", false},
        {FIELD_ISSUE_TYPE, NULL, NULL, "Bug", "", ROW_F8_NO_BASE, NULL, "Bug", false},
        {FIELD_MILESTONE, NULL, NULL, "v1", "", ROW_F8_NO_BASE, NULL, "v1", false},
    };
    struct scene *scene = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct item *item = arena_memdup(scene->arena, case_item(scene, &cases[i]), sizeof(*item));
        const struct field_plan *plan = &item->fields[cases[i].field];

        item->row = ROW_E2_RECOVER;
        item->record = item->known = NULL;
        item->changed_at = unchanged;
        fields_decide(item, scene->arena);
        assert_int_equal(plan->row, cases[i].row);
        assert_false(plan->conflict);
        check_write(scene, &cases[i], plan, SIDE_GITHUB, cases[i].write_github, i);
        check_write(scene, &cases[i], plan, SIDE_NOTION, cases[i].write_notion, i);
    }
}

/* What cannot be expressed is reported, and nothing of the field is touched or remembered. */
static void
test_no_option_fits(void **state)
{
    static const struct status_option open_only[] = {{"To do", MEANING_OPEN, NULL}};
    static const struct field_case it = {FIELD_STATUS,     G,    "To do", STATUS_CLOSED, "To do",
                                         ROW_F2_TO_NOTION, NULL, NULL,    false};
    struct scene *scene = *state;
    const struct item *item;

    scene->rules.status = (struct status_map){open_only, 1};
    item = case_item(scene, &it);
    assert_false(item->fields[FIELD_STATUS].write[SIDE_NOTION]);
    assert_false(item->fields[FIELD_STATUS].settles);
    assert_note(item, "status_map");
}

static void
test_long_label_is_told(void **state)
{
    static const struct field_case it = {FIELD_LABELS,     "a",  "a",  "a",  "a," LONG_LABEL,
                                         ROW_F3_TO_GITHUB, NULL, NULL, false};

    assert_note(case_item(*state, &it), "50 characters");
}

/* The option that a page had while it was open is remembered and comes back. */
static void
test_open_option_comes_back(void **state)
{
    static const struct {
        const char *base, *github,
            *page; /* the page was closed by its people, or by GitHub's closing */
        const char *remembered;
    } cases[] = {
        {"Doing", STATUS_CLOSED, "Doing", "Doing"},
        {"Doing", STATUS_OPEN, "Done", "Doing"},
        {"To do", STATUS_CLOSED, "Doing", "Doing"},
        {"Doing", STATUS_CLOSED, "Done", "Doing"},
        {"", STATUS_OPEN, "Done", ""},
    };
    struct scene *scene = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct field_case it = {
            FIELD_STATUS,  STATUS_OPEN,      cases[i].base, cases[i].github,
            cases[i].page, ROW_F2_TO_NOTION, NULL,          NULL,
            false};
        struct item *item = arena_memdup(scene->arena, case_item(scene, &it), sizeof(*item));
        struct page *page = arena_memdup(scene->arena, item->page, sizeof(*page));
        struct issue *issue = arena_memdup(scene->arena, item->issue, sizeof(*issue));
        const struct outcome outcome = {.issue = issue, .page = page};
        struct record *record;

        put_value(&page->values, FIELD_STATUS, item->fields[FIELD_STATUS].value[SIDE_NOTION]);
        put_value(&issue->values, FIELD_STATUS, item->fields[FIELD_STATUS].value[SIDE_GITHUB]);
        record = reconcile_settle(item, &outcome, scene->arena);
        assert_string_equal(record->open_option, cases[i].remembered);

        put_value(&issue->values, FIELD_STATUS, value_text(STATUS_OPEN));
        item->issue = issue;
        item->page = page;
        item->record = item->known = record;
        fields_decide(item, scene->arena);
        assert_string_equal(item->fields[FIELD_STATUS].value[SIDE_NOTION].text,
                            cases[i].remembered[0] != '\0' ? cases[i].remembered : "To do");
    }
}

/* The base is what the services answered, not what was sent; and only of what was written. */
static void
test_settle_takes_answers(void **state)
{
    static const struct field_case it = {FIELD_LABELS,     "a",     "a",  "a",  "a,b,c",
                                         ROW_F3_TO_GITHUB, "a,b,c", NULL, false};
    struct scene *scene = *state;
    const struct item *item = case_item(scene, &it);
    struct issue *answer = arena_memdup(scene->arena, item->issue, sizeof(*answer));
    struct outcome outcome = {.issue = answer, .page = item->page};
    const struct record *record;

    put_value(&answer->values, FIELD_LABELS, test_set(scene->arena, "a,b"));
    record = reconcile_settle(item, &outcome, scene->arena);
    assert_string_equal(
        value_display(scene->arena, value_of(&record->base[SIDE_GITHUB], FIELD_LABELS)), "a, b");
    assert_string_equal(
        value_display(scene->arena, value_of(&record->base[SIDE_NOTION], FIELD_LABELS)), "a, b, c");
    assert_string_equal(value_of(&record->base[SIDE_GITHUB], FIELD_TITLE)->text, "Title");

    outcome.failed[SIDE_GITHUB] = true;
    record = reconcile_settle(item, &outcome, scene->arena);
    assert_string_equal(
        value_display(scene->arena, value_of(&record->base[SIDE_NOTION], FIELD_LABELS)), "a");
    assert_string_equal(
        value_display(scene->arena, value_of(&record->base[SIDE_GITHUB], FIELD_LABELS)), "a");
}

/* Of what never came to be there is nothing to remember. */
static void
test_settle_half_a_link(void **state)
{
    struct scene *scene = *state;
    struct item no_issue = {.row = ROW_E1_NEW_ISSUE, .page_id = P1};
    struct item no_page = {.row = ROW_E3_NEW_PAGE, .number = 5};
    const struct outcome nothing = {0};
    struct page *page = test_page(scene->arena, P1, 0, "Title", "To do", "");
    const struct outcome unnumbered = {
        .issue = test_issue(scene->arena, 5, "Title", STATUS_OPEN, ""), .page = page};

    test_item_room(&no_issue, &scene->rules, scene->arena);
    test_item_room(&no_page, &scene->rules, scene->arena);
    assert_null(reconcile_settle(&no_issue, &nothing, scene->arena));
    assert_null(reconcile_settle(&no_page, &nothing, scene->arena));
    /* The issue was made, but its page does not carry the number. */
    assert_null(reconcile_settle(&no_issue, &unnumbered, scene->arena));
    page->number = 5;
    assert_non_null(reconcile_settle(&no_issue, &unnumbered, scene->arena));
}

/* An ending that was not done leaves the link as it is. */
static void
test_settle_endings(void **state)
{
    static const struct field_case it = {FIELD_TITLE, "a",  "a",  "a",  "a",
                                         ROW_F1_SAME, NULL, NULL, false};
    struct scene *scene = *state;
    struct item *item = arena_memdup(scene->arena, case_item(scene, &it), sizeof(*item));

    item->row = ROW_E10_UNLINK;
    item->ends_link = true;
    for (int ended = 0; ended < 2; ended++) {
        const struct outcome outcome = {.issue = item->issue, .ended = ended != 0};
        const struct record *record = reconcile_settle(item, &outcome, scene->arena);

        assert_int_equal(record->tombstone, ended);
        assert_string_equal(record->page_id, P1);
        assert_string_equal(value_of(&record->base[SIDE_GITHUB], FIELD_TITLE)->text, "a");
    }
}

#define FIELD_TEST(test) cmocka_unit_test_setup_teardown(test, scene_make, scene_delete)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        FIELD_TEST(test_titles),
        FIELD_TEST(test_long_titles),
        FIELD_TEST(test_statuses),
        FIELD_TEST(test_labels),
        FIELD_TEST(test_ignored_labels),
        FIELD_TEST(test_to_notion),
        FIELD_TEST(test_policies),
        FIELD_TEST(test_off_and_absent),
        FIELD_TEST(test_to_notion_by_choice),
        FIELD_TEST(test_to_github_by_choice),
        FIELD_TEST(test_one_way_sets_agree_on_what_came),
        FIELD_TEST(test_one_way_after_creating),
        FIELD_TEST(test_as_made),
        FIELD_TEST(test_no_option_fits),
        FIELD_TEST(test_long_label_is_told),
        FIELD_TEST(test_open_option_comes_back),
        FIELD_TEST(test_settle_takes_answers),
        FIELD_TEST(test_settle_half_a_link),
        FIELD_TEST(test_settle_endings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
