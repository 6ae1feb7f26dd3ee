#include "markdown/markdown.h"

#include <string.h>

#include "markdown/printer.h"
#include "markdown/tree.h"

void
tree_translate(struct arena *arena, enum markdown_dialect from, struct node *root,
               const struct markdown_context *context)
{
    if (from == MARKDOWN_GITHUB)
        links_to_notion(arena, root, context);
    else
        links_to_github(arena, root, context);
    tree_tidy(arena, root);
}

/* Copies a text out of the arena that it was made in. */
static char *
keep(struct arena *arena, struct arena *scratch, const char *text)
{
    char *kept = arena_strdup(arena, text);

    arena_free(scratch);
    return kept;
}

char *
markdown_to_notion(struct arena *arena, const char *github, const struct markdown_context *context)
{
    struct arena *scratch = arena_new();
    struct node *root = read_github(scratch, github);

    tree_tidy(scratch, root);
    tree_translate(scratch, MARKDOWN_GITHUB, root, context);
    return keep(arena, scratch, print_notion(scratch, root));
}

char *
markdown_to_github(struct arena *arena, const char *notion, const struct markdown_context *context)
{
    struct arena *scratch = arena_new();
    struct node *root = read_notion(scratch, notion);

    tree_tidy(scratch, root);
    tree_translate(scratch, MARKDOWN_NOTION, root, context);
    return keep(arena, scratch, print_github(scratch, root));
}

static void
drop_markers(struct node *node)
{
    struct node *next;

    for (struct node *child = node->first; child != NULL; child = next) {
        next = child->next;
        if (child->kind == NODE_COMMENT && strncmp(child->text, "<!--", 4) == 0 &&
            strncmp(child->text + 4 + strspn(child->text + 4, " "), "notion-sync page=", 17) == 0)
            node_unlink(child);
        else
            drop_markers(child);
    }
}

static void
drop_signatures(struct arena *arena, struct node *node)
{
    bool is_signed = node->attrs != NULL && url_is_signed(node->attrs);
    const char *query = is_signed ? strchr(node->attrs, '?') : NULL;

    /* The name of the signature stays: it shows that the file is Notion's. */
    if (node->kind != NODE_CODE_BLOCK && node->url != NULL &&
        strstr(node->url, "X-Amz-Signature=") != NULL)
        node->url =
            arena_printf(arena, "%.*s?X-Amz-Signature=", (int)strcspn(node->url, "?"), node->url);
    if (query != NULL)
        node->attrs = arena_printf(arena, "%.*s%s", (int)(query - node->attrs), node->attrs,
                                   query + strcspn(query, "\""));
    for (struct node *child = node->first; child != NULL; child = child->next)
        drop_signatures(arena, child);
}

struct node *
tree_normal(struct arena *arena, enum markdown_dialect dialect, const char *text)
{
    struct node *root =
        dialect == MARKDOWN_GITHUB ? read_github(arena, text) : read_notion(arena, text);

    if (dialect == MARKDOWN_GITHUB)
        drop_markers(root);
    else
        drop_signatures(arena, root);
    tree_tidy(arena, root);
    return root;
}

char *
markdown_normal_github(struct arena *arena, const char *text)
{
    struct arena *scratch = arena_new();

    return keep(arena, scratch, print_github(scratch, tree_normal(scratch, MARKDOWN_GITHUB, text)));
}

char *
markdown_normal_notion(struct arena *arena, const char *text)
{
    struct arena *scratch = arena_new();

    return keep(arena, scratch, print_key(scratch, tree_normal(scratch, MARKDOWN_NOTION, text)));
}
