#include "reconcile/own.h"

#include <assert.h>
#include <string.h>

#include "base/decimal.h"
#include "base/utf8.h"
#include "model/lens.h"
#include "model/status.h"
#include "reconcile/reconcile.h"

static const struct field_info *
info_of(const struct terms *terms, enum field field)
{
    return &terms->rules->fields->items[field];
}

static bool
is_of_type(const struct field_info *info, enum issue_field_type type)
{
    return info->home == HOME_ISSUE_FIELD && info->issue_field != NULL &&
           info->issue_field->type == type;
}

/* The option of a select as GitHub spells it; NULL: it has none. */
static const char *
option_of(const struct issue_field *field, const char *name)
{
    for (size_t i = 0; i < field->n_options; i++)
        if (utf8_casecmp(field->options[i], name) == 0)
            return field->options[i];
    return NULL;
}

/* What a label's name can hold: one line, trimmed. */
static const char *
label_text(const struct terms *terms, const struct field_info *info, const char *text)
{
    const char *line = translate_line(terms->arena, text);

    return *line == '\0' ||
                   utf8_length(label_group_label(terms->arena, &info->group, line)) >
                       GITHUB_LABEL_MAX ||
                   translate_is_held_back(terms,
                                          label_group_label(terms->arena, &info->group, line))
               ? NULL
               : line;
}

const char *
own_element(const struct terms *terms, enum field field, enum side to, const char *text)
{
    const struct field_info *info = info_of(terms, field);

    if (to == SIDE_NOTION)
        return text;
    if (info->home == HOME_LABEL_GROUP)
        return label_text(terms, info, text);
    return info->issue_field != NULL ? option_of(info->issue_field, text) : text;
}

static const char *
number_text(const struct terms *terms, const char *text)
{
    double number;

    return decimal_read(text, &number) ? decimal_text(terms->arena, number) : NULL;
}

bool
own_to_github(const struct terms *terms, enum field field, const struct value *notion,
              struct value *github)
{
    const struct field_info *info = info_of(terms, field);
    const char *text = notion->text;

    *github = *notion;
    if (*text == '\0')
        return true;
    if (info->home == HOME_LABEL_GROUP)
        text = label_text(terms, info, text);
    else if (is_of_type(info, ISSUE_FIELD_SELECT))
        text = option_of(info->issue_field, text);
    else if (is_of_type(info, ISSUE_FIELD_NUMBER))
        text = number_text(terms, text);
    else if (is_of_type(info, ISSUE_FIELD_DATE))
        text = own_counted(terms, field, notion).text;
    else if (*translate_line(terms->arena, text) == '\0')
        text = "";
    if (text != NULL)
        *github = value_text(text);
    return text != NULL;
}

struct value
own_counted(const struct terms *terms, enum field field, const struct value *notion)
{
    const char *range = is_of_type(info_of(terms, field), ISSUE_FIELD_DATE)
                            ? strstr(notion->text, VALUE_RANGE)
                            : NULL;

    return range != NULL ? value_text(arena_strndup(terms->arena, notion->text,
                                                    (size_t)(range - notion->text)))
                         : *notion;
}

/* Days of the form 2026-12-24 sort as texts do. */
static const char *
range_from(const struct terms *terms, const struct field_info *info, const char *day,
           const struct value *current)
{
    const char *range =
        current != NULL && current->kind == VALUE_TEXT ? strstr(current->text, VALUE_RANGE) : NULL;

    if (range == NULL)
        return day;
    if (*day != '\0' && strcmp(day, range + strlen(VALUE_RANGE)) <= 0)
        return arena_printf(terms->arena, "%s%s", day, range);
    if (terms->item != NULL)
        item_note(terms->item,
                  arena_printf(terms->arena,
                               "%s: the date on the page was a range, and GitHub's new date is "
                               "none, or after its last day, so the page has the new date alone",
                               info->name),
                  terms->arena);
    return day;
}

bool
own_to_notion(const struct terms *terms, enum field field, const struct value *github,
              const struct value *current, struct value *notion)
{
    const struct field_info *info = info_of(terms, field);
    const char *text = github->text;

    *notion = *github;
    if (is_of_type(info, ISSUE_FIELD_DATE))
        *notion = value_text(range_from(terms, info, text, current));
    if (info->is_number && *text != '\0') {
        text = number_text(terms, text);
        if (text != NULL)
            *notion = value_text(text);
    }
    return text != NULL;
}

bool
own_same(const struct terms *terms, enum field field, const struct value *github,
         const struct value *notion)
{
    const struct field_info *info = info_of(terms, field);
    double a, b;

    if (value_is_empty(github) || value_is_empty(notion))
        return value_is_empty(github) == value_is_empty(notion);
    if (info->is_number)
        return decimal_read(github->text, &a) && decimal_read(notion->text, &b) && a == b;
    if (info->home == HOME_LABEL_GROUP || is_of_type(info, ISSUE_FIELD_SELECT))
        return utf8_casecmp(github->text, translate_line(terms->arena, notion->text)) == 0;
    return strcmp(github->text, own_counted(terms, field, notion).text) == 0;
}

