#ifndef TESTS_RECONCILE_TEST_H
#define TESTS_RECONCILE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "fields_test.h"
#include "reconcile/comment.h"
#include "reconcile/fields.h"
#include "reconcile/reconcile.h"

/* Small worlds for tests of decisions. Everything lives in one arena; unless a test says otherwise
 * both sides were read in full, every field takes part, and an issue and a page that are linked say
 * the same. */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Ids of pages, which differ by their first digit. */
#define P1 "10000000-0000-4000-8000-000000000001"
#define P2 "20000000-0000-4000-8000-000000000002"
#define P3 "30000000-0000-4000-8000-000000000003"

#define HEAD_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HEAD_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

#define NOON INT64_C(1773230400000)

static const struct status_option test_options[] = {
    {"To do", MEANING_OPEN, NULL},           {"Doing", MEANING_OPEN, NULL},
    {"Done", MEANING_CLOSED, NULL},          {"Shipped", MEANING_CLOSED, NULL},
    {"Won't do", MEANING_NOT_PLANNED, NULL},
};

/* What a test works on. */
struct scene {
    struct arena *arena;
    struct world *world;
    struct rules rules;
    struct plan *plan;
};

static inline int
scene_make(void **state)
{
    struct scene *scene = calloc(1, sizeof(*scene));

    if (scene == NULL)
        return -1;
    scene->arena = arena_new();
    scene->world = world_new(scene->arena);
    scene->rules = (struct rules){
        .fields = all_fields(),
        .create_issues = CREATE_ISSUES_ALL,
        .create_pages = CREATE_PAGES_OPEN,
        .pull_requests = PULLS_LINKED,
        .link_comments = LINK_COMMENTS_NONE,
        .status = {test_options, COUNT(test_options)},
        .pages_complete = true,
        .records_complete = true,
    };
    for (enum field f = 0; f < FIELD_BUILTINS; f++)
        scene->rules.on[f] = !field_set_has(all_fields()->after_write, f);
    *state = scene;
    return 0;
}

static inline int
scene_delete(void **state)
{
    struct scene *scene = *state;

    world_free(scene->world);
    arena_free(scene->arena);
    free(scene);
    return 0;
}

/* Forgets what the world holds, keeping the rules: for the next row of a table. */
static inline void
scene_clear(struct scene *scene)
{
    world_free(scene->world);
    scene->world = world_new(scene->arena);
    scene->plan = NULL;
}

/* "a,b" as a set; "" is the empty one. */
static inline struct value
test_set(struct arena *arena, const char *list)
{
    char *text = arena_strdup(arena, list);
    const char **items = arena_array(arena, strlen(text) + 1, sizeof(*items));
    size_t len = 0;
    char *rest = text;

    for (char *item; (item = strtok_r(rest, ",", &rest)) != NULL;)
        items[len++] = item;
    return value_set(items, len);
}

static inline bool
test_issue_is_closed(const struct issue *issue)
{
    return status_is_closed(value_of(&issue->values, FIELD_STATUS)->text);
}

/* The columns that follow from the rest of an issue. */
static inline void
test_issue_shows(struct arena *arena, struct issue *issue)
{
    const char *state = issue_pull(issue)->merged     ? "Merged"
                        : test_issue_is_closed(issue) ? "Closed"
                        : issue_pull(issue)->draft    ? "Draft"
                                                      : "Open";

    issue->url =
        arena_printf(arena, "https://github.test/octo/hello/issues/%d", (int)issue->number);
    put_value(&issue->values, FIELD_TYPE, value_text(issue->is_pull ? "Pull request" : "Issue"));
    put_value(&issue->values, FIELD_URL, value_text(issue->url));
    put_value(&issue->values, FIELD_STATE, value_text(state));
}

static inline struct issue *
test_issue(struct arena *arena, int64_t number, const char *title, const char *status,
           const char *labels)
{
    struct issue *issue = arena_alloc(arena, sizeof(*issue));

    issue->number = number;
    issue->author = "octo";
    issue->created_at = issue->updated_at = NOON;
    put_value(&issue->values, FIELD_TITLE, value_text(title));
    put_value(&issue->values, FIELD_STATUS, value_text(status));
    put_value(&issue->values, FIELD_LABELS, test_set(arena, labels));
    test_issue_shows(arena, issue);
    return issue;
}

