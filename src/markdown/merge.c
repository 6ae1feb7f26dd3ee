#include "markdown/merge.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "markdown/diff.h"

struct line {
    const char *text;
    size_t length;
};

struct lines {
    struct line *items;
    uint32_t *names;
    size_t len;
};

static size_t
count_lines(const char *text)
{
    size_t count = 0;

    for (; *text != '\0'; count++) {
        text += strcspn(text, "\n");
        text += *text != '\0';
    }
    return count;
}

static struct lines
split_lines(struct arena *arena, struct diff_names *names, const char *text)
{
    struct lines lines = {.len = count_lines(text)};

    lines.items = arena_array(arena, lines.len, sizeof(*lines.items));
    lines.names = arena_array(arena, lines.len, sizeof(*lines.names));
    for (size_t i = 0; i < lines.len; i++) {
        size_t length = strcspn(text, "\n");
        size_t shown = length > 0 && text[length - 1] == '\r' ? length - 1 : length;

        lines.items[i] = (struct line){text, shown};
        lines.names[i] = diff_name(names, text, shown);
        text += length;
        text += *text != '\0';
    }
    return lines;
}

static bool
same_lines(const struct lines *a, size_t from, size_t to, const struct lines *b, size_t start,
           size_t end)
{
    return to - from == end - start &&
           memcmp(a->names + from, b->names + start, (to - from) * sizeof(*a->names)) == 0;
}

static void
add_lines(struct buf *out, const struct lines *lines, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        buf_add(out, lines->items[i].text, lines->items[i].length);
        buf_char(out, '\n');
    }
}

struct merge {
    struct lines base, ours, theirs;
    struct buf text, lost;
    bool prefer_ours, conflict;
};

static void
settle_hunk(struct merge *merge, const struct diff_hunk *at)
{
    bool theirs_as_base = same_lines(&merge->base, at->base, at->base_end, &merge->theirs,
                                     at->theirs, at->theirs_end);
    bool ours_as_base =
        same_lines(&merge->base, at->base, at->base_end, &merge->ours, at->ours, at->ours_end);
    bool alike = same_lines(&merge->ours, at->ours, at->ours_end, &merge->theirs, at->theirs,
                            at->theirs_end);
    bool conflict = !theirs_as_base && !ours_as_base && !alike;
    bool take_ours = theirs_as_base || alike || (conflict && merge->prefer_ours);

    if (conflict) {
        if (merge->lost.len > 0)
            buf_char(&merge->lost, '\n');
        if (take_ours)
            add_lines(&merge->lost, &merge->theirs, at->theirs, at->theirs_end);
        else
            add_lines(&merge->lost, &merge->ours, at->ours, at->ours_end);
        merge->conflict = true;
    }
    if (take_ours)
        add_lines(&merge->text, &merge->ours, at->ours, at->ours_end);
    else
        add_lines(&merge->text, &merge->theirs, at->theirs, at->theirs_end);
}

/* Without the last line break. */
static char *
take_text(struct arena *arena, struct buf *buf)
{
    const char *text = buf_text(buf);
    char *copy = arena_strndup(arena, text, buf->len > 0 ? buf->len - 1 : 0);

    buf_release(buf);
    return copy;
}

struct merge_result
merge_lines(struct arena *arena, const char *base, const char *ours, const char *theirs,
            bool prefer_ours)
{
    struct arena *scratch = arena_new();
    struct diff_names *names = diff_names_new(scratch);
    struct merge merge = {.base = split_lines(scratch, names, base),
                          .ours = split_lines(scratch, names, ours),
                          .theirs = split_lines(scratch, names, theirs),
                          .prefer_ours = prefer_ours};
    const size_t *to_ours =
        diff_match(scratch, merge.base.names, merge.base.len, merge.ours.names, merge.ours.len);
    const size_t *to_theirs =
        diff_match(scratch, merge.base.names, merge.base.len, merge.theirs.names, merge.theirs.len);
    struct diff_hunk at = {0};
    struct merge_result result;

    buf_init(&merge.text, SIZE_MAX / 4);
    buf_init(&merge.lost, SIZE_MAX / 4);
    while (at.base < merge.base.len || at.ours < merge.ours.len || at.theirs < merge.theirs.len) {
        size_t same = diff_next_hunk(to_ours, to_theirs, merge.base.len, merge.ours.len,
                                     merge.theirs.len, &at);

        add_lines(&merge.text, &merge.ours, at.ours - same, at.ours);
        settle_hunk(&merge, &at);
        at = (struct diff_hunk){at.base_end, 0, at.ours_end, 0, at.theirs_end, 0};
    }
    result.conflict = merge.conflict;
    result.text = take_text(arena, &merge.text);
    result.lost = take_text(arena, &merge.lost);
    arena_free(scratch);
    return result;
}
