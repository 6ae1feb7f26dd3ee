#include "reconcile/fields.h"

#include <string.h>

#include "base/utf8.h"
#include "reconcile/body.h"
#include "reconcile/sets.h"

/* docs.github.com: titles of up to 256 characters are surely accepted, label names of up to 50. */
#define GITHUB_TITLE_MAX 256
#define GITHUB_LABEL_MAX 50
/* Notion takes so many options a row: developers.notion.com/reference/request-limits. */
#define NOTION_LABELS_MAX 100

static const struct value absent;

/* In which unit GitHub counts is not documented: of the usual ones this gives the shortest title. */
static void
title_cut(char *title)
{
    size_t points = utf8_length(title);

    points = points < GITHUB_TITLE_MAX ? points : GITHUB_TITLE_MAX;
    title[utf8_offset(title, points)] = '\0';
    while (utf8_length16(title) > GITHUB_TITLE_MAX)
        title[utf8_offset(title, --points)] = '\0';
}

/* One line without control characters, trimmed, at most 256 characters. */
static const char *
title_for_github(struct arena *arena, const char *title)
{
    char *line = arena_strdup(arena, title);
    size_t length;

    for (char *c = line; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' ';
    while (*line == ' ')
        line++;
    title_cut(line);
    length = strlen(line);
    while (length > 0 && line[length - 1] == ' ')
        line[--length] = '\0';
    return line;
}

bool
fields_title_is_blank(const struct value *notion)
{
    if (notion->kind != VALUE_TEXT)
        return true;
    for (const char *c = notion->text; *c != '\0'; c++)
        if ((unsigned char)*c > 0x20 && *c != 0x7f)
            return false;
    return true;
}

static struct value
labels_for_github(struct arena *arena, const struct value *notion)
{
    const char **items = arena_array(arena, notion->len, sizeof(*items));
    size_t len = 0;

    for (size_t i = 0; i < notion->len; i++)
        if (utf8_length(notion->items[i]) <= GITHUB_LABEL_MAX)
            items[len++] = notion->items[i];
    return value_set(items, len);
}

/* Whether an option shows GitHub's state as well as the map allows. */
static bool
status_shows(const struct rules *rules, const char *github, const char *option)
{
    const char *best = status_option_for(&rules->status, github, NULL);

    if (best == NULL || value_is_empty(&(struct value){.kind = VALUE_TEXT, .text = option}))
        return false;
    return status_meaning(&rules->status, best) == status_meaning(&rules->status, option);
}

bool
fields_to_notion(enum field field, const struct value *github, const struct value *current,
                 const char *before, const struct rules *rules, struct value *notion)
{
    const char *option;

    *notion = *github;
    if (field != FIELD_STATUS)
        return true;
    if (current != NULL && status_shows(rules, github->text, current->text)) {
        *notion = *current;
        return true;
    }
    option = status_option_for(&rules->status, github->text, before);
    if (option != NULL)
        *notion = value_text(option);
    return option != NULL;
}

bool
fields_to_github(enum field field, const struct value *notion, struct arena *arena,
                 const struct rules *rules, struct value *github)
{
    switch (field) {
    case FIELD_TITLE:
        *github = value_text(title_for_github(arena, notion->text));
        return !value_is_empty(github);
    case FIELD_STATUS:
        *github = value_text(status_for_option(&rules->status, notion->text));
        return true;
    case FIELD_LABELS:
        *github = labels_for_github(arena, notion);
        return true;
    default:
        *github = *notion;
        return true;
    }
}

bool
fields_same(enum field field, const struct value *github, const struct value *notion,
            struct arena *arena, const struct rules *rules)
{
    struct value translated;

    /* Two ways of being closed are not worth a conflict. */
    if (field == FIELD_STATUS)
        return status_is_closed(github->text) ==
               (status_meaning(&rules->status, notion->text) != MEANING_OPEN);
    return fields_to_github(field, notion, arena, rules, &translated) &&
           value_equal(github, &translated);
}

void
item_note(struct item *item, const char *note)
{
    for (size_t i = 0; i < item->n_notes; i++)
        if (strcmp(item->notes[i], note) == 0)
            return;
    if (item->n_notes < ITEM_NOTES)
        item->notes[item->n_notes++] = note;
}

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
    const struct value *now[SIDE_COUNT], *base[SIDE_COUNT];
    const struct item *item;
    const struct rules *rules;
    struct arena *arena;
};

