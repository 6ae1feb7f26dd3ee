#include "markdown/tree.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"

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
    /* Breaks at the ends of a block have no effect. */
    while (node->first != NULL && node_is_break(node->first))
        node_unlink(node->first);
    while (node->last != NULL && node_is_break(node->last))
        node_unlink(node->last);
}
