#include "markdown/merge.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "markdown/diff.h"

/* How far within a stretch the other one is looked for. */
#define MAX_BESIDE 1000

struct piece {
    const char *text;
    size_t length;
};

struct pieces {
    struct piece *items;
    uint32_t *names;
    size_t len;
};

struct merge {
    enum merge_pieces by;
    struct pieces base, ours, theirs;
    struct buf text;
    bool conflict;
};

static size_t
line_length(const char *text)
{
    size_t length = strcspn(text, "\n");

    return length + (text[length] == '\n');
}

/* A word, a run of blanks, or one character of another kind; a table's row as a whole. */
static size_t
word_length(const char *text, bool starts)
{
    size_t length = 0;

    if (starts && *text == '|')
        return strcspn(text, "\n");
    while (isalnum((unsigned char)text[length]) || (unsigned char)text[length] >= 0x80)
        length++;
    if (length == 0)
        length = strspn(text, " \t");
    return length > 0 ? length : 1;
}

static struct pieces
split(struct arena *arena, struct diff_names *names, enum merge_pieces by, const char *text)
{
    struct pieces pieces = {0};
    size_t count = 0, length;
    bool starts = true;

    for (const char *at = text; *at != '\0'; count++)
        at += by == MERGE_LINES ? line_length(at) : word_length(at, at == text || at[-1] == '\n');
    pieces.items = arena_array(arena, count, sizeof(*pieces.items));
    pieces.names = arena_array(arena, count, sizeof(*pieces.names));
    for (; *text != '\0'; text += length) {
        size_t shown = length = by == MERGE_LINES ? line_length(text) : word_length(text, starts);

        starts = text[length - 1] == '\n';

        if (by == MERGE_LINES && text[shown - 1] == '\n')
            shown--;
        if (by == MERGE_LINES && shown > 0 && text[shown - 1] == '\r')
            shown--;
        pieces.items[pieces.len] = (struct piece){text, shown};
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

/* Where b has the stretch of the base within its own, DIFF_NONE: nowhere. */
static size_t
find(const struct merge *merge, const struct diff_hunk *at, const struct pieces *b, size_t start,
     size_t end)
{
    size_t count = at->base_end - at->base;

    for (size_t i = start; i + count <= end && i - start < MAX_BESIDE; i++)
        if (same(&merge->base, at->base, at->base_end, b, i, i + count))
            return i;
    return DIFF_NONE;
}

/* Words that one of them put beside what the other changed; theirs behind ours, if both only put
 * something there. */
static bool
add_beside(struct merge *merge, const struct diff_hunk *at)
{
    size_t count = at->base_end - at->base, place;

    if (merge->by != MERGE_WORDS)
        return false;
    place = find(merge, at, &merge->theirs, at->theirs, at->theirs_end);
    if (place != DIFF_NONE) {
        add(merge, &merge->theirs, at->theirs, place);
        add(merge, &merge->ours, at->ours, at->ours_end);
        add(merge, &merge->theirs, place + count, at->theirs_end);
        return true;
    }
    place = find(merge, at, &merge->ours, at->ours, at->ours_end);
    if (place == DIFF_NONE)
        return false;
    add(merge, &merge->ours, at->ours, place);
    add(merge, &merge->theirs, at->theirs, at->theirs_end);
    add(merge, &merge->ours, place + count, at->ours_end);
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
        if (add_beside(merge, at))
            return;
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
    const size_t *to_ours =
        diff_match(scratch, merge.base.names, merge.base.len, merge.ours.names, merge.ours.len);
    const size_t *to_theirs =
        diff_match(scratch, merge.base.names, merge.base.len, merge.theirs.names, merge.theirs.len);
    struct diff_hunk at = {0};
    struct merge_result result;

    buf_init(&merge.text, SIZE_MAX / 4);
    while (at.base < merge.base.len || at.ours < merge.ours.len || at.theirs < merge.theirs.len) {
        size_t count = diff_next_hunk(to_ours, to_theirs, merge.base.len, merge.ours.len,
                                      merge.theirs.len, &at);

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
