#include "reconcile/fields.h"

#include <string.h>

#include "base/utf8.h"
#include "reconcile/body.h"
#include "reconcile/sets.h"
#include "reconcile/translate.h"

/* Notion takes so many options a row: developers.notion.com/reference/request-limits. */
#define NOTION_LABELS_MAX 100

static const struct value absent;

bool
fields_write(const struct item *item, enum side side)
{
    for (enum field f = 0; f < FIELD_COUNT; f++)
        if (item->fields[f].write[side] && (side == SIDE_GITHUB || field_is_property(f)))
            return true;
    return false;
}

/* What a decision about one field rests on. */
struct sight_of_field {
    enum field field;
    const struct value *now[SIDE_COUNT], *base[SIDE_COUNT]; /* as far as they take part */
    const struct value *whole[SIDE_COUNT];                  /* as read */
    const struct item *item;
    const struct rules *rules;
    struct arena *arena;
    struct terms terms;
};

/* The elements that take part become what the other side says; the others stay. */
static bool
set_copy(const struct sight_of_field *see, enum side to, struct field_plan *plan)
{
    enum side from = side_other(to);
    struct value wanted = translate_set(&see->terms, see->field, to, see->now[from]);

    if (see->field == FIELD_PARENT && to == SIDE_GITHUB && wanted.len > 1)
        wanted.len = 1;
    plan->settles = true;
    plan->value[to] = sets_apply(see->arena, see->whole[to], see->now[to], &wanted);
    plan->write[to] = !value_equal(&plan->value[to], see->whole[to]);
    return true;
}

/* GitHub's value goes to Notion, or Notion's to GitHub; only what differs there is written. */
static bool
field_copy(const struct sight_of_field *see, enum side to, struct field_plan *plan)
{
    const char *before = see->item->record != NULL ? see->item->record->open_option : NULL;
    struct value wanted;
    bool ok;

    if (field_table[see->field].is_set)
        return set_copy(see, to, plan);
    ok = to == SIDE_NOTION
             ? translate_to_notion(&see->terms, see->field, see->now[SIDE_GITHUB],
                                   see->now[SIDE_NOTION], before, &wanted)
             : translate_to_github(&see->terms, see->field, see->now[SIDE_NOTION], &wanted);
    if (!ok)
        return false;
    plan->settles = true;
    /* GitHub looks at a reason only when an issue is closed, so one closed state is not turned into
     * another. */
    if (to == SIDE_GITHUB && see->field == FIELD_STATUS &&
        status_is_closed(wanted.text) == status_is_closed(see->now[SIDE_GITHUB]->text))
        return true;
    if (value_equal(&wanted, see->now[to]))
        return true;
    plan->write[to] = true;
    plan->value[to] = wanted;
    return true;
}

enum side
fields_winner(const struct item *item, const struct rules *rules)
{
    bool notion_wins =
        rules->on_conflict == POLICY_NOTION ||
        (rules->on_conflict == POLICY_NEWEST && item->page->edited_at > item->issue->updated_at);

    return notion_wins ? SIDE_NOTION : SIDE_GITHUB;
}

static bool
field_conflict(const struct sight_of_field *see, enum field_row row, struct field_plan *plan)
{
    plan->row = row;
    plan->conflict = true;
    plan->winner = fields_winner(see->item, see->rules);
    return field_copy(see, side_other(plan->winner), plan);
}

/* An issue has one parent. Where Notion alone was changed, the one that the issue has stays it. */
static bool
parent_choose(const struct sight_of_field *see, enum field_row row, struct field_plan *plan)
{
    if (row != ROW_F3) {
        for (enum side s = 0; s < SIDE_COUNT; s++) {
            plan->value[s] = *see->whole[s];
            plan->write[s] = false;
        }
        return field_conflict(see, ROW_F7, plan);
    }
    plan->value[SIDE_GITHUB].len = 1;
    plan->write[SIDE_GITHUB] = !value_equal(&plan->value[SIDE_GITHUB], see->whole[SIDE_GITHUB]);
    item_note(see->terms.item, "GitHub takes one parent an issue: the others stay in Notion only");
    return true;
}

/* Sets: each side's change is applied to the other, element by element. Without a base, all was
 * added. */
static bool
field_merge(const struct sight_of_field *see, enum field_row row, struct field_plan *plan)
{
    plan->row = row;
    plan->settles = true;
    for (enum side s = 0; s < SIDE_COUNT; s++) {
        enum side other = side_other(s);
        struct value base = translate_set(&see->terms, see->field, s, see->base[other]);
        struct value now = translate_set(&see->terms, see->field, s, see->now[other]);

        plan->value[s] = sets_apply(see->arena, see->whole[s], &base, &now);
        plan->write[s] = !value_equal(&plan->value[s], see->whole[s]);
    }
    if (see->field == FIELD_PARENT && plan->value[SIDE_GITHUB].len > 1)
        return parent_choose(see, row, plan);
    return true;
}

