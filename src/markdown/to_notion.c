#include <string.h>

#include "base/vec.h"
#include "markdown/reference.h"
#include "markdown/tree.h"

/* Changes a tree of GitHub's text so that Notion can express everything in it. */

struct note {
    struct node *definition;
    int references;
    bool used;
};
VEC_TYPE(notes, struct note);

/* Notes within notes: deeper ones are only named there and are put at the end. */
#define MAX_NESTED 8

struct to_notion {
    struct arena *arena;
    const struct markdown_context *context;
    struct node *root;
    const struct node *block; /* the one of the last reference */
    struct node *place;       /* where the blocks of its notes end */
    struct notes notes;       /* by number - 1 */
    int nested;               /* notes around the place */
};

static void translate_children(struct to_notion *to, struct node *node, bool in_link);

static void
collect_notes(struct to_notion *to)
{
    struct node *next;

    for (struct node *node = to->root->first; node != NULL; node = next) {
        next = node->next;
        if (node->kind != NODE_FOOTNOTE)
            continue;
        node_unlink(node);
        vec_push(&to->notes, (struct note){.definition = node});
    }
}

static struct note *
note_of(const struct to_notion *to, const struct node *reference)
{
    size_t number = (size_t)reference->level;

    return number >= 1 && number <= to->notes.len ? &to->notes.items[number - 1] : NULL;
}

static void
count_references(struct to_notion *to, const struct node *node)
{
    if (node->kind == NODE_REFERENCE && note_of(to, node) != NULL)
        note_of(to, node)->references++;
    for (const struct node *child = node->first; child != NULL; child = child->next)
        count_references(to, child);
}

/* A note's text goes into its first reference; its other blocks go after the block of the
 * reference. */
static void
inline_note(struct to_notion *to, struct node *reference, struct note *note)
{
    struct node *block = reference;
    bool first = true;

    while (to->nested == 0 && block->parent != to->root)
        block = block->parent;
    if (to->nested == 0 && block != to->block)
        to->block = to->place = block;
    note->used = true;
    to->nested++;
    translate_children(to, note->definition, false);
    to->nested--;
    while ((block = note->definition->first) != NULL) {
        node_unlink(block);
        if (block->kind != NODE_PARAGRAPH) {
            node_insert_after(to->place, block);
            to->place = block;
            block->line = 0;
            continue;
        }
        if (!first)
            node_insert_before(reference, node_text(to->arena, NODE_TEXT, " "));
        node_insert_before(reference, block);
        node_dissolve(block);
        first = false;
    }
}

static void
replace_reference(struct to_notion *to, struct node *reference)
{
    struct note *note = note_of(to, reference);
    const char *start = " (";
    bool here;

    if (note == NULL) {
        node_unlink(reference);
        return;
    }
    here = !note->used && to->nested < MAX_NESTED;
    if (note->references > 1 || !here)
        start = arena_printf(to->arena, " (note %d%s", reference->level, here ? ": " : "");
    node_insert_before(reference, node_text(to->arena, NODE_TEXT, start));
    if (here)
        inline_note(to, reference, note);
    reference->kind = NODE_TEXT;
    reference->text = ")";
}

/* Notes whose references are all in places that cannot hold them. */
static void
append_notes(struct to_notion *to)
{
    for (size_t i = 0; i < to->notes.len; i++) {
        struct node *paragraph, *reference;

        if (to->notes.items[i].used || to->notes.items[i].references == 0)
            continue;
        to->notes.items[i].references++;
        paragraph = node_new(to->arena, NODE_PARAGRAPH);
        reference = node_new(to->arena, NODE_REFERENCE);
        reference->level = (int)i + 1;
        node_append(to->root, paragraph);
        node_append(paragraph, reference);
        replace_reference(to, reference);
    }
}

