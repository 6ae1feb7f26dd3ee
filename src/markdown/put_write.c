#include "markdown/put.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "markdown/align.h"
#include "markdown/html.h"
#include "markdown/work.h"

/* A part of the result: units of the text as they are, or new text in place of units. */
struct part {
    const char *text; /* NULL: as they are */
    size_t first, end;
    bool placed;         /* it replaces these units and is not beside them */
    bool item, end_item; /* it begins, it ends with the item of a list */
    size_t slot, at;     /* at: where it begins in the result */
};
VEC_TYPE(part_list, struct part);

static void
add_unit(struct part_list *parts, const struct put *put, size_t slot, size_t unit)
{
    if (put->gone != NULL && put->gone[unit])
        return;
    vec_push(parts, (struct part){.first = unit,
                                  .end = unit + 1,
                                  .placed = true,
                                  .item = units_is_item(put->to, unit),
                                  .end_item = units_is_item(put->to, unit),
                                  .slot = slot});
}

/* The item flags are those of the units that the text comes from. */
static void
add_text(struct part_list *parts, const struct put *put, size_t slot, const char *text,
         size_t first, size_t end, bool placed)
{
    bool own = put->slot[slot].act == PUT_AGAIN;
    const struct units *units = own ? put->to : put->from;
    size_t from = (own ? put->to_bounds : put->from_bounds)[slot];
    size_t to = (own ? put->to_bounds : put->from_bounds)[slot + 1];

    if (text[0] != '\0')
        vec_push(parts, (struct part){.text = text,
                                      .first = first,
                                      .end = end,
                                      .placed = placed,
                                      .item = from < to && units_is_item(units, from),
                                      .end_item = from < to && units_is_item(units, to - 1),
                                      .slot = slot});
}

static bool
is_hidden(const struct put *put, size_t unit)
{
    return units_other(put->to, unit)[0] == '\0';
}

int
put_open_tags(const struct units *units, size_t from, size_t to)
{
    static const char names[] =
        " a blockquote center dd details div dl dt figure font h1 h2 h3 h4 h5 h6 li ol p picture "
        "section span sub summary sup table tbody td th thead tr ul ";
    struct arena *arena = arena_new();
    const char *text = read_closed(arena, put_written(arena, units, from, to), false);
    struct html_token token;
    int depth = 0;

    while (html_next(&text, &token)) {
        if (html_is_one_of(token.name, names))
            depth += (token.kind == HTML_OPEN) - (token.kind == HTML_CLOSE);
    }
    arena_free(arena);
    return depth;
}

/* Where to put new blocks among what the other side does not show: outside of tags, and next to the
 * group before; at the start of the text, next to the group after. */
static size_t
place_in(const struct put *put, size_t slot)
{
    size_t best = put->to_bounds[slot];
    int depth = 0, least = 0;

    for (size_t i = best; i < put->to_bounds[slot + 1]; i++) {
        if (!is_hidden(put, i))
            continue;
        depth += put->to->dialect == MARKDOWN_GITHUB ? put_open_tags(put->to, i, i + 1) : 0;
        if (depth < least || (depth == least && slot == 0)) {
            least = depth;
            best = i + 1;
        }
    }
    return best;
}

static void
add_gap(struct part_list *parts, const struct put *put, size_t slot)
{
    size_t place = place_in(put, slot);
    const char *text = put_taken(put, slot);

    for (size_t i = put->to_bounds[slot]; i <= put->to_bounds[slot + 1]; i++) {
        if (i == place)
            add_text(parts, put, slot, text, i, i, false);
        if (i < put->to_bounds[slot + 1] && is_hidden(put, i))
            add_unit(parts, put, slot, i);
    }
}

/* The hidden units within a group stay even if the units around them are removed. */
static void
add_group(struct part_list *parts, const struct put *put, size_t slot)
{
    const struct put_slot *of = &put->slot[slot];
    size_t first = put->to_bounds[slot], end = put->to_bounds[slot + 1];
    const char *text = of->act == PUT_TEXT    ? of->text
                       : of->act == PUT_AGAIN ? put_again(put, slot)
                                              : put_taken(put, slot);
    bool plain = text[0] == '\0' || (of->act != PUT_TEXT && of->form == PUT_PLAIN), hidden = false;

    for (size_t i = first; plain && i < end; i++)
        hidden |= is_hidden(put, i);
    add_text(parts, put, slot, text, first, hidden ? first : end, true);
    for (size_t i = first; hidden && i < end; i++)
        if (is_hidden(put, i))
            add_unit(parts, put, slot, i);
}

