#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "markdown/diff.h"
#include "markdown/merge.h"
#include "markdown/merge_form.h"
#include "markdown/units.h"

enum side { BASE, OURS, THEIRS, SIDES };

struct merge {
    struct arena *arena;
    enum markdown_dialect dialect;
    const struct markdown_context *context;
    struct units units[SIDES];
    uint32_t *names[SIDES];
    size_t *match[SIDES]; /* base to the others */
    bool prefer_ours, conflict;
    struct buf text, lost;
    /* what was written last */
    enum side from;
    size_t index;
    bool any, item;
    char bullet; /* of our list's items */
};

/* A hunk as ranges by side. */
struct range {
    size_t start[SIDES], end[SIDES];
};

static size_t
length_of(const struct range *range, enum side side)
{
    return range->end[side] - range->start[side];
}

static bool
same(const struct merge *merge, const struct range *range, enum side a, enum side b)
{
    return length_of(range, a) == length_of(range, b) &&
           memcmp(merge->names[a] + range->start[a], merge->names[b] + range->start[b],
                  length_of(range, a) * sizeof(*merge->names[a])) == 0;
}

/* Blank lines as they were between neighbours of one text, else one; none between list items. */
static void
add_gap(struct merge *merge, enum side side, size_t index, bool item)
{
    const struct unit *units = merge->units[side].list.items;
    size_t breaks = merge->item && item ? 1 : 2;

    if (!merge->any)
        return;
    if (side == merge->from && merge->index != SIZE_MAX && index == merge->index + 1)
        breaks = units[index].line - units[index - 1].end_line;
    while (breaks-- > 0)
        buf_char(&merge->text, '\n');
}

static void
add_piece(struct merge *merge, enum side side, size_t index, bool item, const char *text)
{
    if (text[0] == '\0')
        return;
    add_gap(merge, side, index, item);
    buf_str(&merge->text, text);
    merge->any = true;
    merge->from = side;
    merge->index = index;
    merge->item = item;
}

static char
bullet_of(const char *text)
{
    return *text != '\0' && strchr("-*+", *text) != NULL && text[1] == ' ' ? *text : '\0';
}

/* Their items take the mark of the list that they come into. */
static void
add_unit_text(struct merge *merge, enum side side, size_t index, char *text)
{
    const struct unit *unit = &merge->units[side].list.items[index];

    if (side == OURS || !unit->item)
        merge->bullet = unit->item ? bullet_of(text) : '\0';
    else if (merge->bullet != '\0' && bullet_of(text) != '\0')
        text[0] = merge->bullet;
    add_piece(merge, side, index, unit->item, text);
}

static void
add_unit(struct merge *merge, enum side side, size_t index)
{
    add_unit_text(merge, side, index, units_text(merge->arena, &merge->units[side], index, true));
}

/* What goes with our unit stays where its words become theirs. */
static void
add_lead(struct merge *merge, size_t index)
{
    const struct unit *unit = &merge->units[OURS].list.items[index];
    size_t last = unit->line + unit->lead;

    if (unit->lead == 0)
        return;
    while (last > unit->line && merge->units[OURS].lines.items[last - 2].length == 0)
        last--;
    add_piece(merge, OURS, SIZE_MAX, false,
              units_lines(merge->arena, &merge->units[OURS], unit->line, last - 1));
}

/* Our unit, whose place theirs takes. */
static void
add_pair(struct merge *merge, size_t index)
{
    if (merge->units[OURS].list.items[index].item)
        merge->bullet = bullet_of(units_text(merge->arena, &merge->units[OURS], index, false));
    add_lead(merge, index);
}

static char *
in_our_form(struct merge *merge, size_t base, size_t ours, size_t theirs)
{
    char *text = units_text(merge->arena, &merge->units[THEIRS], theirs, true);

    if (merge->units[THEIRS].list.items[theirs].lead > 0)
        return text;
    return merge_form(merge->arena, merge->dialect, merge->context,
                      units_text(merge->arena, &merge->units[BASE], base, false),
                      units_text(merge->arena, &merge->units[OURS], ours, false), text,
                      merge->units[THEIRS].list.items[theirs].key);
}

static void
add_theirs(struct merge *merge, const struct range *range)
{
    bool paired = length_of(range, OURS) == length_of(range, THEIRS);

    for (size_t i = range->start[OURS]; !paired && i < range->end[OURS]; i++)
        add_lead(merge, i);
    for (size_t i = 0; i < length_of(range, THEIRS); i++) {
        size_t theirs = range->start[THEIRS] + i;

        if (!paired) {
            add_unit(merge, THEIRS, theirs);
            continue;
        }
        add_pair(merge, range->start[OURS] + i);
        add_unit_text(merge, THEIRS, theirs,
                      in_our_form(merge, range->start[BASE] + i, range->start[OURS] + i, theirs));
    }
}

static char *
range_text(struct merge *merge, const struct range *range, enum side side)
{
    const struct unit *units = merge->units[side].list.items;

    if (length_of(range, side) == 0)
        return arena_strdup(merge->arena, "");
    return units_lines(merge->arena, &merge->units[side], units[range->start[side]].line,
                       units[range->end[side] - 1].end_line);
}

