#include "markdown/merge.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "markdown/diff.h"
#include "markdown/work.h"

struct merge_piece {
    const char *text;
    size_t length;
};

struct pieces {
    struct merge_piece *items;
    uint32_t *names;
    size_t len;
};

struct merge {
    enum merge_pieces by;
    struct pieces base, ours, theirs;
    const size_t *to_ours, *to_theirs; /* the pieces of base */
    struct buf text;
    bool conflict;
};

static size_t
line_length(const char *text)
{
    size_t length = strcspn(text, "\n");

    return length + (text[length] == '\n');
}

/* A word, a run of blanks, or one character of another kind. */
static size_t
word_length(const char *text)
{
    size_t length = diff_word(text);

    length = length > 0 ? length : strspn(text, " \t");
    return length > 0 ? length : 1;
}

static struct pieces
split(struct arena *arena, struct diff_names *names, enum merge_pieces by, const char *text)
{
    struct pieces pieces = {0};
    size_t count = 0, length;

    work_add(strlen(text));
    for (const char *at = text; *at != '\0'; count++)
        at += by == MERGE_LINES ? line_length(at) : word_length(at);
    pieces.items = arena_array(arena, count, sizeof(*pieces.items));
    pieces.names = arena_array(arena, count, sizeof(*pieces.names));
    for (; *text != '\0'; text += length) {
        size_t shown = length = by == MERGE_LINES ? line_length(text) : word_length(text);

        if (by == MERGE_LINES && text[shown - 1] == '\n')
            shown--;
        if (by == MERGE_LINES && shown > 0 && text[shown - 1] == '\r')
            shown--;
        pieces.items[pieces.len] = (struct merge_piece){text, shown};
        pieces.names[pieces.len++] = diff_name(names, text, shown);
    }
    return pieces;
}

static bool
same(const struct pieces *a, size_t from, size_t to, const struct pieces *b, size_t start,
     size_t end)
{
    return to - from == end - start &&
           memcmp(a->names + from, b->names + start, (to - from) * sizeof(*a->names)) == 0;
}

static void
add(struct merge *merge, const struct pieces *pieces, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        buf_add(&merge->text, pieces->items[i].text, pieces->items[i].length);
        if (merge->by == MERGE_LINES)
            buf_char(&merge->text, '\n');
    }
}

/* A version's edit of the base from a place on: whether it changes anything, where it ends in the
 * base, and where in the version. */
struct edit {
    bool any;
    size_t base_end, end;
};

static struct edit
edit_at(const size_t *match, size_t base, size_t base_end, size_t at, size_t end)
{
    struct edit edit = {.any = base == base_end ? at < end : match[base] != at};

    if (!edit.any)
        return edit;
    while (base < base_end && match[base] == DIFF_NONE)
        base++;
    edit.base_end = base;
    edit.end = base < base_end ? match[base] : end;
    return edit;
}

/* Whether a version leaves the base as it is up to a place. */
static bool
leaves(const size_t *match, size_t base, size_t base_end, size_t at)
{
    work_add(base_end - base);
    for (; base < base_end && !work_is_spent(); base++, at++)
        if (match[base] != at)
            return false;
    return true;
}

/* A version's edits from a place of the base on, at least up to `end`. */
struct merge_walk {
    const struct pieces *pieces;
    const size_t *match;
    size_t base, at;      /* where it is */
    size_t base_len, len; /* where the hunk ends */
    bool inserts;
};

static struct edit
walk_next(struct merge_walk *walk)
{
    struct edit edit = edit_at(walk->match, walk->base, walk->base_len, walk->at, walk->len);

    if (!edit.any)
        edit = (struct edit){.base_end = walk->base + 1, .end = walk->at + 1};
    else
        walk->inserts |= edit.end > walk->at;
    walk->base = edit.base_end;
    walk->at = edit.end;
    return edit;
}

/* Adds a block from theirs behind the text that ours put into the gap between two blocks. */
static bool
add_within(struct merge *merge, struct diff_hunk *at)
{
    struct edit ours = edit_at(merge->to_ours, at->base, at->base_end, at->ours, at->ours_end);
    struct merge_walk theirs = {&merge->theirs, merge->to_theirs, at->base, at->theirs,
                                at->base_end,   at->theirs_end,   false};
    size_t from = 0, to = 0;

    while (theirs.base < ours.base_end) {
        size_t base = theirs.base, start = theirs.at;
        struct edit edit = walk_next(&theirs);

        if (edit.any &&
            (to > 0 || edit.base_end > base || *merge->theirs.items[start].text != MERGE_APART))
            return false;
        from = edit.any ? start : from;
        to = edit.any ? edit.end : to;
    }
    add(merge, &merge->ours, at->ours, ours.end);
    add(merge, &merge->theirs, from, to);
    at->base = ours.base_end;
    at->ours = ours.end;
    at->theirs = theirs.at;
    return ours.any;
}

/* Merges edits that overlap, if only one version inserts anything. If that version's text is within
 * words that the other one removed, it is removed too, unless it is from theirs, or a comment. */
