#include "reconcile/intent.h"

#include <string.h>

#include "reconcile/body_p.h"
#include "reconcile/comment.h"
#include "reconcile/item.h"
#include "reconcile/moves.h"
#include "reconcile/pull.h"
#include "reconcile/translate.h"

#define MINUTE ((int64_t)60 * 1000)
/* The most intents to keep, from consecutive runs that recorded only what they were about to do. */
#define INTENTS_MAX 8

/* What it was about to write to each side. */
static struct field_set
intent_writes(const struct intent *intent)
{
    return field_set_or(intent->writes[SIDE_GITHUB], intent->writes[SIDE_NOTION]);
}

/* --- what this run is about to write --- */

static struct value
body_holds(const struct item *item, enum side side, bool written, struct arena *arena)
{
    const struct value *text = &item->fields[FIELD_BODY].value[side];

    if (written && text->kind == VALUE_TEXT)
        return value_text(body_text_hash(side, text->text, arena));
    if (side == SIDE_GITHUB)
        return value_maybe(item->issue != NULL ? item->issue->body_hash : NULL);
    return value_maybe(item->page != NULL ? item->page->content.hash : NULL);
}

/* GitHub's value for a pull request that was merged rather than closed. */
static struct value
status_holds(const struct item *item)
{
    const struct field_plan *plan = &item->fields[FIELD_STATUS];

    if (plan->write[SIDE_GITHUB] && item->issue != NULL && item->issue->is_pull &&
        status_is_closed(plan->value[SIDE_GITHUB].text) && pull_merges(item->rules))
        return value_text(STATUS_MERGED);
    return plan->value[SIDE_GITHUB];
}

static void
intent_add(struct intent *intent, enum field field, const struct item *item, struct arena *arena)
{
    const struct terms terms = {item->rules, arena, NULL, item};
    const struct field_plan *plan = &item->fields[field];

    field_set_add(&intent->fields, field);
    for (enum side s = 0; s < SIDE_COUNT; s++) {
        struct value holds = plan->value[s];
        struct value had = {0};

        if (s == SIDE_GITHUB && item->issue != NULL)
            had = *value_of(&item->issue->values, field);
        if (s == SIDE_NOTION && item->page != NULL)
            had = *value_of(&item->page->values, field);
        if (item_writes(item, field, s))
            field_set_add(&intent->writes[s], field);
        if (field == FIELD_BODY) {
            holds = body_holds(item, s, plan->write[s], arena);
            had = body_holds(item, s, false, arena);
        } else if (field == FIELD_STATUS && s == SIDE_GITHUB) {
            holds = status_holds(item);
        }
        holds = translate_counted(&terms, field, s, &holds);
        had = translate_counted(&terms, field, s, &had);
        values_put(&intent->holds[s], field, value_copy(arena, &holds), arena);
        values_put(&intent->had[s], field, value_copy(arena, &had), arena);
    }
}

const struct intent *
intent_of(const struct item *item, struct arena *arena)
{
    struct intent *intent = arena_alloc(arena, sizeof(*intent));

    *intent = (struct intent){0};
    if ((item->number == 0 && item->row != ROW_E14_TASK) || item->ends_link ||
        (item->row != ROW_LINKED && item->row != ROW_E14_TASK && item->row != ROW_E2_RECOVER &&
         item->row != ROW_E3_NEW_PAGE && item->row != ROW_E12_RESUME && item->row != ROW_E4_ADOPT))
        return NULL;
    FIELD_EACH(f, item->rules->fields->based)
    if (item_writes(item, f, SIDE_GITHUB) || item_writes(item, f, SIDE_NOTION) ||
        item->fields[f].settles)
        intent_add(intent, f, item, arena);
    if (field_set_is_empty(intent_writes(intent)))
        return NULL;
    intent->stage = moves_target(item);
    intent->page_id = arena_strdup(arena, item->page_id);
    intent->issue_updated = item->issue->updated_at;
    intent->issue_state_changed = item->issue->state_changed_at;
    if (item->page != NULL) {
        intent->page_edited = item->page->edited_at;
        intent->page_minute_open = item->page->edited_at + MINUTE > item->rules->notion_time;
    }
    return intent;
}

