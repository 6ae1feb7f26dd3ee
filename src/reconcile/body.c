#include "reconcile/body.h"

#include <string.h>

#include "base/utf8.h"
#include "markdown/markdown.h"
#include "markdown/merge.h"
#include "model/body.h"
#include "reconcile/body_limits.h"
#include "reconcile/fields.h"

#define MINUTE ((int64_t)60 * 1000)

/* What a decision rests on. */
struct bodies {
    struct item *item;
    struct field_plan *plan;
    const struct rules *rules;
    struct arena *arena;
    struct markdown_context context;
    bool based;
    const char *base[SIDE_COUNT]; /* texts; NULL: not known any more */
    bool changed[SIDE_COUNT];
    const char *now[SIDE_COUNT], *hash[SIDE_COUNT];
};

static enum side
other(enum side side)
{
    return side == SIDE_GITHUB ? SIDE_NOTION : SIDE_GITHUB;
}

static const char *
normal_hash(enum side side, const char *text, struct arena *arena)
{
    return body_hash(arena, side == SIDE_GITHUB ? markdown_normal_github(arena, text)
                                                : markdown_normal_notion(arena, text));
}

static bool
is_empty(const char *hash)
{
    const char *length = strrchr(hash, '-');

    return length != NULL && strcmp(length, "-0") == 0;
}

static bool
hash_is(const char *hash, const char *is)
{
    return hash != NULL && strcmp(hash, is) == 0;
}

static const char *
base_hash(const struct record *record, enum side side)
{
    const struct value *base = record != NULL ? &record->base[side][FIELD_BODY] : NULL;

    return base != NULL && base->kind == VALUE_TEXT ? base->text : NULL;
}

static bool
is_based(const struct record *record)
{
    return base_hash(record, SIDE_GITHUB) != NULL && base_hash(record, SIDE_NOTION) != NULL;
}

/* Times of edits are floored to the minute, so one of the minute in which the content was read may have come after that: unless
 * the page still says that our own write was its last edit. */
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

static bool
is_open(const struct issue *issue, const struct page *page, const struct record *record, bool named)
{
    if (issue->body_hash == NULL)
        return false;
    if (content_may_differ(record, page, named))
        return true;
    return !hash_is(record->body.left[SIDE_GITHUB], issue->body_hash) &&
           (!is_based(record) || !hash_is(base_hash(record, SIDE_GITHUB), issue->body_hash));
}

bool
body_is_open(const struct rules *rules, const struct pair *pair)
{
    return rules->on[FIELD_BODY] && pair->row == ROW_LINKED && is_based(pair->number->record) &&
           is_open(pair->number->issue, pair->sheet->page, pair->number->record,
                   pair->sheet->named);
}

bool
body_may_conflict(const struct item *item)
{
    return item->body.looks_page && item->issue != NULL &&
           !hash_is(base_hash(item->record, SIDE_GITHUB), item->issue->body_hash);
}

static struct markdown_context
context_of(const struct item *item, const struct rules *rules)
{
    return (struct markdown_context){
        .server_url = rules->server_url,
        .owner = rules->owner,
        .repository = rules->repository,
        .page_url = item->page != NULL ? item->page->url : NULL,
        .issue_url = item->issue != NULL ? item->issue->url : NULL,
    };
}

/* The other side's text as `to` can hold it. */
static const char *
translate(const struct bodies *see, enum side to, const char *text, bool *cut)
{
    if (to == SIDE_GITHUB)
        return markdown_cut_github(see->arena, markdown_to_github(see->arena, text, &see->context),
                                   BODY_GITHUB_MAX, see->context.page_url, cut);
    text = markdown_to_notion(see->arena, text, &see->context);
    return markdown_cut_notion(see->arena, text, body_notion_max(text), see->context.issue_url,
                               cut);
}

