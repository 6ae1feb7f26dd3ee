#include "reconcile/body_p.h"

#include <string.h>

#include "base/utf8.h"
#include "markdown/lens.h"
#include "model/body.h"
#include "reconcile/field.h"

/* UTF-16 units. GitHub takes 65,536 characters (docs.github.com, "body is too long"). The marker
 * line needs some of them. */
#define BODY_GITHUB_MAX ((size_t)65000)
/* Half of the payload, since an edit also holds the old text and JSON makes text longer. */
#define NOTION_BYTES  ((size_t)240 * 1000)
#define NOTION_BLOCKS 1000

/* The most bytes of a text in Notion's dialect, from its start, that one request can safely carry.
 * Its limits are 500 KB as JSON and 1,000 blocks (developers.notion.com/reference/request-limits).
 * A line outside of code counts as a block. */
static size_t
notion_max(const char *text)
{
    size_t blocks = 0;
    size_t open = 0;

    for (const char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        size_t ticks = strspn(line + strspn(line, " \t"), "`");
        size_t fence = ticks >= 3 ? ticks : 0;

        if (open == 0 && length > 0 && ++blocks > NOTION_BLOCKS)
            return (size_t)(line - text);
        if (open == 0)
            open = fence;
        else if (fence >= open && strspn(line, " \t`") == length)
            open = 0;
        line += length + (line[length] == '\n');
        if ((size_t)(line - text) > NOTION_BYTES)
            break;
    }
    return NOTION_BYTES;
}

const char *
body_text_hash(enum side side, const char *text, struct arena *arena)
{
    return body_hash(arena, side == SIDE_GITHUB ? markdown_normal_github(arena, text)
                                                : markdown_normal_notion(arena, text));
}

bool
body_hash_is_empty(const char *hash)
{
    const char *length = strrchr(hash, '-');

    return length != NULL && strcmp(length, "-0") == 0;
}

bool
body_hash_is(const char *hash, const char *is)
{
    return hash != NULL && strcmp(hash, is) == 0;
}

const char *
body_translate(const struct bodies *see, enum side to, const char *text, bool *cut)
{
    if (to == SIDE_GITHUB)
        return markdown_cut_github(see->arena, markdown_to_github(see->arena, text, &see->context),
                                   BODY_GITHUB_MAX, see->context.page_url, cut);
    text = markdown_to_notion(see->arena, text, &see->context);
    return markdown_cut_notion(see->arena, text, notion_max(text), see->context.issue_url, cut);
}

static void
write_to(const struct bodies *see, enum side to, const char *text)
{
    if (body_hash_is(see->hash[to], body_text_hash(to, text, see->arena)))
        return;
    see->plan->write[to] = true;
    see->plan->value[to] = value_text(text);
}

/* Both texts stay as they are until one of them changes. note: for people, once; may be NULL. */
static void
leave(const struct bodies *see, const char *note)
{
    see->item->body.left = true;
    if (note != NULL)
        item_note(see->item, note, see->arena);
}

/* Whether both sides say the same, as far as each side can. */
static bool
says_the_same(const struct bodies *see)
{
    for (enum side s = 0; s < SIDE_COUNT; s++) {
        bool cut;
        const char *text = body_translate(see, s, see->now[side_other(s)], &cut);

        if (!body_hash_is(see->hash[s], body_text_hash(s, text, see->arena)))
            continue;
        see->item->body.cut[s] = cut;
        return true;
    }
    return false;
}

static enum side
winner_of(const struct bodies *see)
{
    if (!see->rules->body_to[SIDE_GITHUB])
        return SIDE_GITHUB;
    if (!see->rules->body_to[SIDE_NOTION])
        return SIDE_NOTION;
    return item_winner(see->item);
}

/* F7: one text replaces the other. */
static void
take_one(const struct bodies *see, enum side winner)
{
    enum side to = side_other(winner);

    see->plan->row = ROW_F7_CONFLICT;
    see->plan->conflict = true;
    see->plan->winner = winner;
    write_to(see, to, body_translate(see, to, see->now[winner], &see->item->body.cut[to]));
}

/* The side's text at the last agreement. If it is no longer known, the other side's text stands in,
 * because that side did not change. */
static const char *
base_of(const struct bodies *see, enum side side)
{
    bool cut;

    if (!see->changed[side])
        return see->now[side];
    if (see->base[side] != NULL)
        return see->base[side];
    return body_translate(see, side, see->now[side_other(side)], &cut);
}

/* F2, F3, F6: merges the changes of each side into the text of the other. If they overlap, `lost`
 * gets what did not win. Returns false if the merge is impossible. */
static bool
merge(const struct bodies *see, enum side winner)
{
    struct lens_texts texts = {
        .base = {base_of(see, SIDE_GITHUB), base_of(see, SIDE_NOTION)},
        .now = {see->now[SIDE_GITHUB], see->now[SIDE_NOTION]},
        .winner = winner == SIDE_GITHUB ? MARKDOWN_GITHUB : MARKDOWN_NOTION,
    };
    struct lens_result merged = lens_merge(see->arena, &see->context, &texts);

    if (!merged.possible ||
        (see->rules->body_to[SIDE_GITHUB] &&
         utf8_length16(merged.text[SIDE_GITHUB]) > BODY_GITHUB_MAX) ||
        (see->rules->body_to[SIDE_NOTION] &&
         strlen(merged.text[SIDE_NOTION]) > notion_max(merged.text[SIDE_NOTION])))
        return false;
    for (enum side s = 0; s < SIDE_COUNT; s++)
        if (see->rules->body_to[s])
            write_to(see, s, merged.text[s]);
    see->plan->conflict = merged.conflict;
    see->plan->winner = merged.winner == MARKDOWN_GITHUB ? SIDE_GITHUB : SIDE_NOTION;
    see->plan->lost = merged.conflict ? merged.lost : NULL;
    return true;
}