bool
intent_covers(const struct intent *saved, const struct intent *now)
{
    if (now == NULL)
        return true;
    if (now->stage != STAGE_UNKNOWN && (saved == NULL || saved->stage != now->stage))
        return false;
    FIELD_EACH(f, intent_writes(now))
    {
        for (enum side s = 0; s < SIDE_COUNT; s++)
            if (saved == NULL ||
                field_set_has(saved->writes[s], f) != field_set_has(now->writes[s], f) ||
                !value_equal(value_of(&saved->holds[s], f), value_of(&now->holds[s], f)) ||
                !value_equal(value_of(&saved->had[s], f), value_of(&now->had[s], f)))
                return false;
    }
    return true;
}

/* All intents for the file: the existing ones and this one. */
struct record *
intent_record(const struct item *item, const struct intent *intent, struct arena *arena)
{
    struct record *record = arena_alloc(arena, sizeof(*record));
    struct intent *intents;
    size_t n = 0;

    *record = (struct record){.number = item->number,
                              .is_pull = item->issue != NULL && item->issue->is_pull};
    if (item->row == ROW_E14_TASK)
        *record = (struct record){.number = page_key(item->page_id), .page_id = item->page_id};
    if (item->stored != NULL)
        *record = *item->stored;
    intents = arena_array(arena, record->n_intents + 1, sizeof(*intents));
    for (size_t i = 0; i < record->n_intents; i++)
        if (record->n_intents - i < INTENTS_MAX)
            intents[n++] = record->intents[i];
    if (intent != NULL)
        intents[n++] = *intent;
    record->intents = intents;
    record->n_intents = (unsigned)n;
    return record;
}

bool
intent_bodies(const struct item *item, const struct intent *intent, struct base_texts *texts)
{
    const struct field_plan *plan = &item->fields[FIELD_BODY];

    if (!field_set_has(intent_writes(intent), FIELD_BODY))
        return false;
    for (enum side s = 0; s < SIDE_COUNT; s++) {
        const struct value *read =
            s == SIDE_GITHUB
                ? item->issue != NULL ? value_of(&item->issue->values, FIELD_BODY) : &plan->value[s]
            : item->page != NULL ? value_of(&item->page->values, FIELD_BODY)
                                 : &plan->value[s];
        const struct value *text = plan->write[s] ? &plan->value[s] : read;

        texts->base[s] = item->body.base[s];
        texts->next[s] = text->kind == VALUE_TEXT ? text->text : NULL;
    }
    return true;
}

/* --- what earlier runs were about to write --- */

/* The facts behind a decision about earlier intents. */
struct look {
    const struct item *item;
    const struct rules *rules;
    struct arena *arena;
    struct terms terms;
    struct value now[SIDE_COUNT];
};

enum fate {
    FATE_DONE,    /* the writes are visible: both sides agreed on that then */
    FATE_NOT,     /* they were not done */
    FATE_UNKNOWN, /* not done, or undone by a person */
    FATE_OTHER,   /* a person chose something else since, perhaps without having seen our write */
};

/* Our newest comment that comes before the write to the issue. */
static int64_t
announced_at(const struct item *item)
{
    int64_t newest = 0;
    const char *id;

    for (size_t i = 0; i < item->n_comments; i++)
        if (item->comments[i].counts && !comment_is_link(&item->comments[i], &id) &&
            item->comments[i].created_at > newest)
            newest = item->comments[i].created_at;
    return newest;
}

/* What a side holds now. Content that was not read is unknown. */
static struct value
holds_now(const struct look *look, enum side side, enum field field)
{
    const struct item *item = look->item;

    if (field == FIELD_BODY)
        return value_maybe(side == SIDE_GITHUB ? item->issue->body_hash : item->page->content.hash);
    return translate_counted(&look->terms, field, side,
                             side == SIDE_GITHUB ? value_of(&item->issue->values, field)
                                                 : value_of(&item->page->values, field));
}

/* What we know of writes to that side, by us or by anybody, since the intent was recorded. */
enum touch {
    TOUCH_NONE,
    TOUCH_MAYBE, /* the minute of the page's last edit was not over then */
    TOUCH_SIDE,  /* something there was changed */
    TOUCH_FIELD, /* that very field was */
};

/* The time until which changes of the issue are known to be our own: comments that precede the
 * writes, and visible writes. */
static int64_t
ours_until(const struct look *look, const struct intent *intent)
{
    const struct item *item = look->item;
    int64_t newest = announced_at(item);

    if (item->changed_at == NULL)
        return newest;
    FIELD_EACH(f, intent->writes[SIDE_GITHUB])
    {
        const struct value now = holds_now(look, SIDE_GITHUB, f);

        if (f < FIELD_BUILTINS && item->changed_at[f] != CHANGE_UNKNOWN &&
            item->changed_at[f] > newest &&
            value_equal(&now, value_of(&intent->holds[SIDE_GITHUB], f)))
            newest = item->changed_at[f];
    }
    return newest;
}

