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

static char *
translate(struct arena *arena, enum markdown_dialect from, const char *text,
          const struct markdown_context *context)
{
    enum markdown_dialect to = from == MARKDOWN_GITHUB ? MARKDOWN_NOTION : MARKDOWN_GITHUB;
    struct arena *scratch = arena_new();
    struct node *root = read_tree(scratch, from, text);
    char *made;

    tree_tidy(scratch, root);
    tree_translate(scratch, from, root, context);
    made = arena_strdup(arena, print_tree(scratch, to, root, NULL));
    arena_free(scratch);
    return made;
}

char *
markdown_to_notion(struct arena *arena, const char *github, const struct markdown_context *context)
{
    return translate(arena, MARKDOWN_GITHUB, github, context);
}

char *
markdown_to_github(struct arena *arena, const char *notion, const struct markdown_context *context)
{
    return translate(arena, MARKDOWN_NOTION, notion, context);
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
    struct node *root = read_tree(arena, dialect, text);

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
    const struct node *root = tree_normal(scratch, MARKDOWN_GITHUB, text);
    char *made = arena_strdup(arena, print_tree(scratch, MARKDOWN_GITHUB, root, NULL));

    arena_free(scratch);
    return made;
}

char *
markdown_normal_notion(struct arena *arena, const char *text)
{
    struct arena *scratch = arena_new();
    char *made =
        arena_strdup(arena, print_key(scratch, tree_normal(scratch, MARKDOWN_NOTION, text)));

    arena_free(scratch);
    return made;
}