static inline struct issue *
test_pull(struct arena *arena, int64_t number, const char *title, const char *status,
          const char *head, const char *merge_state)
{
    struct issue *issue = test_issue(arena, number, title, status, "");

    put_pull(issue, (struct pull){.head_sha = head,
                                  .base = "main",
                                  .merge_state = merge_state,
                                  .merged = strcmp(status, STATUS_MERGED) == 0});
    test_issue_shows(arena, issue);
    return issue;
}

static inline struct page *
test_page(struct arena *arena, const char *id, int64_t number, const char *title,
          const char *status, const char *labels)
{
    struct page *page = arena_alloc(arena, sizeof(*page));

    page->id = id;
    page->url = arena_printf(arena, "https://notion.test/%s", id);
    page->number = number;
    page->direct = true;
    page->edited_by = "";
    page->created_at = page->edited_at = NOON;
    put_value(&page->values, FIELD_TITLE, value_text(title));
    put_value(&page->values, FIELD_STATUS, value_text(status));
    put_value(&page->values, FIELD_LABELS, test_set(arena, labels));
    put_value(&page->values, FIELD_STATE, value_text(""));
    put_value(&page->values, FIELD_TYPE, value_text(""));
    put_value(&page->values, FIELD_URL, value_text(""));
    return page;
}

/* Room for the decisions of an item that a test makes by hand. */
static inline void
test_item_room(struct item *item, const struct rules *rules, struct arena *arena)
{
    item->rules = rules;
    item->fields = arena_array(arena, rules->fields->n, sizeof(*item->fields));
    item->doubts = arena_array(arena, rules->fields->n, sizeof(*item->doubts));
}

/* The page shows what is in the issue's columns. */
static inline void
test_page_shows(struct page *page, const struct issue *issue)
{
    for (enum field f = 0; f < FIELD_BUILTINS; f++)
        if (all_fields()->items[f].direction == TO_NOTION)
            put_value(&page->values, f, *value_of(&issue->values, f));
}

/* A record of what both sides say now. */
static inline struct record *
test_record(struct arena *arena, const struct issue *issue, const struct page *page)
{
    struct record *record = arena_alloc(arena, sizeof(*record));

    record->number = issue->number;
    record->page_id = page->id;
    record->is_pull = issue->is_pull;
    record->link_comment = 1;
    *record_own_pulls(record, arena) = (struct pull_record){.head = issue_pull(issue)->head_sha,
                                                            .base_branch = issue_pull(issue)->base};
    record->state_seen = issue->state_changed_at;
    FIELD_EACH(f, all_fields()->based)
    {
        put_value(&record->base[SIDE_GITHUB], f, *value_of(&issue->values, f));
        put_value(&record->base[SIDE_NOTION], f, *value_of(&page->values, f));
    }
    return record;
}

static inline void
scene_see_issue(struct scene *scene, const struct issue *issue)
{
    world_see_issue(scene->world, issue);
    world_issue(scene->world, issue->number)->focus = true;
    if (!world_issue(scene->world, issue->number)->record_read)
        world_see_record(scene->world, issue->number, NULL);
}

static inline void
scene_see_page(struct scene *scene, const struct page *page)
{
    world_see_page(scene->world, page);
    world_page(scene->world, page->id)->focus = true;
    /* With all records read, a number that has none is known to have none. */
    if (page->number > 0 && !world_issue(scene->world, page->number)->record_read)
        world_see_record(scene->world, page->number, NULL);
}

static inline void
scene_see_record(struct scene *scene, const struct record *record)
{
    world_see_record(scene->world, record->number, record);
}

static inline void
scene_see_comments(struct scene *scene, int64_t number, const struct own_comment *comments,
                   size_t n)
{
    world_see_comments(scene->world, number, comments, n);
}

