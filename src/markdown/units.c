#include "markdown/units.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "markdown/printer.h"

struct split {
    struct arena *arena; /* of the tree */
    struct units *units;
    bool *shown; /* by line: a node of the tree is there */
};

static bool
is_blank(struct source_line line)
{
    return source_is_blank(line) && memchr(line.text, '>', line.length) == NULL;
}

/* Whether a list's items are separate units. */
static bool
is_apart(const struct node *node)
{
    return node->kind == NODE_LIST && node->first != NULL &&
           (node->attrs == NULL || node->attrs[0] == '\0');
}

static void
begin_unit(struct split *split, size_t line, bool item, bool footnote)
{
    if (line > 0 && line <= split->units->lines.len)
        vec_push(&split->units->list,
                 (struct unit){.line = line, .item = item, .footnote = footnote});
}

/* The number of lines of the link definition that starts at a line, two at most; 0: none.
 * https://github.github.com/gfm/#link-reference-definitions */
static size_t
definition_lines(const struct source_lines *lines, size_t line)
{
    struct source_line at = lines->items[line - 1];
    const char *end = at.text + at.length, *text = at.text;

    while (text < end && *text == ' ' && text < at.text + 3)
        text++;
    if (end - text < 4 || *text != '[' || text[1] == '^' || text[1] == ']')
        return 0;
    for (text++; text < end && *text != ']' && *text != '['; text++)
        text += *text == '\\' && text + 1 < end;
    if (end - text < 2 || text[0] != ']' || text[1] != ':')
        return 0;
    text += 2;
    text += strspn(text, " \t") < (size_t)(end - text) ? strspn(text, " \t") : (size_t)(end - text);
    if (text == end)
        return line < lines->len && !is_blank(lines->items[line]) ? 2 : 0;
    if (line == lines->len || memchr(text, ' ', (size_t)(end - text)) != NULL)
        return 1;
    at = lines->items[line];
    end = at.text + at.length;
    text = at.text;
    while (text < end && *text == ' ')
        text++;
    return end - text > 1 && strchr("\"'(", *text) != NULL &&
                   end[-1] == (*text == '(' ? ')' : *text)
               ? 2
               : 1;
}

/* Definitions in the first lines of a paragraph, which the parser treats as part of it. */
static void
begin_definitions(struct split *split, struct node *node)
{
    size_t count;

    while (split->units->dialect == MARKDOWN_GITHUB && node->kind == NODE_PARAGRAPH &&
           node->line < node->end_line &&
           (count = definition_lines(&split->units->lines, node->line)) > 0 &&
           node->line + count <= node->end_line) {
        begin_unit(split, node->line, false, false);
        node->line += count;
    }
}

static void
begin_shown(struct split *split, struct node *node)
{
    /* A note within another block is a part of that block. */
    if (node->kind == NODE_FOOTNOTE && split->shown[node->line])
        return;
    begin_definitions(split, node);
    begin_unit(split, node->line, is_apart(node) && node->first->line != 0,
               node->kind == NODE_FOOTNOTE);
    if (is_apart(node))
        for (const struct node *item = node->first; item != NULL; item = item->next)
            begin_unit(split, item->line, true, false);
    for (size_t line = node->line; line > 0 && line <= node->end_line; line++)
        split->shown[line] = true;
}

/* A range of lines that no block covers; it includes all of a footnote that nothing refers to. */
static void
begin_hidden(struct split *split)
{
    const struct source_lines *lines = &split->units->lines;
    bool note = false;

    for (size_t line = 1; line <= lines->len; line++) {
        struct source_line at = lines->items[line - 1];
        bool starts = line == 1 || split->shown[line - 1] || is_blank(lines->items[line - 2]) ||
                      definition_lines(lines, line) > 0;

        if (split->shown[line])
            note = false;
        if (split->shown[line] || is_blank(at) || !starts ||
            (note && at.length > 4 && strncmp(at.text, "    ", 4) == 0))
            continue;
        note = at.length > 2 && strncmp(at.text, "[^", 2) == 0;
        begin_unit(split, line, false, false);
    }
}

static int
by_line(const void *a, const void *b)
{
    const struct unit *one = a, *two = b;

    if (one->line != two->line)
        return one->line < two->line ? -1 : 1;
    return (int)two->footnote - (int)one->footnote;
}

/* A unit ends where the next one begins; blocks that share a line are one. */
static void
end_units(struct units *units)
{
    size_t count = 0;
    bool sorted = true;

    for (size_t i = 1; i < units->list.len; i++)
        sorted &= by_line(&units->list.items[i - 1], &units->list.items[i]) <= 0;
    if (!sorted)
        qsort(units->list.items, units->list.len, sizeof(*units->list.items), by_line);
    for (size_t i = 0; i < units->list.len; i++) {
        struct unit *last = count > 0 ? &units->list.items[count - 1] : NULL;

        if (last != NULL && last->line == units->list.items[i].line)
            last->item |= units->list.items[i].item;
        else
            units->list.items[count++] = units->list.items[i];
    }
    units->list.len = count;
    for (size_t i = 0; i < count; i++) {
        struct unit *unit = &units->list.items[i];
        size_t end = i + 1 < count ? unit[1].line - 1 : units->lines.len;

        while (end > unit->line && is_blank(units->lines.items[end - 1]))
            end--;
        unit->end_line = end;
    }
}