/* Splits a text at its references. */
static void
link_references(struct to_notion *to, struct node *node)
{
    const char *at;
    size_t length;

    while ((at = reference_find(node->text, &length)) != NULL) {
        const char *reference = arena_strndup(to->arena, at, length);
        struct node *link = node_new(to->arena, NODE_LINK);

        link->url = reference_url(to->arena, reference, to->context);
        if (link->url == NULL)
            return;
        node_append(link, node_text(to->arena, NODE_TEXT, reference));
        if (at > node->text)
            node_insert_before(
                node, node_text(to->arena, NODE_TEXT,
                                arena_strndup(to->arena, node->text, (size_t)(at - node->text))));
        node_insert_before(node, link);
        node->text = at + length;
    }
}

static bool
is_block_inline(const struct node *node)
{
    return node->kind == NODE_IMAGE || node->kind == NODE_DISPLAY_MATH ||
           (node->kind == NODE_LINK && node->first != NULL && node->first->kind == NODE_IMAGE &&
            node->first->next == NULL);
}

/* A picture that is a link: its caption carries the link. */
static void
turn_link_inside_out(struct to_notion *to, struct node *link)
{
    struct node *image = link->first;
    const char *url = link->url;

    if (strcmp(url, image->url) == 0) {
        link->kind = NODE_IMAGE;
        node_dissolve(image);
        return;
    }
    link->kind = NODE_IMAGE;
    link->url = image->url;
    image->kind = NODE_LINK;
    image->url = url;
    image->title = NULL;
    if (image->first == NULL)
        node_append(image, node_text(to->arena, NODE_TEXT, url));
}

/* Splits a paragraph around what must be a block. */
static void
split_paragraph(struct to_notion *to, struct node *paragraph)
{
    struct node *part = NULL;
    struct node *child, *next;

    for (child = paragraph->first; child != NULL; child = next) {
        bool own = is_block_inline(child);

        next = child->next;
        if (own && child->kind == NODE_LINK)
            turn_link_inside_out(to, child);
        if (part == NULL || own) {
            part = node_new(to->arena, NODE_PARAGRAPH);
            part->line = paragraph->line;
            part->end_line = paragraph->end_line;
            node_insert_before(paragraph, part);
        }
        node_unlink(child);
        /* Breaks and blanks next to the block are its edges. */
        if (own || part->first != NULL || !node_is_blank(child))
            node_append(part, child);
        if (own && child->kind == NODE_DISPLAY_MATH) {
            part->kind = NODE_EQUATION;
            part->text = child->text;
            node_unlink(child);
        }
        if (own)
            part = NULL;
    }
    node_unlink(paragraph);
}

static bool
is_title(const struct node *node)
{
    return node->prev == NULL && (node->parent->kind == NODE_TOGGLE);
}

static void
drop_empty(struct node *parent)
{
    struct node *next;

    for (struct node *node = parent->first; node != NULL; node = next) {
        const struct node *child = node->first;

        next = node->next;
        while (child != NULL && node_is_blank(child))
            child = child->next;
        if (node->kind == NODE_PARAGRAPH && child == NULL && !is_title(node) &&
            (node->next != NULL || node->prev != NULL || parent->kind == NODE_DOCUMENT))
            node_unlink(node);
    }
}

static void translate(struct to_notion *to, struct node *node, bool in_link);

static void
translate_children(struct to_notion *to, struct node *node, bool in_link)
{
    struct node *next;

    for (struct node *child = node->first; child != NULL; child = next) {
        /* A note's text is inserted before its reference and is translated in its original
         * place. */
        next = child->next;
        translate(to, child, in_link);
    }
}

static void
translate_raw(struct to_notion *to, struct node *node)
{
    struct node *paragraph;
    char *text = arena_strdup(to->arena, node->text);

    /* Neither service shows declarations and instructions. */
    if (text[0] == '<' && (text[1] == '?' || text[1] == '!')) {
        node_unlink(node);
        return;
    }
    for (char *at = text; (at = strchr(at, '\n')) != NULL;)
        *at = ' ';
    node->text = text;
    node->kind = NODE_TEXT;
    if (node_has_inlines(node->parent->kind) || node_is_inline(node->parent->kind))
        return;
    paragraph = node_new(to->arena, NODE_PARAGRAPH);
    paragraph->line = node->line;
    paragraph->end_line = node->end_line;
    node_insert_before(node, paragraph);
    node_unlink(node);
    node_append(paragraph, node);
}

