#include "reconcile/field.h"

#include <string.h>

#include "model/lens.h"
#include "reconcile/own.h"
#include "reconcile/sets.h"

/* GitHub dates the values an issue was made with to that moment, or a little later (ms). */
#define MADE_WITHIN 2000

/* A page or issue that was made for the other side has all its values, whatever the direction. */
static bool
field_goes(const struct field_view *see, enum side to)
{
    bool made = see->item->row == ROW_E2_RECOVER &&
                !(to == SIDE_GITHUB && see->field == FIELD_TITLE && see->rules->held_back);

    return made || direction_reaches(see->rules->direction[see->field], to);
}

/* The elements that take part become what the other side says. The others stay. */
static void
set_copy(const struct field_view *see, enum side to, struct field_plan *plan)
{
    enum side from = side_other(to);
    struct value wanted = translate_set(&see->terms, see->field, to, see->now[from]);

    if (see->rules->fields->items[see->field].takes_one && to == SIDE_GITHUB && wanted.len > 1)
        wanted.len = 1;
    plan->settles = true;
    plan->value[to] = sets_apply(see->arena, see->whole[to], see->now[to], &wanted);
    plan->write[to] = !value_equal(&plan->value[to], see->whole[to]);
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

/* F7: the side that on_conflict names wins, or the only side that the field goes from. A value that
 * we may have written never wins against a value that a person wrote. Returns false if the other
 * side cannot express the winner's value. */
static bool
field_conflict(const struct field_view *see, struct field_plan *plan)
{
    enum doubt doubt = see->item->doubts[see->field];

    plan->row = ROW_F7_CONFLICT;
    plan->conflict = true;
    plan->winner = !field_goes(see, SIDE_GITHUB)   ? SIDE_GITHUB
                   : !field_goes(see, SIDE_NOTION) ? SIDE_NOTION
                   : doubt == DOUBT_GITHUB         ? SIDE_NOTION
                   : doubt == DOUBT_NOTION         ? SIDE_GITHUB
                                                   : item_winner(see->item);
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

/* Whether the base holds labels that label_ignore covers now. Then the base must be saved again
 * without them, or else removing one in the meantime would later look like a wish. */
static bool
set_is_outdated(const struct field_view *see)
{
    for (enum side s = 0; see->item->known != NULL && s < SIDE_COUNT; s++) {
        const struct value *base = value_of(&see->item->known->base[s], see->field);

        for (size_t i = 0; base->kind == VALUE_SET && i < base->len; i++)
            if (translate_is_ignored(see->rules, see->field, base->items[i]))
                return true;
    }
    return false;
}

/* An issue has one parent. If only Notion changed, the issue keeps its parent. */
static bool
parent_choose(const struct field_view *see, enum field_row row, struct field_plan *plan)
{
    if (row != ROW_F3_TO_GITHUB) {
        for (enum side s = 0; s < SIDE_COUNT; s++) {
            plan->value[s] = *see->whole[s];
            plan->write[s] = false;
        }
        return field_conflict(see, plan);
    }
    plan->value[SIDE_GITHUB].len = 1;
    plan->write[SIDE_GITHUB] = !value_equal(&plan->value[SIDE_GITHUB], see->whole[SIDE_GITHUB]);
    item_note(see->terms.item, "GitHub takes one parent an issue: the others stay in Notion only",
              see->terms.arena);
    return true;
}

/* F2, F3, F5, F8 of sets: applies each side's change to the other, element by element, in the
 * directions of the field. Without a base, every element counts as added. Returns the same as
 * field_conflict. */
static bool
set_merge(const struct field_view *see, enum field_row row, struct field_plan *plan)
{
    plan->row = row;
    plan->settles = true;
    for (enum side s = 0; s < SIDE_COUNT; s++) {
        enum side other = side_other(s);
        struct value base = translate_set(&see->terms, see->field, s, see->base[other]);
        struct value now = translate_set(&see->terms, see->field, s, see->now[other]);

        if (!field_goes(see, s))
            continue;
        plan->value[s] = sets_apply(see->arena, see->whole[s], &base, &now);
        plan->write[s] = !value_equal(&plan->value[s], see->whole[s]);
    }
    if (see->rules->fields->items[see->field].takes_one && plan->value[SIDE_GITHUB].len > 1)
        return parent_choose(see, row, plan);
    return true;
}

/* GitHub has no empty title, so an empty one is ignored. */
static bool
field_is_blank(const struct field_view *see)
{
    return see->field == FIELD_TITLE && translate_title_is_blank(see->now[SIDE_NOTION]);
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
    const struct issue *issue = see->item->issue;
    bool empty = translate_is_empty(&see->terms, see->field, notion) || field_is_blank(see);
    const char *first;

    /* An empty column proves nothing: it may never have been written. */
    if (field_is_as_made(see->item, see->field) && see->field != FIELD_STATUS && !empty) {
        plan->row = ROW_F8_NO_BASE;
        return field_carry(see, SIDE_GITHUB, plan);
    }
    if (see->rules->fields->items[see->field].is_set)
        return set_merge(see, ROW_F8_NO_BASE, plan);
    plan->row = ROW_F8_NO_BASE;
    plan->settles = true;
    if (empty)
        return field_carry(see, SIDE_NOTION, plan);
    if (translate_same(&see->terms, see->field, github, notion))
        return true;
    /* If only our memory of the page is lost and the issue has not changed, a difference is the
     * page's change. It stays there if it may not go to GitHub. */
    if (translate_is_empty(&see->terms, see->field, github) ||
        (see->base[SIDE_GITHUB]->kind != VALUE_ABSENT && !field_goes(see, SIDE_GITHUB) &&
         value_equal(see->base[SIDE_GITHUB], github)))
        return field_carry(see, SIDE_GITHUB, plan);
    /* A new status property shows its default. Nobody chose that over GitHub's state, unless a
     * person may have set it back after our write. */
    first = status_option_for(&see->rules->status, STATUS_OPEN, NULL);
    if (see->field == FIELD_STATUS && see->item->doubts[FIELD_STATUS] == DOUBT_NONE &&
        (see->item->row == ROW_LINKED || see->rules->status_is_new) && first != NULL &&
        strcmp(first, notion->text) == 0)
        return field_carry(see, SIDE_NOTION, plan);
    if (see->field != FIELD_STATUS || see->item->row != ROW_E2_RECOVER)
        return field_conflict(see, plan);
    /* An issue that we created was open then, or we closed it as its page asked. So a difference
     * now is Notion's change, unless somebody else closed or reopened the issue since. */
    return field_copy(see,
                      !issue->state_by_viewer &&
                              (issue->state_changed_at != 0 || status_is_closed(github->text))
                          ? SIDE_NOTION
                          : SIDE_GITHUB,
                      plan);
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

const char *
field_unclear(const struct rules *rules, enum field field, const struct value *github,
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

    if (field_unclear(see->rules, see->field, see->now[SIDE_GITHUB], see->arena) != NULL)
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

void
field_decide(const struct field_view *see, struct item *item, struct field_plan *plan)
{
    const char *problem;
    struct value shown;

    *plan = (struct field_plan){.value = {*see->whole[SIDE_GITHUB], *see->whole[SIDE_NOTION]}};
    if (!see->rules->on[see->field] || see->now[SIDE_GITHUB]->kind == VALUE_ABSENT ||
        see->now[SIDE_NOTION]->kind == VALUE_ABSENT)
        return;
    if (field_set_has(see->rules->fields->shown, see->field)) {
        shown = translate_shown(&see->terms, see->field, see->whole[SIDE_GITHUB],
                                see->whole[SIDE_NOTION]);
        plan->row = value_equal(&shown, see->whole[SIDE_NOTION]) ? ROW_F1_SAME : ROW_F2_TO_NOTION;
        plan->write[SIDE_NOTION] = plan->row == ROW_F2_TO_NOTION;
        plan->value[SIDE_NOTION] = shown;
        return;
    }
    if (field_both_ways(see, plan)) {
        problem = field_unclear(see->rules, see->field, see->now[SIDE_GITHUB], see->arena);
        if (problem != NULL && !plan->write[SIDE_GITHUB])
            item_note(item, problem, see->terms.arena);
        return;
    }
    *plan = (struct field_plan){.value = {*see->whole[SIDE_GITHUB], *see->whole[SIDE_NOTION]}};
    problem = translate_problem(&see->terms, see->field, see->now[SIDE_NOTION]);
    if (problem != NULL)
        item_note(item, problem, see->terms.arena);
}