/* F2, F3: carries the changes of `from` to the other side. Replaces that side's text only if it is
 * too long. */
static void
one_changed(const struct bodies *see, enum side from)
{
    enum side to = side_other(from);
    bool *cut = &see->item->body.cut[to];
    const char *whole = body_translate(see, to, see->now[from], cut);

    see->plan->row = to == SIDE_NOTION ? ROW_F2_TO_NOTION : ROW_F3_TO_GITHUB;
    if (*cut)
        write_to(see, to, whole);
    else if (!merge(see, from))
        take_one(see, from);
    if (see->plan->conflict)
        see->plan->row = ROW_F7_CONFLICT;
    see->plan->alone = see->plan->conflict;
}

/* A person may have undone our write there. We cannot know, so we overwrite the text there and
 * quote it. */
static void
quote_doubtful(const struct bodies *see, enum side to)
{
    enum doubt doubt = see->item->doubts[FIELD_BODY];

    if (doubt != (to == SIDE_NOTION ? DOUBT_NOTION : DOUBT_GITHUB) || !see->plan->write[to])
        return;
    see->plan->row = ROW_F7_CONFLICT;
    see->plan->conflict = true;
    see->plan->winner = side_other(to);
    see->plan->alone = false;
    see->plan->lost = NULL;
}

static void
both_changed(const struct bodies *see)
{
    enum doubt doubt = see->item->doubts[FIELD_BODY];
    enum side winner = doubt == DOUBT_GITHUB   ? SIDE_NOTION
                       : doubt == DOUBT_NOTION ? SIDE_GITHUB
                                               : winner_of(see);

    if (says_the_same(see)) {
        see->plan->row = ROW_F4_AGREE;
        return;
    }
    /* If people changed both texts after a write that may have been ours, no text shows who wrote
     * which part. */
    if (doubt == DOUBT_BOTH || see->base[SIDE_GITHUB] == NULL || see->base[SIDE_NOTION] == NULL ||
        !merge(see, winner)) {
        take_one(see, winner_of(see));
        return;
    }
    see->plan->row = see->plan->conflict ? ROW_F7_CONFLICT : ROW_F6_MERGE;
    quote_doubtful(see, side_other(winner));
}

/* F8. Returns false if there is nothing to do. */
static bool
without_base(const struct bodies *see)
{
    see->plan->row = ROW_F8_NO_BASE;
    if (says_the_same(see))
        return true;
    /* An empty page proves nothing: its content may never have been written. */
    if (field_is_as_made(see->item, FIELD_BODY) && see->rules->body_to[SIDE_GITHUB] &&
        !body_hash_is_empty(see->hash[SIDE_NOTION])) {
        write_to(see, SIDE_GITHUB,
                 body_translate(see, SIDE_GITHUB, see->now[SIDE_NOTION],
                                &see->item->body.cut[SIDE_GITHUB]));
        return true;
    }
    for (enum side s = 0; s < SIDE_COUNT; s++) {
        if (!body_hash_is_empty(see->hash[s]))
            continue;
        if (see->rules->body_to[s])
            write_to(see, s,
                     body_translate(see, s, see->now[side_other(s)], &see->item->body.cut[s]));
        else
            leave(see, NULL);
        return see->rules->body_to[s];
    }
    if (see->github_stays && !see->rules->body_to[SIDE_GITHUB]) {
        leave(see, NULL);
        return false;
    }
    take_one(see, winner_of(see));
    return true;
}

/* A text that was cut cannot grow back. It must not end where the other side's copy was cut. */
static bool
edits_a_copy(const struct bodies *see)
{
    const struct record *record = see->item->record;

    if (record == NULL)
        return false;
    if (record->cut[SIDE_NOTION] && see->changed[SIDE_NOTION]) {
        leave(see, "the page has only the beginning of the issue's text, so what is edited there "
                   "stays there");
        return true;
    }
    if (record->cut[SIDE_GITHUB] && see->changed[SIDE_GITHUB]) {
        leave(see, "the issue has only the beginning of the page's content, so what is edited "
                   "there stays there");
        return true;
    }
    return false;
}

/* Blocks that Markdown cannot carry are never flattened. A change that would affect them is
 * reported instead of made. */
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
        .row = ROW_F7_CONFLICT,
        .value = {value_text(see->now[SIDE_GITHUB]), value_text(see->now[SIDE_NOTION])},
        .conflict = true,
        .stays = true,
    };
    leave(see, NULL);
}

void
body_merge(const struct bodies *see)
{
    bool github = see->changed[SIDE_GITHUB];
    bool notion = see->changed[SIDE_NOTION];

    if (see->item->page->content.partial) {
        leave(see, "Notion does not show all of the page's content, so the text is not synced: is "
                   "everything on it shared with the connection?");
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

        if (!see->rules->body_to[side_other(from)]) {
            leave(see, NULL);
            return;
        }
        one_changed(see, from);
        quote_doubtful(see, side_other(from));
    }
    check_expressible(see);
}
