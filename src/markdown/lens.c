#include "markdown/lens.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "markdown/align.h"
#include "markdown/diff.h"
#include "markdown/merge.h"
#include "markdown/put.h"
#include "markdown/words.h"
#include "markdown/work.h"

/* A text's units, and which of them are in each slot. */
struct version {
    struct units *units;
    const size_t *bounds;
};

struct lens {
    struct arena *arena;
    struct lens_texts texts; /* equal texts are the same pointer */
    struct units split[4];
    struct version base[2], now[2];
    size_t slots;
    struct put_slot *put; /* what to do with each slot */
    size_t conflicts;
    struct buf lost[2]; /* by the side whose text it was */
};

static const char *
joined(struct lens *lens, const struct version *of, size_t slot)
{
    return put_joined(lens->arena, of->units, of->bounds[slot], of->bounds[slot + 1]);
}

static const char *
written(struct lens *lens, const struct version *of, size_t slot)
{
    return put_written(lens->arena, of->units, of->bounds[slot], of->bounds[slot + 1]);
}

/* Whether the units of a slot say something else to the other side. */
static bool
says_new(struct lens *lens, enum markdown_dialect side, size_t slot)
{
    const struct version *base = &lens->base[side], *now = &lens->now[side];
    const size_t *bounds = base->bounds + slot, *later = now->bounds + slot;

    if (base->units == now->units)
        return false;
    if (side == MARKDOWN_GITHUB)
        return !align_same(base->units, bounds, now->units, later);
    return !align_equal(base->units, bounds, now->units, later) &&
           strcmp(joined(lens, base, slot), joined(lens, now, slot)) != 0;
}

/* A slot of GitHub's text, which is replaced. */
static const char *
quoted(struct lens *lens, size_t slot)
{
    return put_quote(lens->arena, lens->now[0].units, lens->now[0].bounds[slot],
                     lens->now[0].bounds[slot + 1]);
}

/* What a slot of one side's text says now, in GitHub's dialect, is replaced. whole: if that is
 * nothing, all of the text is. */
static void
add_lost(struct lens *lens, enum markdown_dialect side, size_t slot, bool whole)
{
    struct buf *lost = &lens->lost[side];
    const char *text = side == MARKDOWN_GITHUB ? quoted(lens, slot)
                                               : joined(lens, &lens->now[MARKDOWN_NOTION], slot);

    if (whole && text[0] == '\0')
        text = side == MARKDOWN_GITHUB ? lens->texts.now[side]
                                       : put_joined(lens->arena, lens->now[side].units, 0,
                                                    lens->now[side].units->list.len);
    lens->conflicts++;
    if (lost->len > 0 && text[0] != '\0')
        buf_str(lost, "\n\n");
    buf_str(lost, text);
}

/* Merges a group that both sides changed line by line; NULL: they changed the same lines. */
static const char *
merge_group(struct lens *lens, size_t slot)
{
    const char *base = written(lens, &lens->base[0], slot);
    const char *ours = written(lens, &lens->now[0], slot);
    const char *before = joined(lens, &lens->base[1], slot);
    const char *after = joined(lens, &lens->now[1], slot);
    const char *theirs;
    struct merge_result merged;

    if (slot % 2 == 0 || base[0] == '\0' || ours[0] == '\0' || after[0] == '\0')
        return NULL;
    theirs = merge_texts(lens->arena, MERGE_WORDS, before, base, after).text;
    merged = merge_texts(lens->arena, MERGE_LINES, base, ours, theirs);
    return merged.conflict ? NULL : merged.text;
}

