#include "reconcile/fields_p.h"

#include <string.h>

#include "base/utf8.h"
#include "model/lens.h"
#include "model/sealed.h"
#include "reconcile/newborn.h"
#include "reconcile/own.h"

/* The most options that Notion accepts in a row: developers.notion.com/reference/request-limits. */
#define NOTION_LABELS_MAX 100

/* GitHub dates the values an issue was made with to that moment, or a little later (ms). */
#define MADE_WITHIN 2000

static const struct value absent;

bool
fields_write(const struct item *item, enum side side)
{
    for (enum field f = 0; f < item->rules->fields->n; f++)
        if (item->fields[f].write[side] &&
            (side == SIDE_GITHUB || field_set_has(item->rules->fields->properties, f)))
            return true;
    return false;
}

/* GitHub's value goes to Notion, or Notion's to GitHub. Only differences are written. */
static bool
field_copy(const struct field_view *see, enum side to, struct field_plan *plan)
{
    const char *before = see->item->known != NULL ? see->item->known->open_option : NULL;
    struct value wanted;
    bool ok;

    if (see->rules->fields->items[see->field].is_set) {
        set_copy(see, to, plan);
        return true;
    }
    ok = to == SIDE_NOTION
             ? translate_to_notion(&see->terms, see->field, see->now[SIDE_GITHUB],
                                   see->whole[SIDE_NOTION], before, &wanted)
             : translate_to_github(&see->terms, see->field, see->now[SIDE_NOTION], &wanted);
    if (!ok)
        return false;
    plan->settles = true;
    /* GitHub looks at a reason only when an issue is closed, so one closed state does not replace
     * another. */
    if (to == SIDE_GITHUB && see->field == FIELD_STATUS &&
        status_is_closed(wanted.text) == status_is_closed(see->now[SIDE_GITHUB]->text))
        return true;
    if (value_equal(&wanted, see->whole[to]))
        return true;
    plan->write[to] = true;
    plan->value[to] = wanted;
    return true;
}

enum side
fields_winner(const struct item *item)
{
    bool notion_wins = item->rules->on_conflict == POLICY_NOTION ||
                       (item->rules->on_conflict == POLICY_NEWEST &&
                        item->page->edited_at > item->issue->updated_at);

    return notion_wins ? SIDE_NOTION : SIDE_GITHUB;
}

/* A page or issue that was made for the other side has all its values, whatever the direction. */
bool
field_goes(const struct field_view *see, enum side to)
{
    bool made = see->item->row == ROW_E2_RECOVER &&
                !(to == SIDE_GITHUB && see->field == FIELD_TITLE && see->rules->held_back);

    return made || direction_reaches(see->rules->direction[see->field], to);
}

/* A value that we may have written never wins against a value that a person wrote. */
static enum side
winner_of(const struct field_view *see)
{
    switch (see->item->doubts[see->field]) {
    case DOUBT_GITHUB:
        return SIDE_NOTION;
    case DOUBT_NOTION:
        return SIDE_GITHUB;
    default:
        return fields_winner(see->item);
    }
}

bool
field_conflict(const struct field_view *see, struct field_plan *plan)
{
    plan->row = ROW_F7_CONFLICT;
    plan->conflict = true;
    plan->winner = !field_goes(see, SIDE_GITHUB)   ? SIDE_GITHUB
                   : !field_goes(see, SIDE_NOTION) ? SIDE_NOTION
                                                   : winner_of(see);
    return field_copy(see, side_other(plan->winner), plan);
}

/* A value that would move against the field's direction stays, and is not part of the base. */
static bool
field_carry(const struct field_view *see, enum side to, struct field_plan *plan)
{
    if (field_goes(see, to))
        return field_copy(see, to, plan);
    plan->row = ROW_F9_ONE_WAY;
    plan->settles = false;
    return true;
}

/* GitHub has no empty title, so an empty one is ignored. */
static bool
field_is_blank(const struct field_view *see)
{
    return see->field == FIELD_TITLE && translate_title_is_blank(see->now[SIDE_NOTION]);
}