static enum touch
touch_of_issue(const struct look *look, const struct intent *intent, enum field field)
{
    const struct issue *issue = look->item->issue;
    const int64_t *changed = look->item->changed_at;

    if (field == FIELD_STATUS)
        return issue->state_changed_at > intent->issue_state_changed ? TOUCH_FIELD : TOUCH_NONE;
    if (field_set_has(look->rules->fields->lenses, field))
        field = FIELD_LABELS;
    if (changed != NULL && field < FIELD_BUILTINS && changed[field] != CHANGE_UNKNOWN)
        return changed[field] > intent->issue_updated ? TOUCH_FIELD : TOUCH_NONE;
    return issue->updated_at > intent->issue_updated && issue->updated_at > ours_until(look, intent)
               ? TOUCH_SIDE
               : TOUCH_NONE;
}

/* The issue is written before the page, so if the issue has not changed, the run did not get to the
 * page. But GitHub may have refused a merge or parts of a write, and the page was written anyway.
 */
static bool
page_was_reached(const struct look *look, const struct intent *intent)
{
    FIELD_EACH(f, intent->writes[SIDE_GITHUB])
    {
        const struct value now = holds_now(look, SIDE_GITHUB, f);

        if ((f == FIELD_TITLE || f == FIELD_BODY ||
             (f == FIELD_STATUS && !look->item->issue->is_pull)) &&
            value_equal(&now, value_of(&intent->had[SIDE_GITHUB], f)) &&
            touch_of_issue(look, intent, f) == TOUCH_NONE)
            return false;
    }
    return true;
}

static enum touch
touch_of(const struct look *look, const struct intent *intent, enum side side, enum field field)
{
    if (side == SIDE_GITHUB)
        return touch_of_issue(look, intent, field);
    if (look->item->page->edited_at != intent->page_edited)
        return TOUCH_SIDE;
    return intent->page_minute_open && page_was_reached(look, intent) ? TOUCH_MAYBE : TOUCH_NONE;
}

/* Whether the side holds what was about to be replaced, and nobody has written to it since. */
static bool
is_as_it_was(const struct look *look, const struct intent *intent, enum side side, enum field field)
{
    return value_equal(&look->now[side], value_of(&intent->had[side], field)) &&
           touch_of(look, intent, side, field) == TOUCH_NONE;
}

/* The same merged text was about to go to both sides, to the issue first. */
static enum fate
fate_of_both(const struct look *look, const struct intent *intent, enum field field,
             const bool seen[SIDE_COUNT])
{
    /* GitHub may have refused it. */
    if (is_as_it_was(look, intent, SIDE_GITHUB, field))
        return FATE_NOT;
    if (seen[SIDE_NOTION] && !value_equal(value_of(&intent->had[SIDE_NOTION], field),
                                          value_of(&intent->holds[SIDE_NOTION], field)))
        return FATE_DONE;
    if (seen[SIDE_GITHUB] && is_as_it_was(look, intent, SIDE_NOTION, field))
        return FATE_NOT;
    return FATE_OTHER;
}

static enum fate
fate_of_text(const struct look *look, const struct intent *intent, enum field field,
             const struct value base[SIDE_COUNT])
{
    bool seen[SIDE_COUNT];

    for (enum side s = 0; s < SIDE_COUNT; s++)
        seen[s] = !field_set_has(intent->writes[s], field) ||
                  value_equal(&look->now[s], value_of(&intent->holds[s], field));
    if (seen[SIDE_GITHUB] && seen[SIDE_NOTION])
        return FATE_DONE;
    if (field_set_has(intent->writes[SIDE_GITHUB], field) &&
        field_set_has(intent->writes[SIDE_NOTION], field))
        return fate_of_both(look, intent, field, seen);
    for (enum side s = 0; s < SIDE_COUNT; s++) {
        if (!field_set_has(intent->writes[s], field) ||
            field_set_has(intent->writes[side_other(s)], field))
            continue;
        if (!value_equal(&look->now[s], &base[s]))
            return base[s].kind == VALUE_ABSENT || is_as_it_was(look, intent, s, field)
                       ? FATE_NOT
                       : FATE_OTHER;
        switch (touch_of(look, intent, s, field)) {
        case TOUCH_NONE:
            return FATE_NOT;
        case TOUCH_FIELD:
            return FATE_DONE;
        default:
            return FATE_UNKNOWN;
        }
    }
    return FATE_NOT;
}