/* Decides what to do with each slot of GitHub's text. */
static void
plan_github(struct lens *lens, bool by_lines)
{
    for (size_t k = 0; k < lens->slots; k++) {
        bool github = says_new(lens, MARKDOWN_GITHUB, k);
        bool notion = says_new(lens, MARKDOWN_NOTION, k);
        struct put_slot *put = &lens->put[k];

        if (!notion || align_agree(lens->now[0].units, lens->now[0].bounds + k, lens->now[1].units,
                                   lens->now[1].bounds + k, NULL))
            continue;
        put->act = PUT_TAKE;
        put->met = github;
        if (!github)
            continue;
        put->text = by_lines ? merge_group(lens, k) : NULL;
        if (put->text != NULL) {
            put->act = PUT_TEXT;
        } else if (lens->texts.winner == MARKDOWN_NOTION) {
            put->form = PUT_PLAIN;
            add_lost(lens, MARKDOWN_GITHUB, k, false);
        } else {
            put->act = PUT_KEEP;
            add_lost(lens, MARKDOWN_NOTION, k, false);
        }
    }
}

/* Decides the same for Notion's text, after GitHub's text has the changes of both sides. */
static void
plan_notion(struct lens *lens, const struct put *github)
{
    for (size_t k = 0; k < lens->slots; k++) {
        enum put_act done = lens->put[k].act;
        bool changed = done == PUT_TEXT || (done != PUT_TAKE && says_new(lens, MARKDOWN_GITHUB, k));

        changed = changed && !align_agree(github->made, github->made_bounds + k, lens->now[1].units,
                                          lens->now[1].bounds + k, NULL);
        lens->put[k] = (struct put_slot){.act = changed ? PUT_TAKE : PUT_KEEP};
    }
}

static struct put
put_of(struct lens *lens, enum markdown_dialect to)
{
    enum markdown_dialect from = to == MARKDOWN_GITHUB ? MARKDOWN_NOTION : MARKDOWN_GITHUB;

    return (struct put){.arena = lens->arena,
                        .to = lens->now[to].units,
                        .before = lens->base[to].units,
                        .base = lens->base[from].units,
                        .from = lens->now[from].units,
                        .slots = lens->slots,
                        .to_bounds = lens->now[to].bounds,
                        .base_bounds = lens->base[from].bounds,
                        .from_bounds = lens->now[from].bounds,
                        .text = lens->texts.now[to],
                        .slot = lens->put};
}

struct lines {
    size_t len;
    const char **text;
    uint32_t *names; /* without the number of an item, which depends on those before it */
};

static struct lines
lines_of(struct lens *lens, struct diff_names *names, const char *text)
{
    struct lines lines = {.len = 1};

    for (const char *at = strchr(text, '\n'); at != NULL; at = strchr(at + 1, '\n'))
        lines.len++;
    lines.text = arena_array(lens->arena, lines.len, sizeof(*lines.text));
    lines.names = arena_array(lens->arena, lines.len, sizeof(*lines.names));
    for (size_t i = 0; i < lines.len; i++) {
        size_t length = strcspn(text, "\n"), skip = strspn(text, " -");

        skip += strspn(text + skip, "0123456789");
        lines.text[i] = arena_strndup(lens->arena, text, length);
        lines.names[i] = diff_name(names, text + skip, length - skip);
        text += length + 1;
    }
    return lines;
}

/* The lines of a block that were removed, without any in their place. */
static const char *
lines_gone(struct lens *lens, const char *before, const char *after)
{
    struct diff_names *names = diff_names_new(lens->arena);
    struct lines was = lines_of(lens, names, before), is = lines_of(lens, names, after);
    const size_t *match = diff_match(lens->arena, was.names, was.len, is.names, is.len);
    struct diff_hunk at = {0};
    struct buf gone;

    buf_init(&gone, SIZE_MAX / 4);
    while (at.base < was.len) {
        diff_next_hunk(match, match, was.len, is.len, is.len, &at);
        for (size_t i = at.base; at.ours == at.ours_end && i < at.base_end; i++)
            buf_printf(&gone, "\n%s", was.text[i]);
        at = (struct diff_hunk){at.base_end, 0, at.ours_end, 0, at.theirs_end, 0};
    }
    return buf_take(&gone, lens->arena);
}

/* What was removed from a group of Notion's and is nowhere else: blocks, and lines of blocks that
 * stayed. all: no block of the group is left. */