static bool
status_is_default(const struct status_map *map, const char *option)
{
    const char *first = status_option_for(map, STATUS_OPEN, NULL);

    return first != NULL && strcmp(first, option) == 0;
}

/* An issue that we created was open then, or we closed it as its page asked. So a difference now is
 * Notion's change, unless somebody else closed or reopened the issue since. */
static bool
state_is_others(const struct issue *issue)
{
    return !issue->state_by_viewer &&
           (issue->state_changed_at != 0 ||
            status_is_closed(value_of(&issue->values, FIELD_STATUS)->text));
}

/* We no longer know what the page held, but the issue has not changed. So a difference is the
 * page's change. It stays there if it may not go to GitHub. */
static bool
only_page_differs(const struct field_view *see)
{
    return see->base[SIDE_GITHUB]->kind != VALUE_ABSENT && !field_goes(see, SIDE_GITHUB) &&
           value_equal(see->base[SIDE_GITHUB], see->now[SIDE_GITHUB]);
}

bool
field_is_as_made(const struct item *item, enum field field)
{
    const struct rules *rules = item->rules;
    bool is_set = rules->fields->items[field].is_set;

    if (item->row != ROW_E2_RECOVER || item->changed_at == NULL || item->stored != NULL)
        return false;
    if (field_set_has(rules->fields->lenses, field))
        field = FIELD_LABELS;
    /* The page does not name the values that the issue got in addition. */
    if (field == FIELD_LABELS && is_set && rules->new_labels.kind == VALUE_SET)
        return false;
    return field < FIELD_BUILTINS && item->changed_at[field] != CHANGE_UNKNOWN &&
           item->changed_at[field] <= item->issue->created_at + MADE_WITHIN;
}

/* Row F8: there is no base that shows who changed what. */
static bool
field_without_base(const struct field_view *see, struct field_plan *plan)
{
    const struct value *github = see->now[SIDE_GITHUB];
    const struct value *notion = see->now[SIDE_NOTION];

    if (field_is_as_made(see->item, see->field) && see->field != FIELD_STATUS &&
        !field_is_blank(see)) {
        plan->row = ROW_F8_NO_BASE;
        return field_carry(see, SIDE_GITHUB, plan);
    }
    if (see->rules->fields->items[see->field].is_set)
        return set_merge(see, ROW_F8_NO_BASE, plan);
    plan->row = ROW_F8_NO_BASE;
    plan->settles = true;
    if (translate_is_empty(&see->terms, see->field, notion) || field_is_blank(see))
        return field_carry(see, SIDE_NOTION, plan);
    if (translate_same(&see->terms, see->field, github, notion))
        return true;
    if (translate_is_empty(&see->terms, see->field, github) || only_page_differs(see))
        return field_carry(see, SIDE_GITHUB, plan);
    /* A new status property shows its default. Nobody chose that over GitHub's state, unless a
     * person may have set it back after our write. */
    if (see->field == FIELD_STATUS && see->item->doubts[FIELD_STATUS] == DOUBT_NONE &&
        (see->item->row == ROW_LINKED || see->rules->status_is_new) &&
        status_is_default(&see->rules->status, notion->text))
        return field_carry(see, SIDE_NOTION, plan);
    if (see->field == FIELD_STATUS && see->item->row == ROW_E2_RECOVER)
        return field_copy(see, state_is_others(see->item->issue) ? SIDE_NOTION : SIDE_GITHUB, plan);
    return field_conflict(see, plan);
}

/* A move between two options of one meaning contradicts nothing that GitHub did. If both were open,
 * the record remembers the last one (reconcile_settle), so it may be overwritten. If GitHub's
 * changes do not come here, nothing is overwritten. */
