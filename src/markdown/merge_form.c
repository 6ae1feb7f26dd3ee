#include "markdown/merge_form.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "markdown/diff.h"
#include "markdown/units.h"

struct text {
    struct source_lines lines;
    uint32_t *names;
};

struct form {
    struct text base, ours, theirs;
    const size_t *twins; /* of the lines of theirs in base */
    const size_t *own;   /* of the lines of base in ours */
    struct buf out;
};

static struct text
split(struct arena *arena, struct diff_names *names, const char *text)
{
    struct text split = {.lines = source_split(arena, text)};

    split.names = arena_array(arena, split.lines.len, sizeof(*split.names));
    for (size_t i = 0; i < split.lines.len; i++)
        split.names[i] = diff_name(names, split.lines.items[i].text, split.lines.items[i].length);
    return split;
}

static void
add(struct form *form, const struct text *text, size_t from, size_t to)
{
    for (; from < to; from++) {
        buf_add(&form->out, text->lines.items[from].text, text->lines.items[from].length);
        buf_char(&form->out, '\n');
    }
}

/* Line for line, where base and ours have as many. */
static void
by_place(struct form *form)
{
    for (size_t i = 0; i < form->theirs.lines.len; i++) {
        size_t twin = form->twins[i];

        if (twin != DIFF_NONE)
            add(form, &form->ours, twin, twin + 1);
        else
            add(form, &form->theirs, i, i + 1);
    }
}

/* Whether theirs has the lines of base from first to end, from its line `at` on. */
static bool
keeps(const struct form *form, size_t at, size_t first, size_t end)
{
    for (; first < end; at++, first++)
        if (at >= form->theirs.lines.len || form->twins[at] != first)
            return false;
    return true;
}

/* Stretches that base and ours write differently are ours where theirs has all of base's; returns
 * how many lines of theirs that took. */
static size_t
add_stretch(struct form *form, size_t at)
{
    size_t first = form->twins[at], end = first, len = form->base.lines.len;

    if (first == DIFF_NONE) {
        add(form, &form->theirs, at, at + 1);
        return 1;
    }
    while (end < len && form->own[end] == DIFF_NONE)
        end++;
    if (end == first) {
        add(form, &form->ours, form->own[first], form->own[first] + 1);
        return 1;
    }
    if ((first > 0 && form->own[first - 1] == DIFF_NONE) || !keeps(form, at, first, end)) {
        add(form, &form->theirs, at, at + 1);
        return 1;
    }
    add(form, &form->ours, first > 0 ? form->own[first - 1] + 1 : 0,
        end < len ? form->own[end] : form->ours.lines.len);
    return end - first;
}

static char *
write_form(struct arena *arena, const char *base, const char *ours, const char *theirs, bool place)
{
    struct diff_names *names = diff_names_new(arena);
    struct form form = {.base = split(arena, names, base),
                        .ours = split(arena, names, ours),
                        .theirs = split(arena, names, theirs)};
    char *text;

    form.twins = diff_match(arena, form.theirs.names, form.theirs.lines.len, form.base.names,
                            form.base.lines.len);
    form.own = diff_match(arena, form.base.names, form.base.lines.len, form.ours.names,
                          form.ours.lines.len);
    buf_init(&form.out, SIZE_MAX / 4);
    if (place && form.base.lines.len == form.ours.lines.len)
        by_place(&form);
    for (size_t i = 0; !place && i < form.theirs.lines.len;)
        i += add_stretch(&form, i);
    text = arena_strndup(arena, buf_text(&form.out), form.out.len > 0 ? form.out.len - 1 : 0);
    buf_release(&form.out);
    vec_free(&form.base.lines);
    vec_free(&form.ours.lines);
    vec_free(&form.theirs.lines);
    return text;
}

static bool
says(enum markdown_dialect dialect, const struct markdown_context *context, const char *text,
     const char *key)
{
    struct arena *arena = arena_new();
    struct units units = units_split(arena, dialect, KEY_OTHER, context, text);
    bool same = units.list.len == 1 && units.tail == 0 && units.list.items[0].lead == 0 &&
                strcmp(units.list.items[0].key, key) == 0;

    units_free(&units);
    arena_free(arena);
    return same;
}

char *
merge_form(struct arena *arena, enum markdown_dialect dialect,
           const struct markdown_context *context, const char *base, const char *ours, char *theirs,
           const char *key)
{
    char *text;

    if (strcmp(base, ours) == 0 || strchr(theirs, '\n') == NULL)
        return theirs;
    text = write_form(arena, base, ours, theirs, true);
    if (says(dialect, context, text, key))
        return text;
    text = write_form(arena, base, ours, theirs, false);
    return says(dialect, context, text, key) ? text : theirs;
}