/* The card has not moved, but somebody edited its page since. Was it never moved, or dragged back?
 * The column PR State is written along with the card. Without that column, the card stays where it
 * is: a person who dragged it back would not understand why it moves again. */
static enum fate
fate_of_stage(const struct look *look, const struct intent *intent, struct record *known)
{
    const struct value *shown = value_of(&look->item->page->values, FIELD_PR_STATE);
    const struct value wanted = value_text(moves_stage_shown(intent->stage));

    if (touch_of(look, intent, SIDE_NOTION, FIELD_STATUS) != TOUCH_SIDE)
        return FATE_NOT;
    if (look->rules->on[FIELD_PR_STATE])
        return value_equal(shown, &wanted) ? FATE_DONE : FATE_NOT;
    record_own_pulls(known, look->arena)->stage = intent->stage;
    return FATE_UNKNOWN;
}

/* The option that the page had before it was closed. */
static const char *
open_option_then(const struct look *look, const struct intent *intent, const struct record *known)
{
    const struct status_map *map = &look->rules->status;
    const struct value *const options[] = {value_of(&intent->had[SIDE_NOTION], FIELD_STATUS),
                                           value_of(&known->base[SIDE_NOTION], FIELD_STATUS)};

    if (status_meaning(map, value_of(&intent->holds[SIDE_NOTION], FIELD_STATUS)->text) ==
        MEANING_OPEN)
        return NULL;
    for (size_t i = 0; i < 2; i++)
        if (options[i]->kind == VALUE_TEXT && status_meaning(map, options[i]->text) == MEANING_OPEN)
            return options[i]->text;
    return known->open_option;
}

/* What a person put on each side, if we cannot know whether that person saw our write. A text that
 * is still as we left it, or as we read it, is not in doubt. */
static enum doubt
doubt_of_other(const struct look *look, const struct intent *intent, enum field field)
{
    if (field != FIELD_BODY)
        return DOUBT_BOTH;
    for (enum side s = 0; s < SIDE_COUNT; s++)
        if (value_equal(&look->now[s], value_of(&intent->holds[s], field)))
            return s == SIDE_GITHUB ? DOUBT_NOTION : DOUBT_GITHUB;
    return DOUBT_BOTH;
}

static void
resolve_text(const struct look *look, const struct intent *intent, enum field field,
             struct record *known, struct item *item)
{
    struct value base[SIDE_COUNT] = {*value_of(&known->base[SIDE_GITHUB], field),
                                     *value_of(&known->base[SIDE_NOTION], field)};
    enum fate fate;

    /* If a column has no base, its value before our write serves as the base. */
    for (enum side s = 0; s < SIDE_COUNT; s++)
        if (base[s].kind == VALUE_ABSENT || field_moved(known, field, look->rules))
            base[s] = *value_of(&intent->had[s], field);
    fate = fate_of_text(look, intent, field, base);
    if (fate == FATE_UNKNOWN && field == FIELD_STATUS && intent->stage != STAGE_UNKNOWN)
        fate = fate_of_stage(look, intent, known);

    /* A later run that wrote nothing leaves an earlier run's writes in doubt. */
    if (fate == FATE_DONE) {
        item->doubts[field] = DOUBT_NONE;
        if (field == FIELD_STATUS)
            known->open_option = open_option_then(look, intent, known);
        if (field == FIELD_STATUS && intent->stage != STAGE_UNKNOWN)
            record_own_pulls(known, look->arena)->stage = intent->stage;
        for (enum side s = 0; s < SIDE_COUNT; s++)
            values_put(&known->base[s], field, *value_of(&intent->holds[s], field), look->arena);
        record_put_property(known, field, look->rules->property[field], look->arena);
    } else if (fate == FATE_OTHER) {
        item->doubts[field] = doubt_of_other(look, intent, field);
    } else if (fate == FATE_UNKNOWN) {
        item->doubts[field] =
            field_set_has(intent->writes[SIDE_NOTION], field) ? DOUBT_NOTION : DOUBT_GITHUB;
    }
}