static bool
status_says_nothing(const struct field_view *see)
{
    const struct status_map *map = &see->rules->status;
    bool open, was_open;

    if (see->field != FIELD_STATUS)
        return false;
    open = status_meaning(map, see->now[SIDE_NOTION]->text) == MEANING_OPEN;
    was_open = status_meaning(map, see->base[SIDE_NOTION]->text) == MEANING_OPEN;
    return open == was_open && (open || !field_goes(see, SIDE_NOTION));
}

/* The row for what changed since the base. */
static enum field_row
row_of_change(const struct field_view *see)
{
    enum doubt doubt = see->item->doubts[see->field];
    bool github = !value_equal(see->now[SIDE_GITHUB], see->base[SIDE_GITHUB]);
    bool notion = !value_equal(see->now[SIDE_NOTION], see->base[SIDE_NOTION]);

    /* If we cannot know which change came first, we quote what we overwrite. */
    if (doubt == DOUBT_BOTH || (doubt == DOUBT_NOTION && github) ||
        (doubt == DOUBT_GITHUB && notion))
        github = notion = true;
    if (!notion)
        return github ? ROW_F2_TO_NOTION : ROW_F1_SAME;
    if (github &&
        translate_same(&see->terms, see->field, see->now[SIDE_GITHUB], see->now[SIDE_NOTION]))
        return ROW_F4_AGREE;
    if (field_is_blank(see) || (github && doubt == DOUBT_NONE && status_says_nothing(see)))
        return ROW_F2_TO_NOTION;
    return github ? ROW_F5_BOTH : ROW_F3_TO_GITHUB;
}

/* We cannot know which of several labels of a group counts. A label that is not a number has no
 * value for a number column. In both cases the column keeps its value until an edit of it names
 * one. */
static bool
field_of_unclear(const struct field_view *see, struct field_plan *plan)
{
    const struct value *base = see->base[SIDE_NOTION];

    if (base->kind == VALUE_ABSENT) {
        /* From now on, edits of the column can be recognized. */
        plan->row = ROW_F8_NO_BASE;
        plan->settles = true;
        plan->value[SIDE_GITHUB] = value_text("");
        return true;
    }
    if (value_equal(base, see->now[SIDE_NOTION]))
        return true;
    plan->row = ROW_F3_TO_GITHUB;
    return field_carry(see, SIDE_GITHUB, plan);
}

/* Why GitHub's value names none for the column, for people. NULL: it does. */
static const char *
unclear_note(const struct rules *rules, enum field field, const struct value *github,
             struct arena *arena)
{
    const struct field_info *info = &rules->fields->items[field];

    if (field_set_has(rules->fields->lenses, field) && lens_is_several(github))
        return arena_printf(
            arena,
            "%s: the issue has several labels of the group \"%s\" (%s), and the column takes "
            "one, so it keeps what it has: take the others away on GitHub, or choose "
            "one in the column",
            info->name, info->parameter, lens_several_text(github, arena));
    if (own_is_no_number(info, github))
        return arena_printf(arena,
                            "%s: \"%s\" on GitHub is no number, so the column keeps what it has",
                            info->name, github->text);
    return NULL;
}

static bool
field_both_ways(const struct field_view *see, struct field_plan *plan)
{
    bool is_set = see->rules->fields->items[see->field].is_set;

    if (unclear_note(see->rules, see->field, see->now[SIDE_GITHUB], see->arena) != NULL)
        return field_of_unclear(see, plan);
    if (see->base[SIDE_GITHUB]->kind == VALUE_ABSENT ||
        see->base[SIDE_NOTION]->kind == VALUE_ABSENT)
        return field_without_base(see, plan);
    plan->row = row_of_change(see);
    plan->settles = plan->row == ROW_F4_AGREE || (plan->row == ROW_F1_SAME && set_is_outdated(see));
    if (plan->row == ROW_F1_SAME || plan->row == ROW_F4_AGREE)
        return true;
    if (is_set && (plan->row == ROW_F5_BOTH ||
                   field_goes(see, plan->row == ROW_F2_TO_NOTION ? SIDE_NOTION : SIDE_GITHUB)))
        return set_merge(see, plan->row, plan);
    if (plan->row == ROW_F5_BOTH)
        return field_conflict(see, plan);
    return field_carry(see, plan->row == ROW_F2_TO_NOTION ? SIDE_NOTION : SIDE_GITHUB, plan);
}