/* What the other side did since the base, brought into the text of `to`, so that what only this side can hold stays. */
static struct merge_result
carry(const struct bodies *see, enum side to, const char *theirs, bool prefer_ours)
{
    bool cut;

    if (see->base[other(to)] == NULL)
        return (struct merge_result){.text = arena_strdup(see->arena, theirs)};
    return merge_markdown(see->arena, to == SIDE_GITHUB ? MARKDOWN_GITHUB : MARKDOWN_NOTION,
                          &see->context, translate(see, to, see->base[other(to)], &cut),
                          see->now[to], theirs, prefer_ours);
}

static bool
fits(enum side side, const char *text)
{
    return side == SIDE_GITHUB ? utf8_length16(text) <= BODY_GITHUB_MAX
                               : strlen(text) <= body_notion_max(text);
}

static void
write_to(const struct bodies *see, enum side to, const char *text)
{
    if (hash_is(see->hash[to], normal_hash(to, text, see->arena)))
        return;
    see->plan->write[to] = true;
    see->plan->value[to] = value_text(text);
}

/* Both stay as they are, and are not looked at again before one of them changes. note: for people, once; may be NULL. */
static void
leave(const struct bodies *see, const char *note)
{
    see->item->body.left = true;
    if (note != NULL)
        item_note(see->item, note);
}

/* Whether both sides say the same, as far as each can. */
static bool
says_the_same(const struct bodies *see)
{
    for (enum side s = 0; s < SIDE_COUNT; s++) {
        bool cut;
        const char *text = translate(see, s, see->now[other(s)], &cut);

        if (!hash_is(see->hash[s], normal_hash(s, text, see->arena)))
            continue;
        see->item->body.cut[s] = cut;
        return true;
    }
    return false;
}

/* F2, F3: what `from` did goes to the other side. */
static void
one_changed(const struct bodies *see, enum side from)
{
    enum side to = other(from);
    bool *cut = &see->item->body.cut[to];
    const char *theirs = translate(see, to, see->now[from], cut);
    const char *merged = carry(see, to, theirs, false).text;

    see->plan->row = to == SIDE_NOTION ? ROW_F2 : ROW_F3;
    write_to(see, to, *cut || !fits(to, merged) ? theirs : merged);
}

static enum side
winner_of(const struct bodies *see)
{
    if (!see->rules->body_to[SIDE_GITHUB])
        return SIDE_GITHUB;
    if (!see->rules->body_to[SIDE_NOTION])
        return SIDE_NOTION;
    return fields_winner(see->item, see->rules);
}

/* F7: one text takes the place of the other. */
static void
take_one(const struct bodies *see)
{
    enum side winner = winner_of(see);
    enum side to = other(winner);

    see->plan->row = ROW_F7;
    see->plan->conflict = true;
    see->plan->winner = winner;
    write_to(see, to, translate(see, to, see->now[winner], &see->item->body.cut[to]));
}

/* F6: both changes in both texts; where they meet, `lost` has what did not win. */
static bool
merge_both(const struct bodies *see)
{
    enum side winner = winner_of(see);
    enum side first = see->rules->body_to[SIDE_GITHUB] ? SIDE_GITHUB : SIDE_NOTION;
    enum side second = other(first);
    bool cut[SIDE_COUNT] = {false};
    const char *theirs = translate(see, first, see->now[second], &cut[first]);
    struct merge_result merged = carry(see, first, theirs, winner == first);
    const char *back;

    if (cut[first] || !fits(first, merged.text))
        return false;
    if (see->rules->body_to[second]) {
        back = translate(see, second, merged.text, &cut[second]);
        back = carry(see, second, back, false).text;
        if (cut[second] || !fits(second, back))
            return false;
        write_to(see, second, back);
    }
    write_to(see, first, merged.text);
    see->plan->row = merged.conflict ? ROW_F7 : ROW_F6;
    see->plan->conflict = merged.conflict;
    see->plan->winner = winner;
    see->plan->lost = merged.conflict ? merged.lost : NULL;
    return true;
}