/* GitHub's value goes to Notion, or Notion's to GitHub; only what differs there is written. */
static bool
field_copy(const struct sight_of_field *see, enum side to, struct field_plan *plan)
{
    const char *before = see->item->record != NULL ? see->item->record->open_option : NULL;
    struct value wanted;
    bool ok =
        to == SIDE_NOTION
            ? fields_to_notion(see->field, see->now[SIDE_GITHUB], see->now[SIDE_NOTION], before,
                               see->rules, &wanted)
            : fields_to_github(see->field, see->now[SIDE_NOTION], see->arena, see->rules, &wanted);

    if (!ok)
        return false;
    plan->settles = true;
    /* GitHub looks at a reason only when an issue is closed, so one closed state is not turned into another. */
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
    return field_copy(see, plan->winner == SIDE_NOTION ? SIDE_GITHUB : SIDE_NOTION, plan);
}

/* Sets: each side's change is applied to the other, element by element. Without a base, all was added. */
static bool
field_merge(const struct sight_of_field *see, enum field_row row, struct field_plan *plan)
{
    struct value to_github;
    struct value base_github;

    plan->row = row;
    plan->settles = true;
    plan->value[SIDE_NOTION] = sets_apply(see->arena, see->now[SIDE_NOTION], see->base[SIDE_GITHUB],
                                          see->now[SIDE_GITHUB]);
    to_github = labels_for_github(see->arena, see->now[SIDE_NOTION]);
    base_github = labels_for_github(see->arena, see->base[SIDE_NOTION]);
    plan->value[SIDE_GITHUB] =
        sets_apply(see->arena, see->now[SIDE_GITHUB], &base_github, &to_github);
    for (int s = 0; s < SIDE_COUNT; s++)
        plan->write[s] = !value_equal(&plan->value[s], see->now[s]);
    return true;
}

/* GitHub has no empty title, so an emptied one has nothing to say. */
static bool
field_is_blank(const struct sight_of_field *see)
{
    return see->field == FIELD_TITLE && fields_title_is_blank(see->now[SIDE_NOTION]);
}

static bool
status_is_default(const struct status_map *map, const char *option)
{
    const char *first = status_option_for(map, STATUS_OPEN, NULL);

    return first != NULL && strcmp(first, option) == 0;
}

/* An issue that we created was open then, or closed by us as its page asked for: what differs now is Notion's change, unless
 * somebody else closed or reopened the issue since. */
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
    if (fields_same(see->field, github, notion, see->arena, see->rules))
        return true;
    if (value_is_empty(github))
        return field_copy(see, SIDE_GITHUB, plan);
    /* A new status property shows what it shows by default: that is nobody's word against GitHub's. */
    if (see->field == FIELD_STATUS && (see->item->row == ROW_LINKED || see->rules->status_is_new) &&
        status_is_default(&see->rules->status, notion->text))
        return field_copy(see, SIDE_NOTION, plan);
    if (see->field == FIELD_STATUS && see->item->row == ROW_E2)
        return field_copy(see, state_is_others(see->item->issue) ? SIDE_NOTION : SIDE_GITHUB, plan);
    return field_conflict(see, ROW_F7, plan);
}