/* GitHub has no empty title, so an emptied one has nothing to say. */
static bool
field_is_blank(const struct sight_of_field *see)
{
    return see->field == FIELD_TITLE && translate_title_is_blank(see->now[SIDE_NOTION]);
}

static bool
status_is_default(const struct status_map *map, const char *option)
{
    const char *first = status_option_for(map, STATUS_OPEN, NULL);

    return first != NULL && strcmp(first, option) == 0;
}

/* An issue that we created was open then, or closed by us as its page asked for: what differs now
 * is Notion's change, unless somebody else closed or reopened the issue since. */
static bool
state_is_others(const struct issue *issue)
{
    return !issue->state_by_viewer &&
           (issue->state_changed_at != 0 || status_is_closed(issue->values[FIELD_STATUS].text));
}

/* Row F8: there is no base to tell who changed what. */
static bool
field_without_base(const struct sight_of_field *see, struct field_plan *plan)
{
    const struct value *github = see->now[SIDE_GITHUB];
    const struct value *notion = see->now[SIDE_NOTION];

    if (field_table[see->field].is_set)
        return field_merge(see, ROW_F8, plan);
    plan->row = ROW_F8;
    plan->settles = true;
    if (value_is_empty(notion) || field_is_blank(see))
        return field_copy(see, SIDE_NOTION, plan);
    if (translate_same(&see->terms, see->field, github, notion))
        return true;
    if (value_is_empty(github))
        return field_copy(see, SIDE_GITHUB, plan);
    /* A new status property shows what it shows by default: that is nobody's word against
     * GitHub's. */
    if (see->field == FIELD_STATUS && (see->item->row == ROW_LINKED || see->rules->status_is_new) &&
        status_is_default(&see->rules->status, notion->text))
        return field_copy(see, SIDE_NOTION, plan);
    if (see->field == FIELD_STATUS && see->item->row == ROW_E2)
        return field_copy(see, state_is_others(see->item->issue) ? SIDE_NOTION : SIDE_GITHUB, plan);
    return field_conflict(see, ROW_F7, plan);
}

/* A move between two open options contradicts nothing that GitHub did. The record remembers the
 * last of them (reconcile_settle), so it may be overwritten. */
static bool
status_stays_open(const struct sight_of_field *see)
{
    const struct status_map *map = &see->rules->status;

    return see->field == FIELD_STATUS &&
           status_meaning(map, see->now[SIDE_NOTION]->text) == MEANING_OPEN &&
           status_meaning(map, see->base[SIDE_NOTION]->text) == MEANING_OPEN;
}

static bool
field_both_ways(const struct sight_of_field *see, struct field_plan *plan)
{
    bool changed[SIDE_COUNT];

    if (see->base[SIDE_GITHUB]->kind == VALUE_ABSENT ||
        see->base[SIDE_NOTION]->kind == VALUE_ABSENT)
        return field_without_base(see, plan);
    for (int s = 0; s < SIDE_COUNT; s++)
        changed[s] = !value_equal(see->now[s], see->base[s]);
    plan->row = !changed[SIDE_NOTION]   ? changed[SIDE_GITHUB] ? ROW_F2 : ROW_F1
                : !changed[SIDE_GITHUB] ? ROW_F3
                                        : ROW_F5;
    if (plan->row == ROW_F1)
        return true;
    if (plan->row == ROW_F5 &&
        translate_same(&see->terms, see->field, see->now[SIDE_GITHUB], see->now[SIDE_NOTION])) {
        plan->row = ROW_F4;
        plan->settles = true;
        return true;
    }
    if (field_table[see->field].is_set)
        return field_merge(see, plan->row, plan);
    if (field_is_blank(see) || (plan->row == ROW_F5 && status_stays_open(see)))
        plan->row = ROW_F2;
    if (plan->row == ROW_F5)
        return field_conflict(see, ROW_F7, plan);
    return field_copy(see, plan->row == ROW_F2 ? SIDE_NOTION : SIDE_GITHUB, plan);
}

static void
field_to_notion_only(const struct sight_of_field *see, struct field_plan *plan)
{
    struct value shown = *see->whole[SIDE_GITHUB];

    if (shown.kind == VALUE_SET)
        shown = translate_set(&see->terms, see->field, SIDE_NOTION, &shown);
    plan->row = value_equal(&shown, see->whole[SIDE_NOTION]) ? ROW_F1 : ROW_F2;
    plan->write[SIDE_NOTION] = plan->row == ROW_F2;
    plan->value[SIDE_NOTION] = shown;
}