/* GitHub does not show when fields of these issues changed. */
static inline void
world_hide_changes(struct world *world, const struct number_list *numbers)
{
    static int64_t unknown[FIELD_BUILTINS];

    for (size_t f = 0; f < FIELD_BUILTINS; f++)
        unknown[f] = CHANGE_UNKNOWN;
    for (size_t i = 0; i < numbers->len; i++)
        world_issue(world, numbers->items[i])->changed_at = unknown;
}

static inline const struct plan *
scene_plan(struct scene *scene)
{
    struct missing missing;

    scene->plan = reconcile_plan(scene->world, &scene->rules, &missing, scene->arena);
    if (scene->plan == NULL) {
        world_hide_changes(scene->world, &missing.changes);
        missing_free(&missing);
        scene->plan = reconcile_plan(scene->world, &scene->rules, &missing, scene->arena);
        if (scene->plan == NULL)
            fail_msg("something is still missing");
    }
    missing_free(&missing);
    return scene->plan;
}

static inline const char *
test_action_name(const struct action *action)
{
    static const char *const comments[] = {"say-link",     "say-status",  "say-merged",
                                           "say-conflict", "say-refused", "say-ended",
                                           "say-void",     "ask"};
    static const char *const names[ACTION_KINDS] = {
        [ACTION_CREATE_ISSUE] = "create-issue",   [ACTION_CREATE_PAGE] = "create-page",
        [ACTION_WRITE_ISSUE] = "write-issue",     [ACTION_MERGE_PULL] = "merge",
        [ACTION_WRITE_PAGE] = "write-page",       [ACTION_CLEAR_NUMBER] = "clear-number",
        [ACTION_TRASH_PAGE] = "trash-page",       [ACTION_SHOW_PAGE] = "show-page",
        [ACTION_DISARM_PULL] = "disarm",          [ACTION_LOOK] = "look",
        [ACTION_WRITE_CONTENT] = "write-content", [ACTION_QUOTE] = "quote",
        [ACTION_RENEW_MARKER] = "renew-marker",
    };

    return action->kind == ACTION_COMMENT ? comments[action->comment] : names[action->kind];
}

static inline const char *
test_row_name(enum row row)
{
    static const char *const names[ROW_COUNT] = {"none", "E1",  "E2",  "E3",    "E4",  "E5",
                                                 "E6",   "E7",  "E8",  "E9",    "E10", "E11",
                                                 "E12",  "E13", "E14", "linked"};

    return names[row];
}

/* "E1 #0 1: create-issue write-page": row, number, the page's first digit, actions in order. */
static inline char *
test_item_text(struct arena *arena, const struct item *item)
{
    char *text = arena_printf(arena, "%s #%d %.1s:", test_row_name(item->row), (int)item->number,
                              item->page_id != NULL ? item->page_id : "-");

    for (size_t i = 0; i < item->n_actions; i++)
        text = arena_printf(arena, "%s %s", text, test_action_name(&item->actions[i]));
    return text;
}

/* All items, separated by "; ". */
static inline char *
test_plan_text(struct arena *arena, const struct plan *plan)
{
    char *text = arena_strdup(arena, "");

    for (size_t i = 0; i < plan->items.len; i++)
        text = arena_printf(arena, "%s%s%s", text, i > 0 ? "; " : "",
                            test_item_text(arena, plan->items.items[i]));
    return text;
}

static inline void
assert_plan(struct scene *scene, const char *expected)
{
    char *text = test_plan_text(scene->arena, scene_plan(scene));

    assert_string_equal(text, expected);
}

static inline const struct item *
scene_only_item(struct scene *scene)
{
    const struct plan *plan = scene_plan(scene);

    if (plan->items.len != 1)
        fail_msg("%zu items: %s", plan->items.len, test_plan_text(scene->arena, plan));
    return plan->items.items[0];
}

static inline void
assert_note(const struct item *item, const char *text)
{
    for (size_t i = 0; i < item->notes.n; i++)
        if (strstr(item->notes.items[i], text) != NULL)
            return;
    fail_msg("no note says \"%s\"%s%s", text, item->notes.n > 0 ? ", but: " : "",
             item->notes.n > 0 ? item->notes.items[0] : "");
}

#endif
