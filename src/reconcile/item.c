#include "reconcile/item.h"

#include <stdlib.h>
#include <string.h>

#include "reconcile/rules.h"

enum side
action_side(enum action_kind kind)
{
    switch (kind) {
    case ACTION_LOOK:
    case ACTION_QUOTE:
    case ACTION_CREATE_PAGE:
    case ACTION_WRITE_PAGE:
    case ACTION_SHOW_PAGE:
    case ACTION_WRITE_CONTENT:
    case ACTION_CLEAR_NUMBER:
    case ACTION_TRASH_PAGE:
        return SIDE_NOTION;
    default:
        return SIDE_GITHUB;
    }
}

struct item *
item_copy(const struct item *item, struct arena *arena)
{
    struct item *copy = arena_memdup(arena, item, sizeof(*copy));

    copy->fields =
        arena_memdup(arena, item->fields, item->rules->fields->n * sizeof(*copy->fields));
    return copy;
}

const struct item *
item_hold(const struct item *item, struct field_set fields, struct arena *arena)
{
    struct item *held = item_copy(item, arena);

    FIELD_EACH(f, fields)
    {
        struct field_plan *plan = &held->fields[f];

        plan->waits = true;
        plan->settles = plan->write[SIDE_GITHUB] = plan->write[SIDE_NOTION] = false;
    }
    if (held->fields[FIELD_STATUS].waits)
        held->fields[FIELD_STATE].write[SIDE_NOTION] = false;
    return held;
}

void
item_act(struct item *item, enum action_kind kind, enum comment_kind comment)
{
    if (item->n_actions == ITEM_ACTIONS)
        abort();
    item->actions[item->n_actions++] = (struct action){kind, comment};
}

void
item_note(struct item *item, const char *note, struct arena *arena)
{
    sayings_add(&item->notes, note, arena);
}

bool
item_acts(const struct item *item, enum action_kind kind)
{
    for (size_t i = 0; i < item->n_actions; i++)
        if (item->actions[i].kind == kind)
            return true;
    return false;
}

bool
item_is_secret(const struct item *item, enum field field)
{
    return item->rules->secret[field];
}

bool
item_is_hidden(const struct item *item)
{
    return item_is_secret(item, FIELD_TITLE) && item->rules->is_public;
}

struct field_set
item_quotes(const struct item *item, enum side side)
{
    struct field_set fields = {{0}};

    for (enum field f = 0; f < item->rules->fields->n; f++) {
        const struct field_plan *plan = &item->fields[f];
        bool secret = plan->winner == SIDE_GITHUB && !plan->stays && item_is_secret(item, f);

        if (plan->conflict && (secret ? SIDE_NOTION : SIDE_GITHUB) == side)
            field_set_add(&fields, f);
    }
    return fields;
}

struct missing *
item_missing(const struct item *item)
{
    return item != NULL && item->plan != NULL ? item->plan->missing : NULL;
}

enum field
item_carrier(const struct item *item, enum field field, enum side side)
{
    return side == SIDE_NOTION && field != 0 && field == item->rules->lane ? FIELD_STATUS : field;
}

bool
item_writes(const struct item *item, enum field field, enum side side)
{
    return item->fields[item_carrier(item, field, side)].write[side];
}

size_t
item_conflicts(const struct item *item)
{
    size_t n = 0;

    for (enum field f = 0; f < item->rules->fields->n; f++)
        n += item->fields[f].conflict;
    return n;
}

size_t
item_changes(const struct item *item)
{
    const struct field_plan *status = &item->fields[FIELD_STATUS];
    bool linked = item->row == ROW_LINKED || item->row == ROW_E4_ADOPT ||
                  item->row == ROW_E12_RESUME || item->row == ROW_E14_TASK;
    /* A status that was not remembered before is filled in. */
    bool fills = item->page != NULL &&
                 value_is_empty(value_of(&item->page->values, FIELD_STATUS)) &&
                 (item->record == NULL ||
                  value_of(&item->record->base[SIDE_NOTION], FIELD_STATUS)->kind == VALUE_ABSENT);

    return (size_t)(status->write[SIDE_GITHUB] && (linked || item->row == ROW_E8_PAGE_GONE)) +
           (size_t)(status->write[SIDE_NOTION] && linked && !fills);
}

bool
item_is_idle(const struct item *item)
{
    return item->n_actions == 0 && !item->saves && item->notes.n == 0 && item->again == AGAIN_NO;
}

enum side
item_winner(const struct item *item)
{
    bool notion_wins = item->rules->on_conflict == POLICY_NOTION ||
                       (item->rules->on_conflict == POLICY_NEWEST &&
                        item->page->edited_at > item->issue->updated_at);

    return notion_wins ? SIDE_NOTION : SIDE_GITHUB;
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
