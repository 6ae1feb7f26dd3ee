#include "reconcile/fields.h"

#include "base/utf8.h"
#include "model/sealed.h"
#include "reconcile/field.h"
#include "reconcile/newborn.h"
#include "reconcile/own.h"

/* The most options that Notion accepts in a row: developers.notion.com/reference/request-limits. */
#define NOTION_LABELS_MAX 100

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
        unclear = field_unclear(rules, f, github, arena);
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