/* The text between two parts: unchanged, if both parts are the ones that were there. */
static void
add_between(struct buf *out, const struct put *put, const struct part *before,
            const struct part *next)
{
    const char *from, *to;
    bool blank = false, fits;

    if (before->placed && next->placed && before->end == next->first && next->first > 0 &&
        next->first < put->to->list.len) {
        from = units_end(put->to, before->end - 1);
        to = units_start(put->to, next->first);
        for (const char *at = from; at + 1 < to; at++)
            blank |= (at[0] == '\n' && (at[1] == '\n' || at[1] == '\r')) ||
                     (at[0] == '\r' && at[1] == '\r');
        fits = before->text == NULL && next->text == NULL;
        if (!put->slot[before->slot].apart && !put->slot[next->slot].apart)
            fits |= before->end_item == units_is_item(put->to, before->end - 1) &&
                    next->item == units_is_item(put->to, next->first);
        if (blank || fits) {
            buf_add(out, from, (size_t)(to - from));
            return;
        }
    }
    buf_str(out, before->end_item && next->item ? "\n" : "\n\n");
}

static void
add_lines(struct buf *out, const char *text, bool returns)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n' && returns)
            buf_char(out, '\r');
        buf_char(out, *text);
    }
}

/* What a part says. If it is not the last one, it ends what it opens. */
static const char *
part_text(const struct put *put, const struct part *part, bool last)
{
    const char *text = part->text, *start;

    if (text == NULL) {
        start = units_start(put->to, part->first);
        text = arena_strndup(put->arena, start, (size_t)(units_end(put->to, part->first) - start));
    }
    /* What the other units open ends with them. */
    if (last || put->to->dialect != MARKDOWN_GITHUB ||
        (part->text == NULL && part->end < put->to->list.len))
        return text;
    return read_closed(put->arena, text, true);
}

static char *
write_parts(const struct put *put, struct part_list *parts)
{
    const char *line = strchr(put->text, '\n');
    bool returns = line != NULL && line > put->text && line[-1] == '\r';
    size_t units = put->to->list.len;
    struct buf out;

    buf_init(&out, SIZE_MAX / 4);
    for (size_t i = 0; i < parts->len; i++) {
        struct part *part = &parts->items[i];
        struct buf between;

        buf_init(&between, SIZE_MAX / 4);
        if (i > 0)
            add_between(&between, put, part - 1, part);
        else if (part->placed && part->first == 0 && units > 0)
            buf_add(&between, put->text, (size_t)(units_start(put->to, 0) - put->text));
        if (returns && memchr(buf_text(&between), '\r', between.len) == NULL)
            add_lines(&out, buf_text(&between), true);
        else
            buf_add(&out, buf_text(&between), between.len);
        buf_release(&between);
        part->at = out.len;
        add_lines(&out, part_text(put, part, i + 1 == parts->len), returns && part->text != NULL);
    }
    if (parts->len > 0 && units > 0 && parts->items[parts->len - 1].placed &&
        parts->items[parts->len - 1].end == units)
        buf_str(&out, units_end(put->to, units - 1));
    return buf_take(&out, put->arena);
}

/* The "[label]" that a unit defines, or NULL. */
static const char *
label_of(struct arena *arena, const struct units *units, size_t unit)
{
    struct source_line line = units->lines.items[units->list.items[unit].line - 1];
    const char *label = line.text + strspn(line.text, " "), *end;

    if (*label != '[' || units_other(units, unit)[0] != '\0')
        return NULL;
    end = memchr(label, ']', (size_t)(line.text + line.length - label));
    return end != NULL && end[1] == ':' ? arena_strndup(arena, label, (size_t)(end - label) + 1)
                                        : NULL;
}