static const char *
gone_from(struct lens *lens, const struct put *put, size_t slot, bool *all)
{
    const struct words_change whole = {.text = {lens->texts.base[1], lens->texts.now[1]}};
    size_t first = lens->base[1].bounds[slot], count = lens->base[1].bounds[slot + 1] - first;
    size_t now = lens->now[1].bounds[slot], len = lens->now[1].bounds[slot + 1] - now;
    const size_t *origin = put_origins(put, slot);
    const char **stayed = arena_array(lens->arena, count, sizeof(*stayed));
    struct keys fewer = words_lost(lens->arena, &whole);
    struct buf gone;

    buf_init(&gone, SIZE_MAX / 4);
    for (size_t i = 0; i < len; i++)
        if (origin[i] != DIFF_NONE)
            stayed[origin[i]] = lens->now[1].units->list.items[now + i].key;
    *all = count > 0;
    for (size_t i = 0; i < count; i++) {
        const char *key = lens->base[1].units->list.items[first + i].key;
        const char *text = stayed[i] != NULL ? lines_gone(lens, key, stayed[i]) : key;
        struct keys words = words_lost(lens->arena, &(struct words_change){.text = {text, ""}});
        size_t rare = 0;

        for (size_t k = 0; k < words.len; k++)
            rare += words_have(&fewer, words.items[k]);
        if (2 * rare >= words.len)
            buf_printf(&gone, "\n%s", text);
        *all = *all && stayed[i] == NULL && 2 * rare >= words.len;
        vec_free(&words);
    }
    vec_free(&fewer);
    return buf_take(&gone, lens->arena);
}

/* Whether words that Notion does not show were removed from a group of GitHub's text and are
 * nowhere else. They may be removed with the blocks that hold them, unless they are new. */
static bool
lost_unseen(struct lens *lens, const struct put *put, size_t slot)
{
    const struct version made = {put->made, put->made_bounds};
    bool taken = lens->put[slot].act == PUT_TAKE, all = false, any = false;
    const struct words_change change = {
        .text = {read_closed(lens->arena, written(lens, &lens->now[0], slot), false),
                 written(lens, &made, slot)},
        .shown = {taken ? written(lens, &lens->base[1], slot) : joined(lens, &lens->now[0], slot),
                  taken ? written(lens, &lens->now[1], slot) : joined(lens, &made, slot)}};
    const struct words_change entire = {.text = {lens->texts.now[0], put->text},
                                        .shown = {lens->texts.base[1], lens->texts.now[1]}};
    const struct words_change since = {
        .text = {change.text[0], written(lens, &lens->base[0], slot)}};
    struct keys lost = words_lost(lens->arena, &change), whole = {0}, added = {0}, beside = {0};

    if (lost.len > 0) {
        const char *gone = taken ? gone_from(lens, put, slot, &all) : "";

        whole = words_lost(lens->arena, &entire);
        added = words_lost(lens->arena, &since);
        if (gone[0] != '\0' && !all)
            beside = words_beside(lens->arena, &change, gone);
    }
    for (size_t i = 0; i < lost.len && !any; i++)
        any = words_have(&whole, lost.items[i]) &&
              (words_have(&added, lost.items[i]) || !(all || words_have(&beside, lost.items[i])));
    vec_free(&lost);
    vec_free(&whole);
    vec_free(&added);
    vec_free(&beside);
    return any;
}

/* Whether Notion's text lost words that only it had: the texts differed at the last agreement,
 * since text goes to Notion only. What the dialects say in other words counts in neither of them.
 */
static bool
lost_apart(struct lens *lens, const struct put *put, size_t slot)
{
    const struct version made = {put->made, put->made_bounds};
    const struct version *base = &lens->base[0], *now = &lens->now[0], *old = &lens->now[1];
    const struct words_change notion = {
        .text = {written(lens, old, slot), written(lens, &made, slot)},
        .shown = {joined(lens, base, slot), joined(lens, now, slot)}};
    const struct words_change github = {
        .text = {joined(lens, old, slot), joined(lens, &made, slot)},
        .shown = {written(lens, base, slot), written(lens, now, slot)}};
    const struct words_change entire = {.text = {lens->texts.now[1], put->text}};
    struct keys lost = words_lost(lens->arena, &notion), also = {0}, whole = {0};
    bool any = false;

    if (lost.len > 0) {
        also = words_lost(lens->arena, &github);
        whole = words_lost(lens->arena, &entire);
    }
    for (size_t i = 0; i < lost.len && !any; i++)
        any = words_have(&also, lost.items[i]) && words_have(&whole, lost.items[i]);
    vec_free(&lost);
    vec_free(&also);
    vec_free(&whole);
    return any;
}

