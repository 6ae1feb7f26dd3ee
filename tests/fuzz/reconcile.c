#include "truth.h"

#include "../unit/fields_test.h"
#include "reconcile/comment.h"
#include "reconcile/fields.h"
#include "reconcile/translate.h"

static size_t
acts(const struct item *item, enum action_kind kind)
{
    size_t n = 0;

    for (size_t i = 0; i < item->n_actions; i++)
        n += item->actions[i].kind == kind;
    return n;
}

static bool
says(const struct item *item, enum comment_kind kind, struct arena *arena)
{
    for (size_t i = 0; i < item->n_actions; i++)
        if (item->actions[i].kind == ACTION_COMMENT && item->actions[i].comment == kind)
            return true;
    return comment_find(item, kind, arena) != NULL;
}

/* What an issue was made with is our own write: the page counts, unless its column is empty. */
static bool
is_as_made(const struct item *item, enum field field)
{
    return item->row == ROW_E2_RECOVER && item->changed_at != NULL &&
           item->changed_at[field] != CHANGE_UNKNOWN &&
           item->changed_at[field] <= item->issue->created_at + 2000 &&
           !value_is_empty(value_of(&item->page->values, field));
}

/* Whether the page's status is set back because its wish for a merge is void: an answer to the
 * page, so the direction does not count as long as the wish may go to GitHub. */
static bool
is_set_back(const struct item *item, enum field field, enum side side)
{
    return item->voided != NULL && field == FIELD_STATUS && side == SIDE_NOTION &&
           item->rules->direction[field] == TO_GITHUB;
}

/* Nothing is overwritten but what was agreed before, unless it is quoted (or is what Notion only
 * shows). */
static void
check_field(const struct item *item, enum field field, const struct rules *rules,
            struct arena *arena)
{
    const struct field_plan *plan = &item->fields[field];

    if (item->voided != NULL)
        CHECK(direction_reaches(rules->direction[FIELD_STATUS], SIDE_GITHUB));
    if (plan->conflict)
        CHECK(says(item, COMMENT_CONFLICT, arena));
    if (!rules->on[field] && field != FIELD_TITLE)
        CHECK(!plan->write[SIDE_NOTION] &&
              (!plan->write[SIDE_GITHUB] || item->row == ROW_E8_PAGE_GONE));
    CHECK(all_fields()->items[field].direction == BOTH_WAYS || !plan->write[SIDE_GITHUB]);
    for (enum side side = 0; side < SIDE_COUNT && field < FIELD_BODY; side++)
        CHECK(item->row == ROW_E1_NEW_ISSUE || item->row == ROW_E2_RECOVER ||
              item->row == ROW_E3_NEW_PAGE || item->row == ROW_E8_PAGE_GONE || !plan->write[side] ||
              is_set_back(item, field, side) || direction_reaches(rules->direction[field], side));
    if (field == FIELD_TITLE && plan->write[SIDE_GITHUB])
        CHECK(plan->value[SIDE_GITHUB].text[strspn(plan->value[SIDE_GITHUB].text, " ")] != '\0');
    for (enum side side = 0; side < SIDE_COUNT; side++) {
        const struct value *now =
            side == SIDE_GITHUB
                ? (item->issue != NULL ? value_of(&item->issue->values, field) : NULL)
                : (item->page != NULL ? value_of(&item->page->values, field) : NULL);
        const struct value *base =
            item->record != NULL ? value_of(&item->record->base[side], field) : NULL;

        if (!plan->write[side] || now == NULL || all_fields()->items[field].is_set ||
            field == FIELD_STATUS || all_fields()->items[field].direction == TO_NOTION)
            continue;
        CHECK(value_is_empty(now) || translate_title_is_blank(now) || plan->conflict ||
              (side == SIDE_GITHUB && is_as_made(item, field)) ||
              (base != NULL && value_equal(now, base)));
    }
}