bool
own_is_no_number(const struct field_info *info, const struct value *github)
{
    double number;

    return info->is_number && github->kind == VALUE_TEXT && *github->text != '\0' &&
           !decimal_read(github->text, &number);
}

const char *
own_problem(const struct terms *terms, enum field field, const struct value *notion)
{
    const struct field_info *info = info_of(terms, field);

    if (notion->kind != VALUE_TEXT || *notion->text == '\0')
        return NULL;
    if (terms->rules->held_back)
        return terms->rules->choices == NULL
                   ? NULL
                   : arena_printf(terms->arena,
                                  "%s: GitHub has no label for what stands on the page, so the "
                                  "issue keeps what it has",
                                  info->name);
    if (is_of_type(info, ISSUE_FIELD_SELECT) || is_of_type(info, ISSUE_FIELD_MULTI_SELECT))
        return arena_printf(terms->arena,
                            "%s: the issue field \"%s\" has no option \"%s\", so the issue keeps "
                            "what it has: add it in the organization's settings, or choose another",
                            info->name, info->parameter, notion->text);
    return arena_printf(terms->arena,
                        "%s: the value on the page does not fit into the name of a label (50 "
                        "characters on GitHub), so it stays in Notion only",
                        info->name);
}

static void
note_elements(struct item *item, const struct terms *terms, enum field field,
              const struct value *notion)
{
    for (size_t i = 0; notion->kind == VALUE_SET && i < notion->len; i++) {
        const struct value element = value_text(notion->items[i]);
        const char *problem;

        assert(element.text != NULL); /* every element has one */
        problem = own_element(terms, field, SIDE_GITHUB, element.text) == NULL
                      ? own_problem(terms, field, &element)
                      : NULL;
        if (problem != NULL)
            item_note(item, problem, terms->arena);
    }
}

static bool
is_long_option(const struct value *value)
{
    if (value->kind == VALUE_TEXT)
        return utf8_length16(value->text) > NOTION_OPTION_MAX;
    for (size_t i = 0; value->kind == VALUE_SET && i < value->len; i++)
        if (utf8_length16(value->items[i]) > NOTION_OPTION_MAX)
            return true;
    return false;
}

/* A value that somebody entered in a field that only issues have. */
static void
note_pull_lacks(struct item *item, enum field field, struct arena *arena)
{
    const struct field_info *info = &item->rules->fields->items[field];

    if ((info->home == HOME_ISSUE_FIELD || info->home == HOME_BLOCKED_BY) &&
        direction_reaches(item->rules->direction[field], SIDE_GITHUB) &&
        !value_is_empty(value_of(&item->page->values, field)) &&
        (item->record == NULL || item->page->edited_at > item->record->page_edited))
        item_note(item,
                  arena_printf(arena,
                               "%s: pull requests have no %s, so what the page has stays in "
                               "Notion only",
                               info->name,
                               info->home == HOME_BLOCKED_BY ? "dependencies" : "issue fields"),
                  arena);
}

void
own_notes(struct item *item, struct arena *arena)
{
    const struct rules *rules = item->rules;
    const struct terms terms = {rules, arena, item, item};

    for (enum field f = FIELD_BUILTINS; f < rules->fields->n; f++) {
        const struct field_info *info = &rules->fields->items[f];

        if (!rules->on[f])
            continue;
        if (item->page != NULL && item->issue != NULL && item->issue->is_pull)
            note_pull_lacks(item, f, arena);
        if (info->relation != RELATION_VALUE)
            continue;
        if (item->page != NULL)
            note_elements(item, &terms, f, value_of(&item->page->values, f));
        if (info->has_options && item->fields[f].write[SIDE_NOTION] &&
            is_long_option(&item->fields[f].value[SIDE_NOTION]))
            item_note(item,
                      arena_printf(arena,
                                   "%s: an option in Notion has 100 characters at most, so the "
                                   "column shows the beginning of what GitHub has",
                                   info->name),
                      arena);
    }
}

/* Whether somebody edited a single-value column itself. If so, a typed label does not count.
 * Without a base, any value in the column may be an edit. */
static bool
was_edited(const struct item *item, enum field field)
{
    const struct value *now = value_of(&item->page->values, field);
    const struct value *base =
        item->known != NULL ? value_of(&item->known->base[SIDE_NOTION], field) : NULL;

    return base != NULL && base->kind != VALUE_ABSENT ? !value_equal(base, now)
           : field == FIELD_STATUS
               ? *status_lane(&item->rules->status, now->text) != '\0'
               : !value_is_empty(now) && strcmp(now->text, STATUS_UNCHECKED) != 0;
}