static void
field_decide(const struct sight_of_field *see, struct item *item, struct field_plan *plan)
{
    const char *problem;

    *plan = (struct field_plan){.value = {*see->whole[SIDE_GITHUB], *see->whole[SIDE_NOTION]}};
    if (!see->rules->on[see->field] || see->now[SIDE_GITHUB]->kind == VALUE_ABSENT ||
        see->now[SIDE_NOTION]->kind == VALUE_ABSENT)
        return;
    if (field_table[see->field].direction == TO_NOTION) {
        field_to_notion_only(see, plan);
        return;
    }
    if (field_both_ways(see, plan))
        return;
    *plan = (struct field_plan){.value = {*see->whole[SIDE_GITHUB], *see->whole[SIDE_NOTION]}};
    problem = translate_problem(&see->terms, see->field, see->now[SIDE_NOTION]);
    if (problem != NULL)
        item_note(item, problem);
}

static void
labels_note(struct item *item, const struct value *notion)
{
    for (size_t i = 0; notion->kind == VALUE_SET && i < notion->len; i++)
        if (utf8_length(notion->items[i]) > GITHUB_LABEL_MAX)
            item_note(item, "a label of over 50 characters stays in Notion only");
    if (item->fields[FIELD_LABELS].value[SIDE_NOTION].len > NOTION_LABELS_MAX)
        item_note(item, "Notion takes a hundred labels a page: the others stay on GitHub only");
}

/* Another property of the database carries the field than the one that the base is of: what is not
 * in it was not taken out by anybody. */
static bool
field_moved(const struct record *record, enum field field, const struct rules *rules)
{
    return record->property[field] != NULL && rules->property[field] != NULL &&
           strcmp(record->property[field], rules->property[field]) != 0;
}

void
fields_decide(struct item *item, const struct rules *rules, struct arena *arena)
{
    for (enum field f = 0; f < FIELD_COUNT; f++) {
        const struct record *record = item->record;
        bool based = record != NULL && f < FIELD_BASED && !field_moved(record, f, rules);
        struct value now[SIDE_COUNT], base[SIDE_COUNT];
        struct sight_of_field see = {
            .field = f,
            .whole = {&item->issue->values[f], &item->page->values[f]},
            .item = item,
            .rules = rules,
            .arena = arena,
            .terms = {rules, arena, item},
        };

        if (!field_is_property(f))
            continue;
        for (enum side s = 0; s < SIDE_COUNT; s++) {
            now[s] = *see.whole[s];
            base[s] = based ? record->base[s][f] : absent;
            if (rules->on[f] && field_table[f].direction == BOTH_WAYS) {
                now[s] = translate_counted(&see.terms, f, s, &now[s]);
                base[s] = translate_counted(&see.terms, f, s, &base[s]);
            }
            see.now[s] = &now[s];
            see.base[s] = &base[s];
        }
        field_decide(&see, item, &item->fields[f]);
    }
    if (rules->on[FIELD_LABELS])
        labels_note(item, &item->page->values[FIELD_LABELS]);
    body_decide(item, rules, arena);
}

void
fields_for_page(struct item *item, const struct rules *rules, struct arena *arena)
{
    const struct terms terms = {rules, arena, item};

    body_for_page(item, rules, arena);
    for (enum field f = 0; f < FIELD_COUNT; f++) {
        const struct value *github = &item->issue->values[f];
        struct field_plan *plan = &item->fields[f];

        if (!field_is_property(f))
            continue;
        *plan = (struct field_plan){.row = ROW_F8, .value = {*github, absent}};
        if ((!rules->on[f] && f != FIELD_TITLE) || github->kind == VALUE_ABSENT)
            continue;
        if (!translate_to_notion(&terms, f, github, NULL, NULL, &plan->value[SIDE_NOTION])) {
            item_note(item, translate_problem(&terms, f, &absent));
            continue;
        }
        plan->write[SIDE_NOTION] = true;
        plan->settles = field_table[f].direction == BOTH_WAYS;
    }
}

void
fields_for_issue(struct item *item, const struct rules *rules, struct arena *arena)
{
    const struct terms terms = {rules, arena, item};

    body_for_issue(item, rules, arena);
    for (enum field f = 0; f < FIELD_COUNT; f++) {
        const char *problem;
        const struct value *notion = &item->page->values[f];
        struct field_plan *plan = &item->fields[f];

        if (!field_is_property(f))
            continue;
        *plan = (struct field_plan){.row = ROW_F8, .value = {absent, *notion}};
        if ((!rules->on[f] && f != FIELD_TITLE) || notion->kind == VALUE_ABSENT)
            continue;
        if (field_table[f].direction == TO_NOTION)
            continue;
        plan->settles = translate_to_github(&terms, f, notion, &plan->value[SIDE_GITHUB]);
        plan->write[SIDE_GITHUB] = plan->settles;
        problem = plan->settles ? NULL : translate_problem(&terms, f, notion);
        if (problem != NULL)
            item_note(item, problem);
        if (f == FIELD_PARENT && plan->value[SIDE_GITHUB].len > 1)
            plan->value[SIDE_GITHUB].len = 1;
    }
    if (rules->on[FIELD_LABELS])
        labels_note(item, &item->page->values[FIELD_LABELS]);
}