/* Whether a text has all words of one side, except those that the other side removed. */
static bool
has_words_of(struct lens *lens, const char *text, const char *words, const char *from,
             const char *to)
{
    const struct words_change change = {.text = {words, text}, .shown = {from, to}};
    struct keys lost = words_lost(lens->arena, &change);
    bool has = lost.len == 0;

    vec_free(&lost);
    return has;
}

/* Whether the groups that were merged line by line say everything that both sides say. */
static bool
says_both(struct lens *lens, const struct put *put)
{
    const struct version made = {put->made, put->made_bounds};

    for (size_t k = 0; k < lens->slots; k++) {
        const char *text;

        if (lens->put[k].act != PUT_TEXT)
            continue;
        text = joined(lens, &made, k);
        if (lost_unseen(lens, put, k) ||
            !has_words_of(lens, text, joined(lens, &lens->now[0], k),
                          written(lens, &lens->base[1], k), written(lens, &lens->now[1], k)) ||
            !has_words_of(lens, text, written(lens, &lens->now[1], k),
                          joined(lens, &lens->base[0], k), joined(lens, &lens->now[0], k)))
            return false;
    }
    return true;
}

/* What was replaced in groups that still do not say what the other side does. */
static void
add_unsure(struct lens *lens, enum markdown_dialect side)
{
    for (size_t k = 0; k < lens->slots; k++)
        if (lens->put[k].unsure)
            add_lost(lens, side, k, true);
}

static bool
run(struct lens *lens, struct lens_result *result, bool by_lines)
{
    struct put github, notion;
    bool possible;

    memset(lens->put, 0, lens->slots * sizeof(*lens->put));
    lens->conflicts = 0;
    buf_clear(&lens->lost[0]);
    buf_clear(&lens->lost[1]);
    plan_github(lens, by_lines);
    github = put_of(lens, MARKDOWN_GITHUB);
    possible = put_run(&github) && says_both(lens, &github);
    if (possible) {
        /* What Notion's edit had to replace although Notion did not show it. */
        for (size_t k = 1; k < lens->slots; k += 2) {
            const struct put_slot *put = &lens->put[k];

            if (((put->act == PUT_TAKE && !put->met && !put->unsure) || put->act == PUT_AGAIN) &&
                lost_unseen(lens, &github, k))
                add_lost(lens, MARKDOWN_GITHUB, k, false);
        }
        add_unsure(lens, MARKDOWN_GITHUB);
        plan_notion(lens, &github);
        notion = put_of(lens, MARKDOWN_NOTION);
        notion.from = github.made;
        notion.from_bounds = github.made_bounds;
        possible = put_run(&notion);
        for (size_t k = 0; possible && k < lens->slots; k++)
            if (lens->put[k].act == PUT_TAKE && !lens->put[k].unsure &&
                !says_new(lens, MARKDOWN_NOTION, k) && lost_apart(lens, &notion, k))
                add_lost(lens, MARKDOWN_NOTION, k, false);
        add_unsure(lens, MARKDOWN_NOTION);
        result->text[MARKDOWN_GITHUB] = github.text;
        result->text[MARKDOWN_NOTION] = notion.text;
        units_free(&notion.own);
    }
    units_free(&github.own);
    return possible;
}

