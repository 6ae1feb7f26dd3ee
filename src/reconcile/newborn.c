#include "reconcile/newborn.h"

#include "reconcile/item.h"
#include "reconcile/sets.h"
#include "reconcile/translate.h"

static const struct value nothing = {.kind = VALUE_SET};

/* Whether the page shows the field and GitHub's changes come to it. */
static bool
page_shows(const struct item *item, enum field field)
{
    return item->rules->on[field] && value_of(&item->page->values, field)->kind != VALUE_ABSENT &&
           direction_reaches(item->rules->direction[field], SIDE_NOTION);
}

/* The labels on the page itself. */
static const struct value *
labels_of_page(const struct item *item)
{
    return value_of(&(item->untyped != NULL ? item->untyped : item->page)->values, FIELD_LABELS);
}

static void
give_labels(struct item *item, struct arena *arena)
{
    struct field_plan *plan = &item->fields[FIELD_LABELS];
    const struct value *planned = plan->write[SIDE_GITHUB] ? &plan->value[SIDE_GITHUB] : &nothing;
    const struct terms terms = {item->rules, arena, item, item};
    /* Labels that a separate column shows are already that column's value (own_typed). */
    const struct value given =
        translate_counted(&terms, FIELD_LABELS, SIDE_GITHUB, &item->rules->new_labels);

    plan->value[SIDE_GITHUB] = sets_apply(arena, planned, &nothing, &given);
    plan->write[SIDE_GITHUB] = true;
    if (!page_shows(item, FIELD_LABELS))
        return;
    plan->value[SIDE_NOTION] =
        sets_apply(arena, value_of(&item->page->values, FIELD_LABELS), &nothing, &given);
    plan->write[SIDE_NOTION] = !value_equal(&plan->value[SIDE_NOTION], labels_of_page(item));
}

void
newborn_give(struct item *item, struct arena *arena)
{
    const struct rules *rules = item->rules;
    const struct value *type = value_of(&item->page->values, FIELD_ISSUE_TYPE);

    if (rules->new_labels.kind == VALUE_SET)
        give_labels(item, arena);
    /* If the page names a type that GitHub lacks, the run reports that and the wish remains. */
    if (rules->new_type == NULL ||
        (rules->on[FIELD_ISSUE_TYPE] && type->kind == VALUE_TEXT && *type->text != '\0'))
        return;
    item->fields[FIELD_ISSUE_TYPE].value[SIDE_GITHUB] = value_text(rules->new_type);
    item->fields[FIELD_ISSUE_TYPE].write[SIDE_GITHUB] = true;
    if (!page_shows(item, FIELD_ISSUE_TYPE))
        return;
    item->fields[FIELD_ISSUE_TYPE].value[SIDE_NOTION] = value_text(rules->new_type);
    item->fields[FIELD_ISSUE_TYPE].write[SIDE_NOTION] = true;
}

static void
take_labels(struct item *item, const struct value *answer, struct arena *arena)
{
    struct field_plan *plan = &item->fields[FIELD_LABELS];
    const struct value *before = labels_of_page(item);
    const char **items = arena_array(arena, plan->value[SIDE_NOTION].len, sizeof(*items));
    size_t len = 0;

    for (size_t i = 0; i < plan->value[SIDE_NOTION].len; i++) {
        const char *label = plan->value[SIDE_NOTION].items[i];

        if (value_has(before, label) || value_has(answer, label))
            items[len++] = label;
    }
    plan->value[SIDE_NOTION] = value_set(items, len);
    plan->write[SIDE_NOTION] = !value_equal(&plan->value[SIDE_NOTION], before);
}

const struct item *
newborn_take(const struct item *item, const struct issue *answer, struct arena *arena)
{
    struct item *taken = item_copy(item, arena);
    struct field_plan *type = &taken->fields[FIELD_ISSUE_TYPE];
    const struct value *labels = value_of(&answer->values, FIELD_LABELS);
    const struct value *answered = value_of(&answer->values, FIELD_ISSUE_TYPE);

    if (taken->fields[FIELD_LABELS].write[SIDE_NOTION] && labels->kind == VALUE_SET)
        take_labels(taken, labels, arena);
    if (type->write[SIDE_NOTION] && answered->kind == VALUE_TEXT) {
        type->value[SIDE_NOTION] = value_copy(arena, answered);
        type->write[SIDE_NOTION] =
            !value_equal(answered, value_of(&item->page->values, FIELD_ISSUE_TYPE));
    }
    return taken;
}