static struct value
with_element(const struct value *set, const char *element, struct arena *arena)
{
    const char **items = arena_array(arena, set->len + 1, sizeof(*items));
    size_t n = 0;

    for (size_t i = 0; i < set->len; i++)
        items[n++] = set->items[i];
    if (!value_has(set, element))
        items[n++] = element;
    return value_set(items, n);
}

/* The field that a label typed into Labels edits. FIELD_NONE: it edits none. */
static enum field
claimant(const struct rules *rules, const char *label)
{
    FIELD_EACH(f, rules->fields->lenses)
    if (rules->on[f] && lens_shows(&rules->fields->items[f], label))
        return f;
    return FIELD_NONE;
}

/* A typed lane label edits the status. NULL: no status of the page's state has this label. */
static const char *
option_typed(struct item *item, const struct page *page, const struct field_info *lane,
             const char *label, struct arena *arena)
{
    const char *now = value_of(&page->values, FIELD_STATUS)->text;
    const char *before = item->known != NULL ? item->known->open_option : NULL;
    const char *option = NULL;

    for (size_t i = 0; i < lane->n_options; i++)
        if (label_same(lane->options[i], label))
            option = status_option_in_lane(&item->rules->status,
                                           status_for_option(&item->rules->status, now),
                                           lane->options[i], now, before);
    if (option == NULL)
        item_note(item,
                  arena_printf(arena,
                               "the label \"%s\" that was typed into the labels on the page stands "
                               "for another kind of status, so it was taken out: choose the status "
                               "itself",
                               label),
                  arena);
    return option;
}

/* Puts a label into its column. A value that somebody gave the column itself wins. */
static void
type(struct item *item, struct page *page, enum field claimant, const char *label,
     struct field_set *typed, struct arena *arena)
{
    const struct field_info *info = &item->rules->fields->items[claimant];
    enum field field = info->home == HOME_LANE ? FIELD_STATUS : claimant;
    const struct value *now = value_of(&page->values, field);
    const struct value *base =
        item->known != NULL ? value_of(&item->known->base[SIDE_NOTION], FIELD_LABELS) : NULL;
    const char *value;

    /* Nobody has typed a label that was on the page when both sides last agreed. */
    if (now->kind == VALUE_ABSENT ||
        (base != NULL && base->kind == VALUE_SET && value_has(base, label)))
        return;
    value = info->home == HOME_LABEL         ? STATUS_CHECKED
            : info->home == HOME_LABEL_GROUP ? label_group_value(arena, &info->group, label)
                                             : option_typed(item, page, info, label, arena);
    if (value == NULL)
        return;
    if (info->is_set)
        values_put(&page->values, field, with_element(now, value, arena), arena);
    else if (!field_set_has(*typed, field) && !was_edited(item, field))
        values_put(&page->values, field, value_text(value), arena);
    if (!value_equal(value_of(&page->values, field), value_of(&item->page->values, field)))
        field_set_add(typed, field);
}

/* Puts labels into their columns. The rest comes back. */
static struct value
sort_labels(struct item *item, struct page *page, const struct value *labels,
            struct field_set *typed, struct arena *arena)
{
    const char **rest = arena_array(arena, labels->len, sizeof(*rest));
    size_t n = 0;

    for (size_t i = 0; i < labels->len; i++) {
        enum field field = claimant(item->rules, labels->items[i]);

        if (field == FIELD_NONE)
            rest[n++] = labels->items[i];
        else
            type(item, page, field, labels->items[i], typed, arena);
    }
    return value_set(rest, n);
}

struct field_set
own_typed(struct item *item, struct arena *arena)
{
    const struct rules *rules = item->rules;
    const struct value *labels = value_of(&item->page->values, FIELD_LABELS);
    struct field_set typed = {{0}};
    struct page *page;

    if (field_set_is_empty(rules->fields->lenses))
        return typed;
    page = arena_memdup(arena, item->page, sizeof(*page));
    if (rules->on[FIELD_LABELS] && labels->kind == VALUE_SET) {
        struct value rest = sort_labels(item, page, labels, &typed, arena);

        if (rest.len < labels->len)
            field_set_add(&typed, FIELD_LABELS);
        values_put(&page->values, FIELD_LABELS, rest, arena);
    }
    if (item->row == ROW_E1_NEW_ISSUE && rules->new_labels.kind == VALUE_SET)
        (void)sort_labels(item, page, &rules->new_labels, &typed, arena);
    if (!field_set_is_empty(typed)) {
        item->untyped = item->page;
        item->page = page;
    }
    return typed;
}

void
own_retype(struct item *item, struct field_set typed)
{
    FIELD_EACH(f, typed)
    {
        struct field_plan *plan = &item->fields[f];

        if (!plan->write[SIDE_NOTION])
            plan->value[SIDE_NOTION] = *value_of(&item->page->values, f);
        plan->write[SIDE_NOTION] = true;
    }
}
