#ifndef REPORT_FIXTURE_H
#define REPORT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fields_test.h"
#include "reconcile/rules.h"
#include "report/report.h"

/* Plans and results for the tests of the report, all in the arena. */

struct fixture {
    struct arena *arena;
    struct config config;
    struct pass_report report;
};

static inline int
fixture_setup(void **state)
{
    struct arena *arena = arena_new();
    struct fixture *fixture = arena_alloc(arena, sizeof(*fixture));
    struct http_stats unknown = {.limit = -1, .remaining = -1, .reset = -1};

    fixture->arena = arena;
    fixture->config.database = "2f1c0000-0000-4000-8000-000000000001";
    fixture->config.run_id = "77";
    fixture->config.run_attempt = 1;
    fixture->report.config = &fixture->config;
    fixture->report.repository = "octo/plans";
    fixture->report.github_rest = unknown;
    fixture->report.github_graphql = unknown;
    fixture->report.notion = unknown;
    *state = fixture;
    return 0;
}

static inline int
fixture_teardown(void **state)
{
    struct fixture *fixture = *state;

    vec_free(&fixture->report.results);
    arena_free(fixture->arena);
    return 0;
}

static inline struct item *
fixture_item(struct fixture *fixture, enum row row, int64_t number, const char *title)
{
    struct item *item = arena_alloc(fixture->arena, sizeof(*item));

    static struct rules rules;

    rules.fields = all_fields();
    item->rules = &rules;
    item->fields = arena_array(fixture->arena, FIELD_BUILTINS, sizeof(*item->fields));
    item->row = row;
    item->number = number;
    item->title = title;
    return item;
}

static inline struct result *
fixture_result(struct fixture *fixture, struct item *item, enum done done)
{
    struct result *result = arena_alloc(fixture->arena, sizeof(*result));

    result->item = item;
    result->done = done;
    result->number = item->number;
    vec_push(&fixture->report.results, result);
    return result;
}

/* Gives the item both ends, each with the URL of its number. */
static inline void
fixture_ends(struct fixture *fixture, struct item *item, bool is_pull)
{
    struct issue *issue = arena_alloc(fixture->arena, sizeof(*issue));
    struct page *page = arena_alloc(fixture->arena, sizeof(*page));

    issue->number = item->number;
    issue->is_pull = is_pull;
    issue->url =
        arena_printf(fixture->arena, "https://github.com/octo/plans/issues/%d", (int)item->number);
    page->id = "00000000-0000-4000-8000-00000000000a";
    page->url = arena_printf(fixture->arena, "https://www.notion.so/page-%d", (int)item->number);
    item->issue = issue;
    item->page = page;
    item->page_id = page->id;
}

/* Plans a field: what each side holds now and afterward; both sides need an end. */
static inline void
fixture_field(struct item *item, enum field field, enum field_row row, const char *const now[2],
              const char *const then[2])
{
    struct field_plan *plan = &item->fields[field];
    struct issue *issue = (struct issue *)item->issue;
    struct page *page = (struct page *)item->page;

    put_value(&issue->values, field, value_text(now[SIDE_GITHUB]));
    put_value(&page->values, field, value_text(now[SIDE_NOTION]));
    plan->row = row;
    for (enum side side = 0; side < SIDE_COUNT; side++) {
        plan->value[side] = value_text(then[side]);
        plan->write[side] = strcmp(now[side], then[side]) != 0;
    }
}

#define PAIR(github, notion) \
    (const char *const[])    \
    {                        \
        github, notion       \
    }

static inline void
fixture_action(struct item *item, enum action_kind kind)
{
    item->actions[item->n_actions++].kind = kind;
}

#endif