static void
split_all(struct lens *lens, const struct markdown_context *context)
{
    static const struct markdown_context none;

    context = context != NULL ? context : &none;
    for (enum markdown_dialect side = MARKDOWN_GITHUB; side <= MARKDOWN_NOTION; side++) {
        const char *base = lens->texts.base[side], *now = lens->texts.now[side];
        bool same = strcmp(base, now) == 0;

        lens->base[side].units = lens->now[side].units = &lens->split[2 * side];
        lens->split[2 * side] = units_split(lens->arena, side, context, base, same);
        if (same) {
            lens->texts.now[side] = base;
            continue;
        }
        lens->now[side].units = &lens->split[2 * side + 1];
        lens->split[2 * side + 1] = units_split(lens->arena, side, context, now, false);
    }
}

/* Other text in place of units, up to `end`. */
struct swap {
    const char *text;
    size_t end;
};

static const char *
swapped(struct arena *arena, const struct units *units, const struct swap *swaps)
{
    const char *at = units->text;
    struct buf out;

    buf_init(&out, SIZE_MAX / 4);
    for (size_t i = 0; i < units->list.len; i++) {
        if (swaps[i].text == NULL)
            continue;
        buf_add(&out, at, (size_t)(units_start(units, i) - at));
        buf_str(&out, swaps[i].text);
        at = units_end(units, swaps[i].end - 1);
    }
    buf_str(&out, at);
    return buf_take(&out, arena);
}

/* Where a text has the only units that say the same as others, or DIFF_NONE. */
static size_t
find_units(const struct units *units, const struct unit *like, size_t count)
{
    size_t found = DIFF_NONE, same;

    work_add(units->list.len);
    for (size_t i = 0; i + count <= units->list.len; i++) {
        for (same = 0; same < count; same++)
            if (strcmp(units->list.items[i + same].key, like[same].key) != 0)
                break;
        if (same == count && found != DIFF_NONE)
            return DIFF_NONE;
        found = same == count ? i : found;
    }
    return found;
}

/* Whether a text of one side says what the other side's does now in a slot. */
static bool
says(struct lens *lens, enum markdown_dialect side, const char *text, size_t slot)
{
    bool github = side == MARKDOWN_GITHUB;
    const char *wanted =
        github ? written(lens, &lens->now[1], slot) : joined(lens, &lens->now[0], slot);

    if (github)
        text = markdown_to_notion(lens->arena, text, lens->now[0].units->context);
    return strcmp(markdown_normal_notion(lens->arena, text),
                  markdown_normal_notion(lens->arena, wanted)) == 0;
}

/* A group that one side edited, and the other moved as it was: puts the edit into the moved copy
 * and into the texts of the last agreement. Returns false if it is none. */
static bool
swap_moved(struct lens *lens, enum markdown_dialect mover, size_t k, struct swap *swaps[2][2])
{
    enum markdown_dialect editor = 1 - mover;
    const struct version *base = lens->base, *now = lens->now;
    size_t from = base[mover].bounds[k], count = base[mover].bounds[k + 1] - from, to;
    size_t edited = base[editor].bounds[k], edited_end = base[editor].bounds[k + 1];
    const struct unit *like = base[mover].units->list.items + from;
    const char *old, *text, *whole;

    if (count == 0 || edited == edited_end || now[mover].bounds[k] != now[mover].bounds[k + 1] ||
        now[editor].bounds[k] == now[editor].bounds[k + 1] || !says_new(lens, editor, k) ||
        find_units(base[mover].units, like, count) != from)
        return false;
    to = find_units(now[mover].units, like, count);
    if (to == DIFF_NONE)
        return false;
    old = put_written(lens->arena, now[mover].units, to, to + count);
    text = merge_texts(lens->arena, MERGE_WORDS, joined(lens, &base[editor], k), old,
                       joined(lens, &now[editor], k))
               .text;
    /* With the definitions that it refers to. */
    whole = mover == MARKDOWN_GITHUB
                ? put_quote(lens->arena, now[mover].units, to, to + count) + strlen(old)
                : "";
    if (!says(lens, mover, arena_printf(lens->arena, "%s%s", text, whole), k)) {
        /* The words of both were mixed. */
        text = joined(lens, &now[editor], k);
        if (mover == MARKDOWN_NOTION ||
            !has_words_of(lens, text, old, written(lens, &base[editor], k),
                          written(lens, &now[editor], k)))
            return false;
    }
    swaps[0][editor][edited] = (struct swap){written(lens, &now[editor], k), edited_end};
    swaps[0][mover][from] = (struct swap){text, from + count};
    swaps[1][mover][to] = (struct swap){text, to + count};
    return true;
}