static bool
add_over(struct merge *merge, struct diff_hunk *at)
{
    struct merge_walk ours = {&merge->ours, merge->to_ours, at->base, at->ours,
                              at->base_end, at->ours_end,   false};
    struct merge_walk theirs = {&merge->theirs, merge->to_theirs, at->base, at->theirs,
                                at->base_end,   at->theirs_end,   false};
    struct merge_walk other = theirs, one;
    struct edit edit, over = {.base_end = at->base};
    size_t start = at->base;

    do {
        work_add(1);
        walk_next(ours.base <= theirs.base ? &ours : &theirs);
    } while (ours.base != theirs.base);
    if (ours.inserts && theirs.inserts)
        return add_within(merge, at);
    one = theirs.inserts ? theirs : ours;
    one.base = at->base;
    one.at = theirs.inserts ? at->theirs : at->ours;
    while (one.base < ours.base || one.at < (theirs.inserts ? theirs.at : ours.at)) {
        size_t base = one.base, from = one.at;
        bool within;

        edit = walk_next(&one);
        while (over.base_end < edit.base_end && other.base < theirs.base) {
            start = other.base;
            over = walk_next(&other);
        }
        within = over.any && start <= base && over.base_end >= edit.base_end;
        if (edit.any &&
            (theirs.inserts || !within ||
             (from < edit.end && strncmp(one.pieces->items[from].text, "<!--", 4) == 0)))
            add(merge, one.pieces, from, edit.end);
    }
    *at = (struct diff_hunk){ours.base,    at->base_end, ours.at,
                             at->ours_end, theirs.at,    at->theirs_end};
    return true;
}

/* Whether theirs only adds to a line where ours adds new lines behind it. */
static bool
ends_line(const struct merge *merge, const struct diff_hunk *at, const struct edit *ours,
          const struct edit *theirs)
{
    return ours->any && theirs->any && ours->base_end == at->base && theirs->base_end == at->base &&
           *merge->ours.items[at->ours].text == '\n' &&
           strchr("\n\1", *merge->theirs.items[at->theirs].text) == NULL;
}

/* Merges changes to different words next to each other. If both insert at the same place, ours
 * comes before theirs, unless theirs is the end of a line. */
static bool
add_beside(struct merge *merge, struct diff_hunk at)
{
    while (at.base < at.base_end || at.ours < at.ours_end || at.theirs < at.theirs_end) {
        struct edit ours = edit_at(merge->to_ours, at.base, at.base_end, at.ours, at.ours_end);
        struct edit theirs =
            edit_at(merge->to_theirs, at.base, at.base_end, at.theirs, at.theirs_end);
        bool first = ours.any && (!theirs.any || ours.base_end == at.base) &&
                     !ends_line(merge, &at, &ours, &theirs);

        if (!ours.any && !theirs.any) {
            add(merge, &merge->base, at.base, at.base + 1);
            at.base++, at.ours++, at.theirs++;
        } else if (first && leaves(merge->to_theirs, at.base, ours.base_end, at.theirs)) {
            add(merge, &merge->ours, at.ours, ours.end);
            at.theirs += ours.base_end - at.base;
            at.base = ours.base_end;
            at.ours = ours.end;
        } else if (!first && leaves(merge->to_ours, at.base, theirs.base_end, at.ours)) {
            add(merge, &merge->theirs, at.theirs, theirs.end);
            at.ours += theirs.base_end - at.base;
            at.base = theirs.base_end;
            at.theirs = theirs.end;
        } else if (!add_over(merge, &at)) {
            return false;
        }
    }
    return true;
}

static void
settle_hunk(struct merge *merge, const struct diff_hunk *at)
{
    bool theirs_as_base =
        same(&merge->base, at->base, at->base_end, &merge->theirs, at->theirs, at->theirs_end);
    bool ours_as_base =
        same(&merge->base, at->base, at->base_end, &merge->ours, at->ours, at->ours_end);
    bool alike =
        same(&merge->ours, at->ours, at->ours_end, &merge->theirs, at->theirs, at->theirs_end);

    if (theirs_as_base) {
        add(merge, &merge->ours, at->ours, at->ours_end);
        return;
    }
    if (!ours_as_base && !alike) {
        size_t length = merge->text.len;

        if (merge->by == MERGE_WORDS && add_beside(merge, *at))
            return;
        merge->text.len = length;
        merge->conflict = true;
    }
    add(merge, &merge->theirs, at->theirs, at->theirs_end);
}

struct merge_result
merge_texts(struct arena *arena, enum merge_pieces by, const char *base, const char *ours,
            const char *theirs)
{
    struct arena *scratch = arena_new();
    struct diff_names *names = diff_names_new(scratch);
    struct merge merge = {.by = by,
                          .base = split(scratch, names, by, base),
                          .ours = split(scratch, names, by, ours),
                          .theirs = split(scratch, names, by, theirs)};
    struct diff_hunk at = {0};
    struct merge_result result;

    merge.to_ours =
        diff_match(scratch, merge.base.names, merge.base.len, merge.ours.names, merge.ours.len);
    merge.to_theirs =
        diff_match(scratch, merge.base.names, merge.base.len, merge.theirs.names, merge.theirs.len);
    buf_init(&merge.text, SIZE_MAX / 4);
    while (at.base < merge.base.len || at.ours < merge.ours.len || at.theirs < merge.theirs.len) {
        size_t count = diff_next_hunk(merge.to_ours, merge.to_theirs, merge.base.len,
                                      merge.ours.len, merge.theirs.len, &at);

        add(&merge, &merge.ours, at.ours - count, at.ours);
        settle_hunk(&merge, &at);
        at = (struct diff_hunk){at.base_end, 0, at.ours_end, 0, at.theirs_end, 0};
    }
    result.conflict = merge.conflict;
    result.text = arena_strndup(arena, buf_text(&merge.text),
                                merge.text.len - (by == MERGE_LINES && merge.text.len > 0));
    buf_release(&merge.text);
    arena_free(scratch);
    return result;
}
