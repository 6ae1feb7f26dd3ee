#include "markdown/units.h"

#include <string.h>

#include "markdown/normal.h"
#include "markdown/tidy.h"

struct split {
    struct arena *arena;
    struct units *units;
    struct buf *keys, *losses; /* by unit */
};

static bool
is_blank(struct source_line line)
{
    return source_prefix(line, false) == line.length && memchr(line.text, '>', line.length) == NULL;
}

/* A unit begins where the one before it ends; two blocks of one line are one. */
static void
begin_unit(struct units *units, size_t line, bool item)
{
    if (line == 0 || line > units->lines.len)
        return;
    if (units->list.len > 0 && units->list.items[units->list.len - 1].line >= line)
        return;
    vec_push(&units->list, (struct unit){.line = line, .item = item});
}

/* Link definitions after a block are no part of it, nor of the tree. */
static void
begin_definitions(struct units *units, const struct node *node)
{
    size_t end = node->next != NULL ? node->next->line : units->lines.len + 1;

    if (node->kind == NODE_LIST || node->kind == NODE_QUOTE)
        return;
    for (size_t line = node->end_line + 1; line < end && line <= units->lines.len; line++) {
        struct source_line at = units->lines.items[line - 1];

        if (is_blank(at))
            continue;
        if (at.text[strspn(at.text, " ")] == '[')
            begin_unit(units, line, false);
        return;
    }
}

static void
begin_units(struct units *units, const struct node *root)
{
    if (root->first == NULL || root->first->line > 1)
        begin_unit(units, 1, false);
    for (const struct node *node = root->first; node != NULL; node = node->next) {
        begin_unit(units, node->line, node->kind == NODE_LIST);
        if (node->kind == NODE_LIST)
            for (const struct node *item = node->first; item != NULL; item = item->next)
                begin_unit(units, item->line, true);
        begin_definitions(units, node);
    }
}

static void
end_units(struct units *units)
{
    for (size_t i = 0; i < units->list.len; i++) {
        struct unit *unit = &units->list.items[i];
        size_t end = i + 1 < units->list.len ? unit[1].line - 1 : units->lines.len;

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

    if (line == 0)
        return units->list.len - 1;
    while (low + 1 < high) {
        size_t middle = (low + high) / 2;

        if (units->list.items[middle].line <= line)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static void
add_key(struct split *split, const struct node *node, enum markdown_dialect printed, bool ordered)
{
    size_t at = unit_at(split->units, node->line);
    const char *text = printed == MARKDOWN_GITHUB ? print_github(split->arena, node)
                                                  : print_notion(split->arena, node);

    if (text[0] == '\0')
        return;
    buf_str(&split->keys[at], ordered ? "1" : "");
    buf_str(&split->keys[at], text);
    buf_char(&split->keys[at], '\n');
}

static void
add_keys(struct split *split, const struct node *root, enum markdown_dialect printed)
{
    for (const struct node *node = root->first; node != NULL; node = node->next) {
        bool items = node->kind == NODE_LIST && node->attrs == NULL;

        for (const struct node *item = node->first; items && item != NULL; item = item->next)
            items = item->line != 0;
        if (!items) {
            add_key(split, node, printed, false);
            continue;
        }
        for (const struct node *item = node->first; item != NULL; item = item->next)
            add_key(split, item, printed, node->ordered && item->task == TASK_NONE);
    }
}

static void
add_losses(struct split *split, const struct node *root)
{
    for (const struct node *node = root->first; node != NULL; node = node->next) {
        if (node->kind != NODE_LIST) {
            plain_losses(split->arena, &split->losses[unit_at(split->units, node->line)], node);
            continue;
        }
        for (const struct node *item = node->first; item != NULL; item = item->next)
            plain_losses(
                split->arena,
                &split->losses[unit_at(split->units, item->line != 0 ? item->line : node->line)],
                item);
    }
}

/* What has no key goes with what follows it; at the end it stands alone. */
static void
join_keyless(struct units *units)
{
    size_t to = 0, first = 0;

    for (size_t i = 0; i < units->list.len; i++) {
        struct unit unit = units->list.items[i];

        if (first == 0)
            first = unit.line;
        if (unit.key[0] == '\0') {
            units->tail_end = unit.end_line;
            continue;
        }
        unit.lead = unit.line - first;
        unit.line = first;
        first = 0;
        units->list.items[to++] = unit;
    }
    units->list.len = to;
    units->tail = first;
}

static struct node *
tree_of(struct arena *arena, enum markdown_dialect dialect, const char *text)
{
    return dialect == MARKDOWN_GITHUB ? tree_normal_github(arena, text)
                                      : tree_normal_notion(arena, text);
}

static void
fill_keys(struct split *split, enum markdown_dialect dialect, enum unit_key key,
          const struct markdown_context *context, struct node *root)
{
    bool other = key == KEY_OTHER;
    bool to_notion = (dialect == MARKDOWN_GITHUB) == other;

    if (dialect == MARKDOWN_NOTION)
        add_losses(split, root);
    if (other && to_notion)
        links_to_notion(split->arena, root, context);
    else if (other)
        links_to_github(split->arena, root, context);
    tree_drop_numbers(root);
    tree_tidy(split->arena, root);
    add_keys(split, root, to_notion ? MARKDOWN_NOTION : MARKDOWN_GITHUB);
}

struct units
units_split(struct arena *arena, enum markdown_dialect dialect, enum unit_key key,
            const struct markdown_context *context, const char *text)
{
    struct units units = {.lines = source_split(arena, text)};
    struct arena *scratch = arena_new();
    struct node *root = tree_of(scratch, dialect, text);
    struct split split = {.arena = scratch, .units = &units};
    size_t count;

    begin_units(&units, root);
    end_units(&units);
    count = units.list.len;
    split.keys = arena_array(scratch, count, sizeof(*split.keys));
    split.losses = arena_array(scratch, count, sizeof(*split.losses));
    for (size_t i = 0; i < count; i++) {
        buf_init(&split.keys[i], SIZE_MAX / 4);
        buf_init(&split.losses[i], SIZE_MAX / 4);
    }
    if (count > 0)
        fill_keys(&split, dialect, key, context, root);
    for (size_t i = 0; i < count; i++) {
        units.list.items[i].key = arena_strdup(arena, buf_text(&split.keys[i]));
        units.list.items[i].losses = arena_strdup(arena, buf_text(&split.losses[i]));
        buf_release(&split.keys[i]);
        buf_release(&split.losses[i]);
    }
    if (key == KEY_OTHER)
        join_keyless(&units);
    arena_free(scratch);
    return units;
}

void
units_free(struct units *units)
{
    vec_free(&units->lines);
    vec_free(&units->list);
}

char *
units_lines(struct arena *arena, const struct units *units, size_t first, size_t last)
{
    struct buf out;
    char *text;

    buf_init(&out, SIZE_MAX / 4);
    for (size_t line = first; line <= last; line++) {
        if (line > first)
            buf_char(&out, '\n');
        buf_add(&out, units->lines.items[line - 1].text, units->lines.items[line - 1].length);
    }
    text = arena_strdup(arena, buf_text(&out));
    buf_release(&out);
    return text;
}

char *
units_text(struct arena *arena, const struct units *units, size_t index, bool lead)
{
    const struct unit *unit = &units->list.items[index];

    return units_lines(arena, units, unit->line + (lead ? 0 : unit->lead), unit->end_line);
}
