#include "markdown/tree.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "markdown/reference.h"

struct node *
node_new(struct arena *arena, enum node_kind kind)
{
    struct node *node = arena_alloc(arena, sizeof(*node));

    node->kind = kind;
    return node;
}

struct node *
node_text(struct arena *arena, enum node_kind kind, const char *text)
{
    struct node *node = node_new(arena, kind);

    node->text = text;
    return node;
}

void
node_append(struct node *parent, struct node *child)
{
    child->parent = parent;
    child->prev = parent->last;
    child->next = NULL;
    if (parent->last != NULL)
        parent->last->next = child;
    else
        parent->first = child;
    parent->last = child;
}

void
node_insert_before(struct node *place, struct node *node)
{
    node->parent = place->parent;
    node->next = place;
    node->prev = place->prev;
    if (place->prev != NULL)
        place->prev->next = node;
    else
        place->parent->first = node;
    place->prev = node;
}

void
node_insert_after(struct node *place, struct node *node)
{
    if (place->next != NULL)
        node_insert_before(place->next, node);
    else
        node_append(place->parent, node);
}

void
node_prepend(struct node *parent, struct node *child)
{
    if (parent->first != NULL)
        node_insert_before(parent->first, child);
    else
        node_append(parent, child);
}

void
node_move_children(struct node *from, struct node *to)
{
    while (from->first != NULL) {
        struct node *child = from->first;

        node_unlink(child);
        node_append(to, child);
    }
}

bool
node_is_break(const struct node *node)
{
    return node->kind == NODE_HARD || node->kind == NODE_SOFT;
}

bool
node_is_blank(const struct node *node)
{
    return node_is_break(node) ||
           (node->kind == NODE_TEXT && node->text[strspn(node->text, " \t")] == '\0');
}

bool
node_is_title(const struct node *node)
{
    return node != NULL && node->kind == NODE_PARAGRAPH && node->attrs == NULL &&
           !(node->first != NULL && node->first->kind == NODE_IMAGE && node->first->next == NULL);
}

void
node_close_equation(struct node *node)
{
    const struct node *only = node->first;

    if (only == NULL || only->next != NULL || only->kind != NODE_DISPLAY_MATH)
        return;
    node->kind = NODE_EQUATION;
    node->text = only->text;
    node->first = node->last = NULL;
}

void
node_unlink(struct node *node)
{
    assert(node->parent != NULL);
    if (node->prev != NULL)
        node->prev->next = node->next;
    else
        node->parent->first = node->next;
    if (node->next != NULL)
        node->next->prev = node->prev;
    else
        node->parent->last = node->prev;
    node->parent = node->prev = node->next = NULL;
}

void
node_dissolve(struct node *node)
{
    while (node->first != NULL) {
        struct node *child = node->first;

        node_unlink(child);
        node_insert_before(node, child);
    }
    node_unlink(node);
}

void
tree_drop_links(struct arena *arena, struct node *root)
{
    struct node *next;

    for (struct node *node = root->first; node != NULL; node = next) {
        next = node->next;
        tree_drop_links(arena, node);
        if ((node->kind != NODE_LINK && node->kind != NODE_IMAGE) || node->url == NULL ||
            reference_allowed(node->url))
            continue;
        if (node->first == NULL)
            node_append(node, node_text(arena, NODE_TEXT, "image"));
        node_dissolve(node);
    }
}

bool
node_is_inline(enum node_kind kind)
{
    return kind >= NODE_EM;
}

bool
node_has_inlines(enum node_kind kind)
{
    return kind >= NODE_PARAGRAPH && kind <= NODE_CHILD;
}

size_t
node_columns(const struct node *table)
{
    size_t columns = 0;

    for (const struct node *row = table->first; row != NULL; row = row->next) {
        size_t cells = 0;

        for (const struct node *cell = row->first; cell != NULL; cell = cell->next)
            cells++;
        columns = cells > columns ? cells : columns;
    }
    return columns;
}

static void
add_plain(struct buf *out, const struct node *node)
{
    switch (node->kind) {
    case NODE_TEXT:
    case NODE_CODE:
    case NODE_MATH:
    case NODE_DISPLAY_MATH:
        if (node->text != NULL) {
            buf_str(out, node->text);
            break;
        }
        /* fall through */
    default:
        if (node->kind == NODE_SOFT || node->kind == NODE_HARD)
            buf_char(out, ' ');
        for (const struct node *child = node->first; child != NULL; child = child->next)
            add_plain(out, child);
    }
}