/* Notion's tasks have no numbers, and the numbers of a list begin again after them. */
static void
split_numbered(struct to_notion *to, struct node *list)
{
    list->ordered = list->first->task == TASK_NONE;
    for (struct node *item = list->first->next; item != NULL; item = item->next) {
        struct node *rest;

        if ((item->task == TASK_NONE) == (item->prev->task == TASK_NONE))
            continue;
        rest = node_new(to->arena, NODE_LIST);
        rest->ordered = item->task == TASK_NONE;
        rest->level = 1;
        rest->line = item->line;
        rest->end_line = list->end_line;
        node_insert_after(list, rest);
        list = rest;
        for (struct node *moved = item, *next; moved != NULL; moved = next) {
            next = moved->next;
            node_unlink(moved);
            node_append(list, moved);
        }
    }
}

/* Markdown writes a table without a header with a header of empty cells. */
static void
drop_empty_header(struct node *table)
{
    struct node *row = table->first;

    if (row == NULL || !row->header || row->next == NULL)
        return;
    for (const struct node *cell = row->first; cell != NULL; cell = cell->next)
        if (cell->first != NULL)
            return;
    node_unlink(row);
}

/* Notion shows an image only as a separate block: if it is in a paragraph, or a link there. */
static void
translate_image(struct to_notion *to, struct node *node, bool in_link)
{
    const struct node *parent = node->parent;

    if (parent->kind == NODE_LINK && node->prev == NULL && node->next == NULL)
        parent = parent->parent;
    if (parent->kind == NODE_PARAGRAPH && !is_title(parent))
        return;
    node->kind = in_link ? NODE_SPAN : NODE_LINK;
    if (node->first == NULL)
        node_append(node, node_text(to->arena, NODE_TEXT, in_link ? "image" : node->url));
    if (in_link)
        node_dissolve(node);
}

static void
translate(struct to_notion *to, struct node *node, bool in_link)
{
    const struct node *child;

    translate_children(to, node, in_link || node->kind == NODE_LINK);
    switch (node->kind) {
    case NODE_TEXT:
        if (!in_link)
            link_references(to, node);
        break;
    case NODE_LINK:
    case NODE_IMAGE:
        node->url = reference_absolute(to->arena, node->url, node->kind == NODE_IMAGE, to->context);
        if (node->kind == NODE_IMAGE)
            translate_image(to, node, in_link);
        break;
    case NODE_COMMENT:
        /* If it has blanks on both sides, one of them stays. */
        if (node->prev != NULL && node->prev->kind == NODE_TEXT && node->prev->text[0] != '\0' &&
            node->prev->text[strlen(node->prev->text) - 1] == ' ' && node->next != NULL &&
            node->next->kind == NODE_TEXT && node->next->text[0] == ' ')
            node->next->text++;
        node_unlink(node);
        break;
    case NODE_RAW:
        translate_raw(to, node);
        break;
    case NODE_REFERENCE:
        replace_reference(to, node);
        break;
    case NODE_PARAGRAPH:
        for (child = node->first; child != NULL && !is_block_inline(child);)
            child = child->next;
        if (child != NULL && !is_title(node))
            split_paragraph(to, node);
        break;
    case NODE_LIST:
        if (node->ordered && node->first != NULL)
            split_numbered(to, node);
        break;
    case NODE_TABLE:
        drop_empty_header(node);
        break;
    default:
        if (!node_has_inlines(node->kind) && !node_is_inline(node->kind))
            drop_empty(node);
    }
}

void
links_to_notion(struct arena *arena, struct node *root, const struct markdown_context *context)
{
    struct to_notion to = {.arena = arena, .context = context, .root = root};

    tree_drop_links(arena, root);
    collect_notes(&to);
    count_references(&to, root);
    for (size_t i = 0; i < to.notes.len; i++)
        count_references(&to, to.notes.items[i].definition);
    translate(&to, root, false);
    append_notes(&to);
    vec_free(&to.notes);
}