static void
field_to_notion_only(const struct field_view *see, struct field_plan *plan)
{
    struct value shown =
        translate_shown(&see->terms, see->field, see->whole[SIDE_GITHUB], see->whole[SIDE_NOTION]);

    plan->row = value_equal(&shown, see->whole[SIDE_NOTION]) ? ROW_F1_SAME : ROW_F2_TO_NOTION;
    plan->write[SIDE_NOTION] = plan->row == ROW_F2_TO_NOTION;
    plan->value[SIDE_NOTION] = shown;
}

static void
field_decide(const struct field_view *see, struct item *item, struct field_plan *plan)
{
    const char *problem;

    *plan = (struct field_plan){.value = {*see->whole[SIDE_GITHUB], *see->whole[SIDE_NOTION]}};
    if (!see->rules->on[see->field] || see->now[SIDE_GITHUB]->kind == VALUE_ABSENT ||
        see->now[SIDE_NOTION]->kind == VALUE_ABSENT)
        return;
    if (field_set_has(see->rules->fields->shown, see->field)) {
        field_to_notion_only(see, plan);
        return;
    }
    if (field_both_ways(see, plan)) {
        problem = unclear_note(see->rules, see->field, see->now[SIDE_GITHUB], see->arena);
        if (problem != NULL && !plan->write[SIDE_GITHUB])
            item_note(item, problem, see->terms.arena);
        return;
    }
    *plan = (struct field_plan){.value = {*see->whole[SIDE_GITHUB], *see->whole[SIDE_NOTION]}};
    problem = translate_problem(&see->terms, see->field, see->now[SIDE_NOTION]);
    if (problem != NULL)
        item_note(item, problem, see->terms.arena);
}

static void
labels_note(struct item *item, struct arena *arena)
{
    const struct value *notion = value_of(&item->page->values, FIELD_LABELS);

    if (!item->rules->on[FIELD_LABELS])
        return;
    for (size_t i = 0; notion->kind == VALUE_SET && i < notion->len; i++)
        if (utf8_length(notion->items[i]) > GITHUB_LABEL_MAX &&
            !translate_is_ignored(item->rules, FIELD_LABELS, notion->items[i]))
            item_note(item, "a label of over 50 characters stays in Notion only", arena);
    if (item->fields[FIELD_LABELS].value[SIDE_NOTION].len > NOTION_LABELS_MAX)
        item_note(item, "Notion takes a hundred labels a page: the others stay on GitHub only",
                  arena);
}

bool
field_moved(const struct record *record, enum field field, const struct rules *rules)
{
    const char *property = record_property(record, field);
    const char *now = rules->property[field];

    if (property == NULL || now == NULL)
        return false;
    /* Earlier states do not name the type. */
    return strchr(property, ' ') != NULL ? strcmp(property, now) != 0
                                         : strlen(property) != strcspn(now, " ") ||
                                               strncmp(property, now, strlen(property)) != 0;
}

void
fields_decide(struct item *item, struct arena *arena)
{
    const struct rules *rules = item->rules;
    struct field_set typed = own_typed(item, arena);

    for (enum field f = 0; f < rules->fields->n; f++) {
        const struct record *record = item->known;
        bool based = record != NULL && !field_moved(record, f, rules);
        struct value now[SIDE_COUNT], base[SIDE_COUNT];
        struct field_view see = {
            .field = f,
            .whole = {value_of(&item->issue->values, f), value_of(&item->page->values, f)},
            .item = item,
            .rules = rules,
            .arena = arena,
            .terms = {rules, arena, item, item},
        };

        if (!field_set_has(rules->fields->properties, f))
            continue;
        for (enum side s = 0; s < SIDE_COUNT; s++) {
            now[s] = *see.whole[s];
            base[s] = based && !value_is_lost(value_of(&record->base[s], f))
                          ? *value_of(&record->base[s], f)
                          : absent;
            if (rules->on[f] && field_set_has(rules->fields->based, f)) {
                now[s] = translate_counted(&see.terms, f, s, &now[s]);
                base[s] = translate_counted(&see.terms, f, s, &base[s]);
            }
            see.now[s] = &now[s];
            see.base[s] = &base[s];
        }
        field_decide(&see, item, &item->fields[f]);
    }
    own_retype(item, typed);
    lane_decide(item, arena);
    labels_note(item, arena);
    own_notes(item, arena);
}