char *
node_plain(struct arena *arena, const struct node *node)
{
    struct buf out;

    buf_init(&out, SIZE_MAX / 4);
    add_plain(&out, node);
    return buf_take(&out, arena);
}

/* Merges adjacent texts, and adjacent code spans, because their marks would run together. */
static void
join_texts(struct arena *arena, struct node *parent)
{
    for (struct node *node = parent->first; node != NULL; node = node->next) {
        struct buf text;

        if ((node->kind != NODE_TEXT && node->kind != NODE_CODE) || node->next == NULL ||
            node->next->kind != node->kind)
            continue;
        buf_init(&text, SIZE_MAX / 4);
        buf_str(&text, node->text);
        while (node->next != NULL && node->next->kind == node->kind) {
            buf_str(&text, node->next->text);
            node_unlink(node->next);
        }
        node->text = buf_take(&text, arena);
    }
}

/* The parsers close no code span with more backticks than this, so what needs more is text. */
#define MAX_TICKS 80

static bool
limit_code(struct node *parent)
{
    bool any = false;

    for (struct node *node = parent->first; node != NULL; node = node->next) {
        const char *at = node->kind == NODE_CODE ? node->text : "";
        size_t run = 0;

        for (; *at != '\0' && run < MAX_TICKS; at++)
            run = *at == '`' ? run + 1 : 0;
        if (run < MAX_TICKS)
            continue;
        node->kind = NODE_TEXT;
        any = true;
    }
    return any;
}

/* Blanks at the edges of a mark belong outside of it. */
static void
move_first_blank(struct arena *arena, struct node *mark)
{
    struct node *first;

    while ((first = mark->first) != NULL) {
        size_t blanks = first->kind == NODE_TEXT ? strspn(first->text, " ") : 0;

        if (node_is_blank(first)) {
            node_unlink(first);
            node_insert_before(mark, first);
            continue;
        }
        if (blanks > 0) {
            node_insert_before(mark, node_text(arena, NODE_TEXT, " "));
            first->text += blanks;
        }
        return;
    }
}

static void
move_last_blank(struct arena *arena, struct node *mark)
{
    struct node *last;

    while ((last = mark->last) != NULL) {
        size_t length = last->kind == NODE_TEXT ? strlen(last->text) : 0;
        size_t kept = length;

        while (kept > 0 && last->text[kept - 1] == ' ')
            kept--;
        if (node_is_blank(last)) {
            node_unlink(last);
            node_insert_after(mark, last);
            continue;
        }
        if (kept < length) {
            last->text = arena_strndup(arena, last->text, kept);
            node_insert_after(mark, node_text(arena, NODE_TEXT, " "));
        }
        return;
    }
}

static void
tidy_marks(struct arena *arena, struct node *parent)
{
    struct node *next;

    for (struct node *node = parent->first; node != NULL; node = next) {
        next = node->next;
        if (node->kind < NODE_EM || node->kind > NODE_UNDERLINE)
            continue;
        move_first_blank(arena, node);
        move_last_blank(arena, node);
        next = node->next;
        if (node->first == NULL) {
            node_unlink(node);
        } else if (node->prev != NULL && node->prev->kind == node->kind) {
            node_move_children(node, node->prev);
            node_unlink(node);
        }
    }
}

void
tree_tidy(struct arena *arena, struct node *node)
{
    struct node *next;

    for (struct node *child = node->first; child != NULL; child = next) {
        next = child->next;
        tree_tidy(arena, child);
    }
    if (!node_has_inlines(node->kind) && !node_is_inline(node->kind))
        return;
    tidy_marks(arena, node);
    join_texts(arena, node);
    if (limit_code(node))
        join_texts(arena, node);
    if (!node_has_inlines(node->kind))
        return;
    /* Blanks and breaks at the ends of a block have no effect. */
    while (node->first != NULL && node_is_blank(node->first))
        node_unlink(node->first);
    while (node->last != NULL && node_is_blank(node->last))
        node_unlink(node->last);
}
