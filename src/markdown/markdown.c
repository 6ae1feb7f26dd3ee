#include "markdown/markdown.h"

#include <string.h>

#include "markdown/normal.h"
#include "markdown/printer.h"
#include "markdown/tidy.h"
#include "markdown/tree.h"

static struct node *
tree_for_notion(struct arena *arena, const char *github, const struct markdown_context *context)
{
    struct node *root = read_github(arena, github);

    tree_tidy(arena, root);
    links_to_notion(arena, root, context);
    tree_tidy(arena, root);
    return root;
}

static struct node *
tree_for_github(struct arena *arena, const char *notion, const struct markdown_context *context)
{
    struct node *root = read_notion(arena, notion);

    tree_tidy(arena, root);
    links_to_github(arena, root, context);
    tree_tidy(arena, root);
    return root;
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

    return keep(arena, scratch, print_notion(scratch, tree_for_notion(scratch, github, context)));
}

char *
markdown_to_github(struct arena *arena, const char *notion, const struct markdown_context *context)
{
    struct arena *scratch = arena_new();

    return keep(arena, scratch, print_github(scratch, tree_for_github(scratch, notion, context)));
}

static bool
is_marker(const struct node *node)
{
    return node->kind == NODE_COMMENT && strncmp(node->text, "<!--", 4) == 0 &&
           strncmp(node->text + 4 + strspn(node->text + 4, " "), "notion-sync page=", 17) == 0;
}

static void
drop_markers(struct node *node)
{
    struct node *next;

    for (struct node *child = node->first; child != NULL; child = next) {
        next = child->next;
        if (is_marker(child))
            node_unlink(child);
        else
            drop_markers(child);
    }
}

struct node *
tree_normal_github(struct arena *arena, const char *text)
{
    struct node *root = read_github(arena, text);

    drop_markers(root);
    tree_tidy(arena, root);
    return root;
}

/* An attribute text without the signature of the address in it. */
static const char *
unsigned_attrs(struct arena *arena, const char *attrs)
{
    const char *query, *end;

    if (attrs == NULL || !url_is_signed(attrs) || (query = strchr(attrs, '?')) == NULL)
        return attrs;
    end = query + strcspn(query, "\"");
    return arena_printf(arena, "%.*s%s", (int)(query - attrs), attrs, end);
}

/* The name of the signature stays: it shows that the file is Notion's. */
static const char *
unsigned_url(struct arena *arena, const char *url)
{
    if (url == NULL || strstr(url, "X-Amz-Signature=") == NULL)
        return url;
    return arena_printf(arena, "%.*s?X-Amz-Signature=", (int)strcspn(url, "?"), url);
}

static void
drop_signatures(struct arena *arena, struct node *node)
{
    if (node->kind != NODE_CODE_BLOCK)
        node->url = unsigned_url(arena, node->url);
    node->attrs = unsigned_attrs(arena, node->attrs);
    for (struct node *child = node->first; child != NULL; child = child->next)
        drop_signatures(arena, child);
}

struct node *
tree_normal_notion(struct arena *arena, const char *text)
{
    struct node *root = read_notion(arena, text);

    drop_signatures(arena, root);
    tree_tidy(arena, root);
    return root;
}

char *
markdown_normal_github(struct arena *arena, const char *text)
{
    struct arena *scratch = arena_new();

    return keep(arena, scratch, print_github(scratch, tree_normal_github(scratch, text)));
}

char *
markdown_normal_notion(struct arena *arena, const char *text)
{
    struct arena *scratch = arena_new();

    return keep(arena, scratch, print_key(scratch, tree_normal_notion(scratch, text)));
}
