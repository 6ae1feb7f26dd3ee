#include "markdown/reader.h"

#include <string.h>

/* How many tags without a node may be open: each closing tag goes through all of them. */
#define MAX_FRAMES 500

struct node *
reader_node(const struct reader *reader)
{
    return reader->frames.items[reader->frames.len - 1].node;
}

static void
push(struct reader *reader, enum frame_owner owner, const char *name, struct node *node,
     bool shared)
{
    struct frame frame = {.node = node, .owner = owner, .shared = shared};

    if (name != NULL)
        strncpy(frame.name, name, sizeof(frame.name) - 1);
    vec_push(&reader->frames, frame);
    if (!shared)
        reader->depth++;
}

static bool
holds_inlines(const struct node *node)
{
    return node_has_inlines(node->kind) || node_is_inline(node->kind);
}

/* Opens the nodes that are missing around a node of that kind. */
static void
imply(struct reader *reader, enum node_kind kind)
{
    for (;;) {
        struct node *parent = reader_node(reader);
        /* What a table, a row, or a list needs between itself and content. */
        enum node_kind needed = parent->kind == NODE_LIST    ? NODE_ITEM
                                : parent->kind == NODE_TABLE ? NODE_ROW
                                : parent->kind == NODE_ROW   ? NODE_CELL
                                                             : NODE_DOCUMENT;

        if (needed == kind)
            return;
        if (needed == NODE_DOCUMENT) {
            bool orphan = kind == NODE_ITEM || kind == NODE_ROW || kind == NODE_CELL;

            if (orphan && !holds_inlines(parent))
                needed = kind == NODE_ITEM ? NODE_LIST : NODE_TABLE;
            else if (node_is_inline(kind) && !holds_inlines(parent))
                needed = NODE_PARAGRAPH;
            else
                return;
        }
        push(reader, OWNER_IMPLIED, NULL, node_new(reader->arena, needed), false);
        node_append(parent, reader_node(reader));
    }
}

static bool
same_mark_above(const struct reader *reader, enum node_kind kind)
{
    const struct node *node = reader_node(reader);

    if (kind < NODE_EM || kind > NODE_LINK)
        return false;
    while (node != NULL && node_is_inline(node->kind) && node->kind != kind)
        node = node->parent;
    return node != NULL && node->kind == kind;
}

void
reader_open(struct reader *reader, enum frame_owner owner, const char *name, struct node *node)
{
    bool shared = reader->depth + 4 > TREE_DEPTH || same_mark_above(reader, node->kind);
    struct node *parent;

    if (!shared || holds_inlines(node))
        imply(reader, node->kind);
    parent = reader_node(reader);
    if (holds_inlines(parent) && !node_is_inline(node->kind)) {
        if (parent->last != NULL && parent->last->kind != NODE_HARD)
            node_append(parent, node_new(reader->arena, NODE_HARD));
        shared = true;
    }
    if (!shared)
        node_append(parent, node);
    else if (owner == OWNER_TAG && reader->frames.len > MAX_FRAMES)
        return;
    push(reader, owner, name, shared ? parent : node, shared);
}

void
reader_reopen(struct reader *reader, const char *name, struct node *node)
{
    push(reader, OWNER_TAG, name, node, false);
}

void
reader_add(struct reader *reader, struct node *node)
{
    struct node *parent;

    imply(reader, node->kind);
    parent = reader_node(reader);
    if (holds_inlines(parent) && node->kind == NODE_CODE_BLOCK)
        node->kind = NODE_CODE;
    if (holds_inlines(parent) && node->kind == NODE_EQUATION)
        node->kind = NODE_MATH;
    node_append(parent, node);
}

static void
pop(struct reader *reader)
{
    struct frame frame = reader->frames.items[--reader->frames.len];

    if (frame.shared)
        return;
    reader->depth--;
    if (reader->dialect == MARKDOWN_GITHUB)
        github_closed(reader, frame.node);
    else
        notion_closed(reader, frame.node);
}

void
reader_close_tags(struct reader *reader)
{
    while (reader->frames.items[reader->frames.len - 1].owner != OWNER_PARSER)
        pop(reader);
}

void
reader_close_parser(struct reader *reader)
{
    reader_close_tags(reader);
    pop(reader);
}

bool
reader_close_tag(struct reader *reader, const char *name)
{
    size_t at = reader->frames.len;

    while (at > 0 && reader->frames.items[at - 1].owner != OWNER_PARSER &&
           (reader->frames.items[at - 1].owner != OWNER_TAG ||
            strcmp(reader->frames.items[at - 1].name, name) != 0))
        at--;
    if (at == 0 || reader->frames.items[at - 1].owner == OWNER_PARSER)
        return false;
    while (reader->frames.len >= at)
        pop(reader);
    return true;
}

/* Inline tags inside an implied paragraph end with it. */
void
reader_close_implied(struct reader *reader)
{
    size_t at = reader->frames.len, found = 0;

    while (at > 1 && reader->frames.items[at - 1].owner != OWNER_PARSER) {
        const struct frame *frame = &reader->frames.items[at - 1];

        if (frame->owner == OWNER_IMPLIED)
            found = at;
        else if (!node_is_inline(frame->node->kind))
            break;
        at--;
    }
    while (found > 0 && reader->frames.len >= found)
        pop(reader);
}

/* Whether the next content is in a cell of a table with bars. */
static bool
in_row(const struct reader *reader)
{
    for (size_t i = reader->frames.len; i > 0; i--)
        if (reader->frames.items[i - 1].node->kind == NODE_CELL)
            return reader->frames.items[i - 1].owner == OWNER_PARSER;
    return false;
}

void
reader_text(struct reader *reader, const char *text)
{
    while (*text != '\0') {
        const char *end = text;
        const struct piece *piece = source_piece(&reader->source, text, &end);
        size_t length;

        if (piece != NULL && (piece->kind == PIECE_MATH || piece->kind == PIECE_DISPLAY)) {
            reader_add(
                reader,
                node_text(reader->arena, piece->kind == PIECE_MATH ? NODE_MATH : NODE_DISPLAY_MATH,
                          in_row(reader)
                              ? source_cell_text(reader->arena, piece->text, strlen(piece->text))
                              : piece->text));
            text = end;
            continue;
        }
        if (piece != NULL && piece->kind == PIECE_LABEL) {
            reader_add(reader, node_text(reader->arena, NODE_TEXT, piece->text));
            text = end;
            continue;
        }
        if (piece != NULL && piece->kind == PIECE_TITLE) {
            text = end + strspn(end, " ");
            continue;
        }
        length = 1 + strcspn(text + 1, "\x02");
        reader_add(reader, node_text(reader->arena, NODE_TEXT,
                                     source_restore(&reader->source,
                                                    arena_strndup(reader->arena, text, length))));
        text += length;
    }
}
