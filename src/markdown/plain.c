#include <stdint.h>
#include <string.h>

#include "markdown/units.h"

static bool
has_attribute(const struct node *node)
{
    return node->attrs != NULL && node->attrs[strspn(node->attrs, " ")] != '\0';
}

/* Whether a node's attributes say more than its kind. */
static bool
loses_attributes(struct arena *arena, const struct node *node)
{
    switch (node->kind) {
    case NODE_CALLOUT:
        return node->level == ALERT_OTHER;
    case NODE_TOGGLE:
        return has_attribute(node) && (node->level == 0 || strstr(node->attrs, "color=") != NULL);
    case NODE_ITEM:
        return has_attribute(node) && (node->task == TASK_NONE || strstr(node->attrs, "color="));
    case NODE_TABLE:
        /* One without a header is written with an empty one. */
        return has_attribute(node) && (attribute(arena, node->attrs, "header-row") == NULL ||
                                       strchr(strchr(node->attrs, '"') + 1, '=') != NULL);
    default:
        return has_attribute(node);
    }
}

static bool
is_lost(struct arena *arena, const struct node *node)
{
    switch (node->kind) {
    case NODE_TAG:
    case NODE_MEDIA:
    case NODE_CHILD:
    case NODE_OPAQUE:
    case NODE_SPAN:
    case NODE_MENTION:
    case NODE_DATE:
    case NODE_CITATION:
    case NODE_RAW:
        return true;
    case NODE_IMAGE:
    case NODE_LINK:
        return url_is_signed(node->url);
    default:
        return loses_attributes(arena, node);
    }
}

void
plain_losses(struct arena *arena, struct buf *out, const struct node *node)
{
    if (is_lost(arena, node))
        buf_printf(out, "%d %s %s %s\n", (int)node->kind, node->text != NULL ? node->text : "",
                   node->attrs != NULL ? node->attrs : "", node->url != NULL ? node->url : "");
    for (const struct node *child = node->first; child != NULL; child = child->next)
        plain_losses(arena, out, child);
}

bool
markdown_is_plain(const char *notion)
{
    struct arena *arena = arena_new();
    struct buf out;
    bool plain;

    buf_init(&out, SIZE_MAX / 4);
    plain_losses(arena, &out, tree_normal(arena, MARKDOWN_NOTION, notion));
    plain = out.len == 0;
    buf_release(&out);
    arena_free(arena);
    return plain;
}