/* Both changed it: by lines. */
static void
add_merged(struct merge *merge, const struct range *range)
{
    struct merge_result result =
        merge_lines(merge->arena, range_text(merge, range, BASE), range_text(merge, range, OURS),
                    range_text(merge, range, THEIRS), merge->prefer_ours);
    bool item = length_of(range, OURS) > 0
                    ? merge->units[OURS].list.items[range->start[OURS]].item
                    : length_of(range, THEIRS) > 0 &&
                          merge->units[THEIRS].list.items[range->start[THEIRS]].item;

    add_piece(merge, OURS, SIZE_MAX, item, result.text);
    if (!result.conflict)
        return;
    merge->conflict = true;
    if (merge->lost.len > 0)
        buf_str(&merge->lost, "\n\n");
    buf_str(&merge->lost, result.lost);
}

static void
settle(struct merge *merge, const struct range *range)
{
    if (same(merge, range, BASE, THEIRS) || same(merge, range, OURS, THEIRS)) {
        for (size_t i = range->start[OURS]; i < range->end[OURS]; i++)
            add_unit(merge, OURS, i);
    } else if (same(merge, range, BASE, OURS)) {
        add_theirs(merge, range);
    } else {
        add_merged(merge, range);
    }
}

/* Whether the units of a hunk correspond one to one, so that each can be decided alone. */
static bool
is_aligned(const struct merge *merge, const struct range *range)
{
    if (length_of(range, BASE) != length_of(range, OURS) ||
        length_of(range, BASE) != length_of(range, THEIRS))
        return false;
    for (size_t i = 0; i < length_of(range, BASE); i++)
        for (enum side side = OURS; side < SIDES; side++) {
            size_t match = merge->match[side][range->start[BASE] + i];

            if (match != DIFF_NONE && match != range->start[side] + i)
                return false;
        }
    return true;
}

static void
settle_hunk(struct merge *merge, const struct diff_hunk *at)
{
    struct range range = {{at->base, at->ours, at->theirs},
                          {at->base_end, at->ours_end, at->theirs_end}};

    if (!is_aligned(merge, &range)) {
        settle(merge, &range);
        return;
    }
    for (size_t i = 0; i < at->base_end - at->base; i++)
        settle(merge, &(struct range){{at->base + i, at->ours + i, at->theirs + i},
                                      {at->base + i + 1, at->ours + i + 1, at->theirs + i + 1}});
}

static void
name_units(struct merge *merge)
{
    struct diff_names *names = diff_names_new(merge->arena);

    for (enum side side = BASE; side < SIDES; side++) {
        const struct unit_list *list = &merge->units[side].list;

        merge->names[side] = arena_array(merge->arena, list->len, sizeof(*merge->names[side]));
        for (size_t i = 0; i < list->len; i++)
            merge->names[side][i] =
                diff_name(names, list->items[i].key, strlen(list->items[i].key));
    }
    for (enum side side = OURS; side < SIDES; side++)
        merge->match[side] =
            diff_match(merge->arena, merge->names[BASE], merge->units[BASE].list.len,
                       merge->names[side], merge->units[side].list.len);
}

static void
run(struct merge *merge)
{
    const size_t len[] = {merge->units[BASE].list.len, merge->units[OURS].list.len,
                          merge->units[THEIRS].list.len};
    struct diff_hunk at = {0};

    while (at.base < len[BASE] || at.ours < len[OURS] || at.theirs < len[THEIRS]) {
        size_t count = diff_next_hunk(merge->match[OURS], merge->match[THEIRS], len[BASE],
                                      len[OURS], len[THEIRS], &at);

        for (size_t i = at.ours - count; i < at.ours; i++)
            add_unit(merge, OURS, i);
        settle_hunk(merge, &at);
        at = (struct diff_hunk){at.base_end, 0, at.ours_end, 0, at.theirs_end, 0};
    }
    if (merge->units[OURS].tail > 0)
        add_piece(merge, OURS, SIZE_MAX, false,
                  units_lines(merge->arena, &merge->units[OURS], merge->units[OURS].tail,
                              merge->units[OURS].tail_end));
}

struct merge_result
merge_markdown(struct arena *arena, enum markdown_dialect dialect,
               const struct markdown_context *context, const char *base, const char *ours,
               const char *theirs, bool prefer_ours)
{
    struct arena *scratch = arena_new();
    const char *texts[] = {base, ours, theirs};
    struct merge merge = {
        .arena = scratch, .dialect = dialect, .context = context, .prefer_ours = prefer_ours};
    struct merge_result result;

    for (enum side side = BASE; side < SIDES; side++)
        merge.units[side] = units_split(scratch, dialect, KEY_OTHER, context, texts[side]);
    name_units(&merge);
    buf_init(&merge.text, SIZE_MAX / 4);
    buf_init(&merge.lost, SIZE_MAX / 4);
    run(&merge);
    result.text = arena_strdup(arena, buf_text(&merge.text));
    result.lost = arena_strdup(arena, buf_text(&merge.lost));
    result.conflict = merge.conflict;
    for (enum side side = BASE; side < SIDES; side++)
        units_free(&merge.units[side]);
    buf_release(&merge.text);
    buf_release(&merge.lost);
    arena_free(scratch);
    return result;
}