void
fields_show(struct item *item, struct arena *arena)
{
    const struct rules *rules = item->rules;

    FIELD_EACH(f, rules->fields->shown)
    {
        const struct value *github = value_of(&item->issue->values, f);
        const struct value *notion = value_of(&item->page->values, f);
        const struct field_view see = {.field = f,
                                       .whole = {github, notion},
                                       .now = {github, notion},
                                       .item = item,
                                       .rules = rules,
                                       .arena = arena,
                                       .terms = {rules, arena, item, item}};

        field_decide(&see, item, &item->fields[f]);
    }
}

void
fields_for_page(struct item *item, struct arena *arena)
{
    const struct rules *rules = item->rules;
    const struct terms terms = {rules, arena, item, item};

    for (enum field f = 0; f < rules->fields->n; f++) {
        const struct value *github = value_of(&item->issue->values, f);
        struct field_plan *plan = &item->fields[f];
        const char *unclear;

        if (!field_set_has(rules->fields->properties, f))
            continue;
        *plan = (struct field_plan){.row = ROW_F8_NO_BASE, .value = {*github, absent}};
        if ((!rules->on[f] && f != FIELD_TITLE) || github->kind == VALUE_ABSENT)
            continue;
        unclear = unclear_note(rules, f, github, arena);
        if (unclear != NULL) {
            /* The new page's values become Notion's part of the base, so that an edit of a column
             * shows. */
            plan->value[SIDE_GITHUB] = value_text("");
            plan->settles = true;
            item_note(item, unclear, arena);
            continue;
        }
        if (!translate_to_notion(&terms, f, github, NULL, NULL, &plan->value[SIDE_NOTION]))
            continue;
        plan->write[SIDE_NOTION] = true;
        plan->settles = field_set_has(rules->fields->based, f);
    }
    lane_for_page(item, arena);
    own_notes(item, arena);
}

void
fields_for_issue(struct item *item, struct arena *arena)
{
    const struct rules *rules = item->rules;
    const struct terms terms = {rules, arena, item, item};
    struct field_set typed = own_typed(item, arena);

    for (enum field f = 0; f < rules->fields->n; f++) {
        const char *problem;
        const struct value *notion = value_of(&item->page->values, f);
        struct field_plan *plan = &item->fields[f];

        if (!field_set_has(rules->fields->properties, f))
            continue;
        *plan = (struct field_plan){.row = ROW_F8_NO_BASE, .value = {absent, *notion}};
        if ((!rules->on[f] && f != FIELD_TITLE) || notion->kind == VALUE_ABSENT)
            continue;
        if (field_set_has(rules->fields->shown, f))
            continue;
        plan->settles = translate_to_github(&terms, f, notion, &plan->value[SIDE_GITHUB]);
        /* A new issue has nothing there. */
        plan->write[SIDE_GITHUB] =
            plan->settles && (f < FIELD_BUILTINS || !translate_is_empty(&terms, f, notion));
        problem = plan->settles ? NULL : translate_problem(&terms, f, notion);
        if (problem != NULL)
            item_note(item, problem, arena);
        if (rules->fields->items[f].takes_one && plan->value[SIDE_GITHUB].len > 1)
            plan->value[SIDE_GITHUB].len = 1;
    }
    own_retype(item, typed);
    lane_for_issue(item);
    newborn_give(item, arena);
    labels_note(item, arena);
    own_notes(item, arena);
}
