#include "reconcile/reconcile.h"

#include <string.h>

#include "reconcile/body.h"
#include "reconcile/intent.h"
#include "reconcile/item.h"
#include "reconcile/moves.h"
#include "reconcile/pull.h"
#include "reconcile/translate.h"

/* A field agrees when everything planned for it was written. */
static bool
field_is_settled(const struct item *item, enum field field, const struct outcome *outcome)
{
    const struct field_plan *plan = &item->fields[field];

    for (enum side s = 0; s < SIDE_COUNT; s++)
        if (item_writes(item, field, s) &&
            (outcome->failed[s] ||
             (field_set_has(outcome->refused[s], item_carrier(item, field, s)) &&
              !item->rules->fields->items[field].is_set)))
            return false;
    return plan->settles;
}

static const struct value *
answered(const struct outcome *outcome, enum side side, enum field field)
{
    return side == SIDE_GITHUB ? value_of(&outcome->issue->values, field)
                               : value_of(&outcome->page->values, field);
}

/* The agreement of both sides: the planned elements of GitHub's set as GitHub answered them, and
 * the elements that were there before and are gone now. Whatever somebody adds or removes in
 * between is a change that the other side has not seen yet. */
static struct value
agreed_set(const struct value *planned, const struct value *answer, const struct value *read,
           struct arena *arena)
{
    const char **items = arena_array(arena, answer->len + planned->len, sizeof(*items));
    size_t len = 0;

    for (size_t i = 0; i < answer->len; i++)
        if (value_has(planned, answer->items[i]))
            items[len++] = answer->items[i];
    for (size_t i = 0; i < planned->len; i++)
        if (!value_has(answer, planned->items[i]) && value_has(read, planned->items[i]))
            items[len++] = planned->items[i];
    return value_set(items, len);
}

/* A text that is neither what we sent nor what was there before comes from a person who was faster
 * than the answer. The base is what we sent, so that the next pass sees a change. A service that
 * keeps its value although we sent another did not accept ours. */
static struct value
agreed_text(const struct value *sent, const struct value *answer, const struct value *read,
            const struct value *other, enum side side, enum field field, const struct terms *terms)
{
    bool same = side == SIDE_NOTION ? translate_same(terms, field, other, answer)
                                    : translate_same(terms, field, answer, other);

    if (field == FIELD_STATUS && side == SIDE_GITHUB)
        return status_is_closed(sent->text) == status_is_closed(answer->text) ? *answer : *sent;
    if (field == FIELD_STATUS)
        return *sent;
    return same || value_equal(answer, read) ? *answer : *sent;
}

static struct value
agreed_value(const struct item *item, const struct outcome *outcome, enum side side,
             enum field field, const struct terms *terms)
{
    static const struct value absent;
    const struct value *sent = &item->fields[field].value[side];
    const struct value *answer = answered(outcome, side, field);
    const struct value *read = &absent;

    if (side == SIDE_GITHUB && item->issue != NULL)
        read = value_of(&item->issue->values, field);
    if (side == SIDE_NOTION && item->page != NULL)
        read = value_of(&item->page->values, field);
    /* What was made holds the requested values, or what the service made of them. */
    if (read->kind == VALUE_ABSENT || answer->kind == VALUE_ABSENT)
        return *answer;
    if (answer->kind != sent->kind)
        return *sent;
    if (answer->kind == VALUE_SET)
        return agreed_set(sent, answer, read, terms->arena);
    return agreed_text(sent, answer, read, &item->fields[field].value[side_other(side)], side,
                       field, terms);
}

/* If a set goes one way, both sides agree only on what came from the source. Whatever people add or
 * remove on the other side is theirs. */
static void
settle_one_way(struct record *record, enum field field, const struct value *before,
               const struct terms *terms)
{
    enum side to = terms->rules->direction[field] == TO_NOTION ? SIDE_NOTION : SIDE_GITHUB;
    enum side from = side_other(to);
    struct value came = translate_set(terms, field, to, value_of(&record->base[from], field));
    struct value agreed =
        agreed_set(&came, value_of(&record->base[to], field), &before[to], terms->arena);

    values_put(&record->base[to], field, value_copy(terms->arena, &agreed), terms->arena);
}

/* Elements that a side did not accept are in no base, so the other side keeps asking for them. */
static void
settle_refused(struct record *record, enum field field, enum side side, const struct terms *terms)
{
    const struct value *wished = value_of(&record->base[side_other(side)], field);
    struct value taken =
        translate_set(terms, field, side_other(side), value_of(&record->base[side], field));
    const char **items = arena_array(terms->arena, wished->len, sizeof(*items));
    size_t len = 0;

    for (size_t i = 0; wished->kind == VALUE_SET && i < wished->len; i++)
        if (value_has(&taken, wished->items[i]))
            items[len++] = wished->items[i];
    if (wished->kind == VALUE_SET)
        values_put(&record->base[side_other(side)], field, value_set(items, len), terms->arena);
}