static void
both_changed(const struct bodies *see)
{
    if (says_the_same(see)) {
        see->plan->row = ROW_F4;
        return;
    }
    if (see->base[SIDE_GITHUB] == NULL || see->base[SIDE_NOTION] == NULL || !merge_both(see))
        take_one(see);
}

/* F8. Returns false where nothing is to be done. */
static bool
without_base(const struct bodies *see)
{
    see->plan->row = ROW_F8;
    if (says_the_same(see))
        return true;
    for (enum side s = 0; s < SIDE_COUNT; s++) {
        if (!is_empty(see->hash[s]))
            continue;
        if (see->rules->body_to[s])
            write_to(see, s, translate(see, s, see->now[other(s)], &see->item->body.cut[s]));
        else
            leave(see, NULL);
        return see->rules->body_to[s];
    }
    take_one(see);
    return true;
}

/* What was cut has no way back: nobody's text may end where the other side's copy does. */
static bool
edits_a_copy(const struct bodies *see)
{
    const struct record *record = see->item->record;

    if (record == NULL)
        return false;
    if (record->body.cut[SIDE_NOTION] && see->changed[SIDE_NOTION]) {
        leave(see, "the page has only the beginning of the issue's text, so what is edited there "
                   "stays there");
        return true;
    }
    if (record->body.cut[SIDE_GITHUB] && see->changed[SIDE_GITHUB]) {
        leave(see, "the issue has only the beginning of the page's content, so what is edited "
                   "there stays there");
        return true;
    }
    return false;
}

/* Blocks that Markdown cannot carry are never flattened: what would have to change them is told, and left. */
static void
check_expressible(const struct bodies *see)
{
    struct field_plan *plan = see->plan;
    const struct markdown_edit *edits;
    size_t n;

    plan->settles = true;
    if (!plan->write[SIDE_NOTION] ||
        markdown_edits(see->arena, see->now[SIDE_NOTION], plan->value[SIDE_NOTION].text, &edits,
                       &n) ||
        markdown_is_plain(see->now[SIDE_NOTION]))
        return;
    *plan = (struct field_plan){
        .row = ROW_F7,
        .value = {value_text(see->now[SIDE_GITHUB]), value_text(see->now[SIDE_NOTION])},
        .conflict = true,
        .stays = true,
    };
    leave(see, NULL);
}

static void
decide(const struct bodies *see)
{
    bool github = see->changed[SIDE_GITHUB];
    bool notion = see->changed[SIDE_NOTION];

    if (see->item->page->content.partial) {
        leave(see, "Notion does not show all of the page's content, so the text is not kept in "
                   "step: is everything on it shared with the integration?");
        return;
    }
    if (edits_a_copy(see))
        return;
    if (!see->based) {
        if (!without_base(see))
            return;
    } else if (github && notion) {
        both_changed(see);
    } else {
        enum side from = github ? SIDE_GITHUB : SIDE_NOTION;

        if (!see->rules->body_to[other(from)]) {
            leave(see, NULL);
            return;
        }
        one_changed(see, from);
    }
    check_expressible(see);
}

/* The base's texts, where they are what the record speaks of. */
static void
take_base(struct bodies *see)
{
    for (enum side s = 0; s < SIDE_COUNT; s++) {
        const char *text = see->item->body.base[s];

        if (text != NULL &&
            hash_is(base_hash(see->item->record, s), normal_hash(s, text, see->arena)))
            see->base[s] = text;
    }
}

static bool
was_left_so(const struct bodies *see)
{
    const struct record *record = see->item->record;

    return record != NULL && hash_is(record->body.left[SIDE_GITHUB], see->hash[SIDE_GITHUB]) &&
           hash_is(record->body.left[SIDE_NOTION], see->hash[SIDE_NOTION]);
}