/* A move between two open options contradicts nothing that GitHub did. The record remembers the last of
 * them (reconcile_settle), so it may be overwritten. */
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
    if (plan->row == ROW_F5 && fields_same(see->field, see->now[SIDE_GITHUB], see->now[SIDE_NOTION],
                                           see->arena, see->rules)) {
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
    plan->row = value_equal(see->now[SIDE_GITHUB], see->now[SIDE_NOTION]) ? ROW_F1 : ROW_F2;
    plan->write[SIDE_NOTION] = plan->row == ROW_F2;
    plan->value[SIDE_NOTION] = *see->now[SIDE_GITHUB];
}

static void
field_decide(const struct sight_of_field *see, struct item *item, struct field_plan *plan)
{
    *plan = (struct field_plan){.value = {*see->now[SIDE_GITHUB], *see->now[SIDE_NOTION]}};
    if (!see->rules->on[see->field] || see->now[SIDE_GITHUB]->kind == VALUE_ABSENT ||
        see->now[SIDE_NOTION]->kind == VALUE_ABSENT)
        return;
    if (field_table[see->field].direction == TO_NOTION) {
        field_to_notion_only(see, plan);
        return;
    }
    if (field_both_ways(see, plan))
        return;
    *plan = (struct field_plan){.value = {*see->now[SIDE_GITHUB], *see->now[SIDE_NOTION]}};
    item_note(
        item,
        see->field == FIELD_STATUS
            ? "the Status property has no option for the issue's state: name one in `status_map`"
            : "the title is empty: GitHub needs one");
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

/* Another property of the database carries the field than the one that the base is of: what is not in
 * it was not taken out by anybody. */
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
        bool based = record != NULL && !field_moved(record, f, rules);
        const struct sight_of_field see = {
            .field = f,
            .now = {&item->issue->values[f], &item->page->values[f]},
            .base = {based ? &record->base[SIDE_GITHUB][f] : &absent,
                     based ? &record->base[SIDE_NOTION][f] : &absent},
            .item = item,
            .rules = rules,
            .arena = arena,
        };

        if (!field_is_property(f))
            continue;
        field_decide(&see, item, &item->fields[f]);
    }
    if (rules->on[FIELD_LABELS])
        labels_note(item, &item->page->values[FIELD_LABELS]);
    body_decide(item, rules, arena);
}

void
fields_for_page(struct item *item, const struct rules *rules, struct arena *arena)
{
    body_for_page(item, rules, arena);
    for (enum field f = 0; f < FIELD_COUNT; f++) {
        const struct value *github = &item->issue->values[f];
        struct field_plan *plan = &item->fields[f];

        if (!field_is_property(f))
            continue;
        *plan = (struct field_plan){.row = ROW_F8, .value = {*github, absent}};
        if ((!rules->on[f] && f != FIELD_TITLE) || github->kind == VALUE_ABSENT)
            continue;
        if (!fields_to_notion(f, github, NULL, NULL, rules, &plan->value[SIDE_NOTION])) {
            item_note(item, "the Status property has no option for the issue's state: name one in "
                            "`status_map`");
            continue;
        }
        plan->write[SIDE_NOTION] = true;
        plan->settles = field_table[f].direction == BOTH_WAYS;
    }
}

void
fields_for_issue(struct item *item, const struct rules *rules, struct arena *arena)
{
    body_for_issue(item, rules, arena);
    for (enum field f = 0; f < FIELD_COUNT; f++) {
        const struct value *notion = &item->page->values[f];
        struct field_plan *plan = &item->fields[f];

        if (!field_is_property(f))
            continue;
        *plan = (struct field_plan){.row = ROW_F8, .value = {absent, *notion}};
        if ((!rules->on[f] && f != FIELD_TITLE) || notion->kind == VALUE_ABSENT)
            continue;
        if (field_table[f].direction == TO_NOTION)
            continue;
        plan->settles = fields_to_github(f, notion, arena, rules, &plan->value[SIDE_GITHUB]);
        plan->write[SIDE_GITHUB] = plan->settles;
    }
    if (rules->on[FIELD_LABELS])
        labels_note(item, &item->page->values[FIELD_LABELS]);
}
