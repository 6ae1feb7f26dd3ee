#include "reconcile_sim.h"

#include "fields_test.h"
#include "reconcile/sets.h"

/* Random histories: people edit both sides, passes run and die. After a clean pass both sides say
 * the same, the next pass has nothing to do, nothing was overwritten unseen, nothing was made
 * twice. */

#define HISTORIES 400
#define ROUNDS    12

static const char *const titles[] = {
    "First",
    "Second",
    "",
    " ",
    "Third ",
    "two\nlines",
    "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 "
    "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 "
    "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 "
    "far beyond what GitHub takes",
};
static const char *const github_titles[] = {"First", "Second", "Third", "Fourth"};
static const char *const options[] = {"", "To do", "Doing", "Done", "Done", "Shipped", "Won't do"};
static const char *const states[] = {STATUS_OPEN, STATUS_OPEN, STATUS_CLOSED, STATUS_NOT_PLANNED,
                                     STATUS_DUPLICATE};
static const char *const labels[] = {"bug", "BUG", "ui", "docs", "later", SIM_LONG};

#define ONE_OF(sim, list) ((list)[sim_roll(sim, COUNT(list))])

static struct value
toggled(struct sim *sim, const struct value *set, size_t n_labels)
{
    const char *label = labels[sim_roll(sim, n_labels)];
    const struct value one = value_set(arena_memdup(sim->arena, &label, sizeof(label)), 1);
    const struct value none = value_set(NULL, 0);

    return value_has(set, label) ? sets_apply(sim->arena, set, &one, &none)
                                 : sets_apply(sim->arena, set, &none, &one);
}

static void
edit_issue(struct sim *sim, struct sim_issue *issue)
{
    struct issue *now = &issue->now;

    switch (sim_roll(sim, 6)) {
    case 0:
        put_value(&now->values, FIELD_TITLE, value_text(ONE_OF(sim, github_titles)));
        break;
    case 1:
    case 2:
        put_value(&now->values, FIELD_LABELS,
                  toggled(sim, value_of(&now->values, FIELD_LABELS), COUNT(labels) - 1));
        break;
    case 3:
        if (now->is_pull) {
            struct pull pull = *issue_pull(now);

            pull.head_sha = sim_roll(sim, 2) == 0 ? HEAD_A : HEAD_B;
            pull.merge_state = sim_roll(sim, 2) == 0 ? "CLEAN" : "BLOCKED";
            put_pull(now, pull);
        }
        break;
    default:
        if (!issue_pull(now)->merged)
            sim_set_status(sim, now,
                           now->is_pull ? sim_roll(sim, 2) == 0 ? STATUS_OPEN : STATUS_CLOSED
                                        : ONE_OF(sim, states),
                           false);
        break;
    }
    now->updated_at = sim_tick(sim);
}

static void
edit_page(struct sim *sim, struct sim_page *page)
{
    struct page *now = &page->now;

    switch (sim_roll(sim, 4)) {
    case 0:
        put_value(&now->values, FIELD_TITLE, value_text(ONE_OF(sim, titles)));
        break;
    case 1:
        put_value(&now->values, FIELD_LABELS,
                  toggled(sim, value_of(&now->values, FIELD_LABELS), COUNT(labels)));
        break;
    default:
        put_value(&now->values, FIELD_STATUS, value_text(ONE_OF(sim, options)));
        break;
    }
    now->edited_at = sim_tick(sim);
}

static void
add_issue(struct sim *sim)
{
    struct issue *issue =
        sim_add_issue(sim, ONE_OF(sim, github_titles), ONE_OF(sim, states), "bug");

    if (sim_roll(sim, 3) == 0) {
        put_pull(issue, (struct pull){.head_sha = HEAD_A,
                                      .merge_state = sim_roll(sim, 2) == 0 ? "CLEAN" : "BLOCKED"});
        sim_set_status(sim, issue, sim_roll(sim, 4) == 0 ? STATUS_CLOSED : STATUS_OPEN, false);
    }
}

/* What people do to links: clear or change the number, delete one end, bring a page back. */
static void
meddle(struct sim *sim)
{
    struct sim_page *page = sim->n_pages > 0 ? &sim->pages[sim_roll(sim, sim->n_pages)] : NULL;
    struct sim_issue *issue = sim->n_issues > 0 ? &sim->issues[sim_roll(sim, sim->n_issues)] : NULL;

    if (page == NULL || issue == NULL)
        return;
    switch (sim_roll(sim, 6)) {
    case 0:
        page->now.number = 0;
        break;
    case 1:
        page->now.number = issue->now.number;
        break;
    case 2:
        page->gone = !page->gone;
        break;
    case 3:
        issue->gone = true;
        break;
    default:
        break;
    }
    page->now.edited_at = sim_tick(sim);
}

static void
live(struct sim *sim, bool meddles)
{
    for (size_t i = sim_roll(sim, 6); i > 0; i--) {
        size_t what = sim_roll(sim, 12);

        if (what == 0 && sim->n_issues < SIM_MAX / 3)
            add_issue(sim);
        else if (what == 1 && sim->n_pages < SIM_MAX / 3)
            sim_add_page(sim, ONE_OF(sim, titles), ONE_OF(sim, options), "ui," SIM_LONG);
        else if (what == 2 && meddles)
            meddle(sim);
        else if (what < 7 && sim->n_issues > 0)
            edit_issue(sim, &sim->issues[sim_roll(sim, sim->n_issues)]);
        else if (sim->n_pages > 0)
            edit_page(sim, &sim->pages[sim_roll(sim, sim->n_pages)]);
    }
}