/* Whether a text refers to what that label defines. */
static bool
refers_to(const char *text, const char *label)
{
    work_add(strlen(text));
    for (const char *at = text; !work_is_spent() && (at = strcasestr(at, label)) != NULL; at++) {
        const char *start = at;

        while (start > text && start[-1] == ' ')
            start--;
        /* "[label](url)" is a complete link. */
        if (at[strlen(label)] != '(' &&
            (at[strlen(label)] != ':' || (start > text && start[-1] != '\n' && start[-1] != '\r')))
            return true;
    }
    return false;
}

static struct part_list
make_parts(const struct put *put)
{
    struct part_list parts = {0};

    for (size_t k = 0; k < put->slots; k++) {
        bool keep = put->slot[k].act == PUT_KEEP;

        for (size_t i = put->to_bounds[k]; keep && i < put->to_bounds[k + 1]; i++)
            add_unit(&parts, put, k, i);
        if (!keep && k % 2 == 0)
            add_gap(&parts, put, k);
        else if (!keep)
            add_group(&parts, put, k);
    }
    return parts;
}

char *
put_quote(struct arena *arena, const struct units *units, size_t from, size_t to)
{
    char *text = put_written(arena, units, from, to);
    struct buf quote;

    buf_init(&quote, SIZE_MAX / 4);
    buf_str(&quote, text);
    work_add(units->list.len);
    for (size_t i = 0; !work_is_spent() && i < units->list.len; i++) {
        const char *label = label_of(arena, units, i);

        if (label != NULL && (i < from || i >= to) && refers_to(text, label))
            buf_printf(&quote, "\n\n%s", put_written(arena, units, i, i + 1));
    }
    return buf_take(&quote, arena);
}

/* Whether a definition must stay although nothing refers to it: it changed, or has a title, which
 * Notion does not show. */
static bool
outlives(const struct put *put, size_t unit, const char *label)
{
    const char *text = put_written(put->arena, put->to, unit, unit + 1);

    text = strchr(text, ']') + 2;
    text += strspn(text, " \t\n");
    text += strcspn(text, " \t\n");
    return !align_has(put->before, put->to->list.items[unit].key) ||
           (label[1] != '^' && text[strspn(text, " \t\n")] != '\0');
}

/* Definitions whose last reference is gone: what they said is in the text now. */
static bool
drop_definitions(struct put *put, const char *text)
{
    bool any = false;

    for (size_t i = 0; put->to->dialect == MARKDOWN_GITHUB && i < put->to->list.len; i++) {
        const char *label = label_of(put->arena, put->to, i);

        if (label == NULL || (put->gone != NULL && put->gone[i]) || refers_to(text, label) ||
            !refers_to(put->text, label) || outlives(put, i, label))
            continue;
        if (put->gone == NULL)
            put->gone = arena_array(put->arena, put->to->list.len, sizeof(bool));
        put->gone[i] = any = true;
    }
    return any;
}

/* Where the slots are in the result. */
static void
find_bounds(struct put *put, const char *text, const struct part_list *parts)
{
    size_t *bounds = arena_array(put->arena, put->slots + 1, sizeof(*bounds));
    size_t part = 0, slot = 0;

    for (size_t i = 0; i < put->own.list.len; i++) {
        size_t at = (size_t)(units_start(&put->own, i) - text);

        while (part + 1 < parts->len && parts->items[part + 1].at <= at)
            part++;
        assert(part < parts->len); /* whatever is in the text is of a part */
        while (slot < parts->items[part].slot)
            bounds[++slot] = i;
    }
    while (slot < put->slots)
        bounds[++slot] = put->own.list.len;
    put->made_bounds = bounds;
}

const char *
put_write(struct put *put)
{
    struct part_list parts = make_parts(put);
    const char *text = write_parts(put, &parts);

    if (drop_definitions(put, text)) {
        vec_free(&parts);
        parts = make_parts(put);
        text = write_parts(put, &parts);
    }
    put->own = units_split(put->arena, put->to->dialect, put->to->context, text, true);
    put->made = &put->own;
    find_bounds(put, text, &parts);
    vec_free(&parts);
    return text;
}