/* The texts as if edits of groups that the other side moved were older than the last agreement, so
 * that only the moves are left. Returns false if there are none. */
static bool
edit_earlier(struct lens *lens, struct arena *arena, struct lens_texts *texts)
{
    struct swap *swaps[2][2];
    bool any = false;

    for (int side = 0; side < 2; side++) {
        swaps[0][side] =
            arena_array(lens->arena, lens->base[side].units->list.len, sizeof(struct swap));
        swaps[1][side] =
            arena_array(lens->arena, lens->now[side].units->list.len, sizeof(struct swap));
    }
    for (size_t k = 1; k < lens->slots && !work_is_spent(); k += 2) {
        any |= swap_moved(lens, MARKDOWN_NOTION, k, swaps);
        any |= swap_moved(lens, MARKDOWN_GITHUB, k, swaps);
    }
    *texts = lens->texts;
    for (int side = 0; any && side < 2; side++) {
        texts->base[side] = swapped(arena, lens->base[side].units, swaps[0][side]);
        texts->now[side] = swapped(arena, lens->now[side].units, swaps[1][side]);
    }
    return any;
}

/* Returns how many conflicts there are. again: out: whether another attempt, with the texts
 * `earlier`, may have fewer. */
static size_t
merge(struct arena *arena, const struct markdown_context *context, const struct lens_texts *texts,
      struct lens_result *result, struct lens_texts *earlier, bool *again)
{
    struct lens lens = {.arena = arena_new(), .texts = *texts};
    enum markdown_dialect loser = 1 - texts->winner;
    struct slots slots;

    buf_init(&lens.lost[0], SIZE_MAX / 4);
    buf_init(&lens.lost[1], SIZE_MAX / 4);
    split_all(&lens, context);
    slots = align_units(lens.arena, (struct units *[]){lens.base[0].units, lens.base[1].units});
    lens.slots = slots.len;
    for (int side = 0; side < 2; side++) {
        lens.base[side].bounds = slots.bounds[side];
        lens.now[side].bounds = align_later(lens.arena, lens.base[side].units, lens.now[side].units,
                                            slots.bounds[side], slots.len);
    }
    lens.put = arena_array(lens.arena, lens.slots, sizeof(*lens.put));
    result->possible = run(&lens, result, true) || run(&lens, result, false);
    for (int side = 0; side < 2; side++)
        result->text[side] = result->possible ? arena_strdup(arena, result->text[side]) : NULL;
    result->conflict = lens.conflicts > 0;
    if (lens.lost[loser].len == 0 && lens.lost[1 - loser].len > 0)
        loser = 1 - loser;
    result->winner = 1 - loser;
    result->lost = arena_strdup(arena, buf_text(&lens.lost[loser]));
    if (lens.lost[1 - loser].len > 0 && lens.lost[loser].len > 0)
        result->lost = arena_printf(arena, "%s\n\n%s had:\n\n%s", result->lost,
                                    loser == MARKDOWN_GITHUB ? "Notion" : "GitHub",
                                    buf_text(&lens.lost[1 - loser]));
    *again = (result->conflict || !result->possible) && edit_earlier(&lens, arena, earlier);
    for (int i = 0; i < 4; i++)
        units_free(&lens.split[i]);
    buf_release(&lens.lost[0]);
    buf_release(&lens.lost[1]);
    arena_free(lens.arena);
    return lens.conflicts;
}

struct lens_result
lens_merge(struct arena *arena, const struct markdown_context *context,
           const struct lens_texts *texts)
{
    struct lens_result result = {0}, other = {0};
    struct lens_texts earlier;
    bool again;
    size_t conflicts = merge(arena, context, texts, &result, &earlier, &again);

    if (!again)
        return result;
    if (merge(arena, context, &earlier, &other, &earlier, &again) < conflicts || !result.possible)
        return other.possible ? other : result;
    return result;
}