static void
settle_field(struct record *record, enum field field, const struct item *item,
             const struct outcome *outcome, struct arena *arena)
{
    const struct rules *rules = item->rules;
    const struct terms terms = {rules, arena, NULL, item};
    const struct field_plan *plan = &item->fields[field];
    const struct value before[SIDE_COUNT] = {*value_of(&record->base[SIDE_GITHUB], field),
                                             *value_of(&record->base[SIDE_NOTION], field)};

    for (enum side s = 0; s < SIDE_COUNT; s++) {
        /* A new page holds what Notion gave it, even if that is a default. */
        bool made = s == SIDE_NOTION && item->page == NULL;
        struct value value =
            plan->write[s] || made ? agreed_value(item, outcome, s, field, &terms) : plan->value[s];

        value = translate_counted(&terms, field, s, &value);
        values_put(&record->base[s], field, value_copy(arena, &value), arena);
    }
    for (enum side s = 0; s < SIDE_COUNT; s++)
        if (plan->write[s] && field_set_has(outcome->refused[s], field))
            settle_refused(record, field, s, &terms);
    if (rules->fields->items[field].is_set && rules->direction[field] != BOTH_WAYS)
        settle_one_way(record, field, before, &terms);
}

/* A look at the content counts if its result was agreed on, or left as it was. If not, the next
 * pass looks again. */
static void
settle_look(struct record *record, const struct content *content)
{
    const struct value *base = value_of(&record->base[SIDE_NOTION], FIELD_BODY);
    const char *left = record->body.left[SIDE_NOTION];

    if ((base->kind != VALUE_TEXT || strcmp(base->text, content->hash) != 0) &&
        (left == NULL || strcmp(left, content->hash) != 0))
        return;
    record->body.read_at = content->read_at;
    record->body.read_by = content->by;
}

static void
settle_body(struct record *record, const struct item *item, const struct outcome *outcome,
            struct arena *arena)
{
    const char *hashes[SIDE_COUNT] = {outcome->issue->body_hash, outcome->page->content.hash};
    const struct issue *issue = item->issue != NULL ? item->issue : outcome->issue;
    const struct page *page = item->page != NULL ? item->page : outcome->page;

    /* What somebody else wrote in the meantime has not reached the other side. The base stays, so
     * that the next pass sees it. */
    if (hashes[SIDE_GITHUB] == NULL || hashes[SIDE_NOTION] == NULL || outcome->page->content.mixed)
        return;
    if (item->body.left) {
        record->body.left[SIDE_GITHUB] = issue->body_hash;
        record->body.left[SIDE_NOTION] = page->content.hash;
    } else if (field_is_settled(item, FIELD_BODY, outcome)) {
        struct base_texts *texts = arena_alloc(arena, sizeof(*texts));

        record->body.texts = texts;
        for (enum side s = 0; s < SIDE_COUNT; s++) {
            const struct value *text = answered(outcome, s, FIELD_BODY);

            values_put(&record->base[s], FIELD_BODY, value_text(hashes[s]), arena);
            texts->base[s] = text->kind == VALUE_TEXT ? text->text : NULL;
            record->body.left[s] = NULL;
            record->cut[s] = item->body.cut[s];
        }
    }
    settle_look(record, &outcome->page->content);
}

static bool
option_is_open(const struct value *option, const struct status_map *map)
{
    return option->kind == VALUE_TEXT && status_meaning(map, option->text) == MEANING_OPEN;
}

/* GitHub did not merge. The pull request stays as it is, and the page keeps asking for the merge,
 * whatever change the page won against. */
static void
settle_refused_merge(struct record *record, const struct item *item, struct arena *arena)
{
    const struct terms terms = {item->rules, arena, NULL, item};
    const struct value *github = value_of(&item->issue->values, FIELD_STATUS);
    struct value notion = *value_of(&record->base[SIDE_NOTION], FIELD_STATUS);

    if (!option_is_open(&notion, &item->rules->status) &&
        !translate_to_notion(&terms, FIELD_STATUS, github, NULL, record->open_option, &notion))
        return;
    values_put(&record->base[SIDE_GITHUB], FIELD_STATUS, value_copy(arena, github), arena);
    values_put(&record->base[SIDE_NOTION], FIELD_STATUS, value_copy(arena, &notion), arena);
}