static void
compare(struct item *item, const struct rules *rules, struct arena *arena)
{
    struct bodies see = {
        .item = item,
        .plan = &item->fields[FIELD_BODY],
        .rules = rules,
        .arena = arena,
        .context = context_of(item, rules),
        .based = is_based(item->record),
        .hash = {item->issue->body_hash, item->page->content.hash},
    };

    for (enum side s = 0; s < SIDE_COUNT; s++)
        see.changed[s] = !see.based || !hash_is(base_hash(item->record, s), see.hash[s]);
    if (!see.changed[SIDE_GITHUB] && !see.changed[SIDE_NOTION]) {
        see.plan->row = ROW_F1;
        return;
    }
    if (was_left_so(&see)) {
        item->body.left = true;
        return;
    }
    item->body.looks_issue = item->issue->values[FIELD_BODY].kind == VALUE_ABSENT;
    item->body.lacks_base = see.based && !item->body.base_read;
    if (item->body.looks_issue || item->body.lacks_base)
        return;
    see.now[SIDE_GITHUB] = item->issue->values[FIELD_BODY].text;
    see.now[SIDE_NOTION] = item->page->values[FIELD_BODY].text;
    take_base(&see);
    decide(&see);
}

void
body_decide(struct item *item, const struct rules *rules, struct arena *arena)
{
    const struct issue *issue = item->issue;
    const struct page *page = item->page;
    struct field_plan *plan = &item->fields[FIELD_BODY];

    *plan = (struct field_plan){.value = {issue->values[FIELD_BODY], page->values[FIELD_BODY]}};
    if (!rules->on[FIELD_BODY] || issue->body_hash == NULL)
        return;
    if (page->content.hash != NULL) {
        compare(item, rules, arena);
    } else if (is_open(issue, page, item->record, item->body.page_named)) {
        item->body.looks_page = true;
        item->body.looks_issue = issue->values[FIELD_BODY].kind == VALUE_ABSENT;
    }
}

/* A new page or issue, made from the text of the other side. */
static void
begin_with(struct item *item, enum side to, const char *text, const char *hash,
           const struct rules *rules, struct arena *arena)
{
    struct field_plan *plan = &item->fields[FIELD_BODY];
    const struct bodies see = {.arena = arena, .context = context_of(item, rules)};

    plan->row = ROW_F8;
    plan->settles = is_empty(hash) || rules->body_to[to];
    plan->value[to] = value_text("");
    if (is_empty(hash) || !rules->body_to[to])
        return;
    plan->write[to] = true;
    plan->value[to] = value_text(translate(&see, to, text, &item->body.cut[to]));
}

void
body_for_page(struct item *item, const struct rules *rules, struct arena *arena)
{
    const struct value *text = &item->issue->values[FIELD_BODY];

    item->fields[FIELD_BODY] = (struct field_plan){.value = {*text}};
    if (!rules->on[FIELD_BODY] || item->issue->body_hash == NULL)
        return;
    item->body.looks_issue = text->kind == VALUE_ABSENT;
    if (!item->body.looks_issue)
        begin_with(item, SIDE_NOTION, text->text, item->issue->body_hash, rules, arena);
}

void
body_for_issue(struct item *item, const struct rules *rules, struct arena *arena)
{
    const struct content *content = &item->page->content;
    const struct value *text = &item->page->values[FIELD_BODY];

    item->fields[FIELD_BODY] = (struct field_plan){.value = {[SIDE_NOTION] = *text}};
    if (!rules->on[FIELD_BODY] || !rules->body_to[SIDE_GITHUB])
        return;
    item->body.looks_page = content->hash == NULL;
    if (content->hash == NULL)
        return;
    if (content->partial) {
        item->body.left = true;
        item_note(item, "Notion does not show all of the page's content, so the issue was created "
                        "without it: is everything on it shared with the integration?");
        return;
    }
    begin_with(item, SIDE_GITHUB, text->text, content->hash, rules, arena);
}