/* What nothing can make equal: a merge that GitHub refuses, or that was done. */
static bool
may_differ(const struct sim *sim, const struct issue *issue, const struct record *record)
{
    return issue->is_pull &&
           (issue_pull(issue)->merged || record_pulls(record)->tried_head != NULL ||
            sim->rules.pull_request_done == PULL_DONE_NONE);
}

static void
assert_same_sides(struct sim *sim, const struct record *record)
{
    const struct issue *issue = &sim->issues[record->number - 1].now;
    const struct page *page = &sim_page_of(sim, record->page_id)->now;

    assert_int_equal(page->number, record->number);
    for (enum field f = 0; f < FIELD_BUILTINS; f++) {
        if (f == FIELD_STATUS && may_differ(sim, issue, record))
            continue;
        if (all_fields()->items[f].direction == TO_NOTION
                ? value_equal(value_of(&issue->values, f), value_of(&page->values, f))
                : translate_same(&(struct terms){&sim->rules, sim->arena, NULL, NULL}, f,
                                 value_of(&issue->values, f), value_of(&page->values, f)))
            continue;
        fail_msg("#%d and its page differ in %s: %s, %s", (int)record->number,
                 all_fields()->items[f].name,
                 value_display(sim->arena, value_of(&issue->values, f)),
                 value_display(sim->arena, value_of(&page->values, f)));
    }
}

static void
assert_linked_once(struct sim *sim)
{
    for (size_t i = 0; i < sim->n_issues; i++) {
        const struct record *record = sim->records[i];

        if (record == NULL || record->tombstone)
            continue;
        assert_same_sides(sim, record);
        for (size_t k = 0; k < i; k++)
            if (sim->records[k] != NULL && !sim->records[k]->tombstone)
                assert_string_not_equal(sim->records[k]->page_id, record->page_id);
    }
}

/* Each link, ending and conflict is reported once; each closing and
 * reopening once per change of state. */
static void
assert_told_once(const struct sim_issue *issue)
{
    for (size_t i = 0; i < issue->n_comments; i++) {
        for (size_t k = i + 1; k < issue->n_comments; k++) {
            const char *marker = issue->comments[i].marker;

            if (strncmp(issue->comments[k].marker, "ended ", 6) == 0 ||
                strncmp(issue->comments[k].marker, "page=", 5) == 0) {
                if (strcmp(issue->comments[k].marker, marker) == 0)
                    fail_msg("#%d was told twice: %s", (int)issue->now.number, marker);
                if (strncmp(marker, "ended ", 6) == 0 || strncmp(marker, "page=", 5) == 0)
                    break;
                continue;
            }
            if (strcmp(issue->comments[k].marker, marker) != 0)
                continue;
            if (strncmp(marker, "conflict ", 9) == 0 || strncmp(marker, "merged ", 7) == 0 ||
                strncmp(marker, "refused ", 8) == 0)
                fail_msg("#%d was told twice: %s", (int)issue->now.number, marker);
        }
    }
}

static void
assert_made_once(struct sim *sim)
{
    for (size_t i = 0; i < sim->n_issues; i++)
        for (size_t k = 0; k < i; k++)
            if (sim->issues[i].now.marker != NULL && sim->issues[k].now.marker != NULL &&
                !sim->issues[i].gone && !sim->issues[k].gone)
                assert_string_not_equal(sim->issues[i].now.marker, sim->issues[k].now.marker);
}

static void
choose_rules(struct sim *sim)
{
    for (enum field f = 0; f < FIELD_BUILTINS; f++)
        sim->rules.on[f] = true;
    sim->rules.fields = all_fields();
    sim->rules.status = (struct status_map){test_options, COUNT(test_options)};
    sim->rules.pages_complete = sim->rules.records_complete = true;
    sim->rules.create_issues = CREATE_ISSUES_ALL;
    sim->rules.create_pages = sim_roll(sim, 2) == 0 ? CREATE_PAGES_OPEN : CREATE_PAGES_ALL;
    sim->rules.pull_requests = sim_roll(sim, 3) == 0 ? PULLS_LINKED : PULLS_ALL;
    sim->rules.link_comments = (enum link_comments)sim_roll(sim, 3);
    sim->rules.on_conflict = (enum policy)sim_roll(sim, 3);
    sim->rules.pull_request_done = (enum pull_done)sim_roll(sim, 3);
    sim->rules.on_page_deleted = (enum page_deleted)sim_roll(sim, 2);
    sim->rules.on_issue_deleted = (enum issue_deleted)sim_roll(sim, 2);
}

static void
run_history(uint64_t seed, bool meddles)
{
    struct sim sim = {.arena = arena_new(), .time = NOON};

    sim.random = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    choose_rules(&sim);
    for (int round = 0; round < ROUNDS && sim.n_issues + 8 < SIM_MAX && sim.n_pages + 8 < SIM_MAX;
         round++) {
        char *first;
        char *second;

        live(&sim, meddles);
        for (size_t dies = sim_roll(&sim, 3); dies > 0; dies--) {
            sim_pass(&sim, (int)sim_roll(&sim, 6), sim_roll(&sim, 2) == 0, NULL);
            if (sim_roll(&sim, 2) == 0)
                live(&sim, false);
        }
        sim_pass(&sim, -1, false, &first);
        if (sim_pass(&sim, -1, false, &second))
            fail_msg("history %d, round %d: after \"%s\" the next pass wants \"%s\"", (int)seed,
                     round, first, second);
        assert_linked_once(&sim);
        assert_made_once(&sim);
        for (size_t i = 0; i < sim.n_issues; i++)
            assert_told_once(&sim.issues[i]);
    }
    arena_free(sim.arena);
}

static void
test_edits(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= HISTORIES; seed++)
        run_history(seed, false);
}

static void
test_edits_and_links(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= HISTORIES; seed++)
        run_history(seed, true);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edits),
        cmocka_unit_test(test_edits_and_links),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