/* Whether we were about to add or remove the element there. */
static bool
element_is_ours(const struct intent *intent, enum side side, enum field field, const char *item)
{
    return field_set_has(intent->writes[side], field) &&
           value_has(value_of(&intent->holds[side], field), item) !=
               value_has(value_of(&intent->had[side], field), item);
}

/* Whether both sides agreed on the element as the intent has it. */
static bool
element_is_agreed(const struct look *look, const struct intent *intent, enum side side,
                  enum field field, const char *item)
{
    const struct value one = value_set(&item, 1);
    enum side other = side_other(side);
    struct value there;

    if (element_is_ours(intent, side, field, item)) {
        enum touch touch = touch_of(look, intent, side, field);
        bool has = value_has(&look->now[side], item);

        /* If we cannot know whether we removed it, it stays. */
        return has == value_has(value_of(&intent->holds[side], field), item) ||
               touch == TOUCH_FIELD || (touch == TOUCH_SIDE && has);
    }
    there = translate_set(&look->terms, field, other, &one);
    if (there.len == 1 && element_is_ours(intent, other, field, there.items[0]))
        return element_is_agreed(look, intent, other, field, there.items[0]);
    return look->rules->direction[field] == BOTH_WAYS;
}

static void
resolve_set(const struct look *look, const struct intent *intent, enum field field,
            struct record *known)
{
    for (enum side s = 0; s < SIDE_COUNT; s++) {
        const struct value *base = value_of(&known->base[s], field);
        const struct value *holds = value_of(&intent->holds[s], field);
        const char **items = arena_array(look->arena, base->len + holds->len, sizeof(*items));
        size_t n = 0;

        if (base->kind == VALUE_ABSENT && holds->kind == VALUE_ABSENT)
            continue;
        for (size_t i = 0; i < base->len; i++)
            if (value_has(holds, base->items[i]) ||
                !element_is_agreed(look, intent, s, field, base->items[i]))
                items[n++] = base->items[i];
        for (size_t i = 0; i < holds->len; i++)
            if (!value_has(base, holds->items[i]) &&
                element_is_agreed(look, intent, s, field, holds->items[i]))
                items[n++] = holds->items[i];
        values_put(&known->base[s], field, value_set(items, n), look->arena);
    }
    record_put_property(known, field, look->rules->property[field], look->arena);
}

void
intent_resolve(struct item *item, struct arena *arena)
{
    const struct rules *rules = item->rules;
    struct look look = {
        .item = item, .rules = rules, .arena = arena, .terms = {rules, arena, NULL, item}};
    struct record *known;

    memset(item->doubts, 0, rules->fields->n * sizeof(*item->doubts));
    item->known = item->record;
    if (item->stored == NULL || item->stored->n_intents == 0)
        return;
    known = arena_alloc(arena, sizeof(*known));
    *known = item->record != NULL ? *item->record : (struct record){.number = item->number};
    FIELD_EACH(f, rules->fields->based)
    {
        if (!rules->on[f])
            continue;
        for (enum side s = 0; s < SIDE_COUNT; s++)
            look.now[s] = holds_now(&look, s, f);
        if (look.now[SIDE_GITHUB].kind == VALUE_ABSENT ||
            look.now[SIDE_NOTION].kind == VALUE_ABSENT)
            continue;
        for (size_t i = 0; i < item->stored->n_intents; i++) {
            const struct intent *intent = &item->stored->intents[i];

            if (!field_set_has(intent->fields, f) ||
                (intent->page_id != NULL && strcmp(intent->page_id, item->page_id) != 0))
                continue;
            if (rules->fields->items[f].is_set)
                resolve_set(&look, intent, f, known);
            else
                resolve_text(&look, intent, f, known, item);
        }
    }
    item->known = known;
}

void
intent_keep(struct record *record, const struct item *item, const struct intent *intended,
            struct field_set fields, struct arena *arena)
{
    const struct record *all = intent_record(item, intended, arena);
    struct intent *kept = arena_array(arena, all->n_intents, sizeof(*kept));
    size_t n = 0;

    for (size_t i = 0; i < all->n_intents; i++) {
        struct intent intent = all->intents[i];

        intent.fields = field_set_and(intent.fields, fields);
        for (enum side s = 0; s < SIDE_COUNT; s++)
            intent.writes[s] = field_set_and(intent.writes[s], fields);
        if (!field_set_is_empty(intent.fields))
            kept[n++] = intent;
    }
    record->intents = kept;
    record->n_intents = (unsigned)n;
}