static void
check_item(const struct item *item, const struct rules *rules, struct arena *arena)
{
    CHECK(item->title != NULL);
    CHECK(acts(item, ACTION_CREATE_ISSUE) + acts(item, ACTION_CREATE_PAGE) <= 1);
    for (enum action_kind kind = 0; kind < ACTION_KINDS; kind++)
        CHECK(kind == ACTION_COMMENT || acts(item, kind) <= 1);
    if (acts(item, ACTION_CREATE_ISSUE) > 0)
        CHECK(rules->create_issues != CREATE_ISSUES_NONE && item->issue == NULL &&
              item->number == 0 && item->page != NULL && item->page->number == 0 &&
              !item->page->gone);
    if (acts(item, ACTION_CREATE_PAGE) > 0)
        CHECK(rules->create_pages != CREATE_PAGES_NONE && item->issue != NULL &&
              item->page == NULL);
    if (acts(item, ACTION_WRITE_PAGE) > 0)
        CHECK(item->page != NULL && !item->page->gone);
    if (acts(item, ACTION_TRASH_PAGE) > 0)
        CHECK(rules->on_issue_deleted == ISSUE_DELETED_TRASH && item->issue == NULL &&
              item->row == ROW_E9_ISSUE_GONE && item->unlinks);
    if (acts(item, ACTION_CLEAR_NUMBER) > 0)
        CHECK(item->row == ROW_E9_ISSUE_GONE && item->page->number == item->number);
    if (acts(item, ACTION_MERGE_PULL) > 0)
        CHECK(item->issue != NULL && item->issue->is_pull && !issue_pull(item->issue)->merged &&
              (rules->pull_request_done == PULL_DONE_MERGE ||
               rules->pull_request_done == PULL_DONE_AUTO_MERGE));
    if (acts(item, ACTION_WRITE_ISSUE) > 0)
        CHECK(fields_write(item, SIDE_GITHUB));
    if (item->row == ROW_E5_NO_ISSUE || item->row == ROW_E6_DUPLICATE ||
        item->row == ROW_E7_MARKER_TAKEN)
        CHECK(item->n_actions == 0 && !item->saves);
    for (enum field f = 0; f < FIELD_BUILTINS; f++)
        check_field(item, f, rules, arena);
}

static bool
writes_page(const struct item *item)
{
    return acts(item, ACTION_CREATE_ISSUE) + acts(item, ACTION_WRITE_PAGE) +
               acts(item, ACTION_TRASH_PAGE) + acts(item, ACTION_CLEAR_NUMBER) >
           0;
}

/* A page that another item's record names gets no new issue. */
static bool
creates_beside(const struct item *item, const struct item *other)
{
    return acts(item, ACTION_CREATE_ISSUE) > 0 && other->record != NULL && other->saves;
}

/* No page gets two issues and no issue two pages, nor does anything get two minds. */
static void
check_pairs(const struct plan *plan)
{
    for (size_t i = 0; i < plan->items.len; i++)
        for (size_t k = 0; k < i; k++) {
            const struct item *a = plan->items.items[i];
            const struct item *b = plan->items.items[k];

            if (a->number != 0 && a->number == b->number)
                CHECK(a->n_actions == 0 || b->n_actions == 0);
            if (a->page_id != NULL && b->page_id != NULL && strcmp(a->page_id, b->page_id) == 0)
                CHECK((!writes_page(a) || !writes_page(b)) && !creates_beside(a, b) &&
                      !creates_beside(b, a));
        }
}

static void
check_settled(const struct item *item, struct arena *arena)
{
    const struct outcome outcome = {
        .issue = item->issue,
        .page = item->page,
        .ended = item->ends_link,
    };
    const struct record *record;

    if (item->number == 0 || item->page_id == NULL)
        return;
    record = reconcile_settle(item, &outcome, arena);
    if (record != NULL)
        CHECK(record->number == item->number && record->page_id != NULL);
}

static void
check_plan(struct truth *truth)
{
    struct missing missing, more;
    struct plan *plan = reconcile_plan(truth->world, &truth->rules, &missing, truth->arena);
    struct plan *again = reconcile_plan(truth->world, &truth->rules, &more, truth->arena);

    missing_free(&missing);
    missing_free(&more);
    CHECK(plan != NULL && again != NULL);
    CHECK(plan->items.len == again->items.len && plan->in_step == again->in_step);
    for (size_t i = 0; i < plan->items.len; i++) {
        const struct item *item = plan->items.items[i];
        const struct item *same = again->items.items[i];

        CHECK(item->row == same->row && item->number == same->number &&
              item->n_actions == same->n_actions);
        check_item(item, &truth->rules, truth->arena);
        check_settled(item, truth->arena);
        /* Only what was asked for by its id, and is not there, ends a link by its absence. */
        if (item->row == ROW_E8_PAGE_GONE || item->row == ROW_E9_ISSUE_GONE) {
            const struct issue_entry *number = world_find_issue(truth->world, item->number);
            const struct page_entry *page = world_find_page(truth->world, item->page_id);

            CHECK(item->row == ROW_E8_PAGE_GONE ? page->sight == SIGHT_GONE
                                                : number->sight == SIGHT_GONE);
        }
    }
    check_pairs(plan);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes bytes = {data, size};
    struct truth truth;

    truth_make(&truth, &bytes);
    check_plan(&truth);
    truth_free(&truth);
    return 0;
}
