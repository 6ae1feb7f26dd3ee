#include "reconcile/body_p.h"

#include <string.h>

#include "markdown/work.h"
#include "model/people.h"
#include "model/sealed.h"
#include "reconcile/translate.h"

#define MINUTE ((int64_t)60 * 1000)

static const char *
base_hash(const struct record *record, enum side side)
{
    const struct value *base = record != NULL ? value_of(&record->base[side], FIELD_BODY) : NULL;

    return base != NULL && base->kind == VALUE_TEXT && !value_is_lost(base) ? base->text : NULL;
}

static bool
is_based(const struct record *record)
{
    return base_hash(record, SIDE_GITHUB) != NULL && base_hash(record, SIDE_NOTION) != NULL;
}

/* Notion floors times of edits to the minute, so an edit in the minute of the read may have come
 * after the read. It did not if the page still says that our own write was its last edit. */
static bool
content_may_differ(const struct record *record, const struct page *page, bool named)
{
    const struct body_record *body = record != NULL ? &record->body : NULL;

    if (body == NULL || body->read_at == 0 || named)
        return true;
    if (page->edited_at + MINUTE <= body->read_at)
        return false;
    return body->read_by == NULL || page->edited_at > body->read_at ||
           strcmp(body->read_by, page->edited_by) != 0;
}

/* An earlier run that died may have written the text and edited the page last. */
static bool
may_be_written(const struct record *stored)
{
    for (size_t i = 0; stored != NULL && i < stored->n_intents; i++)
        if (field_set_has(stored->intents[i].fields, FIELD_BODY))
            return true;
    return false;
}

static bool
is_open(const struct issue *issue, const struct page *page, const struct record *record, bool named)
{
    if (issue->body_hash == NULL)
        return false;
    if (content_may_differ(record, page, named))
        return true;
    return !body_hash_is(record->body.left[SIDE_GITHUB], issue->body_hash) &&
           (!is_based(record) || !body_hash_is(base_hash(record, SIDE_GITHUB), issue->body_hash));
}

bool
body_is_open(const struct rules *rules, const struct pair *pair)
{
    const struct issue_entry *number = pair->number;

    if (!rules->on[FIELD_BODY] || number == NULL)
        return false;
    if (number->pending != NULL)
        return true;
    if (pair->row != ROW_LINKED && pair->row != ROW_E12_RESUME)
        return false;
    return may_be_written(number->record) ||
           (is_based(number->record) &&
            is_open(number->issue, pair->entry->page, number->record, pair->entry->named));
}

bool
body_may_conflict(const struct item *item)
{
    return item->body.looks_page && item->issue != NULL &&
           (may_be_written(item->stored) ||
            !body_hash_is(base_hash(item->record, SIDE_GITHUB), item->issue->body_hash));
}

static const char *
login_of(const void *data, const char *user)
{
    return translate_login(data, user);
}

static bool
is_login(const void *data, const char *login)
{
    return people_by_login(((const struct rules *)data)->people, login) != NULL;
}

static struct markdown_context
context_of(const struct item *item, struct arena *arena)
{
    const struct rules *rules = item->rules;
    /* The people that the issue's text already mentions; is_login knows the others. */
    const char *mentions =
        item->issue != NULL ? value_text_of(&item->issue->values, FIELD_BODY) : NULL;

    return (struct markdown_context){
        .server_url = rules->server_url,
        .owner = rules->owner,
        .repository = rules->repository,
        .page_url = item->page != NULL ? item->page->url : NULL,
        .issue_url = item->issue != NULL ? item->issue->url : NULL,
        .login_of = login_of,
        .is_login = is_login,
        .data = rules,
        .mentions = markdown_mentions(arena, mentions),
    };
}

/* The base's text, if we have it and it matches the base's hash. */
static const char *
base_text(const struct item *item, enum side side, struct arena *arena)
{
    const char *const texts[] = {item->body.base[side], item->body.next[side]};

    for (size_t i = 0; i < 2; i++)
        if (texts[i] != NULL &&
            body_hash_is(base_hash(item->known, side), body_text_hash(side, texts[i], arena)))
            return texts[i];
    return NULL;
}

const struct base_texts *
body_known_texts(const struct item *item, struct arena *arena)
{
    struct base_texts texts = {{NULL}, {NULL}};

    if (item->body.next[SIDE_GITHUB] == NULL && item->body.next[SIDE_NOTION] == NULL)
        return NULL;
    for (enum side s = 0; s < SIDE_COUNT; s++) {
        texts.base[s] = base_text(item, s, arena);
        if (texts.base[s] == NULL)
            return NULL;
    }
    return arena_memdup(arena, &texts, sizeof(texts));
}

static size_t
length_of(const char *text)
{
    return text != NULL ? strlen(text) : 0;
}

/* Compares and merges the texts. Returns false if that would cost too much. */
static bool
work_on_bodies(struct bodies *see)
{
    const struct item *item = see->item;
    size_t length = 0;

    for (enum side s = 0; s < SIDE_COUNT; s++)
        length +=
            length_of(see->now[s]) + length_of(item->body.base[s]) + length_of(item->body.next[s]);
    work_begin(length);
    for (enum side s = 0; s < SIDE_COUNT && !work_is_spent(); s++)
        see->base[s] = base_text(item, s, see->arena);
    if (!work_is_spent())
        body_merge(see);
    return work_end();
}