/* Remembers the page's option from when it was open, in case the issue is reopened: the option that
 * this pass found, or the base's if a person has closed the page since. */
static void
settle_open_option(struct record *record, const struct item *item, const struct value *base,
                   const struct status_map *map, struct arena *arena)
{
    const struct value *now = value_of(&record->base[SIDE_NOTION], FIELD_STATUS);
    const struct value *found =
        item->page != NULL ? value_of(&item->page->values, FIELD_STATUS) : now;

    if (now->kind != VALUE_TEXT || map->len == 0)
        return;
    if (option_is_open(now, map))
        record->open_option = NULL;
    else if (option_is_open(found, map))
        record->open_option = arena_strdup(arena, found->text);
    else if (option_is_open(base, map))
        record->open_option = arena_strdup(arena, base->text);
}

/* Whether the field may have been written to at least one side. */
static bool
may_be_written(const struct item *item, enum field field, const struct outcome *outcome)
{
    for (enum side s = 0; s < SIDE_COUNT; s++)
        if (item_writes(item, field, s) &&
            !(outcome->failed[s] &&
              (outcome->untouched[s] ||
               (s == SIDE_NOTION && field == FIELD_BODY && outcome->content_untouched))))
            return true;
    return false;
}

/* Fields that may have been written to one side, but were not written to all planned sides. */
static struct field_set
fields_open(const struct item *item, const struct outcome *outcome)
{
    struct field_set fields = {{0}};

    FIELD_EACH(f, item->rules->fields->based)
    for (enum side s = 0; s < SIDE_COUNT; s++)
        if (item_writes(item, f, s) && outcome->failed[s] && may_be_written(item, f, outcome))
            field_set_add(&fields, f);
    return fields;
}

static struct record *
record_of(const struct item *item, const struct outcome *outcome, struct arena *arena)
{
    struct record *record = arena_alloc(arena, sizeof(*record));
    const struct base_texts *texts = body_known_texts(item, arena);

    if (item->record != NULL)
        *record = *item->record;
    if (item->known != NULL) {
        memcpy(record->base, item->known->base, sizeof(record->base));
        record->properties = item->known->properties;
        record->open_option = item->known->open_option;
    }
    /* Takes the announcement back. The base's texts stay. */
    if (texts == NULL && outcome->intended != NULL &&
        field_set_has(outcome->intended->fields, FIELD_BODY) &&
        !field_set_has(fields_open(item, outcome), FIELD_BODY))
        texts = arena_memdup(arena,
                             &(struct base_texts){{item->body.base[0], item->body.base[1]}, {NULL}},
                             sizeof(*texts));
    if (texts != NULL)
        record->body.texts = texts;
    record->intents = NULL;
    record->n_intents = 0;
    record->number = outcome->issue != NULL ? outcome->issue->number : item->number;
    record->page_id =
        arena_strdup(arena, outcome->page != NULL ? outcome->page->id : item->page_id);
    if (outcome->issue != NULL)
        record->is_pull = outcome->issue->is_pull;
    if (item->link_comment != 0)
        record->link_comment = item->link_comment;
    if (outcome->link_comment != 0)
        record->link_comment = outcome->link_comment;
    if (outcome->link_comment != 0 || outcome->renewed || item->link_tagged)
        record->key = item->rules->key;
    return record;
}

/* What Done on the page will consent to, as seen while the page was open; and the changes of the
 * issue's state that are accounted for. */
static void
settle_consent(struct record *record, const struct item *item, const struct outcome *outcome,
               struct arena *arena)
{
    /* The answers to our own writes may include a push that came after we read the page. */
    const struct issue *seen = item->issue != NULL ? item->issue : outcome->issue;
    const struct pull *pull = issue_pull(seen);

    if (seen->is_pull && pull->head_sha != NULL && pull->base != NULL &&
        (item->voided != NULL ||
         (item->page != NULL ? pull_page_is_open(item)
                             : option_is_open(value_of(&outcome->page->values, FIELD_STATUS),
                                              &item->rules->status)))) {
        struct pull_record *own = record_own_pulls(record, arena);

        own->head = arena_strdup(arena, pull->head_sha);
        own->base_branch = arena_strdup(arena, pull->base);
    }
    record->asked = item->asks ? outcome->page->edited_at : 0;
    if (item->asks)
        return;
    if (outcome->issue->state_changed_at > record->state_seen)
        record->state_seen = outcome->issue->state_changed_at;
    if (item->fields[FIELD_STATUS].write[SIDE_GITHUB] &&
        outcome->issue->updated_at > record->state_seen)
        record->state_seen = outcome->issue->updated_at;
}

