#include "report/report_p.h"

#include <string.h>

#include "markdown/diff.h"

/* A change of a long text: removed and added lines, with some lines around them. */

#define AROUND    ((size_t)2)
#define TEXT_MAX  ((size_t)64 * 1024)
#define LINES_MAX ((size_t)2000)

struct lines_of {
    const char **starts;
    size_t *lengths;
    uint32_t *names;
    size_t n;
};

static bool
split(const char *text, struct diff_names *names, struct arena *arena, struct lines_of *lines)
{
    size_t room = 1;

    for (const char *c = text; *c != '\0'; c++)
        room += *c == '\n';
    if (room > LINES_MAX || strlen(text) > TEXT_MAX)
        return false;
    lines->starts = arena_array(arena, room, sizeof(*lines->starts));
    lines->lengths = arena_array(arena, room, sizeof(*lines->lengths));
    lines->names = arena_array(arena, room, sizeof(*lines->names));
    lines->n = 0;
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");

        lines->starts[lines->n] = text;
        lines->lengths[lines->n] = length;
        lines->names[lines->n++] = diff_name(names, text, length);
        text += length + (text[length] == '\n');
    }
    return true;
}

/* One line of the comparison: ' ', '-' or '+'. */
struct line_change {
    char sign;
    const char *text;
    size_t length;
};

static size_t
compare(const struct lines_of *a, const struct lines_of *b, struct arena *arena,
        struct line_change *changes)
{
    const size_t *twins = diff_match(arena, a->names, a->n, b->names, b->n);
    size_t n = 0;
    size_t j = 0;

    for (size_t i = 0; i < a->n; i++) {
        if (twins[i] == DIFF_NONE) {
            changes[n++] = (struct line_change){'-', a->starts[i], a->lengths[i]};
            continue;
        }
        for (; j < twins[i]; j++)
            changes[n++] = (struct line_change){'+', b->starts[j], b->lengths[j]};
        changes[n++] = (struct line_change){' ', a->starts[i], a->lengths[i]};
        j++;
    }
    for (; j < b->n; j++)
        changes[n++] = (struct line_change){'+', b->starts[j], b->lengths[j]};
    return n;
}

static void
put_changes(struct buf *out, const struct line_change *changes, size_t n, struct arena *arena)
{
    bool skipped = false;

    for (size_t i = 0; i < n; i++) {
        bool near = false;

        for (size_t k = i > AROUND ? i - AROUND : 0; k < n && k <= i + AROUND; k++)
            near = near || changes[k].sign != ' ';
        if (!near) {
            skipped = true;
            continue;
        }
        if (skipped)
            buf_str(out, "@@\n");
        skipped = false;
        buf_char(out, changes[i].sign);
        report_visible(out, arena_strndup(arena, changes[i].text, changes[i].length), 0, false);
        buf_char(out, '\n');
    }
}

bool
report_text_diff(struct buf *out, const char *before, const char *after)
{
    struct arena *arena = arena_new();
    struct diff_names *names = diff_names_new(arena);
    struct lines_of a, b;
    struct line_change *changes;
    struct buf text;
    bool shown = split(before, names, arena, &a) && split(after, names, arena, &b);

    if (shown) {
        changes = arena_array(arena, a.n + b.n, sizeof(*changes));
        buf_init(&text, out->max);
        put_changes(&text, changes, compare(&a, &b, arena, changes), arena);
        report_put_fenced(out, buf_text(&text), "diff");
        buf_release(&text);
    }
    arena_free(arena);
    return shown;
}