/* Texts that cost too much to compare stay as they are on both sides until one of them changes. */
static void
leave_costly(struct item *item, struct field_plan *plan, struct arena *arena)
{
    *plan = (struct field_plan){.row = FIELD_ROW_NONE};
    if (item->issue != NULL)
        plan->value[SIDE_GITHUB] = *value_of(&item->issue->values, FIELD_BODY);
    if (item->page != NULL)
        plan->value[SIDE_NOTION] = *value_of(&item->page->values, FIELD_BODY);
    item->body.cut[SIDE_GITHUB] = item->body.cut[SIDE_NOTION] = false;
    item->body.left = true;
    item_note(item,
              "its text is too long or too intricate to be compared, so both sides keep theirs: "
              "shorten or simplify it",
              arena);
}

static void
compare(struct item *item, struct arena *arena)
{
    struct bodies see = {
        .item = item,
        .plan = &item->fields[FIELD_BODY],
        .rules = item->rules,
        .arena = arena,
        .context = context_of(item, arena),
        .based = is_based(item->known),
        .github_stays = body_hash_is(base_hash(item->known, SIDE_GITHUB), item->issue->body_hash),
        .hash = {item->issue->body_hash, item->page->content.hash},
    };

    for (enum side s = 0; s < SIDE_COUNT; s++)
        see.changed[s] = !see.based || !body_hash_is(base_hash(item->known, s), see.hash[s]);
    /* A person wrote something else before or after us, so both texts count. */
    if (see.based && item->doubts[FIELD_BODY] == DOUBT_BOTH)
        see.changed[SIDE_GITHUB] = see.changed[SIDE_NOTION] =
            see.changed[SIDE_GITHUB] || see.changed[SIDE_NOTION];
    if (!see.changed[SIDE_GITHUB] && !see.changed[SIDE_NOTION]) {
        see.plan->row = ROW_F1_SAME;
        /* The record keeps what an earlier, interrupted run agreed on, with its texts. */
        if (item->known != item->record) {
            item->body.looks_issue =
                value_of(&item->issue->values, FIELD_BODY)->kind == VALUE_ABSENT;
            see.plan->settles = !item->body.looks_issue;
        }
        return;
    }
    if (item->record != NULL &&
        body_hash_is(item->record->body.left[SIDE_GITHUB], see.hash[SIDE_GITHUB]) &&
        body_hash_is(item->record->body.left[SIDE_NOTION], see.hash[SIDE_NOTION])) {
        item->body.left = true;
        return;
    }
    item->body.looks_issue = value_of(&item->issue->values, FIELD_BODY)->kind == VALUE_ABSENT;
    item->body.lacks_base = see.based && !item->body.base_read;
    if (item->body.looks_issue || item->body.lacks_base)
        return;
    see.now[SIDE_GITHUB] = value_of(&item->issue->values, FIELD_BODY)->text;
    see.now[SIDE_NOTION] = value_of(&item->page->values, FIELD_BODY)->text;
    if (!work_on_bodies(&see))
        leave_costly(item, see.plan, arena);
}

void
body_decide(struct item *item, struct arena *arena)
{
    const struct issue *issue = item->issue;
    const struct page *page = item->page;
    struct field_plan *plan = &item->fields[FIELD_BODY];

    *plan = (struct field_plan){
        .value = {*value_of(&issue->values, FIELD_BODY), *value_of(&page->values, FIELD_BODY)}};
    if (!item->rules->on[FIELD_BODY] || issue->body_hash == NULL)
        return;
    if (page->content.hash != NULL) {
        compare(item, arena);
    } else if (may_be_written(item->stored) ||
               is_open(issue, page, item->record, item->body.page_named)) {
        item->body.looks_page = true;
        item->body.looks_issue = value_of(&issue->values, FIELD_BODY)->kind == VALUE_ABSENT;
    }
}

/* A new page or issue, made from the text of the other side. */
static void
begin_with(struct item *item, enum side to, const char *text, const char *hash, struct arena *arena)
{
    struct field_plan *plan = &item->fields[FIELD_BODY];
    const struct bodies see = {.arena = arena, .context = context_of(item, arena)};

    plan->row = ROW_F8_NO_BASE;
    plan->settles = body_hash_is_empty(hash) || item->rules->body_to[to];
    plan->value[to] = value_text("");
    if (body_hash_is_empty(hash) || !item->rules->body_to[to])
        return;
    work_begin(strlen(text));
    text = body_translate(&see, to, text, &item->body.cut[to]);
    if (!work_end()) {
        leave_costly(item, plan, arena);
        return;
    }
    plan->write[to] = true;
    plan->value[to] = value_text(text);
}

void
body_for_page(struct item *item, struct arena *arena)
{
    const struct value *text = value_of(&item->issue->values, FIELD_BODY);

    item->fields[FIELD_BODY] = (struct field_plan){.value = {*text}};
    if (!item->rules->on[FIELD_BODY] || item->issue->body_hash == NULL)
        return;
    item->body.looks_issue = text->kind == VALUE_ABSENT;
    if (!item->body.looks_issue)
        begin_with(item, SIDE_NOTION, text->text, item->issue->body_hash, arena);
}

void
body_for_issue(struct item *item, struct arena *arena)
{
    const struct content *content = &item->page->content;
    const struct value *text = value_of(&item->page->values, FIELD_BODY);

    item->fields[FIELD_BODY] = (struct field_plan){.value = {[SIDE_NOTION] = *text}};
    if (!item->rules->on[FIELD_BODY] || !item->rules->body_to[SIDE_GITHUB])
        return;
    item->body.looks_page = content->hash == NULL;
    if (content->hash == NULL)
        return;
    if (content->partial) {
        item->body.left = true;
        item_note(item,
                  "Notion does not show all of the page's content, so the issue was created "
                  "without it: is everything on it shared with the connection?",
                  arena);
        return;
    }
    begin_with(item, SIDE_GITHUB, text->text, content->hash, arena);
}