/* A page without an issue keeps only its status and the stage. */
static struct record *
settle_alone(const struct item *item, const struct outcome *outcome, struct arena *arena)
{
    struct record *record = arena_alloc(arena, sizeof(*record));

    *record = item->known != NULL ? *item->known : (struct record){0};
    record->number = page_key(item->page_id);
    record->page_id = arena_strdup(arena, item->page_id);
    record->intents = NULL;
    record->n_intents = 0;
    intent_keep(record, item, outcome->intended, fields_open(item, outcome), arena);
    if (item->rules->on[FIELD_STATUS] && field_is_settled(item, FIELD_STATUS, outcome)) {
        settle_field(record, FIELD_STATUS, item, outcome, arena);
        record_put_property(record, FIELD_STATUS, item->rules->property[FIELD_STATUS], arena);
    }
    moves_settle(record, item, field_is_settled(item, FIELD_STATUS, outcome), arena);
    return record;
}

struct record *
reconcile_leave(const struct item *item, const struct outcome *outcome, struct arena *arena)
{
    struct intent *intent;

    if (outcome->intended == NULL)
        return NULL;
    intent = arena_memdup(arena, outcome->intended, sizeof(*intent));
    FIELD_EACH(f, item->rules->fields->based)
    {
        if (may_be_written(item, f, outcome))
            continue;
        field_set_remove(&intent->fields, f);
        for (enum side s = 0; s < SIDE_COUNT; s++)
            field_set_remove(&intent->writes[s], f);
    }
    return intent_record(item, field_set_is_empty(intent->fields) ? NULL : intent, arena);
}

/* Remembers a merge that GitHub refused. While GitHub waits for one, the record keeps what we asked
 * for and at which head. */
static void
settle_tried(struct pull_record *own, const struct item *item, const struct outcome *outcome)
{
    const struct pull *pull = item->issue != NULL ? issue_pull(item->issue) : NULL;

    if (outcome->tried_head == NULL &&
        (item->again == AGAIN_MERGE ||
         (!item_acts(item, ACTION_DISARM_PULL) && pull != NULL && pull->armed && !pull->merged)))
        return;
    own->tried_head = outcome->tried_head;
    own->tried_state = outcome->tried_state;
}

struct record *
reconcile_settle(const struct item *item, const struct outcome *outcome, struct arena *arena)
{
    const struct rules *rules = item->rules;
    struct record *record;
    struct value before;

    if (item->row == ROW_E14_TASK)
        return settle_alone(item, outcome, arena);
    record = record_of(item, outcome, arena);
    before = *value_of(&record->base[SIDE_NOTION], FIELD_STATUS);
    if (record->number == 0 || record->page_id == NULL)
        return NULL;
    if (item->ends_link) {
        record->tombstone = record->tombstone || outcome->ended;
        record->issue_gone = record->tombstone && item->row == ROW_E9_ISSUE_GONE;
        if (item->row == ROW_E13_WAS_LINKED && item->page != NULL)
            record->told = item->page->edited_at;
        return record;
    }
    record->tombstone = record->issue_gone = false;
    record->told = 0;
    intent_keep(record, item, outcome->intended, fields_open(item, outcome), arena);
    settle_tried(record_own_pulls(record, arena), item, outcome);
    if (outcome->issue == NULL || outcome->page == NULL)
        return record;
    /* A link exists only once the page carries the number. Until then, the issue's marker leads to
     * the page. */
    if (outcome->page->number != record->number)
        return NULL;
    if (outcome->page->edited_at > record->page_edited)
        record->page_edited = outcome->page->edited_at;
    if (rules->number_column != NULL)
        record->column = rules->number_column;
    settle_consent(record, item, outcome, arena);
    FIELD_EACH(f, rules->fields->based)
    if (f == FIELD_STATUS && outcome->tried_head != NULL)
        settle_refused_merge(record, item, arena);
    else if ((field_set_has(rules->fields->properties, f) ||
              (rules->lane != 0 && f == rules->lane)) &&
             field_is_settled(item, f, outcome)) {
        settle_field(record, f, item, outcome, arena);
        record_put_property(record, f, rules->property[f], arena);
    }
    if (item->record == NULL || item->record->tombstone)
        record->linked_at = reconcile_link_time(rules, outcome->issue, outcome->page);
    settle_body(record, item, outcome, arena);
    moves_settle(record, item, field_is_settled(item, FIELD_STATUS, outcome), arena);
    settle_open_option(record, item, &before, &rules->status, arena);
    return record;
}
