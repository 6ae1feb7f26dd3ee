#include "reconcile/fields_p.h"

#include "reconcile/sets.h"

void
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

bool
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

bool
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