/* The unit that a line belongs to. */
static size_t
unit_at(const struct units *units, size_t line)
{
    size_t low = 0, high = units->list.len;

    while (low + 1 < high) {
        size_t middle = (low + high) / 2;

        if (units->list.items[middle].line <= line)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Visits the blocks of a tree and the items of its lists in order, with the unit of each; blocks
 * that the translation made belong to the unit before them. */
struct unit_walk {
    const struct node *block, *node;
    size_t unit;
};

static bool
walk_next(struct unit_walk *walk, const struct units *units, const struct node *root)
{
    const struct node *list = walk->node != walk->block ? walk->block : NULL;
    size_t line, unit;

    if (list != NULL && walk->node->next != NULL) {
        walk->node = walk->node->next;
    } else {
        walk->block = walk->block == NULL ? root->first : walk->block->next;
        walk->node = walk->block;
        if (walk->block != NULL && is_apart(walk->block))
            walk->node = walk->block->first;
    }
    if (walk->node == NULL)
        return false;
    line = walk->node->line != 0 && walk->block->line != 0 ? walk->node->line : walk->block->line;
    unit = line != 0 ? unit_at(units, line) : 0;
    walk->unit = unit > walk->unit ? unit : walk->unit;
    return true;
}

static char *
key_of(struct split *split, const struct unit_walk *walk)
{
    const struct node *list = walk->node != walk->block ? walk->block : NULL;
    const char *text = print_key(split->arena, walk->node);

    if (text[0] == '\0')
        return NULL;
    if (list != NULL && list->ordered && walk->node->task == TASK_NONE)
        return arena_printf(split->units->arena, "1%s", text);
    return arena_strdup(split->units->arena, text);
}

static void
flush(struct units *units, struct buf *buf, const char **to)
{
    if (buf->len > 0)
        *to = arena_strndup(units->arena, buf->data, buf->len - 1);
    buf_clear(buf);
}

/* What each of Notion's units says in its own dialect, if that differs from how it is written. */
static void
add_keys(struct split *split, const struct node *root)
{
    struct units *units = split->units;
    struct unit_walk walk = {0};
    struct buf keys, losses;
    bool more = units->dialect == MARKDOWN_NOTION && walk_next(&walk, units, root);

    buf_init(&keys, SIZE_MAX / 4);
    buf_init(&losses, SIZE_MAX / 4);
    for (size_t i = 0; i < units->list.len; i++) {
        struct unit *unit = &units->list.items[i];

        unit->losses = "";
        for (; more && walk.unit == i; more = walk_next(&walk, units, root)) {
            const char *key = walk.node->kind == NODE_FOOTNOTE || walk.node->kind == NODE_COMMENT
                                  ? NULL
                                  : key_of(split, &walk);

            if (key != NULL) {
                buf_str(&keys, key);
                buf_char(&keys, '\n');
            }
            plain_losses(split->arena, &losses, walk.node);
        }
        flush(units, &keys, &unit->key);
        if (unit->key == NULL) {
            unit->key = units_lines(units->arena, units, unit->line, unit->end_line);
            /* The number of an item depends on those before it. */
            unit->key += unit->item ? strspn(unit->key, "0123456789") : 0;
        }
        flush(units, &losses, &unit->losses);
    }
    buf_release(&keys);
    buf_release(&losses);
}

/* Without a list in it a block's key is what is printed. */
static bool
holds_list(const struct node *node)
{
    bool any = node->kind == NODE_LIST || node->kind == NODE_ITEM;

    for (const struct node *child = node->first; !any && child != NULL; child = child->next)
        any = holds_list(child);
    return any;
}

/* The translation, cut where the units begin. */
static void
add_other(struct split *split, struct node *root)
{
    struct units *units = split->units;
    bool github = units->dialect == MARKDOWN_GITHUB;
    struct print_marks marks = {0};
    struct unit_walk walk = {0};
    const char *text;
    size_t mark = 0;
    bool more;

    tree_translate(split->arena, units->dialect, root, units->context);
    text = print_tree(split->arena, github ? MARKDOWN_NOTION : MARKDOWN_GITHUB, root, &marks);
    more = walk_next(&walk, units, root);
    units->heard = github;
    for (size_t i = 0; i < units->list.len; i++) {
        struct unit *unit = &units->list.items[i];
        size_t start = SIZE_MAX, end = 0;
        const char *key = NULL;

        unit->other = "";
        unit->said = units->said.len;
        for (; more && walk.unit == i; more = walk_next(&walk, units, root)) {
            key = NULL;
            while (marks.items[mark].node != walk.node)
                mark++;
            if (github && holds_list(walk.node))
                key = key_of(split, &walk);
            else if (github && marks.items[mark].end > marks.items[mark].start)
                key = arena_strndup(units->arena, text + marks.items[mark].start,
                                    marks.items[mark].end - marks.items[mark].start);
            start = marks.items[mark].start < start ? marks.items[mark].start : start;
            end = marks.items[mark].end;
            if (key != NULL)
                vec_push(&units->said, key);
        }
        unit->said_end = units->said.len;
        if (key != NULL && end > start && strlen(key) == end - start &&
            memcmp(key, text + start, end - start) == 0)
            unit->other = key;
        else if (end > start)
            unit->other = arena_strndup(units->arena, text + start, end - start);
    }
    vec_free(&marks);
}

struct units
units_split(struct arena *arena, enum markdown_dialect dialect,
            const struct markdown_context *context, const char *text, bool later)
{
    struct units units = {.arena = arena,
                          .dialect = dialect,
                          .context = context,
                          .text = text,
                          .lines = source_split(arena, text)};
    struct arena *scratch = arena_new();
    struct split split = {.arena = scratch, .units = &units};
    struct node *root = tree_normal(scratch, dialect, text);

    split.shown = arena_array(scratch, units.lines.len + 2, sizeof(*split.shown));
    for (struct node *node = root->first; node != NULL; node = node->next)
        begin_shown(&split, node);
    if (dialect == MARKDOWN_GITHUB)
        begin_hidden(&split);
    else if (root->first == NULL || root->first->line > 1)
        begin_unit(&split, 1, false, false);
    end_units(&units);
    /* Places are counted from the first unit, even if there is none. */
    units.list.items =
        vec_room(units.list.items, units.list.len, &units.list.cap, sizeof(*units.list.items));
    add_keys(&split, root);
    if (context != NULL && (!later || dialect == MARKDOWN_GITHUB))
        add_other(&split, root);
    arena_free(scratch);
    return units;
}

const char *
units_other(const struct units *units, size_t index)
{
    struct units of = *units;
    struct split split = {.arena = NULL, .units = &of};

    if (units->list.items[index].other != NULL)
        return units->list.items[index].other;
    split.arena = arena_new();
    add_other(&split, tree_normal(split.arena, of.dialect, of.text));
    arena_free(split.arena);
    return of.list.items[index].other;
}

void
units_free(struct units *units)
{
    vec_free(&units->lines);
    vec_free(&units->list);
    vec_free(&units->said);
}

void
units_said(struct units *units)
{
    struct arena *scratch;
    struct units other;
    struct buf text;
    size_t line = 1, at = 0;

    if (units->heard)
        return;
    scratch = arena_new();
    buf_init(&text, SIZE_MAX / 4);
    for (size_t i = 0; i < units->list.len; i++)
        if (units_other(units, i)[0] != '\0')
            buf_printf(&text, "%s\n\n", units_other(units, i));
    other = units_split(scratch, MARKDOWN_GITHUB, units->context, buf_text(&text), false);
    for (size_t i = 0; i < units->list.len; i++) {
        struct unit *unit = &units->list.items[i];

        for (const char *c = unit->other; *c != '\0'; c++)
            line += *c == '\n';
        line += unit->other[0] != '\0' ? 2 : 0;
        unit->said = units->said.len;
        for (; at < other.list.len && other.list.items[at].line < line; at++)
            for (size_t k = other.list.items[at].said; k < other.list.items[at].said_end; k++)
                vec_push(&units->said, arena_strdup(units->arena, other.said.items[k]));
        unit->said_end = units->said.len;
    }
    units->heard = true;
    buf_release(&text);
    units_free(&other);
    arena_free(scratch);
}

uint32_t *
units_names(struct arena *arena, struct diff_names *names, const struct units *units)
{
    uint32_t *list = arena_array(arena, units->list.len, sizeof(*list));

    for (size_t i = 0; i < units->list.len; i++)
        list[i] = diff_name(names, units->list.items[i].key, strlen(units->list.items[i].key));
    return list;
}

char *
units_lines(struct arena *arena, const struct units *units, size_t first, size_t last)
{
    struct buf out;

    buf_init(&out, SIZE_MAX / 4);
    for (size_t line = first; line <= last; line++) {
        if (line > first)
            buf_char(&out, '\n');
        buf_add(&out, units->lines.items[line - 1].text, units->lines.items[line - 1].length);
    }
    return buf_take(&out, arena);
}

const char *
units_start(const struct units *units, size_t index)
{
    return units->lines.items[units->list.items[index].line - 1].raw;
}

const char *
units_end(const struct units *units, size_t index)
{
    return units->lines.items[units->list.items[index].end_line - 1].raw_end;
}

bool
units_is_item(const struct units *units, size_t index)
{
    return index < units->list.len && units->list.items[index].item;
}
